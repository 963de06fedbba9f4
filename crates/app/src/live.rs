//! Calls that are going on: a switch tells of them, one agent answers, saves, and is done.

use domain::account::phone_digits;
pub use domain::live::LiveCall;
use domain::live::{Agent, AgentChoice, AgentState, CallEvent, LiveState, Progress, Signal};
use domain::token::Switch;
use domain::user::{Right, check_line};
use domain::{AccountId, Call, CallId, Cdr, Instant, Invalid, Message, TenantId, WorkItem, limits};
use store::Tx;
pub use store::live::Tally;

use crate::work_queue::ClaimOutcome;
use crate::{Actor, App, Error, Result, calls};

/// What a switch tells of a call while it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The switch's own identifier of the call.
    pub call_sid: String,
    /// What happened.
    pub signal: Signal,
    /// The agent who answered, by the short name that the switch knows.
    pub agent_username: String,
    /// The account that was called; `""` where the dialled line tells.
    pub account_number: String,
    /// The number that was dialled.
    pub did_number: String,
    /// The number that called.
    pub from: String,
    /// What the caller chose in the switch's menu, `""` where nothing is told of it.
    pub menu_choice: String,
    /// When it happened.
    pub at: Instant,
    /// Its place among the events of the call.
    pub sequence: Option<i64>,
}

/// The call that a report was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportedCall {
    /// The call.
    pub call_id: CallId,
    /// What the call is at now.
    pub state: LiveState,
    /// Whether it was the first that was heard of the call.
    pub is_new: bool,
}

/// Takes in what a switch tells. Reports may be late, out of order, and repeated: none takes the
/// call a step back. What lies in the future counts as now. The call has its row, and its id, from
/// the first report on; the full one (`calls::ingest`) fills it in.
#[crate::boxed]
pub async fn hear(
    app: &App,
    tenant: TenantId,
    switch: &Switch,
    report: &Report,
) -> Result<ReportedCall> {
    check(report)?;
    let heard = match hear_once(app, tenant, switch, report).await {
        // Two first reports came in at once, and the other won: now its row is there.
        Err(Error::Changed) => hear_once(app, tenant, switch, report).await,
        other => other,
    }?;
    app.bells.ring(tenant);
    Ok(heard)
}

fn check(report: &Report) -> Result<()> {
    let mut invalid = Invalid::new();
    invalid.require(!report.call_sid.is_empty(), "call_sid", "must not be empty");
    let lines = [
        ("call_sid", &report.call_sid),
        ("agent_username", &report.agent_username),
        ("account_number", &report.account_number),
        ("did_number", &report.did_number),
        ("from", &report.from),
        ("ivr", &report.menu_choice),
    ];
    for (path, text) in lines {
        check_line(&mut invalid, path, text);
    }
    Ok(invalid.or(())?)
}

async fn hear_once(
    app: &App,
    tenant: TenantId,
    switch: &Switch,
    report: &Report,
) -> Result<ReportedCall> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let agent_id = match report.agent_username.as_str() {
        "" => None,
        name => store::live::agent_named(tx.link(), tenant, name).await?,
    };
    let (at, sequence) = (report.at.min(now), report.sequence);
    let event = CallEvent { signal: report.signal, at, sequence, agent_id };
    let known = store::live::call_to_change(tx.link(), tenant, &report.call_sid).await?;
    let heard = match known {
        None => begin(&mut tx, tenant, switch, report, &event, now).await?,
        Some(id) => go_on(&mut tx, tenant, id, &event, now).await?,
    };
    if !report.menu_choice.is_empty() {
        store::live::press(tx.link(), tenant, heard.call_id, &report.menu_choice).await?;
    }
    if let (Some(agent), true) = (agent_id, heard.state.is_answered()) {
        store::live::arrive(tx.link(), tenant, agent, now).await?;
    }
    tx.commit().await?;
    Ok(heard)
}

async fn begin(
    tx: &mut Tx,
    tenant: TenantId,
    switch: &Switch,
    report: &Report,
    event: &CallEvent,
    now: Instant,
) -> Result<ReportedCall> {
    let mut call = call_of(tenant, report, event.at);
    calls::locate(tx, &mut call).await?;
    let id = store::live::begin(tx.link(), &call, Some(switch.id)).await?.ok_or(Error::Changed)?;
    let progress = Progress::begun(event);
    store::live::insert(tx.link(), tenant, id, call.account_id, &progress, now).await?;
    Ok(ReportedCall { call_id: id, state: progress.state, is_new: true })
}

async fn go_on(
    tx: &mut Tx,
    tenant: TenantId,
    id: CallId,
    event: &CallEvent,
    now: Instant,
) -> Result<ReportedCall> {
    let call = store::live::find_to_change(tx.link(), tenant, id).await?;
    let Some(LiveCall { mut progress, .. }) = call else {
        // The full report came before any event, or the call was long ago: it is over.
        return Ok(ReportedCall { call_id: id, state: LiveState::Over, is_new: false });
    };
    if progress.hear(event) {
        store::live::update(tx.link(), tenant, id, &progress, now).await?;
    }
    Ok(ReportedCall { call_id: id, state: progress.state, is_new: false })
}

