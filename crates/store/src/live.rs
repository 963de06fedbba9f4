//! Calls that are going on, and what each agent said to be at.

use domain::live::{Agent, AgentChoice, LiveCall, LiveState, Progress};
use domain::{AccountId, Call, CallId, DidId, Instant, SwitchId, TenantId, UserId};
use sqlx::query;

use crate::dialect::for_update;
use crate::rows::{all, change, from_cells, instant, maybe, ms, one, word};
use crate::{Error, Link, Result};

macro_rules! select {
    () => {
        "SELECT calls.tenant_id, calls.id, calls.account_id, accounts.name, calls.did_id, \
         calls.did_number, calls.caller, coalesce(users.name, ''), live_calls.state, \
         live_calls.agent_id, live_calls.rang_at, live_calls.answered_at, live_calls.ended_at, \
         live_calls.saved_at, live_calls.heard_at, live_calls.sequence \
         FROM live_calls \
         JOIN calls ON calls.tenant_id = live_calls.tenant_id AND calls.id = live_calls.call_id \
         JOIN accounts ON accounts.tenant_id = calls.tenant_id AND accounts.id = calls.account_id \
         LEFT JOIN users ON users.tenant_id = live_calls.tenant_id \
            AND users.id = live_calls.agent_id \
         WHERE live_calls.tenant_id = "
    };
}

from_cells!(Progress, cells => Progress {
    state: word(cells.next()?, LiveState::parse)?,
    agent_id: cells.next::<Option<i64>>()?.map(UserId),
    rang_at: instant(cells.next()?),
    answered_at: maybe(cells.next()?),
    ended_at: maybe(cells.next()?),
    saved_at: maybe(cells.next()?),
    heard_at: maybe(cells.next()?),
    sequence: cells.next()?,
});

from_cells!(LiveCall, cells => LiveCall {
    tenant_id: TenantId(cells.next()?),
    id: CallId(cells.next()?),
    account_id: AccountId(cells.next()?),
    account_name: cells.next()?,
    did_id: cells.next::<Option<i64>>()?.map(DidId),
    did_number: cells.next()?,
    from: cells.next()?,
    agent_name: cells.next()?,
    progress: Progress::from_cells(cells)?,
});

from_cells!(Agent, cells => {
    let id = UserId(cells.next()?);
    let name = cells.next()?;
    let (state, reason): (String, String) = (cells.next()?, cells.next()?);
    let choice = AgentChoice::parse(&state, &reason).ok_or(Error::Corrupt(state))?;
    Agent { id, name, choice, since: instant(cells.next()?) }
});

/// Makes the row of a call whose detail record comes later. `None` if it is there already.
pub async fn begin(
    link: Link<'_>,
    call: &Call,
    switch: Option<SwitchId>,
) -> Result<Option<CallId>> {
    const SQL: &str = "INSERT INTO calls (tenant_id, switch_id, account_id, did_id, call_sid, \
        did_number, caller, agent_username, started_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        ON CONFLICT (tenant_id, call_sid) DO NOTHING RETURNING id";
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(call.tenant_id.0)
            .bind(switch.map(|id| id.0))
            .bind(call.account_id.0)
            .bind(call.did_id.map(|id| id.0))
            .bind(&call.call_sid)
            .bind(&call.did_number)
            .bind(&call.from)
            .bind(&call.agent_username)
            .bind(call.started_at.as_ms())
    )?;
    Ok(row.map(|(id,)| CallId(id)))
}

/// The call with a switch's identifier, whether its detail record came or not; locked where the
/// database locks rows.
pub async fn call_to_change(link: Link<'_>, tenant: TenantId, sid: &str) -> Result<Option<CallId>> {
    const SQL: &str = "SELECT id FROM calls WHERE tenant_id = $1 AND call_sid = $2";
    const LOCKED: &str = "SELECT id FROM calls WHERE tenant_id = $1 AND call_sid = $2 FOR UPDATE";
    let sql = if for_update(&link).is_empty() { SQL } else { LOCKED };
    Ok(one!((i64,), link, query(sql).bind(tenant.0).bind(sid))?.map(|(id,)| CallId(id)))
}

