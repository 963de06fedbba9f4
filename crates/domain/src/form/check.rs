//! Whether a form may be published: every fault at once, each with the path of what is wrong.

use std::collections::{HashMap, HashSet};

use super::{Condition, Field, FieldKind, Item, Piece, Section, Variable, is_reserved, pieces};
use super::{humanised, underscored};
use crate::message::check_text;
use crate::user::check_line;
use crate::{Invalid, limits};

/// Checks the sections of a form that somebody wants to publish. Paths are those of the parts:
/// `sections.0.title`, `sections.0.opens_when`, `sections.0.items.2.label`.
pub fn check_sections(sections: &[Section]) -> Result<(), Invalid> {
    let mut invalid = Invalid::new();
    let fields = sections.iter().flat_map(Section::fields).count();
    invalid.require(fields > 0, "sections", "must have at least one question");
    invalid.require(fields <= limits::FORM_FIELDS, "sections", "must have at most 200 questions");
    invalid.require(sections.len() <= limits::FORM_SECTIONS, "sections", "must be at most 50");
    let prompts = sections.iter().map(|section| section.items.len()).sum::<usize>() - fields;
    invalid.require(prompts <= limits::FORM_PROMPTS, "sections", "must have at most 200 prompts");
    let mut seen = Seen::default();
    for (i, section) in sections.iter().enumerate() {
        let path = format!("sections.{i}");
        check_line(&mut invalid, &format!("{path}.title"), &section.title);
        for (j, item) in section.items.iter().enumerate() {
            let path = format!("{path}.items.{j}");
            match item {
                Item::Prompt(text) => check_prompt(&mut invalid, &path, text),
                Item::Field(field) => check_field(&mut invalid, &path, field, &mut seen),
            }
        }
    }
    let origins = origins(sections);
    for (i, section) in sections.iter().enumerate() {
        if let Some(condition) = &section.opens_when {
            let path = format!("sections.{i}.opens_when");
            check_condition(&mut invalid, &path, condition, sections);
            invalid.require(
                !depends_on_itself(i, &origins),
                &path,
                "must not depend on an answer that only this section leads to",
            );
        }
    }
    invalid.or(())
}

/// Names and labels of the fields before.
#[derive(Default)]
struct Seen<'a> {
    names: HashSet<&'a str>,
    labels: HashSet<&'a str>,
}

fn check_prompt(invalid: &mut Invalid, path: &str, text: &str) {
    let path = format!("{path}.prompt");
    invalid.require(!text.trim().is_empty(), &path, "must not be empty");
    check_text(invalid, &path, text);
    for piece in pieces(text) {
        if let Piece::Unknown(name) = piece {
            let known: Vec<String> =
                Variable::ALL.iter().map(|known| format!("{{{}}}", known.as_str())).collect();
            let known = known.join(", ");
            invalid.add(&path, format!("must not use {{{name}}}: there are {known}"));
        }
    }
}

fn check_field<'a>(invalid: &mut Invalid, path: &str, field: &'a Field, seen: &mut Seen<'a>) {
    let at = |part: &str| format!("{path}.{part}");
    check_line(invalid, &at("label"), &field.label);
    check_line(invalid, &at("hint"), &field.hint);
    invalid.require(!field.label.trim().is_empty(), &at("label"), "must not be empty");
    check_name(invalid, &at("name"), field, seen);
    let is_own = !is_reserved(&field.name);
    invalid.require(
        !is_own || seen.labels.insert(&field.label) || field.label.is_empty(),
        &at("label"),
        "must differ from the labels before it",
    );
    let options = field.kind.options();
    let mut offered = HashSet::new();
    for option in options {
        check_line(invalid, &at("options"), option);
        let is_sound = !option.is_empty() && option.trim() == option;
        invalid.require(is_sound, &at("options"), "must not be empty or begin with a space");
        let is_new = offered.insert(option);
        invalid.require(is_new, &at("options"), "must differ from each other");
    }
    let least = usize::from(field.kind.is_choice());
    invalid.require(
        (least..=limits::FIELD_OPTIONS).contains(&options.len()),
        &at("options"),
        "must be 1 to 200",
    );
    invalid.require(
        field.rules.is_empty() || field.kind.has_rules(),
        &at("kind"),
        "must be one of text where its length or its pattern is given",
    );
    field.rules.check_sound(invalid, path);
}

