//! An agent finds the account and takes its message.

use app::jobs;
use axum::http::StatusCode;
use domain::{Field, FieldKind, Status};

use super::support::{House, Reply, Visitor};

const SOUND: [(&str, &str); 4] = [
    ("answers[first_name]", "Maria"),
    ("answers[phone]", "(954) 832-6297"),
    ("answers[content]", "Please call me back."),
    ("answers[meeting_preference]", "Virtual"),
];

async fn open(house: &House, agent: &Visitor) -> Reply {
    house.get(agent, &format!("/console/accounts/{}", house.one.law.id)).await
}

/// Sends the form as a browser would: with what the page hides in it.
async fn save(house: &House, agent: &Visitor, page: &Reply, fields: &[(&str, &str)]) -> Reply {
    let (once, form_id) = (page.hidden("once"), page.hidden("form_id"));
    let hidden = [("once", once.as_str()), ("form_id", form_id.as_str())];
    let path = format!("/console/accounts/{}/messages", house.one.law.id);
    house.post(agent, &path, &[&hidden[..], fields].concat()).await
}

#[tokio::test]
async fn an_account_is_found_by_line_number_and_name() {
    let house = House::new().await;
    let agent = house.agent().await;
    let law = format!("/console/accounts/{}", house.one.law.id);
    for query in ["5617819977", "(561) 781-9977", "%2B1 561 781 9977", "1-561-781-9977"] {
        let reply = house.get(&agent, &format!("/console?q={}", query.replace(' ', "+"))).await;
        assert_eq!(reply.to, format!("{law}?did=5617819977"), "{query}");
    }
    for query in ["9977", "W0411", "w04", "hart", "Attorneys"] {
        let reply = house.get(&agent, &format!("/console?q={query}")).await;
        assert_eq!(reply.to, law, "{query}");
    }
    let all = house.get(&agent, "/console").await;
    assert!(all.says("Hart & Lowe, Attorneys") && all.says("Bright Smile Dental"));
    let several = house.get(&agent, "/console?q=a").await;
    assert_eq!(several.status, StatusCode::OK, "a choice among several is left to the agent");
    let none = house.get(&agent, "/console?q=nobody").await;
    assert!(none.says("No account fits") && none.says("value=\"nobody\""));
}

#[tokio::test]
async fn the_account_that_one_took_a_message_for_stands_first() {
    let house = House::new().await;
    let agent = house.agent().await;
    let place = |reply: &Reply, name: &str| reply.html.find(name).expect("the account");
    let before = house.get(&agent, "/console").await;
    assert!(place(&before, "Bright Smile") < place(&before, "Attorneys"));
    let page = open(&house, &agent).await;
    save(&house, &agent, &page, &SOUND).await;
    let after = house.get(&agent, "/console").await;
    assert!(place(&after, "Attorneys") < place(&after, "Bright Smile"));
    assert!(after.says("Maria"), "and the message stands among the agent's own");
}

#[tokio::test]
async fn a_message_is_saved_and_its_email_queued() {
    let house = House::new().await;
    let agent = house.agent().await;
    let page = open(&house, &agent).await;
    assert!(page.says("Thank you for calling Hart & Lowe, Attorneys."));
    let contact = house.one.jane.id.to_string();
    let around = [("contact_id", contact.as_str()), ("caller_id", "9548326297")];
    let did = page.hidden("did_id");
    let sent = [&SOUND[..], &around, &[("did_id", did.as_str())]].concat();
    let reply = save(&house, &agent, &page, &sent).await;
    assert_eq!(reply.to, format!("/console?saved={}", house.one.law.id));
    let [message] = &house.messages().await[..] else { panic!("one message") };
    assert_eq!((message.caller().as_str(), message.receiver_name.as_str()), ("Maria", "Jane Hart"));
    assert_eq!(message.answers.of("meeting_preference"), Some("Virtual"));
    assert_eq!((message.did_id, message.form_id), (Some(house.one.line.id), house.one.form.id));
    assert_eq!(jobs::count(&house.world.app).await.expect("a count"), 1);
    let picker = house.follow(&agent, &reply).await;
    assert!(picker.says("Saved. E-mailing Jane Hart."), "{}", picker.html);
    assert!(picker.says(&format!("href=\"/messages/{}\"", message.id)));
    let draft = format!("{}-{}", house.one.agent.user_id, house.one.law.id);
    assert!(picker.says(&format!("data-draft-saved=\"{draft}\"")));
    assert!(page.says(&format!("data-draft=\"{draft}\"")));
}

