//! What one account of the demo is made of: its people, its form, what its callers say.

use domain::form::{Condition, Item, Section};
use domain::{Field, FieldKind};

/// An account of the demo.
pub(crate) struct Trade {
    pub(crate) number: &'static str,
    pub(crate) name: &'static str,
    pub(crate) zone: &'static str,
    pub(crate) greeting: &'static str,
    pub(crate) facts: &'static str,
    /// Number and what the line is for.
    pub(crate) lines: &'static [(&'static str, &'static str)],
    /// Name, title, e-mail, phone.
    pub(crate) contacts: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// A client user of this account only: name and address.
    pub(crate) client: (&'static str, &'static str),
    pub(crate) sections: fn() -> Vec<Section>,
    /// The form of its own that a line has, by the line's place in `lines`.
    pub(crate) sections_of_line: fn(usize) -> Option<Vec<Section>>,
    /// The hours at which people call, each as often as it stands here.
    pub(crate) hours: &'static [u8],
    pub(crate) messages: usize,
    pub(crate) wants: &'static [Want],
    pub(crate) talks: &'static [Talk],
}

/// Something that callers of a trade want. `{day}`, `{time}` and `{case}` are filled in.
pub(crate) struct Want {
    pub(crate) says: &'static str,
    /// Answers to the account's own fields; `a|b` is one of them.
    pub(crate) answers: &'static [(&'static str, &'static str)],
    pub(crate) is_emergency: bool,
    /// Which contact it is for.
    pub(crate) contact: usize,
}

/// A recorded call: what was said, and the message that was taken.
pub(crate) struct Talk {
    /// First name, last name, and whether the caller's voice is a woman's.
    pub(crate) caller: (&'static str, &'static str, bool),
    /// Days ago, hour and minute there.
    pub(crate) at: (i64, i64, i64),
    /// Agent and caller in turn; the agent begins.
    pub(crate) lines: &'static [&'static str],
    pub(crate) want: Want,
}

/// A text to be read aloud.
pub(crate) fn say(text: &str) -> Item {
    Item::Prompt(text.to_owned())
}

/// A section with a title: what is said first, then what is asked.
pub(crate) fn section(title: &str, said: &str, fields: Vec<Field>) -> Section {
    let said = (!said.is_empty()).then(|| say(said));
    let items = said.into_iter().chain(fields.into_iter().map(Item::Field)).collect();
    Section { title: title.to_owned(), opens_when: None, items }
}

/// A section that is asked only after one of these answers.
pub(crate) fn when(field: &str, any_of: &[&str], section: Section) -> Section {
    let condition = Condition { field: field.to_owned(), any_of: options(any_of) };
    Section { opens_when: Some(condition), ..section }
}

/// Options of a menu.
pub(crate) fn options(list: &[&str]) -> Vec<String> {
    list.iter().map(|option| (*option).to_owned()).collect()
}

/// What every form of the demo begins with.
pub(crate) fn caller(said: &str, more: Vec<Field>) -> Section {
    let mut fields = vec![
        Field::named("first_name", "First name", FieldKind::Text, true),
        Field::named("last_name", "Last name", FieldKind::Text, true),
        Field::named("phone", "Phone", FieldKind::Phone, true),
    ];
    fields.extend(more);
    section("Caller", said, fields)
}

/// What every form of the demo ends with.
pub(crate) fn message(said: &str) -> Section {
    section(
        "Message",
        said,
        vec![
            Field::named("content", "Message", FieldKind::LongText, true),
            Field::named("is_emergency", "Emergency", FieldKind::Emergency, false),
        ],
    )
}
