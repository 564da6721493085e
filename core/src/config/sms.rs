//! The provider of text messages, as an operator describes it.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use super::{ConfigError, Env};
use crate::sms::TextMessage;

/// Text messages.
#[derive(Clone, Debug, Default)]
pub struct SmsConfig {
    /// Who takes them. Without one there are none, but for the mailbox of development.
    pub provider: Option<SmsProvider>,
}

/// A provider that is reached over HTTP. Address and headers hold secrets, so it cannot be printed. Cloning it is cheap.
#[derive(Clone)]
pub struct SmsProvider(Arc<Described>);

struct Described {
    url: Url,
    headers: HeaderMap,
    body: Environment<'static>,
}

impl std::fmt::Debug for SmsProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmsProvider(…)")
    }
}

/// What a form of the web leaves as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*');

impl SmsConfig {
    pub(super) fn read(&mut self, env: Env<'_>) -> Result<(), ConfigError> {
        let Some(url) = env("TENANTRY_SMS_URL") else { return Ok(()) };
        let fault = |name, expected| ConfigError { name, expected };
        let body = r#"a template such as {"to": {{ to }}, "text": {{ text }}, "from": {{ from }}}"#;
        let body_fault = || fault("TENANTRY_SMS_BODY", body);
        let headers = r#"a JSON object such as {"authorization": "Bearer …"}"#;
        let read = env("TENANTRY_SMS_HEADERS").map_or(Ok(HeaderMap::new()), |text| read_headers(&text));
        let read = read.map_err(|()| fault("TENANTRY_SMS_HEADERS", headers))?;
        let template = env("TENANTRY_SMS_BODY").ok_or_else(body_fault)?;
        let provider = SmsProvider::new(&url, read, template);
        let provider = provider.map_err(|wrong| match wrong {
            Wrong::Url => fault("TENANTRY_SMS_URL", "the address of a provider, such as https://sms.example.com/send"),
            Wrong::Body => body_fault(),
        })?;
        self.provider = Some(provider);
        Ok(())
    }
}

/// What is wrong with the description of a provider.
#[derive(Debug)]
pub enum Wrong {
    /// Its address.
    Url,
    /// The body.
    Body,
}

impl SmsProvider {
    /// Checks a description. The values `to`, `text` and `from` are written into the body as JSON has them, quotes and all, or
    /// percent-encoded where the header `content-type` says that the body is a form.
    ///
    /// # Errors
    /// What is wrong.
    pub fn new(url: &str, mut headers: HeaderMap, body: String) -> Result<Self, Wrong> {
        let url: Url = url.parse().map_err(|_| Wrong::Url)?;
        if !["http", "https"].contains(&url.scheme()) || !url.has_host() {
            return Err(Wrong::Url);
        }
        let json = HeaderValue::from_static("application/json");
        let kind = headers.entry(header::CONTENT_TYPE).or_insert(json);
        let is_form = kind.to_str().is_ok_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let mut engine = Environment::empty();
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        engine.set_auto_escape_callback(|_| AutoEscape::Json);
        if is_form {
            engine.set_formatter(|out, _, value| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                Ok(out.write_str(&utf8_percent_encode(&text, PLAIN).to_string())?)
            });
        }
        engine.add_template_owned("body", body).map_err(|_| Wrong::Body)?;
        let provider = Self(Arc::new(Described { url, headers, body: engine }));
        let text = r#"a "text" & more"#.to_owned();
        let sample = TextMessage { to: "+4315885801".to_owned(), text, from: "Acme".to_owned() };
        let filled = provider.body(&sample).map_err(|_| Wrong::Body)?;
        let is_json = serde_json::from_str::<serde_json::Value>(&filled).is_ok();
        if is_json || is_form || !provider.says_json() { Ok(provider) } else { Err(Wrong::Body) }
    }

    fn says_json(&self) -> bool {
        self.0.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
    }

    pub(crate) fn url(&self) -> Url {
        self.0.url.clone()
    }

    pub(crate) fn headers(&self) -> HeaderMap {
        self.0.headers.clone()
    }

    /// The body that hands a message over.
    pub(crate) fn body(&self, message: &TextMessage) -> Result<String, minijinja::Error> {
        let TextMessage { to, text, from } = message;
        self.0.body.get_template("body")?.render(context! { to, text, from })
    }
}

fn read_headers(text: &str) -> Result<HeaderMap, ()> {
    let read: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).map_err(|_| ())?;
    let mut headers = HeaderMap::new();
    for (name, value) in read {
        let mut value = HeaderValue::from_str(value.as_str().ok_or(())?).map_err(|_| ())?;
        value.set_sensitive(true);
        headers.insert(name.parse::<HeaderName>().map_err(|_| ())?, value);
    }
    Ok(headers)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn message() -> TextMessage {
        TextMessage { to: "+431".to_owned(), text: "a \"b\" & {{ to }}\né".to_owned(), from: "Acme".to_owned() }
    }

    #[test]
    fn a_body_is_filled_as_its_kind_has_it() {
        let json = r#"{"to": {{ to }}, "text": {{ text }}, "from": {{ from }}}"#.to_owned();
        let provider = SmsProvider::new("https://sms.example.com/send?key=x", HeaderMap::new(), json).unwrap();
        let body: serde_json::Value = serde_json::from_str(&provider.body(&message()).unwrap()).unwrap();
        assert_eq!(body["text"], "a \"b\" & {{ to }}\né");
        assert_eq!(provider.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(format!("{provider:?}"), "SmsProvider(…)");

        let form = read_headers(r#"{"content-type": "application/x-www-form-urlencoded"}"#).unwrap();
        let body = "To={{ to }}&Body={{ text }}".to_owned();
        let provider = SmsProvider::new("http://127.0.0.1:1/", form, body).unwrap();
        let filled = provider.body(&message()).unwrap();
        assert_eq!(filled, "To=%2B431&Body=a%20%22b%22%20%26%20%7B%7B%20to%20%7D%7D%0A%C3%A9");
    }

    #[test]
    fn what_cannot_be_used_is_told_at_the_start() {
        for (url, body) in [
            ("ftp://sms.example.com", "{}"),
            ("sms.example.com", "{}"),
            ("https://sms.example.com", "{{ other }}"),
            ("https://sms.example.com", "{{ to"),
            ("https://sms.example.com", "{\"to\": \"{{ to }}\"}"),
        ] {
            assert!(SmsProvider::new(url, HeaderMap::new(), body.to_owned()).is_err(), "{url} {body}");
        }
        for headers in ["", "[]", "{\"a\": 1}", "{\"a b\": \"x\"}", "{\"a\": \"x\\ny\"}"] {
            assert!(read_headers(headers).is_err(), "{headers}");
        }
    }
}