/// The row of a call of which only an event is known.
fn call_of(tenant: TenantId, report: &Report, at: Instant) -> Call {
    Call {
        tenant_id: tenant,
        id: CallId(0),
        account_id: AccountId(0),
        account_number: report.account_number.clone(),
        did_id: None,
        call_sid: report.call_sid.clone(),
        did_number: report.did_number.clone(),
        from: report.from.clone(),
        agent_username: report.agent_username.clone(),
        started_at: at,
        cdr: Cdr::default(),
    }
}

/// Ends a live call whose full report came in, in the caller's transaction.
pub(crate) async fn completed(
    tx: &mut Tx,
    tenant: TenantId,
    id: CallId,
    at: Instant,
    now: Instant,
) -> Result<()> {
    let call = store::live::find_to_change(tx.link(), tenant, id).await?;
    let Some(LiveCall { mut progress, .. }) = call else { return Ok(()) };
    let ended = CallEvent { signal: Signal::Ended, at, sequence: None, agent_id: None };
    if progress.hear(&ended) {
        store::live::update(tx.link(), tenant, id, &progress, now).await?;
    }
    Ok(())
}

/// A call that is going on, or was a short time ago.
#[crate::boxed]
pub async fn find(app: &App, actor: &Actor, id: CallId) -> Result<LiveCall> {
    actor.require(Right::TakeMessages)?;
    let mut reader = app.db.read().await?;
    let call = store::live::find(reader.link(), actor.tenant_id, id).await?;
    call.filter(|call| actor.sees(call.account_id)).ok_or(Error::NotFound)
}

/// Answers a call. Of several agents exactly one wins.
#[crate::boxed]
pub async fn claim(app: &App, actor: &Actor, id: CallId) -> Result<ClaimOutcome> {
    find(app, actor, id).await?;
    let (tenant, agent, now) = (actor.tenant_id, actor.user_id, app.now());
    let mut tx = app.db.begin().await?;
    if store::live::claim(tx.link(), tenant, id, agent, now).await? {
        store::live::arrive(tx.link(), tenant, agent, now).await?;
        tx.commit().await?;
        app.bells.ring(tenant);
        return Ok(ClaimOutcome::Won);
    }
    drop(tx);
    let call = find(app, actor, id).await?;
    Ok(match call.progress {
        Progress { agent_id: Some(by), .. } if by == agent => ClaimOutcome::Won,
        Progress { agent_id: Some(_), .. } => ClaimOutcome::Lost(call.agent_name),
        _ => ClaimOutcome::Over,
    })
}

/// A call that an agent of an account may have, locked; `None` if it is another account's, or was
/// over long ago.
pub(crate) async fn of_account(
    tx: &mut Tx,
    tenant: TenantId,
    account: AccountId,
    id: Option<CallId>,
) -> Result<Option<LiveCall>> {
    let Some(id) = id else { return Ok(None) };
    let call = store::live::find_to_change(tx.link(), tenant, id).await?;
    Ok(call.filter(|call| call.account_id == account))
}

/// Notes, in the caller's transaction, that the agent of a call saved what it was about. Once the
/// caller is gone the call is over. Answers whether that changed anything: a call of somebody else
/// stays as it is.
pub(crate) async fn save(tx: &mut Tx, actor: &Actor, call: LiveCall, now: Instant) -> Result<bool> {
    Ok(may_change(&call, actor) && change(tx, actor, call, Progress::save, now).await?)
}

/// The agent of a call is done with it, though it saved nothing or nobody told of its end. Whoever
/// manages accounts may end any.
#[crate::boxed]
pub async fn end(app: &App, actor: &Actor, id: CallId) -> Result<()> {
    actor.require(Right::TakeMessages)?;
    let mut tx = app.db.begin().await?;
    let call = store::live::find_to_change(tx.link(), actor.tenant_id, id).await?;
    let call = call.filter(|call| actor.sees(call.account_id)).ok_or(Error::NotFound)?;
    if !may_change(&call, actor) {
        return Err(Error::Changed);
    }
    if change(&mut tx, actor, call, Progress::close, app.now()).await? {
        tx.commit().await?;
        app.bells.ring(actor.tenant_id);
    }
    Ok(())
}

fn may_change(call: &LiveCall, actor: &Actor) -> bool {
    call.progress.agent_id == Some(actor.user_id) || actor.role.may(Right::ManageAccounts)
}

async fn change(
    tx: &mut Tx,
    actor: &Actor,
    call: LiveCall,
    change: fn(&mut Progress, Instant),
    now: Instant,
) -> Result<bool> {
    let mut progress = call.progress;
    change(&mut progress, now);
    let is_changed = progress != call.progress;
    if is_changed {
        store::live::update(tx.link(), actor.tenant_id, call.id, &progress, now).await?;
    }
    Ok(is_changed)
}

