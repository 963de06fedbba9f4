//! A form as it comes back from the builder, and what its buttons do to it.

use std::collections::HashMap;

use domain::form::{Condition, Item, Pattern, Rules, Section, underscored};
use domain::{Field as Question, FieldKind as Kind, Invalid, limits};

use super::words;
use crate::session::Fields;

/// Parts that are read at most; more than any form may have.
const PARTS: usize = limits::FORM_SECTIONS + limits::FORM_FIELDS + limits::FORM_PROMPTS + 50;

/// A form as it was posted, and what could not be read of it.
pub(crate) struct PostedForm {
    pub(crate) sections: Vec<Section>,
    pub(crate) faults: Invalid,
}

/// The key of a section: `s0`.
pub(crate) fn section_key(i: usize) -> String {
    format!("s{i}")
}

/// The key of an item: `s0.i2`.
pub(crate) fn item_key(i: usize, j: usize) -> String {
    format!("s{i}.i{j}")
}

/// The control that shows a fault of a part of the form.
pub(crate) fn control(path: &str) -> String {
    match path.strip_prefix("sections.") {
        Some(rest) => format!("s{}", rest.replace("items.", "i").replace("opens_when", "when")),
        None => path.to_owned(),
    }
}

/// Reads what the builder posts: a `part` for each section and item, in order, then the values
/// under its key.
pub(crate) fn read(posted: &Fields) -> PostedForm {
    let mut values: HashMap<&str, &str> = HashMap::new();
    for (name, text) in posted.pairs() {
        values.entry(name).or_insert(text);
    }
    let value = |key: &str, part: &str| {
        values.get(format!("{key}.{part}").as_str()).copied().unwrap_or_default()
    };
    let mut faults = Invalid::new();
    let mut sections: Vec<Section> = Vec::new();
    let mut renamed: HashMap<String, String> = HashMap::new();
    for part in posted.all("part").take(PARTS) {
        if let Some(key) = part.strip_suffix(".prompt") {
            let text = value(key, "prompt").trim().replace("\r\n", "\n");
            sections_last(&mut sections).items.push(Item::Prompt(text));
        } else if let Some(key) = part.strip_suffix(".field") {
            let question = question(&|part| value(key, part));
            renamed.insert(value(key, "was").to_owned(), question.name.clone());
            sections_last(&mut sections).items.push(Item::Field(question));
        } else {
            let (opens_when, is_one) = condition(posted, part);
            let at = format!("sections.{}.opens_when", sections.len());
            faults.require(is_one, &at, "must wait for answers to one question only");
            let title = value(part, "title").trim().to_owned();
            sections.push(Section { title, opens_when, items: Vec::new() });
        }
    }
    // A question that gets another name still opens what it opened.
    for condition in sections.iter_mut().filter_map(|section| section.opens_when.as_mut()) {
        if let Some(name) = renamed.get(&condition.field).filter(|name| !name.is_empty()) {
            condition.field.clone_from(name);
        }
    }
    PostedForm { sections, faults }
}

fn sections_last(sections: &mut Vec<Section>) -> &mut Section {
    if sections.is_empty() {
        sections.push(Section::default());
    }
    let last = sections.len() - 1;
    &mut sections[last]
}

fn question<'v>(value: &dyn Fn(&str) -> &'v str) -> Question {
    let options = value("options").lines().map(str::trim).filter(|line| !line.is_empty());
    let kind = Kind::parse(value("kind"), options.map(str::to_owned).collect());
    let kind = kind.unwrap_or(Kind::Text);
    let label = value("label").trim();
    let name = match (kind.own_name(), underscored(value("name"))) {
        (Some(own), _) => own.to_owned(),
        (None, typed) if typed.is_empty() => underscored(label),
        (None, typed) => typed,
    };
    // What is no number is one that no rule allows, so that it is refused beside its control.
    let figure = |part: &str| match value(part).trim() {
        "" => None,
        text => Some(text.parse().unwrap_or(0)),
    };
    let rules = Rules {
        min_chars: figure("min"),
        max_chars: figure("max"),
        pattern: Pattern::parse(value("pattern")),
    };
    Question {
        name,
        label: label.to_owned(),
        hint: value("hint").trim().to_owned(),
        is_required: !value("required").is_empty(),
        // Rules of another kind of answer are left behind with it.
        rules: if kind.has_rules() { rules } else { Rules::default() },
        kind,
    }
}

/// What opens a section: its ticks are `question=answer`. The second value says whether all of
/// them are of one question.
fn condition(posted: &Fields, key: &str) -> (Option<Condition>, bool) {
    let name = format!("{key}.when");
    let mut ticked = posted.all(&name).filter_map(|tick| tick.split_once('='));
    let Some((field, first)) = ticked.next() else { return (None, true) };
    let mut condition = Condition { field: field.to_owned(), any_of: vec![first.to_owned()] };
    let mut is_one = true;
    for (other, answer) in ticked {
        match other == field {
            true => condition.any_of.push(answer.to_owned()),
            false => is_one = false,
        }
    }
    (Some(condition), is_one)
}

