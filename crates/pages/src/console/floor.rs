//! `GET /console/floor`: who is at what, what waits, and what the day came to so far.

use app::live::{self, Snapshot, Tally};
use askama::{Template, filters::HtmlSafe};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::live::{AgentState, LiveState};
use domain::user::Right;
use domain::{Instant, WorkKind, Zone};
use web::Web;

use super::queue::{CallRow, StateBox, Timer};
use crate::session::{Frame, PageError, SignedIn, page};
use crate::sitemap::Place;
use crate::ui::{Shell, clock};

/// The supervisor's view of the floor.
#[derive(Debug, Clone, Template)]
#[template(path = "console/floor.html")]
pub(crate) struct FloorPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// What is live.
    pub(crate) view: FloorView,
    /// What the day came to so far: label and figure.
    pub(crate) today: Vec<(&'static str, String)>,
}

/// What is live on the floor. It draws itself, and again for each change.
#[derive(Debug, Clone, Template)]
#[template(path = "console/floor_live.html")]
pub(crate) struct FloorView {
    /// When it was drawn: RFC 3339.
    pub(crate) now: String,
    /// Figures: label, figure, and whether it is one to worry about.
    pub(crate) figures: Vec<(&'static str, String, bool)>,
    /// How long the oldest unanswered call waits.
    pub(crate) oldest: Option<Timer>,
    /// The agents, those at work first.
    pub(crate) agents: Vec<AgentRow>,
    /// The calls that go on.
    pub(crate) calls: Vec<CallRow>,
}

impl HtmlSafe for FloorView {}

/// An agent on the floor.
#[derive(Debug, Clone)]
pub(crate) struct AgentRow {
    /// The agent's name.
    pub(crate) name: String,
    /// What the agent is at.
    pub(crate) state: StateBox,
    /// Whom the agent talks with: "Northwind Heating & Air".
    pub(crate) account: String,
}

impl FloorView {
    pub(crate) fn of(snapshot: &Snapshot, now: Instant, zone: &Zone) -> Self {
        let count = |test: fn(LiveState) -> bool| {
            snapshot.calls.iter().filter(|call| test(call.progress.state)).count()
        };
        let waiting = |kind| snapshot.items.iter().filter(|item| item.kind == kind).count();
        let (unanswered, dispatch) = (count(LiveState::is_unanswered), waiting(WorkKind::Dispatch));
        let figures = vec![
            ("Calls to answer", unanswered.to_string(), unanswered > 0),
            ("Talking", count(LiveState::is_answered).to_string(), false),
            ("Wrap-up", count(|state| state == LiveState::WrapUp).to_string(), false),
            ("Messages to dispatch", dispatch.to_string(), dispatch > 0),
            ("Questions", waiting(WorkKind::Question).to_string(), false),
            ("To Dos to work", waiting(WorkKind::ToDo).to_string(), false),
        ];
        let mut agents: Vec<(u8, AgentRow)> = snapshot
            .agents
            .iter()
            .map(|agent| {
                let (state, since) = agent.state(&snapshot.calls);
                let call = snapshot.calls.iter().find(|call| {
                    call.progress.agent_id == Some(agent.id) && call.progress.state.step() == 2
                });
                let account = call.map(|call| call.account_name.clone()).unwrap_or_default();
                let row = AgentRow {
                    name: agent.name.clone(),
                    account,
                    state: StateBox::of(&state, Timer::at(since, now, zone)),
                };
                (order(&state), row)
            })
            .collect();
        agents.sort_by_key(|(order, _)| *order);
        let oldest = snapshot.calls.iter().filter(|call| call.progress.state.is_unanswered());
        let oldest = oldest.map(|call| call.progress.rang_at).min();
        FloorView {
            now: now.rfc3339_ms(),
            figures,
            oldest: oldest.map(|since| Timer::at(since, now, zone)),
            agents: agents.into_iter().map(|(_, row)| row).collect(),
            calls: snapshot.calls.iter().map(|call| CallRow::of(call, now, zone)).collect(),
        }
    }

    /// What goes over a stream.
    pub(crate) fn fragment(&self) -> String {
        self.render().unwrap_or_default()
    }
}

impl FloorPage {
    /// The floor as it is now.
    pub(crate) fn draw(frame: Frame, snapshot: &Snapshot, today: &Tally) -> Self {
        let view = FloorView::of(snapshot, frame.now, &frame.zone);
        FloorPage { shell: frame.shell, view, today: figures(today) }
    }
}

fn order(state: &AgentState) -> u8 {
    match state {
        AgentState::Busy => 0,
        AgentState::WrapUp => 1,
        AgentState::Ready => 2,
        AgentState::Break(_) => 3,
        AgentState::SignedOut => 4,
    }
}

/// `GET /console/floor`.
pub(crate) async fn show(visitor: SignedIn, State(web): State<Web>) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let actor = &visitor.actor;
    let snapshot = live::snapshot(&web.app, actor.tenant_id).await?.of(actor);
    let tally = live::today(&web.app, actor).await?;
    let drawn = FloorPage::draw(visitor.frame(&web, Place::Floor).await?, &snapshot, &tally);
    Ok(page(StatusCode::OK, &drawn))
}

fn figures(tally: &Tally) -> Vec<(&'static str, String)> {
    let average = match tally.answered {
        0 => "–".to_owned(),
        answered => clock(tally.waited_ms / answered / 1_000),
    };
    vec![
        ("Calls", tally.calls.to_string()),
        ("Answered", tally.answered.to_string()),
        ("Lost", tally.lost.to_string()),
        ("Average wait", average),
        ("Messages taken", tally.messages.to_string()),
    ]
}
