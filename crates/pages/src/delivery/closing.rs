//! A closing action group, as its form says it.

use app::{Actor, App, playbooks};
use domain::closing::{Action, ClosingGroup, Timing, Usage};
use domain::{AccountId, ClosingGroupId, Invalid, Playbook, PolicyId, Time, limits};

use super::part::PlaybookPart;
use super::{telling, words};
use crate::form::Form;
use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind};

impl PlaybookPart for ClosingGroup {
    const PATH: &'static str = "closings";
    const MAKE: &'static str = "Make a closing action group";
    const ABOUT: &'static str = "What is done with a message when the agent has finished it.";
    const REMOVE: [&'static str; 2] = [
        "Remove the group",
        "Messages that wait for its digest go out when it would have been due. Others stay as they \
         are.",
    ];
    const LIST: Option<(&'static str, usize)> = Some(("actions", limits::ACTIONS));

    fn all(book: &Playbook) -> &[Self] {
        &book.closings
    }

    fn id(&self) -> i64 {
        self.id.0
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn blank(book: &Playbook) -> Fields {
        let has_usual = book.closings.iter().any(|group| group.usage == Usage::Usual);
        let usage = if has_usual { Usage::Chosen } else { Usage::Usual };
        Fields::of([("usage", usage.as_str()), ("timing", "at_once")])
            .with_entries("actions", vec![Self::entry("tell")])
    }

    fn entry(kind: &str) -> Fields {
        let mut action = telling::blank();
        action.push("kind", kind);
        action
    }

    fn typed(&self) -> Fields {
        let (timing, times) = match &self.timing {
            Timing::AtOnce => ("at_once", Vec::new()),
            Timing::Digest(minutes) => {
                ("digest", minutes.iter().copied().map(words::time).collect())
            }
        };
        let action = |action: &Action| match action {
            Action::Tell(it) => {
                let mut typed = telling::typed(it);
                typed.push("kind", "tell");
                typed
            }
            Action::Copy(address) => Fields::of([("kind", "copy"), ("address", address)]),
            Action::Escalate(id) => {
                Fields::of([("kind", "escalate".to_owned()), ("policy", id.to_string())])
            }
        };
        Fields::of([
            ("name", self.name.as_str()),
            ("usage", self.usage.as_str()),
            ("timing", timing),
            ("times", &times.join(", ")),
        ])
        .with_entries("actions", self.actions.iter().map(action).collect())
    }

    fn form(book: &Playbook, typed: &Fields) -> Form {
        let text = |name, label| Field::new(FieldKind::Text, name, label);
        let timings = [
            ("at_once", "As soon as the agent has finished"),
            ("digest", "Together, in a digest at set times"),
        ];
        let usages = Usage::ALL.map(|it| Choice::new(it.as_str(), words::usage(&it)));
        let form = Form::new([
            text("name", "Name")
                .required()
                .max_length(120)
                .hint("What agents choose it by, such as Urgent, or No hurry."),
            Field::new(FieldKind::Radio, "usage", "Which messages it is for")
                .choices(usages)
                .wide(),
            Field::radio("timing", "When", &timings),
            text("times", "Times of the digest")
                .max_length(400)
                .hint("By the account's clock, such as 12:00 PM, 5:00 PM."),
        ]);
        let action = |typed: &Fields| {
            let kind = Field::hidden("kind");
            match typed.text("kind") {
                "copy" => vec![kind, address()],
                "escalate" => vec![kind, policy(book)],
                _ => [kind].into_iter().chain(telling::fields(book)).collect(),
            }
        };
        form.with_entries("actions", limits::ACTIONS, typed, action)
    }

    fn read(typed: &Fields, account_id: AccountId, id: i64) -> (Self, Invalid) {
        let mut invalid = Invalid::new();
        let usage = Usage::parse(typed.text("usage"));
        invalid.require(usage.is_some(), "usage", "must be chosen");
        let timing = match typed.text("timing") {
            "digest" => Timing::Digest(minutes(typed.text("times"), &mut invalid)),
            word => {
                invalid.require(word == "at_once", "timing", "must be chosen");
                Timing::AtOnce
            }
        };
        let actions = typed.entries("actions", limits::ACTIONS);
        let action = |(at, typed): (usize, &Fields)| match typed.text("kind") {
            "copy" => Action::Copy(typed.text("address").trim().to_owned()),
            "escalate" => Action::Escalate(PolicyId(typed.id("policy").unwrap_or(0))),
            _ => Action::Tell(telling::read(typed, &format!("actions.{at}"), &mut invalid)),
        };
        let group = ClosingGroup {
            id: ClosingGroupId(id),
            account_id,
            name: typed.text("name").trim().to_owned(),
            usage: usage.unwrap_or(Usage::Chosen),
            timing,
            actions: actions.iter().enumerate().map(action).collect(),
        };
        (group, invalid)
    }

    fn check(&self, book: &Playbook) -> Result<(), Invalid> {
        book.check_closing(self)
    }

    async fn keep(self, app: &App, actor: &Actor) -> app::Result<Self> {
        playbooks::keep_closing(app, actor, self).await
    }

    fn kept(&self) -> String {
        format!("“{}” holds from the next message on.", self.name)
    }

    async fn remove(&self, app: &App, actor: &Actor) -> app::Result<()> {
        playbooks::remove_closing(app, actor, self.account_id, self.id).await
    }
}

fn address() -> Field {
    Field::new(FieldKind::Email, "address", "E-mail")
        .required()
        .hint("Somebody who only keeps it: this copy cannot acknowledge.")
}

fn policy(book: &Playbook) -> Field {
    let policies = book.policies.iter().map(|it| Choice::new(&it.id.to_string(), &it.name));
    Field::choice("policy", "By", &[("", "Choose a policy")])
        .choices(policies)
        .required()
        .hint("Goes on until somebody acknowledges. Not in a digest.")
}

/// Times of day, separated by commas, as sorted minutes from midnight.
fn minutes(text: &str, invalid: &mut Invalid) -> Vec<u16> {
    let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let times: Option<Vec<Time>> = parts.map(Time::parse).collect();
    invalid.require(times.is_some(), "times", "must be times of day such as 12:00 PM, 5:00 PM");
    let mut minutes: Vec<u16> =
        times.unwrap_or_default().into_iter().map(Time::minute_of_day).collect();
    minutes.sort_unstable();
    minutes
}