fn check_name<'a>(invalid: &mut Invalid, path: &str, field: &'a Field, seen: &mut Seen<'a>) {
    check_line(invalid, path, &field.name);
    match field.kind.own_name() {
        Some(own) => {
            let rule = format!("must be {own} for this kind of answer");
            invalid.require(field.name == own, path, &rule);
        }
        None => {
            let is_sound = !field.name.is_empty() && underscored(&field.name) == field.name;
            let rule = "must be lower-case letters, digits and single underscores";
            invalid.require(is_sound, path, rule);
            let is_kept_apart = field.name == "receiver_name" || field.name == "user_id";
            invalid.require(!is_kept_apart, path, "must not be one that the message keeps itself");
        }
    }
    let mut is_new = true;
    for name in field.answer_names() {
        is_new &= seen.names.insert(name);
    }
    let is_address = field.kind == FieldKind::Address;
    let rule = if is_address {
        "must not stand beside another question for a part of the address"
    } else {
        "must differ from the names before it"
    };
    invalid.require(is_new || field.name.is_empty(), path, rule);
}

fn check_condition(invalid: &mut Invalid, path: &str, condition: &Condition, sections: &[Section]) {
    let mut fields = sections.iter().flat_map(Section::fields);
    let Some(field) = fields.find(|field| field.name == condition.field) else {
        let name = humanised(&condition.field);
        return invalid.add(path, format!("must name a question of the form, not “{name}”"));
    };
    let may_open = field.kind.opening_answers();
    if may_open.is_empty() {
        let rule = format!("must depend on a choice or a tick, which “{}” is not", field.label);
        return invalid.add(path, rule);
    }
    invalid.require(!condition.any_of.is_empty(), path, "must name at least one answer");
    for answer in condition.any_of.iter().filter(|answer| !may_open.contains(answer)) {
        invalid.add(path, format!("must not wait for “{answer}”, which “{}” has not", field.label));
    }
}

/// For each section the one that asks what opens it.
fn origins(sections: &[Section]) -> Vec<Option<usize>> {
    let mut asked_in = HashMap::new();
    for (i, section) in sections.iter().enumerate() {
        for field in section.fields() {
            asked_in.entry(field.name.as_str()).or_insert(i);
        }
    }
    let origin = |section: &Section| {
        let condition = section.opens_when.as_ref()?;
        asked_in.get(condition.field.as_str()).copied()
    };
    sections.iter().map(origin).collect()
}

