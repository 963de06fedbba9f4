//! Calls, their detail records, and their recordings.

use domain::{
    AccountId, Call, CallId, Cdr, DidId, Instant, Recording, RecordingId, SwitchId, TenantId,
};
use sqlx::{QueryBuilder, query};

use crate::db::on;
use crate::narrow::among;
use crate::rows::{FromCells, change, from_cells, instant, maybe, ms, one};
use crate::{Link, Result};

macro_rules! call_columns {
    () => {
        "calls.tenant_id, calls.id, calls.account_id, accounts.number, calls.did_id, \
         calls.call_sid, calls.did_number, calls.caller, calls.agent_username, calls.started_at, \
         cdrs.id, cdrs.unique_call_id, cdrs.start_time, cdrs.call_type, cdrs.start_client, \
         cdrs.end_client, cdrs.callerid, cdrs.number_dialed, cdrs.did, cdrs.agent_name, \
         cdrs.agent_id, cdrs.skill_name, cdrs.skill_id, cdrs.connection_sec, cdrs.ivr_sec, \
         cdrs.wait_sec, cdrs.talk_sec, cdrs.hold_sec, cdrs.transfer_sec, cdrs.wrap_sec, \
         cdrs.agent_answer_time, cdrs.end_time, cdrs.hang_up_time, cdrs.who_hung_up, \
         cdrs.original_call_id, cdrs.call_created_at, cdrs.is_orphaned, cdrs.conference_sec, \
         cdrs.conference_talk_sec"
    };
}
macro_rules! call_tables {
    () => {
        "calls \
         JOIN cdrs ON cdrs.tenant_id = calls.tenant_id AND cdrs.call_id = calls.id \
         JOIN accounts ON accounts.tenant_id = calls.tenant_id AND accounts.id = calls.account_id"
    };
}
macro_rules! select_recording {
    () => {
        concat!(
            "SELECT recordings.id, recordings.media_type, recordings.blob_key, recordings.bytes, \
             recordings.sha256, recordings.duration_ms, recordings.expires_at, \
             recordings.purged_at, ",
            call_columns!(),
            " FROM recordings \
              JOIN calls ON calls.tenant_id = recordings.tenant_id \
                AND calls.id = recordings.call_id \
              JOIN cdrs ON cdrs.tenant_id = calls.tenant_id AND cdrs.call_id = calls.id \
              JOIN accounts ON accounts.tenant_id = calls.tenant_id \
                AND accounts.id = calls.account_id \
              WHERE recordings.tenant_id = "
        )
    };
}

from_cells!(Cdr, cells => Cdr {
    id: cells.next()?,
    unique_call_id: cells.next()?,
    start_time: maybe(cells.next()?),
    call_type: cells.next()?,
    start_client: cells.next()?,
    end_client: cells.next()?,
    callerid: cells.next()?,
    number_dialed: cells.next()?,
    did: cells.next()?,
    agent_name: cells.next()?,
    agent_id: cells.next()?,
    skill_name: cells.next()?,
    skill_id: cells.next()?,
    connection_sec: cells.next()?,
    ivr_sec: cells.next()?,
    wait_sec: cells.next()?,
    talk_sec: cells.next()?,
    hold_sec: cells.next()?,
    transfer_sec: cells.next()?,
    wrap_sec: cells.next()?,
    agent_answer_time: maybe(cells.next()?),
    end_time: maybe(cells.next()?),
    hang_up_time: maybe(cells.next()?),
    who_hung_up: cells.next()?,
    original_call_id: cells.next()?,
    call_created_at: maybe(cells.next()?),
    is_orphaned: cells.next()?,
    conference_sec: cells.next()?,
    conference_talk_sec: cells.next()?,
});

from_cells!(Call, cells => Call {
    tenant_id: TenantId(cells.next()?),
    id: CallId(cells.next()?),
    account_id: AccountId(cells.next()?),
    account_number: cells.next()?,
    did_id: cells.next::<Option<i64>>()?.map(DidId),
    call_sid: cells.next()?,
    did_number: cells.next()?,
    from: cells.next()?,
    agent_username: cells.next()?,
    started_at: instant(cells.next()?),
    cdr: Cdr::from_cells(cells)?,
});

