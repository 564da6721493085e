//! Valid values made from schemas, marked with their tenant's canary wherever the schema has room.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Map, Value, json};

use super::document::{Document, kind};

/// Makes values that no other sampler makes.
pub struct Sampler {
    /// A text that nobody else's data holds.
    pub canary: String,
    count: AtomicU32,
}

/// The password of everybody whom the prover registers.
pub const PASSWORD: &str = "correct horse battery staple";

/// Patterns, and what fits them. A schema with another pattern needs a line here.
const PATTERNS: [(&str, &str); 7] = [
    ("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "de-AT"),
    ("^[A-Za-z][A-Za-z0-9_+/-]*$", "Europe/Vienna"),
    ("^([01][0-9]|2[0-3]):[0-5][0-9]$", "22:00"),
    ("^[A-Z]{3}$", "EUR"),
    ("^[A-Z]{2}$", "GB"),
    (r"^[0-9]{1,10}(\.[0-9]{1,2})?$", "1234.50"),
    (r"^[0-9]{1,3}(\.[0-9]{1,2})?$", "2.50"),
];

impl Sampler {
    pub fn new() -> Self {
        let random = uuid::Uuid::new_v4().simple().to_string();
        Self { canary: format!("zq{}", &random[..10]), count: AtomicU32::new(0) }
    }

    /// A valid value for a property or parameter of this name. References are left to whoever knows the records.
    pub fn value(&self, document: &Document, name: &str, schema: &Value) -> Value {
        let schema = document.resolve(schema);
        if let Some(first) = schema["enum"].get(0) {
            return first.clone();
        }
        if let Some(first) = schema["oneOf"].get(0) {
            return self.value(document, name, first);
        }
        match kind(schema) {
            Some("object") => self.object(document, schema),
            Some("array") => json!([self.value(document, name, &schema["items"])]),
            Some("string") => self.text(name, schema).into(),
            Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
            Some("boolean") => json!(true),
            other => panic!("{name} is of type {other:?}: teach the prover"),
        }
    }

    fn object(&self, document: &Document, schema: &Value) -> Value {
        let properties = schema["properties"].as_object().into_iter().flatten();
        properties
            .map(|(name, schema)| (name.clone(), self.value(document, name, schema)))
            .collect::<Map<_, _>>()
            .into()
    }

    fn text(&self, name: &str, schema: &Value) -> String {
        let n = self.count.fetch_add(1, Ordering::Relaxed);
        let canary = &self.canary;
        match (name, schema["format"].as_str()) {
            ("slug" | "organization", _) => return format!("{canary}-{n}"),
            ("password", _) | (_, Some("password")) => return PASSWORD.to_owned(),
            (_, Some("email" | "email-or-phone")) => return format!("{canary}-{n}@example.com"),
            (_, Some("phone")) => return format!("+4315885{n:06}"),
            (_, Some("date")) => return "1990-05-17".to_owned(),
            // What has been said was said before.
            ("at", Some("date-time")) => return "2026-01-05T10:00:00Z".to_owned(),
            ("from", Some("date-time")) => return "2030-05-16T10:00:00Z".to_owned(),
            (_, Some("date-time")) => return "2030-05-17T10:00:00Z".to_owned(),
            (_, Some("uri")) => return format!("http://127.0.0.1:1/{canary}/{n}"),
            ("resources", _) if schema["pattern"].is_string() => return "contacts".to_owned(),
            (_, Some("uuid")) => return uuid::Uuid::new_v4().to_string(),
            _ => {}
        }
        // No two fields have the same key.
        if schema["pattern"] == "^[a-z][a-z0-9_]{0,39}$" {
            return format!("k{n}_{canary}");
        }
        if let Some(pattern) = schema["pattern"].as_str() {
            let known = PATTERNS.iter().find(|(known, _)| *known == pattern);
            return known
                .unwrap_or_else(|| panic!("{name}: no value for pattern {pattern}: teach the prover"))
                .1
                .into();
        }
        let length = |key: &str, default: u64| schema[key].as_u64().unwrap_or(default) as usize;
        let text = format!("{n} {canary}");
        let text = format!("{text:x<width$}", width = length("minLength", 0));
        text.chars().take(length("maxLength", 1000)).collect()
    }
}
