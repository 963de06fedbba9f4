//! One key destroys nothing: what is written is asked about, and a call that ended comes back.

use axum::http::StatusCode;
use domain::CallId;
use domain::live::{LiveState, Signal};

use super::support::{House, Reply, Visitor};

const FROM: &str = "9548326297";
const WRITTEN: [(&str, &str); 2] =
    [("answers[first_name]", ""), ("answers[content]", "Half a <sentence>")];

/// A call that Ann has, and its form.
async fn answered(house: &House, ann: &Visitor, sid: &str) -> (CallId, Reply) {
    let (world, one) = (&house.world, &house.one);
    let call = world.tell(one, &one.law, sid, Signal::Ringing, FROM).await;
    let reply = house.post(ann, &format!("/console/calls/{call}/answer"), &[]).await;
    (call, house.follow(ann, &reply).await)
}

async fn state(house: &House, call: CallId) -> LiveState {
    let found = app::live::find(&house.world.app, &house.one.owner, call).await;
    found.expect("a call").progress.state
}

/// What a browser sends with the form.
fn with<'f>(once: &'f str, call: &'f str, more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    [&[("once", once), ("call_id", call), ("caller_id", FROM)], more].concat()
}

#[tokio::test]
async fn ending_a_call_asks_first_where_something_is_written() {
    let house = House::new().await;
    let (ann, law) = (house.agent().await, house.one.law.id);
    let (call, form) = answered(&house, &ann, "c1").await;
    let (once, id, end) =
        (form.hidden("once"), call.to_string(), format!("/console/calls/{call}/end"));
    assert!(form.says(&format!("formaction=\"{end}\"")), "the form goes along with F9");

    let asked = house.post(&ann, &end, &with(&once, &id, &WRITTEN)).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.says("End the call? What is written is not saved."), "{}", asked.html);
    assert!(asked.control("answers[content]").contains(">\nHalf a &#60;sentence&#62;</textarea>"));
    assert!(asked.says(" data-answered") && asked.says("name=\"asked\" value=\"true\""));
    assert_eq!(state(&house, call).await, LiveState::Talking, "nothing happened yet");

    let keep = [&WRITTEN[..], &[("asked", "true"), ("draft", "keep")]].concat();
    let ended = house.post(&ann, &end, &with(&once, &id, &keep)).await;
    assert_eq!((ended.to.as_str(), state(&house, call).await), ("/console", LiveState::Over));
    let queue = house.follow(&ann, &ended).await;
    assert!(queue.says("Ended without a message") && queue.says("Back to it"), "{}", queue.html);
    let back = format!("/console/accounts/{law}?call={call}");
    assert!(queue.says(&format!("<a href=\"{back}\"")));
    let again = house.get(&ann, &back).await;
    assert_eq!(again.hidden("call_id"), id);
    let draft = format!("data-draft=\"{}-{law}-{call}\"", house.one.agent.user_id);
    assert!(again.says(&draft), "its draft is the one that was kept");

    let (call, form) = answered(&house, &ann, "c2").await;
    let discard = [&WRITTEN[..], &[("asked", "true"), ("draft", "discard")]].concat();
    let (once, id) = (form.hidden("once"), call.to_string());
    let path = format!("/console/calls/{call}/end");
    let ended = house.post(&ann, &path, &with(&once, &id, &discard)).await;
    assert_eq!(ended.to, format!("/console?saved={law}-{call}"), "the browser forgets the draft");
}

#[tokio::test]
async fn ending_a_call_from_another_page_asks_unless_the_browser_keeps_no_draft() {
    let house = House::new().await;
    let ann = house.agent().await;
    let (call, form) = answered(&house, &ann, "c1").await;
    let end = format!("/console/calls/{call}/end");
    let queue = house.get(&ann, "/console").await;
    assert!(queue.says(&format!("data-ends=\"{}\"", form.draft())), "{}", queue.html);
    let asked = house.post(&ann, &end, &[]).await;
    assert_eq!(state(&house, call).await, LiveState::Talking, "nothing happened yet");
    let page = house.follow(&ann, &asked).await;
    assert!(page.says("End the call? No message of it is saved."), "{}", page.html);
    assert!(page.says("End, keep the draft") && page.says("Discard and end"));
    assert!(!page.says("name=\"asked\""), "what is written from here on is asked about");
    assert_eq!(page.draft(), form.draft(), "what is written stands in the form");

    let ended = house.post(&ann, &end, &[("asked", "true")]).await;
    assert_eq!((ended.to.as_str(), state(&house, call).await), ("/console", LiveState::Over));
    let again = house.get(&ann, &asked.to).await;
    assert!(!again.says("End the call?"), "it is over");
}

