//! Calls that are going on, and what each agent said to be at.

use domain::live::{Agent, AgentChoice, LiveCall, Progress};
use domain::{AccountId, Call, CallId, Instant, SwitchId, TenantId, UserId};
use sqlx::{AssertSqlSafe, query};

use crate::cells::Cells;
use crate::dialect::for_update;
use crate::rows::{Read, all, change, insert, one, row, select, update};
use crate::{Error, Link, Result};

row! { progress: Progress, "live_calls"
    updates { state, agent_id, rang_at, answered_at, ended_at, saved_at, heard_at, sequence }
}

row! { live: LiveCall, "calls", "live_calls \
    JOIN calls ON calls.tenant_id = live_calls.tenant_id AND calls.id = live_calls.call_id \
    JOIN accounts ON accounts.tenant_id = calls.tenant_id AND accounts.id = calls.account_id \
    LEFT JOIN users ON users.tenant_id = live_calls.tenant_id AND users.id = live_calls.agent_id \
    LEFT JOIN switches ON switches.tenant_id = calls.tenant_id AND switches.id = calls.switch_id"
    reads {
        tenant_id, id, account_id, account_name: "accounts.name", did_id, did_number,
        call_sid, switch_name: "coalesce(switches.name, '')", menu_choice: "live_calls.menu_choice",
        agent_name: "coalesce(users.name, '')";
        caller
    }
    parts { progress: Progress }
    with { from: caller }
}

/// What an agent said to be at, unless no session of the agent is alive.
impl Read for Agent {
    fn read<'r>(cells: &mut impl Cells<'r>) -> Result<Self> {
        let (id, name, state, reason): (_, _, String, String) = Read::read(cells)?;
        let choice = AgentChoice::parse(&state, &reason).ok_or(Error::Corrupt(state))?;
        Ok(Agent { id, name, choice, since: Read::read(cells)? })
    }
}

/// Makes the row of a call whose detail record comes later. `None` if it is there already.
pub async fn begin(
    link: Link<'_>,
    call: &Call,
    switch: Option<SwitchId>,
) -> Result<Option<CallId>> {
    let ids = insert!(link, "calls", [call], |call| {
        switch_id = switch, ..call
    }, " ON CONFLICT (tenant_id, call_sid) DO NOTHING RETURNING id" => CallId)?;
    Ok(ids.into_iter().next())
}

/// The call with a switch's identifier, whether its detail record came or not; locked where the
/// database locks rows.
pub async fn call_to_change(link: Link<'_>, tenant: TenantId, sid: &str) -> Result<Option<CallId>> {
    const SQL: &str = "SELECT id FROM calls WHERE tenant_id = $1 AND call_sid = $2";
    let sql = AssertSqlSafe(format!("{SQL}{}", for_update(&link)));
    one!(CallId, link, query(sql).bind(tenant.0).bind(sid))
}

/// Fills in a call that began as live from its full report.
pub async fn complete(link: Link<'_>, id: CallId, call: &Call) -> Result<()> {
    update!(link, "calls", [call], |call| { tenant_id = call.tenant_id, id = id } set { ..call });
    Ok(())
}

/// Writes down how far a call has come, for the first time.
pub async fn insert(
    link: Link<'_>,
    tenant: TenantId,
    id: CallId,
    account: AccountId,
    progress: &Progress,
    at: Instant,
) -> Result<()> {
    insert!(link, "live_calls", [progress], |progress| {
        tenant_id = tenant, call_id = id, account_id = account, revision = 1, updated_at = at,
        ..progress
    });
    Ok(())
}

/// Writes down how far a call has come.
pub async fn update(
    link: Link<'_>,
    tenant: TenantId,
    id: CallId,
    progress: &Progress,
    at: Instant,
) -> Result<()> {
    update!(link, "live_calls", [progress], |progress| {
        tenant_id = tenant, call_id = id,
    } set { updated_at = at, ..progress }, "revision = live_calls.revision + 1");
    Ok(())
}

/// Remembers what a caller chose in the switch's menu.
pub async fn press(link: Link<'_>, tenant: TenantId, id: CallId, choice: &str) -> Result<()> {
    const SQL: &str = "UPDATE live_calls SET menu_choice = $3, revision = revision + 1 \
        WHERE tenant_id = $1 AND call_id = $2 AND menu_choice <> $3";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(choice));
    Ok(())
}

/// Gives a call that nobody has to an agent. False if another was first, or it is answered.
pub async fn claim(
    link: Link<'_>,
    tenant: TenantId,
    id: CallId,
    agent: UserId,
    at: Instant,
) -> Result<bool> {
    const SQL: &str = "UPDATE live_calls SET state = 'talking', agent_id = $3, \
        answered_at = $4, updated_at = $4, revision = revision + 1 \
        WHERE tenant_id = $1 AND call_id = $2 AND agent_id IS NULL \
        AND state IN ('ringing', 'waiting')";
    let won = change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(agent.0).bind(at.as_ms()));
    Ok(won > 0)
}