/// Fills in a call that began as live from its full report.
pub async fn complete(link: Link<'_>, id: CallId, call: &Call) -> Result<()> {
    const SQL: &str = "UPDATE calls SET account_id = $3, did_id = $4, did_number = $5, \
        caller = $6, agent_username = $7, started_at = $8 WHERE tenant_id = $1 AND id = $2";
    change!(
        link,
        query(SQL)
            .bind(call.tenant_id.0)
            .bind(id.0)
            .bind(call.account_id.0)
            .bind(call.did_id.map(|id| id.0))
            .bind(&call.did_number)
            .bind(&call.from)
            .bind(&call.agent_username)
            .bind(call.started_at.as_ms())
    );
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
    const SQL: &str = "INSERT INTO live_calls (tenant_id, call_id, account_id, state, agent_id, \
        rang_at, answered_at, ended_at, saved_at, heard_at, sequence, revision, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)";
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(id.0)
            .bind(account.0)
            .bind(progress.state.as_str())
            .bind(progress.agent_id.map(|id| id.0))
            .bind(progress.rang_at.as_ms())
            .bind(ms(progress.answered_at))
            .bind(ms(progress.ended_at))
            .bind(ms(progress.saved_at))
            .bind(ms(progress.heard_at))
            .bind(progress.sequence)
            .bind(at.as_ms())
    );
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
    const SQL: &str = "UPDATE live_calls SET state = $3, agent_id = $4, rang_at = $5, \
        answered_at = $6, ended_at = $7, saved_at = $8, heard_at = $9, sequence = $10, \
        updated_at = $11, revision = revision + 1 WHERE tenant_id = $1 AND call_id = $2";
    change!(
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(id.0)
            .bind(progress.state.as_str())
            .bind(progress.agent_id.map(|id| id.0))
            .bind(progress.rang_at.as_ms())
            .bind(ms(progress.answered_at))
            .bind(ms(progress.ended_at))
            .bind(ms(progress.saved_at))
            .bind(ms(progress.heard_at))
            .bind(progress.sequence)
            .bind(at.as_ms())
    );
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
    const SQL: &str = concat!(select!(), "$1 AND live_calls.call_id = $2");
    one!(LiveCall, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// The same, locked until the transaction ends.
pub async fn find_to_change(
    link: Link<'_>,
    tenant: TenantId,
    id: CallId,
) -> Result<Option<LiveCall>> {
    const SQL: &str = concat!(select!(), "$1 AND live_calls.call_id = $2");
    const LOCKED: &str =
        concat!(select!(), "$1 AND live_calls.call_id = $2 FOR UPDATE OF live_calls");
    let sql = if for_update(&link).is_empty() { SQL } else { LOCKED };
    one!(LiveCall, link, query(sql).bind(tenant.0).bind(id.0))
}

/// The calls of a tenant that are not over, oldest first, at most `limit`.
pub async fn open(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<LiveCall>> {
    const SQL: &str = concat!(
        select!(),
        "$1 AND live_calls.state <> 'over' ORDER BY live_calls.rang_at, live_calls.call_id \
         LIMIT $2"
    );
    all!(LiveCall, link, query(SQL).bind(tenant.0).bind(limit))
}

macro_rules! unsaved {
    () => {
        "live_calls.state = 'over' AND live_calls.agent_id IS NOT NULL \
         AND live_calls.saved_at IS NULL"
    };
}

/// The calls of a tenant that ended without a message or an outcome from the agent who had them,
/// oldest first, at most `limit`.
pub async fn unsaved(link: Link<'_>, tenant: TenantId, limit: i64) -> Result<Vec<LiveCall>> {
    const SQL: &str =
        concat!(select!(), "$1 AND ", unsaved!(), " ORDER BY live_calls.call_id LIMIT $2");
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

/// What calls came to in a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls that rang.
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

from_cells!(Tally, cells => Tally {
    calls: cells.next()?,
    answered: cells.next()?,
    lost: cells.next()?,
    waited_ms: cells.next()?,
    messages: cells.next()?,
});

/// What calls came to since an instant.
pub async fn tally(link: Link<'_>, tenant: TenantId, since: Instant) -> Result<Tally> {
    const SQL: &str = "SELECT count(*), count(answered_at), \
        count(CASE WHEN state = 'over' AND answered_at IS NULL THEN 1 END), \
        CAST(coalesce(sum(answered_at - rang_at), 0) AS BIGINT), \
        (SELECT count(*) FROM messages WHERE tenant_id = $1 AND created_at >= $2 \
            AND non_message_type = '') \
        FROM live_calls WHERE tenant_id = $1 AND rang_at >= $2";
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
    const SQL: &str = "INSERT INTO agent_states (tenant_id, user_id, state, reason, since, \
        revision) VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (tenant_id, user_id) DO UPDATE \
        SET state = excluded.state, reason = excluded.reason, since = excluded.since, \
        revision = agent_states.revision + 1";
    let reason = match choice {
        AgentChoice::Break(reason) => reason.as_str(),
        _ => "",
    };
    change!(
        link,
        query(SQL).bind(tenant.0).bind(agent.0).bind(choice.as_str()).bind(reason).bind(at.as_ms())
    );
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
    const SQL: &str = concat!(
        "SELECT \
        (SELECT count(*) || '.' || coalesce(sum(call_id), 0) || '.' || coalesce(sum(revision), 0) \
            FROM live_calls WHERE tenant_id = $1 AND state <> 'over') || '/' || \
        (SELECT count(*) || '.' || coalesce(sum(call_id), 0) \
            FROM live_calls WHERE tenant_id = $1 AND ",
        unsaved!(),
        ") || '/' || \
        (SELECT count(*) || '.' || coalesce(sum(id), 0) || '.' || coalesce(sum(revision), 0) \
            || '.' || count(CASE WHEN ready_at <= $2 THEN 1 END) \
            FROM desk_items WHERE tenant_id = $1 AND state <> 'done') || '/' || \
        (SELECT coalesce(sum(revision), 0) FROM agent_states WHERE tenant_id = $1)"
    );
    let row = one!((String,), link, query(SQL).bind(tenant.0).bind(now.as_ms()))?;
    Ok(row.map(|(pulse,)| pulse).unwrap_or_default())
}

/// An agent by the short name that a switch knows it by; the oldest of several.
pub async fn agent_named(
    link: Link<'_>,
    tenant: TenantId,
    username: &str,
) -> Result<Option<UserId>> {
    const SQL: &str = "SELECT id FROM users WHERE tenant_id = $1 AND lower(username) = lower($2) \
        AND role <> 'client' ORDER BY id LIMIT 1";
    let row = one!((i64,), link, query(SQL).bind(tenant.0).bind(username))?;
    Ok(row.map(|(id,)| UserId(id)))
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
