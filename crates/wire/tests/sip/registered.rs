//! Registering, and asking whether a trunk is there.

use wire::Class;
use wire::sip::{SipSettings, Trunk};

use super::{Tape, count, login, settings, sipp};
use testkit::sip::{Options, Sipp};

#[tokio::test(flavor = "multi_thread")]
async fn a_trunk_registers_by_itself_with_the_right_password() {
    let peer = sipp("registers", &[]);
    let registering =
        SipSettings { registers: true, login: login("sesame"), ..settings(peer.port()) };
    let trunk = Tape::of(500).trunk(registering);
    let messages = peer.finish();
    assert_eq!(count(&messages, "REGISTER sip:127.0.0.1 SIP/2.0"), 2);
    assert!(messages[0].contains("sip:joe@127.0.0.1"), "{}", messages[0]);
    assert_eq!(trunk.open_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_registers_and_tells_a_wrong_password() {
    for (password, is_right) in [("sesame", true), ("wrong", false)] {
        let calls = 2;
        let peer = Sipp::start(&Options { scenario: "registers", calls, ..Options::default() });
        let registering =
            SipSettings { registers: true, login: login(password), ..settings(peer.port()) };
        let checked = Tape::of(500).trunk(registering).check().await;
        match checked {
            Ok(()) => assert!(is_right, "{password}"),
            Err(refused) => {
                assert!(!is_right, "{refused}");
                assert_eq!((refused.class, refused.code), (Class::Later, Some(403)));
                assert!(refused.reason.starts_with("The trunk did not accept our user"));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_asks_where_it_does_not_register() {
    let peer = sipp("lives", &[]);
    assert_eq!(Tape::of(500).trunk(settings(peer.port())).check().await, Ok(()));
    assert_eq!(count(&peer.finish(), "OPTIONS sip:127.0.0.1:"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_without_sense_are_refused_before_anything_is_opened() {
    let bad = SipSettings { registers: true, ..settings(5060) };
    let refused = Trunk::open(bad, Tape::of(500).speech.clone()).err().expect("no user");
    assert_eq!(refused.to_string(), "A trunk that registers needs a user.");
}
