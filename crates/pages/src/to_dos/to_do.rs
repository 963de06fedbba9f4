//! One To Do as its reader sees it, with its runs.

use std::sync::Arc;

use app::to_dos::{self, Preview, RunDetail, ScheduledToDo};
use app::{Error, playbooks};
use domain::delivery::IfUnsure;
use domain::to_do::{Misfire, Overlap, RunState, resolve};
use domain::{Channel, Did, Instant, Playbook, ToDo, Zone, limits};
use web::Web;

use super::words::{in_full, name};
use crate::list::ListQuery;
use crate::messages::card::{Clock, DeliveryCard, card, rung};
use crate::session::{Frame, SignedIn};
use crate::ui::{self, Fact, Moment, State};

/// The right half of the To Dos page.
#[derive(Debug, Clone)]
pub(crate) struct OpenToDo {
    /// Its number.
    pub(crate) id: String,
    /// The first line of its text, shortened; by this it is named where one asks.
    pub(crate) name: String,
    /// The whole text.
    pub(crate) text: String,
    /// `SMS`, `E-mail`, `Call`.
    pub(crate) channel: &'static str,
    /// To whom, as it was entered.
    pub(crate) to: String,
    /// The account's name.
    pub(crate) account: String,
    /// The rule in a sentence.
    pub(crate) sentence: String,
    /// The next occurrences, written out in the account's zone.
    pub(crate) coming: Vec<String>,
    /// The account's zone.
    pub(crate) zone: String,
    /// Nothing is sent until somebody resumes it.
    pub(crate) is_paused: bool,
    /// One of its runs is on its way.
    pub(crate) is_sending: bool,
    /// Why it reaches nobody as it stands, in a sentence.
    pub(crate) nowhere: Option<String>,
    /// What else is known of it.
    pub(crate) facts: Vec<Fact>,
    /// Its occurrences so far, newest first.
    pub(crate) runs: Vec<RunCard>,
    /// The next page of its runs.
    pub(crate) older_runs: Option<String>,
    /// Back to the newest runs.
    pub(crate) newest_runs: Option<String>,
}

/// One occurrence, and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct RunCard {
    /// When it was due, written out in the account's zone.
    pub(crate) due: String,
    /// The same as a moment.
    pub(crate) due_at: Moment,
    /// How far it got.
    pub(crate) state: State,
    /// Why, in a sentence, or empty.
    pub(crate) reason: String,
    /// What was sent, with each try.
    pub(crate) delivery: Option<DeliveryCard>,
}

/// Occurrences ahead that are shown.
const COMING: usize = 5;
/// Occurrences behind that one page shows.
const RUNS: usize = 20;

/// A To Do with all that its page tells.
#[derive(Debug, Clone)]
pub(crate) struct ToDoDetail {
    /// The To Do and its schedule.
    pub(crate) standing: ScheduledToDo,
    /// Its account with lines and directory.
    pub(crate) book: Arc<Playbook>,
    /// When it goes out next.
    pub(crate) preview: Preview,
    /// A page of its runs, newest first.
    pub(crate) runs: Vec<RunDetail>,
    /// Whether there are earlier ones.
    pub(crate) has_more: bool,
    /// The run before which the page begins, where it is not the newest.
    pub(crate) before: Option<Instant>,
}

impl ToDoDetail {
    /// The To Do, and all that explains it. `before` is the page of its runs as the address asks.
    pub(crate) async fn load(
        web: &Web,
        visitor: &SignedIn,
        standing: ScheduledToDo,
        before: &str,
    ) -> app::Result<Self> {
        let (app, actor, id) = (&web.app, &visitor.actor, standing.to_do.id);
        let book = playbooks::find(app, actor, standing.to_do.account_id).await?;
        let preview = to_dos::preview(app, actor, id, COMING).await?;
        let before = before.parse().ok().and_then(|ms| Instant::try_from_ms(ms).ok());
        let mut runs = to_dos::runs(app, actor, id, before, RUNS + 1).await?;
        let has_more = runs.len() > RUNS;
        runs.truncate(RUNS);
        Ok(ToDoDetail { standing, book, preview, runs, has_more, before })
    }
}

