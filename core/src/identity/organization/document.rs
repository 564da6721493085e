//! The API document as the caller sees it in this organization.

use std::borrow::Cow;
use std::collections::HashSet;

use aws_lc_rs::digest::{SHA256, digest};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::Type;
use serde::Serialize;
use serde_json::Value;

use crate::crm::CustomFieldsRead;
use crate::custom::all_fields;
use crate::events::EventSource;
use crate::http::{ApiResult, Can, Versioned};
use crate::identity::OrganizationRead;
use crate::module::document::{Audience, shaped};
use crate::permission::{Permission as _, PermissionInfo};

/// A document of OpenAPI 3.1.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct ApiDocument {
    document: Value,
    #[serde(skip)]
    version: i64,
}

impl ApiDocument {
    fn new(document: Value) -> Self {
        let digest = digest(&SHA256, document.to_string().as_bytes());
        let version = digest.as_ref().iter().take(8).fold(0_i64, |version, byte| (version << 8) | i64::from(*byte));
        Self { document, version: version & i64::MAX }
    }
}

/// Not a count, but another number for another document.
impl Versioned for ApiDocument {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Type for ApiDocument {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "api_document".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let any = MetaSchemaRef::Inline(Box::new(MetaSchema::ANY));
        let any = MetaSchema { additional_properties: Some(Box::new(any)), ..MetaSchema::new("object") };
        MetaSchemaRef::Inline(Box::new(any))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

/// Makes the document for a caller: of the one that all have.
pub(super) async fn document_for(caller: &Can<OrganizationRead>) -> ApiResult<ApiDocument> {
    let fields = match caller.allows(&CustomFieldsRead::INFO) {
        true => caller.read(all_fields()).await?,
        false => {
            caller.admit().await?;
            Vec::new()
        }
    };
    let states = caller.module_states().await?;
    let modules = caller.modules();
    let enabled: HashSet<&str> = modules
        .iter()
        .filter(|module| module.required || states.iter().any(|(name, enabled)| *enabled && name == module.name))
        .map(|module| module.name)
        .collect();
    let allows = |info: &PermissionInfo| enabled.contains(info.module) && caller.allows(info);
    let permitted: HashSet<&str> = modules.permissions().filter(|info| allows(info)).map(|info| info.name).collect();
    let heard: HashSet<String> =
        modules.events().filter(|source| allows(source.read)).flat_map(EventSource::names).collect();
    let audience = Audience {
        has_module: &|module| enabled.contains(module),
        may: &|permission| permitted.contains(permission),
        hears: &|event| heard.contains(event),
        fields: &fields,
    };
    Ok(ApiDocument::new(shaped(&caller.platform().document(), &audience)))
}
