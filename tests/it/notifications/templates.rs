//! `/notification-templates`

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient, TestOrganization};
use tenantry_core::value::Locale;

use super::task;
use crate::platform;

const TASK_EN: &str = "/notification-templates/task-due/email/en";

fn words(subject: &str, body: &str) -> Value {
    json!({ "subject": subject, "body": body })
}

async fn subjects(platform: &tenantry_core::testing::TestPlatform, address: &str) -> Vec<String> {
    platform.letters_to(address).await.into_iter().map(|letter| letter.subject).collect()
}

/// Kinds are listed with what can be said, and a module's only where it is enabled.
#[tokio::test]
async fn kinds_are_those_of_the_enabled_modules() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let kinds = async || acme.owner().get("/notification-templates").await.expect(200);
    assert_eq!(kinds().await.column("kind"), ["announcement", "invitation", "rule-ran", "task-due"]);
    acme.enable("real-estate").await;
    acme.enable("clinic").await;
    let listed = kinds().await;
    let names = listed.column("kind");
    assert!(names.is_sorted(), "{names:?}");
    for kind in ["announcement", "appointment-reminder", "invitation", "rule-ran", "task-due", "viewing-confirmed"] {
        assert!(names.contains(&kind), "{kind}: {names:?}");
    }
    let of = |reply: &Reply, kind: &str| reply.items().iter().find(|item| item["kind"] == kind).unwrap().clone();
    let invitation = of(&listed, "invitation");
    assert_eq!(invitation["purpose"], "security");
    let [organization, link] = invitation["variables"].as_array().unwrap().as_slice() else { panic!("{invitation}") };
    assert_eq!((&organization["name"], &organization["required"]), (&json!("organization"), &json!(false)));
    assert_eq!((&link["name"], &link["required"]), (&json!("link"), &json!(true)));
    let text = |channel: &str, language: &str, source: &str| json!({ "channel": channel, "language": language, "source": source });
    assert_eq!(invitation["texts"], json!([text("email", "de", "default"), text("email", "en", "default")]));

    acme.owner().put_json(TASK_EN, words("Now", "Do it.")).await.expect(200);
    acme.owner().put_json("/notification-templates/task-due/sms/FR", json!({ "body": "Vite !" })).await.expect(200);
    let texts = [
        text("email", "de", "default"),
        text("email", "en", "organization"),
        text("sms", "de", "default"),
        text("sms", "en", "default"),
        text("sms", "fr", "organization"),
    ];
    assert_eq!(of(&kinds().await, "task-due")["texts"], json!(texts));
}

/// What does not exist, is the platform's own, or is of a module that is off, is nowhere.
#[tokio::test]
async fn others_are_not_there() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for path in [
        "reset-password/email/en",
        "viewing-confirmed/email/en",
        "nothing/email/en",
        "invitation/sms/en",
        "task-due/fax/en",
        "task-due/email/klingonisch",
    ] {
        let path = format!("/notification-templates/{path}");
        acme.owner().get(&path).await.problem(404, "not_found");
        acme.owner().put_json(&path, words("a", "b")).await.problem(404, "not_found");
        acme.owner().delete(&path).await.problem(404, "not_found");
        acme.owner().post(&format!("{path}/preview"), json!({})).await.problem(404, "not_found");
    }
}

/// Own words hold from the next notice on, for the language they are in and for nobody else; taken away, the default ones do.
#[tokio::test]
async fn own_words_hold() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let other = platform.organization("Other").await;
    let default = acme.owner().get(TASK_EN).await.expect(200);
    assert_eq!((&default.body["source"], default.header("etag")), (&json!("default"), "\"0\""));

    let own = words(
        "{{ organization }}: {{ task|upper }}",
        "{% if name %}Dear {{ name }},{% endif %}\n{{ task }} {{ due }}\n",
    );
    let stored = acme.owner().put_json(TASK_EN, own.clone()).await.expect(200);
    assert_eq!((&stored.body["source"], stored.header("etag")), (&json!("organization"), "\"1\""));
    assert_eq!(acme.owner().put_json(TASK_EN, own).await.expect(200).header("etag"), "\"1\"", "nothing has changed");

    acme.notify([task("ada@example.com")], true).await;
    other.notify([task("bob@example.com")], true).await;
    let letter = platform.letters_to("ada@example.com").await.pop().unwrap();
    assert_eq!(
        (letter.subject.as_str(), letter.text.as_str()),
        ("Acme: CALL CHARLES", "Dear Ada,\nCall Charles at noon\n")
    );
    assert_eq!(subjects(&platform, "bob@example.com").await, ["Due: Call Charles"]);

    acme.owner().delete(TASK_EN).await.expect(204);
    acme.owner().delete(TASK_EN).await.problem(404, "not_found");
    acme.notify([task("ada@example.com")], true).await;
    assert_eq!(subjects(&platform, "ada@example.com").await[1], "Due: Call Charles");
}

/// A version that was not read is not overwritten.
#[tokio::test]
async fn versions_are_kept_to() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let put = async |version: &str, body: &str| {
        let request = acme.owner().request(reqwest::Method::PUT, TASK_EN).header("if-match", version);
        acme.owner().send(request.json(&words("Now", body))).await
    };
    put("\"1\"", "a").await.problem(412, "stale_version");
    put("\"0\"", "a").await.expect(200);
    put("\"0\"", "b").await.problem(412, "stale_version");
    put("\"1\"", "b").await.expect(200);
    let first = put("\"2\"", "c");
    let (first, second) = futures_util::future::join(first, put("\"2\"", "d")).await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

