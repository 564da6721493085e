//! A request that bears a key: its transaction, which stays open until the answer stands.

use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest;
use poem::{Request, Response};
use poem_openapi::OperationId;
use uuid::Uuid;

use super::answer::Answer;
use super::problem;
use crate::config::Seal;
use crate::http::ApiError;
use crate::platform::{KeptTx, Platform, PlatformTx, Present};
use crate::tenancy::{Access, ClaimId, DbError, Entry, Kept, Statement, TenantId, TenantTx, claim, find, keep};

/// What the endpoint and the callers of one request share.
pub(super) struct Keyed {
    route: String,
    key: String,
    fingerprint: [u8; 32],
    state: Mutex<State>,
}

enum State {
    /// Nothing was changed yet.
    Fresh,
    /// What was changed waits for the answer.
    Open(Open),
    /// It was done before, or cannot be done now.
    Settled(Result<Answer, ApiError>),
    /// Somebody works on it; also the state after the end.
    Busy,
}

struct Open {
    tx: OpenTx,
    id: ClaimId,
    seal: Seal,
}

enum OpenTx {
    Tenant(Box<TenantTx>),
    Platform(Box<KeptTx>),
}

/// A key together with whose it is. Callers hold one where the request bears a key.
#[derive(Clone)]
pub(in crate::http) struct Once {
    keyed: Arc<Keyed>,
    id: ClaimId,
    seal: Seal,
}

/// Who sends a request.
pub(in crate::http) enum Who {
    Person(Uuid),
    ApiKey(Uuid),
    Operator(Uuid),
}

/// Who must still be let in before an answer is given again.
#[derive(Clone, Copy)]
pub(in crate::http) enum Guard {
    /// Whoever the tenant's door admits.
    Entry(Entry),
    /// A person whose session is live.
    Present(Present),
    /// Who was asked for already.
    Asked,
}

/// A hash of parts, of which none can be taken for the end of another.
pub(super) fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

impl Keyed {
    pub(super) fn new(route: String, key: String, fingerprint: [u8; 32]) -> Self {
        Self { route, key, fingerprint, state: Mutex::new(State::Fresh) }
    }

    fn swap(&self, state: State) -> State {
        std::mem::replace(&mut *self.state.lock().unwrap_or_else(PoisonError::into_inner), state)
    }

    /// Commits with the answer, or gives the one that was given before.
    pub(super) async fn finish(&self, answered: poem::Result<Response>) -> poem::Result<Response> {
        match (self.swap(State::Busy), answered) {
            (State::Open(open), Ok(response)) if response.status().is_success() => {
                Ok(open.commit(&self.fingerprint, response).await?)
            }
            (State::Open(Open { tx, .. }), answered) => {
                // The work ended well, so what it left is meant to stay, such as a try that counts.
                tx.commit(None).await.map_err(ApiError::from)?;
                answered
            }
            (State::Settled(outcome), answered) => {
                let operation = match &answered {
                    Ok(response) => response.data::<OperationId>().copied(),
                    Err(error) => error.data::<OperationId>().copied(),
                };
                let mut response = outcome.and_then(Answer::replay)?;
                if let Some(operation) = operation {
                    response.set_data(operation);
                }
                Ok(response)
            }
            (State::Fresh | State::Busy, answered) => answered,
        }
    }
}

impl Open {
    async fn commit(self, fingerprint: &[u8; 32], mut response: Response) -> Result<Response, ApiError> {
        let Self { tx, id, seal } = self;
        let kept = Answer::of(&mut response).await?.seal(&seal, id, fingerprint)?;
        tx.commit(Some(keep(id, kept))).await?;
        Ok(response)
    }
}

impl OpenTx {
    async fn commit(self, record: Option<Statement<()>>) -> Result<(), DbError> {
        match (self, record) {
            (Self::Tenant(tx), Some(record)) => tx.commit_with(record).await,
            (Self::Tenant(tx), None) => tx.commit().await,
            (Self::Platform(tx), record) => tx.commit(record).await,
        }
    }
}

impl Once {
    /// The key of a request, where it bears one.
    pub(in crate::http) fn of(
        request: &Request,
        platform: &Platform,
        tenant: Option<TenantId>,
        who: &Who,
    ) -> Option<Self> {
        let keyed = Arc::clone(request.data::<Arc<Keyed>>()?);
        let (kind, who): (&[u8], _) = match who {
            Who::Person(id) => (b"person", id),
            Who::ApiKey(id) => (b"key", id),
            Who::Operator(id) => (b"operator", id),
        };
        let tenant = tenant.map(|tenant| tenant.to_string()).unwrap_or_default();
        let id = hash(&[tenant.as_bytes(), kind, who.as_bytes(), keyed.route.as_bytes(), keyed.key.as_bytes()]);
        Some(Self { keyed, id: ClaimId(id), seal: platform.answer_seal().clone() })
    }

