//! One To Do as its reader sees it: what it sends, when, and what became of each occurrence.

use super::{Attempt, DeliveryCard};
use crate::ui::{Fact, Moment, State, moment};

/// The right half of the To Dos page.
#[derive(Debug, Clone)]
pub struct ToDo {
    /// Its number.
    pub id: String,
    /// The first line of its text, shortened; by this it is named where one asks.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// `SMS`, `E-mail`, `Call`.
    pub channel: &'static str,
    /// The channel's icon.
    pub icon: &'static str,
    /// To whom, as it was entered.
    pub to: String,
    /// The account's name.
    pub account: String,
    /// The rule in a sentence.
    pub sentence: String,
    /// The next occurrences, written out in the account's zone.
    pub coming: Vec<String>,
    /// The account's zone.
    pub zone: String,
    /// Nothing is sent until somebody resumes it.
    pub is_paused: bool,
    /// One of its runs is on its way.
    pub is_sending: bool,
    /// Why it reaches nobody as it stands, in a sentence.
    pub nowhere: Option<String>,
    /// What else is known of it.
    pub facts: Vec<Fact>,
    /// Its occurrences so far, newest first.
    pub runs: Vec<RunCard>,
    /// The next page of its runs.
    pub older_runs: Option<String>,
    /// Back to the newest runs.
    pub newest_runs: Option<String>,
}

/// One occurrence, and what became of it.
#[derive(Debug, Clone)]
pub struct RunCard {
    /// When it was due, written out in the account's zone.
    pub due: String,
    /// The same as a moment.
    pub due_at: Moment,
    /// How far it got.
    pub state: State,
    /// Why, in a sentence, or empty.
    pub reason: String,
    /// What was sent, with each try.
    pub delivery: Option<DeliveryCard>,
}

impl ToDo {
    /// A text every other week, with a history of every kind.
    #[must_use]
    pub fn sample() -> Self {
        let due = |day: &str| format!("Sat, {day}, 2026, 9:00 AM EST");
        let run = |day: &str, state, reason: &str, delivery| RunCard {
            due: due(day),
            due_at: moment("3 days ago"),
            state,
            reason: reason.to_owned(),
            delivery,
        };
        let twice = [("No answer came.", false), ("Accepted by the carrier.", true)];
        Self {
            id: "33".to_owned(),
            name: "Check the escrow account".to_owned(),
            text: "Check the escrow account.\nReply to the office when it is done.".to_owned(),
            channel: "SMS",
            icon: "message-square",
            to: "Jane Hartwell".to_owned(),
            account: "Hartwell & Boone".to_owned(),
            sentence: "Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM".to_owned(),
            coming: ["Mar 7", "Mar 17", "Mar 19"].map(due).into(),
            zone: "America/New_York".to_owned(),
            is_paused: false,
            is_sending: true,
            nowhere: None,
            facts: vec![
                Fact::new("To", "Jane Hartwell, (561) 555-0100"),
                Fact::new("From", "(954) 555-0120"),
                Fact::new("When it is late", "It is still sent, up to 60 minutes late."),
            ],
            runs: vec![
                run("Mar 3", State::Sending, "", Some(card(State::Retrying, &twice[..1]))),
                run("Feb 24", State::OnPhone, "", Some(card(State::OnPhone, &twice))),
                run("Feb 21", State::Captured, "", Some(captured())),
                run("Feb 20", State::Skipped, "The run before it was still being sent.", None),
            ],
            older_runs: Some("/to-dos/33?runs_before=1".to_owned()),
            newest_runs: None,
        }
    }

    /// One that is paused, and whose contact has no address.
    #[must_use]
    pub fn sample_paused() -> Self {
        Self {
            is_paused: true,
            is_sending: false,
            nowhere: Some("Jane Hartwell has no phone in the directory.".to_owned()),
            runs: Vec::new(),
            older_runs: None,
            ..Self::sample()
        }
    }
}

fn card(state: State, tries: &[(&str, bool)]) -> DeliveryCard {
    let attempt = |(number, (outcome, may_double)): (u32, &(&str, bool))| Attempt {
        number,
        at: moment("3 days ago"),
        outcome: (*outcome).to_owned(),
        carrier: "first".to_owned(),
        may_double: *may_double,
    };
    DeliveryCard {
        channel: "SMS".to_owned(),
        icon: "message-square".to_owned(),
        thing: "text",
        to: "Jane Hartwell <+15615550100>".to_owned(),
        state,
        carrier: "first".to_owned(),
        attempts: (1..).zip(tries).map(attempt).collect(),
        may_double: tries.iter().any(|(_, may_double)| *may_double),
        next_try: (state == State::Retrying).then(|| moment("in 2 min.")),
        is_captured: false,
        captured: None,
    }
}

fn captured() -> DeliveryCard {
    DeliveryCard {
        is_captured: true,
        captured: Some("/outbox/77".to_owned()),
        carrier: String::new(),
        ..card(State::Captured, &[])
    }
}