#[tokio::test]
async fn a_message_is_held_until_the_time_that_the_caller_asked_for() {
    let house = House::new().await;
    let agent = house.agent().await;
    let page = open(&house, &agent).await;
    let contact = house.one.jane.id.to_string();
    let at = |day: &'static str, time: &'static str| {
        let around = [("contact_id", contact.as_str()), ("send_on", day), ("send_at", time)];
        [&SOUND[..], &around].concat()
    };
    // What is over, and what is no day or no time, is refused.
    for (day, time) in [("2025-01-20", "9:30"), ("", "noonish"), ("2025-02-30", "")] {
        let refused = save(&house, &agent, &page, &at(day, time)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{day} {time}");
        assert!(refused.says("Nothing you typed is lost."));
    }
    let saved = save(&house, &agent, &page, &at("2025-01-22", "9:30")).await;
    let picker = house.follow(&agent, &saved).await;
    let said = "Saved. Held until Jan 22, 9:30 AM: nobody is told before.";
    assert!(picker.says(said), "{}", picker.html);
    assert_eq!(house.messages().await[0].status, Status::Held);
}

#[tokio::test]
async fn saving_twice_makes_one_message() {
    let house = House::new().await;
    let agent = house.agent().await;
    let page = open(&house, &agent).await;
    let contact = house.one.jane.id.to_string();
    let sent = [&SOUND[..], &[("contact_id", contact.as_str())]].concat();
    let first = save(&house, &agent, &page, &sent).await;
    let second = save(&house, &agent, &page, &sent).await;
    let told = [house.follow(&agent, &first).await, house.follow(&agent, &second).await];
    assert_eq!(house.messages().await.len(), 1);
    assert_eq!(jobs::count(&house.world.app).await.expect("a count"), 1);
    assert!(told[0].says("Saved. E-mailing Jane Hart."));
    assert!(told[1].says("It was saved before, and is one message."));
    let anew = open(&house, &agent).await;
    assert_ne!(anew.hidden("once"), page.hidden("once"), "each form is its own message");
}

#[tokio::test]
async fn what_is_missing_is_said_beside_its_field_and_nothing_is_lost() {
    let house = House::new().await;
    let agent = house.agent().await;
    let page = open(&house, &agent).await;
    let typed = [
        ("answers[first_name]", ""),
        ("answers[last_name]", "O'Neil <b>\"quoted\""),
        ("answers[content]", "  two\r\n\r\nlines  "),
        ("answers[meeting_preference]", "In person"),
        ("answers[is_emergency]", "true"),
        ("caller_id", "+1 954 832 6297"),
        ("contact_id", ""),
    ];
    let reply = save(&house, &agent, &page, &typed).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.says("2 things are not right yet. Nothing you typed is lost."));
    for (name, label) in [("first_name", "First name"), ("phone", "Phone")] {
        let control = reply.control(&format!("answers[{name}]"));
        assert!(control.contains(&format!("{label} must be filled in.")), "{control}");
        assert!(control.contains("aria-invalid=\"true\""), "{control}");
    }
    assert!(reply.control("answers[first_name]").contains("autofocus"));
    assert!(reply.control("answers[last_name]").contains("value=\"O&#39;Neil &#60;b&#62;"));
    assert!(reply.control("answers[content]").contains(">\n  two\r\n\r\nlines  </textarea>"));
    let chosen = "value=\"In person\" selected";
    assert!(reply.control("answers[meeting_preference]").contains(chosen));
    assert!(reply.control("answers[is_emergency]").contains("checked"));
    assert!(reply.control("caller_id").contains("value=\"+1 954 832 6297\""));
    assert!(reply.control("contact_id").contains("value=\"\" selected"));
    assert_eq!(reply.hidden("once"), page.hidden("once"), "still the same message");
    assert!(reply.says(" data-answered"), "a draft does not overwrite it");
    assert_eq!(house.messages().await.len(), 0);
    let saved = save(&house, &agent, &reply, &SOUND).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_line_break_cannot_enter_a_header() {
    let house = House::new().await;
    let agent = house.agent().await;
    let subject = Field::new("Email subject", FieldKind::Text, false);
    let name = Field::new("First name", FieldKind::Text, true);
    house.asks(vec![name, subject]).await;
    let page = open(&house, &agent).await;
    let evil = "x\r\nBcc: evil@example.org";
    let typed =
        [("answers[first_name]", evil), ("answers[email_subject]", evil), ("caller_id", evil)];
    let reply = save(&house, &agent, &page, &typed).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = [("answers[first_name]", "First name"), ("answers[email_subject]", "Email subject")];
    for (name, label) in [&said[..], &[("caller_id", "Caller ID")]].concat() {
        let sentence = format!("{label} must not hold line breaks or other control characters.");
        assert!(reply.control(name).contains(&sentence), "{}", reply.control(name));
    }
    assert_eq!(house.messages().await.len(), 0);
}

#[tokio::test]
async fn hostile_words_are_shown_and_never_run() {
    let house = House::new().await;
    let agent = house.agent().await;
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>";
    let options = vec![evil.to_owned(), "{{ 7*7 }}".to_owned()];
    house
        .asks(vec![
            Field { name: "first_name".to_owned(), ..Field::new(evil, FieldKind::Text, true) },
            Field::new("Menu", FieldKind::Select(options.clone()), false),
            Field::new("Radio", FieldKind::Radio(options), false),
        ])
        .await;
    let entry = domain::account::AccountEntry {
        number: "W0411".to_owned(),
        name: evil.to_owned(),
        greeting: format!("{evil} {{agent}}"),
        facts: evil.to_owned(),
        ..domain::account::AccountEntry::default()
    };
    let (app, law) = (&house.world.app, house.one.law.id);
    app::accounts::update(app, &house.one.owner, law, entry).await.expect("updated");
    let line = domain::account::ContactEntry {
        name: evil.to_owned(),
        email: "a@b.example".to_owned(),
        ..domain::account::ContactEntry::default()
    };
    let contact = app::accounts::add_contact(app, house.one.tenant.id, None, law, line).await;
    let page = open(&house, &agent).await;
    let contact = contact.expect("a contact").id.to_string();
    let typed = [("answers[first_name]", evil), ("contact_id", contact.as_str())];
    let saved = save(&house, &agent, &page, &typed).await;
    let supervisor = house.supervisor().await;
    let pages = [
        page,
        house.follow(&agent, &saved).await,
        open(&house, &agent).await,
        house.get(&agent, "/console?q=zz%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await,
        house.get(&supervisor, &format!("/accounts/{law}")).await,
        house.get(&supervisor, "/accounts").await,
        house.get(&supervisor, "/find?q=alert").await,
    ];
    for page in pages {
        assert_eq!(page.status, StatusCode::OK, "{}", page.html);
        assert!(page.html.contains("&#60;script&#62;alert(1)"), "{}", page.html);
        assert!(!page.html.contains("<script>alert") && !page.html.contains("<img"));
    }
}

#[tokio::test]
async fn every_message_can_be_an_emergency_whatever_the_form_asks() {
    let house = House::new().await;
    let agent = house.agent().await;
    let asked = open(&house, &agent).await;
    assert!(asked.says("name=\"answers[is_emergency]\"") && !asked.says("name=\"is_emergency\""));
    house.asks(vec![Field::new("Content", FieldKind::LongText, true)]).await;
    let page = open(&house, &agent).await;
    assert!(page.says("name=\"is_emergency\""));
    let typed = [("answers[content]", "Help"), ("is_emergency", "true")];
    assert_eq!(save(&house, &agent, &page, &typed).await.status, StatusCode::SEE_OTHER);
    let message = house.messages().await.remove(0);
    assert!(message.is_emergency);
    assert_eq!(message.answers.of("is_emergency"), None, "the form did not ask");
}

#[tokio::test]
async fn a_form_that_changed_meanwhile_is_taken_as_the_agent_saw_it() {
    let house = House::new().await;
    let agent = house.agent().await;
    let page = open(&house, &agent).await;
    house.asks(vec![Field::new("Case number", FieldKind::Text, true)]).await;
    let saved = save(&house, &agent, &page, &SOUND).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
    assert_eq!(house.messages().await[0].form_id, house.one.form.id);
    let anew = open(&house, &agent).await;
    let refused = save(&house, &agent, &anew, &SOUND).await;
    assert!(refused.control("answers[case_number]").contains("Case number must be filled in."));
}

#[tokio::test]
async fn what_belongs_to_another_account_is_refused_beside_its_field() {
    let house = House::new().await;
    let agent = house.agent().await;
    let page = open(&house, &agent).await;
    let theirs = house.two.jane.id.to_string();
    let line = house.two.line.id.to_string();
    for (name, value) in [
        ("contact_id", theirs.as_str()),
        ("contact_id", "zero"),
        ("did_id", line.as_str()),
        ("did_id", "999999"),
    ] {
        let reply = save(&house, &agent, &page, &[&SOUND[..], &[(name, value)]].concat()).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}");
        assert!(reply.control(name).contains("must be"), "{name} {value}");
        assert!(reply.control("answers[first_name]").contains("value=\"Maria\""));
    }
    let mut foreign = open(&house, &agent).await;
    let mine = format!("name=\"form_id\" value=\"{}\"", foreign.hidden("form_id"));
    let theirs = format!("name=\"form_id\" value=\"{}\"", house.two.form.id.expect("an id"));
    foreign.html = foreign.html.replace(&mine, &theirs);
    let reply = save(&house, &agent, &foreign, &SOUND).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(house.messages().await.len(), 0);
}

#[tokio::test]
async fn an_account_without_a_form_or_contact_is_asked_the_standard_one() {
    let house = House::new().await;
    let agent = house.agent().await;
    let dental = house.one.dental.id;
    let page = house.get(&agent, &format!("/console/accounts/{dental}")).await;
    let names = ["first_name", "last_name", "company_name", "phone", "email", "content"];
    let places: Vec<usize> = names
        .iter()
        .map(|name| page.html.find(&format!("name=\"answers[{name}]\"")).expect("a field"))
        .collect();
    assert!(places.is_sorted(), "in the order of the form");
    let path = format!("/console/accounts/{dental}/messages");
    let once = page.hidden("once");
    let sent = [&SOUND[..3], &[("once", once.as_str()), ("form_id", ""), ("contact_id", "")]];
    let reply = house.post(&agent, &path, &sent.concat()).await;
    let picker = house.follow(&agent, &reply).await;
    assert!(picker.says("Saved. Nobody is told: it waits in the portal."), "{}", picker.html);
    assert_eq!(jobs::count(&house.world.app).await.expect("a count"), 0);
}

#[tokio::test]
async fn the_line_that_rings_is_chosen_among_several() {
    let house = House::new().await;
    let agent = house.agent().await;
    let (app, one) = (&house.world.app, &house.one);
    let added =
        app::accounts::add_did(app, one.tenant.id, None, one.law.id, "5617819978", "Night").await;
    let night = added.expect("a line").id;
    let path = format!("/console/accounts/{}?did=%2B1-561-781-9978&caller_id=911", one.law.id);
    let page = house.get(&agent, &path).await;
    assert!(page.control("did_id").contains(&format!("value=\"{night}\" selected")));
    assert!(page.control("caller_id").contains("value=\"911\""));
    let page = open(&house, &agent).await;
    assert!(page.control("did_id").contains("value=\"\" selected"), "nobody knows which");
}

#[tokio::test]
async fn what_could_not_be_saved_stands_in_the_form_until_it_can() {
    let house = House::new().await;
    let agent = house.agent().await;
    let page = open(&house, &agent).await;
    let app::Db::Lite { writer, .. } = &house.world.db else { panic!("it is SQLite") };
    writer.close().await;
    let kept = save(&house, &agent, &page, &SOUND).await;
    assert_eq!(kept.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(kept.says("It could not be saved just now. Nothing you typed is lost"));
    assert!(kept.says("Please call me back.") && kept.says("value=\"Maria\""));
    assert_eq!(kept.hidden("once"), page.hidden("once"), "a second try is the same save");
}
