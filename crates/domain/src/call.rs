//! Calls that came in through a switch, their detail records, and their recordings.

use crate::user::check_line;
use crate::{AccountId, CallId, DidId, Instant, Invalid, RecordingId, TenantId, limits};

/// A call that came in through a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// Its identifier.
    pub id: CallId,
    /// The account that was called.
    pub account_id: AccountId,
    /// That account's number.
    pub account_number: String,
    /// The line that was dialled, if it is one of ours.
    pub did_id: Option<DidId>,
    /// The switch's own identifier; a repeated report with the same one changes nothing.
    pub call_sid: String,
    /// The number that was dialled.
    pub did_number: String,
    /// The number that called.
    pub from: String,
    /// The agent who answered, `""` if none did.
    pub agent_username: String,
    /// When it was answered.
    pub started_at: Instant,
    /// Its detail record.
    pub cdr: Cdr,
}

/// A call detail record. Figures are those that the switch gave; none is computed here. Field
/// names are those of the API contract; a `_sec` is a whole number of seconds.
#[expect(missing_docs, reason = "contract/golden/call_recordings.json documents each by name")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cdr {
    pub id: i64,
    pub unique_call_id: i64,
    pub start_time: Option<Instant>,
    pub call_type: String,
    pub start_client: String,
    pub end_client: String,
    pub callerid: String,
    pub number_dialed: String,
    pub did: String,
    pub agent_name: String,
    pub agent_id: Option<i64>,
    pub skill_name: String,
    pub skill_id: String,
    pub connection_sec: i64,
    pub ivr_sec: i64,
    pub wait_sec: i64,
    pub talk_sec: i64,
    pub hold_sec: i64,
    pub transfer_sec: i64,
    pub wrap_sec: i64,
    pub agent_answer_time: Option<Instant>,
    pub end_time: Option<Instant>,
    pub hang_up_time: Option<Instant>,
    pub who_hung_up: String,
    pub original_call_id: Option<i64>,
    pub call_created_at: Option<Instant>,
    pub is_orphaned: bool,
    pub conference_sec: i64,
    pub conference_talk_sec: i64,
}

/// The audio of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Its identifier.
    pub id: RecordingId,
    /// The call.
    pub call: Call,
    /// `audio/mpeg` or `audio/wav`.
    pub media_type: String,
    /// Where the bytes lie.
    pub blob_key: String,
    /// How many there are.
    pub bytes: i64,
    /// Their SHA-256, as 64 hexadecimal digits.
    pub sha256: String,
    /// How long it plays, in milliseconds.
    pub duration_ms: i64,
    /// From when on it is no longer given to anybody.
    pub expires_at: Instant,
    /// When its bytes were removed.
    pub purged_at: Option<Instant>,
}

impl Recording {
    /// Whether it may still be given to somebody.
    pub fn is_kept_at(&self, now: Instant) -> bool {
        self.purged_at.is_none() && now < self.expires_at
    }
}

/// When the audio of a call that started then is no longer given to anybody.
pub fn expires_at(started_at: Instant) -> Instant {
    started_at.plus_ms(limits::RECORDING_DAYS * limits::DAY_MS)
}

impl Call {
    /// Checks what a switch reported.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::new();
        invalid.require(!self.call_sid.is_empty(), "call_sid", "must not be empty");
        let cdr = &self.cdr;
        let lines = [
            ("call_sid", &self.call_sid),
            ("did_number", &self.did_number),
            ("from", &self.from),
            ("agent_username", &self.agent_username),
            ("cdr.call_type", &cdr.call_type),
            ("cdr.start_client", &cdr.start_client),
            ("cdr.end_client", &cdr.end_client),
            ("cdr.callerid", &cdr.callerid),
            ("cdr.number_dialed", &cdr.number_dialed),
            ("cdr.did", &cdr.did),
            ("cdr.agent_name", &cdr.agent_name),
            ("cdr.skill_name", &cdr.skill_name),
            ("cdr.skill_id", &cdr.skill_id),
            ("cdr.who_hung_up", &cdr.who_hung_up),
        ];
        for (path, text) in lines {
            check_line(&mut invalid, path, text);
        }
        let seconds = [
            ("cdr.connection_sec", cdr.connection_sec),
            ("cdr.ivr_sec", cdr.ivr_sec),
            ("cdr.wait_sec", cdr.wait_sec),
            ("cdr.talk_sec", cdr.talk_sec),
            ("cdr.hold_sec", cdr.hold_sec),
            ("cdr.transfer_sec", cdr.transfer_sec),
            ("cdr.wrap_sec", cdr.wrap_sec),
            ("cdr.conference_sec", cdr.conference_sec),
            ("cdr.conference_talk_sec", cdr.conference_talk_sec),
        ];
        for (path, value) in seconds {
            invalid.require(value >= 0, path, "must not be negative");
        }
        invalid.or(self)
    }
}