fn depends_on_itself(section: usize, origins: &[Option<usize>]) -> bool {
    let mut at = origins[section];
    // No chain without a cycle is longer than there are sections.
    for _ in 0..origins.len() {
        match at {
            Some(origin) if origin == section => return true,
            Some(origin) => at = origins[origin],
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Pattern, Rules};

    fn text(label: &str) -> Item {
        Item::Field(Field::new(label, FieldKind::Text, false))
    }

    fn choice(label: &str, options: &[&str]) -> Item {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Item::Field(Field::new(label, FieldKind::Select(options), false))
    }

    fn section(items: Vec<Item>) -> Section {
        Section { items, ..Section::default() }
    }

    fn when(field: &str, any_of: &[&str], items: Vec<Item>) -> Section {
        let any_of = any_of.iter().map(|answer| (*answer).to_owned()).collect();
        let condition = Condition { field: field.to_owned(), any_of };
        Section { opens_when: Some(condition), ..section(items) }
    }

    /// The faults, each as its path without `sections.` and the rule's beginning.
    fn check(sections: &[Section], expected: &[(&str, &str)]) {
        let invalid = check_sections(sections).err().unwrap_or_default();
        let faults: Vec<(&str, &str)> = invalid.faults().collect();
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
        for ((path, rule), (at, begins)) in faults.iter().zip(expected) {
            assert_eq!(path.strip_prefix("sections.").unwrap_or(path), *at, "{faults:?}");
            assert!(rule.starts_with(begins), "{rule}");
        }
    }

    #[test]
    fn sound_forms_are_published() {
        check(&[section(vec![text("Name")])], &[]);
        let root = section(vec![
            Item::Prompt("{GREETING}, this is {AGENT_NAME} { }.".to_owned()),
            choice("Case", &["Family", "Other"]),
            Item::Field(Field::new("Urgent", FieldKind::Emergency, false)),
        ]);
        let family = when("case", &["Family"], vec![choice("Children", &["Yes", "No"])]);
        let children = when("children", &["Yes"], vec![text("Ages")]);
        let urgent = when("is_emergency", &["Yes"], vec![text("Since when")]);
        // A section may stand before the question that opens it.
        check(&[children, root, family, urgent], &[]);
    }

    #[test]
    fn every_fault_of_a_form_is_named_at_once() {
        check(&[], &[("sections", "must have at least one")]);
        let mut ruled = Field::new("When", FieldKind::Date, false);
        ruled.rules.pattern = Some(Pattern::Digits);
        let mut short = Field::new("Short", FieldKind::Text, false);
        short.rules = Rules { min_chars: Some(9), max_chars: Some(3), pattern: None };
        let mut heard = Field::new("Heard", FieldKind::Referer(Vec::new()), false);
        heard.name = "heard".to_owned();
        let sections = [
            Section { title: "a\nb".to_owned(), ..section(vec![text(""), text("??")]) },
            section(vec![
                Item::Prompt(" ".to_owned()),
                Item::Prompt("Hello {CALLER}".to_owned()),
                text("Name"),
                text("Name"),
                choice("Menu", &[]),
                choice("Menu 2", &["a", "a", " b"]),
                Item::Field(ruled),
                Item::Field(short),
                Item::Field(heard),
                Item::Field(Field::named("A b", "Odd", FieldKind::Text, false)),
                Item::Field(Field::named("user_id", "User", FieldKind::Text, false)),
            ]),
        ];
        let expected = [
            ("0.title", "must not hold line breaks"),
            ("0.items.0.label", "must not be empty"),
            ("0.items.0.name", "must be lower-case"),
            ("0.items.1.name", "must be lower-case"),
            ("1.items.0.prompt", "must not be empty"),
            ("1.items.1.prompt", "must not use {CALLER}: there are {AGENT_NAME}"),
            ("1.items.3.name", "must differ"),
            ("1.items.3.label", "must differ"),
            ("1.items.4.options", "must be 1 to 200"),
            ("1.items.5.options", "must differ from each other"),
            ("1.items.5.options", "must not be empty or begin"),
            ("1.items.6.kind", "must be one of text"),
            ("1.items.7.max", "must not be less"),
            ("1.items.8.name", "must be how_you_hear_about_us"),
            ("1.items.9.name", "must be lower-case"),
            ("1.items.10.name", "must not be one that"),
        ];
        check(&sections, &expected);
    }

    #[test]
    fn parts_of_an_address_are_asked_once() {
        let address = Item::Field(Field::new("Address", FieldKind::Address, false));
        let zip = Item::Field(Field::named("zip", "ZIP", FieldKind::Text, false));
        let begins = "must not stand beside another";
        check(&[section(vec![zip.clone(), address.clone()])], &[("0.items.1.name", begins)]);
        check(&[section(vec![address, zip])], &[("0.items.1.name", "must differ")]);
    }

    #[test]
    fn conditions_name_answers_of_other_sections() {
        let root = || section(vec![choice("Case", &["A", "B"]), text("Name")]);
        let begins = |condition: Section, rule: &str| {
            check(&[root(), condition], &[("1.opens_when", rule)]);
        };
        begins(when("gone", &["A"], vec![text("X")]), "must name a question of the form");
        begins(when("name", &["A"], vec![text("X")]), "must depend on a choice");
        begins(when("case", &[], vec![text("X")]), "must name at least one");
        begins(when("case", &["C"], vec![text("X")]), "must not wait for “C”");
    }

    #[test]
    fn circles_are_refused() {
        let rule = "must not depend on an answer";
        let own = when("a", &["1"], vec![choice("A", &["1"])]);
        check(&[section(vec![text("Name")]), own], &[("1.opens_when", rule)]);
        let one = when("c", &["1"], vec![choice("A", &["1"])]);
        let two = when("a", &["1"], vec![choice("B", &["1"])]);
        let three = when("b", &["1"], vec![choice("C", &["1"])]);
        let beside = when("c", &["1"], vec![text("Behind the circle")]);
        let circle = [one, two, three, beside];
        check(&circle, &[("0.opens_when", rule), ("1.opens_when", rule), ("2.opens_when", rule)]);
    }
}
