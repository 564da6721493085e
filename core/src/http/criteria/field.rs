//! A field of a resource, as data: the filters that it takes and the orders that it gives.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromParameter, Type};
use tokio_postgres::types::ToSql;

use super::operator::Operator;
use super::values;
use crate::http::order::Order;
use crate::tenancy::{Fragment, Param};

/// A value that a list is filtered by: any type of the edge that the database knows.
pub trait Wanted: ParseFromParameter + Type + ToSql + Send + Sync + 'static {}
impl<V: ParseFromParameter + Type + ToSql + Send + Sync + 'static> Wanted for V {}

/// A field that a list is filtered or sorted by; made by [`criteria!`](crate::criteria).
pub struct Field<R: 'static> {
    /// Its name, as in the record.
    pub name: &'static str,
    /// What it is, as the document says it.
    pub doc: &'static str,
    /// What it can be filtered by.
    pub filters: &'static [Filter],
    /// The order by it, up and down.
    pub orders: Option<[Order<R>; 2]>,
    register: fn(&mut Registry),
}

impl<R: 'static> Field<R> {
    /// A field of values of the type `V`.
    pub const fn new<V: Wanted>(
        name: &'static str,
        doc: &'static str,
        filters: &'static [Filter],
        orders: Option<[Order<R>; 2]>,
    ) -> Self {
        Self { name, doc, filters, orders, register: register::<V> }
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        (self.register)(registry);
    }
}

fn register<V: Type>(registry: &mut Registry) {
    V::register(registry);
}

/// One operator of one field.
pub struct Filter {
    /// The operator.
    pub operator: Operator,
    /// The parameter: `filter[amount][gte]`.
    pub parameter: &'static str,
    /// The condition in SQL: its value, if it has one, is `$1`.
    pub condition: Fragment,
    how: How,
}

enum How {
    Value {
        read: fn(&str) -> Result<Param, String>,
        schema: fn() -> MetaSchemaRef,
    },
    /// There is no value in the statement, but another condition where the contrary is asked for.
    Null {
        otherwise: Fragment,
    },
}

impl Filter {
    /// A filter by one value.
    pub const fn one<V: Wanted>(operator: Operator, parameter: &'static str, condition: Fragment) -> Self {
        Self { operator, parameter, condition, how: How::Value { read: values::one::<V>, schema: V::schema_ref } }
    }

    /// A filter by one value of a type that has an order.
    pub const fn ordered<V: Wanted + PartialOrd>(
        operator: Operator,
        parameter: &'static str,
        condition: Fragment,
    ) -> Self {
        Self::one::<V>(operator, parameter, condition)
    }

    /// A filter by several values.
    pub const fn several<V: Wanted>(operator: Operator, parameter: &'static str, condition: Fragment) -> Self {
        Self { operator, parameter, condition, how: How::Value { read: values::several::<V>, schema: listed } }
    }

    /// A filter by a part of a text.
    pub const fn part(parameter: &'static str, condition: Fragment) -> Self {
        let how = How::Value { read: values::pattern, schema: crate::value::Text::<200>::schema_ref };
        Self { operator: Operator::Contains, parameter, condition, how }
    }

    /// A filter by whether there is no value.
    pub const fn null(parameter: &'static str, condition: Fragment, otherwise: Fragment) -> Self {
        Self { operator: Operator::Null, parameter, condition, how: How::Null { otherwise } }
    }

    pub(super) fn schema(&self) -> MetaSchemaRef {
        match self.how {
            How::Value { schema, .. } => schema(),
            How::Null { .. } => bool::schema_ref(),
        }
    }

    /// The condition that a text asks for, and its value.
    ///
    /// # Errors
    /// What is expected instead.
    pub(super) fn read(&self, text: &str) -> Result<(Fragment, Vec<Param>), String> {
        match self.how {
            How::Value { read, .. } => Ok((self.condition, vec![read(text)?])),
            How::Null { otherwise } => Ok((if values::truth(text)? { self.condition } else { otherwise }, Vec::new())),
        }
    }
}

/// Several values are one text: generators of clients disagree on how else a parameter of several values is written.
fn listed() -> MetaSchemaRef {
    let schema = MetaSchema { min_length: Some(1), max_length: Some(4000), ..MetaSchema::new("string") };
    MetaSchemaRef::Inline(Box::new(schema))
}

/// The order of a name, found while the program is compiled.
///
/// # Panics
/// While compiling, where no field gives that order.
#[allow(clippy::panic, clippy::indexing_slicing)] // evaluated by the compiler; `get` is not const
pub const fn starting<R>(fields: &[Field<R>], name: &str) -> Order<R> {
    let mut at = 0;
    while at < fields.len() {
        if let Some([up, down]) = &fields[at].orders {
            if equal(up.name, name) {
                return *up;
            }
            if equal(down.name, name) {
                return *down;
            }
        }
        at += 1;
    }
    panic!("no field gives the order that the list starts with")
}

#[allow(clippy::indexing_slicing)] // guarded by the comparison of lengths
const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}
