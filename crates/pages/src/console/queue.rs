//! The queue beside every page of the console: calls, what waits for an agent, and what one is at.

use app::Actor;
use app::live::{self, Snapshot};
use askama::{Template, filters::HtmlSafe};
use domain::live::{AgentState, LiveCall, LiveState};
use domain::user::Right;
use domain::{CallId, Instant, WorkItem, WorkKind, WorkState, Zone};
use web::Web;

use super::draft::{draft, draft_key};
use crate::session::SignedIn;
use crate::ui::{clock, phone};

/// Everything live that an agent sees. It draws itself: `{{ queue }}` in a template, and again
/// for each change of it.
#[derive(Debug, Clone, Template)]
#[template(path = "console/queue.html")]
pub(crate) struct Queue {
    /// What the reader may see of it, and no more.
    pub(crate) snapshot: Snapshot,
    pub(crate) reader: Actor,
    pub(crate) csrf: String,
    /// The call whose form stands beside the queue: it is ended from there.
    pub(crate) at: Option<CallId>,
    pub(crate) now: Instant,
    pub(crate) zone: Zone,
}

impl HtmlSafe for Queue {}

/// What an agent is at.
#[derive(Debug, Clone)]
pub(crate) struct StateBox {
    /// `ready`, `busy`, `wrap_up`, `break` or `signed_out`.
    pub(crate) word: &'static str,
    /// "Ready", "On a call", "Break: lunch".
    pub(crate) label: String,
    pub(crate) icon: &'static str,
    pub(crate) since: Timer,
}

/// An age that goes on counting.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<time class="timer" datetime="{{ iso }}" title="{{ exact }}" data-since>{{ shown }}</time>"#
)]
pub(crate) struct Timer {
    iso: String,
    exact: String,
    shown: String,
}

impl HtmlSafe for Timer {}

impl Timer {
    /// The age of something at `now`, for a reader in `zone`.
    pub(crate) fn at(since: Instant, now: Instant, zone: &Zone) -> Self {
        Timer {
            iso: since.rfc3339_ms(),
            exact: zone.exact(since).to_string(),
            shown: clock((now.ms_since(since) / 1_000).max(0)),
        }
    }
}

impl Queue {
    /// The queue of somebody, beside the form of a call.
    pub(crate) async fn load(
        web: &Web,
        visitor: &SignedIn,
        at: Option<CallId>,
    ) -> app::Result<Self> {
        let (reader, csrf) = (visitor.actor.clone(), visitor.csrf.clone());
        let snapshot = live::snapshot(&web.app, reader.tenant_id).await?.of(&reader);
        let (now, zone) = (web.app.now(), visitor.tenant.zone.clone());
        Ok(Queue { snapshot, reader, csrf, at, now, zone })
    }

    /// What goes over a stream.
    pub(crate) fn fragment(&self) -> String {
        // A template fails only where its writer does, and a String never does.
        self.render().unwrap_or_default()
    }

    fn me(&self) -> StateBox {
        let (state, since) = self.snapshot.state_of(&self.reader, self.now);
        StateBox::of(&state, Timer::at(since, self.now, &self.zone))
    }

    fn is_mine(&self, call: &LiveCall) -> bool {
        call.progress.agent_id == Some(self.reader.user_id)
    }

    /// Calls that nobody has answered, oldest first.
    fn unanswered(&self) -> Vec<&LiveCall> {
        self.calls(|call| call.progress.state.is_unanswered())
    }

    fn mine(&self) -> Vec<&LiveCall> {
        self.calls(|call| self.is_mine(call) && !call.progress.state.is_unanswered())
    }

    fn others(&self) -> Vec<&LiveCall> {
        self.calls(|call| !self.is_mine(call) && !call.progress.state.is_unanswered())
    }

    fn calls(&self, wanted: impl Fn(&LiveCall) -> bool) -> Vec<&LiveCall> {
        self.snapshot.calls.iter().filter(|call| wanted(call)).collect()
    }

    /// What waits for the reader, by kind; kinds of which nothing waits are left out.
    fn groups(&self) -> Vec<(WorkKind, Vec<&WorkItem>)> {
        let is_manager = self.reader.role.may(Right::ManageAccounts);
        let kinds = WorkKind::ALL.into_iter();
        let kinds = kinds.filter(|kind| *kind != WorkKind::Notice || is_manager);
        let items = kinds.map(|kind| {
            (kind, self.snapshot.items.iter().filter(|item| item.kind == kind).collect::<Vec<_>>())
        });
        items.filter(|(_, items)| !items.is_empty()).collect()
    }

