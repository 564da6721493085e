//! Who may call an operation.
//!
//! An extractor in the handler's arguments says it, as the name of a security scheme, since that is what
//! poem-openapi carries from a Rust type into the document. The document has two schemes, the bearer tokens of people
//! and of operators, and says the rest in extension keys.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Fault;

/// The need of operations that ask for no sign-in.
pub(super) const ANONYMOUS: &str = "anonymous";
/// The need of operations that any signed-in user may call.
pub(super) const SIGNED_IN: &str = "signed-in";

/// The need of operations that are for operators and for nobody else.
pub(super) const OPERATOR: &str = "operator";

/// What the caller of an operation has to have. An extractor names it; the map given to the document explains it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Need {
    /// The permission, such as `crm.contacts.read`. None: being signed in is enough.
    pub permission: Option<String>,
    /// The least role that has the permission.
    pub role: Option<String>,
    /// Whether the operation works on the data of one tenant.
    pub tenant: bool,
    /// The module that serves the operation, which a tenant may have switched off.
    pub module: Option<String>,
    /// Whether it is about records that have owners, of which a role may reach only some.
    pub owned: bool,
}

/// The need of one operation, found.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    name: &'a str,
    need: Need,
}

impl Claim<'_> {
    pub(super) fn is_anonymous(&self) -> bool {
        self.name == ANONYMOUS
    }

    fn is_operator(&self) -> bool {
        self.name == OPERATOR
    }

    pub(super) fn has_permission(&self) -> bool {
        self.need.permission.is_some()
    }

    fn permission(&self) -> &str {
        match &self.need.permission {
            Some(permission) => permission,
            None if self.is_anonymous() => ANONYMOUS,
            None if self.is_operator() => OPERATOR,
            None => SIGNED_IN,
        }
    }

    fn scope(&self) -> &'static str {
        if self.need.tenant {
            "tenant"
        } else if self.has_permission() || self.is_anonymous() || self.is_operator() {
            "platform"
        } else {
            "user"
        }
    }
}

/// Reads the need of an operation from its security.
pub(super) fn find<'a>(
    name: &str,
    operation: &'a Map<String, Value>,
    needs: &BTreeMap<String, Need>,
) -> Result<Claim<'a>, Fault> {
    let security = operation.get("security").and_then(Value::as_array);
    let mut entries = security.into_iter().flatten();
    let named = entries.next().and_then(Value::as_object);
    let Some(first) = named.and_then(|entry| entry.keys().next()) else {
        return Err(Fault::NoNeed(name.to_owned()));
    };
    if entries.next().is_some() {
        return Err(Fault::SeveralNeeds(name.to_owned()));
    }
    let need = match needs.get(first) {
        Some(need) => need.clone(),
        None if [ANONYMOUS, SIGNED_IN, OPERATOR].contains(&first.as_str()) => Need::default(),
        None => {
            return Err(Fault::UnknownNeed { operation: name.to_owned(), need: first.clone() });
        }
    };
    Ok(Claim { name: first, need })
}

/// Says the need in the words of the document.
pub(super) fn state(operation: &mut Map<String, Value>, claim: &Claim<'_>) {
    let security = match claim {
        claim if claim.is_anonymous() => json!([]),
        claim if claim.is_operator() => json!([{ "operator": [] }]),
        _ => json!([{ "bearer": [] }]),
    };
    operation.insert("security".into(), security);
    operation.insert("x-permission".into(), claim.permission().into());
    if let Some(role) = &claim.need.role {
        operation.insert("x-role".into(), role.as_str().into());
    }
    operation.insert("x-tenant-scope".into(), claim.scope().into());
    if let Some(module) = &claim.need.module {
        operation.insert("x-module".into(), module.as_str().into());
    }
    if claim.need.owned {
        operation.insert("x-owned".into(), true.into());
    }
}

/// The security schemes of the document: one for people, one for operators.
pub(super) fn schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token that signing in gives, or an API key of the organization.",
        },
        "operator": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token that signing in as an operator gives.",
        },
    })
}
