//! `/modules`: what the platform offers and what this organization uses.

use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;

use super::{ModulesRead, ModulesWrite};
use crate::http::{Answer, ApiError, ApiResult, Caller, Can, Deleted};
use crate::module::{Module, Tag};
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, TenantId, select, statement};
use crate::value::Text;

/// A module, as this organization sees it.
#[derive(Debug, Serialize, Object)]
pub struct ModuleAnswer {
    /// Its name, which is also the first part of its paths.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Whether every organization has it; such a module cannot be disabled.
    pub required: bool,
    /// Whether its routes answer.
    pub enabled: bool,
    /// The version of its tables; 0 where it was never enabled or has none.
    pub version: i64,
}

/// All modules.
#[derive(Debug, Serialize, Object)]
pub struct ModuleList {
    /// The modules by name.
    pub items: Vec<ModuleAnswer>,
}

/// Modules of an organization.
#[derive(Default)]
pub struct ModulesApi;

#[OpenApi(tag = "Tag::Organization")]
impl ModulesApi {
    /// List the modules.
    #[oai(path = "/modules", method = "get", operation_id = "modules_list")]
    async fn list(&self, caller: Can<ModulesRead>) -> ApiResult<Answer<ModuleList>> {
        let states = caller.admit().await?.run(find_states(caller.tenant())).await?;
        let mut items: Vec<_> = caller.modules().iter().map(|module| answer(module, &states)).collect();
        items.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Answer(ModuleList { items }))
    }

    /// Enable a module.
    ///
    /// Makes its tables where they are missing. Enabling twice does no harm.
    #[oai(path = "/modules/:name", method = "put", operation_id = "modules_enable")]
    async fn enable(&self, caller: Can<ModulesWrite>, name: Path<Text<60>>) -> ApiResult<Answer<ModuleAnswer>> {
        let home = caller.admit().await?;
        let module = known(&caller, &name.0)?;
        home.tenants().enable(caller.tenant(), module, caller.actor()).await?;
        Ok(Answer(answer(module, &home.run(find_states(caller.tenant())).await?)))
    }

    /// Disable a module.
    ///
    /// Its routes answer 404 from now on; its data stays and is there when it is enabled again.
    #[oai(path = "/modules/:name", method = "delete", operation_id = "modules_disable")]
    async fn disable(&self, caller: Can<ModulesWrite>, name: Path<Text<60>>) -> ApiResult<Deleted> {
        let home = caller.admit().await?;
        let module = known(&caller, &name.0)?;
        if module.required {
            return Err(ApiError::conflict("module_required", "Every organization has this module."));
        }
        home.change(set_disabled(caller.tenant(), module.name)).await?;
        Ok(Deleted)
    }
}

fn known(caller: &Caller, name: &Text<60>) -> ApiResult<&'static Module> {
    caller.modules().find(name.as_str()).ok_or_else(ApiError::not_found)
}

fn answer(module: &Module, states: &[State]) -> ModuleAnswer {
    let state = states.iter().find(|state| state.module == module.name);
    ModuleAnswer {
        name: module.name.to_owned(),
        title: module.title.to_owned(),
        required: module.required,
        enabled: module.required || state.is_some_and(|state| state.enabled),
        version: state.map_or(0, |state| state.version),
    }
}

struct State {
    module: String,
    enabled: bool,
    version: i64,
}
row!(State { module, enabled, version });

fn find_states(tenant: TenantId) -> Statement<Vec<State>> {
    select::<State>(sql!("FROM tenant_modules WHERE tenant_id = $1")).bind(tenant).many()
}

fn set_disabled(tenant: TenantId, module: &'static str) -> Statement<()> {
    statement(sql!(
        "UPDATE tenant_modules SET enabled = false, changed_at = now() WHERE tenant_id = $1 AND module = $2 AND enabled"
    ))
    .bind(tenant)
    .bind(module)
    .done()
}