/// A call that is going on or was not long ago.
pub async fn find(link: Link<'_>, tenant: TenantId, id: CallId) -> Result<Option<LiveCall>> {
    const SQL: &str =
        select!(LiveCall, " WHERE live_calls.tenant_id = $1 AND live_calls.call_id = $2");
    one!(LiveCall, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// The same, locked until the transaction ends.
pub async fn find_to_change(
    link: Link<'_>,
    tenant: TenantId,
    id: CallId,
) -> Result<Option<LiveCall>> {
    const SQL: &str =
        select!(LiveCall, " WHERE live_calls.tenant_id = $1 AND live_calls.call_id = $2");
    let lock = if for_update(&link).is_empty() { "" } else { " FOR UPDATE OF live_calls" };
    let sql = AssertSqlSafe(format!("{SQL}{lock}"));
    one!(LiveCall, link, query(sql).bind(tenant.0).bind(id.0))
}

/// The calls of a tenant that are not over, oldest first, at most `limit`.
pub async fn open(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<LiveCall>> {
    const SQL: &str = select!(
        LiveCall,
        " WHERE live_calls.tenant_id = $1 AND live_calls.state <> 'over' \
         ORDER BY live_calls.rang_at, live_calls.call_id LIMIT $2"
    );
    all!(LiveCall, link, query(SQL).bind(tenant.0).bind(limit))
}

/// The calls of a tenant that ended without a message or an outcome from the agent who had them,
/// oldest first, at most `limit`.
pub async fn unsaved(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<LiveCall>> {
    const SQL: &str = select!(
        LiveCall,
        " WHERE live_calls.tenant_id = $1 AND live_calls.state = 'over' \
         AND live_calls.agent_id IS NOT NULL AND live_calls.saved_at IS NULL \
         ORDER BY live_calls.call_id LIMIT $2"
    );
    all!(LiveCall, link, query(SQL).bind(tenant.0).bind(limit))
}

/// Ends calls of which nothing was heard since an instant; answers how many.
pub async fn end_silent(link: Link<'_>, since: Instant, at: Instant) -> Result<u64> {
    const SQL: &str = "UPDATE live_calls SET state = 'over', ended_at = coalesce(ended_at, $2), \
        updated_at = $2, revision = revision + 1 WHERE state <> 'over' AND updated_at < $1";
    Ok(change!(link, query(SQL).bind(since.as_ms()).bind(at.as_ms())))
}

/// Forgets how calls went that were over before an instant.
pub async fn forget(link: Link<'_>, before: Instant) -> Result<u64> {
    const SQL: &str = "DELETE FROM live_calls WHERE state = 'over' AND updated_at < $1";
    Ok(change!(link, query(SQL).bind(before.as_ms())))
}

/// The calls and messages of a time, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All calls that rang.
    pub calls: i64,
    /// Of them, those that an agent answered.
    pub answered: i64,
    /// Of them, those that ended without an agent.
    pub lost: i64,
    /// How long callers waited until they were answered, in milliseconds, all together.
    pub waited_ms: i64,
    /// Messages that were taken.
    pub messages: i64,
}

row! { tally: Tally, "live_calls"
    reads {
        calls: "count(*)",
        answered: "count(answered_at)",
        lost: "count(CASE WHEN state = 'over' AND answered_at IS NULL THEN 1 END)",
        waited_ms: "CAST(coalesce(sum(answered_at - rang_at), 0) AS BIGINT)",
        messages: "(SELECT count(*) FROM messages WHERE tenant_id = $1 AND created_at >= $2 \
            AND non_message_type = '')",
    }
}

/// Counts the calls and messages since an instant.
pub async fn tally(link: Link<'_>, tenant: TenantId, since: Instant) -> Result<Tally> {
    const SQL: &str = select!(Tally, " WHERE tenant_id = $1 AND rang_at >= $2");
    let row = one!(Tally, link, query(SQL).bind(tenant.0).bind(since.as_ms()))?;
    Ok(row.unwrap_or_default())
}

/// Remembers what an agent is at.
pub async fn choose(
    link: Link<'_>,
    tenant: TenantId,
    agent: UserId,
    choice: &AgentChoice,
    at: Instant,
) -> Result<()> {
    let reason = match choice {
        AgentChoice::Break(reason) => reason.as_str(),
        _ => "",
    };
    insert!(link, "agent_states", [choice], |choice| {
        tenant_id = tenant, user_id = agent, state = choice.as_str(), reason = reason, since = at,
        revision = 1,
    }, " ON CONFLICT (tenant_id, user_id) DO UPDATE SET state = excluded.state, \
        reason = excluded.reason, since = excluded.since, revision = agent_states.revision + 1");
    Ok(())
}

/// Everybody of a tenant who ever said to be at work and may still sign in, by name. Who has no
/// session that lives at `now` (used after `used_since`) is signed out, whatever was said last.
pub async fn agents(
    link: Link<'_>,
    tenant: TenantId,
    now: Instant,
    used_since: Instant,
) -> Result<Vec<Agent>> {
    const SQL: &str = "SELECT users.id, users.name, CASE WHEN EXISTS (SELECT 1 FROM sessions \
        WHERE sessions.tenant_id = users.tenant_id AND sessions.user_id = users.id \
        AND sessions.expires_at > $2 AND sessions.seen_at > $3) THEN agent_states.state \
        ELSE 'signed_out' END, agent_states.reason, agent_states.since \
        FROM agent_states JOIN users ON users.tenant_id = agent_states.tenant_id \
            AND users.id = agent_states.user_id \
        WHERE agent_states.tenant_id = $1 AND NOT users.is_disabled \
        ORDER BY users.name, users.id";
    let used_since = used_since.as_ms();
    all!(Agent, link, query(SQL).bind(tenant.0).bind(now.as_ms()).bind(used_since))
}

/// A text that changes whenever something changes that the console shows: calls that go on or were
/// not saved, what waits for an agent, and what agents are at.
pub async fn pulse(link: Link<'_>, tenant: TenantId, now: Instant) -> Result<String> {
    const SQL: &str = "SELECT \
        (SELECT count(*) || '.' || coalesce(sum(call_id), 0) || '.' || coalesce(sum(revision), 0) \
            FROM live_calls WHERE tenant_id = $1 AND state <> 'over') || '/' || \
        (SELECT count(*) || '.' || coalesce(sum(call_id), 0) FROM live_calls \
            WHERE tenant_id = $1 AND state = 'over' AND agent_id IS NOT NULL \
            AND saved_at IS NULL) || '/' || \
        (SELECT count(*) || '.' || coalesce(sum(id), 0) || '.' || coalesce(sum(revision), 0) \
            || '.' || count(CASE WHEN ready_at <= $2 THEN 1 END) \
            FROM work_items WHERE tenant_id = $1 AND state <> 'done') || '/' || \
        (SELECT coalesce(sum(revision), 0) FROM agent_states WHERE tenant_id = $1)";
    Ok(one!(String, link, query(SQL).bind(tenant.0).bind(now.as_ms()))?.unwrap_or_default())
}

/// An agent by the short name that a switch knows it by; the oldest of several.
pub async fn agent_named(
    link: Link<'_>,
    tenant: TenantId,
    username: &str,
) -> Result<Option<UserId>> {
    const SQL: &str = "SELECT id FROM users WHERE tenant_id = $1 AND lower(username) = lower($2) \
        AND role <> 'client' ORDER BY id LIMIT 1";
    one!(UserId, link, query(SQL).bind(tenant.0).bind(username))
}

/// Has an agent who is at a call be at work, who said nothing or to be signed out.
pub async fn arrive(link: Link<'_>, tenant: TenantId, agent: UserId, at: Instant) -> Result<()> {
    const SQL: &str = "INSERT INTO agent_states (tenant_id, user_id, state, reason, since, \
        revision) VALUES ($1, $2, 'ready', '', $3, 1) ON CONFLICT (tenant_id, user_id) DO UPDATE \
        SET state = excluded.state, since = excluded.since, \
        revision = agent_states.revision + 1 WHERE agent_states.state = 'signed_out'";
    change!(link, query(SQL).bind(tenant.0).bind(agent.0).bind(at.as_ms()));
    Ok(())
}

/// Has an agent be signed out who has no session that lives at `now` (used after `used_since`).
pub async fn leave(
    link: Link<'_>,
    tenant: TenantId,
    agent: UserId,
    now: Instant,
    used_since: Instant,
) -> Result<()> {
    const SQL: &str = "UPDATE agent_states SET state = 'signed_out', reason = '', since = $3, \
        revision = revision + 1 WHERE tenant_id = $1 AND user_id = $2 AND state <> 'signed_out' \
        AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.tenant_id = agent_states.tenant_id \
        AND sessions.user_id = agent_states.user_id AND sessions.expires_at > $3 \
        AND sessions.seen_at > $4)";
    let (now, used_since) = (now.as_ms(), used_since.as_ms());
    change!(link, query(SQL).bind(tenant.0).bind(agent.0).bind(now).bind(used_since));
    Ok(())
}
