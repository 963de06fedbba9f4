//! The queue beside every page of the console: calls, what waits for an agent, and what one is at.

use app::Actor;
use app::live::Snapshot;
use askama::{Template, filters::HtmlSafe};
use domain::live::{AgentState, LiveCall, LiveState};
use domain::user::Right;
use domain::{CallId, Instant, WorkItem, WorkKind, WorkState, Zone};

use crate::ui::{clock, phone};

/// Everything live that an agent sees. It draws itself: `{{ queue }}` in a template, and again
/// for each change of it.
#[derive(Debug, Clone, Template)]
#[template(path = "console/queue.html")]
pub(crate) struct Queue {
    /// Stands in every form as `csrf`.
    pub(crate) csrf: String,
    /// When it was drawn, so that timers run by our clock: RFC 3339.
    pub(crate) now: String,
    /// What the agent is at.
    pub(crate) me: StateBox,
    /// The call whose form stands beside the queue: it is ended from there.
    pub(crate) at: Option<String>,
    /// Calls that nobody has answered, oldest first.
    pub(crate) unanswered: Vec<CallRow>,
    /// The agent's own calls.
    pub(crate) mine: Vec<CallRow>,
    /// The agent's own calls that ended before a message or an outcome was saved, newest first.
    pub(crate) unsaved: Vec<CallRow>,
    /// Calls that other agents have.
    pub(crate) others: Vec<CallRow>,
    /// What waits, by kind.
    pub(crate) groups: Vec<ItemGroup>,
}

impl HtmlSafe for Queue {}

/// What an agent is at.
#[derive(Debug, Clone)]
pub(crate) struct StateBox {
    /// `ready`, `busy`, `wrap_up`, `break` or `signed_out`.
    pub(crate) word: &'static str,
    /// "Ready", "On a call", "Break: lunch".
    pub(crate) label: String,
    /// Since when.
    pub(crate) since: Timer,
    /// The state's icon.
    pub(crate) icon: &'static str,
}

/// An age that goes on counting.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<time class="timer" datetime="{{ iso }}" title="{{ exact }}" data-since>{{ shown }}</time>"#
)]
pub(crate) struct Timer {
    /// Since when: RFC 3339.
    pub(crate) iso: String,
    /// The same for a person.
    pub(crate) exact: String,
    /// How long that was when it was drawn: "1:07".
    pub(crate) shown: String,
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

/// A call in the queue.
#[derive(Debug, Clone)]
pub(crate) struct CallRow {
    /// The call's number.
    pub(crate) id: String,
    /// `ringing`, `waiting`, `talking`, `held` or `wrap_up`.
    pub(crate) state: &'static str,
    /// "Ringing".
    pub(crate) word: &'static str,
    /// The state's icon.
    pub(crate) icon: &'static str,
    /// The caller's number as a person reads it.
    pub(crate) from: String,
    /// The account that was called.
    pub(crate) account: String,
    /// The agent who has it, or empty.
    pub(crate) agent: String,
    /// Since when it is at this.
    pub(crate) since: Timer,
    /// The page on which its message is taken.
    pub(crate) href: String,
}

/// What waits, of one kind.
#[derive(Debug, Clone)]
pub(crate) struct ItemGroup {
    /// "To dispatch".
    pub(crate) title: &'static str,
    /// The kind in a word.
    pub(crate) kind: &'static str,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// Each of them.
    pub(crate) rows: Vec<ItemRow>,
}

/// Something that waits.
#[derive(Debug, Clone)]
pub(crate) struct ItemRow {
    /// Its number.
    pub(crate) id: String,
    /// Its page.
    pub(crate) href: String,
    /// What is to be done.
    pub(crate) title: String,
    /// The account.
    pub(crate) account: String,
    /// It goes before the others.
    pub(crate) is_urgent: bool,
    /// "Yours", the name of the agent who is at it, or empty.
    pub(crate) with: String,
    /// When it is to be worked, where that lies ahead: "2:30 PM EST".
    pub(crate) later: Option<String>,
    /// Its age.
    pub(crate) since: Timer,
}

impl Queue {
    /// The queue of somebody; the snapshot holds what it may see and no more.
    pub(crate) fn of(
        snapshot: &Snapshot,
        actor: &Actor,
        csrf: &str,
        at: Option<CallId>,
        now: Instant,
        zone: &Zone,
    ) -> Self {
        let row = |call: &LiveCall| CallRow::of(call, now, zone);
        let calls = || snapshot.calls.iter();
        let is_mine = |call: &&LiveCall| call.progress.agent_id == Some(actor.user_id);
        let is_open = |call: &&LiveCall| call.progress.state.is_unanswered();
        let groups = WorkKind::ALL.into_iter().filter_map(|kind| {
            let may = kind != WorkKind::Notice || actor.role.may(Right::ManageAccounts);
            let items = snapshot.items.iter().filter(|item| may && item.kind == kind);
            let rows: Vec<_> = items.map(|item| ItemRow::of(item, actor, now, zone)).collect();
            let (title, icon) = named(kind);
            (!rows.is_empty()).then(|| ItemGroup { title, kind: kind.as_str(), icon, rows })
        });
        let (state, since) = snapshot.state_of(actor, now);
        Queue {
            csrf: csrf.to_owned(),
            now: now.rfc3339_ms(),
            me: StateBox::of(&state, Timer::at(since, now, zone)),
            at: at.map(|id| id.to_string()),
            unanswered: calls().filter(is_open).map(row).collect(),
            mine: calls().filter(is_mine).filter(|call| !is_open(call)).map(row).collect(),
            unsaved: snapshot.unsaved.iter().rev().map(row).collect(),
            others: calls().filter(|call| !is_mine(call) && !is_open(call)).map(row).collect(),
            groups: groups.collect(),
        }
    }

