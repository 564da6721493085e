//! Where the workspace names its modules: the manifest, with a feature for each, and the list of what a build ships.

use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Value};

use super::names::Names;

/// The two files as they are with the new module.
pub(super) fn wired(root: &Path, names: &Names) -> Result<Vec<(PathBuf, String)>, String> {
    let read = |path: &str| std::fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"));
    let (manifest, library) = ("Cargo.toml", "src/lib.rs");
    Ok(vec![
        (manifest.into(), in_manifest(&read(manifest)?, names).map_err(|reason| format!("{manifest}: {reason}"))?),
        (library.into(), in_library(&read(library)?, names).map_err(|reason| format!("{library}: {reason}"))?),
    ])
}

fn in_manifest(text: &str, names: &Names) -> Result<String, String> {
    let mut manifest: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let package = names.package();
    let place = inline([("path", format!("modules/{}", names.name).into())]);
    table(&mut manifest, &["workspace", "dependencies"])?.insert(&package, place);
    let optional = inline([("workspace", true.into()), ("optional", true.into())]);
    let dependencies = table(&mut manifest, &["dependencies"])?;
    dependencies.insert(&package, optional);
    dependencies.sort_values();
    let features = table(&mut manifest, &["features"])?;
    if features.contains_key(&names.name) {
        return Err(format!("there is a feature {} already", names.name));
    }
    features.insert(&names.name, Item::Value(Array::from_iter([format!("dep:{package}")]).into()));
    let default =
        features.get_mut("default").and_then(Item::as_array_mut).ok_or("there is no list of default features")?;
    default.push(names.name.as_str());
    Ok(manifest.to_string())
}

fn inline<const N: usize>(pairs: [(&str, Value); N]) -> Item {
    Item::Value(InlineTable::from_iter(pairs).into())
}

fn table<'a>(manifest: &'a mut DocumentMut, path: &[&str]) -> Result<&'a mut dyn toml_edit::TableLike, String> {
    let mut item = manifest.as_item_mut();
    for name in path {
        item = item.get_mut(name).ok_or_else(|| format!("there is no [{}]", path.join(".")))?;
    }
    item.as_table_like_mut().ok_or_else(|| format!("{} is no table", path.join(".")))
}

/// Named, so that it is linked, and listed, so that a start finds what was meant.
fn in_library(text: &str, names: &Names) -> Result<String, String> {
    let feature = format!("#[cfg(feature = \"{}\")]\n", names.name);
    let linked = format!("{feature}use {} as _;\n", names.krate);
    let listed = format!("    {feature}    \"{}\",\n", names.name);
    let mut text = text.to_owned();
    for (before, new) in [("use tokio as _;\n", linked), ("];\n", listed)] {
        let place = text.find(before).ok_or_else(|| format!("there is no line `{}`", before.trim_end()))?;
        text.insert_str(place, &new);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_named_wherever_the_others_are() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let names = Names::checked("hair-salon", "chair", None, None).unwrap();
        let [(_, manifest), (_, library)] = wired(root, &names).unwrap().try_into().unwrap();
        for line in [
            "tenantry-hair-salon = { path = \"modules/hair-salon\" }\n",
            "tenantry-hair-salon = { workspace = true, optional = true }\n",
            "hair-salon = [\"dep:tenantry-hair-salon\"]\n",
            "\"hair-salon\"]\n",
        ] {
            assert!(manifest.contains(line), "{line}{manifest}");
        }
        assert!(library.contains("#[cfg(feature = \"hair-salon\")]\nuse tenantry_hair_salon as _;\nuse tokio as _;"));
        assert!(library.contains("    #[cfg(feature = \"hair-salon\")]\n    \"hair-salon\",\n];"));
        // Comments and order stay.
        let before = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let lost: Vec<&str> =
            before.lines().filter(|line| !line.starts_with("default = ") && !manifest.contains(line)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}