/// What a button did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ButtonResult {
    /// The key of the part that it was done to, as it is now.
    pub(crate) key: String,
    /// What happened, in a sentence.
    pub(crate) said: String,
    /// The part is new: its first control wants the cursor.
    pub(crate) is_new: bool,
}

/// Does what a button says: `section`, `add s0`, `up s0.i1`, `down s0`, `remove s0.i1`. `None`
/// where there is nothing to be done.
pub(crate) fn act(sections: &mut Vec<Section>, button: &str, adds: &str) -> Option<ButtonResult> {
    let (verb, key) = button.split_once(' ').unwrap_or((button, ""));
    if verb == "section" {
        sections.push(Section::default());
        let key = section_key(sections.len() - 1);
        let said = "A section was added at the end.".to_owned();
        return Some(ButtonResult { key, said, is_new: true });
    }
    let (section, item) = key.split_once('.').map_or((key, None), |(s, i)| (s, Some(i)));
    let number = |text: &str, letter: char| text.strip_prefix(letter)?.parse::<usize>().ok();
    let i = number(section, 's').filter(|i| *i < sections.len())?;
    match (verb, item) {
        ("add", None) => add(sections, i, adds),
        (_, None) => act_on_section(sections, verb, i),
        (_, Some(item)) => {
            let j = number(item, 'i').filter(|j| *j < sections[i].items.len())?;
            act_on_item(sections, verb, i, j)
        }
    }
}

fn add(sections: &mut [Section], i: usize, what: &str) -> Option<ButtonResult> {
    let (item, said) = match words::added(what) {
        Some(question) if question.label.is_empty() => {
            (Item::Field(question), "A question was added. What does it ask?".to_owned())
        }
        Some(question) => {
            let said = format!("“{}” was added.", question.label);
            (Item::Field(question), said)
        }
        None if what == "prompt" => {
            (Item::Prompt(String::new()), "A text was added. What is said?".to_owned())
        }
        None => return None,
    };
    sections[i].items.push(item);
    let key = item_key(i, sections[i].items.len() - 1);
    Some(ButtonResult { key, said, is_new: true })
}

fn act_on_section(sections: &mut Vec<Section>, verb: &str, i: usize) -> Option<ButtonResult> {
    let title = match sections[i].title.as_str() {
        "" => format!("Section {}", i + 1),
        title => format!("“{title}”"),
    };
    match verb {
        "remove" => {
            sections.remove(i);
            let key = section_key(i.min(sections.len().saturating_sub(1)));
            Some(ButtonResult { key, said: format!("{title} was removed."), is_new: false })
        }
        _ => {
            let to = neighbour(verb, i).filter(|to| *to < sections.len())?;
            sections.swap(i, to);
            let said = format!("{title} moved {verb}.");
            Some(ButtonResult { key: section_key(to), said, is_new: false })
        }
    }
}

fn act_on_item(sections: &mut [Section], verb: &str, i: usize, j: usize) -> Option<ButtonResult> {
    let name = match &sections[i].items[j] {
        Item::Field(question) if !question.label.is_empty() => format!("“{}”", question.label),
        Item::Field(_) => "The question".to_owned(),
        Item::Prompt(_) => "The text".to_owned(),
    };
    if verb == "remove" {
        sections[i].items.remove(j);
        let said = format!("{name} was removed.");
        return Some(ButtonResult { key: section_key(i), said, is_new: false });
    }
    let said = format!("{name} moved {verb}.");
    let last = sections[i].items.len() - 1;
    let key = match (verb, neighbour(verb, j).filter(|to| *to <= last)) {
        (_, Some(to)) => {
            sections[i].items.swap(j, to);
            item_key(i, to)
        }
        // Past the end of its section it goes on to the next one.
        ("up", None) if i > 0 => {
            let item = sections[i].items.remove(j);
            sections[i - 1].items.push(item);
            item_key(i - 1, sections[i - 1].items.len() - 1)
        }
        ("down", None) if i + 1 < sections.len() => {
            let item = sections[i].items.remove(j);
            sections[i + 1].items.insert(0, item);
            item_key(i + 1, 0)
        }
        _ => return None,
    };
    Some(ButtonResult { key, said, is_new: false })
}

