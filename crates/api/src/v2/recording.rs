//! A call recording as version 2 writes it: the contract's keys in the contract's order.

use domain::{Call, Cdr, Recording};

use crate::Utc;
use crate::bodies::answer;

answer! {
    /// A recorded call with its detail record.
    #[schema(as = CallRecording)]
    pub(crate) struct RecordingBody<'a>(recording: &'a Recording, address: String) {
        /// The recording's id.
        id: i64 = recording.id.0,
        /// The call's id.
        call_id: i64 = recording.call.id.0,
        /// The switch's own identifier of the call.
        call_sid: &'a str = &recording.call.call_sid,
        /// The account that was called.
        account_number: &'a str = &recording.call.account_number,
        /// The number that was dialled.
        did_number: &'a str = &recording.call.did_number,
        /// The number that called.
        from: &'a str = &recording.call.from,
        /// The agent who answered.
        agent_username: &'a str = &recording.call.agent_username,
        /// When it was answered.
        started_at: Utc = Utc(recording.call.started_at),
        /// A signed address that plays as it is, for ten minutes.
        #[schema(format = "uri")]
        recording: String = address,
        /// The call detail record.
        cdr: CdrBody<'a> = CdrBody::new(&recording.call.cdr),
    }
}

answer! {
    /// A reported call. `id` and `recording` are null while it has no audio.
    #[schema(as = ReportedCall)]
    pub(crate) struct CallBody<'a>(call: &'a Call, kept: Option<(&Recording, String)>) {
        /// The recording's id.
        id: Option<i64> = kept.as_ref().map(|(recording, _)| recording.id.0),
        /// The call's id.
        call_id: i64 = call.id.0,
        /// The switch's own identifier of the call.
        call_sid: &'a str = &call.call_sid,
        /// The account that was called.
        account_number: &'a str = &call.account_number,
        /// The number that was dialled.
        did_number: &'a str = &call.did_number,
        /// The number that called.
        from: &'a str = &call.from,
        /// The agent who answered.
        agent_username: &'a str = &call.agent_username,
        /// When it was answered.
        started_at: Utc = Utc(call.started_at),
        /// A signed address that plays as it is, for ten minutes.
        #[schema(format = "uri")]
        recording: Option<String> = kept.map(|(_, address)| address),
        /// The call detail record.
        cdr: CdrBody<'a> = CdrBody::new(&call.cdr),
    }
}

answer! {
    /// A call detail record. Figures are those that the switch gave.
    #[schema(as = CallDetailRecord)]
    pub(crate) struct CdrBody<'a>(cdr: &'a Cdr) {
        id: i64 = cdr.id,
        unique_call_id: i64 = cdr.unique_call_id,
        start_time: Option<Utc> = cdr.start_time.map(Utc),
        call_type: &'a str = &cdr.call_type,
        start_client: &'a str = &cdr.start_client,
        end_client: &'a str = &cdr.end_client,
        callerid: &'a str = &cdr.callerid,
        number_dialed: &'a str = &cdr.number_dialed,
        did: &'a str = &cdr.did,
        agent_name: &'a str = &cdr.agent_name,
        agent_id: Option<i64> = cdr.agent_id,
        skill_name: &'a str = &cdr.skill_name,
        skill_id: &'a str = &cdr.skill_id,
        connection_sec: i64 = cdr.connection_sec,
        ivr_sec: i64 = cdr.ivr_sec,
        wait_sec: i64 = cdr.wait_sec,
        talk_sec: i64 = cdr.talk_sec,
        hold_sec: i64 = cdr.hold_sec,
        transfer_sec: i64 = cdr.transfer_sec,
        wrap_sec: i64 = cdr.wrap_sec,
        agent_answer_time: Option<Utc> = cdr.agent_answer_time.map(Utc),
        end_time: Option<Utc> = cdr.end_time.map(Utc),
        hang_up_time: Option<Utc> = cdr.hang_up_time.map(Utc),
        who_hung_up: &'a str = &cdr.who_hung_up,
        original_call_id: Option<i64> = cdr.original_call_id,
        call_created_at: Option<Utc> = cdr.call_created_at.map(Utc),
        is_orphaned: bool = cdr.is_orphaned,
        conference_sec: i64 = cdr.conference_sec,
        conference_talk_sec: i64 = cdr.conference_talk_sec,
    }
}
