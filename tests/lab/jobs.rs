//! Jobs: what comes up by time, in whose name it is done, and in which turn.

use tenantry_core::testing::TestOrganization;
use tenantry_core::worker::Worker;
use tokio_postgres::Client;

use crate::Lab;

const WAITING: &str = "SELECT count(*) FROM platform.outbox WHERE dead_at IS NULL AND topic = 'lab/mark'";

impl Lab {
    /// Has the job `lab/mark` come up, and does all that waits.
    async fn let_time_pass(&self) {
        let worker = Worker::new(self.platform.platform().clone());
        worker.look_at_clock().await.expect("a look");
        let due = "UPDATE platform.schedules SET due_at = now() WHERE job = 'lab/mark'";
        self.superuser.execute(due, &[]).await.expect("a schedule");
        worker.look_at_clock().await.expect("a look");
        while self.count(WAITING).await > 0 {
            worker.turn().await.expect("a turn");
        }
    }

    async fn count(&self, sql: &str) -> i64 {
        self.superuser.query_one(sql, &[]).await.expect("a count").get(0)
    }
}

async fn marks(superuser: &Client, organization: &TestOrganization) -> i64 {
    let sql = format!("SELECT count(*) FROM {}.contacts WHERE last_name = 'Mark'", organization.tenant().schema());
    superuser.query_one(&sql, &[]).await.expect("a count").get(0)
}

/// A job is done once in each tenant that has the module, and in no other; the audit tells by which job.
#[tokio::test]
async fn a_job_comes_up_in_each_tenant_that_has_it() {
    let lab = Lab::new().await;
    lab.beta.owner().delete("/modules/lab").await.expect(204);
    lab.let_time_pass().await;
    assert_eq!((marks(&lab.superuser, &lab.alpha).await, marks(&lab.superuser, &lab.beta).await), (1, 0));
    let journal = format!("{}.journal", lab.alpha.tenant().schema());
    let noted = format!("SELECT count(*) FROM {journal} WHERE kind = 'system' AND operation = 'lab/mark'");
    assert_eq!(lab.count(&noted).await, 1);

    // It does not come up again before it is due, and does not pile up where nobody does it.
    let worker = Worker::new(lab.platform.platform().clone());
    worker.look_at_clock().await.expect("a look");
    assert_eq!(lab.count(WAITING).await, 0);
}

/// Work of an organization that is not active is set aside, with the reason; so is what is no organization's.
#[tokio::test]
async fn a_job_without_an_active_tenant_becomes_a_dead_letter() {
    let lab = Lab::new().await;
    let suspend = "UPDATE platform.tenants SET status = 'suspended', suspended_at = now(), suspended_reason = 'unpaid'
         WHERE id = $1";
    lab.superuser.execute(suspend, &[&lab.alpha.tenant()]).await.expect("a tenant");
    for tenant in [Some(lab.alpha.tenant()), None] {
        let post = "INSERT INTO platform.outbox (id, tenant_id, topic) VALUES (gen_random_uuid(), $1, 'lab/mark')";
        lab.superuser.execute(post, &[&tenant]).await.expect("a message");
    }
    let worker = Worker::new(lab.platform.platform().clone());
    while lab.count(WAITING).await > 0 {
        worker.turn().await.expect("a turn");
    }
    let reasons = "SELECT reason FROM platform.outbox WHERE topic = 'lab/mark' ORDER BY reason";
    let rows = lab.superuser.query(reasons, &[]).await.expect("dead letters");
    let reasons: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(reasons, ["it is no organization's", "the organization is not active"]);
    assert_eq!(marks(&lab.superuser, &lab.alpha).await, 0);

    // No message can name a tenant that there is not.
    let foreign =
        "INSERT INTO platform.outbox (id, tenant_id, topic) VALUES (gen_random_uuid(), gen_random_uuid(), 'lab/mark')";
    lab.superuser.execute(foreign, &[]).await.expect_err("an unknown tenant");
}

/// Whoever has much work waits with the later pieces of it: those of others come between.
#[tokio::test]
async fn a_tenant_with_much_work_does_not_hold_up_the_others() {
    let lab = Lab::new().await;
    let post = "INSERT INTO platform.outbox (id, tenant_id, topic, payload)
         SELECT gen_random_uuid(), $1, 'lab/other', 'x' FROM generate_series(1, $2::int)";
    lab.superuser.execute(post, &[&lab.alpha.tenant(), &1000]).await.expect("messages");
    lab.superuser.execute(post, &[&lab.beta.tenant(), &1]).await.expect("a message");
    let before =
        "SELECT count(*) FROM platform.outbox o WHERE turn < (SELECT turn FROM platform.outbox WHERE tenant_id = $1)";
    let ahead: i64 = lab.superuser.query_one(before, &[&lab.beta.tenant()]).await.expect("a count").get(0);
    assert!(ahead < 20, "{ahead} are ahead of another tenant's");
}

/// A claim lets nobody in but the worker that has it, and for no longer than it holds.
#[tokio::test]
async fn a_claim_opens_its_own_tenant_only() {
    let lab = Lab::new().await;
    let claim = "INSERT INTO platform.outbox (id, tenant_id, topic, payload, due_at, claim)
         VALUES (gen_random_uuid(), $1, 'lab/other', 'x', now() + interval '1 minute', gen_random_uuid()) RETURNING claim";
    let claim: uuid::Uuid = lab.superuser.query_one(claim, &[&lab.alpha.tenant()]).await.expect("a claim").get(0);
    let enter = "SELECT platform.admit_work($1, $2, '')";
    let acts: String = lab.superuser.query_one(enter, &[&claim, &lab.alpha.tenant()]).await.expect("admission").get(0);
    assert!(acts.starts_with("(system,"), "{acts}");
    let refused = async |claim: uuid::Uuid, organization: &TestOrganization| {
        let refused =
            lab.superuser.query_one(enter, &[&claim, &organization.tenant()]).await.expect_err("no admission");
        refused.code().expect("a code").code().to_owned()
    };
    assert_eq!(refused(claim, &lab.beta).await, "TN401");
    assert_eq!(refused(uuid::Uuid::new_v4(), &lab.alpha).await, "TN401");
    lab.superuser.execute("UPDATE platform.outbox SET due_at = now()", &[]).await.expect("a lease that is over");
    assert_eq!(refused(claim, &lab.alpha).await, "TN401");
}
