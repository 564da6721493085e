//! `POST /authz/explain`: whether somebody may do something, and why.

use poem_openapi::{Enum, Object, OpenApi};
use serde::{Deserialize, Serialize};

use super::{reach, store};
use crate::http::{ANONYMOUS, Answer, ApiError, ApiResult, Body, Can, SIGNED_IN};
use crate::identity::MembersRead;
use crate::identity::members::{UserId, store as members};
use crate::module::Tag;
use crate::permission::{HeldRole, PermissionInfo, RecordScope, Role, RoleRef, Verdict};
use crate::record_id;
use crate::value::Text;

record_id! {
    /// The id of a record of any kind.
    RecordId
}

/// What to explain, and for whom.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The name of a permission, such as `contacts.read`, or the id of an operation, such as `contacts_list`.
    action: Text<100>,
    /// Which member; the caller where it is left out.
    user_id: Option<UserId>,
    /// Which record, where the action is on records that have owners.
    record_id: Option<RecordId>,
}

/// Why something is allowed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum Because {
    /// Anybody may, also without signing in.
    Open,
    /// Whoever is signed in may.
    SignedIn,
    /// The role is high enough.
    Role,
    /// The organization's own role lists the permission.
    CustomRole,
    /// The role is too low.
    RoleTooLow,
    /// The organization's own role does not list the permission.
    NotInCustomRole,
    /// Only owners may.
    OwnersOnly,
    /// It is about all records, and the organization's own role is for some of them.
    ScopeTooNarrow,
    /// The organization has not enabled the module.
    ModuleDisabled,
    /// The role is for other records than this one: its owner is not the member, nor in a team with the member where the
    /// scope is the team.
    OutOfScope,
}

/// The answer.
#[derive(Debug, Serialize, Object)]
pub struct Explanation {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Why.
    pub reason: Because,
    /// The same in a sentence.
    pub detail: String,
    /// The permission that it takes, if any.
    pub permission: Option<String>,
    /// The least of the four roles that has the permission.
    pub needed_role: Option<Role>,
    /// The module that the permission belongs to.
    pub module: Option<String>,
    /// The member's role.
    pub role: RoleRef,
    /// Which records the role is for, where the action is on records that have owners.
    pub scope: Option<RecordScope>,
}

/// Explaining permissions.
#[derive(Default)]
pub struct AuthzApi;

#[OpenApi(tag = "Tag::Members")]
impl AuthzApi {
    /// Explain why a member may do something, or not.
    #[oai(path = "/authz/explain", method = "post", operation_id = "authz_explain")]
    async fn explain(&self, caller: Can<MembersRead>, body: Body<Question>) -> ApiResult<Answer<Explanation>> {
        let Question { action, user_id, record_id } = body.0;
        let member = user_id.map_or(caller.user(), UserId::as_uuid);
        let home = caller.admit().await?;
        let held = match user_id {
            None => caller.held().clone(),
            Some(user) => {
                let held = home.run(members::held(caller.tenant(), user.as_uuid())).await?;
                held.ok_or_else(|| ApiError::not_found().at("/user_id", "there is no such member"))?
            }
        };
        // An operation's id has no dot, a permission's name has one.
        let need = caller.modules().need_of(action.as_str()).unwrap_or_else(|| action.to_string());
        if let Some(open) =
            [(ANONYMOUS, Because::Open), (SIGNED_IN, Because::SignedIn)].iter().find(|(n, _)| *n == need)
        {
            return Ok(Answer(answer(&held, None, open.1)));
        }
        let info = caller.modules().permissions().find(|info| info.name == need);
        let unknown = || ApiError::invalid().at("/action", "there is no such permission or operation for members");
        let info = info.ok_or_else(unknown)?;
        let enabled = home.run(store::enabled(caller.tenant())).await?;
        let gate = caller.modules().gate(info.module);
        let reason = match gate {
            Some(module) if !enabled.iter().any(|name| name == module) => Because::ModuleDisabled,
            _ => held.verdict(info).into(),
        };
        let owned = caller.modules().owned(info.name);
        let reason = match record_id {
            Some(_) if reason == Because::ModuleDisabled => reason,
            // Asked for in any case: what the caller may not know of is not there, whatever the member may.
            Some(id) => match reach::reaches(&caller, owned, id, member, held.scope).await? {
                false if held.verdict(info).is_allowed() => Because::OutOfScope,
                _ => reason,
            },
            None => reason,
        };
        Ok(Answer(Explanation { scope: owned.map(|_| held.scope), ..answer(&held, Some(info), reason) }))
    }
}

impl From<Verdict> for Because {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Role => Self::Role,
            Verdict::CustomRole => Self::CustomRole,
            Verdict::RoleTooLow => Self::RoleTooLow,
            Verdict::NotInCustomRole => Self::NotInCustomRole,
            Verdict::OwnersOnly => Self::OwnersOnly,
            Verdict::ScopeTooNarrow => Self::ScopeTooNarrow,
        }
    }
}

fn answer(held: &HeldRole, info: Option<&PermissionInfo>, reason: Because) -> Explanation {
    let (allowed, detail) = match reason {
        Because::Open => (true, "Anybody may, also without signing in.".to_owned()),
        Because::SignedIn => (true, "Whoever is signed in may.".to_owned()),
        Because::Role => (true, "The role is high enough.".to_owned()),
        Because::CustomRole => (true, "The organization's own role lists the permission.".to_owned()),
        Because::RoleTooLow => {
            let least = info.map_or("", |info| info.role.as_str());
            (
                false,
                format!("The role is too low: it takes {least}, or a role of the organization's own that lists it."),
            )
        }
        Because::NotInCustomRole => (false, "The organization's own role does not list the permission.".to_owned()),
        Because::OwnersOnly => (false, "Only owners may, and no role of the organization's own can.".to_owned()),
        Because::ScopeTooNarrow => {
            (false, "It is about all records, and the role is for some of them: its scope is not `all`.".to_owned())
        }
        Because::ModuleDisabled => (false, "The organization has not enabled the module.".to_owned()),
        Because::OutOfScope => (false, "The role is for other records: this one has another owner.".to_owned()),
    };
    Explanation {
        allowed,
        reason,
        detail,
        permission: info.map(|info| info.name.to_owned()),
        needed_role: info.map(|info| info.role),
        module: info.map(|info| info.module.to_owned()),
        role: held.key.role(),
        scope: None,
    }
}
