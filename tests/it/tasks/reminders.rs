//! Who has to do a task is told when it is time: once, and not when it is not theirs or not to be done any more.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::testing::{TestOrganization, TestPlatform};
use tenantry_core::worker::Worker;
use tokio_postgres::Client;

use super::task;
use crate::members::user;
use crate::platform;
use crate::support::{count, superuser_in};

/// A time that has not come.
const LATER: &str = "2100-05-17T10:00:00Z";

/// Has the time of all reminders come, which tasks have and the platform notes.
async fn come(platform: &TestPlatform, acme: &TestOrganization) {
    let database = superuser_in(platform, acme).await;
    let past = "SET session_replication_role = replica;
        UPDATE tasks SET remind_at = remind_at - interval '90 years' WHERE remind_at > now();
        UPDATE platform.reminders SET at = at - interval '90 years' WHERE at > now()";
    database.batch_execute(past).await.unwrap();
    remind(platform, &database).await;
}

/// Until nothing waits any more.
async fn remind(platform: &TestPlatform, database: &Client) {
    let worker = Worker::new(platform.platform().clone());
    let began = Instant::now();
    let waiting = "SELECT (SELECT count(*) FROM platform.reminders WHERE at <= now())
        + (SELECT count(*) FROM platform.outbox WHERE topic = 'reminder')";
    while count(database, waiting).await > 0 {
        worker.look_at_clock().await.unwrap();
        worker.turn().await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(60), "reminders wait");
    }
}

/// The letter says what is due, and when on the organization's clock.
#[tokio::test]
async fn who_has_to_do_it_is_told() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.owner().patch("/notification-settings", "\"1\"", json!({ "time_zone": "Europe/Vienna" })).await.expect(200);
    let ben = acme.member().await;
    let me = ben.get("/users/me").await.expect(200);
    let address = me.body["email"].as_str().unwrap();
    let fields = json!({ "assignee_id": me.id(), "remind_at": LATER, "due_at": "2100-05-17T12:30:00Z" });
    let made = task(acme.owner(), "Call Ada", fields).await;
    task(acme.owner(), "Nothing to say", json!({ "assignee_id": me.id() })).await;
    assert!(platform.letters_to(address).await.is_empty());
    come(&platform, &acme).await;
    let letters = platform.letters_to(address).await;
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].subject.contains("Call Ada") && letters[0].text.contains("2100-05-17, 14:30"),
        "{}",
        letters[0].text
    );
    // Nothing of the task has changed by that.
    assert_eq!(ben.get(made.header("location")).await.expect(200).header("etag"), "\"1\"");
    let log = acme.owner().get("/notifications").await.expect(200);
    assert_eq!(log.items().iter().filter(|notice| notice["kind"] == "task-due").count(), 1);
}

/// However many workers are at it, and however often the message comes, a reminder is told once.
#[tokio::test]
async fn once_whatever_happens() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for n in 0..20 {
        task(acme.owner(), &format!("Number {n}"), json!({ "remind_at": LATER })).await;
    }
    let database = superuser_in(&platform, &acme).await;
    // What a worker does that dies before it can say so: the message stays, with a lease that is over.
    let keep = "CREATE TABLE public.kept AS SELECT * FROM platform.outbox LIMIT 0;
        CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
            INSERT INTO public.kept SELECT OLD.*; RETURN OLD; END $$;
        CREATE TRIGGER keep BEFORE DELETE ON platform.outbox FOR EACH ROW WHEN (OLD.topic = 'reminder')
            EXECUTE FUNCTION public.keep()";
    database.batch_execute(keep).await.unwrap();
    let workers: Vec<Worker> = (0..4).map(|_| Worker::new(platform.platform().clone())).collect();
    let past = "SET session_replication_role = replica;
        UPDATE tasks SET remind_at = remind_at - interval '90 years';
        UPDATE platform.reminders SET at = at - interval '90 years';
        SET session_replication_role = origin";
    database.batch_execute(past).await.unwrap();
    for round in 0..3 {
        join_all(workers.iter().map(|worker| worker.look_at_clock())).await;
        join_all(workers.iter().map(|worker| worker.turn())).await;
        remind(&platform, &database).await;
        assert_eq!(count(&database, "SELECT count(*) FROM notices WHERE kind = 'task-due'").await, 20, "round {round}");
        let again = "INSERT INTO platform.outbox (id, tenant_id, topic, payload, actor)
            SELECT DISTINCT ON (id) id, tenant_id, topic, payload, actor FROM public.kept ON CONFLICT DO NOTHING";
        database.batch_execute(again).await.unwrap();
    }
    assert_eq!(count(&database, "SELECT count(DISTINCT id) FROM public.kept").await, 20);
}

