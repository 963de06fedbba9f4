//! Texts and calls that the carrier takes, as they were on the wire.

use testkit::sms_http::{Command, Instead, Options, SmsHttp};
use wire::rest::{Callbacks, RestCarrier, RestSettings, twiml};
use wire::{Class, Reach, Sms, VoiceCall};

use super::{KEY, call, carrier, impatient, peer, settings, sms};

fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    pairs.sort();
    pairs
}

#[tokio::test]
async fn a_text_is_one_signed_in_request_with_its_key() {
    let peer = peer();
    let callback = "https://liberty.test/hooks/1?a=b&c";
    let accepted = carrier(&peer).text(&sms(), Some(callback)).await.expect("taken");
    let sid = accepted.references[0].clone();
    assert_eq!((accepted.references.len(), accepted.reach), (1, Reach::Carrier));
    assert_eq!(accepted.response, format!("201 {sid} queued"));
    let seen = peer.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].method, "POST");
    assert_eq!(seen[0].path, "/2010-04-01/Accounts/AC1/Messages.json");
    assert_eq!((seen[0].key.as_str(), seen[0].is_signed_in), (KEY, true));
    let expected = form(&[
        ("To", "+15550001111"),
        ("From", "+15550009999"),
        ("Body", "Please call Ada & Co. back: 50 % = \"ü\"\n+1"),
        ("StatusCallback", callback),
    ]);
    assert_eq!(seen[0].form.clone().into_iter().collect::<Vec<_>>(), expected);
    assert!(seen[0].body.starts_with("To=%2B15550001111&From=%2B15550009999&Body=Please+call"));
}

#[tokio::test]
async fn a_call_speaks_and_asks_for_a_key() {
    let peer = peer();
    let callbacks = Callbacks {
        status: Some("https://liberty.test/hooks/2"),
        gather: Some("https://liberty.test/hooks/3?x=1&y=2"),
    };
    let accepted = carrier(&peer).call(&call(), callbacks).await.expect("taken");
    assert!(accepted.references[0].starts_with("CA"));
    let seen = peer.seen();
    assert_eq!(seen[0].path, "/2010-04-01/Accounts/AC1/Calls.json");
    let twiml = twiml::spoken("A message for Tom & Jerry.", callbacks.gather);
    let expected = form(&[
        ("To", "+15550001111"),
        ("From", "+15550009999"),
        ("Twiml", &twiml),
        ("MachineDetection", "Enable"),
        ("StatusCallback", "https://liberty.test/hooks/2"),
    ]);
    assert_eq!(seen[0].form.clone().into_iter().collect::<Vec<_>>(), expected);

    let plain = VoiceCall { asks_acknowledgement: false, ..call() };
    carrier(&peer).call(&plain, Callbacks::default()).await.expect("taken");
    assert!(!peer.seen()[1].form["Twiml"].contains("Gather"));
    let deaf = carrier(&peer).call(&call(), Callbacks::default()).await.expect_err("no address");
    assert_eq!(deaf.class, Class::Never);
}

#[tokio::test]
async fn a_repetition_under_the_same_key_is_the_same_message() {
    let peer = peer();
    let impatient = impatient(&peer);
    assert!(impatient.honours_key());
    peer.tell(&Command::Rule(Instead::Close, Some(1)));
    let open = impatient.text(&sms(), None).await.expect_err("no answer");
    assert_eq!(open.class, Class::Unknown);
    let first = impatient.text(&sms(), None).await.expect("taken");
    let again = impatient.text(&sms(), None).await.expect("taken");
    assert_eq!(first.references, again.references);
    let other = Sms { key: "another".to_owned(), ..sms() };
    assert_ne!(impatient.text(&other, None).await.expect("taken").references, first.references);
}

#[tokio::test]
async fn the_connection_may_be_encrypted_and_is_trusted_only_then() {
    let peer = SmsHttp::start(Options { is_encrypted: true, ..Options::default() });
    carrier(&peer).check().await.expect("sound");
    carrier(&peer).text(&sms(), None).await.expect("taken");
    let settings = RestSettings { extra_roots: None, ..settings(&peer) };
    let distrusting = RestCarrier::new(settings).expect("sound settings");
    let refused = distrusting.text(&sms(), None).await.expect_err("not trusted");
    assert_eq!(refused.class, Class::Later);
    assert!(refused.reason.contains("certificate"), "{}", refused.reason);
    assert_eq!(peer.seen().len(), 2);
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let peer = peer();
    peer.tell(&Command::Rule(Instead::Slow(300), None));
    carrier(&peer).text(&sms(), None).await.expect("taken");
}