    /// Whether a transaction in the tenant is open, which reads must be part of.
    pub(in crate::http) fn is_open_in_tenant(&self) -> bool {
        let state = self.keyed.state.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(&*state, State::Open(Open { tx: OpenTx::Tenant(_), .. }))
    }

    /// Works in the tenant; a second piece of work of the same request goes on in the transaction of the first.
    pub(in crate::http) async fn in_tenant<T, F>(
        &self,
        platform: &Platform,
        entry: Entry,
        work: F,
    ) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    {
        let mut tx = match self.keyed.swap(State::Busy) {
            State::Open(Open { tx: OpenTx::Tenant(tx), .. }) => tx,
            State::Fresh => {
                let tx = platform.door().transaction(entry, Access::Write).await?;
                Box::new(tx.claiming(claim(self.id)))
            }
            other => return Err(self.cannot(other)),
        };
        let done = work(tx.as_mut()).await;
        if done.is_ok() {
            self.keep_open(OpenTx::Tenant(tx));
            return done;
        }
        let claimed = tx.is_claimed();
        tx.roll_back().await?;
        if claimed {
            let known = platform.door().once(entry, Access::Read, find(self.id)).await;
            return Err(self.settle(known));
        }
        self.keyed.swap(State::Fresh);
        done
    }

    /// Works in the schema `platform`, likewise.
    pub(in crate::http) async fn on_platform<T, F>(
        &self,
        platform: &Platform,
        guard: Guard,
        work: F,
    ) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        let tx = match self.keyed.swap(State::Busy) {
            State::Open(Open { tx: OpenTx::Platform(tx), .. }) => tx,
            State::Fresh => match KeptTx::begin(platform.db(), guard.present(), claim(self.id)).await {
                Ok(tx) => Box::new(tx),
                Err(DbError::Claimed) => return Err(self.settle(guard.find(platform, self.id).await)),
                Err(error) => {
                    self.keyed.swap(State::Fresh);
                    return Err(error.into());
                }
            },
            other => return Err(self.cannot(other)),
        };
        let done = tx.within(work).await;
        if done.is_ok() {
            self.keep_open(OpenTx::Platform(tx));
        } else {
            tx.roll_back().await;
            self.keyed.swap(State::Fresh);
        }
        done
    }

    /// Claims the key before the work begins.
    pub(in crate::http) async fn begin(&self, platform: &Platform, guard: Guard) -> Result<(), ApiError> {
        self.on_platform(platform, guard, async |_| Ok(())).await
    }

    fn keep_open(&self, tx: OpenTx) {
        self.keyed.swap(State::Open(Open { tx, id: self.id, seal: self.seal.clone() }));
    }

    /// Finds out why the key is claimed. The handler gets an error and ends; the answer is the endpoint's.
    fn settle(&self, known: Result<Option<Kept>, DbError>) -> ApiError {
        let fingerprint = &self.keyed.fingerprint;
        let outcome = match known {
            Err(error) => {
                self.keyed.swap(State::Fresh);
                return error.into();
            }
            Ok(None) => Err(problem::in_flight()),
            Ok(Some(kept)) if kept.fingerprint != fingerprint => Err(problem::reused()),
            Ok(Some(kept)) => {
                Answer::open(&self.seal, self.id, fingerprint, &kept).ok_or_else(|| problem::not_kept(None))
            }
        };
        self.keyed.swap(State::Settled(outcome));
        problem::in_flight()
    }

    /// One request changes a tenant or the platform; both would be two commits, and one could be lost.
    fn cannot(&self, state: State) -> ApiError {
        if let State::Settled(_) = state {
            self.keyed.swap(state);
            return problem::in_flight();
        }
        tracing::error!("a request with an Idempotency-Key changes a tenant and the platform");
        ApiError::internal()
    }
}

impl Guard {
    fn present(self) -> Option<Present> {
        match self {
            Self::Present(present) => Some(present),
            Self::Entry(_) | Self::Asked => None,
        }
    }

    async fn find(self, platform: &Platform, id: ClaimId) -> Result<Option<Kept>, DbError> {
        match self {
            Self::Entry(entry) => platform.door().admit(entry).await?,
            Self::Present(present) => return platform.db().run_if(present, find(id)).await,
            Self::Asked => {}
        }
        platform.db().run(find(id)).await
    }
}
