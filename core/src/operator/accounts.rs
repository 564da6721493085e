//! The accounts of operators. They are made and disabled on the command line, by whoever holds the database.

use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::audit::Doer;
use super::support::{self, SupportEnd};
use crate::platform::PlatformDb;
use crate::row;
use crate::sql;
use crate::tenancy::{DbError, Refusal, Statement, change, select, statement};

/// An operator's account.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Account {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) name: String,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(crate) disabled_at: Option<OffsetDateTime>,
}
row!(Account { id, email, name, created_at, disabled_at });

/// An account that is to be made.
pub(crate) struct NewAccount {
    /// In lower case.
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) password_hash: String,
}

/// Makes an account.
///
/// # Errors
/// `email_taken` where an operator has the address, disabled or not.
pub(crate) async fn create(db: &PlatformDb, doer: Doer, new: NewAccount) -> Result<Account, DbError> {
    db.transaction(async |tx| {
        let account = tx.run(insert(new)).await?;
        tx.run(doer.did("operator.created").with(json!({ "operator_id": account.id })).note()).await?;
        Ok(account)
    })
    .await
}

/// Disables an account, and ends all that was begun with it; from the next request on. Twice does no harm.
///
/// # Errors
/// Those of the database.
pub(crate) async fn disable(db: &PlatformDb, doer: Doer, email: String) -> Result<Option<Account>, DbError> {
    db.transaction(async |tx| {
        // First: whoever begins something for this operator locks the same row.
        let Some(account) = tx.run(set_disabled(email)).await? else { return Ok(None) };
        tx.run(end_sessions(account.id)).await?;
        tx.run(support::store::end_of_operator(account.id, SupportEnd::Disabled, doer)).await?;
        tx.run(doer.did("operator.disabled").with(json!({ "operator_id": account.id })).note()).await?;
        Ok(Some(account))
    })
    .await
}

/// All accounts, the oldest first.
pub(crate) fn all() -> Statement<Vec<Account>> {
    select::<Account>(sql!("FROM operators ORDER BY created_at, id")).many()
}

fn insert(new: NewAccount) -> Statement<Account> {
    let NewAccount { email, name, password_hash } = new;
    change(sql!("operators"))
        .set(sql!("id"), Uuid::now_v7())
        .set(sql!("email"), email)
        .set(sql!("name"), name)
        .set(sql!("password_hash"), password_hash)
        .insert()
        .refused_by(
            "operators_email_key",
            Refusal::Taken {
                pointer: "/email",
                code: "email_taken",
                detail: "An operator has this address. `tenantry operator list` shows all.",
            },
        )
}

fn set_disabled(email: String) -> Statement<Option<Account>> {
    statement(sql!(
        "UPDATE operators SET disabled_at = coalesce(disabled_at, now()) WHERE email = $1 ",
        "RETURNING id, email, name, created_at, disabled_at"
    ))
    .bind(email)
    .optional()
}

fn end_sessions(operator: Uuid) -> Statement<()> {
    statement(sql!(
        "UPDATE operator_sessions SET ended_at = now() WHERE operator_id = $1 AND ended_at IS NULL AND expires_at > now()"
    ))
    .bind(operator)
    .done()
}
