//! Texts and calls over the REST form that Twilio made common, with any base URL that speaks it.
//!
//! `POST {base}/2010-04-01/Accounts/{sid}/Messages.json` and `…/Calls.json`, form-encoded, with
//! Basic authentication (Twilio's API document `twilio_api_v2010`, 2010-04-01).
//!
//! Each request carries the delivery's key in the header `I-Twilio-Idempotency-Token`. Twilio itself
//! promises nothing about it for these two requests; it is our agreement with carriers and gateways
//! that honour it, and [`RestSettings::honours_key`] says whether this one does.
//!
//! What comes back later is read by [`report`] and [`pressed`], once [`is_signed`] says whose it is.

mod callback;
mod exchange;
mod refusal;
pub mod twiml;

use std::time::Duration;

use crate::outcome::{Accepted, Outcome, Refused, quote};
use crate::sms::{self, Sms, never};
use crate::{Reach, Secret, VoiceCall};
use exchange::Exchange;

pub use callback::{Pressed, is_signed, pressed, report, signature};

/// Longest text that one message takes (Twilio's error 21617), in characters.
const TEXT_CHARS_MAX: usize = 1_600;
/// Longest TwiML that a call takes inline, in characters.
const TWIML_CHARS_MAX: usize = 4_000;

/// Where the carrier is, and who we are to it.
#[derive(Clone, Debug)]
pub struct RestSettings {
    /// Everything before `/2010-04-01`: `https://api.twilio.com`, or another that speaks the same.
    pub base_url: String,
    /// The account's SID: ASCII letters and digits.
    pub account_sid: String,
    /// The account's token; callbacks are signed with it.
    pub auth_token: Secret,
    /// The longest that one try may take. At most half of it goes to connecting.
    pub timeout: Duration,
    /// Whether the carrier takes a request only once under the same key, so that one of unknown
    /// outcome can be asked again.
    pub honours_key: bool,
    /// PEM certificates to trust on top of the system's.
    pub extra_roots: Option<Vec<u8>>,
}

/// [`RestSettings`] that no try could work with; its message is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadRestSettings(String);

/// Where the carrier tells what became of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Callbacks<'a> {
    /// The URL that hears the call's end ([`report`]).
    pub status: Option<&'a str>,
    /// The URL that hears the key, and answers with TwiML ([`pressed`], [`twiml`]). A call that
    /// asks for a key needs one.
    pub gather: Option<&'a str>,
}

/// A carrier. Clones share its connections; any number of tries may run at once.
#[derive(Clone)]
pub struct RestCarrier {
    exchange: Exchange,
    honours_key: bool,
}

impl RestCarrier {
    /// Checks the settings and reads the certificates; speaks with nobody yet.
    pub fn new(settings: RestSettings) -> Result<Self, BadRestSettings> {
        let honours_key = settings.honours_key;
        Ok(Self { exchange: Exchange::new(settings)?, honours_key })
    }

    /// The carrier's host, for people.
    pub fn host(&self) -> &str {
        self.exchange.host()
    }

    /// Whether a try of unknown outcome may be repeated under the same key.
    pub fn honours_key(&self) -> bool {
        self.honours_key
    }

    /// Tries once to hand the text over. `status_callback` is the URL that hears what becomes of
    /// it. Ends within the settings' timeout; dropping the future half-way leaves it open whether
    /// the text was sent.
    pub async fn text(&self, text: &Sms, status_callback: Option<&str>) -> Outcome {
        sms::check_sender(&text.from)?;
        sms::check_number("recipient's number", &text.to)?;
        let body = sms::plain_text(&text.text);
        check_length("text", &body, TEXT_CHARS_MAX)?;
        let mut form = vec![("To", text.to.as_str()), ("From", &text.from), ("Body", &body)];
        form.extend(status_callback.map(|url| ("StatusCallback", url)));
        self.create("Messages.json", &form, &text.key).await
    }

    /// Tries once to have the call made; whether it reached anybody comes by callback.
    pub async fn call(&self, call: &VoiceCall, callbacks: Callbacks<'_>) -> Outcome {
        sms::check_number("sender's number", &call.from)?;
        sms::check_number("recipient's number", &call.to)?;
        let gather = callbacks.gather.filter(|_| call.asks_acknowledgement);
        if call.asks_acknowledgement && gather.is_none() {
            return Err(never("There is no address that could hear the key.".to_owned()));
        }
        let text = sms::plain_text(&call.text);
        check_length("text", &text, TWIML_CHARS_MAX)?;
        let twiml = twiml::spoken(&text, gather);
        check_length("text of the call", &twiml, TWIML_CHARS_MAX)?;
        let mut form = vec![
            ("To", call.to.as_str()),
            ("From", &call.from),
            ("Twiml", &twiml),
            ("MachineDetection", "Enable"),
        ];
        form.extend(callbacks.status.map(|url| ("StatusCallback", url)));
        self.create("Calls.json", &form, &call.key).await
    }

    /// Asks for the account itself: whether the settings work, without sending anything.
    pub async fn check(&self) -> Result<(), Refused> {
        let host = self.exchange.host();
        let answer = self.exchange.account().await.map_err(|f| refusal::of_check(host, f))?;
        if answer.is_success() { Ok(()) } else { Err(refusal::of_answer(host, &answer)) }
    }

    async fn create(&self, resource: &str, form: &[(&str, &str)], key: &str) -> Outcome {
        let host = self.exchange.host();
        let answer = self.exchange.post(resource, form, key).await;
        let answer = answer.map_err(|failure| refusal::of_failure(host, failure))?;
        if !answer.is_success() {
            return Err(refusal::of_answer(host, &answer));
        }
        let Some(sid) = answer.word("sid").filter(|sid| callback::is_reference(sid)) else {
            return Err(refusal::of_nonsense(host, &answer));
        };
        let state = answer.word("status").unwrap_or_default();
        let response = quote(&format!("{} {sid} {state}", answer.status));
        Ok(Accepted { response, references: vec![sid], reach: Reach::Carrier })
    }
}

fn check_length(what: &str, text: &str, max: usize) -> Result<(), Refused> {
    if text.trim().is_empty() {
        return Err(never(format!("The {what} is empty.")));
    }
    let chars = text.chars().count();
    if chars > max {
        return Err(never(format!(
            "The {what} is too long for the carrier: {chars} characters, and {max} are the most."
        )));
    }
    Ok(())
}
