//! Lists that a form edits by its buttons, so that it works without a script: add, remove, move.

use askama::{Template, filters::HtmlSafe};

use crate::session::Fields;

/// What a button of a list does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListStep {
    /// One more of a kind (`""` where there is one kind only).
    Add(String),
    /// Away with the one at this place.
    Remove(usize),
    /// One place up.
    Up(usize),
    /// One place down.
    Down(usize),
}

/// Where the cursor stands when the form comes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ListFocus {
    /// Nowhere in the list.
    #[default]
    None,
    /// In the first field of the one at this place.
    Entry(usize),
    /// On the button that moves the one at this place up.
    Up(usize),
    /// On the button that moves the one at this place down.
    Down(usize),
    /// On the button that adds one.
    Add,
}

impl ListStep {
    /// What the button called `act` of a form says; `None` for the one that saves.
    pub(crate) fn read(act: &str) -> Option<Self> {
        let (word, rest) = act.split_once(' ').unwrap_or((act, ""));
        match (word, rest.parse().ok()) {
            ("add", _) => Some(Self::Add(rest.to_owned())),
            ("remove", Some(at)) => Some(Self::Remove(at)),
            ("up", Some(at)) => Some(Self::Up(at)),
            ("down", Some(at)) => Some(Self::Down(at)),
            _ => None,
        }
    }

    /// Does it; `new` makes one of a kind, at most `most` of them stand there.
    fn apply<T>(&self, list: &mut Vec<T>, most: usize, new: impl Fn(&str) -> T) -> ListFocus {
        match *self {
            Self::Add(ref kind) => {
                if list.len() < most {
                    list.push(new(kind));
                }
                ListFocus::Entry(list.len().saturating_sub(1))
            }
            Self::Remove(at) => {
                if at < list.len() {
                    list.remove(at);
                }
                if list.is_empty() {
                    ListFocus::Add
                } else {
                    ListFocus::Entry(at.min(list.len() - 1))
                }
            }
            Self::Up(at) if at > 0 && at < list.len() => {
                list.swap(at, at - 1);
                if at == 1 { ListFocus::Down(0) } else { ListFocus::Up(at - 1) }
            }
            Self::Down(at) if at < list.len().saturating_sub(1) => {
                list.swap(at, at + 1);
                if at + 2 == list.len() { ListFocus::Up(at + 1) } else { ListFocus::Down(at + 1) }
            }
            Self::Up(_) | Self::Down(_) => ListFocus::None,
        }
    }
}

impl Fields {
    /// The entries of a list, each without the `{list}.{i}.` that its names begin with; `most` of
    /// them, and one more where there are more.
    pub(crate) fn entries(&self, list: &str, most: usize) -> Vec<Fields> {
        let mut entries = vec![Fields::default(); most + 1];
        for (name, text) in self.pairs() {
            let place = name.strip_prefix(list).and_then(|rest| rest.strip_prefix('.'));
            let Some((at, field)) = place.and_then(|place| place.split_once('.')) else { continue };
            if let Some(entry) = at.parse().ok().and_then(|at: usize| entries.get_mut(at)) {
                entry.push(field, text);
            }
        }
        let has = entries.iter().take_while(|entry| !entry.pairs().is_empty()).count();
        entries.truncate(has);
        entries
    }

    /// The same with these entries in a list.
    pub(crate) fn with_entries(mut self, list: &str, entries: Vec<Fields>) -> Self {
        self.retain(|name| !name.strip_prefix(list).is_some_and(|rest| rest.starts_with('.')));
        for (at, entry) in entries.iter().enumerate() {
            for (name, text) in entry.pairs() {
                self.push(&format!("{list}.{at}.{name}"), text);
            }
        }
        self
    }

    /// Does what the button called `act` says to a list; `None` where it is the one that saves.
    pub(crate) fn step(
        &mut self,
        list: &str,
        most: usize,
        new: impl Fn(&str) -> Fields,
    ) -> Option<ListFocus> {
        let step = ListStep::read(self.text("act"))?;
        let mut entries = self.entries(list, most);
        let focus = step.apply(&mut entries, most, new);
        *self = std::mem::take(self).with_entries(list, entries);
        Some(focus)
    }
}

/// The buttons that move or remove an entry of a list: `{{ form.steps(at, "level", 1) }}`.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"{%- for (way, is_on, is_end) in self.moves() %}<button class="button bare square {{ way }}" name="act" value="{{ way }} {{ at }}" title="Move {{ way }}"{% if is_on %} autofocus{% endif %}{% if is_end %} disabled{% endif %}>{{ crate::ui::icon("chevron-down") }}<span class="unseen">Move {{ noun }} {{ at + 1 }} {{ way }}</span></button>{% endfor %}
{%- if count > least %}<button class="button bare square" name="act" value="remove {{ at }}" title="Remove"{% if self.is_on(ListFocus::Entry) %} autofocus{% endif %}>{{ crate::ui::icon("trash-2") }}<span class="unseen">Remove {{ noun }} {{ at + 1 }}</span></button>{% endif %}"#
)]
pub(crate) struct StepButtons {
    pub(super) at: usize,
    pub(super) count: usize,
    pub(super) least: usize,
    pub(super) noun: &'static str,
    pub(super) focus: ListFocus,
}

impl HtmlSafe for StepButtons {}

impl StepButtons {
    /// Each way to move: whether the cursor is on its button, and whether there is no further.
    fn moves(&self) -> [(&'static str, bool, bool); 2] {
        [
            ("up", self.is_on(ListFocus::Up), self.at == 0),
            ("down", self.is_on(ListFocus::Down), self.at + 1 == self.count),
        ]
    }

    fn is_on(&self, place: impl Fn(usize) -> ListFocus) -> bool {
        self.focus == place(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_move_what_they_name() {
        let entry = |text: &str| Fields::of([("x", text)]);
        let check = |act: &str, after: &[&str], focus: ListFocus| {
            let list = ["a", "b", "c"].map(entry).to_vec();
            let mut typed = Fields::of([("act", act)]).with_entries("list", list);
            let found = typed.step("list", 4, entry);
            let entries = typed.entries("list", 9);
            let texts: Vec<&str> = entries.iter().map(|entry| entry.text("x")).collect();
            assert_eq!((texts, found.unwrap()), (after.to_vec(), focus), "{act}");
        };
        check("add d", &["a", "b", "c", "d"], ListFocus::Entry(3));
        check("remove 1", &["a", "c"], ListFocus::Entry(1));
        check("remove 9", &["a", "b", "c"], ListFocus::Entry(2));
        check("up 2", &["a", "c", "b"], ListFocus::Up(1));
        check("up 1", &["b", "a", "c"], ListFocus::Down(0));
        check("up 0", &["a", "b", "c"], ListFocus::None);
        check("down 0", &["b", "a", "c"], ListFocus::Down(1));
        check("down 1", &["a", "c", "b"], ListFocus::Up(2));
        check("down 2", &["a", "b", "c"], ListFocus::None);
        assert_eq!(ListStep::read("down x").or(ListStep::read("")), None, "these save");
    }

    #[test]
    fn no_list_grows_beyond_its_limit() {
        let mut list = vec![1, 2];
        ListStep::Add(String::new()).apply(&mut list, 2, |_| 3);
        assert_eq!(list, [1, 2]);
    }
}
