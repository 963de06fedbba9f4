//! A call recording as version 2 writes it: the contract's keys in the contract's order.

use domain::{Call, Cdr, Recording};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Utc;

/// A recorded call with its detail record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallRecording)]
pub(crate) struct RecordingBody<'a> {
    /// The recording's id.
    id: i64,
    /// The call's id.
    call_id: i64,
    /// The switch's own identifier of the call.
    call_sid: &'a str,
    /// The account that was called.
    account_number: &'a str,
    /// The number that was dialled.
    did_number: &'a str,
    /// The number that called.
    from: &'a str,
    /// The agent who answered.
    agent_username: &'a str,
    /// When it was answered.
    started_at: Utc,
    /// A signed address that plays as it is, for ten minutes.
    #[schema(format = "uri")]
    recording: String,
    /// The call detail record.
    cdr: CdrBody<'a>,
}

/// A reported call. `id` and `recording` are null while it has no audio.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportedCall)]
pub(crate) struct CallBody<'a> {
    /// The recording's id.
    id: Option<i64>,
    /// The call's id.
    call_id: i64,
    /// The switch's own identifier of the call.
    call_sid: &'a str,
    /// The account that was called.
    account_number: &'a str,
    /// The number that was dialled.
    did_number: &'a str,
    /// The number that called.
    from: &'a str,
    /// The agent who answered.
    agent_username: &'a str,
    /// When it was answered.
    started_at: Utc,
    /// A signed address that plays as it is, for ten minutes.
    #[schema(format = "uri")]
    recording: Option<String>,
    /// The call detail record.
    cdr: CdrBody<'a>,
}

/// A call detail record. Figures are those that the switch gave.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallDetailRecord)]
pub(crate) struct CdrBody<'a> {
    id: i64,
    unique_call_id: i64,
    start_time: Option<Utc>,
    call_type: &'a str,
    start_client: &'a str,
    end_client: &'a str,
    callerid: &'a str,
    number_dialed: &'a str,
    did: &'a str,
    agent_name: &'a str,
    agent_id: Option<i64>,
    skill_name: &'a str,
    skill_id: &'a str,
    connection_sec: i64,
    ivr_sec: i64,
    wait_sec: i64,
    talk_sec: i64,
    hold_sec: i64,
    transfer_sec: i64,
    wrap_sec: i64,
    agent_answer_time: Option<Utc>,
    end_time: Option<Utc>,
    hang_up_time: Option<Utc>,
    who_hung_up: &'a str,
    original_call_id: Option<i64>,
    call_created_at: Option<Utc>,
    is_orphaned: bool,
    conference_sec: i64,
    conference_talk_sec: i64,
}

impl<'a> RecordingBody<'a> {
    /// A recording, and the address where it plays.
    pub(crate) fn new(recording: &'a Recording, address: String) -> Self {
        let call = &recording.call;
        RecordingBody {
            id: recording.id.0,
            call_id: call.id.0,
            call_sid: &call.call_sid,
            account_number: &call.account_number,
            did_number: &call.did_number,
            from: &call.from,
            agent_username: &call.agent_username,
            started_at: Utc(call.started_at),
            recording: address,
            cdr: CdrBody::from(&call.cdr),
        }
    }
}

impl<'a> CallBody<'a> {
    /// A call, and where its recording plays if it has one.
    pub(crate) fn new(call: &'a Call, recording: Option<(&Recording, String)>) -> Self {
        let (id, address) = match recording {
            Some((recording, address)) => (Some(recording.id.0), Some(address)),
            None => (None, None),
        };
        CallBody {
            id,
            call_id: call.id.0,
            call_sid: &call.call_sid,
            account_number: &call.account_number,
            did_number: &call.did_number,
            from: &call.from,
            agent_username: &call.agent_username,
            started_at: Utc(call.started_at),
            recording: address,
            cdr: CdrBody::from(&call.cdr),
        }
    }
}

impl<'a> From<&'a Cdr> for CdrBody<'a> {
    fn from(cdr: &'a Cdr) -> Self {
        CdrBody {
            id: cdr.id,
            unique_call_id: cdr.unique_call_id,
            start_time: cdr.start_time.map(Utc),
            call_type: &cdr.call_type,
            start_client: &cdr.start_client,
            end_client: &cdr.end_client,
            callerid: &cdr.callerid,
            number_dialed: &cdr.number_dialed,
            did: &cdr.did,
            agent_name: &cdr.agent_name,
            agent_id: cdr.agent_id,
            skill_name: &cdr.skill_name,
            skill_id: &cdr.skill_id,
            connection_sec: cdr.connection_sec,
            ivr_sec: cdr.ivr_sec,
            wait_sec: cdr.wait_sec,
            talk_sec: cdr.talk_sec,
            hold_sec: cdr.hold_sec,
            transfer_sec: cdr.transfer_sec,
            wrap_sec: cdr.wrap_sec,
            agent_answer_time: cdr.agent_answer_time.map(Utc),
            end_time: cdr.end_time.map(Utc),
            hang_up_time: cdr.hang_up_time.map(Utc),
            who_hung_up: &cdr.who_hung_up,
            original_call_id: cdr.original_call_id,
            call_created_at: cdr.call_created_at.map(Utc),
            is_orphaned: cdr.is_orphaned,
            conference_sec: cdr.conference_sec,
            conference_talk_sec: cdr.conference_talk_sec,
        }
    }
}
