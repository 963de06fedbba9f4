//! Calls that came in through a switch, their detail records, and their recordings.

use crate::live::Progress;
use crate::user::check_line;
use crate::{AccountId, CallId, DidId, Instant, Invalid, RecordingId, TenantId, UserId, limits};

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

/// A call detail record. Figures are those that the switch gave; none of them is computed here.
/// Where it gave no record at all, it is made of what is known of the call. Field
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

impl Cdr {
    /// The record of a call whose switch gave none: what its report, its events and its audio tell.
    pub fn known(
        call: &Call,
        agent_id: Option<UserId>,
        progress: Option<&Progress>,
        audio_ms: Option<i64>,
    ) -> Cdr {
        let answered_at = progress.and_then(|progress| progress.answered_at);
        let answered_at = answered_at.unwrap_or(call.started_at);
        let began_at = progress.map_or(answered_at, |progress| progress.rang_at.min(answered_at));
        let told_at = progress.and_then(|progress| progress.ended_at);
        let ended_at = told_at.or(audio_ms.map(|ms| answered_at.plus_ms(ms)));
        let talk_ms = audio_ms.or(told_at.map(|at| at.ms_since(answered_at))).unwrap_or(0);
        let wait_sec = whole_seconds(answered_at.ms_since(began_at));
        let talk_sec = whole_seconds(talk_ms.max(0));
        Cdr {
            start_time: Some(began_at),
            call_type: "InboundCall".to_owned(),
            start_client: call.account_number.clone(),
            end_client: call.account_number.clone(),
            callerid: call.from.clone(),
            number_dialed: call.did_number.clone(),
            did: call.did_number.clone(),
            agent_name: call.agent_username.clone(),
            agent_id: agent_id.map(|id| id.0),
            connection_sec: wait_sec + talk_sec,
            wait_sec,
            talk_sec,
            agent_answer_time: Some(answered_at),
            end_time: ended_at,
            hang_up_time: ended_at,
            call_created_at: Some(began_at),
            ..Cdr::default()
        }
    }

    /// Gives a record that was made of what was known the length of audio that came later. False
    /// for one that a switch gave, or whose end is known.
    pub fn lengthen(&mut self, audio_ms: i64) -> bool {
        let is_open = self.end_time.is_none() && self.hang_up_time.is_none();
        let Some(answered_at) = self.agent_answer_time else { return false };
        if self.unique_call_id != 0 || self.talk_sec != 0 || !is_open {
            return false;
        }
        self.talk_sec = whole_seconds(audio_ms);
        self.connection_sec = self.wait_sec + self.talk_sec;
        self.end_time = Some(answered_at.plus_ms(audio_ms));
        self.hang_up_time = self.end_time;
        true
    }
}

/// Milliseconds as seconds, a part of one as a whole one.
fn whole_seconds(ms: i64) -> i64 {
    (ms + limits::SECOND_MS - 1).div_euclid(limits::SECOND_MS)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{CallEvent, Signal};

    fn call() -> Call {
        Call {
            tenant_id: TenantId(1),
            id: CallId(0),
            account_id: AccountId(4),
            account_number: "W0411".to_owned(),
            did_id: Some(DidId(5)),
            call_sid: "c1".to_owned(),
            did_number: "5617819977".to_owned(),
            from: "9548326297".to_owned(),
            agent_username: "ann".to_owned(),
            started_at: Instant::from_ms(20_000),
            cdr: Cdr::default(),
        }
    }

    fn progress(ended_at: Option<i64>) -> Progress {
        let event = |signal, ms| {
            let at = Instant::from_ms(ms);
            CallEvent { signal, at, sequence: None, agent_id: Some(UserId(3)) }
        };
        let mut progress = Progress::begun(&event(Signal::Ringing, 9_500));
        progress.hear(&event(Signal::Answered, 21_000));
        if let Some(ms) = ended_at {
            progress.hear(&event(Signal::Ended, ms));
        }
        progress
    }

    #[test]
    fn a_record_is_made_of_what_is_known() {
        let check = |progress: Option<&Progress>, audio_ms, figures: [i64; 3], times: [i64; 3]| {
            let cdr = Cdr::known(&call(), Some(UserId(3)), progress, audio_ms);
            assert_eq!([cdr.wait_sec, cdr.talk_sec, cdr.connection_sec], figures);
            let ms = |at: Option<Instant>| at.map_or(0, Instant::as_ms);
            assert_eq!([ms(cdr.start_time), ms(cdr.agent_answer_time), ms(cdr.end_time)], times);
            assert_eq!(cdr.hang_up_time, cdr.end_time);
            let texts = [&cdr.callerid, &cdr.did, &cdr.number_dialed, &cdr.agent_name];
            assert_eq!(texts, ["9548326297", "5617819977", "5617819977", "ann"]);
            assert_eq!((cdr.agent_id, cdr.start_client.as_str()), (Some(3), "W0411"));
        };
        check(None, None, [0, 0, 0], [20_000, 20_000, 0]);
        check(None, Some(6_100), [0, 7, 7], [20_000, 20_000, 26_100]);
        check(Some(&progress(None)), None, [12, 0, 12], [9_500, 21_000, 0]);
        check(Some(&progress(Some(31_000))), None, [12, 10, 22], [9_500, 21_000, 31_000]);
        check(Some(&progress(Some(31_000))), Some(9_000), [12, 9, 21], [9_500, 21_000, 31_000]);
    }

    #[test]
    fn audio_that_comes_later_gives_a_record_its_length() {
        let mut later = Cdr::known(&call(), None, Some(&progress(None)), None);
        assert!(later.lengthen(6_100));
        assert_eq!(later, Cdr::known(&call(), None, Some(&progress(None)), Some(6_100)));
        assert!(!later.lengthen(9_000), "it has its length");
        let mut ended = Cdr::known(&call(), None, Some(&progress(Some(31_000))), None);
        assert!(!ended.lengthen(6_100), "its end is known");
        let mut given =
            Cdr { unique_call_id: 7, agent_answer_time: ended.end_time, ..Cdr::default() };
        assert!(!given.lengthen(6_100), "a switch gave it");
    }
}
