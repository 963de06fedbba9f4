//! `GET /console/floor`: who is at what, what waits, and the figures of the day so far.

use app::live::{self, Snapshot, Tally};
use askama::{Template, filters::HtmlSafe};
use axum::extract::State;
use axum::http::StatusCode;
use domain::live::{Agent, AgentState, LiveCall, LiveState};
use domain::{Instant, WorkKind, Zone};
use web::Web;

use super::queue::{StateBox, Timer, since};
use crate::session::{Frame, PageResult, SignedIn, page};
use crate::sitemap::Place;
use crate::ui::{Shell, clock};

/// The supervisor's view of the floor.
#[derive(Debug, Clone, Template)]
#[template(path = "console/floor.html")]
pub(crate) struct FloorPage {
    shell: Shell,
    view: FloorView,
    today: Tally,
}

/// What is live on the floor. It draws itself, and again for each change.
#[derive(Debug, Clone, Template)]
#[template(path = "console/floor_live.html")]
pub(crate) struct FloorView {
    pub(crate) snapshot: Snapshot,
    pub(crate) now: Instant,
    pub(crate) zone: Zone,
}

impl HtmlSafe for FloorView {}

impl FloorView {
    /// What goes over a stream.
    pub(crate) fn fragment(&self) -> String {
        self.render().unwrap_or_default()
    }

    /// Label, figure, and whether it is one to worry about.
    fn figures(&self) -> [(&'static str, usize, bool); 6] {
        let count = |test: fn(LiveState) -> bool| {
            self.snapshot.calls.iter().filter(|call| test(call.progress.state)).count()
        };
        let waiting = |kind| self.snapshot.items.iter().filter(|item| item.kind == kind).count();
        let (unanswered, dispatch) = (count(LiveState::is_unanswered), waiting(WorkKind::Dispatch));
        [
            ("Calls to answer", unanswered, unanswered > 0),
            ("Talking", count(LiveState::is_answered), false),
            ("Wrap-up", count(|state| state == LiveState::WrapUp), false),
            ("Messages to dispatch", dispatch, dispatch > 0),
            ("Questions", waiting(WorkKind::Question), false),
            ("To Dos to work", waiting(WorkKind::ToDo), false),
        ]
    }

    /// How long the oldest unanswered call waits.
    fn oldest(&self) -> Option<Timer> {
        let calls = self.snapshot.calls.iter().filter(|call| call.progress.state.is_unanswered());
        let since = calls.map(|call| call.progress.rang_at).min();
        since.map(|since| Timer::at(since, self.now, &self.zone))
    }

    /// The agents, those at work first, with what they are at and whom they talk with.
    fn agents(&self) -> Vec<(&Agent, StateBox, &str)> {
        let calls = &self.snapshot.calls;
        let at_work = |agent| {
            let (state, since) = Agent::state(agent, calls);
            let is_talk = |call: &&LiveCall| {
                call.progress.agent_id == Some(agent.id) && call.progress.state.step() == 2
            };
            let with = calls.iter().find(is_talk).map_or("", |call| call.account_name.as_str());
            let since = Timer::at(since, self.now, &self.zone);
            (order(&state), (agent, StateBox::of(&state, since), with))
        };
        let mut agents: Vec<_> = self.snapshot.agents.iter().map(at_work).collect();
        agents.sort_by_key(|(order, _)| *order);
        agents.into_iter().map(|(_, agent)| agent).collect()
    }

    fn since(&self, call: &LiveCall) -> Timer {
        Timer::at(since(call), self.now, &self.zone)
    }
}

impl FloorPage {
    pub(crate) fn draw(frame: Frame, snapshot: Snapshot, today: Tally) -> Self {
        let Frame { shell, now, zone, .. } = frame;
        FloorPage { shell, view: FloorView { snapshot, now, zone }, today }
    }

    fn average_wait(&self) -> String {
        match self.today.answered {
            0 => "–".to_owned(),
            answered => clock(self.today.waited_ms / answered / 1_000),
        }
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
pub(crate) async fn show(visitor: SignedIn, State(web): State<Web>) -> PageResult {
    let actor = &visitor.actor;
    let snapshot = live::snapshot(&web.app, actor.tenant_id).await?.of(actor);
    let today = live::today(&web.app, actor).await?;
    let drawn = FloorPage::draw(visitor.frame(&web, Place::Floor).await?, snapshot, today);
    Ok(page(StatusCode::OK, &drawn))
}
