//! Refuses circles of files inside a crate: files that use each other can only be read together.
//!
//! A file uses another when it names something that is *defined* there, in a `use` or in a path:
//! `use crate::keys::Key`, `super::shut(…)`, or `keys::find(…)` after `use crate::keys`. A re-export
//! is looked through, so a parent that only declares its children and passes their names on is in
//! no circle, whatever the children use of one another; and naming a module is nothing until
//! something in it is named. What stands under `#[cfg(test)]` does not count.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

/// Each circle of files among these (path below `src/`, text), with what each uses of the next.
pub(super) fn circles(files: &[(String, String)]) -> Vec<String> {
    let house: House =
        files.iter().map(|(path, text)| (module_of(path), Room::read(path, text))).collect();
    let uses: BTreeMap<&str, BTreeMap<&str, String>> =
        house.iter().map(|(at, room)| (room.path.as_str(), uses(&house, at, room))).collect();
    let found: BTreeSet<Vec<&str>> = uses.keys().filter_map(|from| way_back(&uses, from)).collect();
    let told = found.into_iter().map(|circle| {
        let next = circle.iter().cycle().skip(1);
        let steps = circle.iter().zip(next);
        let steps = steps.map(|(from, to)| format!(" uses {} of {to}", uses[from][to]));
        circle[0].to_owned() + &steps.collect::<Vec<_>>().join(", which")
    });
    told.collect()
}

/// A module's place: its name and its parents', outermost first.
type Place = Vec<String>;
type House = BTreeMap<Place, Room>;

/// A file, as far as it matters here.
struct Room {
    path: String,
    imports: Vec<Import>,
    /// Everything but `use` and what is for tests only.
    body: Vec<String>,
}

/// One name that a `use` brings in.
struct Import {
    /// `*` for all that a module has.
    name: String,
    path: Place,
    is_public: bool,
}

/// What a path leads to.
enum Target {
    Module(Place),
    Item(Place),
}

impl Room {
    fn read(path: &str, text: &str) -> Room {
        let tokens = without_tests(tokens(text));
        let (mut imports, mut body) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < tokens.len() {
            if tokens[at] == "use" {
                let is_public = at > 0 && (tokens[at - 1] == "pub" || tokens[at - 1] == ")");
                let length = tokens[at..].iter().position(|token| token == ";").unwrap();
                let mut tree = &tokens[at + 1..at + length];
                read_tree(&mut tree, &[], is_public, &mut imports);
                at += length;
            } else {
                body.push(tokens[at].clone());
            }
            at += 1;
        }
        Room { path: path.to_owned(), imports, body }
    }

    fn import(&self, name: &str) -> Option<&Import> {
        self.imports.iter().find(|import| import.name == name)
    }

    /// Whether it defines something of this name.
    fn defines(&self, name: &str) -> bool {
        const WORDS: [&str; 8] =
            ["fn", "struct", "enum", "type", "const", "static", "trait", "macro_rules"];
        self.body.windows(2).any(|pair| WORDS.contains(&pair[0].as_str()) && pair[1] == name)
    }

    /// Whether its own code says this name: a function's as a call, not as that of a declaration.
    fn says(&self, name: &str) -> bool {
        let is_type = name.starts_with(char::is_uppercase);
        let said = |at: usize| {
            let before = at.checked_sub(1).map_or("", |at| &self.body[at]);
            let is_call = self.body.get(at + 1).is_some_and(|after| after == "(");
            self.body[at] == name && (is_type || is_call && !["fn", "::", "."].contains(&before))
        };
        (0..self.body.len()).any(said)
    }

    /// The paths of its body.
    fn paths(&self) -> Vec<Place> {
        let is_word = |at: usize| self.body.get(at).is_some_and(|token| is_name(token));
        let is_step = |at: usize| self.body.get(at).is_some_and(|token| token == "::");
        let mut found = Vec::new();
        for start in 0..self.body.len() {
            let before = start.checked_sub(1).map_or("", |at| &self.body[at]);
            if !is_word(start) || !is_step(start + 1) || ["::", ".", "in"].contains(&before) {
                continue;
            }
            let mut path = vec![self.body[start].clone()];
            let mut at = start;
            while is_step(at + 1) && is_word(at + 2) {
                at += 2;
                path.push(self.body[at].clone());
            }
            found.push(path);
        }
        found
    }
}

/// What a file uses of which others.
fn uses<'h>(house: &'h House, at: &Place, room: &Room) -> BTreeMap<&'h str, String> {
    let mut found = BTreeMap::new();
    let mut note = |path: &Place, target: Option<Target>| {
        let Some(Target::Item(place)) = target else { return };
        if place != *at {
            found.entry(house[&place].path.as_str()).or_insert(path.last().unwrap().clone());
        }
    };
    for import in &room.imports {
        let is_glob = import.name == "*" && !import.is_public;
        let target = match resolve(house, at, &import.path, 0) {
            Some(Target::Module(place)) if is_glob => Some(Target::Item(place)),
            other => other,
        };
        if !import.is_public || room.says(&import.name) {
            note(&import.path, target);
        }
    }
    for path in room.paths() {
        note(&path, resolve(house, at, &path, 0));
    }
    found
}