from_cells!(Recording, cells => {
    let id = RecordingId(cells.next()?);
    let media_type = cells.next()?;
    let blob_key = cells.next()?;
    let bytes = cells.next()?;
    let sha256 = cells.next()?;
    let duration_ms = cells.next()?;
    let expires_at = instant(cells.next()?);
    let purged_at = maybe(cells.next()?);
    let call = Call::from_cells(cells)?;
    Recording { id, call, media_type, blob_key, bytes, sha256, duration_ms, expires_at, purged_at }
});

/// Adds a call and its detail record; their ids are ignored, unless they are not 0 (an import).
pub async fn insert(mut link: Link<'_>, call: &Call, switch: Option<SwitchId>) -> Result<CallId> {
    const SQL: &str = "INSERT INTO calls (tenant_id, switch_id, account_id, did_id, call_sid, \
        did_number, caller, agent_username, started_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
    const KEPT: &str = "INSERT INTO calls (tenant_id, switch_id, account_id, did_id, call_sid, \
        did_number, caller, agent_username, started_at, id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id";
    macro_rules! bound {
        ($sql:expr) => {
            query($sql)
                .bind(call.tenant_id.0)
                .bind(switch.map(|id| id.0))
                .bind(call.account_id.0)
                .bind(call.did_id.map(|id| id.0))
                .bind(&call.call_sid)
                .bind(&call.did_number)
                .bind(&call.from)
                .bind(&call.agent_username)
                .bind(call.started_at.as_ms())
        };
    }
    let row = if call.id.0 == 0 {
        one!((i64,), link.again(), bound!(SQL))?
    } else {
        one!((i64,), link.again(), bound!(KEPT).bind(call.id.0))?
    };
    let id = CallId(row.map_or(0, |(id,)| id));
    insert_cdr(link, call.tenant_id, id, &call.cdr).await?;
    Ok(id)
}

/// Adds the detail record of a call; its id is ignored, unless it is not 0 (an import).
pub async fn insert_cdr(link: Link<'_>, tenant: TenantId, call: CallId, cdr: &Cdr) -> Result<()> {
    const SQL: &str = "INSERT INTO cdrs \
        (tenant_id, call_id, unique_call_id, start_time, call_type, start_client, \
        end_client, callerid, number_dialed, did, agent_name, agent_id, skill_name, \
        skill_id, connection_sec, ivr_sec, wait_sec, talk_sec, hold_sec, transfer_sec, \
        wrap_sec, agent_answer_time, end_time, hang_up_time, who_hung_up, original_call_id, \
        call_created_at, is_orphaned, conference_sec, conference_talk_sec) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
        $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)";
    const KEPT: &str = "INSERT INTO cdrs \
        (tenant_id, call_id, unique_call_id, start_time, call_type, start_client, \
        end_client, callerid, number_dialed, did, agent_name, agent_id, skill_name, \
        skill_id, connection_sec, ivr_sec, wait_sec, talk_sec, hold_sec, transfer_sec, \
        wrap_sec, agent_answer_time, end_time, hang_up_time, who_hung_up, original_call_id, \
        call_created_at, is_orphaned, conference_sec, conference_talk_sec, id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
        $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)";
    macro_rules! bound {
        ($sql:expr) => {
            query($sql)
                .bind(tenant.0)
                .bind(call.0)
                .bind(cdr.unique_call_id)
                .bind(ms(cdr.start_time))
                .bind(&cdr.call_type)
                .bind(&cdr.start_client)
                .bind(&cdr.end_client)
                .bind(&cdr.callerid)
                .bind(&cdr.number_dialed)
                .bind(&cdr.did)
                .bind(&cdr.agent_name)
                .bind(cdr.agent_id)
                .bind(&cdr.skill_name)
                .bind(&cdr.skill_id)
                .bind(cdr.connection_sec)
                .bind(cdr.ivr_sec)
                .bind(cdr.wait_sec)
                .bind(cdr.talk_sec)
                .bind(cdr.hold_sec)
                .bind(cdr.transfer_sec)
                .bind(cdr.wrap_sec)
                .bind(ms(cdr.agent_answer_time))
                .bind(ms(cdr.end_time))
                .bind(ms(cdr.hang_up_time))
                .bind(&cdr.who_hung_up)
                .bind(cdr.original_call_id)
                .bind(ms(cdr.call_created_at))
                .bind(cdr.is_orphaned)
                .bind(cdr.conference_sec)
                .bind(cdr.conference_talk_sec)
        };
    }
    if cdr.id == 0 {
        change!(link, bound!(SQL));
    } else {
        change!(link, bound!(KEPT).bind(cdr.id));
    }
    Ok(())
}

