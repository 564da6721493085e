//! Reading what nobody reads unseen: the log and what is read are one transaction.

use super::Can;
use crate::http::ApiError;
use crate::permission::Logs;
use crate::tenancy::{Access, Statement};

impl<P: Logs> Can<P> {
    /// Runs a statement together with the one that writes down that it is run: one transaction and one round trip. Where the
    /// log cannot be written, nothing comes back; what `log` gives back may say that there was nothing to be read.
    ///
    /// ```ignore
    /// let (reached, words) = caller.read_logged(store::note(id, caller.user(), caller.operation()), store::words(id)).await?;
    /// ```
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn read_logged<L, T>(&self, log: Statement<L>, statement: Statement<T>) -> Result<(L, T), ApiError> {
        if self.once.is_some() {
            return self.within(Access::Write, async |tx| Ok((tx.run(log).await?, tx.run(statement).await?))).await;
        }
        self.heed(self.platform.door().both(self.entry(), log, statement).await).await
    }
}
