//! One API made of the modules' parts: one document, one table of routes, one gate per module.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use http::Method;
use poem::endpoint::BoxEndpoint;
use poem::{Route, RouteMethod};
use poem_openapi::registry::{MetaApi, MetaOperation, MetaParamIn, MetaPath, Registry};
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::Value;

use super::document::{self, Audience, Need};
use super::registry::{ModuleError, Modules};
use super::{Module, RouteTable};
use crate::events::EventSource;
use crate::http::{
    ANONYMOUS, CSV, Declared, Gate, Idempotent, KnownQuery, Offer, OperationEndpoint, PathEndpoint, expand, takes_key,
};

/// Where all operations stand.
pub(crate) const PREFIX: &str = "/api/v1";

/// The composed API, as poem-openapi asks for it: by static functions, so it reads the registry itself.
struct Composed;

impl OpenApi for Composed {
    /// Operations of one path are brought together: given twice, the path would be a double key in the document.
    fn meta() -> Vec<MetaApi> {
        let mut paths: BTreeMap<String, Vec<MetaOperation>> = BTreeMap::new();
        for path in all().into_iter().flat_map(paths_of) {
            paths.entry(path.path).or_default().extend(path.operations);
        }
        let paths = paths.into_iter().map(|(path, operations)| MetaPath { path, operations }).collect();
        vec![MetaApi { paths }]
    }

    fn register(registry: &mut Registry) {
        for module in all() {
            (module.api.register)(registry);
        }
    }

    fn add_routes(self, _: &mut RouteTable) {}
}

/// The paths of a module, with every parameter of its own.
fn paths_of(module: &Module) -> impl Iterator<Item = MetaPath> {
    (module.api.meta)().into_iter().flat_map(|api| api.paths).map(|mut path| {
        for operation in &mut path.operations {
            operation.params = expand(std::mem::take(&mut operation.params)).0;
        }
        path
    })
}

fn all() -> Vec<&'static Module> {
    let mut all: Vec<_> = inventory::iter::<Module>.into_iter().collect();
    all.sort_by_key(|module| module.name);
    all
}

/// The document in both dialects, as text: as values they would take many times as much memory, for good.
#[derive(Debug)]
pub struct Documents {
    /// In OpenAPI 3.1.
    pub newer: String,
    /// In OpenAPI 3.0.
    pub older: String,
}

impl Documents {
    /// The one in OpenAPI 3.1, to be read or to make others of.
    pub fn read(&self) -> Value {
        // It was written from a value.
        serde_json::from_str(&self.newer).unwrap_or_default()
    }
}

/// The document in both dialects, 3.1 and 3.0. What is registered is the same for as long as the process lives, so it is made once.
///
/// # Errors
/// An operation without an id, or without a declared need.
pub fn documents(modules: &Modules) -> Result<&'static Documents, ModuleError> {
    static MADE: OnceLock<Result<Documents, ModuleError>> = OnceLock::new();
    MADE.get_or_init(|| make(modules)).as_ref().map_err(Clone::clone)
}

fn make(modules: &Modules) -> Result<Documents, ModuleError> {
    let service = OpenApiService::new(Composed, "Tenantry", env!("CARGO_PKG_VERSION"))
        .description(
            "Organizations, their people and their records; each organization's data in a database schema of its own.",
        )
        .url_prefix(PREFIX);
    let fault = |error: &dyn std::fmt::Display| ModuleError(format!("the API document: {error}"));
    let mut emitted: Value = serde_json::from_str(&service.spec()).map_err(|error| fault(&error))?;
    let events = modules.events().flat_map(EventSource::webhooks);
    let webhooks: serde_json::Map<_, _> = events.chain([crate::events::rule_fired()]).collect();
    if let Some(emitted) = emitted.as_object_mut() {
        emitted.insert("webhooks".to_owned(), webhooks.into());
    }
    let needs = needs(modules);
    let newer = document::to_3_1(&emitted, &needs).map_err(|error| fault(&error))?.to_string();
    let older = document::to_3_0(&emitted, &needs).map_err(|error| fault(&error))?.to_string();
    Ok(Documents { newer, older })
}

/// The document of a vertical, for its clients: what everybody has and this one module, without what is for operators only.
pub fn vertical(document: &Value, modules: &Modules, vertical: &Module) -> Value {
    let has_module = |name: &str| modules.find(name).is_some_and(|module| module.required || name == vertical.name);
    let others = modules.iter().filter(|module| !has_module(module.name));
    let silent: HashSet<String> = others.flat_map(|module| module.events).flat_map(EventSource::names).collect();
    let hears = |event: &str| !silent.contains(event);
    let audience = Audience { has_module: &has_module, may: &|_| true, hears: &hears, fields: &[] };
    let mut document = document::shaped(document, &audience);
    if let Some(title) = document.pointer_mut("/info/title") {
        *title = format!("Tenantry: {}", vertical.title).into();
    }
    document
}

fn needs(modules: &Modules) -> BTreeMap<String, Need> {
    let permissions = modules.iter().flat_map(|module| module.permissions);
    let need = |permission: &crate::permission::PermissionInfo| Need {
        permission: Some(permission.name.to_owned()),
        role: Some(permission.role.as_str().to_owned()),
        tenant: true,
        module: Some(permission.module.to_owned()),
        // Nobody has such a permission who is for some of the records only.
        owned: !permission.whole && modules.owned(permission.name).is_some(),
    };
    permissions.map(|permission| (permission.name.to_owned(), need(permission))).collect()
}

