//! What is left of fields that were deleted 30 days ago leaves the records, in steps.

use super::Customized;
use crate::crm::companies::Company;
use crate::crm::contacts::Contact;
use crate::crm::deals::Deal;
use crate::crm::projects::Project;
use crate::sql;
use crate::tenancy::{DbError, FieldKey, Reach, Statement, owned, statement};
use crate::worker::TenantWork;

/// Records that are changed at once, and how often in one night.
const STEP: i64 = 500;
const STEPS: usize = 40;

/// Clears values away. What is too much for one night goes on in the next.
pub(crate) async fn sweep(work: &TenantWork) -> Result<(), DbError> {
    let due = statement(sql!(
        "SELECT resource, key FROM custom_fields_gone WHERE since < now() - interval '30 days' ORDER BY since, resource, key"
    ));
    let due: Vec<(Customized, FieldKey)> = work.read(due.many()).await?;
    let mut steps = 0;
    for (resource, key) in due {
        while work.write(clear(work.reach(), resource, key)).await? {
            steps += 1;
            if steps == STEPS {
                return Ok(());
            }
        }
        let forget = statement(sql!("DELETE FROM custom_fields_gone WHERE resource = $1 AND key = $2"));
        work.write(forget.bind(resource).bind(key).done()).await?;
    }
    Ok(())
}

fn clear(reach: Reach, resource: Customized, key: FieldKey) -> Statement<bool> {
    match resource {
        Customized::Contacts => owned::<Contact>(reach).clear(key, STEP),
        Customized::Companies => owned::<Company>(reach).clear(key, STEP),
        Customized::Deals => owned::<Deal>(reach).clear(key, STEP),
        Customized::Projects => owned::<Project>(reach).clear(key, STEP),
    }
}
