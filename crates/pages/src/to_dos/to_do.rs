//! One To Do as its reader sees it, with its runs.

use std::borrow::Borrow;
use std::sync::Arc;

use app::to_dos::{self, Preview, RunDetail, ScheduledToDo};
use app::{Actor, playbooks};
use domain::delivery::IfUnsure;
use domain::to_do::{Address, Misfire, Overlap, RunState, resolve};
use domain::user::Right;
use domain::{Channel, Instant, Playbook, ToDo, limits};
use web::Web;

use super::words::{in_full, name};
use crate::list::ListQuery;
use crate::messages::Clock;
use crate::messages::card::SentDelivery;
use crate::session::{Frame, SignedIn, if_found};
use crate::ui::{self, Fact};

/// The right half of the To Dos page.
#[derive(Debug, Clone)]
pub(crate) struct OpenToDo {
    pub(crate) known: ToDoDetail,
    reader: Actor,
    pub(crate) clock: Clock,
    /// What the list beside it was asked for.
    asked: ListQuery,
}

/// Occurrences ahead that are shown.
const COMING: usize = 5;
/// Occurrences behind that one page shows.
const RUNS: usize = 20;

/// A To Do with all that its page tells.
#[derive(Debug, Clone)]
pub(crate) struct ToDoDetail {
    pub(crate) standing: ScheduledToDo,
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

impl OpenToDo {
    /// The To Do as its reader sees it, beside the list that was asked for.
    pub(crate) fn draw(frame: &Frame, known: ToDoDetail, asked: ListQuery) -> Self {
        let clock = Clock::of(&known.book.account, frame.now);
        OpenToDo { known, reader: frame.actor.clone(), clock, asked }
    }

    pub(crate) fn to_do(&self) -> &ToDo {
        &self.known.standing.to_do
    }

    /// The first line of its text, shortened; by this it is named where one asks.
    pub(crate) fn name(&self) -> String {
        name(self.to_do())
    }

    fn resolved(&self) -> Result<Address, String> {
        let to_do = self.to_do();
        resolve(&to_do.contact, to_do.delivery_type, &self.known.book.contacts)
    }

    /// Why it reaches nobody as it stands, in a sentence.
    pub(crate) fn nowhere(&self) -> Option<String> {
        self.resolved().err()
    }

    /// An occurrence written out in the account's zone.
    pub(crate) fn in_full(&self, at: &Instant) -> String {
        in_full(*at, &self.clock.zone)
    }

    pub(crate) fn coming(&self) -> Vec<String> {
        self.known.preview.occurrences.iter().map(|at| self.in_full(at)).collect()
    }

    /// The earlier page of its runs.
    pub(crate) fn older_runs(&self) -> Option<String> {
        let last = self.known.runs.last().filter(|_| self.known.has_more);
        last.map(|detail| self.runs_before(&detail.run.due_at.as_ms().to_string()))
    }

    /// Back to the newest runs.
    pub(crate) fn newest_runs(&self) -> Option<String> {
        self.known.before.map(|_| self.runs_before(""))
    }

    fn runs_before(&self, before: &str) -> String {
        let query = self.asked.with("runs_before", before).query();
        format!("/to-dos/{}{query}#runs", self.to_do().id)
    }

    /// What was sent for a run, with each try.
    pub(crate) fn sent<'d>(&'d self, detail: &'d RunDetail) -> Option<SentDelivery<'d>> {
        let RunDetail { delivery, next_try, .. } = detail;
        let (delivery, attempts) = delivery.as_ref()?;
        let next_try = next_try.filter(|_| delivery.attempts > 0);
        let (may_open, clock) = (self.reader.role.may(Right::SeeOutbox), &self.clock);
        Some(SentDelivery { delivery, attempts, next_try, may_open, clock })
    }

    /// What else is known of it.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let (to_do, book, zone) = (self.to_do(), &self.known.book, &self.clock.zone);
        let to = match self.resolved() {
            Ok(found) if !found.recipient.is_empty() => {
                format!("{}, {}", found.recipient, ui::phone(&found.address))
            }
            Ok(found) => ui::phone(&found.address),
            Err(_) => ui::phone(&to_do.contact),
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let is_mail = to_do.delivery_type == Channel::Email;
        let first = book.lines.iter().min_by_key(|line| line.id).map(|line| line.number.as_str());
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
        Fact::filled([
            ("To", to),
            ("From", if is_mail { text(&to_do.sender_name) } else { from }),
            ("Sender's address", text(&to_do.from_email)),
            ("Subject", text(&to_do.subject)),
            ("Instructions", text(&to_do.instructions)),
            ("If missed", late),
            ("If the one before is still being sent", overlap.to_owned()),
            ("If nobody knows whether it went out", unsure.to_owned()),
            ("Paused since", to_do.paused_at.map(|at| in_full(at, zone)).unwrap_or_default()),
            ("Made", in_full(to_do.created_at, zone)),
        ])
    }
}

/// What became of an occurrence, as an icon and a word.
pub(crate) fn run_state(state: impl Borrow<RunState>) -> ui::State {
    match state.borrow() {
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
    let found = if_found(to_dos::of_run(&web.app, &visitor.actor, run).await)?;
    Ok(found.map(|standing| format!("/to-dos/{}", standing.to_do.id)))
}
