//! What one account of the demo is made of: its people, its form, what its callers say.

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
    pub(crate) fields: fn() -> Vec<Field>,
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

/// A recorded call: what was said, and the message that came of it.
pub(crate) struct Talk {
    /// First name, last name, and whether the caller's voice is a woman's.
    pub(crate) caller: (&'static str, &'static str, bool),
    /// Days ago, hour and minute there.
    pub(crate) at: (i64, i64, i64),
    /// Agent and caller in turn; the agent begins.
    pub(crate) lines: &'static [&'static str],
    pub(crate) want: Want,
}

/// A field whose name is its own and does not follow from its label.
pub(crate) fn named(name: &str, label: &str, kind: FieldKind, is_required: bool) -> Field {
    Field { name: name.to_owned(), label: label.to_owned(), kind, is_required }
}

/// Options of a menu.
pub(crate) fn options(list: &[&str]) -> Vec<String> {
    list.iter().map(|option| (*option).to_owned()).collect()
}

/// The fields that every form of the demo begins with.
pub(crate) fn beginning() -> Vec<Field> {
    vec![
        named("first_name", "First name", FieldKind::Text, true),
        named("last_name", "Last name", FieldKind::Text, true),
        named("phone", "Phone", FieldKind::Phone, true),
    ]
}

/// The fields that every form of the demo ends with.
pub(crate) fn end() -> Vec<Field> {
    vec![
        named("content", "Message", FieldKind::LongText, true),
        named("is_emergency", "Emergency", FieldKind::Checkbox, false),
    ]
}
