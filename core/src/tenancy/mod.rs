//! Tenancy: a schema and a role per tenant, one door to them, and the means to make and mend them.

mod audit;
mod build;
mod connection;
mod door;
mod error;
mod fleet;
mod id;
mod lanes;
mod logins;
mod migration;
mod refusal;
mod sql;
mod statement;
mod tenants;
mod tls;

pub use audit::audit;
pub use connection::Limits;
pub use door::TenantTx;
pub(crate) use door::{Access, Door, Entry};
pub use error::{DbError, Guards};
pub use fleet::catch_up;
pub use id::{SchemaName, TenantId};
pub(crate) use lanes::Lanes;
pub use lanes::PoolConfig;
pub use logins::{Logins, Shard, TENANTS_PER_SHARD};
pub use migration::{MigrationFile, Migrations};
pub use refusal::Refusal;
pub use sql::{Fragment, Sql};
pub use statement::{Columns, FromRow, Param, Statement, Unread, returning, select, statement};
pub use tenants::{NewTenant, ProvisionError, TenantInfo, Tenants};
pub(crate) use tls::{connect, tls};