/// The call that a switch reported under its own identifier.
pub async fn by_sid(link: Link<'_>, tenant: TenantId, sid: &str) -> Result<Option<Call>> {
    const SQL: &str = concat!(
        "SELECT ",
        call_columns!(),
        " FROM ",
        call_tables!(),
        " WHERE calls.tenant_id = $1 AND calls.call_sid = $2"
    );
    one!(Call, link, query(SQL).bind(tenant.0).bind(sid))
}

/// Adds the recording of a call that is stored already. An id of 0 is replaced by a new one.
pub async fn insert_recording(link: Link<'_>, recording: &Recording) -> Result<RecordingId> {
    const SQL: &str = "INSERT INTO recordings (tenant_id, call_id, account_id, started_at, \
        media_type, blob_key, bytes, sha256, duration_ms, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id";
    const KEPT: &str = "INSERT INTO recordings (tenant_id, call_id, account_id, started_at, \
        media_type, blob_key, bytes, sha256, duration_ms, expires_at, id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id";
    macro_rules! bound {
        ($sql:expr) => {
            query($sql)
                .bind(recording.call.tenant_id.0)
                .bind(recording.call.id.0)
                .bind(recording.call.account_id.0)
                .bind(recording.call.started_at.as_ms())
                .bind(&recording.media_type)
                .bind(&recording.blob_key)
                .bind(recording.bytes)
                .bind(&recording.sha256)
                .bind(recording.duration_ms)
                .bind(recording.expires_at.as_ms())
        };
    }
    let row = if recording.id.0 == 0 {
        one!((i64,), link, bound!(SQL))?
    } else {
        one!((i64,), link, bound!(KEPT).bind(recording.id.0))?
    };
    Ok(RecordingId(row.map_or(0, |(id,)| id)))
}

/// A recording, whether its audio is still kept or not.
pub async fn recording(
    link: Link<'_>,
    tenant: TenantId,
    id: RecordingId,
) -> Result<Option<Recording>> {
    const SQL: &str = concat!(select_recording!(), "$1 AND recordings.id = $2");
    one!(Recording, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// The recording of a call.
pub async fn recording_of(
    link: Link<'_>,
    tenant: TenantId,
    call: CallId,
) -> Result<Option<Recording>> {
    const SQL: &str = concat!(select_recording!(), "$1 AND recordings.call_id = $2");
    one!(Recording, link, query(SQL).bind(tenant.0).bind(call.0))
}

/// Which recordings a list holds. What is `None` does not narrow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Of these accounts only.
    pub accounts: Option<Vec<AccountId>>,
    /// Of calls that started at this instant or later.
    pub from: Option<Instant>,
    /// Of calls that started before this instant.
    pub until: Option<Instant>,
    /// Whose audio is kept beyond this instant.
    pub kept_at: Instant,
}

/// Where a page ended: the last recording on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// When its call started.
    pub started_at: Instant,
    /// Its id.
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
    filter: &Filter,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Recording>> {
    on!(link, c => {
        let mut sql = QueryBuilder::new(select_recording!());
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
        sql.push_bind(limit);
        sql.build().fetch_all(c).await?.iter().map(Recording::from_row).collect()
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
