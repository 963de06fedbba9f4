//! What a real telephone hears, behind a real proxy, and what a mailbox is told.

use testkit::sip::{Baresip, Kamailio, likeness};
use wire::sip::{SipSettings, Trunk};
use wire::speech::{self, Speech};
use wire::{Class, Reach};

use super::{login, settings, voice_call};

fn espeak() -> Speech {
    Speech::new(speech::SpeechSettings::default())
}

#[tokio::test]
async fn a_phone_behind_a_proxy_hears_the_text() {
    let phone = Baresip::start(&voice_call(true).to, &[]);
    let proxy = Kamailio::start(phone.port());
    let speech = espeak();
    let settings = SipSettings { login: login("sesame"), ..settings(proxy.port()) };
    let trunk = Trunk::open(settings, speech.clone()).expect("sound settings");
    let accepted = trunk.call(&voice_call(false)).await.expect("answered");
    assert_eq!(accepted.reach, Reach::Handset);
    let text = speech.speak(&voice_call(false).text).await.expect("speech");
    let voiced = text.samples().iter().position(|s| s.unsigned_abs() > 1_000).expect("a voice");
    let alike = likeness(&text.samples()[voiced..], &phone.heard());
    assert!(alike > 0.95, "{alike}");
}

#[tokio::test]
async fn a_proxy_refuses_a_wrong_password_and_nobody_rings() {
    let phone = Baresip::start(&voice_call(true).to, &[]);
    let proxy = Kamailio::start(phone.port());
    let settings = SipSettings { login: login("wrong"), ..settings(proxy.port()) };
    let trunk = Trunk::open(settings, espeak()).expect("sound settings");
    let refused = trunk.call(&voice_call(false)).await.expect_err("refused");
    assert_eq!((refused.class, refused.code), (Class::Later, Some(407)));
    assert_eq!(refused.reason, "The trunk did not accept our user and password.");
}

#[tokio::test]
async fn a_mailbox_is_told_the_text_after_its_greeting() {
    let speech = espeak();
    let greeting = "Hello, this is the mailbox of Bob, who cannot take your call right now, so \
                    please leave a message";
    let greeting = speech.speak(greeting).await.expect("speech");
    let phone = Baresip::start(&voice_call(true).to, greeting.samples());
    let trunk = Trunk::open(settings(phone.port()), speech.clone()).expect("sound settings");
    let accepted = trunk.call(&voice_call(true)).await.expect("answered");
    assert_eq!(accepted.reach, Reach::Machine);
    let text = speech.speak(&voice_call(true).text).await.expect("speech");
    let voiced = text.samples().iter().position(|s| s.unsigned_abs() > 1_000).expect("a voice");
    let alike = likeness(&text.samples()[voiced..], &phone.heard());
    assert!(alike > 0.95, "{alike}");
}

#[tokio::test]
async fn a_short_greeting_is_a_person() {
    let speech = espeak();
    let greeting = speech.speak("Hello?").await.expect("speech");
    let phone = Baresip::start(&voice_call(true).to, greeting.samples());
    let trunk = Trunk::open(settings(phone.port()), speech).expect("sound settings");
    let accepted = trunk.call(&voice_call(false)).await.expect("answered");
    assert_eq!(accepted.reach, Reach::Person);
}
