//! The policy against an independent model: sets of permissions, made by enumeration, in a million random cases.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use uuid::Uuid;

use super::{HeldRole, PermissionInfo, RecordScope, Role, RoleKey};

const CASES: usize = 1_000_000;
const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

/// A world: which permissions there are.
fn permissions(random: &mut StdRng) -> Vec<PermissionInfo> {
    let info = |name| {
        let role = Role::ALL[random.random_range(0..4)];
        PermissionInfo { name, module: "m", role, writes: random.random(), whole: random.random() }
    };
    NAMES.map(info).to_vec()
}

/// A role, and the set of what it allows by the model: a bit for each permission.
struct Case {
    held: HeldRole,
    set: u16,
    owner: bool,
    /// Whose records it is for, as the model knows them: a bit for one's own, for those of one's teams, and for others'.
    records: u8,
}

fn of(world: &[PermissionInfo], role: Role) -> u16 {
    world.iter().enumerate().filter(|(_, info)| info.role == role).fold(0, |set, (n, _)| set | 1 << n)
}

/// The model knows roles as lists: what viewers may, then what members may beside that, and so on.
fn case(world: &[PermissionInfo], random: &mut StdRng) -> Case {
    let viewer = of(world, Role::Viewer);
    let member = viewer | of(world, Role::Member);
    let admin = member | of(world, Role::Admin);
    match random.random_range(0..8) {
        0 => Case { held: Role::Viewer.into(), set: viewer, owner: false, records: 7 },
        1 => Case { held: Role::Member.into(), set: member, owner: false, records: 7 },
        2 => Case { held: Role::Admin.into(), set: admin, owner: false, records: 7 },
        3 => Case { held: Role::Owner.into(), set: admin | of(world, Role::Owner), owner: true, records: 7 },
        _ => {
            let bits: u16 = random.random();
            let named = NAMES.iter().enumerate().filter(|(n, _)| bits & 1 << n != 0).map(|(_, name)| *name);
            // A name that no module declares any more allows nothing.
            let permissions = named.chain(["gone"]).map(str::to_owned).collect();
            let (scope, records) =
                [(RecordScope::Own, 1), (RecordScope::Team, 3), (RecordScope::All, 7)][random.random_range(0..3)];
            let key = RoleKey::Custom { id: Uuid::from_u128(1), version: 1 };
            // What is about all records is for those who reach them all.
            let about_all = world.iter().enumerate().filter(|(_, info)| info.whole).fold(0, |set, (n, _)| set | 1 << n);
            let set = if records == 7 { bits & admin } else { bits & admin & !about_all };
            Case { held: HeldRole { key, permissions, scope }, set, owner: false, records }
        }
    }
}

#[test]
fn the_policy_is_the_model() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..CASES / 100 {
        let world = permissions(&mut random);
        for _ in 0..100 {
            let (own, other) = (case(&world, &mut random), case(&world, &mut random));
            let asked = random.random_range(0..world.len());
            let (info, may) = (&world[asked], own.set & 1 << asked != 0);
            assert_eq!(own.held.verdict(info).is_allowed(), may, "{:?} {info:?}", own.held);
            let covers = (own.owner || !other.owner) && other.set & !own.set == 0 && other.records & !own.records == 0;
            for (kind, is_own, shares) in [(1, true, true), (1, true, false), (2, false, true), (4, false, false)] {
                assert_eq!(own.held.scope.reaches(is_own, shares), own.records & kind != 0, "{:?} {kind}", own.held);
            }
            let by_rank = own.held.key.role().built_in() >= other.held.key.role().built_in();
            // Two of the four are compared by rank, for they may happen to allow the same.
            let both = own.held.key.role().built_in().is_some() && other.held.key.role().built_in().is_some();
            let expected = if both { by_rank } else { covers };
            assert_eq!(own.held.covers(&other.held, world.iter()), expected, "{:?} {:?}", own.held, other.held);
        }
    }
}
