//! What may depend on what, and what a source file must keep to; every breach as a sentence.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::DependencyKind;

use super::table::Row;

pub(crate) const FILE_LINES_MAX: usize = 500;
const PROSE_COLUMNS_MAX: usize = 100;
const NAMELESS: [&str; 7] = ["common", "helper", "helpers", "shared", "util", "utils", "misc"];
/// What the floors 0 and 1 know nothing about, as far as the standard library offers it.
const WORLDLY: [&str; 6] =
    ["std::env", "std::fs", "std::net", "std::process", "std::thread", "async fn"];

/// A member of the workspace: what it is called, where it lives, what its manifest names.
#[derive(Debug, Clone)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) directory: String,
    pub(crate) dependencies: Vec<(String, DependencyKind)>,
}

/// Every way in which the manifests and the table disagree, as sentences.
pub(crate) fn violations(rows: &[Row], crates: &[Crate]) -> Vec<String> {
    let names: BTreeSet<&str> = crates.iter().map(|c| c.name.as_str()).collect();
    let rows_by_name: BTreeMap<&str, &Row> = rows.iter().map(|r| (r.name.as_str(), r)).collect();
    let mut found = table_violations(rows, &names);
    for member in crates {
        if member.name != member.directory {
            found.push(format!("crate {} lives in directory {}", member.name, member.directory));
        }
        let Some(row) = rows_by_name.get(member.name.as_str()) else {
            found.push(format!("{} has no row in the table", member.name));
            continue;
        };
        for (dependency, kind) in &member.dependencies {
            let verdict = if names.contains(dependency.as_str()) {
                check_floor(row, dependency, *kind, &rows_by_name)
            } else {
                check_heavy(row, dependency, *kind, rows)
            };
            found.extend(verdict.err());
        }
        for heavy in &row.heavy {
            if row.floor.is_some() && !member.dependencies.iter().any(|(name, _)| name == heavy) {
                found.push(format!("the table says {} names {heavy}; it does not", row.name));
            }
        }
    }
    found
}

/// The table against itself: rows without a crate, arrows that do not lead down.
fn table_violations(rows: &[Row], names: &BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows {
        if !names.contains(row.name.as_str()) {
            found.push(format!("the table has a row for {}, which is no crate", row.name));
        }
        for used in &row.may_use {
            let Some(other) = rows.iter().find(|other| &other.name == used) else {
                found.push(format!("{} may use {used}, which has no row", row.name));
                continue;
            };
            let leads_down = match (row.floor, other.floor) {
                (Some(from), Some(to)) => to < from,
                (None, to) => to.is_some() && other.name != row.name,
                (Some(_), None) => false,
            };
            if !leads_down {
                found.push(format!("the arrow from {} to {used} does not lead down", row.name));
            }
        }
    }
    found
}

/// A dependency on a crate of ours: along an arrow, or a dev crate for the tests.
fn check_floor(
    row: &Row,
    used: &str,
    kind: DependencyKind,
    rows: &BTreeMap<&str, &Row>,
) -> Result<(), String> {
    let is_dev_crate = rows.get(used).is_some_and(|other| other.floor.is_none());
    match (is_dev_crate, kind) {
        (true, DependencyKind::Development) => Ok(()),
        (true, _) => Err(format!("{} names the dev crate {used} outside its tests", row.name)),
        (false, _) if row.may_use.contains(used) => Ok(()),
        (false, _) => Err(format!("{} may not use {used}", row.name)),
    }
}

/// A heavy dependency: in a row that names it, or under dev-dependencies when a dev row names it.
fn check_heavy(row: &Row, used: &str, kind: DependencyKind, rows: &[Row]) -> Result<(), String> {
    let owners: Vec<&Row> = rows.iter().filter(|other| other.heavy.contains(used)).collect();
    let for_tests = owners.iter().any(|owner| owner.floor.is_none());
    if owners.is_empty() || row.heavy.contains(used) {
        return Ok(());
    }
    if for_tests && (row.floor.is_none() || kind == DependencyKind::Development) {
        return Ok(());
    }
    let owners: Vec<&str> = owners.iter().map(|owner| owner.name.as_str()).collect();
    Err(format!("{} names {used}, which only {} may", row.name, owners.join(", ")))
}

/// The files of a crate (path, text) that no `mod` beside or above them names: nothing compiles them.
pub(crate) fn orphans(files: &[(String, String)]) -> Vec<String> {
    let names = |parent: String, name: &str| {
        let text = files.iter().find(|(path, _)| *path == parent).map(|(_, text)| text.lines());
        let declared = |line: &str| {
            line.trim_start()
                .trim_end_matches(';')
                .rsplit_once("mod ")
                .is_some_and(|(_, it)| it == name)
        };
        text.is_some_and(|mut lines| lines.any(declared))
    };
    let is_orphan = |path: &str| {
        let (folder, name) =
            path.trim_end_matches("/mod.rs").trim_end_matches(".rs").rsplit_once('/')?;
        let roots = ["mod", "lib", "main"].map(|root| format!("{folder}/{root}.rs"));
        let has_main = files.iter().any(|(path, _)| *path == format!("{folder}/main.rs"));
        let is_root = matches!(name, "lib" | "main")
            || folder.ends_with("/examples")
            // Where there is no `tests/main.rs`, cargo makes a program of each file there.
            || folder.ends_with("/tests") && !has_main;
        let mut parents = roots.into_iter().chain([format!("{folder}.rs")]);
        let is_orphan = !is_root && !parents.any(|parent| names(parent, name));
        is_orphan.then(|| format!("{path} is named by no `mod`"))
    };
    files.iter().filter_map(|(path, _)| is_orphan(path)).collect()
}

/// What a source file breaks: its first line, its length, its name, and what its floor may know.
pub(crate) fn file_violations(path: &str, text: &str, floor: Option<u8>) -> Vec<String> {
    let mut found = Vec::new();
    if !text.starts_with("//! ") {
        found.push(format!("{path} does not open with a `//!` sentence"));
    }
    let lines = text.lines().count();
    if lines > FILE_LINES_MAX {
        found.push(format!("{path} has {lines} lines; {FILE_LINES_MAX} is the end"));
    }
    let words = path.trim_end_matches(".rs").split('/');
    for word in words.filter(|word| NAMELESS.contains(word)) {
        found.push(format!("{path}: `{word}` names nothing"));
    }
    // An example is a program, and stands on no floor.
    let is_example = path.contains("/examples/");
    if floor.is_some_and(|floor| floor <= 1) && !is_example {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for (line, word) in code.flat_map(|line| WORLDLY.map(|word| (line, word))) {
            if line.contains(word) {
                found.push(format!("{path} knows `{word}`, which its floor must not"));
            }
        }
    }
    found
}

/// Lines of prose that are too wide to read. Tables and code keep their lines.
pub(crate) fn prose_violations(path: &str, text: &str) -> Vec<String> {
    let mut is_code = false;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let start = line.trim_start();
        is_code ^= start.starts_with("```");
        let columns = line.chars().count();
        if !is_code && !start.starts_with(['|', '`']) && columns > PROSE_COLUMNS_MAX {
            found.push(format!("{path}:{number} is {columns} columns wide"));
        }
    }
    found
}
