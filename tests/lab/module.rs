//! The module `lab`: handlers with every fault that a handler can have.

use poem_openapi::{Object, OpenApi, Tags};
use serde::Serialize;
use tenantry_core::http::{Answer, ApiError, ApiResult, Can};
use tenantry_core::module::{ApiPart, Job, Module};
use tenantry_core::sql;
use tenantry_core::tenancy::{DbError, Statement, TenantTx, statement};

tenantry_core::permissions! {
    module "lab";
    /// Look around.
    read LabRead = "lab.read" from Viewer;
    /// Do harm.
    write LabWrite = "lab.write" from Member;
}

inventory::submit! {
    Module {
        name: "lab",
        title: "Lab",
        required: false,
        api: ApiPart::of::<LabApi>(),
        migrations: &[],
        permissions: PERMISSIONS,
        notices: &[],
        events: &[],
        jobs: &[Job { name: "mark", schedule: "0 4 1 1 *", run: |work| Box::pin(work.write(mark())) }],
    }
}

#[derive(Tags)]
enum Tag {
    /// Faults.
    Lab,
}

/// Where a statement ran, by each way through the door.
#[derive(Serialize, Object)]
struct Places {
    /// The role.
    roles: Vec<String>,
    /// The first schema of the path.
    schemas: Vec<String>,
}

#[derive(Default)]
struct LabApi;

#[OpenApi(tag = "Tag::Lab")]
impl LabApi {
    /// Tell where reads run.
    #[oai(path = "/lab/where", method = "get", operation_id = "lab_where_read")]
    async fn where_read(&self, caller: Can<LabRead>) -> ApiResult<Answer<Places>> {
        let alone = caller.read(place()).await?;
        let together = caller.read_all(async |tx| Ok((tx.run(place()).await?, tx.run(place()).await?))).await?;
        Ok(Answer(places([alone, together.0, together.1])))
    }

    /// Tell where writes run.
    #[oai(path = "/lab/where", method = "post", operation_id = "lab_where_write")]
    async fn where_write(&self, caller: Can<LabWrite>) -> ApiResult<Answer<Places>> {
        let alone = caller.write(place()).await?;
        let together = caller.transaction(async |tx| Ok((tx.run(place()).await?, tx.run(place()).await?))).await?;
        Ok(Answer(places([alone, together.0, together.1])))
    }

    /// Write through the door to read.
    #[oai(path = "/lab/sneak", method = "get", operation_id = "lab_sneak")]
    async fn sneak(&self, caller: Can<LabRead>) -> ApiResult<Answer<bool>> {
        caller.read(insert()).await.map(Answer)
    }

    /// Panic in a transaction.
    #[oai(path = "/lab/panic", method = "post", operation_id = "lab_panic")]
    async fn panic(&self, caller: Can<LabWrite>) -> ApiResult<Answer<bool>> {
        let harm = caller.transaction(async |tx| {
            mess(tx).await?;
            panic!("as the lab does")
        });
        harm.await.map(Answer)
    }

    /// Never end.
    #[oai(path = "/lab/wait", method = "post", operation_id = "lab_wait")]
    async fn wait(&self, caller: Can<LabWrite>) -> ApiResult<Answer<bool>> {
        let harm = caller.transaction(async |tx| {
            mess(tx).await?;
            std::future::pending().await
        });
        harm.await.map(Answer)
    }

    /// Run a statement that takes too long.
    #[oai(path = "/lab/slow", method = "post", operation_id = "lab_slow")]
    async fn slow(&self, caller: Can<LabWrite>) -> ApiResult<Answer<bool>> {
        let endless = || statement(sql!("SELECT count(*) FROM generate_series(1, 100000000000)")).any();
        let harm = caller.transaction(async |tx| {
            mess(tx).await?;
            Ok(tx.run(endless()).await?)
        });
        harm.await.map(Answer)
    }

    /// Fail in SQL.
    #[oai(path = "/lab/fail", method = "post", operation_id = "lab_fail")]
    async fn fail(&self, caller: Can<LabWrite>) -> ApiResult<Answer<bool>> {
        let harm = caller.transaction(async |tx| {
            mess(tx).await?;
            Ok(tx.run(broken()).await?)
        });
        harm.await.map(Answer)
    }

    /// Fail in SQL and go on as if nothing had happened.
    #[oai(path = "/lab/swallow", method = "post", operation_id = "lab_swallow")]
    async fn swallow(&self, caller: Can<LabWrite>) -> ApiResult<Answer<bool>> {
        let harm = caller.transaction(async |tx| {
            mess(tx).await?;
            Ok(tx.run(broken()).await.is_ok())
        });
        harm.await.map(Answer)
    }

    /// Refuse after having written.
    #[oai(path = "/lab/refuse", method = "post", operation_id = "lab_refuse")]
    async fn refuse(&self, caller: Can<LabWrite>) -> ApiResult<Answer<bool>> {
        let harm = caller.transaction(async |tx| {
            mess(tx).await?;
            Err(ApiError::conflict("lab", "As the lab does."))
        });
        harm.await.map(Answer)
    }
}

/// Leaves a mark.
fn mark() -> Statement<()> {
    statement(sql!("INSERT INTO contacts (id, last_name) VALUES (gen_random_uuid(), 'Mark')")).done()
}

/// Locks what is there and adds to it.
async fn mess(tx: &mut TenantTx) -> Result<(), DbError> {
    tx.run(statement(sql!("SELECT 1 FROM contacts FOR UPDATE")).done()).await?;
    tx.run(insert()).await.map(|_| ())
}

fn insert() -> Statement<bool> {
    statement(sql!("INSERT INTO contacts (id, last_name) VALUES (gen_random_uuid(), 'mess') RETURNING 1")).any()
}

fn broken() -> Statement<bool> {
    statement(sql!("SELECT 1 / count(*) FROM contacts WHERE false")).any()
}

fn place() -> Statement<(String, String)> {
    statement(sql!("SELECT current_user::text, current_schema()::text")).one()
}

fn places(found: [(String, String); 3]) -> Places {
    let (roles, schemas) = found.into_iter().unzip();
    Places { roles, schemas }
}
