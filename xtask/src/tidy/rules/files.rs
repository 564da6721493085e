//! What holds of every file.

use std::path::Path;

use super::{Fault, fault, sources, text};

/// Lines that one file may have.
const MOST: usize = 400;

/// A reader learns from the first line what a file is about.
pub fn say_what_lives_in_them(root: &Path) -> Vec<Fault> {
    let silent = sources(root).into_iter().filter(|path| !text(path).starts_with("//!"));
    silent.map(|path| fault(root, &path, None, "open with one `//!` line that says what lives here")).collect()
}

/// A file has one subject.
pub fn are_no_halls(root: &Path) -> Vec<Fault> {
    let lines = sources(root).into_iter().map(|path| (text(&path).lines().count(), path));
    let halls = lines.filter(|(lines, _)| *lines > MOST);
    halls
        .map(|(lines, path)| fault(root, &path, None, format!("has {lines} lines: which subject can move out?")))
        .collect()
}