/// Says what whoever asks is at.
#[crate::boxed]
pub async fn choose(app: &App, actor: &Actor, choice: AgentChoice) -> Result<()> {
    actor.require(Right::TakeMessages)?;
    if let AgentChoice::Break(reason) = &choice {
        let mut invalid = Invalid::new();
        check_line(&mut invalid, "reason", reason);
        let short = reason.len() <= limits::BREAK_BYTES;
        invalid.require(short, "reason", "must have at most 80 bytes");
        invalid.or(())?;
    }
    let mut tx = app.db.begin().await?;
    store::live::choose(tx.link(), actor.tenant_id, actor.user_id, &choice, app.now()).await?;
    tx.commit().await?;
    app.bells.ring(actor.tenant_id);
    Ok(())
}

/// All that the console shows of a tenant at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Calls that are not over, oldest first.
    pub calls: Vec<LiveCall>,
    /// Calls that ended, and whose agent saved neither a message nor an outcome, oldest first.
    pub unsaved: Vec<LiveCall>,
    /// What waits for an agent, urgent first.
    pub items: Vec<WorkItem>,
    /// The agents, by name.
    pub agents: Vec<Agent>,
}

impl Snapshot {
    /// What of it somebody may see: of their accounts only, and unsaved calls only their own.
    #[must_use]
    pub fn of(&self, actor: &Actor) -> Snapshot {
        let calls = self.calls.iter().filter(|call| actor.sees(call.account_id));
        let is_own = |call: &&LiveCall| call.progress.agent_id == Some(actor.user_id);
        let unsaved = self.unsaved.iter().filter(is_own).filter(|call| actor.sees(call.account_id));
        let items = self.items.iter().filter(|item| actor.sees(item.account_id));
        Snapshot {
            calls: calls.cloned().collect(),
            unsaved: unsaved.cloned().collect(),
            items: items.cloned().collect(),
            agents: self.agents.clone(),
        }
    }

    /// What an agent is at, and since when; signed out where nothing is known.
    #[must_use]
    pub fn state_of(&self, actor: &Actor, now: Instant) -> (AgentState, Instant) {
        let known = self.agents.iter().find(|agent| agent.id == actor.user_id).cloned();
        let unknown = || Agent {
            id: actor.user_id,
            name: actor.name.clone(),
            choice: AgentChoice::SignedOut,
            since: now,
        };
        known.unwrap_or_else(unknown).state(&self.calls)
    }
}

/// A text that changes whenever a tenant's snapshot does, on whatever node. Cheap to ask for.
#[crate::boxed]
pub async fn pulse(app: &App, tenant: TenantId) -> Result<String> {
    let mut reader = app.db.read().await?;
    Ok(store::live::pulse(reader.link(), tenant, app.now()).await?)
}

/// A tenant's snapshot, to be shared by all who look: each is to be shown [`Snapshot::of`] it.
#[crate::boxed]
pub async fn snapshot(app: &App, tenant: TenantId) -> Result<Snapshot> {
    let now = app.now();
    let most = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    let mut reader = app.db.read().await?;
    let used_since = now.minus_ms(limits::SESSION_IDLE_MS);
    Ok(Snapshot {
        calls: store::live::open(reader.link(), tenant, most(limits::LIVE_ROWS)).await?,
        unsaved: store::live::unsaved(reader.link(), tenant, most(limits::LIVE_ROWS)).await?,
        items: store::work_items::open(reader.link(), tenant, most(limits::WORK_ITEMS)).await?,
        agents: store::live::agents(reader.link(), tenant, now, used_since).await?,
    })
}

/// How many calls and messages the whole tenant had today, in its own zone.
#[crate::boxed]
pub async fn today(app: &App, actor: &Actor) -> Result<Tally> {
    actor.require(Right::ManageAccounts)?;
    let mut reader = app.db.read().await?;
    let tenant = store::tenants::find(reader.link(), actor.tenant_id).await?;
    let zone = tenant.ok_or(Error::NotFound)?.zone;
    let since = zone.day_start(zone.date(app.now()));
    Ok(store::live::tally(reader.link(), actor.tenant_id, since).await?)
}

/// Earlier messages of an account from a caller, newest first, at most `limit`.
#[crate::boxed]
pub async fn history(
    app: &App,
    actor: &Actor,
    account: AccountId,
    from: &str,
    limit: usize,
) -> Result<Vec<Message>> {
    actor.require(Right::TakeMessages)?;
    let digits = phone_digits(from);
    if digits.is_empty() || !actor.sees(account) {
        return Ok(Vec::new());
    }
    // A switch may write a number with or without its country code.
    let forms = [from.trim().to_owned(), format!("1{digits}"), format!("+1{digits}"), digits];
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut reader = app.db.read().await?;
    Ok(store::messages::of_caller(reader.link(), actor.tenant_id, account, &forms, limit).await?)
}

/// Ends calls that no switch told the end of, and forgets how calls went that were over long ago.
pub(crate) async fn sweep(tx: &mut Tx, now: Instant) -> Result<()> {
    store::live::end_silent(tx.link(), now.minus_ms(limits::LIVE_SILENCE_MS), now).await?;
    store::live::forget(tx.link(), now.minus_ms(limits::LIVE_KEPT_MS)).await?;
    Ok(())
}
