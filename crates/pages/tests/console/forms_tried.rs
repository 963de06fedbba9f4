//! Trying a form out, previewing it, and hostile words in all of it (S11).

use axum::http::StatusCode;
use domain::form::{Condition, Item, Section};
use domain::{Field, FieldKind};

use super::support::House;

fn builder(house: &House) -> String {
    format!("/accounts/{}/form", house.one.law.id)
}

/// A choice that opens whom it is for.
fn branched() -> Vec<Section> {
    let kind = FieldKind::Radio(vec!["Message".to_owned(), "Question".to_owned()]);
    let any_of = vec!["Message".to_owned()];
    let opens_when = Some(Condition { field: "what".to_owned(), any_of });
    let whom = Field::new("For whom?", FieldKind::Recipient, true);
    let items = vec![
        Item::Prompt("Thank you, {CALLER_NAME}.".to_owned()),
        Item::Field(whom),
        Item::Field(Field::new("Where", FieldKind::Address, true)),
    ];
    let name = Field::new("First name", FieldKind::Text, false);
    let first = Section::of(vec![name, Field::new("What", kind, true)]);
    vec![first, Section { title: "Message".to_owned(), opens_when, items }]
}

#[tokio::test]
async fn trying_out_checks_as_a_call_does_and_stores_nothing() {
    let house = House::new().await;
    house.goes_through(branched()).await;
    let sam = house.supervisor().await;
    let path = format!("{}/try", builder(&house));
    let page = house.get(&sam, &path).await;
    assert!(page.says("The form, as it is asked.") && page.says("Jane Hart, Attorney"));
    let typed = [
        ("answers[first_name]", "Maria"),
        ("answers[what]", "Message"),
        ("answers[receiver_name]", "999999"),
        ("answers[city]", "Boston"),
        ("answers[zip]", "0210"),
    ];
    let refused = house.post(&sam, &path, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says("2 things are not right yet."), "{}", refused.html);
    assert!(refused.control("answers[address]").contains("Street must be filled in."));
    assert!(refused.control("answers[zip]").contains("ZIP must be a US ZIP code"));
    assert!(refused.says("Thank you, <span data-caller>Maria</span>."));
    let jane = house.one.jane.id.to_string();
    let mut typed = typed.to_vec();
    typed.push(("answers[address]", "1 Main St"));
    typed[4].1 = "02108";
    let stranger = house.post(&sam, &path, &typed).await;
    let control = stranger.control("answers[receiver_name]").replace("&#39;", "'");
    assert!(control.contains("For whom? must be in this account's directory."), "{control}");
    typed[2].1 = &jane;
    let kept = house.post(&sam, &path, &typed).await;
    assert_eq!(kept.status, StatusCode::OK);
    assert!(kept.says("A message would keep this"));
    assert!(kept.says("<dt>For whom?</dt><dd>Jane Hart</dd>"), "{}", kept.html);
    assert!(kept.says("<dt>Where</dt><dd>1 Main St</dd>"));
    let closed = [("answers[what]", "Question"), ("answers[zip]", "x")];
    let kept = house.post(&sam, &path, &closed).await;
    assert!(kept.says("<dt>What</dt><dd>Question</dd>") && !kept.says("<dt>ZIP</dt>"));
    assert_eq!(house.messages().await.len(), 0);
}

#[tokio::test]
async fn the_recipient_of_the_form_is_told_and_nobody_else() {
    let house = House::new().await;
    house.goes_through(branched()).await;
    let agent = house.agent().await;
    let take = format!("/console/accounts/{}", house.one.law.id);
    let page = house.get(&agent, &take).await;
    assert!(!page.says("name=\"contact_id\""), "the form asks");
    let (once, form_id) = (page.hidden("once"), page.hidden("form_id"));
    let jane = house.one.jane.id.to_string();
    let head = [("once", once.as_str()), ("form_id", form_id.as_str())];
    let whom = [("contact_id", jane.as_str()), ("answers[receiver_name]", jane.as_str())];
    let send = |what: &'static str, more: &[(&'static str, &'static str)]| {
        let fields = [&head[..], &whom, &[("answers[what]", what)], more].concat();
        let (house, agent, path) = (&house, &agent, format!("{take}/messages"));
        async move { house.post(agent, &path, &fields).await }
    };
    let saved = send("Question", &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
    let message = house.messages().await.remove(0);
    assert_eq!((message.contact_id, message.receiver_name.as_str()), (None, ""));
    assert_eq!(app::jobs::count(&house.world.app).await.expect("a count"), 0, "nobody is told");
}