    /// What goes over a stream.
    pub(crate) fn fragment(&self) -> String {
        // A template fails only where its writer does, and a String never does.
        self.render().unwrap_or_default()
    }

    /// Whether nothing is going on at all.
    pub(crate) fn is_quiet(&self) -> bool {
        self.unanswered.is_empty()
            && self.mine.is_empty()
            && self.unsaved.is_empty()
            && self.groups.is_empty()
    }

    /// Whether a call's form stands beside the queue.
    pub(crate) fn is_at(&self, row: &CallRow) -> bool {
        self.at.as_ref() == Some(&row.id)
    }

    /// Whether the form beside the queue ends a call, so that its key is not the queue's.
    pub(crate) fn is_ended_beside(&self) -> bool {
        self.mine.iter().any(|row| self.is_at(row))
    }

    /// Where its stream is.
    pub(crate) fn events(&self) -> String {
        let at = self.at.iter().map(|id| format!("?call={id}"));
        format!("/console/events{}", at.collect::<String>())
    }
}

/// The heading and the icon of a kind.
pub(crate) fn named(kind: WorkKind) -> (&'static str, &'static str) {
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
pub(crate) fn told(state: LiveState) -> (&'static str, &'static str) {
    match state {
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

impl CallRow {
    pub(crate) fn of(call: &LiveCall, now: Instant, zone: &Zone) -> Self {
        let state = call.progress.state;
        let (word, icon) = told(state);
        CallRow {
            id: call.id.to_string(),
            state: state.as_str(),
            word,
            icon,
            from: caller(&call.from),
            account: call.account_name.clone(),
            agent: call.agent_name.clone(),
            since: Timer::at(since(call), now, zone),
            href: Self::href(call),
        }
    }

    /// The page on which a call's message is taken.
    pub(crate) fn href(call: &LiveCall) -> String {
        format!("/console/accounts/{}?call={}", call.account_id, call.id)
    }
}

impl ItemRow {
    fn of(item: &WorkItem, actor: &Actor, now: Instant, zone: &Zone) -> Self {
        let with = match &item.state {
            WorkState::Claimed { by, .. } if *by == actor.user_id => "Yours".to_owned(),
            WorkState::Claimed { name, .. } => format!("With {name}"),
            WorkState::Open | WorkState::Done { .. } => String::new(),
        };
        let later = (item.ready_at > now).then(|| zone.portal(item.ready_at).to_string());
        ItemRow {
            id: item.id.to_string(),
            href: format!("/console/items/{}", item.id),
            title: item.title.clone(),
            account: item.account_name.clone(),
            is_urgent: item.is_urgent,
            with,
            later,
            since: Timer::at(item.created_at, now, zone),
        }
    }
}
