//! The modules of this build, checked once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Job, Module};
use crate::events::EventSource;
use crate::notify::{self, NoticeKind};
use crate::permission::PermissionInfo;
use crate::tenancy::{Fragment, MOST_STEPS, Migrations, OwnedResource};

/// The modules of this build, the required ones first, then by name. Cloning it is cheap.
#[derive(Clone)]
pub struct Modules(Arc<[&'static Module]>);

/// Why the modules do not fit together.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct ModuleError(pub(super) String);

impl Modules {
    /// Reads what the linked crates registered and checks that it is what was meant.
    ///
    /// `expected` are the names of the modules that the build ships; core's own are known.
    ///
    /// # Errors
    /// A missing or unexpected module; a name, permission, migration, path or operation that clashes.
    pub fn collect(expected: &[&str]) -> Result<Self, ModuleError> {
        let mut all: Vec<&'static Module> = inventory::iter::<Module>.into_iter().collect();
        // The required ones first: tables of the others may refer to theirs.
        all.sort_by_key(|module| (!module.required, module.name));
        let modules = Self(all.into());
        modules.check_names(expected)?;
        modules.check_permissions()?;
        modules.check_events()?;
        modules.check_jobs()?;
        for module in modules.iter() {
            Migrations::parse(module.migrations).map_err(|e| ModuleError(format!("module {}: {e}", module.name)))?;
        }
        modules.check_owned()?;
        notify::check(modules.notices()).map_err(ModuleError)?;
        super::compose::check(&modules)?;
        Ok(modules)
    }

    fn check_names(&self, expected: &[&str]) -> Result<(), ModuleError> {
        let mut found: Vec<&str> = self.iter().filter(|m| !CORE.contains(&m.name)).map(|m| m.name).collect();
        let mut expected = expected.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        if found != expected {
            let (found, expected) = (found.join(", "), expected.join(", "));
            return Err(ModuleError(format!(
                "this build should have the modules [{expected}] but has [{found}]: name them alike in src/lib.rs"
            )));
        }
        let mut seen = BTreeSet::new();
        if let Some(module) = self.iter().find(|module| !seen.insert(module.name)) {
            return Err(ModuleError(format!("two modules are named {}", module.name)));
        }
        let well_named = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.len() <= 40
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        match self.iter().find(|module| !well_named(module.name)) {
            Some(module) => {
                Err(ModuleError(format!("{:?} is no name for a module: a-z, 0-9 and hyphens", module.name)))
            }
            None => Ok(()),
        }
    }

    fn check_permissions(&self) -> Result<(), ModuleError> {
        let mut seen = BTreeMap::new();
        for module in self.iter() {
            for permission in module.permissions {
                if permission.module != module.name {
                    let (name, own) = (permission.name, permission.module);
                    return Err(ModuleError(format!(
                        "{name} says it is of module {own}, but {} lists it",
                        module.name
                    )));
                }
                if let Some(other) = seen.insert(permission.name, module.name) {
                    return Err(ModuleError(format!("{} is declared by {other} and {}", permission.name, module.name)));
                }
            }
        }
        Ok(())
    }

    fn check_events(&self) -> Result<(), ModuleError> {
        let (mut names, mut resources) = (BTreeSet::new(), BTreeSet::new());
        for source in self.events() {
            if !names.insert(source.name) || !resources.insert(source.resource) {
                return Err(ModuleError(format!("events of {} ({}) are declared twice", source.name, source.resource)));
            }
            if let Some(undo) = &source.undo
                && undo.table.as_str() != source.resource
            {
                return Err(ModuleError(format!("{} are undone in the table of the same name", source.resource)));
            }
        }
        Ok(())
    }

    fn check_jobs(&self) -> Result<(), ModuleError> {
        let mut topics = BTreeSet::new();
        let well_named = |name: &str| {
            name.len() <= 60
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        for (topic, _, job) in self.jobs() {
            if !well_named(job.name) || !topics.insert(topic.clone()) {
                return Err(ModuleError(format!(
                    "the job {topic} is declared twice, or its name is none: a-z, 0-9, hyphens"
                )));
            }
            if job.after(&jiff::Zoned::now()).is_none() {
                return Err(ModuleError(format!(
                    "{:?} is no schedule for the job {topic}: five fields of cron",
                    job.schedule
                )));
            }
        }
        Ok(())
    }

    /// Records that have owners are known by the names of the permissions on them, or on what they are a part of.
    fn check_owned(&self) -> Result<(), ModuleError> {
        let is_named = |table: Fragment| {
            let named = |info: &PermissionInfo| info.name.split_once('.').is_some_and(|(of, _)| of == table.as_str());
            self.permissions().any(named)
        };
        for owned in inventory::iter::<OwnedResource> {
            let (table, way) = (owned.table.as_str(), owned.owner.way());
            if way.len() > MOST_STEPS {
                return Err(ModuleError(format!(
                    "records of {table} are too far from their owners, or go round in a circle"
                )));
            }
            if !is_named(owned.table) && !way.iter().any(|(_, table)| is_named(*table)) {
                return Err(ModuleError(format!(
                    "records of {table} have owners, but no permission is named {table}.<verb>"
                )));
            }
        }
        Ok(())
    }

    /// The records with owners that a permission is about, if it is about such.
    pub(crate) fn owned(&self, permission: &str) -> Option<&'static OwnedResource> {
        inventory::iter::<OwnedResource>.into_iter().find(|owned| owned.is_of(permission))
    }

    /// The modules, the required ones first.
    pub fn iter(&self) -> impl Iterator<Item = &'static Module> + '_ {
        self.0.iter().copied()
    }

    /// The module of this name.
    pub fn find(&self, name: &str) -> Option<&'static Module> {
        self.iter().find(|module| module.name == name)
    }

    /// All permissions that the modules declare.
    pub fn permissions(&self) -> impl Iterator<Item = &'static PermissionInfo> + '_ {
        self.iter().flat_map(|module| module.permissions)
    }

    /// All kinds of records whose changes are events.
    pub fn events(&self) -> impl Iterator<Item = &'static EventSource> + '_ {
        self.iter().flat_map(|module| module.events)
    }

    /// All jobs, each with its topic in the outbox and its module.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = (String, &'static str, &'static Job)> + '_ {
        let of = |module: &'static Module| {
            module.jobs.iter().map(|job| (format!("{}/{}", module.name, job.name), module.name, job))
        };
        self.iter().flat_map(of)
    }

    /// What types of events mean, as the journal has it: `contact.created` is `contacts.created`. One of no module of this
    /// build means nothing.
    pub(crate) fn changes(&self, types: &[String]) -> Vec<String> {
        let meant = |name: &String| {
            let (source, change) = name.split_once('.')?;
            let source = self.events().find(|known| known.name == source)?;
            Some(format!("{}.{change}", source.resource))
        };
        types.iter().filter_map(meant).collect()
    }

    /// All kinds of notices, with the modules that declare them.
    pub fn notices(&self) -> impl Iterator<Item = (&'static Module, &'static NoticeKind)> + '_ {
        self.iter().flat_map(|module| module.notices.iter().map(move |kind| (module, *kind)))
    }

    /// What the caller of an operation has to have: the name of a permission, or of a kind of caller.
    pub fn need_of(&self, operation: &str) -> Option<String> {
        let paths = self.iter().flat_map(|module| (module.api.meta)()).flat_map(|api| api.paths);
        let mut operations = paths.flat_map(|path| path.operations);
        let found = operations.find(|found| found.operation_id == Some(operation))?;
        found.security.iter().flat_map(|need| need.keys()).next().map(|need| (*need).to_owned())
    }

    /// Where a record of this kind is shown: `/api/v1/contacts/` and its id. None where such records have no address.
    pub(crate) fn path_of(&self, resource: &str, record: &str) -> Option<String> {
        let collection = format!("/{}", resource.replace('_', "-"));
        let is_item = |path: &str| {
            path.rsplit_once('/').is_some_and(|(start, id)| {
                start.ends_with(&collection) && !start.contains([':', '{']) && id.starts_with([':', '{'])
            })
        };
        let mut paths = self.iter().flat_map(|module| (module.api.meta)()).flat_map(|api| api.paths);
        let found = paths.find(|path| is_item(&path.path))?;
        found.path.rsplit_once('/').map(|(start, _)| format!("{}{start}/{record}", super::PREFIX))
    }

    /// What a new tenant gets: the required ones and those named.
    pub(crate) fn for_new(&self, named: &[&str]) -> Vec<&'static Module> {
        self.iter().filter(|module| module.required || named.contains(&module.name)).collect()
    }

    /// The module that must be enabled for its routes to answer; none for a required one.
    pub(crate) fn gate(&self, name: &'static str) -> Option<&'static str> {
        self.find(name).filter(|module| !module.required).map(|module| module.name)
    }

    /// The migrations of a module. [`Modules::collect`] has checked that they can be read.
    pub(crate) fn migrations(module: &Module) -> Migrations {
        Migrations::parse(module.migrations).unwrap_or_default()
    }
}

/// Core's own modules, registered by the same descriptor.
const CORE: [&str; 5] = ["calendar", "crm", "events", "identity", "notifications"];
