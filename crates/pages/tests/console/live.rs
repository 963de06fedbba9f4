//! What is live: calls answered by one, the queue as a stream, what an agent is at, the floor.

use axum::http::StatusCode;
use domain::live::Signal;
use domain::{WorkKind, limits};

use super::support::House;

const JANES: &str = "+1 (561) 555-0100";

#[tokio::test]
async fn a_call_is_answered_by_one_agent_with_the_accounts_form_before_it() {
    let house = House::new().await;
    let (world, one) = (&house.world, &house.one);
    let (ann, sam) = (house.agent().await, house.supervisor().await);
    world.tell(one, &one.law, "c0", Signal::Ringing, "5615550100").await;
    let call = world.tell(one, &one.law, "c1", Signal::Ringing, JANES).await;

    let queue = house.get(&ann, "/console").await;
    assert!(queue.says("Calls to answer") && queue.says("(561) 555-0100"));
    let answer = house.post(&ann, &format!("/console/calls/{call}/answer"), &[]).await;
    assert_eq!(answer.to, format!("/console/accounts/{}?call={call}", one.law.id));
    let form = house.follow(&ann, &answer).await;
    assert!(!form.says("class=\"flash"), "the page itself shows the call");
    assert!(form.says("Thank you for calling Hart & Lowe, Attorneys."));
    assert!(form.says("Jane Hart, Attorney, in the directory"));
    assert!(form.control("caller_id").contains("(561) 555-0100"), "{}", form.control("caller_id"));
    assert_eq!(form.hidden("call_id"), call.to_string());
    let key = format!("{}-{}-{call}", one.agent.user_id, one.law.id);
    assert!(form.says(&format!("data-draft=\"{key}\"")), "each call has its own draft");

    let late = house.post(&sam, &format!("/console/calls/{call}/answer"), &[]).await;
    assert_eq!(late.to, "/console");
    assert!(house.follow(&sam, &late).await.says("Ann was faster: that call is answered."));

    world.tell(one, &one.law, "c1", Signal::Ended, "").await;
    let wrap_up = house.get(&ann, "/console").await;
    assert!(wrap_up.says("Wrap-up") && wrap_up.says("End wrap-up"));
    let sound = [
        ("once", "0b0e8f4e-8c3a-48e2-80dd-03acf32705fd"),
        ("form_id", &form.hidden("form_id")),
        ("call_id", &call.to_string()),
        ("caller_id", JANES),
        ("answers[first_name]", "Jane"),
        ("answers[phone]", "5615550100"),
        ("answers[content]", "Call me."),
    ];
    let path = format!("/console/accounts/{}/messages", one.law.id);
    let saved = house.post(&ann, &path, &sound).await;
    assert_eq!(saved.to, format!("/console?saved={}-{call}", one.law.id));
    let after = house.follow(&ann, &saved).await;
    assert!(!after.says("End wrap-up") && after.says(&format!("data-draft-saved=\"{key}\"")));

    // The caller's history stands beside the next call.
    let path = format!("/console/accounts/{}?caller_id=5615550100", one.law.id);
    let next = house.get(&sam, &path).await;
    assert!(next.says("Earlier from (561) 555-0100") && next.says("Call me."));
}

#[tokio::test]
async fn a_call_that_came_to_nothing_is_recorded_and_nobody_is_told() {
    let house = House::new().await;
    let (world, one) = (&house.world, &house.one);
    let ann = house.agent().await;
    let call = world.tell(one, &one.law, "c1", Signal::Ringing, "9548326297").await;
    house.post(&ann, &format!("/console/calls/{call}/answer"), &[]).await;
    world.tell(one, &one.law, "c1", Signal::Ended, "").await;
    let form = house.get(&ann, &format!("/console/accounts/{}?call={call}", one.law.id)).await;
    let (once, call) = (form.hidden("once"), call.to_string());
    let path = format!("/console/accounts/{}/nothing", one.law.id);
    let send = |kind: &'static str| {
        let fields = [("kind", kind), ("once", &once), ("call_id", &call), ("caller_id", "954")];
        let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let (house, ann, path) = (&house, &ann, &path);
        async move {
            let fields: Vec<_> = fields.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
            house.post(ann, path, &fields).await
        }
    };
    assert_eq!(send("a_pity").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        let done = send("no_audio").await;
        assert!(house.follow(&ann, &done).await.says("Silent, no audio: recorded"), "{done:?}");
    }
    let [message] = &house.messages().await[..] else { panic!("one, however often it is sent") };
    assert_eq!(message.non_message_type, "no_audio");
    assert_eq!(message.call_id.map(|id| id.to_string()), Some(call.clone()));
    assert!(!house.get(&ann, "/console").await.says("End wrap-up"), "the call is over");
}

#[tokio::test]
async fn whoever_answers_a_call_that_is_over_is_told_so() {
    let house = House::new().await;
    let (world, one, ann) = (&house.world, &house.one, house.agent().await);
    let call = world.tell(one, &one.law, "c1", Signal::Ringing, JANES).await;
    world.tell(one, &one.law, "c1", Signal::Ended, "").await;
    let late = house.post(&ann, &format!("/console/calls/{call}/answer"), &[]).await;
    let queue = house.follow(&ann, &late).await;
    assert!(queue.says("The caller hung up before anybody answered."), "{}", queue.html);
}

#[tokio::test]
async fn the_call_of_another_account_does_not_go_with_a_message() {
    let house = House::new().await;
    let (world, one) = (&house.world, &house.one);
    let ann = house.agent().await;
    let call = world.tell(one, &one.dental, "c1", Signal::Ringing, JANES).await;
    let form = house.get(&ann, &format!("/console/accounts/{}?call={call}", one.law.id)).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(!form.says("name=\"call_id\"") && !form.says("class=\"pop"));
}