    /// Whether nothing is going on at all.
    fn is_quiet(&self) -> bool {
        self.snapshot.unsaved.is_empty()
            && self.groups().is_empty()
            && self.others().len() == self.snapshot.calls.len()
    }

    /// Whether a call's form stands beside the queue.
    fn is_at(&self, call: &LiveCall) -> bool {
        self.at == Some(call.id)
    }

    /// Whether the form beside the queue ends a call, so that its key is not the queue's.
    fn is_ended_beside(&self) -> bool {
        self.mine().into_iter().any(|call| self.is_at(call))
    }

    /// The name under which the reader's browser keeps what is written of a call.
    fn draft(&self, call: &LiveCall) -> String {
        draft(&self.reader, &draft_key(call.account_id, Some(call.id)))
    }

    /// How long a call is at what it is.
    pub(crate) fn since(&self, call: &LiveCall) -> Timer {
        self.age(&since(call))
    }

    pub(crate) fn age(&self, of: &Instant) -> Timer {
        Timer::at(*of, self.now, &self.zone)
    }

    /// "Yours", or whose an item is; empty where nobody is at it.
    fn with(&self, item: &WorkItem) -> String {
        match &item.state {
            WorkState::Claimed { by, .. } if *by == self.reader.user_id => "Yours".to_owned(),
            WorkState::Claimed { name, .. } => format!("With {name}"),
            WorkState::Open | WorkState::Done { .. } => String::new(),
        }
    }

    /// When an item is to be worked, where that lies ahead: "2:30 PM EST".
    fn later(&self, item: &WorkItem) -> Option<String> {
        (item.ready_at > self.now).then(|| self.zone.portal(item.ready_at).to_string())
    }

    /// Where its stream is.
    pub(crate) fn events(&self) -> String {
        let at = self.at.iter().map(|id| format!("?call={id}"));
        format!("/console/events{}", at.collect::<String>())
    }
}

/// The heading and the icon of a kind.
pub(crate) fn named(kind: &WorkKind) -> (&'static str, &'static str) {
    match kind {
        WorkKind::Dispatch => ("To dispatch", "send"),
        WorkKind::Question => ("Questions", "message-square"),
        WorkKind::ToDo => ("To Dos to work", "list"),
        WorkKind::Notice => ("Notices", "info"),
    }
}

impl StateBox {
    /// The box of a state that began some time ago.
    pub(crate) fn of(state: &AgentState, since: Timer) -> Self {
        let (word, label, icon) = match state {
            AgentState::Ready => ("ready", "Ready".to_owned(), "circle-check"),
            AgentState::Busy => ("busy", "On a call".to_owned(), "phone-call"),
            AgentState::WrapUp => ("wrap_up", "Wrap-up".to_owned(), "pencil"),
            AgentState::Break(reason) if reason.is_empty() => {
                ("break", "Break".to_owned(), "circle-pause")
            }
            AgentState::Break(reason) => ("break", format!("Break: {reason}"), "circle-pause"),
            AgentState::SignedOut => ("signed_out", "Not at work".to_owned(), "circle"),
        };
        StateBox { word, label, since, icon }
    }
}

/// The word and the icon of a call's state.
pub(crate) fn told(call: &LiveCall) -> (&'static str, &'static str) {
    match call.progress.state {
        LiveState::Ringing => ("Ringing", "bell"),
        LiveState::Waiting => ("Waiting", "clock"),
        LiveState::Talking => ("Talking", "phone-call"),
        LiveState::Held => ("On hold", "circle-pause"),
        LiveState::WrapUp => ("Wrap-up", "pencil"),
        LiveState::Over => ("Ended", "phone"),
    }
}

/// Since when a call is at what it is.
pub(crate) fn since(call: &LiveCall) -> Instant {
    let progress = &call.progress;
    let at = match progress.state {
        LiveState::Ringing | LiveState::Waiting => None,
        LiveState::Talking | LiveState::Held => progress.answered_at,
        LiveState::WrapUp | LiveState::Over => progress.ended_at,
    };
    at.unwrap_or(progress.rang_at)
}

/// A caller's number as a person reads it.
pub(crate) fn caller(from: &str) -> String {
    if from.is_empty() { "Unknown number".to_owned() } else { phone(from) }
}

/// The page on which a call's message is taken.
pub(crate) fn href(call: &LiveCall) -> String {
    format!("/console/accounts/{}?call={}", call.account_id, call.id)
}
