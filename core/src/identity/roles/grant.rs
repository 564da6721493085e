//! Who may give what: nobody more than they have.

use http::StatusCode;

use super::{RoleId, store};
use crate::http::{ApiError, ApiResult, Can};
use crate::permission::{HeldRole, PermissionInfo, RecordScope, RoleRef};
use crate::platform::PlatformTx;
use crate::value::Text;

/// Permissions that one role may have.
const MOST: usize = 100;

/// The role, where it exists in the caller's organization and allows nothing that the caller's own does not.
pub(in crate::identity) async fn grantable<P>(
    caller: &Can<P>,
    tx: &PlatformTx<'_>,
    role: RoleRef,
    pointer: &'static str,
) -> ApiResult<HeldRole> {
    let held = match role {
        RoleRef::BuiltIn(role) => HeldRole::from(role),
        RoleRef::Custom(id) => {
            let found = tx.run(store::find(caller.tenant(), RoleId::from(id))).await?;
            found.ok_or_else(|| ApiError::not_found().at(pointer, "there is no such role"))?.held()
        }
    };
    if caller.covers(&held) { Ok(held) } else { Err(above_own().at(pointer, "is above your own role")) }
}

/// The names of permissions that may be in a role which this caller makes, in order and each once.
pub(super) fn permissions<P>(caller: &Can<P>, enabled: &[String], names: &[Text<100>]) -> ApiResult<Vec<String>> {
    if names.len() > MOST {
        return Err(ApiError::invalid().at("/permissions", format!("at most {MOST}")));
    }
    let mut granted = Vec::with_capacity(names.len());
    for (n, name) in names.iter().enumerate() {
        let mut known = offered(caller, enabled);
        let wrong = |words: &str| ApiError::invalid().at(format!("/permissions/{n}"), words);
        let info = known.find(|info| info.name == name.as_str());
        let info = info.ok_or_else(|| wrong("there is no such permission here; see GET /permissions"))?;
        if !info.is_grantable() {
            return Err(wrong("only owners have this permission"));
        }
        if !caller.held().verdict(info).is_allowed() {
            return Err(above_own().at(format!("/permissions/{n}"), "you lack this permission yourself"));
        }
        granted.push(info.name.to_owned());
    }
    granted.sort();
    granted.dedup();
    Ok(granted)
}

/// The scope that may be in a role which this caller makes.
pub(super) fn scope<P>(caller: &Can<P>, scope: RecordScope) -> ApiResult<RecordScope> {
    if scope <= caller.held().scope {
        return Ok(scope);
    }
    Err(above_own().at("/scope", format!("you reach no further than \"{}\" yourself", caller.held().scope.as_str())))
}

/// Refuses a role for some records with a permission that is about all of them: it would never allow anything.
pub(super) fn fit<P>(caller: &Can<P>, permissions: &[String], scope: RecordScope) -> ApiResult<()> {
    let mut whole = caller.modules().permissions().filter(|info| info.whole && !scope.is_all());
    match whole.find(|info| permissions.iter().any(|name| name == info.name)) {
        None => Ok(()),
        Some(info) => {
            let words = format!("{} is about all records: leave it out, or make the scope \"all\"", info.name);
            Err(ApiError::invalid().at("/scope", words))
        }
    }
}

/// The permissions of core and of the modules that the organization has enabled.
pub(super) fn offered<'a, P>(
    caller: &'a Can<P>,
    enabled: &'a [String],
) -> impl Iterator<Item = &'static PermissionInfo> + 'a {
    let here =
        caller.modules().iter().filter(|module| module.required || enabled.iter().any(|name| name == module.name));
    here.flat_map(|module| module.permissions)
}

/// 403: what is to be given or taken away is more than the caller has.
pub(in crate::identity) fn above_own() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "role_above_own",
        "Above your own role",
        "Nobody gives, changes or takes away what allows more than their own role. Ask an owner.",
    )
}
