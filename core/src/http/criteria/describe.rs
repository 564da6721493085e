//! The parameters of criteria in the document.
//!
//! poem-openapi knows one parameter for each argument of a handler. Criteria describe themselves as an object whose properties
//! are parameters; [`expand`] puts these in its place, before anything else reads the description.

use poem_openapi::registry::{MetaOperationParam, MetaParamIn, MetaSchema, MetaSchemaRef};
use poem_openapi::types::Type as _;
use serde_json::Value;

use super::Listing;
use crate::http::cursor::Cursor;
use crate::http::page::Limit;
use crate::value::Text;

/// The format of the object that stands for several parameters.
const SEVERAL: &str = "tenantry-criteria";

/// The parameters that make a page.
const PAGING: [&str; 2] = ["limit", "cursor"];

/// A parameter, with what it is for.
type Described = (&'static str, String, MetaSchemaRef);

/// The object whose properties are the parameters; of a whole list without those that make a page of it.
pub(super) fn parameters<L: Listing>(paged: bool) -> MetaSchemaRef {
    let property = |(name, description, schema): Described| {
        let schema = MetaSchema { title: Some(description), all_of: vec![schema], ..MetaSchema::ANY };
        (name, MetaSchemaRef::Inline(Box::new(schema)))
    };
    let object = MetaSchema {
        properties: described::<L>()
            .into_iter()
            .filter(|(name, _, _)| paged || !PAGING.contains(name))
            .map(property)
            .collect(),
        additional_properties: L::CUSTOM.map(|_| Box::new(String::schema_ref())),
        ..MetaSchema::new_with_format("object", SEVERAL)
    };
    MetaSchemaRef::Inline(Box::new(object))
}

/// The names of the parameters.
pub(super) fn names<L: Listing>() -> impl Iterator<Item = String> {
    described::<L>().into_iter().map(|(name, _, _)| name.to_owned())
}

fn described<L: Listing>() -> Vec<Described> {
    let mut all = Vec::new();
    if let Some((_, words)) = L::SEARCH {
        all.push(("q", format!("Looks in {words}."), Text::<200>::schema_ref()));
    }
    for field in L::FIELDS {
        for filter in field.filters {
            let description = format!("{} {}", field.doc.trim(), filter.operator.meaning());
            all.push((filter.parameter, description, filter.schema()));
        }
    }
    let orders = L::FIELDS.iter().filter_map(|field| field.orders.as_ref()).flatten();
    let sort = MetaSchema {
        enum_items: orders.map(|order| Value::from(order.name)).collect(),
        default: Some(Value::from(L::DEFAULT.name)),
        ..MetaSchema::new("string")
    };
    let sorting = "The order: by a field, and backwards with a minus. Records without a value come last.";
    all.push(("sort", sorting.to_owned(), MetaSchemaRef::Inline(Box::new(sort))));
    all.push(("limit", "Records a page.".to_owned(), Limit::schema_ref()));
    let going_on = "`next_cursor` of the page before, with the same filters and order.";
    all.push(("cursor", going_on.to_owned(), Cursor::schema_ref()));
    all
}

/// Puts parameters in the place of criteria, and tells whether those include fields of an organization's own.
pub(crate) fn expand(params: Vec<MetaOperationParam>) -> (Vec<MetaOperationParam>, bool) {
    let (mut expanded, mut custom) = (Vec::new(), false);
    for param in params {
        match param.schema {
            MetaSchemaRef::Inline(schema) if schema.format == Some(SEVERAL) => {
                custom = custom || schema.additional_properties.is_some();
                expanded.extend(schema.properties.into_iter().filter_map(parameter));
            }
            _ => expanded.push(param),
        }
    }
    (expanded, custom)
}

fn parameter((name, property): (&'static str, MetaSchemaRef)) -> Option<MetaOperationParam> {
    let MetaSchemaRef::Inline(property) = property else { return None };
    Some(MetaOperationParam {
        name: name.to_owned(),
        schema: property.all_of.into_iter().next()?,
        in_type: MetaParamIn::Query,
        description: property.title,
        required: false,
        deprecated: false,
        explode: true,
        style: None,
    })
}
