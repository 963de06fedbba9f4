//! Holds the workspace to the floor table of ARCHITECTURE.md, and its files to the house rules.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the workspace must fail")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

use circles::circles;
use rules::{Crate, FILE_LINES_MAX, file_violations, orphans, prose_violations, violations};
use table::{Row, parse_table};

#[path = "floors/circles.rs"]
mod circles;
#[path = "floors/rules.rs"]
mod rules;
#[path = "floors/table.rs"]
mod table;

/// The crates in which no files use each other in a circle.
const WITHOUT_CIRCLES: [&str; 3] = ["app", "api", "pages"];

// --- the workspace as it is -------------------------------------------------------------------

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn workspace() -> Vec<Crate> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned(), "--locked".to_owned()])
        .exec()
        .unwrap();
    let packages = metadata.workspace_packages().into_iter();
    packages
        .map(|package| Crate {
            name: package.name.to_string(),
            directory: package.manifest_path.parent().unwrap().file_name().unwrap().to_owned(),
            dependencies: package.dependencies.iter().map(|d| (d.name.clone(), d.kind)).collect(),
        })
        .collect()
}

fn table() -> Vec<Row> {
    parse_table(&fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()).unwrap()
}

fn toml_file(path: &str) -> toml::Table {
    fs::read_to_string(root().join(path)).unwrap().parse().unwrap()
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_manifests_keep_to_the_table() {
    assert_none(&violations(&table(), &workspace()));
}

#[test]
fn the_files_keep_to_the_house_rules() {
    let mut found = Vec::new();
    for row in table() {
        let files = rust_files(&root().join("crates").join(&row.name)).into_iter().map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned(), text)
        });
        let files: Vec<_> = files.collect();
        let broken = files.iter().flat_map(|(path, text)| file_violations(path, text, row.floor));
        found.extend(broken.chain(orphans(&files)));
    }
    assert_none(&found);
}

#[test]
fn prose_is_at_most_100_columns_wide() {
    let mut found = Vec::new();
    for folder in ["", "docs", "docs/decisions"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&path).unwrap();
                found.extend(prose_violations(&path.display().to_string(), &text));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let mut found = Vec::new();
    for name in WITHOUT_CIRCLES {
        let source = root().join("crates").join(name).join("src");
        let files = rust_files(&source).into_iter().map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.strip_prefix(&source).unwrap().to_str().unwrap().to_owned(), text)
        });
        let told = circles(&files.collect::<Vec<_>>()).into_iter();
        found.extend(told.map(|circle| format!("{name}: {circle}")));
    }
    assert_none(&found);
}

