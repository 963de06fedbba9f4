//! One recorded call: the player, the call's figures, and the messages that were taken in it.

use app::{accounts, calls};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Account, Call, Message, Recording, RecordingId, limits};
use web::Web;
use web::signer::Signer;

use crate::messages::words::{caller, first_line, receiver};
use crate::sample;
use crate::session::{Frame, Id, PageError, SignedIn, page};
use crate::ui::words::or;
use crate::ui::{self, Fact, Moment, Place, Shell, clock};

/// `GET /recordings/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "recordings/recording.html")]
pub(crate) struct RecordingPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The caller's number as a person reads it.
    pub(crate) from: String,
    /// The account's name.
    pub(crate) account: String,
    /// When it began.
    pub(crate) started_at: Moment,
    /// A signed address that plays; none when the audio is gone.
    pub(crate) audio: Option<String>,
    /// Until when the audio is kept, or was.
    pub(crate) kept_until: String,
    /// Days for which it is kept.
    pub(crate) kept_days: i64,
    /// Talked, waited, held, transferred, wrapped up: label and "2:41".
    pub(crate) figures: Vec<Fact>,
    /// The rest of the call detail record.
    pub(crate) details: Vec<Fact>,
    /// What was taken in this call.
    pub(crate) messages: Vec<CallMessage>,
}

/// A message that was taken in a call.
#[derive(Debug, Clone)]
pub(crate) struct CallMessage {
    /// Its page.
    pub(crate) href: String,
    /// Who called.
    pub(crate) who: String,
    /// For whom it is.
    pub(crate) for_whom: String,
    /// The first line of what was said.
    pub(crate) line: String,
    /// When it was taken.
    pub(crate) taken_at: Moment,
}

/// `GET /recordings/{id}`. The figures stay when the audio is gone.
pub(crate) async fn open(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
) -> Result<Response, PageError> {
    let (app, actor) = (&web.app, &visitor.actor);
    let recording = calls::figures(app, actor, RecordingId(id)).await?;
    let account = accounts::find(app, actor, recording.call.account_id).await?;
    let messages = calls::messages_of(app, actor, recording.call.id).await?;
    let audio = match recording.is_kept_at(app.now()) {
        // For ten minutes; relative, as the player is ours.
        true => Some(Signer::of(&web, actor.tenant_id, "").await?.address(recording.id)),
        false => None,
    };
    let frame = visitor.frame(&web, Place::Recordings).await?;
    let view = RecordingPage::draw(frame, &recording, &account, audio, &messages);
    Ok(page(StatusCode::OK, &view))
}

impl RecordingPage {
    fn draw(
        frame: Frame,
        recording: &Recording,
        account: &Account,
        audio: Option<String>,
        messages: &[Message],
    ) -> Self {
        let (call, now, zone) = (&recording.call, frame.now, &account.zone);
        let message = |message: &Message| CallMessage {
            href: format!("/messages/{}", message.id),
            who: caller(message),
            for_whom: receiver(message).to_owned(),
            line: first_line(&message.content).to_owned(),
            taken_at: Moment::at(message.created_at, now, zone),
        };
        Self {
            shell: frame.shell,
            from: from(&call.from),
            account: account.name.clone(),
            started_at: Moment::at(call.started_at, now, zone),
            audio,
            kept_until: zone.date(recording.expires_at).in_words().to_string(),
            kept_days: limits::RECORDING_DAYS,
            figures: figures(call),
            details: details(call),
            messages: messages.iter().map(message).collect(),
        }
    }

    /// A call that plays.
    pub(crate) fn sample() -> Self {
        let mut messages = sample::messages();
        messages.truncate(1);
        Self::sampled(0, Some("/recordings/36/audio?until=1900000000&signature=sample"), &messages)
    }

    /// A call whose audio is gone, and in which no message was taken.
    pub(crate) fn sample_gone() -> Self {
        Self::sampled(3, None, &[])
    }

    fn sampled(at: usize, audio: Option<&str>, messages: &[Message]) -> Self {
        let recording = sample::recordings().swap_remove(at);
        let account = sample::account(recording.call.account_id.0);
        let frame = Frame::sample(Place::Recordings);
        Self::draw(frame, &recording, &account, audio.map(str::to_owned), messages)
    }
}

/// The number that called, as a person reads it.
pub(super) fn from(number: &str) -> String {
    or(&ui::phone(number), "Unknown caller").to_owned()
}

/// Who answered.
pub(super) fn agent(call: &Call) -> &str {
    or(or(&call.cdr.agent_name, &call.agent_username), "Nobody")
}

/// How long each part of a call took.
fn figures(call: &Call) -> Vec<Fact> {
    let cdr = &call.cdr;
    let parts = [
        ("Talked", cdr.talk_sec),
        ("Waited", cdr.wait_sec),
        ("On hold", cdr.hold_sec),
        ("Transferred", cdr.transfer_sec),
        ("Wrapped up", cdr.wrap_sec),
    ];
    parts.map(|(label, seconds)| Fact::new(label, &clock(seconds))).into()
}

/// The rest of the detail record, as far as there is any.
fn details(call: &Call) -> Vec<Fact> {
    let cdr = &call.cdr;
    let dialled = or(&call.did_number, &cdr.number_dialed);
    let lasted = |seconds: i64| if seconds > 0 { clock(seconds) } else { String::new() };
    let facts = [
        ("Answered by", agent(call).to_owned()),
        ("Number called", ui::phone(dialled)),
        ("Kind of call", apart(&cdr.call_type)),
        ("Skill", cdr.skill_name.clone()),
        ("Ended by", apart(&cdr.who_hung_up)),
        ("In the menu", lasted(cdr.ivr_sec)),
        ("In conference", lasted(cdr.conference_sec)),
        ("Talked in conference", lasted(cdr.conference_talk_sec)),
        ("Connected", lasted(cdr.connection_sec)),
        ("Call id", call.call_sid.clone()),
    ];
    let known = facts.into_iter().filter(|(_, text)| !text.trim().is_empty());
    known.map(|(label, text)| Fact::new(label, &text)).collect()
}

/// A switch's word as a person reads it: `InboundCall` → `Inbound call`.
fn apart(word: &str) -> String {
    let mut text = String::with_capacity(word.len() + 2);
    let mut before = ' ';
    for c in word.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            text.push(' ');
            text.extend(c.to_lowercase());
        } else {
            text.push(if c == '_' { ' ' } else { c });
        }
        before = c;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn the_words_of_a_switch_come_apart() {
        let check = |word, shown| assert_eq!(apart(word), shown);
        check("InboundCall", "Inbound call");
        check("Web_call", "Web call");
        check("SIP", "SIP");
        check("", "");
    }
}
