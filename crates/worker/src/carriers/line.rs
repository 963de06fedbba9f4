//! How a carrier is spoken to: a delivery becomes what its protocol sends, and its answer an outcome.

use std::fmt;
use std::time::Duration;

use domain::delivery::Outcome;
use domain::{Channel, Delivery, Tenant};
use tokio::time::timeout;
use wire::sip::Trunk;
use wire::smpp::Smsc;
use wire::{Class, Refused, Sms, VoiceCall, rest};

use crate::Post;

/// How long after its deadline a send may still tell its outcome: a carrier's own time may be
/// as long as the deadline, and then it knows better than we whether anything went out.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How a carrier is spoken to.
pub enum Line {
    /// An SMTP server.
    Mail(Post),
    /// An SMS centre over SMPP.
    Smpp(Smsc, Sender),
    /// Texts and calls over the Twilio-compatible REST form.
    Rest(rest::Carrier, Sender, Callbacks),
    /// Calls over a SIP trunk.
    Sip(Trunk, Sender),
}

/// The number that texts and calls come from where the account has no line of its own: `+` and
/// digits, or for texts a name; `""` for none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender(pub String);

/// Where a carrier that calls back over HTTP reaches us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callbacks {
    /// Where it reports how far a text or call got.
    pub status: Option<String>,
    /// Where it says which key was pressed in a call, and hears what to say next.
    pub keys: Option<String>,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Line::Mail(_) => "Mail",
            Line::Smpp(..) => "Smpp",
            Line::Rest(..) => "Rest",
            Line::Sip(..) => "Sip",
        })
    }
}

impl Line {
    /// Sends once, and ends within the channel's deadline.
    pub(super) async fn send(&self, tenant: &Tenant, delivery: &Delivery) -> Outcome {
        let deadline_ms = delivery.channel.deadline_ms().unsigned_abs();
        let deadline = Duration::from_millis(deadline_ms) + LAST_WORDS;
        match timeout(deadline, self.hand_over(tenant, delivery)).await {
            Ok(outcome) => heard(outcome),
            Err(_) => Outcome::Unknown("The carrier did not answer in time.".to_owned()),
        }
    }

    async fn hand_over(&self, tenant: &Tenant, delivery: &Delivery) -> wire::Outcome {
        match (self, delivery.channel) {
            (Line::Mail(post), Channel::Email) => {
                post.mailer.send(&post.mail(tenant, delivery)).await
            }
            (Line::Smpp(smsc, sender), Channel::Sms) => smsc.send(&text(delivery, sender)?).await,
            (Line::Rest(carrier, sender, back), Channel::Sms) => {
                carrier.text(&text(delivery, sender)?, back.status.as_deref()).await
            }
            (Line::Rest(carrier, sender, back), Channel::Call) => {
                let (status, gather) = (back.status.as_deref(), back.keys.as_deref());
                let callbacks = rest::Callbacks { status, gather };
                carrier.call(&voice(delivery, sender)?, callbacks).await
            }
            (Line::Sip(trunk, sender), Channel::Call) => {
                trunk.call(&voice(delivery, sender)?).await
            }
            (_, channel) => Err(never(format!("The carrier takes no {}s.", channel.noun()))),
        }
    }
}

fn text(delivery: &Delivery, sender: &Sender) -> Result<Sms, Refused> {
    Ok(Sms {
        from: from(delivery, sender)?,
        to: delivery.address.clone(),
        text: delivery.body.clone(),
        key: delivery.key.clone(),
    })
}

fn voice(delivery: &Delivery, sender: &Sender) -> Result<VoiceCall, Refused> {
    Ok(VoiceCall {
        from: from(delivery, sender)?,
        to: delivery.address.clone(),
        text: delivery.body.clone(),
        asks_acknowledgement: true,
        key: delivery.key.clone(),
    })
}

fn from(delivery: &Delivery, sender: &Sender) -> Result<String, Refused> {
    match (delivery.sender.as_str(), sender.0.as_str()) {
        ("", "") => {
            let why = "There is no number to send from: the account has no line, \
                and the carrier none of its own.";
            Err(never(why.to_owned()))
        }
        ("", own) => Ok(own.to_owned()),
        (line, _) => Ok(line.to_owned()),
    }
}

fn never(reason: String) -> Refused {
    Refused { class: Class::Never, reason, code: None, retry_after: None }
}

/// What a wire's outcome means for a delivery.
fn heard(outcome: wire::Outcome) -> Outcome {
    let refused = match outcome {
        Ok(wire::Accepted { response, references, reach }) => {
            return Outcome::Sent { response, references, reach };
        }
        Err(refused) => refused,
    };
    let reason = refused.reason;
    match refused.class {
        Class::Later => {
            let wait_ms = refused.retry_after.unwrap_or_default().as_millis();
            Outcome::Later { reason, wait_ms: i64::try_from(wait_ms).unwrap_or(i64::MAX) }
        }
        Class::Absent => Outcome::Absent(reason),
        Class::Never => Outcome::Never(reason),
        Class::Unknown => Outcome::Unknown(reason),
    }
}
