//! Posts that arrive, as the receiver's own library reads them.

use testkit::webhooks::Instead;
use wire::Secret;
use wire::webhook::HookPost;

use super::{BODY, NOW_S, OLD_SECRET, SECRET, open, post, receiver};

#[tokio::test]
async fn a_receiver_verifies_it_with_its_own_library() {
    let receiver = receiver("127.0.0.1");
    let url = receiver.url("/hooks?desk=1");
    let answer = open().post(&post(&url)).await;
    assert_eq!((answer.status, answer.is_taken()), (Some(204), true));
    assert_eq!(answer.detail, "It answered 204 (No Content).");
    let seen = receiver.seen();
    let [seen] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/hooks?desk=1"));
    assert_eq!(seen.verified, ["yes", "No matching signature found"]);
    assert_eq!(seen.body, BODY, "byte for byte");
    let names: Vec<&str> = seen.headers.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "accept",
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "webhook-id",
            "webhook-signature",
            "webhook-timestamp"
        ]
    );
    assert_eq!(seen.headers["content-type"], "application/json");
    assert_eq!((seen.id(), seen.headers["webhook-timestamp"].as_str()), ("evt_1", "1737497300"));
}

#[tokio::test]
async fn two_secrets_sign_while_one_takes_over_from_the_other() {
    let receiver = receiver("127.0.0.1");
    let url = receiver.url("/");
    let secrets = vec![Secret::new(SECRET), Secret::new(OLD_SECRET)];
    open().post(&HookPost { secrets, ..post(&url) }).await;
    let seen = receiver.seen();
    assert_eq!(seen[0].verified, ["yes", "yes"]);
    assert_eq!(seen[0].headers["webhook-signature"].split(' ').count(), 2);
}

#[tokio::test]
async fn an_old_post_or_a_changed_body_does_not_verify() {
    let receiver = receiver("127.0.0.1");
    let url = receiver.url("/");
    open().post(&HookPost { timestamp_s: NOW_S - 301, ..post(&url) }).await;
    let seen = receiver.seen();
    assert_eq!(seen[0].verified[0], "Message timestamp too old");
    receiver.know(&[OLD_SECRET], NOW_S * 1_000);
    open().post(&post(&url)).await;
    assert_eq!(receiver.seen()[1].verified, ["No matching signature found"]);
}

#[tokio::test]
async fn a_receiver_that_has_moved_gets_the_same_post_again() {
    let receiver = receiver("127.0.0.1");
    for (from, status, to) in [
        ("/a", 307, "/b".to_owned()),
        ("/b", 308, receiver.url("/c?x=1")),
        ("/c?x=1", 307, "d".into()),
    ] {
        let there = Instead::Answer(status, vec![("location", to)], String::new());
        receiver.rule(from, &there, None);
    }
    let url = receiver.url("/a");
    assert!(open().post(&post(&url)).await.is_taken());
    let seen = receiver.seen();
    let paths: Vec<&str> = seen.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!(paths, ["/a", "/b", "/c?x=1", "/d"]);
    assert!(seen.iter().all(|seen| seen.method == "POST" && seen.verified[0] == "yes"));
    assert!(seen.iter().all(|seen| seen.body == BODY && seen.id() == "evt_1"));
}
