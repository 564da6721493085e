//! `tenantry demo`: organizations with example data, made through the API's own front door.

use std::process::ExitCode;

use ::http::{Method, StatusCode, header};
use aws_lc_rs::hmac;
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json};

use super::{CliError, Session};
use crate::config::Secret;
use crate::http;
use crate::module::Modules;

/// An organization of the demo, as data: the build that ships the modules says what is in it.
pub struct DemoOrganization {
    /// The organization's name.
    pub name: &'static str,
    /// Its short name.
    pub slug: &'static str,
    /// Who founds it.
    pub owner: &'static str,
    /// The address that this person signs in with.
    pub email: &'static str,
    /// Modules to enable.
    pub modules: &'static [&'static str],
    /// Records to make: a collection, and a body in which `{0}` stands for the id of the first record, and so on, and `{New}` for
    /// that of the stage New of the pipeline that everybody starts with.
    pub records: &'static [(&'static str, &'static str)],
}

pub(super) async fn run(modules: Modules, organizations: &[DemoOrganization]) -> Result<ExitCode, CliError> {
    let session = Session::open(modules).await?;
    let password = password(&session.installation.secret);
    let site = http::site(session.platform.clone())?;
    let mut first_contacts = Vec::new();
    for organization in organizations {
        if session.platform.tenants().find(organization.slug).await?.is_some() {
            eprintln!("{} is there already", organization.name);
        } else {
            eprintln!("making {} with {} records", organization.name, organization.records.len());
            fill(&site, organization, &password).await?;
        }
        first_contacts.push(first_contact(&site, organization, &password).await?);
    }
    explain(&session.platform.config().identity.issuer, organizations, &password, &first_contacts);
    Ok(ExitCode::SUCCESS)
}

/// The same at each run, and another one in each installation.
fn password(secret: &Secret) -> String {
    let tag = hmac::sign(&secret.key("demo"), b"password");
    let digits: String = tag.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("demo-{digits}")
}

async fn fill(site: &impl Site, organization: &DemoOrganization, password: &str) -> Result<(), CliError> {
    let register = json!({
        "email": organization.email,
        "password": password,
        "name": organization.owner,
        "organization": { "name": organization.name, "slug": organization.slug },
    });
    let registered = call(site, Method::POST, "/auth/register", None, Some(&register)).await?;
    let token = text(&registered, "access_token");
    for module in organization.modules {
        call(site, Method::PUT, &format!("/modules/{module}"), Some(token), None).await?;
    }
    let stages = stages(site, token).await?;
    let mut ids: Vec<String> = Vec::new();
    for (collection, template) in organization.records {
        let mut body = (*template).to_owned();
        for (n, id) in ids.iter().enumerate() {
            body = body.replace(&format!("{{{n}}}"), id);
        }
        for (name, id) in &stages {
            body = body.replace(&format!("{{{name}}}"), id);
        }
        let body = serde_json::from_str(&body).map_err(|error| CliError::Message(format!("{template}: {error}")))?;
        let made = call(site, Method::POST, collection, Some(token), Some(&body)).await?;
        ids.push(text(&made, "id").to_owned());
    }
    Ok(())
}

/// The names and ids of the stages of the pipeline that everybody starts with.
async fn stages(site: &impl Site, token: &str) -> Result<Vec<(String, String)>, CliError> {
    let pipelines = call(site, Method::GET, "/pipelines?limit=1", Some(token), None).await?;
    let pipeline = pipelines.pointer("/items/0/id").and_then(Value::as_str).unwrap_or_default();
    let stages = call(site, Method::GET, &format!("/pipelines/{pipeline}/stages"), Some(token), None).await?;
    let items = stages.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(items.iter().map(|stage| (text(stage, "name").to_owned(), text(stage, "id").to_owned())).collect())
}

async fn first_contact(site: &impl Site, organization: &DemoOrganization, password: &str) -> Result<String, CliError> {
    let login = json!({ "email": organization.email, "password": password });
    let signed_in = call(site, Method::POST, "/auth/login", None, Some(&login)).await?;
    let list =
        call(site, Method::GET, "/contacts?limit=1&sort=created_at", Some(text(&signed_in, "access_token")), None);
    Ok(list.await?.pointer("/items/0/id").and_then(Value::as_str).unwrap_or_default().to_owned())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

trait Site: Endpoint<Output = Response> {}
impl<E: Endpoint<Output = Response>> Site for E {}

async fn call(
    site: &impl Site,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Result<Value, CliError> {
    let mut request = Request::builder().method(method).uri_str(format!("/api/v1{path}"));
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = match body {
        Some(body) => request.content_type("application/json").body(body.to_string()),
        None => request.finish(),
    };
    let failed = |reason: String| CliError::Message(format!("{path}: {reason}"));
    let response = site.call(request).await.map_err(|error| failed(error.to_string()))?;
    if response.status() == StatusCode::CONFLICT {
        return Err(failed("the example's address or short name is taken by another organization".to_owned()));
    }
    if !response.status().is_success() {
        return Err(failed(response.status().to_string()));
    }
    response.into_body().into_json().await.map_err(|error| failed(error.to_string()))
}

fn explain(base: &str, organizations: &[DemoOrganization], password: &str, contacts: &[String]) {
    println!("Sign-ins (the password is this installation's own):");
    for organization in organizations {
        println!("  {:<24} {:<28} {password}", organization.name, organization.email);
    }
    let [first, second, ..] = organizations else { return };
    let contact = contacts.first().map(String::as_str).unwrap_or_default();
    println!("\nWith the server running, sign in to both:\n");
    for (variable, organization) in [("A", first), ("B", second)] {
        println!(
            "  {variable}=$(curl -s {base}/api/v1/auth/login -H 'content-type: application/json' \\\n      \
             -d '{{\"email\":\"{}\",\"password\":\"{password}\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')",
            organization.email
        );
    }
    println!(
        "\nA contact of {}: its own people see it, {} gets the same answer as for nothing:\n",
        first.name, second.name
    );
    println!("  curl -i {base}/api/v1/contacts/{contact} -H \"authorization: Bearer $A\"");
    println!("  curl -i {base}/api/v1/contacts/{contact} -H \"authorization: Bearer $B\"");
    println!("  curl -i {base}/api/v1/contacts/00000000-0000-4000-8000-000000000000 -H \"authorization: Bearer $B\"");
}
