//! Lists that a form edits by its buttons, so that it works without a script: add, remove, move.

/// Which button of a list was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// The one that keeps the form.
    Save,
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
pub(crate) enum Focus {
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

impl Act {
    /// What the button called `act` of a form says; anything else saves.
    pub(crate) fn read(text: &str) -> Self {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match (word, rest.parse().ok()) {
            ("add", _) => Act::Add(rest.to_owned()),
            ("remove", Some(at)) => Act::Remove(at),
            ("up", Some(at)) => Act::Up(at),
            ("down", Some(at)) => Act::Down(at),
            _ => Act::Save,
        }
    }

    /// Does it; `new` makes one of a kind, at most `most` of them stand there.
    pub(crate) fn apply<T>(
        &self,
        list: &mut Vec<T>,
        most: usize,
        new: impl Fn(&str) -> T,
    ) -> Focus {
        match self {
            Act::Save => Focus::None,
            Act::Add(kind) => {
                if list.len() < most {
                    list.push(new(kind));
                }
                Focus::Entry(list.len().saturating_sub(1))
            }
            Act::Remove(at) => {
                if *at < list.len() {
                    list.remove(*at);
                }
                if list.is_empty() { Focus::Add } else { Focus::Entry((*at).min(list.len() - 1)) }
            }
            Act::Up(at) if *at > 0 && *at < list.len() => {
                list.swap(*at, at - 1);
                if *at == 1 { Focus::Down(0) } else { Focus::Up(at - 1) }
            }
            Act::Down(at) if *at < list.len().saturating_sub(1) => {
                list.swap(*at, at + 1);
                if at + 2 == list.len() { Focus::Up(at + 1) } else { Focus::Down(at + 1) }
            }
            Act::Up(_) | Act::Down(_) => Focus::None,
        }
    }
}

impl Focus {
    /// Whether it is the first field of the one at a place.
    pub(crate) fn is_entry(&self, at: &usize) -> bool {
        *self == Focus::Entry(*at)
    }

    /// Whether it is a button of the one at a place: `up` or `down`.
    pub(crate) fn is_on(&self, way: &str, at: &usize) -> bool {
        match way {
            "up" => *self == Focus::Up(*at),
            _ => *self == Focus::Down(*at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_move_what_they_name() {
        let check = |act: &str, after: &[&str], focus: Focus| {
            let mut list = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
            let found = Act::read(act).apply(&mut list, 4, str::to_owned);
            assert_eq!((list, found), (after.iter().map(|it| (*it).to_owned()).collect(), focus));
        };
        check("", &["a", "b", "c"], Focus::None);
        check("add d", &["a", "b", "c", "d"], Focus::Entry(3));
        check("remove 1", &["a", "c"], Focus::Entry(1));
        check("remove 9", &["a", "b", "c"], Focus::Entry(2));
        check("up 2", &["a", "c", "b"], Focus::Up(1));
        check("up 1", &["b", "a", "c"], Focus::Down(0));
        check("up 0", &["a", "b", "c"], Focus::None);
        check("down 0", &["b", "a", "c"], Focus::Down(1));
        check("down 1", &["a", "c", "b"], Focus::Up(2));
        check("down 2", &["a", "b", "c"], Focus::None);
        check("down x", &["a", "b", "c"], Focus::None);
    }

    #[test]
    fn no_list_grows_beyond_its_limit() {
        let mut list = vec![1, 2];
        Act::read("add").apply(&mut list, 2, |_| 3);
        assert_eq!(list, [1, 2]);
    }
}
