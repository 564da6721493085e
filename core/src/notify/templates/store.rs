//! The SQL of templates.

use uuid::Uuid;

use super::{StoredTemplate, TextRef};
use crate::notify::chosen::Source;
use crate::notify::kind::Channel;
use crate::row;
use crate::sql;
use crate::tenancy::{Refusal, Statement, TenantId, select, statement};
use crate::value::Locale;

/// Texts that an organization can store: more than anybody has languages.
const MOST: i64 = 500;

/// The name of a text that an organization has stored.
pub(super) struct Named {
    pub(super) kind: String,
    channel: Channel,
    language: String,
}
row!(Named { kind, channel, language });

impl From<&Named> for TextRef {
    fn from(named: &Named) -> Self {
        Self { channel: named.channel, language: named.language.clone(), source: Source::Organization }
    }
}

pub(super) fn names() -> Statement<Vec<Named>> {
    select::<Named>(sql!("FROM notification_templates ORDER BY kind, channel, language")).many()
}

/// Those of a kind and channel, in whatever languages.
pub(in crate::notify) fn of_kind(kind: &'static str, channel: Channel) -> Statement<Vec<StoredTemplate>> {
    select::<StoredTemplate>(sql!("FROM notification_templates WHERE kind = $1 AND channel = $2"))
        .bind(kind)
        .bind(channel)
        .many()
}

pub(super) fn find(kind: &'static str, channel: Channel, language: Locale) -> Statement<Option<StoredTemplate>> {
    select::<StoredTemplate>(sql!("FROM notification_templates WHERE kind = $1 AND channel = $2 AND language = $3"))
        .bind(kind)
        .bind(channel)
        .bind(language)
        .optional()
}

/// Lets one at a time change the texts, so that what is looked at before is what is changed, also where nothing is there.
pub(super) fn lock() -> Statement<()> {
    statement(sql!("SELECT id FROM notification_settings FOR NO KEY UPDATE")).done()
}

pub(super) fn put(
    kind: &'static str,
    channel: Channel,
    language: Locale,
    subject: Option<String>,
    body: String,
) -> Statement<Option<StoredTemplate>> {
    statement(sql!(
        "INSERT INTO notification_templates AS t (id, kind, channel, language, subject, body) ",
        "SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(id) FROM notification_templates) < $7 OR EXISTS (SELECT 1 ",
        "FROM notification_templates WHERE kind = $2 AND channel = $3 AND language = $4) ",
        "ON CONFLICT (kind, channel, language) DO UPDATE SET subject = excluded.subject, body = excluded.body, ",
        "version = t.version + (ROW (t.subject, t.body) IS DISTINCT FROM ROW (excluded.subject, excluded.body))::int, ",
        "updated_at = CASE WHEN ROW (t.subject, t.body) IS DISTINCT FROM ROW (excluded.subject, excluded.body) ",
        "THEN now() ELSE t.updated_at END ",
        "RETURNING kind, channel, language, subject, body, updated_at, version"
    ))
    .bind(Uuid::now_v7())
    .bind(kind)
    .bind(channel)
    .bind(language)
    .bind(subject)
    .bind(body)
    .bind(MOST)
    .optional()
}

pub(super) const TOO_MANY: Refusal =
    Refusal::InTheWay { code: "too_many_templates", detail: "An organization has up to 500 texts. Delete one first." };

pub(super) fn delete(kind: &'static str, channel: Channel, language: Locale) -> Statement<bool> {
    statement(sql!("DELETE FROM notification_templates WHERE kind = $1 AND channel = $2 AND language = $3 RETURNING 1"))
        .bind(kind)
        .bind(channel)
        .bind(language)
        .any()
}

/// Optional modules that a tenant has, on the schema `platform`.
pub(super) fn modules_of(tenant: TenantId) -> Statement<Vec<String>> {
    statement(sql!("SELECT module FROM tenant_modules WHERE tenant_id = $1 AND enabled"))
        .bind(tenant)
        .many::<(String,)>()
        .map(|rows| rows.into_iter().map(|(module,)| module).collect())
}
