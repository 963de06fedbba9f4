//! What waits for an agent: taken by one, tried, put off, done; and hostile texts in it.

use app::to_dos;
use axum::http::StatusCode;
use domain::live::Signal;
use domain::to_do::ToDoEntry;
use domain::{Instant, JobKind, MessageId, Status, WorkKind, WorkState, limits};

use super::support::{House, Visitor};

async fn state(house: &House, id: domain::WorkItemId) -> WorkState {
    let found = app::work_queue::find(&house.world.app, &house.one.owner, id).await;
    found.expect("an item").state
}

async fn message(house: &House) -> MessageId {
    let (world, law) = (&house.world, &house.one.law);
    let taken = world.add_message(law.tenant_id, law.id, world.app.now(), |message| {
        message.content = "No heat.".to_owned();
        message.phone = "9548326297".to_owned();
    });
    taken.await
}

#[tokio::test]
async fn a_message_to_dispatch_is_taken_by_one_and_acknowledged_by_phone() {
    let house = House::new().await;
    let (ann, sam) = (house.agent().await, house.supervisor().await);
    let about = message(&house).await;
    let kind = WorkKind::Dispatch;
    let item =
        house.world.add_work_item(&house.one.law, kind, Some(about), "Nobody answered").await;
    let path = format!("/console/items/{item}");
    let page = house.get(&ann, &path).await;
    for text in ["Nobody answered", "No heat.", "(954) 832-6297", "Take it", "What was tried"] {
        assert!(page.says(text), "{text}");
    }
    let taken = house.post(&ann, &format!("{path}/claim"), &[]).await;
    assert!(house.follow(&ann, &taken).await.says("It is yours."));
    let late = house.post(&sam, &format!("{path}/claim"), &[]).await;
    assert!(house.follow(&sam, &late).await.says("Ann was faster and is at it."));

    let noted = house.post(&ann, &format!("{path}/note"), &[("note", "Left a voicemail.")]).await;
    assert_eq!(noted.to, path);
    for (deed, fields) in
        [("reached", ("who", " ")), ("note", ("note", "")), ("done", ("outcome", ""))]
    {
        let refused = house.post(&ann, &format!("{path}/{deed}"), &[fields]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{deed}");
        assert!(refused.says("role=\"alert\""));
    }
    house.post(&ann, &format!("{path}/reached"), &[("who", "Jane")]).await;
    let WorkState::Done { by, outcome, .. } = state(&house, item).await else { panic!("done") };
    assert_eq!((by, outcome.as_str()), (Some(house.one.agent.user_id), "Reached Jane by phone."));
    let [message] = &house.messages().await[..] else { panic!("one") };
    assert_eq!(message.status, Status::Acknowledged);
    assert_eq!(message.note, "Ann: Left a voicemail.");
    assert!(house.get(&ann, &path).await.says("Done: "));
    let again = house.post(&ann, &format!("{path}/done"), &[("outcome", "Twice")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_cannot_be_done_with_an_item_is_said_and_changes_nothing() {
    let house = House::new().await;
    let (ann, sam) = (house.agent().await, house.supervisor().await);
    let (about, kind) = (message(&house).await, WorkKind::Dispatch);
    let item = house.world.add_work_item(&house.one.law, kind, Some(about), "Nobody").await;
    let path = |deed: &str| format!("/console/items/{item}/{deed}");
    house.post(&ann, &path("claim"), &[]).await;
    let (long, minutes) = ("x".repeat(limits::TEXT_BYTES), "from 1 to 1440.");
    for (deed, field, said) in [
        ("note", ("note", " "), "There is nothing to note."),
        ("note", ("note", long.as_str()), "The note cannot be kept: it is too long."),
        ("again", ("minutes", "0"), minutes),
        ("again", ("minutes", "1441"), minutes),
        ("again", ("minutes", "soon"), minutes),
        ("reached", ("who", " "), "It must name who was reached."),
    ] {
        let refused = house.post(&ann, &path(deed), &[field]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{deed}");
        assert!(refused.says(said), "{said}: {}", refused.html);
    }
    assert!(matches!(state(&house, item).await, WorkState::Claimed { .. }));
    assert_eq!(house.messages().await[0].note, "");

    assert!(flash(&house, &ann, &path("again"), &[]).await.contains("It comes back in 15 min."));
    house.post(&ann, &path("claim"), &[]).await;
    let done = flash(&house, &ann, &path("done"), &[("outcome", "Reached her.")]).await;
    assert!(done.contains("Done: Nobody"), "{done}");
    assert!(flash(&house, &sam, &path("claim"), &[]).await.contains("It is done already."));
}

#[tokio::test]
async fn what_somebody_took_others_leave_alone_and_a_supervisor_frees() {
    let house = House::new().await;
    let (ann, sam) = (house.agent().await, house.supervisor().await);
    let (world, one) = (&house.world, &house.one);
    let ben = world.user(&one.tenant, "ben@desk.example", "Ben", domain::Role::Agent, &one.law);
    let ben = house.enters(&ben.await).await;
    let item = world.add_work_item(&one.law, WorkKind::Question, None, "Which unit?").await;
    let path = |deed: &str| format!("/console/items/{item}/{deed}");
    house.post(&ann, &path("claim"), &[]).await;
    for (deed, fields) in
        [("release", ("x", "")), ("again", ("minutes", "5")), ("done", ("outcome", "x"))]
    {
        let refused = house.post(&ben, &path(deed), &[fields]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{deed}");
    }
    house.post(&sam, &path("release"), &[]).await;
    assert_eq!(state(&house, item).await, WorkState::Open);
    // Notices are for those who can do something about them.
    world.add_work_item(&one.law, WorkKind::Notice, None, "A phone sent STOP").await;
    assert!(house.get(&sam, "/console").await.says("A phone sent STOP"));
    assert!(!house.get(&ann, "/console").await.says("A phone sent STOP"));
}

/// A call with instructions, due once, fired.
async fn fired(house: &House, instructions: &str) -> domain::ToDoId {
    let (app, one) = (&house.world.app, &house.one);
    let entry = ToDoEntry {
        delivery_type: "call".to_owned(),
        contact: "Jane Hart".to_owned(),
        message_text: "Hello.".to_owned(),
        instructions: instructions.to_owned(),
        run_at: app.now().plus_ms(limits::MINUTE_MS).rfc3339_ms(),
        ..ToDoEntry::default()
    };
    let made = to_dos::create(app, &one.client, "W0411", &entry, None).await.expect("made");
    let app::idempotency::Once::New(made) = made else { panic!("new") };
    house.world.clock.advance(limits::MINUTE_MS);
    let jobs = app::jobs::claim(app, JobKind::Fire, 10).await.expect("jobs");
    assert_eq!(to_dos::fire_all(app, &jobs).await.expect("fired"), 0, "nothing is spoken by us");
    made.to_do.id
}

async fn run(house: &House, id: domain::ToDoId) -> (String, String, bool) {
    let (app, carl) = (&house.world.app, &house.one.client);
    let is_sending = to_dos::find(app, carl, id).await.expect("it").is_sending;
    let run = to_dos::runs(app, carl, id, None, 1).await.expect("runs").remove(0).run;
    (run.state.as_str().to_owned(), run.reason, is_sending)
}

async fn only_item(house: &House) -> domain::WorkItem {
    let queue = app::work_queue::queue(&house.world.app, &house.one.owner).await.expect("a queue");
    let [item] = &queue[..] else { panic!("{queue:?}") };
    item.clone()
}

#[tokio::test]
async fn a_to_do_with_instructions_is_worked_by_an_agent() {
    let house = House::new().await;
    let ann = house.agent().await;
    let to_do = fired(&house, "Ask whether the papers came.").await;
    let waits = ("at_desk".to_owned(), "It waits for an agent.".to_owned(), true);
    assert_eq!(run(&house, to_do).await, waits);
    let item = only_item(&house).await;
    assert_eq!((item.kind, item.title.as_str()), (WorkKind::ToDo, "Call Jane Hart"));
    let path = format!("/console/items/{}", item.id);
    let page = house.get(&ann, &path).await;
    for text in ["Ask whether the papers came.", "Jane Hart", "(561) 555-0100", "Again later"] {
        assert!(page.says(text), "{text}");
    }
    house.post(&ann, &format!("{path}/claim"), &[]).await;
    let refused = house.post(&ann, &format!("{path}/again"), &[("minutes", "0")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    house.post(&ann, &format!("{path}/again"), &[("minutes", "30")]).await;
    let item = only_item(&house).await;
    let at: Instant = house.world.app.now().plus_ms(30 * limits::MINUTE_MS);
    assert_eq!((item.state, item.ready_at), (WorkState::Open, at), "nobody answered: later");
    assert_eq!(run(&house, to_do).await.0, "at_desk");
    house.post(&ann, &format!("{path}/claim"), &[]).await;
    house.post(&ann, &format!("{path}/done"), &[("outcome", "They came.")]).await;
    let worked = ("worked".to_owned(), "Ann: They came.".to_owned(), false);
    assert_eq!(run(&house, to_do).await, worked);
}

#[tokio::test]
async fn a_to_do_that_could_not_be_done_failed_and_a_deleted_one_leaves_the_desk() {
    let house = House::new().await;
    let ann = house.agent().await;
    let first = fired(&house, "Ask.").await;
    let path = format!("/console/items/{}/done", only_item(&house).await.id);
    let could_not = [("outcome", "The number is dead."), ("could_not", "true")];
    house.post(&ann, &path, &could_not).await;
    assert_eq!(run(&house, first).await.0, "failed");

    let second = fired(&house, "Ask again.").await;
    let item = only_item(&house).await;
    let (app, carl) = (&house.world.app, &house.one.client);
    to_dos::delete(app, carl, second).await.expect("deleted");
    assert!(matches!(state(&house, item.id).await, WorkState::Done { by: None, .. }));
    let gone = house.get(&ann, &format!("/console/items/{}", item.id)).await;
    assert_eq!(gone.status, StatusCode::OK, "what waited can still be read");
}

#[tokio::test]
async fn a_message_taken_from_a_to_do_ends_it() {
    let house = House::new().await;
    let ann = house.agent().await;
    let to_do = fired(&house, "Call, and take a message.").await;
    let item = only_item(&house).await;
    let law = house.one.law.id;
    let form = house.get(&ann, &format!("/console/accounts/{law}?item={}", item.id)).await;
    assert!(form.says("From a To Do:") && form.hidden("item_id") == item.id.to_string());
    let sound = [
        ("once", form.hidden("once")),
        ("form_id", form.hidden("form_id")),
        ("item_id", item.id.to_string()),
        ("answers[first_name]", "Jane".to_owned()),
        ("answers[phone]", "5615550100".to_owned()),
        ("answers[content]", "Yes, they came.".to_owned()),
    ];
    let sound: Vec<(&str, &str)> =
        sound.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let saved = house.post(&ann, &format!("/console/accounts/{law}/messages"), &sound).await;
    assert!(house.follow(&ann, &saved).await.says(" The To Do is done."));
    let id = house.messages().await[0].id;
    let worked = ("worked".to_owned(), format!("Ann: Took message {id}."), false);
    assert_eq!(run(&house, to_do).await, worked);
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let house = House::new().await;
    let (world, one) = (&house.world, &house.one);
    let (ann, sam) = (house.agent().await, house.supervisor().await);
    for (i, payload) in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'><svg onload=alert(1)>",
        "</textarea><script>alert(1)</script>",
        "{{ 7*7 }}${7*7}<!--",
    ]
    .into_iter()
    .enumerate()
    {
        let call = world.tell(one, &one.law, &format!("c{i}"), Signal::Ringing, payload).await;
        let item = world.add_work_item(&one.law, WorkKind::Dispatch, None, payload).await;
        fired(&house, payload).await;
        let work = app::work_queue::queue(&world.app, &one.owner).await.expect("a queue");
        let work = work.iter().rfind(|item| item.kind == WorkKind::ToDo).expect("a To Do").id;
        let on_break = [("choice", "break"), ("reason", payload)];
        house.post(&ann, "/console/state", &on_break).await;
        let note = [("note", payload)];
        house.post(&ann, &format!("/console/items/{item}/note"), &note).await;
        let done = [("outcome", payload)];
        let paths = [
            "/console".to_owned(),
            format!("/console/items/{item}"),
            format!("/console/items/{work}"),
            format!("/console/accounts/{}?call={call}", one.law.id),
            format!("/console/accounts/{}?item={work}", one.law.id),
        ];
        for path in &paths {
            is_harmless(&house.get(&ann, path).await.html, path);
        }
        is_harmless(&house.get(&sam, "/console/floor").await.html, "the floor");
        for visitor in [&ann, &sam] {
            let mut stream = house.stream(visitor, "/console/events").await;
            is_harmless(&stream.next().await.expect("the whole"), "a stream");
        }
        is_harmless(
            &flash(&house, &ann, &format!("/console/items/{item}/done"), &done).await,
            "done",
        );
        is_harmless(
            &house.get(&ann, &format!("/console/items/{item}")).await.html,
            "what was done",
        );
    }
}

async fn flash(house: &House, who: &Visitor, path: &str, fields: &[(&str, &str)]) -> String {
    let reply = house.post(who, path, fields).await;
    house.follow(who, &reply).await.html
}

fn is_harmless(html: &str, story: &str) {
    let body = html.split("<body").nth(1).unwrap_or(html);
    for raw in ["<script>alert", "<img", "<svg onload", "</textarea><script", "<!--", "\"><img"] {
        assert!(!body.contains(raw), "{story}: {raw}");
    }
    assert!(!html.contains("49$"), "{story}: a template was evaluated");
}
