//! Whether values are what their fields take. It is asked in the transaction that writes them, and until that ends the fields stay
//! what they are; a record that has none of them is written without asking.

use super::Customized;
use super::fields::Fields;
use super::values::{Checked, CustomChange};
use crate::http::{ApiResult, Can};
use crate::permission::Writes;
use crate::tenancy::{Reach, Statement, TenantTx};

/// Makes a record with the values that it is given: in one round trip where there are none. Whether it needs some, the statement
/// asks itself ([`Change::merge`](crate::tenancy::Change)).
pub(crate) async fn insert<P: Writes, T>(
    caller: &Can<P>,
    resource: Customized,
    given: CustomChange,
    insert: impl FnOnce(Checked) -> Statement<T>,
) -> ApiResult<T> {
    if given.is_empty() {
        return caller.write(insert(Checked::default())).await;
    }
    caller
        .transaction(async |tx| {
            let checked = given.of_new(tx, caller.reach(), resource).await?;
            Ok(tx.run(insert(checked)).await?)
        })
        .await
}

impl CustomChange {
    /// The values of a new record.
    ///
    /// # Errors
    /// 422 that points at each value that its field does not take, and at each field that needs one; 404 that points at a reference
    /// to what does not exist.
    pub(crate) async fn of_new(self, tx: &mut TenantTx, reach: Reach, resource: Customized) -> ApiResult<Checked> {
        self.checked(tx, reach, resource, "", true).await
    }

    /// The changes of a record. `prefix` is where they stand in the body.
    ///
    /// # Errors
    /// As for a new one.
    pub(crate) async fn of_old(
        self,
        tx: &mut TenantTx,
        reach: Reach,
        resource: Customized,
        prefix: &str,
    ) -> ApiResult<Checked> {
        self.checked(tx, reach, resource, prefix, false).await
    }

    async fn checked(
        self,
        tx: &mut TenantTx,
        reach: Reach,
        resource: Customized,
        prefix: &str,
        is_new: bool,
    ) -> ApiResult<Checked> {
        if self.is_empty() {
            return Ok(Checked::default());
        }
        let fields = Fields::lock(tx, resource).await?;
        let checked = if is_new { fields.of_new(self) } else { fields.of_old(self) };
        let checked = checked.map_err(|error| error.below(prefix))?;
        let missing = fields.missing(tx, reach, fields.named(&checked).collect()).await?;
        fields.reached(&checked, &missing).map_err(|error| error.below(prefix))?;
        Ok(checked)
    }
}