#[tokio::test]
async fn the_preview_follows_what_is_typed_and_keeps_nothing() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let typed = [
        ("part", "s0"),
        ("part", "s0.i0.prompt"),
        ("s0.i0.prompt", "{COMPANY_NAME} {NOBODY}"),
        ("part", "s0.i1.field"),
        ("s0.i1.label", "Half a quest"),
        ("s0.i1.kind", "text"),
        ("part", "s0.i2.field"),
        ("s0.i2.label", "Half a quest"),
        ("s0.i2.kind", "text"),
    ];
    let path = format!("{}/preview", builder(&house));
    let page = house.post(&sam, &path, &typed).await;
    assert_eq!(page.status, StatusCode::OK);
    let (_, preview) = page.html.split_once("id=\"preview-body\"").expect("a preview");
    assert!(preview.contains("Hart &#38; Lowe, Attorneys {NOBODY}"), "{preview}");
    assert_eq!(preview.matches(">Half a quest</label>").count(), 2);
    assert_eq!(preview.matches("id=\"f-answers[half_a_quest]\"").count(), 1, "ids differ");
    let page = house.get(&sam, &builder(&house)).await;
    assert!(!page.says("Half a quest"));
}

/// A form as the builder posts it, with the same words everywhere.
fn hostile_form<'w>(
    evil: &'w str,
    when: &'w str,
    options: &'w str,
) -> Vec<(&'static str, &'w str)> {
    vec![
        ("act", "save"),
        ("revision", "0"),
        ("part", "s0"),
        ("s0.title", evil),
        ("part", "s0.i0.prompt"),
        ("s0.i0.prompt", evil),
        ("part", "s0.i1.field"),
        ("s0.i1.name", "menu"),
        ("s0.i1.label", evil),
        ("s0.i1.hint", evil),
        ("s0.i1.kind", "select"),
        ("s0.i1.options", options),
        ("part", "s1"),
        ("s1.title", evil),
        ("s1.when", when),
        ("part", "s1.i0.field"),
        ("s1.i0.name", "content"),
        ("s1.i0.label", "Message"),
        ("s1.i0.kind", "long_text"),
        ("part", "s1.i1.field"),
        ("s1.i1.label", evil),
        ("s1.i1.kind", "address"),
        ("part", "s1.i2.field"),
        ("s1.i2.label", evil),
        ("s1.i2.kind", "referer"),
        ("s1.i2.options", evil),
        ("part", "s1.i3.field"),
        ("s1.i3.name", "first_name"),
        ("s1.i3.label", "First name"),
        ("s1.i3.kind", "text"),
    ]
}

#[tokio::test]
async fn hostile_words_of_a_form_are_shown_and_never_run() {
    let house = House::new().await;
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}'";
    let sam = house.supervisor().await;
    let when = format!("menu={evil}");
    let options = format!("{evil}\nplain");
    let typed = hostile_form(evil, &when, &options);
    let base = builder(&house);
    let mut pages = vec![
        house.post(&sam, &format!("{base}/preview"), &typed).await,
        house.post(&sam, &base, &[&typed[..], &[("act", "x")]].concat()).await,
        house.get(&sam, &base).await,
        house.get(&sam, &format!("{base}?open={}", "%22%3E%3Cscript%3Ealert(1)")).await,
        house.get(&sam, &format!("{base}/try")).await,
    ];
    let mut publish = typed.clone();
    (publish[0].1, publish[1].1) = ("publish", "1");
    let published = house.post(&sam, &base, &publish).await;
    pages.push(house.follow(&sam, &published).await);
    let agent = house.agent().await;
    let law = house.one.law.id;
    let take = house.get(&agent, &format!("/console/accounts/{law}")).await;
    let (once, form_id) = (take.hidden("once"), take.hidden("form_id"));
    let answers = [
        ("once", once.as_str()),
        ("form_id", form_id.as_str()),
        ("answers[menu]", evil),
        ("answers[first_name]", evil),
        ("answers[content]", evil),
        ("answers[address]", evil),
        ("answers[city]", evil),
        ("answers[how_you_hear_about_us]", evil),
    ];
    pages.push(take);
    pages.push(house.post(&sam, &format!("{base}/try"), &answers).await);
    let saved = house.post(&agent, &format!("/console/accounts/{law}/messages"), &answers).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
    let id = house.messages().await[0].id;
    pages.push(house.get(&sam, &format!("/messages/{id}")).await);
    pages.push(house.get(&sam, &format!("/accounts/{law}")).await);
    for (i, page) in pages.iter().enumerate() {
        assert!(page.status != StatusCode::INTERNAL_SERVER_ERROR, "{i}");
        for raw in ["<script>alert", "<img"] {
            assert!(!page.html.contains(raw), "{i}: {raw}");
        }
        let is_redirect = page.status == StatusCode::SEE_OTHER;
        let is_shown = page.html.contains("&#60;script&#62;alert(1)");
        assert!(is_redirect || is_shown, "{i}: {}", page.html);
        assert!(!page.html.contains("{{ 49"), "{i}");
    }
}
