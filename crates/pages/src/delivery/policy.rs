//! An escalation policy, as its form says it.

use app::{Actor, App, playbooks};
use domain::escalation::{Level, Policy};
use domain::limits::{self, MINUTE_MS};
use domain::{AccountId, Instant, Invalid, LevelId, Playbook, PolicyId};

use super::part::PlaybookPart;
use super::telling;
use crate::form::Form;
use crate::session::Fields;
use crate::ui::{Field, FieldKind, read_span, typed_span};

impl PlaybookPart for Policy {
    const PATH: &'static str = "policies";
    const MAKE: &'static str = "Make an escalation policy";
    const ABOUT: &'static str =
        "Who is told, one level after the other, until somebody acknowledges.";
    const REMOVE: [&'static str; 2] = [
        "Remove the policy",
        "Messages that it escalates just now go to the work queue. What it did stays in their \
         logs.",
    ];
    const LIST: Option<(&'static str, usize)> = Some(("levels", limits::LEVELS));

    fn all(book: &Playbook) -> &[Self] {
        &book.policies
    }

    fn id(&self) -> i64 {
        self.id.0
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn blank(_: &Playbook) -> Fields {
        Fields::of([("rounds", "1")]).with_entries("levels", vec![Self::entry("")])
    }

    fn entry(_: &str) -> Fields {
        let mut level = telling::blank();
        level.push("id", "0");
        level.push("delay", &typed_span(5 * MINUTE_MS));
        level
    }

    fn typed(&self) -> Fields {
        let level = |level: &Level| {
            let mut typed = telling::typed(&level.telling);
            typed.push("id", &level.id.to_string());
            typed.push("delay", &typed_span(level.delay_ms));
            typed
        };
        Fields::of([
            ("name", self.name.clone()),
            ("rounds", self.rounds.to_string()),
            ("ack_expires", self.ack_expires_ms.map(typed_span).unwrap_or_default()),
        ])
        .with_entries("levels", self.levels.iter().map(level).collect())
    }

    fn form(book: &Playbook, typed: &Fields) -> Form {
        let text = |name, label| Field::new(FieldKind::Text, name, label);
        let level = |_: &Fields| {
            let delay = text("delay", "Then wait")
                .required()
                .max_length(40)
                .hint("For an acknowledgement, before the next level: 5 min, 90 s, 1 h.");
            [Field::hidden("id"), delay].into_iter().chain(telling::fields(book)).collect()
        };
        Form::new([
            text("name", "Name").required().max_length(120).hint("Such as Nights and weekends."),
            text("rounds", "How often all levels are gone through")
                .max_length(40)
                .required()
                .hint("After the last time it goes to the work queue, loudly."),
            text("ack_expires", "An acknowledgement holds for").max_length(40).hint(
                "Such as 2 h: if the message is not closed by then, it goes on. Empty: for good.",
            ),
        ])
        .with_entries("levels", limits::LEVELS, typed, level)
    }

    fn read(typed: &Fields, account_id: AccountId, id: i64) -> (Self, Invalid) {
        let mut invalid = Invalid::new();
        let mut span = |path: &str, text: &str| {
            let ms = read_span(text);
            invalid.require(ms.is_some(), path, "must be like 5 min, 90 s or 1 h");
            ms.unwrap_or(MINUTE_MS)
        };
        let ack_expires = Some(typed.text("ack_expires").trim()).filter(|text| !text.is_empty());
        let ack_expires_ms = ack_expires.map(|text| span("ack_expires", text));
        let levels = typed.entries("levels", limits::LEVELS);
        let delay = |(at, level): (usize, &Fields)| {
            span(&format!("levels.{at}.delay"), level.text("delay"))
        };
        let delays: Vec<i64> = levels.iter().enumerate().map(delay).collect();
        let level = |((at, level), delay_ms): ((usize, &Fields), i64)| Level {
            id: LevelId(level.text("id").parse().unwrap_or_default()),
            delay_ms,
            telling: telling::read(level, &format!("levels.{at}"), &mut invalid),
        };
        let policy = Policy {
            id: PolicyId(id),
            account_id,
            name: typed.text("name").trim().to_owned(),
            levels: levels.iter().enumerate().zip(delays).map(level).collect(),
            rounds: typed.text("rounds").trim().parse().unwrap_or_default(),
            ack_expires_ms,
        };
        (policy, invalid)
    }

    fn check(&self, book: &Playbook) -> Result<(), Invalid> {
        book.check_policy(self)
    }

    async fn keep(self, app: &App, actor: &Actor) -> app::Result<Self> {
        playbooks::keep_policy(app, actor, self).await
    }

    fn kept(&self) -> String {
        format!("“{}” holds from now on, also for what it escalates.", self.name)
    }

    async fn remove(&self, app: &App, actor: &Actor) -> app::Result<()> {
        playbooks::remove_policy(app, actor, self.account_id, self.id).await
    }

    fn warnings(&self, book: &Playbook, now: Instant) -> Vec<String> {
        book.warnings(self, now)
    }
}