#[tokio::test]
async fn a_call_without_a_message_stays_with_its_agent_until_one_is_saved() {
    let house = House::new().await;
    let (ann, sam) = (house.agent().await, house.supervisor().await);
    let law = house.one.law.id;
    let mut stream = house.stream(&ann, "/console/events").await;
    stream.next().await.expect("the whole");
    for (sid, deed) in [("c1", "messages"), ("c2", "nothing")] {
        let (call, form) = answered(&house, &ann, sid).await;
        let blank = [("answers[content]", " "), ("kind", "hang_up")];
        let (once, id) = (form.hidden("once"), call.to_string());
        let end = format!("/console/calls/{call}/end");
        let ended = house.post(&ann, &end, &with(&once, &id, &blank)).await;
        assert_eq!(ended.to, "/console", "nothing is written, so nothing is asked");
        assert!(house.get(&ann, "/console").await.says("Ended without a message"));
        assert!(!house.get(&sam, "/console").await.says("Ended without a message"), "not Sam's");

        let mut told = String::new();
        while !told.contains(&format!("call={call}\"")) || !told.contains("Ended without") {
            told = stream.next().await.expect("the call, ended");
        }
        let form_id = form.hidden("form_id");
        let sound = [
            ("form_id", form_id.as_str()),
            ("answers[first_name]", if deed == "messages" { "Maria" } else { "" }),
            ("answers[phone]", if deed == "messages" { FROM } else { "" }),
            ("answers[content]", if deed == "messages" { "Call me." } else { "" }),
            ("kind", "hang_up"),
        ];
        let path = format!("/console/accounts/{law}/{deed}");
        let saved = house.post(&ann, &path, &with(&once, &id, &sound)).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{deed}: {}", saved.html);
        assert!(!house.get(&ann, "/console").await.says("Ended without a message"), "{deed}");
        while told.contains("Ended without") {
            told = stream.next().await.expect("the call, saved");
        }
    }
    assert_eq!(house.messages().await.len(), 2);
}

#[tokio::test]
async fn an_outcome_is_asked_about_and_keeps_what_is_written() {
    let house = House::new().await;
    let (ann, law) = (house.agent().await, house.one.law.id);
    let (call, form) = answered(&house, &ann, "c1").await;
    let (once, id, form_id) = (form.hidden("once"), call.to_string(), form.hidden("form_id"));
    let path = format!("/console/accounts/{law}/nothing");
    let typed =
        [&WRITTEN[..], &[("kind", "hang_up"), ("form_id", &form_id), ("contact_id", "")]].concat();
    let asked = house.post(&ann, &path, &with(&once, &id, &typed)).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.says("No message? Something is written."), "{}", asked.html);
    assert!(asked.says("Record “Hang-up”"));
    assert_eq!(house.messages().await.len(), 0);

    let sure = [&typed[..], &[("asked", "true")]].concat();
    let noted = house.post(&ann, &path, &with(&once, &id, &sure)).await;
    assert_eq!(noted.to, format!("/console?saved={law}-{call}"), "{}", noted.html);
    let [kept] = &house.messages().await[..] else { panic!("one") };
    assert_eq!(kept.non_message_type, "hang_up");
    assert_eq!(kept.content, "Half a <sentence>", "what was written is kept with it");
    assert_eq!(kept.contact_id, None);
}

#[tokio::test]
async fn a_call_is_ended_from_its_own_form_and_the_others_from_the_queue() {
    let house = House::new().await;
    let ann = house.agent().await;
    let (first, _) = answered(&house, &ann, "c1").await;
    let (second, form) = answered(&house, &ann, "c2").await;
    let from_queue = |call: CallId| format!("action=\"/console/calls/{call}/end\"");
    assert!(form.html.contains(&format!("form{}", from_queue(second))));
    assert!(!form.html.contains(&format!("<form method=\"post\" {}", from_queue(second))));
    assert!(form.html.contains(&format!("<form method=\"post\" {}", from_queue(first))));
    assert_eq!(form.html.matches("data-key=\"f9\"").count(), 1, "one key, one deed");
    let mut stream = house.stream(&ann, &format!("/console/events?call={second}")).await;
    let told = stream.next().await.expect("the whole");
    assert!(told.contains(&from_queue(first)) && !told.contains(&from_queue(second)));
    // The first button of a form is what Enter presses: it saves.
    let take = form.html.find("id=\"take\"").expect("the form");
    let before = &form.html[..take];
    assert!(!before.contains("form=\"take\""), "no other button stands before it");
    let buttons = form.html[take..].split("<button").nth(1).expect("a button");
    assert!(buttons.contains("Save message"), "{buttons}");
}