/// Where a path leads that stands in a module; `None` if out of the crate.
fn resolve(house: &House, from: &Place, path: &[String], depth: usize) -> Option<Target> {
    let (first, rest) = path.split_first()?;
    let child: Place = from.iter().chain([first]).cloned().collect();
    let start = match first.as_str() {
        "crate" => Vec::new(),
        "self" => from.clone(),
        "super" => from[..from.len().checked_sub(1)?].to_vec(),
        _ if house.contains_key(&child) => child,
        name => {
            let import = house[from].import(name).filter(|_| depth < 20)?;
            match resolve(house, from, &import.path, depth + 1)? {
                Target::Module(place) => place,
                item => return Some(item),
            }
        }
    };
    let Some((name, rest)) = rest.split_first() else { return Some(Target::Module(start)) };
    if name == "super" {
        let up: Place = [vec!["super".to_owned()], rest.to_vec()].concat();
        return resolve(house, &start, &up, depth);
    }
    let inner: Place = start.iter().chain([name]).cloned().collect();
    let room = &house[&start];
    if house.contains_key(&inner) || room.import(name).is_some() {
        let path: Place = [std::slice::from_ref(name), rest].concat();
        return if depth < 20 { resolve(house, &start, &path, depth + 1) } else { None };
    }
    let globs = room.imports.iter().filter(|import| import.name == "*");
    for glob in globs.filter(|_| !room.defines(name)) {
        if let Some(Target::Module(place)) = resolve(house, &start, &glob.path, depth + 1)
            && house[&place].defines(name)
        {
            return Some(Target::Item(place));
        }
    }
    Some(Target::Item(start))
}

/// The shortest way from a file back to itself, begun at the circle's first file by name.
fn way_back<'h>(
    uses: &BTreeMap<&'h str, BTreeMap<&'h str, String>>,
    from: &&'h str,
) -> Option<Vec<&'h str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([*from]);
    while let Some(at) = waiting.pop_front() {
        for next in uses[at].keys() {
            if next == from {
                let back = std::iter::successors(Some(at), |at| came_from.get(at).copied());
                let mut circle: Vec<&str> = back.collect();
                circle.reverse();
                let first = (0..circle.len()).min_by_key(|at| circle[*at])?;
                circle.rotate_left(first);
                return Some(circle);
            }
            if !came_from.contains_key(next) {
                came_from.insert(next, at);
                waiting.push_back(next);
            }
        }
    }
    None
}

fn module_of(path: &str) -> Place {
    let path = Path::new(path).with_extension("");
    let mut place: Place = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if ["lib", "main", "mod"].contains(&place.last().unwrap().as_str()) {
        place.pop();
    }
    place
}

/// Reads the tree of a `use`: `a::{b, c as d}`.
fn read_tree(tree: &mut &[String], before: &[String], is_public: bool, found: &mut Vec<Import>) {
    let mut path = before.to_vec();
    while let Some((token, rest)) = tree.split_first() {
        *tree = rest;
        match token.as_str() {
            "::" => continue,
            "{" => {
                while tree.first().is_some_and(|token| token != "}") {
                    read_tree(tree, &path, is_public, found);
                    *tree = tree.strip_prefix(&[",".to_owned()]).unwrap_or(tree);
                }
                *tree = &tree[1..];
                return;
            }
            "self" if !before.is_empty() => {}
            "*" => {
                found.push(Import { name: "*".to_owned(), path, is_public });
                return;
            }
            word => path.push(word.to_owned()),
        }
        if tree.first().is_none_or(|token| token != "::") {
            break;
        }
    }
    let mut name = path.last().unwrap().clone();
    if tree.first().is_some_and(|token| token == "as") {
        name.clone_from(&tree[1]);
        *tree = &tree[2..];
    }
    found.push(Import { name, path, is_public });
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The words and signs of a Rust text, without comments and literals.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_string(rest) {
            length
        } else if first == '"' {
            1 + literal(&rest[1..], '"')
        } else if rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'') && first == '\'' {
            1 + literal(&rest[1..], '\'')
        } else if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            found.push(rest[..length].to_owned());
            length
        } else {
            let length = if rest.starts_with("::") { 2 } else { first.len_utf8() };
            if !first.is_whitespace() {
                found.push(rest[..length].to_owned());
            }
            length
        };
        rest = &rest[length..];
    }
    found
}