/// The To Do as its reader sees it, beside the list that was asked for.
pub(crate) fn draw(frame: &Frame, known: &ToDoDetail, asked: &ListQuery) -> OpenToDo {
    let (ScheduledToDo { to_do, is_sending, .. }, book) = (&known.standing, &known.book);
    let zone = &book.account.zone;
    let clock = Clock { now: frame.now, zone };
    let last = known.runs.last().filter(|_| known.has_more);
    let page = |before: &str| {
        format!("/to-dos/{}{}#runs", to_do.id, asked.with("runs_before", before).query())
    };
    let resolved = resolve(&to_do.contact, to_do.delivery_type, &book.contacts);
    let to = match &resolved {
        Ok(found) if !found.recipient.is_empty() => {
            format!("{}, {}", found.recipient, ui::phone(&found.address))
        }
        Ok(found) => ui::phone(&found.address),
        Err(_) => ui::phone(&to_do.contact),
    };
    OpenToDo {
        id: to_do.id.to_string(),
        name: name(to_do),
        text: to_do.message_text.trim().to_owned(),
        channel: to_do.delivery_type.noun(),
        to: ui::phone(&to_do.contact),
        account: book.account.name.clone(),
        sentence: known.preview.sentence.clone(),
        coming: known.preview.occurrences.iter().map(|at| in_full(*at, zone)).collect(),
        zone: zone.name().to_owned(),
        is_paused: to_do.paused_at.is_some(),
        is_sending: *is_sending,
        nowhere: resolved.err(),
        facts: facts(to_do, &to, &book.lines, zone),
        runs: known.runs.iter().map(|detail| run(frame, detail, &clock)).collect(),
        older_runs: last.map(|detail| page(&detail.run.due_at.as_ms().to_string())),
        newest_runs: known.before.map(|_| page("")),
    }
}

fn facts(to_do: &ToDo, to: &str, lines: &[Did], zone: &Zone) -> Vec<Fact> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let is_mail = to_do.delivery_type == Channel::Email;
    let first = lines.iter().min_by_key(|line| line.id).map(|line| line.number.as_str());
    let from = to_do.from.as_deref().or(first).map(ui::phone).unwrap_or_default();
    let minutes = to_do.policy.grace_ms / limits::MINUTE_MS;
    let late = match to_do.policy.misfire {
        Misfire::RunLate => format!("Sent all the same, up to {minutes} minutes late."),
        Misfire::Skip => "Skipped.".to_owned(),
    };
    let overlap = match to_do.policy.overlap {
        Overlap::Skip => "The new one is skipped.",
        Overlap::Send => "Both are sent.",
    };
    let unsure = match to_do.policy.if_unsure {
        IfUnsure::Repeat => "Sent again: it may arrive twice.",
        IfUnsure::Stop => "Not sent again: it may not have arrived.",
    };
    let facts = [
        ("To", to.to_owned()),
        ("From", if is_mail { text(&to_do.sender_name) } else { from }),
        ("Sender's address", text(&to_do.from_email)),
        ("Subject", text(&to_do.subject)),
        ("Instructions", text(&to_do.instructions)),
        ("If missed", late),
        ("If the one before is still being sent", overlap.to_owned()),
        ("If nobody knows whether it went out", unsure.to_owned()),
        ("Paused since", to_do.paused_at.map(|at| in_full(at, zone)).unwrap_or_default()),
        ("Made", in_full(to_do.created_at, zone)),
    ];
    let known = facts.into_iter().filter(|(_, text)| !text.is_empty());
    known.map(|(label, text)| Fact::new(label, &text)).collect()
}

fn run(frame: &Frame, detail: &RunDetail, clock: &Clock<'_>) -> RunCard {
    let RunDetail { run, delivery, next_try } = detail;
    let delivery = delivery.as_ref().map(|(delivery, attempts)| {
        let next_try = next_try.filter(|_| delivery.attempts > 0);
        (rung(delivery), card(frame, delivery, attempts, next_try, clock))
    });
    RunCard {
        due: in_full(run.due_at, clock.zone),
        due_at: clock.at(run.due_at),
        state: delivery.as_ref().map_or(run_state(run.state), |(rung, _)| *rung),
        reason: run.reason.clone(),
        delivery: delivery.map(|(_, card)| card),
    }
}

/// What became of an occurrence, as an icon and a word.
pub(crate) fn run_state(state: RunState) -> ui::State {
    match state {
        RunState::Waiting => ui::State::Waiting,
        RunState::AtDesk => ui::State::AtDesk,
        RunState::Sending => ui::State::Sending,
        RunState::Sent => ui::State::Sent,
        RunState::Captured => ui::State::Captured,
        RunState::Worked => ui::State::Worked,
        RunState::Failed => ui::State::Failed,
        RunState::Skipped => ui::State::Skipped,
        RunState::Cancelled => ui::State::Cancelled,
    }
}

/// The To Do of a run, where there is still one: its address.
pub(crate) async fn address_of_run(
    web: &Web,
    visitor: &SignedIn,
    run: domain::RunId,
) -> app::Result<Option<String>> {
    match to_dos::of_run(&web.app, &visitor.actor, run).await {
        Ok(standing) => Ok(Some(format!("/to-dos/{}", standing.to_do.id))),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