/// A time that was changed tells at the new one only; what is done, cleared, deleted or over tells nobody, nor does who has left.
#[tokio::test]
async fn what_is_void_tells_nobody() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let database = superuser_in(&platform, &acme).await;
    let moved = task(owner, "Moved", json!({ "remind_at": LATER })).await;
    let past = "SET session_replication_role = replica; UPDATE platform.reminders SET at = now()";
    database.batch_execute(past).await.unwrap();
    remind(&platform, &database).await;
    let told = "SELECT count(*) FROM notices WHERE kind = 'task-due'";
    assert_eq!(count(&database, told).await, 0, "the message was for another time");

    owner.patch(moved.header("location"), "\"1\"", json!({ "remind_at": "2100-06-01T10:00:00Z" })).await.expect(200);
    let done = task(owner, "Done", json!({ "remind_at": LATER })).await;
    owner.post(&format!("{}/complete", done.header("location")), json!({})).await.expect(200);
    let cleared = task(owner, "Cleared", json!({ "remind_at": LATER })).await;
    owner.patch(cleared.header("location"), "\"1\"", json!({ "remind_at": null })).await.expect(200);
    let deleted = task(owner, "Deleted", json!({ "remind_at": LATER })).await;
    owner.delete(deleted.header("location")).await.expect(204);
    task(owner, "Over", json!({ "remind_at": "2020-01-01T10:00:00Z" })).await;
    let who = user(&acme.member().await).await;
    task(owner, "Of one who has left", json!({ "remind_at": LATER, "assignee_id": who })).await;
    owner.delete(&format!("/members/{who}")).await.expect(204);
    come(&platform, &acme).await;
    assert_eq!(count(&database, told).await, 1);
    let letters = platform.letters_to(acme.email()).await;
    assert!(letters.iter().any(|letter| letter.subject.contains("Moved")));
}

/// What it costs to look grows with what is due, not with the organizations: one that has nothing due is not visited, and one that
/// is not active waits until it is.
#[tokio::test]
async fn only_who_has_something_due_is_visited() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    task(acme.owner(), "Due", json!({ "remind_at": LATER })).await;
    task(other.owner(), "Later", json!({ "remind_at": LATER })).await;
    let database = superuser_in(&platform, &acme).await;
    let suspend = format!(
        "UPDATE platform.tenants SET status = 'suspended' WHERE id = '{0}';
         UPDATE platform.reminders SET at = now() WHERE tenant_id = '{0}'",
        acme.tenant()
    );
    database.batch_execute(&suspend).await.unwrap();
    let worker = Worker::new(platform.platform().clone());
    worker.look_at_clock().await.unwrap();
    let posted = "SELECT count(*) FROM platform.outbox WHERE topic = 'reminder'";
    let noted = "SELECT count(*) FROM platform.reminders";
    assert_eq!((count(&database, posted).await, count(&database, noted).await), (0, 2));
    database.batch_execute("UPDATE platform.tenants SET status = 'active'").await.unwrap();
    worker.look_at_clock().await.unwrap();
    assert_eq!(count(&database, noted).await, 1);
    remind(&platform, &database).await;
}
