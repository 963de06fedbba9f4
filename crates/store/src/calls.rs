//! Calls, their detail records, and their recordings.

use domain::{AccountId, Call, CallId, Cdr, Instant, Recording, RecordingId, SwitchId, TenantId};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::among;
use crate::rows::{change, insert, one, only, read, row, select, update};
use crate::{Link, Result};

row! { cdr: Cdr, "cdrs"
    reads { id }
    updates {
        unique_call_id, start_time, call_type, start_client, end_client, callerid, number_dialed,
        did, agent_name, agent_id, skill_name, skill_id, connection_sec, ivr_sec, wait_sec,
        talk_sec, hold_sec, transfer_sec, wrap_sec, agent_answer_time, end_time, hang_up_time,
        who_hung_up, original_call_id, call_created_at, is_orphaned, conference_sec,
        conference_talk_sec,
    }
}

row! { call: Call, "calls", "calls \
    JOIN cdrs ON cdrs.tenant_id = calls.tenant_id AND cdrs.call_id = calls.id \
    JOIN accounts ON accounts.tenant_id = calls.tenant_id AND accounts.id = calls.account_id"
    reads { id, account_number: "accounts.number" }
    inserts { tenant_id, call_sid }
    updates {
        account_id, did_id, did_number, agent_username, started_at;
        caller = call.from,
    }
    parts { cdr: Cdr }
    with { from: caller }
}

row! { recording: Recording, "recordings", "recordings \
    JOIN calls ON calls.tenant_id = recordings.tenant_id AND calls.id = recordings.call_id \
    JOIN cdrs ON cdrs.tenant_id = calls.tenant_id AND cdrs.call_id = calls.id \
    JOIN accounts ON accounts.tenant_id = calls.tenant_id AND accounts.id = calls.account_id"
    reads { id, purged_at }
    inserts { media_type, blob_key, bytes, sha256, duration_ms, expires_at }
    parts { call: Call }
}

/// Adds a call and its detail record; their ids are ignored, unless they are not 0 (an import).
pub async fn insert(mut link: Link<'_>, call: &Call, switch: Option<SwitchId>) -> Result<CallId> {
    let id = only(insert!(link.again(), "calls", [call], |call| {
        ?id = Some(call.id).filter(|id| id.0 != 0), switch_id = switch, ..call
    }, " RETURNING id" => CallId)?)?;
    insert_cdr(link, call.tenant_id, id, &call.cdr).await?;
    Ok(id)
}

/// Adds the detail record of a call; its id is ignored, unless it is not 0 (an import).
pub async fn insert_cdr(link: Link<'_>, tenant: TenantId, call: CallId, cdr: &Cdr) -> Result<()> {
    insert!(link, "cdrs", [cdr], |cdr| {
        ?id = Some(cdr.id).filter(|id| *id != 0), tenant_id = tenant, call_id = call, ..cdr
    });
    Ok(())
}

/// Writes the detail record of a call anew.
pub async fn update_cdr(link: Link<'_>, tenant: TenantId, call: CallId, cdr: &Cdr) -> Result<()> {
    update!(link, "cdrs", [cdr], |cdr| { tenant_id = tenant, call_id = call } set { ..cdr });
    Ok(())
}

/// The call that a switch reported under its own identifier.
pub async fn by_sid(link: Link<'_>, tenant: TenantId, sid: &str) -> Result<Option<Call>> {
    const SQL: &str = select!(Call, " WHERE calls.tenant_id = $1 AND calls.call_sid = $2");
    one!(Call, link, query(SQL).bind(tenant.0).bind(sid))
}

/// Adds the recording of a call that is stored already. An id of 0 is replaced by a new one.
pub async fn insert_recording(link: Link<'_>, recording: &Recording) -> Result<RecordingId> {
    only(insert!(link, "recordings", [recording], |recording| {
        ?id = Some(recording.id).filter(|id| id.0 != 0),
        tenant_id = recording.call.tenant_id,
        call_id = recording.call.id,
        account_id = recording.call.account_id,
        started_at = recording.call.started_at,
        ..recording
    }, " RETURNING id" => RecordingId)?)
}

/// A recording, whether its audio is still kept or not.
pub async fn recording(
    link: Link<'_>,
    tenant: TenantId,
    id: RecordingId,
) -> Result<Option<Recording>> {
    const SQL: &str = select!(Recording, " WHERE recordings.tenant_id = $1 AND recordings.id = $2");
    one!(Recording, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// The recording of a call.
pub async fn recording_of(
    link: Link<'_>,
    tenant: TenantId,
    call: CallId,
) -> Result<Option<Recording>> {
    const SQL: &str =
        select!(Recording, " WHERE recordings.tenant_id = $1 AND recordings.call_id = $2");
    one!(Recording, link, query(SQL).bind(tenant.0).bind(call.0))
}

/// Which recordings a list holds. What is `None` does not narrow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingFilter {
    /// Of these accounts only.
    pub accounts: Option<Vec<AccountId>>,
    /// Of calls that started at this instant or later.
    pub from: Option<Instant>,
    /// Of calls that started before this instant.
    pub until: Option<Instant>,
    /// Whose audio is kept beyond this instant.
    pub kept_at: Instant,
    /// How many of the newest of them are left out.
    pub skip: i64,
}

/// Where a page ended: the last recording on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// When its call started.
    pub started_at: Instant,
    /// That recording's id.
    pub id: RecordingId,
}

impl From<&Recording> for Position {
    fn from(recording: &Recording) -> Self {
        Position { started_at: recording.call.started_at, id: recording.id }
    }
}

/// A page of recordings, newest call first: at most `limit`, those after `after` if given.
pub async fn page(
    link: Link<'_>,
    tenant: TenantId,
    filter: &RecordingFilter,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Recording>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select!(Recording, " WHERE recordings.tenant_id = "));
        sql.push_bind(tenant.0).push(" AND recordings.purged_at IS NULL");
        sql.push(" AND recordings.expires_at > ").push_bind(filter.kept_at.as_ms());
        if let Some(accounts) = &filter.accounts {
            among!(sql, "recordings.account_id", accounts.as_slice());
        }
        if let Some(from) = filter.from {
            sql.push(" AND recordings.started_at >= ").push_bind(from.as_ms());
        }
        if let Some(until) = filter.until {
            sql.push(" AND recordings.started_at < ").push_bind(until.as_ms());
        }
        if let Some(after) = after {
            sql.push(" AND (recordings.started_at, recordings.id) < (");
            sql.push_bind(after.started_at.as_ms()).push(", ").push_bind(after.id.0).push(")");
        }
        sql.push(" ORDER BY recordings.started_at DESC, recordings.id DESC LIMIT ");
        sql.push_bind(limit).push(" OFFSET ").push_bind(filter.skip);
        sql.build().fetch_all(c).await?.iter().map(read).collect()
    })
}

/// Remembers that a recording's bytes are gone.
pub async fn set_purged(
    link: Link<'_>,
    tenant: TenantId,
    id: RecordingId,
    at: Instant,
) -> Result<()> {
    const SQL: &str = "UPDATE recordings SET purged_at = $3 WHERE tenant_id = $1 AND id = $2";
    change!(link, query(SQL).bind(tenant.0).bind(id.0).bind(at.as_ms()));
    Ok(())
}
