//! What was taken down, put right: each version is kept by what it replaced.

use crate::form::{self, Filled, humanised};
use crate::message::{Answers, Message};
use crate::{ContactId, Instant, UserId};

/// A correction of a message: what stood there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Which version it replaced: 1 for what was taken down first.
    pub version: i64,
    /// The fields that it changed, and what stood in them.
    pub replaced: Answers,
    /// Who made it.
    pub user_id: UserId,
    /// That user's name, as it was then.
    pub user_name: String,
    /// When.
    pub at: Instant,
}

impl Message {
    /// Puts what was taken down right: the answers to its form, and whom it is for.
    pub fn correct(&mut self, filled: Filled, contact: Option<(ContactId, String)>) {
        let (id, name) = contact.map_or((None, String::new()), |(id, name)| (Some(id), name));
        self.contact_id = id;
        self.receiver_name = name;
        filled.into_columns(self);
    }

    /// Takes over what was told besides the form: the answers whose names are columns.
    pub fn fill_columns<'g>(&mut self, given: impl Iterator<Item = &'g (String, String)>) {
        for (name, text) in given {
            if let Some(column) = form::column(self, name) {
                text.trim().clone_into(column);
            }
        }
    }

    /// What stood in a message before: each field that is another now, with its text then.
    pub fn replaced(&self, before: &Message) -> Answers {
        let (mut now, mut then) = (self.clone(), before.clone());
        let mut replaced = Vec::new();
        for name in form::COLUMNS {
            let texts = (form::column(&mut now, name), form::column(&mut then, name));
            if let (Some(now), Some(then)) = texts
                && now != then
            {
                replaced.push((name.to_owned(), then.clone()));
            }
        }
        let number = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
        let yes = |is: bool| if is { "Yes" } else { "" }.to_owned();
        let others = |it: &Message| {
            [
                ("is_emergency", yes(it.is_emergency)),
                ("contact_id", number(it.contact_id.map(|id| id.0))),
                ("receiver_name", it.receiver_name.clone()),
                ("user_id", number(it.user_id.map(|id| id.0))),
                ("sale_id", number(it.sale_id)),
                ("klass_names", it.klass_names.clone()),
            ]
        };
        for ((name, now), (_, then)) in others(self).into_iter().zip(others(before)) {
            if now != then {
                replaced.push((name.to_owned(), then));
            }
        }
        for (name, then) in before.answers.custom() {
            if self.answers.of(name) != Some(then) {
                replaced.push((name.to_owned(), then.to_owned()));
            }
        }
        for (name, now) in self.answers.custom() {
            if before.answers.of(name).is_none() && !now.is_empty() {
                replaced.push((name.to_owned(), String::new()));
            }
        }
        Answers(replaced)
    }
}

impl Answers {
    /// Their names in a sentence: `Phone number, tags`.
    pub fn named(&self) -> String {
        let name = |name: &str| match name {
            "klass_names" => "tags".to_owned(),
            "content" => "message".to_owned(),
            name => humanised(name.trim_end_matches("_id")).to_lowercase(),
        };
        let mut names: Vec<String> = self.0.iter().map(|(field, _)| name(field)).collect();
        names.dedup();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, Form, TenantId};

    #[test]
    fn a_correction_keeps_what_it_replaced() {
        let now = Instant::from_ms(0);
        let form = Form::standard(AccountId(4), now);
        let fill = |content: &str, emergency: &str| {
            let given = [
                ("first_name", "Ida"),
                ("phone", "5550100"),
                ("content", content),
                ("is_emergency", emergency),
            ];
            let given = given.map(|(name, text)| (name.to_owned(), text.to_owned()));
            form.fill(&given).expect("sound")
        };
        let mut message = Message::blank(TenantId(1), AccountId(4), String::new(), now);
        message.correct(fill("Cal me.", "Yes"), None);
        let before = message.clone();
        message.correct(fill("Call me.", ""), Some((ContactId(7), "Jane Hart".to_owned())));
        let replaced = message.replaced(&before);
        let was = [
            ("content", "Cal me."),
            ("is_emergency", "Yes"),
            ("contact_id", ""),
            ("receiver_name", ""),
        ];
        assert_eq!(replaced.0, was.map(|(name, text)| (name.to_owned(), text.to_owned())));
        assert_eq!(replaced.named(), "message, is emergency, contact, receiver name");
        assert_eq!(
            (message.answers.of("content"), message.is_emergency),
            (Some("Call me."), false)
        );
        assert_eq!(message.replaced(&message.clone()), Answers::default());
    }
}
