//! Every way in which the carrier does not take something, and the class that it gets.

use std::net::TcpListener;
use std::time::Duration;

use testkit::sms_http::{Command, Instead};
use tokio::time::timeout;
use wire::rest::{Callbacks, RestCarrier, RestSettings};
use wire::{Class, Outcome, Refused, Secret, Sms, VoiceCall};

use super::{call, carrier, impatient, peer, settings, sms};

/// What refused it: one sentence on one line, which names the carrier and no secret.
fn refusal(outcome: Outcome) -> Refused {
    let refused = outcome.expect_err("a refusal");
    let reason = &refused.reason;
    assert!(reason.contains("carrier 127.0.0.1") && reason.ends_with('.'), "{reason}");
    assert!(!reason.contains(char::is_control) && reason.len() < 400, "{reason}");
    assert!(!reason.contains("token"), "{reason}");
    refused
}

#[tokio::test]
async fn an_answer_says_whether_another_try_can_help() {
    let peer = peer();
    let carrier = carrier(&peer);
    use Class::{Later, Never, Unknown};
    for (status, code, retry_after, class) in [
        (400, Some(21610), None, Never),
        (400, Some(21211), None, Never),
        (403, Some(21408), None, Never),
        (400, None, None, Never),
        (400, Some(21611), None, Later),
        (401, Some(20003), None, Later),
        (403, None, None, Later),
        (404, Some(20404), None, Later),
        (429, Some(20429), Some(7), Later),
        (503, None, Some(120), Later),
        (503, Some(20503), None, Later),
        (307, None, None, Later),
        (500, Some(20500), None, Unknown),
        (502, None, None, Unknown),
        (504, None, None, Unknown),
    ] {
        peer.tell(&Command::Rule(Instead::Status(status, code, retry_after), Some(1)));
        let refused = refusal(carrier.text(&sms(), None).await);
        assert_eq!(refused.class, class, "{status} {code:?}");
        assert_eq!(refused.code, code.or(Some(status)));
        assert_eq!(refused.retry_after, retry_after.map(Duration::from_secs));
        peer.tell(&Command::Rule(Instead::Status(status, code, retry_after), Some(1)));
        let callbacks = Callbacks { gather: Some("https://l.test/"), ..Callbacks::default() };
        assert_eq!(refusal(carrier.call(&call(), callbacks).await).class, class);
    }
    assert_eq!(peer.seen().len(), 30, "each was tried once, and none was redirected");
}

#[tokio::test]
async fn a_recipient_who_opted_out_is_refused_in_the_carriers_words() {
    let peer = peer();
    peer.tell(&Command::Refuse("+15550001111".to_owned(), 21610));
    let refused = refusal(carrier(&peer).text(&sms(), None).await);
    assert_eq!((refused.class, refused.code), (Class::Never, Some(21610)));
    assert_eq!(
        refused.reason,
        "The carrier 127.0.0.1 refused it: Attempt to send to +15550001111: refused (400, error \
         21610)."
    );
}

#[tokio::test]
async fn after_the_request_is_written_every_break_leaves_it_open() {
    let nonsense = ["", "{", "[]", "null", "{\"sid\": 7}", "{\"sid\": \"a b\"}", "<html>", "\u{0}"];
    let mut breaks: Vec<_> = nonsense.map(|body| Instead::Body(body.to_owned())).into();
    let deep = format!("{{\"sid\": {}", "[".repeat(60_000));
    breaks.extend([Instead::Hang, Instead::Reset, Instead::Close, Instead::Cut, Instead::Stall]);
    breaks.extend([Instead::Endless, Instead::Body(deep)]);
    let peer = peer();
    for instead in breaks {
        peer.tell(&Command::Rule(instead.clone(), Some(1)));
        let before = peer.seen().len();
        // A fresh carrier each time: no connection that the last one broke.
        let refused = refusal(impatient(&peer).text(&sms(), None).await);
        assert_eq!(refused.class, Class::Unknown, "{instead:?}: {}", refused.reason);
        assert!(refused.reason.contains("it may have been sent"), "{}", refused.reason);
        assert_eq!(peer.seen().len() - before, 1, "tried once: {instead:?}");
    }
}