/// The bytes up to and with the closing quote.
fn literal(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('r')?;
    let hashes = inner.find(|c| c != '#').filter(|at| inner[*at..].starts_with('"'))?;
    let end = format!("\"{}", "#".repeat(hashes));
    let body = &inner[hashes + 1..];
    Some(1 + hashes + 1 + body.find(&end).map_or(body.len(), |at| at + end.len()))
}

/// Leaves out each item under `#[cfg(test)]`.
fn without_tests(tokens: Vec<String>) -> Vec<String> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !MARK.iter().enumerate().all(|(i, mark)| tokens.get(at + i).is_some_and(|t| t == mark)) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let mut depth = 0;
        while at < tokens.len() {
            at += 1;
            match tokens[at - 1].as_str() {
                "{" => depth += 1,
                "}" if depth == 1 => break,
                "}" => depth -= 1,
                ";" if depth == 0 => break,
                _ => {}
            }
        }
    }
    kept
}

// --- the checker itself, on made-up crates ----------------------------------------------------

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    circles(&files.iter().map(owned).collect::<Vec<_>>())
}

#[test]
fn files_that_only_look_down_are_no_circle() {
    let files = [
        ("lib.rs", "mod bell; pub mod door; pub use door::Door; pub type Answer = u8;"),
        ("bell.rs", "use crate::Answer; pub fn ring() -> Answer { 1 }"),
        ("door.rs", "use crate::{Answer, bell}; pub struct Door; fn f() { bell::ring(); }"),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn each_way_to_name_something_counts() {
    let ways = [
        "use crate::door::Door;",
        "use crate::{door::{self, Door as D}};",
        "use crate::door; fn f() { door::open(); }",
        "fn f() -> crate::door::Door { todo!() }",
        "use super::door::*;",
        "use crate::Door;",
        "use crate as house; fn f(_: Vec<house::door::Door>) {}",
        "mod inner { fn f() { crate::door::open(); } }",
    ];
    for way in ways {
        let files = [
            ("lib.rs", "pub mod door; pub mod bell; pub use door::Door;"),
            ("door.rs", "pub struct Door; pub fn open() { crate::bell::ring(); }"),
            ("bell.rs", way),
        ];
        let circles = found(&files);
        let is_told = |circle: &String| {
            circle.starts_with("bell.rs uses ") && circle.ends_with(", which uses ring of bell.rs")
        };
        assert!(circles.len() == 1 && is_told(&circles[0]), "{way}: {circles:?}");
    }
}

#[test]
fn what_names_nothing_does_not_count() {
    let ways = [
        "// use crate::door::Door;",
        "const HELP: &str = \"crate::door::open()\"; const RAW: &str = r#\"\"crate::door::A\"#;",
        "#[cfg(test)] mod tests { use crate::door::Door; } const C: char = '\"';",
        "use crate::door;",
        "pub(in crate::door) fn f<'a>(a: &'a u8) {}",
        "use house::door::Door; fn f() { house::door::open(); }",
        "pub use crate::door::Door;",
    ];
    for way in ways {
        let files = [
            ("lib.rs", "pub mod door; pub mod bell;"),
            ("door.rs", "pub struct Door; pub fn open() { crate::bell::ring(); }"),
            ("bell.rs", way),
        ];
        assert_eq!(found(&files), [""; 0], "{way}");
    }
}

#[test]
fn a_parent_that_only_passes_names_on_is_looked_through() {
    let parent = "mod read; mod write; pub use read::find; pub use write::*;";
    let read = "pub fn find() {}";
    let write = "use super::find; pub fn save() { find(); }";
    let user = "use crate::note; fn f() { note::save(); note::find(); }";
    let files = |parent, read, user| {
        [
            ("lib.rs", "pub mod note; mod user;"),
            ("note/mod.rs", parent),
            ("note/read.rs", read),
            ("note/write.rs", write),
            ("user.rs", user),
        ]
    };
    assert_eq!(found(&files(parent, read, user)), [""; 0]);
    let upward = "use super::save; pub fn find() { save(); }";
    let told = ["note/read.rs uses save of note/write.rs, which uses find of note/read.rs"];
    assert_eq!(found(&files(parent, upward, user)), told);
    // A parent whose own functions use a child's is in a circle once that child uses one of them.
    let busy = "mod read; mod write; pub use read::find; pub fn tidy() { find(); }";
    let again = "pub fn find() { super::tidy(); }";
    let told = ["note/mod.rs uses find of note/read.rs, which uses tidy of note/mod.rs"];
    assert_eq!(found(&files(busy, again, "")), told);
}

#[test]
fn a_long_circle_is_told_in_full_and_once() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "fn a() { crate::b::b(); }"),
        ("b.rs", "fn b() { crate::c::c(); crate::d::d(); }"),
        ("c.rs", "fn c() { super::a::a(); }"),
        ("d.rs", "fn d() {}"),
    ];
    let told = ["a.rs uses b of b.rs, which uses c of c.rs, which uses a of a.rs"];
    assert_eq!(found(&files), told);
}