#[test]
fn every_use_case_is_compiled_in_app() {
    // Generic ones have no single body; of the last the macro does not see through an alias.
    let is_generic =
        |line: &str| line.contains("impl ") || line.split('(').next().unwrap().contains('<');
    let excepted = |line: &str| is_generic(line) || line.contains("Room<'_>");
    let mut found = Vec::new();
    for path in rust_files(&root().join("crates/app/src")) {
        let text = fs::read_to_string(&path).unwrap();
        for (before, rest) in text.match_indices("pub async fn ").map(|(at, _)| text.split_at(at)) {
            let signature = rest.split("{\n").next().unwrap();
            if !before.trim_end().ends_with("#[crate::boxed]") && !excepted(signature) {
                found.push(format!("{}: {signature} is not #[crate::boxed]", path.display()));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn every_crate_takes_the_workspace_lints() {
    for member in workspace() {
        let manifest = toml_file(&format!("crates/{}/Cargo.toml", member.directory));
        let taken = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        assert_eq!(taken, Some(&toml::Value::Boolean(true)), "{}: [lints]", member.name);
    }
}

#[test]
fn deny_toml_holds_the_same_heavy_dependencies() {
    let rows = table();
    let ours: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let deny = toml_file("deny.toml");
    let bans = deny["bans"]["deny"].as_array().unwrap();
    for heavy in rows.iter().filter(|row| row.floor.is_some()).flat_map(|row| &row.heavy) {
        let expected: BTreeSet<&str> = rows
            .iter()
            .filter(|row| row.heavy.contains(heavy))
            .map(|row| row.name.as_str())
            .collect();
        let ban = bans.iter().find(|ban| ban["crate"].as_str() == Some(heavy));
        let ban = ban.unwrap_or_else(|| panic!("deny.toml does not ban {heavy}"));
        let wrappers = ban["wrappers"].as_array().unwrap().iter().filter_map(toml::Value::as_str);
        let allowed: BTreeSet<&str> = wrappers.filter(|name| ours.contains(name)).collect();
        assert_eq!(allowed, expected, "wrappers of {heavy} in deny.toml");
    }
}

#[test]
fn only_the_top_floor_and_dev_crates_lift_the_bans_of_clippy_toml() {
    let mut settings = toml_file("clippy.toml");
    let bans = settings.remove("disallowed-methods").unwrap();
    assert!(!bans.as_array().unwrap().is_empty());
    settings.remove("disallowed-types");
    let rows = table();
    let top = rows.iter().filter_map(|row| row.floor).max();
    for row in &rows {
        let path = format!("crates/{}/clippy.toml", row.name);
        let lifts = root().join(&path).exists();
        assert_eq!(lifts, row.floor.is_none() || row.floor == top, "{path}");
        if lifts {
            assert_eq!(toml_file(&path), settings, "{path}: the settings other than the bans");
        }
    }
}

// --- the checker itself, on a made-up house ---------------------------------------------------

const HOUSE: &str = "\
Prose.

| floor | crate | may use (ours) | heavy | knows nothing about |
| --- | --- | --- | --- | --- |
| 0 | `cellar` | – | `pump` | light |
| 1 | `hall` | `cellar` | – | – |
| 2 | `attic` | `hall`, `cellar` | `bell` (rings) | – |
| dev | `ladder` | `hall` | `rope` | – |

| another | table |
";

fn house() -> Vec<Crate> {
    use DependencyKind::{Development, Normal};
    let member = |name: &str, dependencies: &[(&str, DependencyKind)]| Crate {
        name: name.to_owned(),
        directory: name.to_owned(),
        dependencies: dependencies.iter().map(|(d, kind)| ((*d).to_owned(), *kind)).collect(),
    };
    vec![
        member("cellar", &[("pump", Normal), ("brick", Normal)]),
        member("hall", &[("cellar", Normal), ("ladder", Development), ("rope", Development)]),
        member("attic", &[("hall", Normal), ("bell", Normal)]),
        member("ladder", &[("hall", Normal), ("rope", Normal)]),
    ]
}

#[test]
fn a_house_in_order_has_no_violations() {
    assert_none(&violations(&parse_table(HOUSE).unwrap(), &house()));
}

#[test]
fn each_wrong_dependency_is_named() {
    use DependencyKind::{Build, Development, Normal};
    let cases = [
        ("cellar", "hall", Normal, "cellar may not use hall"),
        ("cellar", "attic", Development, "cellar may not use attic"),
        ("hall", "attic", Build, "hall may not use attic"),
        ("hall", "pump", Normal, "hall names pump, which only cellar may"),
        ("hall", "bell", Development, "hall names bell, which only attic may"),
        ("attic", "ladder", Normal, "attic names the dev crate ladder outside its tests"),
        ("attic", "rope", Normal, "attic names rope, which only ladder may"),
        ("ladder", "attic", Normal, "ladder may not use attic"),
        ("ladder", "pump", Normal, "ladder names pump, which only cellar may"),
    ];
    for (from, to, kind, expected) in cases {
        let mut crates = house();
        let member = crates.iter_mut().find(|member| member.name == from).unwrap();
        member.dependencies.push((to.to_owned(), kind));
        assert_eq!(violations(&parse_table(HOUSE).unwrap(), &crates), [expected]);
    }
}

#[test]
fn a_table_that_lies_is_named() {
    let cases = [
        ("| 1 | `hall` | `cellar` |", "| 1 | `hall` | `cellar`, `attic` |", "does not lead down"),
        ("| 0 | `cellar` | – |", "| 0 | `cellar` | `ladder` |", "does not lead down"),
        ("| dev | `ladder` | `hall` |", "| dev | `ladder` | `hall`, `roof` |", "has no row"),
        ("`bell` (rings)", "`bell`, `gong`", "the table says attic names gong; it does not"),
        ("| 0 | `cellar` |", "| 0 | `tank` | – | – | – |\n| 0 | `cellar` |", "is no crate"),
    ];
    for (true_words, false_words, expected) in cases {
        assert!(HOUSE.contains(true_words), "{true_words}");
        let rows = parse_table(&HOUSE.replace(true_words, false_words)).unwrap();
        let found = violations(&rows, &house());
        assert!(found.len() == 1 && found[0].contains(expected), "{false_words}: {found:?}");
    }
    let mut crates = house();
    crates[0].directory = "basement".to_owned();
    crates.push(Crate { name: "shed".into(), directory: "shed".into(), dependencies: vec![] });
    assert_eq!(violations(&parse_table(HOUSE).unwrap(), &crates).len(), 2);
    assert!(parse_table("no table").is_err());
}

#[test]
fn a_file_that_nothing_compiles_is_named() {
    let check = |parent: &str, text: &str, path: &str, is_orphan: bool| {
        let files = [(parent, text), (path, "")].map(|(path, text)| (path.into(), text.into()));
        let found = orphans(&files);
        assert_eq!(found.iter().any(|told| told.starts_with(path)), is_orphan, "{path}: {found:?}");
    };
    check("crates/hall/src/lib.rs", "pub(crate) mod lamp;", "crates/hall/src/lamp.rs", false);
    check("crates/hall/src/lib.rs", "mod lamp;", "crates/hall/src/lamp/mod.rs", false);
    check("crates/hall/src/lamp.rs", "    mod bulb;", "crates/hall/src/lamp/bulb.rs", false);
    check("crates/hall/src/lib.rs", "mod lamp;", "crates/hall/src/main.rs", false);
    check("crates/hall/src/lib.rs", "mod lamps;", "crates/hall/src/lamp.rs", true);
    check("crates/hall/src/lib.rs", "// mod lamp", "crates/hall/src/lamp/bulb.rs", true);
    check("crates/hall/src/lib.rs", "mod lamp;", "crates/hall/tests/lamp.rs", false);
    check("crates/hall/tests/main.rs", "mod door;", "crates/hall/tests/lamp.rs", true);
}

#[test]
fn each_wrong_file_is_named() {
    let good = "//! Rings.\nfn ring() {}\n";
    let long = format!("{good}{}", "\n".repeat(FILE_LINES_MAX));
    let cases = [
        ("crates/attic/src/bell.rs", good, Some(2), None),
        ("crates/attic/src/bell.rs", "fn ring() {}\n", Some(2), Some("does not open")),
        ("crates/attic/src/bell.rs", long.as_str(), Some(2), Some("is the end")),
        ("crates/attic/src/utils.rs", good, Some(2), Some("`utils` names nothing")),
        ("crates/attic/tests/common/mod.rs", good, Some(2), Some("`common` names nothing")),
        ("crates/hall/src/lamp.rs", "//! L.\nuse std::fs;\n", Some(1), Some("knows `std::fs`")),
        ("crates/hall/src/lamp.rs", "//! No std::fs here.\n", Some(1), None),
        ("crates/attic/src/lamp.rs", "//! L.\nuse std::fs;\n", Some(2), None),
    ];
    for (path, text, floor, expected) in cases {
        let found = file_violations(path, text, floor);
        match expected {
            None => assert_none(&found),
            Some(words) => assert!(found.len() == 1 && found[0].contains(words), "{found:?}"),
        }
    }
}

#[test]
fn a_wide_line_of_prose_is_named() {
    let wide = "word ".repeat(21);
    assert_eq!(prose_violations("README.md", &wide), ["README.md:1 is 105 columns wide"]);
    for kept in [format!("| {wide} |"), format!("```\n{wide}\n```"), "word ".repeat(20)] {
        assert_none(&prose_violations("README.md", &kept));
    }
}