#[tokio::test]
async fn a_carrier_that_is_not_there_is_for_later() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port();
    drop(listener);
    let peer = peer();
    for base_url in [format!("http://127.0.0.1:{port}"), "http://no-such-host.invalid".to_owned()] {
        let settings = RestSettings { base_url, ..settings(&peer) };
        let carrier = RestCarrier::new(settings).expect("sound settings");
        let refused = carrier.text(&sms(), None).await.expect_err("nobody there");
        assert_eq!((refused.class, refused.code), (Class::Later, None));
        assert!(refused.reason.contains("cannot be reached"), "{}", refused.reason);
        assert_eq!(carrier.check().await.expect_err("nobody there").class, Class::Later);
    }
}

#[tokio::test]
async fn a_wrong_token_is_for_later_and_is_not_repeated() {
    let peer = peer();
    let wrong = RestSettings { auth_token: Secret::new("hunter2"), ..settings(&peer) };
    assert!(!format!("{wrong:?}").contains("hunter2"));
    let carrier = RestCarrier::new(wrong).expect("sound settings");
    let refused = refusal(carrier.text(&sms(), None).await);
    assert_eq!((refused.class, refused.code), (Class::Later, Some(20003)));
    assert!(!refused.reason.contains("hunter2"), "{}", refused.reason);
    assert_eq!(carrier.check().await.expect_err("refused").code, Some(20003));
    super::carrier(&peer).check().await.expect("the right one works");
}

#[tokio::test]
async fn a_carrier_that_hangs_costs_the_timeout_and_not_the_others() {
    let peer = peer();
    peer.tell(&Command::Rule(Instead::Hang, Some(20)));
    let carrier = impatient(&peer);
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let carrier = carrier.clone();
            tokio::spawn(async move { carrier.text(&sms(), None).await })
        })
        .collect();
    let all = async {
        for one in tries {
            assert_eq!(refusal(one.await.expect("no panic")).class, Class::Unknown);
        }
    };
    timeout(Duration::from_secs(10), all).await.expect("bounded");
    carrier.text(&sms(), None).await.expect("taken");
}

#[tokio::test]
async fn nothing_that_could_add_a_parameter_reaches_the_wire() {
    let peer = peer();
    let carrier = carrier(&peer);
    for to in ["+1555\r\nX: y", "+1555\0", "+1555&From=x", "", "15550001111", "whatsapp:+1555"] {
        let refused = carrier.text(&Sms { to: to.to_owned(), ..sms() }, None).await.expect_err(to);
        assert_eq!(refused.class, Class::Never, "{to:?}");
        let call = VoiceCall { to: to.to_owned(), asks_acknowledgement: false, ..call() };
        assert!(carrier.call(&call, Callbacks::default()).await.is_err(), "{to:?}");
    }
    for key in ["a\r\nX: y", "a\0"] {
        let refused = carrier.text(&Sms { key: key.to_owned(), ..sms() }, None).await;
        assert_eq!(refused.expect_err(key).class, Class::Never);
    }
    for text in ["a".repeat(1_000_000), String::new(), " \0\r\n".to_owned()] {
        let refused = carrier.text(&Sms { text: text.clone(), ..sms() }, None).await;
        assert_eq!(refused.expect_err("no text message").class, Class::Never);
        let call = VoiceCall { text, asks_acknowledgement: false, ..call() };
        let refused = carrier.call(&call, Callbacks::default()).await.expect_err("no call");
        assert_eq!(refused.class, Class::Never);
    }
    assert_eq!(peer.seen().len(), 0);
    let hostile = Sms { text: "a\0b\u{1b}&To=+1900=\u{2028}".to_owned(), ..sms() };
    carrier.text(&hostile, None).await.expect("taken");
    let seen = peer.seen();
    assert_eq!(seen[0].form["Body"], "a b &To=+1900=\n");
    assert_eq!(seen[0].form["To"], "+15550001111");
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_before_any_try() {
    let peer = peer();
    let good = settings(&peer);
    let urls = ["", "liberty.test", "ftp://liberty.test", "http://", "http://a:b@c", "http://a?b"];
    let mut bad: Vec<_> = urls
        .into_iter()
        .map(|url| RestSettings { base_url: url.to_owned(), ..good.clone() })
        .collect();
    bad.extend(
        ["", "AC 1", "AC/../2"]
            .map(|sid| RestSettings { account_sid: sid.to_owned(), ..good.clone() }),
    );
    bad.push(RestSettings { timeout: Duration::ZERO, ..good.clone() });
    bad.push(RestSettings { extra_roots: Some(b"none".to_vec()), ..good });
    for settings in bad {
        let url = settings.base_url.clone();
        let sentence =
            RestCarrier::new(settings).err().unwrap_or_else(|| panic!("{url}")).to_string();
        assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence}");
    }
}