fn neighbour(verb: &str, at: usize) -> Option<usize> {
    match verb {
        "up" => at.checked_sub(1),
        "down" => at.checked_add(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(pairs: &[(&'static str, &str)]) -> Fields {
        Fields::of(pairs.iter().copied())
    }

    /// The labels of each section.
    fn shape(sections: &[Section]) -> Vec<Vec<String>> {
        let label = |item: &Item| match item {
            Item::Field(question) => question.label.clone(),
            Item::Prompt(text) => format!("“{text}”"),
        };
        sections.iter().map(|section| section.items.iter().map(label).collect()).collect()
    }

    fn sections() -> Vec<Section> {
        let text = |label: &str| Question::new(label, Kind::Text, false);
        vec![Section::of(vec![text("A"), text("B")]), Section::of(vec![text("C")])]
    }

    #[test]
    fn what_is_posted_is_read_part_by_part() {
        let edited = read(&posted(&[
            ("part", "s0"),
            ("s0.title", " Caller "),
            ("part", "s0.i0.prompt"),
            ("s0.i0.prompt", "Hello\r\nthere "),
            ("part", "s0.i1.field"),
            ("s0.i1.label", "Fuel"),
            ("s0.i1.was", "system"),
            ("s0.i1.name", "Fuel type"),
            ("s0.i1.kind", "select"),
            ("s0.i1.options", " Gas \r\n\r\nOil, or wood\r\n"),
            ("s0.i1.required", "true"),
            ("s0.i1.min", "3"),
            ("part", "s1"),
            ("s1.when", "system=Gas"),
            ("s1.when", "system=Oil, or wood"),
            ("part", "s1.i0.field"),
            ("s1.i0.label", "Member number?"),
            ("s1.i0.kind", "text"),
            ("s1.i0.min", "4"),
            ("s1.i0.max", "few"),
            ("s1.i0.pattern", "digits"),
            ("part", "s1.i1.field"),
            ("s1.i1.label", "Urgent?"),
            ("s1.i1.name", "urgent"),
            ("s1.i1.kind", "emergency"),
        ]));
        assert!(edited.faults.is_empty());
        let [caller, branch] = &edited.sections[..] else { panic!("two sections") };
        assert_eq!((caller.title.as_str(), &caller.opens_when), ("Caller", &None));
        assert_eq!(caller.items[0], Item::Prompt("Hello\nthere".to_owned()));
        let options = vec!["Gas".to_owned(), "Oil, or wood".to_owned()];
        let fuel = Question::named("fuel_type", "Fuel", Kind::Select(options.clone()), true);
        assert_eq!(caller.items[1], Item::Field(fuel), "a choice has no rules");
        // The condition follows the new name.
        let condition = Condition { field: "fuel_type".to_owned(), any_of: options };
        assert_eq!(branch.opens_when.as_ref(), Some(&condition));
        let [Item::Field(member), Item::Field(urgent)] = &branch.items[..] else { panic!("two") };
        assert_eq!(member.name, "member_number");
        let rules =
            Rules { min_chars: Some(4), max_chars: Some(0), pattern: Some(Pattern::Digits) };
        assert_eq!(member.rules, rules);
        assert_eq!(urgent.name, "is_emergency");
    }

    #[test]
    fn a_section_waits_for_one_question_only() {
        let edited = read(&posted(&[("part", "s0"), ("s0.when", "a=1"), ("s0.when", "b=2")]));
        assert_eq!(edited.faults.faults().next().map(|(at, _)| at), Some("sections.0.opens_when"));
        assert_eq!(control("sections.0.opens_when"), "s0.when");
        assert_eq!(control("sections.1.items.12.label"), "s1.i12.label");
        assert_eq!(control("sections"), "sections");
    }

    #[test]
    fn buttons_add_move_and_remove() {
        let check = |button: &str, adds: &str, after: &[&[&str]], key: &str| {
            let mut sections = sections();
            let done = act(&mut sections, button, adds).unwrap_or_else(|| panic!("{button}"));
            assert_eq!(shape(&sections), after, "{button}");
            assert_eq!(done.key, key, "{button}: {}", done.said);
        };
        check("section", "", &[&["A", "B"], &["C"], &[]], "s2");
        check("add s1", "prompt", &[&["A", "B"], &["C", "“”"]], "s1.i1");
        check("add s0", "standard:phone", &[&["A", "B", "Phone"], &["C"]], "s0.i2");
        check("add s0", "kind:date", &[&["A", "B", ""], &["C"]], "s0.i2");
        check("up s1", "", &[&["C"], &["A", "B"]], "s0");
        check("down s0", "", &[&["C"], &["A", "B"]], "s1");
        check("remove s1", "", &[&["A", "B"]], "s0");
        check("remove s0", "", &[&["C"]], "s0");
        check("up s0.i1", "", &[&["B", "A"], &["C"]], "s0.i0");
        check("down s0.i1", "", &[&["A"], &["B", "C"]], "s1.i0");
        check("up s1.i0", "", &[&["A", "B", "C"], &[]], "s0.i2");
        check("remove s0.i0", "", &[&["B"], &["C"]], "s0");
        for button in [
            "",
            "save",
            "up s0",
            "down s1",
            "up s0.i0",
            "down s1.i0",
            "remove s2",
            "remove s0.i2",
            "add s0",
            "add s9",
            "turn s0",
            "turn s0.i0",
            "up x",
            "up s0.x",
            "remove s-1",
        ] {
            let mut after = sections();
            assert_eq!(act(&mut after, button, "kind:colour"), None, "{button}");
            assert_eq!(after, sections(), "{button}");
        }
    }
}
