//! Answers that are none of the ones hoped for, and what is said about each.

use domain::limits;
use domain::webhook::PostAnswer;
use testkit::webhooks::{Instead, Receiver};
use wire::webhook::Poster;

use super::{hasty, open, post, receiver};

async fn answer(receiver: &Receiver, instead: &Instead) -> PostAnswer {
    answer_to(&open(), receiver, instead).await
}

async fn answer_to(poster: &Poster, receiver: &Receiver, instead: &Instead) -> PostAnswer {
    receiver.behave();
    receiver.rule("", instead, None);
    poster.post(&post(&receiver.url("/"))).await
}

fn status(status: u16) -> Instead {
    Instead::Answer(status, Vec::new(), "because".to_owned())
}

#[tokio::test]
async fn every_status_is_told_as_it_is() {
    let receiver = receiver("127.0.0.1");
    for code in [400, 401, 404, 410, 429, 500, 503] {
        let answer = answer(&receiver, &status(code)).await;
        assert_eq!((answer.status, answer.body.as_str()), (Some(code), "because"));
        assert!(!answer.is_taken());
        assert_eq!(answer.is_gone(), code == 410);
    }
    for code in [301, 302, 303] {
        let there = Instead::Answer(code, vec![("location", receiver.url("/b"))], String::new());
        let answer = answer(&receiver, &there).await;
        assert_eq!(answer.status, Some(code));
        assert!(answer.detail.ends_with("Only 307 and 308 are followed."), "{}", answer.detail);
    }
    assert!(receiver.seen().iter().all(|seen| seen.path == "/"), "none was followed");
    let wait = vec![("retry-after", "90".to_owned())];
    let busy = answer(&receiver, &Instead::Answer(503, wait, String::new())).await;
    assert_eq!(busy.retry_after_ms, Some(90_000));
}

#[tokio::test]
async fn a_receiver_that_never_answers_ends_in_time() {
    let receiver = receiver("127.0.0.1");
    for instead in [Instead::Hang, Instead::Slow(5_000)] {
        let answer = answer_to(&hasty(), &receiver, &instead).await;
        assert_eq!(answer.status, None);
        assert_eq!(answer.detail, "No answer came within 0.4 seconds.");
    }
    for instead in [Instead::Reset, Instead::Close] {
        let answer = answer(&receiver, &instead).await;
        assert_eq!(answer.status, None);
        assert!(answer.detail.starts_with("The connection broke: "), "{}", answer.detail);
    }
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", nobody.local_addr().expect("its address"));
    drop(nobody);
    let answer = open().post(&post(&url)).await;
    assert!(answer.detail.starts_with("Nobody was to be reached there: "), "{}", answer.detail);
    assert!(!answer.detail.contains("127.0.0.1"), "{}", answer.detail);
}

#[tokio::test]
async fn a_body_without_an_end_is_read_to_its_bound_and_kept_to_another() {
    let receiver = receiver("127.0.0.1");
    let endless = answer(&receiver, &Instead::Endless).await;
    assert_eq!((endless.status, endless.body.len()), (Some(200), limits::HOOK_KEPT_BYTES));
    let large = Instead::Answer(500, Vec::new(), format!("é\0{}", "x".repeat(1_000_000)));
    let large = answer(&receiver, &large).await;
    assert_eq!((large.status, large.body.len()), (Some(500), limits::HOOK_KEPT_BYTES));
    assert!(large.body.starts_with("é x"), "a NUL would be no text for a database");
}

#[tokio::test]
async fn a_fourth_redirect_is_not_followed() {
    let receiver = receiver("127.0.0.1");
    let again = Instead::Answer(307, vec![("location", "/again".to_owned())], String::new());
    let answer = answer(&receiver, &again).await;
    assert_eq!(answer.detail, "It redirected more than 3 times.");
    assert_eq!(receiver.seen().len(), 4);
    let nowhere = super::refused::answer(&receiver, &status(308)).await;
    assert_eq!(nowhere.detail, "It answered 308, and did not say where to.");
}
