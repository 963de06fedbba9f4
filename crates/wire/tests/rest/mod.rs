//! Texts and calls over the REST form against a carrier on loopback: taken, refused, left open.

mod accepted;
mod callbacks;
mod refused;

use std::time::Duration;

use testkit::sms_http::{Options, SmsHttp};
use wire::rest::{RestCarrier, RestSettings};
use wire::{Secret, Sms, VoiceCall};

const KEY: &str = "0198c0de-7777-7777-8777-777777777777";

fn peer() -> SmsHttp {
    SmsHttp::start(Options::default())
}

/// The settings for this peer, trusting its certificate.
fn settings(peer: &SmsHttp) -> RestSettings {
    RestSettings {
        base_url: peer.url(),
        account_sid: "AC1".to_owned(),
        auth_token: Secret::new("token"),
        timeout: Duration::from_secs(10),
        honours_key: true,
        extra_roots: peer.certificate().map(<[u8]>::to_vec),
    }
}

fn carrier(peer: &SmsHttp) -> RestCarrier {
    RestCarrier::new(settings(peer)).expect("sound settings")
}

/// A carrier that does not wait long for a peer that never answers.
fn impatient(peer: &SmsHttp) -> RestCarrier {
    let timeout = Duration::from_millis(1_500);
    RestCarrier::new(RestSettings { timeout, ..settings(peer) }).expect("sound settings")
}

fn sms() -> Sms {
    Sms {
        from: "+15550009999".to_owned(),
        to: "+15550001111".to_owned(),
        text: "Please call Ada & Co. back: 50 % = \"ü\"\r\n+1".to_owned(),
        key: KEY.to_owned(),
    }
}

fn call() -> VoiceCall {
    VoiceCall {
        from: "+15550009999".to_owned(),
        to: "+15550001111".to_owned(),
        text: "A message for Tom & Jerry.".to_owned(),
        asks_acknowledgement: true,
        key: KEY.to_owned(),
    }
}