/// Checks what would otherwise go wrong silently or at the first request.
pub(super) fn check(modules: &Modules) -> Result<(), ModuleError> {
    let mut ids = HashSet::new();
    let mut operations = HashSet::new();
    for module in modules.iter() {
        for path in paths_of(module) {
            let own = path.path.split('/').nth(1) == Some(module.name);
            if !module.required && !own {
                return Err(ModuleError(format!(
                    "{} of module {} must start with /{}/",
                    path.path, module.name, module.name
                )));
            }
            for operation in path.operations {
                let id = operation.operation_id.unwrap_or_default();
                if id.is_empty() || !ids.insert(id) {
                    return Err(ModuleError(format!(
                        "{} {}: the operation id is missing or not its own",
                        operation.method, path.path
                    )));
                }
                check_operation(modules, id, &path.path, &operation)?;
                if !operations.insert((path.path.clone(), operation.method.clone())) {
                    return Err(ModuleError(format!("{} {} is registered twice", operation.method, path.path)));
                }
            }
        }
    }
    documents(modules).map(|_| ())
}

fn check_operation(modules: &Modules, id: &str, path: &str, operation: &MetaOperation) -> Result<(), ModuleError> {
    // poem-openapi hands path parameters over by their position, whatever their names are.
    let stand = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let taken = operation.params.iter().filter(|param| param.in_type == MetaParamIn::Path);
    if !stand.eq(taken.map(|param| param.name.as_str())) {
        return Err(ModuleError(format!(
            "{id} must take the parameters of {path} as arguments of these names, in this order"
        )));
    }
    let needs: Vec<&str> = operation.security.iter().flat_map(|need| need.keys().copied()).collect();
    let mut permissions = modules.iter().flat_map(|module| module.permissions);
    let writes = permissions.any(|permission| permission.writes && needs.contains(&permission.name));
    if writes && operation.method.is_safe() {
        return Err(ModuleError(format!("{id} only reads, so it must not ask for a permission to write")));
    }
    Ok(())
}

/// All routes of all modules, without the prefix. Each operation is strict about its query, each path says which
/// methods it has, and each path of an optional module stands behind the module's gate.
pub(crate) fn routes(modules: &Modules) -> Result<Route, ModuleError> {
    let mut route = Route::new();
    for module in modules.iter() {
        let mut operations = operations(module);
        let mut table = RouteTable::new();
        (module.api.add_routes)(&mut table);
        let mut table: Vec<(String, HashMap<Method, BoxEndpoint<'static>>)> = table.into_iter().collect();
        table.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (path, methods) in table {
            let mut allowed: Vec<Method> = methods.keys().cloned().collect();
            allowed.sort_by(|a, b| a.as_str().cmp(b.as_str()));
            let endpoint = methods.into_iter().fold(RouteMethod::new(), |route, (method, endpoint)| {
                let Operation { declared, takes_key } =
                    operations.remove(&(shape(&path), method.clone())).unwrap_or_default();
                route.method(method, Idempotent::new(OperationEndpoint::new(endpoint, declared), takes_key))
            });
            let gate = modules.gate(module.name).map(Gate::new);
            route = route
                .try_at(&path, PathEndpoint::new(endpoint, &allowed, gate))
                .map_err(|error| ModuleError(format!("{path} of module {}: {error}", module.name)))?;
        }
    }
    Ok(route)
}

/// What stands around an operation.
#[derive(Default)]
struct Operation {
    declared: Declared,
    takes_key: bool,
}

fn operations(module: &Module) -> HashMap<(String, Method), Operation> {
    let mut operations = HashMap::new();
    for path in (module.api.meta)().into_iter().flat_map(|api| api.paths) {
        for operation in path.operations {
            let anonymous = operation.security.iter().any(|need| need.contains_key(ANONYMOUS));
            let bodies = operation.request.iter().flat_map(|request| &request.content);
            let has_file = bodies.map(|body| body.content_type).any(|kind| kind == CSV);
            let takes_key =
                takes_key(&operation.method, operation.operation_id.unwrap_or_default(), anonymous, has_file);
            let (params, custom) = expand(operation.params);
            let names = params.into_iter().filter(|param| param.in_type == MetaParamIn::Query);
            let query = KnownQuery { names: names.map(|param| param.name).collect(), custom };
            let successes =
                operation.responses.responses.iter().filter_map(|response| Some((response.status?, response)));
            let successes = successes.filter(|(status, _)| *status < 300);
            let kinds = successes.flat_map(|(status, response)| {
                let kinds = response.content.iter().map(|media| media.content_type);
                kinds.chain([""]).map(move |kind| (status, kind))
            });
            let offer = Offer::of(kinds);
            let declared = Declared { id: operation.operation_id.unwrap_or_default(), query, offer };
            operations.insert((shape(&path.path), operation.method), Operation { declared, takes_key });
        }
    }
    operations
}

/// poem writes `/contacts/:param0`, the document `/contacts/{id}`: what is common to both.
fn shape(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with([':', '{']) { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}
