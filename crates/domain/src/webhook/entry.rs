//! A webhook as somebody wants to make or change it.

use crate::Invalid;
use crate::user::check_line;
use crate::webhook::{Guard, HookKind};

/// A webhook as somebody wants to make or change it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookEntry {
    /// Where events are posted to.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// The kinds of events that it gets, by their words.
    pub kinds: Vec<String>,
}

/// An entry that was found sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedWebhook {
    /// Where events are posted to.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// The kinds of events that it gets, in their usual order.
    pub kinds: Vec<HookKind>,
}

impl WebhookEntry {
    /// Checks it: all faults at once.
    pub fn checked(&self, guard: &Guard) -> Result<CheckedWebhook, Invalid> {
        let mut invalid = Invalid::new();
        let url = match guard.check(self.url.trim()) {
            Ok(url) => url.into(),
            Err(rule) => {
                invalid.add("url", rule);
                String::new()
            }
        };
        let description = self.description.trim().to_owned();
        check_line(&mut invalid, "description", &description);
        let is_known = |word: &String| HookKind::ALL.iter().any(|kind| kind.as_str() == word);
        invalid.require(self.kinds.iter().all(is_known), "events", "must be events of the list");
        invalid.require(!self.kinds.is_empty(), "events", "must be at least one");
        let is_asked = |kind: &HookKind| self.kinds.iter().any(|word| word == kind.as_str());
        let kinds = HookKind::ALL.into_iter().filter(is_asked).collect();
        invalid.or(CheckedWebhook { url, description, kinds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_named_at_once() {
        let entry = WebhookEntry {
            url: "http://10.0.0.1/".to_owned(),
            description: "a\nb".to_owned(),
            kinds: vec!["message.eaten".to_owned()],
        };
        let faults = entry.checked(&Guard::default()).expect_err("faults");
        let paths: Vec<&str> = faults.faults().map(|(path, _)| path).collect();
        assert_eq!(paths, ["url", "description", "events"]);
        let none = WebhookEntry { kinds: Vec::new(), ..entry };
        let faults = none.checked(&Guard::default()).expect_err("faults");
        assert_eq!(faults.about("events"), Some("must be at least one"));
    }

    #[test]
    fn kinds_come_once_and_in_order() {
        let word = |kind: HookKind| kind.as_str().to_owned();
        let kinds =
            vec![word(HookKind::ToDoRun), word(HookKind::MessageCreated), word(HookKind::ToDoRun)];
        let entry = WebhookEntry {
            url: " https://a.example ".to_owned(),
            kinds,
            ..WebhookEntry::default()
        };
        let checked = entry.checked(&Guard::default()).expect("sound");
        assert_eq!(checked.url, "https://a.example/");
        assert_eq!(checked.kinds, [HookKind::MessageCreated, HookKind::ToDoRun]);
    }
}
