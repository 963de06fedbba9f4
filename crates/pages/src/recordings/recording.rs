//! One recorded call: the player, the call's figures, and the messages that were taken in it.

use app::{accounts, calls};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Account, Call, Message, Recording, RecordingId};
use web::Web;
use web::signer::Signer;

use crate::messages::Clock;
use crate::session::{Id, PageResult, SignedIn, page};
use crate::ui::words::or;
use crate::ui::{self, Fact, Place, Shell, clock};

/// A call with what was recorded of it.
#[derive(Debug, Clone, Template)]
#[template(path = "recordings/recording.html")]
pub(crate) struct RecordingPage {
    pub(crate) shell: Shell,
    pub(crate) recording: Recording,
    pub(crate) account: Account,
    /// A signed address that plays; none when the audio is gone.
    pub(crate) audio: Option<String>,
    /// What was taken in this call.
    pub(crate) messages: Vec<Message>,
    pub(crate) clock: Clock,
}

/// `GET /recordings/{id}`. The figures stay when the audio is gone.
pub(crate) async fn open(State(web): State<Web>, visitor: SignedIn, Id(id): Id) -> PageResult {
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
    let clock = Clock::of(&account, frame.now);
    let shell = frame.shell;
    let view = RecordingPage { shell, recording, account, audio, messages, clock };
    Ok(page(StatusCode::OK, &view))
}

impl RecordingPage {
    fn kept_until(&self) -> String {
        self.account.zone.date(self.recording.expires_at).in_words().to_string()
    }

    /// How long each part of a call took.
    fn figures(&self) -> [(&'static str, String); 5] {
        let cdr = &self.recording.call.cdr;
        [
            ("Talked", cdr.talk_sec),
            ("Waited", cdr.wait_sec),
            ("On hold", cdr.hold_sec),
            ("Transferred", cdr.transfer_sec),
            ("Wrapped up", cdr.wrap_sec),
        ]
        .map(|(label, seconds)| (label, clock(seconds)))
    }

    /// The rest of the detail record, as far as there is any.
    fn details(&self) -> Vec<Fact> {
        let call = &self.recording.call;
        let cdr = &call.cdr;
        let dialled = or(&call.did_number, &cdr.number_dialed);
        let lasted = |seconds: i64| if seconds > 0 { clock(seconds) } else { String::new() };
        Fact::filled([
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
        ])
    }
}

/// The number that called, as a person reads it.
pub(crate) fn from(number: &str) -> String {
    or(&ui::phone(number), "Unknown caller").to_owned()
}

/// Who answered.
pub(super) fn agent(call: &Call) -> &str {
    or(or(&call.cdr.agent_name, &call.agent_username), "Nobody")
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