/// What cannot be sent cannot be stored: the answer says where and what, and quotes nothing.
#[tokio::test]
async fn faults_are_told_with_their_line() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let refused = async |subject: &str, body: &str, pointer: &str, says: &str| {
        let reply = owner.put_json(TASK_EN, words(subject, body)).await.problem(422, "invalid");
        assert_eq!(reply.pointers(), [pointer], "{body}");
        assert!(reply.reason(pointer).contains(says) && !reply.text.contains("zebra"), "{}", reply.text);
    };
    refused(
        "a",
        "one\ntwo {{ zebra }}",
        "/body",
        "line 2: there is no such variable; known are organization, name, task, due",
    )
    .await;
    refused("{{ zebra }}", "b", "/subject", "line 1: ").await;
    refused("a", "{% for z in name %}{{ z }}{% endfor %}", "/body", "only conditions").await;
    refused("a", "{% set x = name %}", "/body", "only conditions").await;
    refused("a", "{{ name.zebra }}", "/body", "line 1: ").await;
    refused("a", "{{ 'x' * 1000000000 }}", "/body", "line 1: ").await;
    refused("a", "{{ name | zebra }}", "/body", "no such filter").await;
    refused("a", "{% include 'zebra' %}", "/body", "only conditions").await;
    refused("a", "{% if name %}\nzebra", "/body", "endif").await;
    refused("a", "{{ name", "/body", "never closed").await;
    owner.put_json(TASK_EN, json!({ "body": "b" })).await.problem(422, "invalid");
    let sms = "/notification-templates/task-due/sms/en";
    assert_eq!(owner.put_json(sms, words("a", "b")).await.problem(422, "invalid").pointers(), ["/subject"]);
    assert_eq!(
        owner.put_json(sms, json!({ "body": "b".repeat(1001) })).await.problem(422, "invalid").pointers(),
        ["/body"]
    );
    owner.put_json(sms, json!({ "body": "b".repeat(1000) })).await.expect(200);
}

async fn invites(owner: &TestClient, body: &str) -> u16 {
    owner.put_json("/notification-templates/invitation/email/en", words("Come", body)).await.status.as_u16()
}

/// Letters that open accounts keep their link, and have no other: nobody can have a token sent elsewhere.
#[tokio::test]
async fn links_are_ours() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    for body in [
        "Come.",
        "{% if not organization %}{{ link }}{% endif %}",
        "https://evil.example/?{{ link }}",
        "evil.example/{{ link }}",
        "{{ link }}.evil.example",
        "{{ link }}\nor rather https://evil.example",
        "{{ link }}\nor rather www.evil.example",
        "{{ link | upper }}",
        "{{ link[20:] }}",
        "{{ link }}#token=tnv_mine",
    ] {
        assert_eq!(invites(owner, body).await, 422, "{body}");
    }
    assert_eq!(invites(owner, "Be one of {{ organization }}:\n{{ link }}\n").await, 200);
    let etag = owner.get("/organization").await.expect(200).header("etag").to_owned();
    let forged = "{{ link }} https://evil.example/#token=tnv_1";
    owner.patch("/organization", &etag, json!({ "name": forged })).await.expect(200);
    let body = json!({ "emails": ["ada@example.com"], "role": "viewer" });
    owner.post("/invitations", body).await.expect(201);
    let letter = platform.letters_to("ada@example.com").await.pop().unwrap();
    assert_eq!(letter.subject, "Come");
    let (said, link) = letter.text.split_once(":\n").unwrap();
    assert_eq!(said, "Be one of {{ link }} https: evil.example/#token=tnv_1");
    assert!(link.starts_with("http://127.0.0.1:8080/accept-invitation#token=tnv_"), "{link}");
    assert_eq!(letter.text.matches("://").count(), 1);
}

/// A notice is said in the recipient's language, else in the organization's, and in its own words before default ones.
#[tokio::test]
async fn languages_fall_back() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let said = async |language: &str| {
        let notice = task("ada@example.com").in_language(Locale::parse(language).unwrap());
        acme.notify([notice], true).await;
        subjects(&platform, "ada@example.com").await.pop().unwrap()
    };
    assert_eq!(said("de-AT").await, "Fällig: Call Charles");
    assert_eq!(said("hu").await, "Due: Call Charles");
    own(&acme, "fr").await;
    assert_eq!(said("de-AT").await, "Fällig: Call Charles");
    let etag = acme.owner().get("/notification-settings").await.expect(200).header("etag").to_owned();
    acme.owner().patch("/notification-settings", &etag, json!({ "language": "fr" })).await.expect(200);
    assert_eq!(said("de-AT").await, "own fr");
    own(&acme, "de").await;
    assert_eq!(said("de-AT").await, "own de");
    own(&acme, "de-AT").await;
    assert_eq!(said("DE-at").await, "own de-AT");
    assert_eq!(said("en").await, "own fr");
    let shown = acme.owner().get("/notification-templates/task-due/email/de-CH").await.expect(200);
    assert_eq!((&shown.body["language"], &shown.body["subject"]), (&json!("de"), &json!("own de")));
}

async fn own(organization: &TestOrganization, language: &str) {
    let path = format!("/notification-templates/task-due/email/{language}");
    organization.owner().put_json(&path, words(&format!("own {language}"), "b")).await.expect(200);
}

/// From admin on; and each change is in the audit.
#[tokio::test]
async fn admins_choose_words() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    member.get("/notification-templates").await.problem(403, "forbidden");
    member.put_json(TASK_EN, words("a", "b")).await.problem(403, "forbidden");
    acme.admin().await.put_json(TASK_EN, words("a", "b")).await.expect(200);
    let audit = acme.owner().get("/audit?resource=notification_templates").await.expect(200);
    assert_eq!(audit.items().len(), 1);
    assert_eq!(audit.items()[0]["after"]["body"], "b");
}