#[tokio::test]
async fn a_change_reaches_those_who_may_see_it_and_nobody_else() {
    let house = House::new().await;
    let (world, one, two) = (&house.world, &house.one, &house.two);
    let (ann, other) = (house.agent().await, house.enters(&two.agent).await);
    let mut hers = house.stream(&ann, "/console/events").await;
    let mut theirs = house.stream(&other, "/console/events").await;
    assert_eq!((hers.status, theirs.status), (StatusCode::OK, StatusCode::OK));
    assert!(hers.next().await.expect("the whole").contains("Nothing waits"));
    assert!(theirs.next().await.expect("the whole").contains("Nothing waits"));

    // In this process: at once. By another node, which rings no bell here: soon.
    let call = world.tell(one, &one.law, "c1", Signal::Ringing, "9548326297").await;
    let event = hers.next().await.expect("an event");
    assert!(event.contains("(954) 832-6297") && event.contains(&format!("/calls/{call}/answer")));
    assert!(event.lines().all(|line| line.starts_with("data:") || line.starts_with("id:")));
    world.add_work_item(&one.law, WorkKind::Question, None, "Which unit?\r\nTell").await;
    let event = hers.next().await.expect("an event");
    assert!(event.contains("Which unit?"), "{event}");
    let item = app::work_queue::queue(&world.app, &one.agent).await.expect("the queue")[0].id;
    app::work_queue::claim(&world.app, &one.supervisor, item).await.expect("claimed");
    assert!(hers.next().await.expect("an event").contains("With Sam"));
    assert!(theirs.is_silent().await, "nothing of another tenant");

    // Whoever comes back gets the whole.
    drop(hers);
    let mut again = house.stream(&ann, "/console/events").await;
    let whole = again.next().await.expect("the whole");
    assert!(whole.contains("(954) 832-6297") && whole.contains("Which unit?"));
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let ann = house.agent().await;
    let mut stream = house.stream(&ann, "/console/events").await;
    stream.next().await.expect("the whole");
    house.world.clock.advance(15 * limits::SECOND_MS);
    assert_eq!(stream.next().await.as_deref().map(str::trim), Some(":"), "a sign of life");
    house.post(&ann, "/sign-out", &[]).await;
    house.world.clock.advance(15 * limits::SECOND_MS);
    assert_eq!(stream.next().await, None);
    assert_eq!(house.stream(&ann, "/console/events").await.status, StatusCode::UNAUTHORIZED);

    // The same where a supervisor locks somebody out.
    let ann = house.agent().await;
    let mut stream = house.stream(&ann, "/console/events").await;
    stream.next().await.expect("the whole");
    let id = one.agent.user_id;
    app::users::set_disabled(app, &one.owner, id, true).await.expect("locked out");
    house.world.clock.advance(15 * limits::SECOND_MS);
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn streams_are_bounded_for_each_user_and_end_with_the_server() {
    let house = House::new().await;
    let (ann, sam, carl) =
        (house.agent().await, house.supervisor().await, house.enters(&house.one.client).await);
    let mut open = Vec::new();
    for _ in 0..limits::STREAMS_PER_USER {
        let mut stream = house.stream(&ann, "/console/events").await;
        stream.next().await.expect("the whole");
        open.push(stream);
    }
    let refused = house.stream(&ann, "/console/events").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let mut his = house.stream(&sam, "/console/events?view=floor").await;
    assert!(his.next().await.expect("the floor").contains("Calls to answer"));
    let floor = house.stream(&ann, "/console/events?view=floor").await;
    assert_eq!(floor.status, StatusCode::FORBIDDEN);
    let clients = house.stream(&carl, "/console/events").await;
    assert_eq!(clients.status, StatusCode::FORBIDDEN);
    open.pop();
    let mut ninth = house.stream(&ann, "/console/events").await;
    assert_eq!(ninth.status, StatusCode::OK, "one was closed");
    ninth.next().await.expect("the whole");
    house.streams.close();
    assert_eq!((ninth.next().await, his.next().await), (None, None));
}

#[tokio::test]
async fn an_agent_says_what_it_is_at_and_the_floor_shows_it() {
    let house = House::new().await;
    let (world, one) = (&house.world, &house.one);
    let (ann, sam) = (house.agent().await, house.supervisor().await);
    assert!(house.get(&ann, "/console").await.says("Not at work"));
    let ready = house.post(&ann, "/console/state", &[("choice", "ready")]).await;
    assert!(house.follow(&ann, &ready).await.says("<b id=\"my-state\">Ready</b>"));
    world.tell(one, &one.law, "c1", Signal::Ringing, "9548326297").await;
    let floor = house.get(&sam, "/console/floor").await;
    for text in ["Ann", "Ready", "Calls to answer", "Hart & Lowe", "(954) 832-6297"] {
        assert!(floor.says(text), "{text}");
    }
    let at_lunch = [("choice", "break"), ("reason", "Lunch")];
    house.post(&ann, "/console/state", &at_lunch).await;
    assert!(house.get(&sam, "/console/floor").await.says("Break: Lunch"));
    for bad in [[("choice", "asleep"), ("reason", "")], [("choice", "break"), ("reason", "a\nb")]] {
        let refused = house.post(&ann, "/console/state", &bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad:?}");
    }
    house.post(&ann, "/sign-out", &[]).await;
    assert!(house.get(&sam, "/console/floor").await.says("Not at work"));
}
