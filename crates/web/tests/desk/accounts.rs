//! Accounts, their lines, directories and forms, as a supervisor looks after them.

use axum::http::StatusCode;

use crate::support::{House, Reply, Visitor};

async fn labels(house: &House) -> Vec<String> {
    let (app, one) = (&house.world.app, &house.one);
    let desk = app::accounts::desk(app, &one.owner, one.law.id).await.expect("a desk");
    desk.form.fields.into_iter().map(|field| field.label).collect()
}

async fn step(house: &House, who: &Visitor, way: &str, fields: &[(&str, &str)]) -> Reply {
    house.post(who, &format!("/accounts/{}/fields{way}", house.one.law.id), fields).await
}

#[tokio::test]
async fn an_account_is_added_changed_and_found() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let sent = [
        ("account_number", "H100"),
        ("name", "Northwind Heating & Air"),
        ("time_zone", "America/Chicago"),
        ("greeting", "Northwind, this is {agent}."),
        ("facts", "Never quote\r\nprices."),
    ];
    let added = house.post(&sam, "/accounts", &sent).await;
    let page = house.follow(&sam, &added).await;
    assert!(page.says("Northwind Heating & Air added. It still needs a line and a contact."));
    assert!(page.says("No line yet.") && page.says("No contact yet."));
    let agent = house.agent().await;
    let id = added.to.trim_start_matches("/accounts/").to_owned();
    let take = house.get(&agent, &format!("/console/accounts/{id}")).await;
    assert!(take.says("Northwind, this is Ann.") && take.says("Never quote\nprices."));

    let edit = house.get(&sam, &format!("/accounts/{id}/edit")).await;
    assert!(edit.says("value=\"America/Chicago\"") && edit.says("<datalist"));
    let mut changed = sent;
    changed[1].1 = "Northwind";
    changed[2].1 = "europe/berlin";
    let saved = house.post(&sam, &format!("/accounts/{id}"), &changed).await;
    assert!(house.follow(&sam, &saved).await.says("Europe/Berlin"));
    let found = house.get(&sam, "/accounts?q=h100").await;
    assert!(found.says(&format!("href=\"/accounts/{id}\"")) && !found.says("Bright Smile"));
}

#[tokio::test]
async fn a_refused_account_keeps_what_was_typed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let sent = [
        ("account_number", "W0411"),
        ("name", "Blue \"Door\""),
        ("time_zone", "Florida"),
        ("greeting", "Hello\r\n\r\nthere"),
    ];
    let reply = house.post(&sam, "/accounts", &sent).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.control("time_zone").contains("Time zone must be an IANA time zone"));
    assert!(reply.control("time_zone").contains("value=\"Florida\""));
    assert!(reply.control("name").contains("value=\"Blue &#34;Door&#34;\""));
    assert!(reply.control("greeting").contains("Hello\r\n\r\nthere</textarea>"));
    let mut sent = sent;
    sent[2].1 = "America/New_York";
    let reply = house.post(&sam, "/accounts", &sent).await;
    assert!(reply.control("account_number").contains("Account number is taken already."));
    let evil = [("account_number", "1\r\n2"), ("name", "a\u{7}"), ("time_zone", "")];
    let reply = house.post(&sam, "/accounts", &evil).await;
    assert_eq!(reply.html.matches("must not hold line breaks").count(), 2, "{}", reply.html);
    let edit = format!("/accounts/{}", house.one.dental.id);
    let reply = house.post(&sam, &edit, &sent).await;
    assert!(reply.control("account_number").contains("is taken already."));
    assert!(reply.says("action=\"/accounts/") && reply.says("Change Bright Smile Dental"));
}

#[tokio::test]
async fn lines_are_added_in_any_spelling_and_removed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let page = format!("/accounts/{}", house.one.law.id);
    let lines = format!("{page}/lines");
    let sent = [("number", "+1 (954) 555-0120"), ("line_label", "Night")];
    let added = house.post(&sam, &lines, &sent).await;
    let shown = house.follow(&sam, &added).await;
    assert!(shown.says("(954) 555-0120 now opens this account.") && shown.says("Night"));
    let twice = house.post(&sam, &lines, &[("number", "9545550120"), ("line_label", "x")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.control("number").contains("Number is taken already."));
    assert!(twice.control("line_label").contains("value=\"x\""));
    let none = house.post(&sam, &lines, &[("number", "none"), ("line_label", "a\nb")]).await;
    assert!(none.control("number").contains("Number must have 3 to 15 digits."));
    assert!(none.control("line_label").contains("What it is for must not hold line breaks"));
    let gone = house.post(&sam, &format!("{lines}/{}/remove", house.one.line.id), &[]).await;
    assert!(!house.follow(&sam, &gone).await.says("(561) 781-9977"));
}

#[tokio::test]
async fn contacts_are_added_changed_and_removed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let contacts = format!("/accounts/{}/contacts", house.one.law.id);
    let evil = [("name", "Jane\r\nBcc: x@y.example"), ("email", "j@h.example\r\nCc: a@b.example")];
    let refused = house.post(&sam, &contacts, &evil).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.control("name").contains("Name must not hold line breaks"));
    assert!(refused.control("email").contains("E-mail must be an e-mail address"));
    let sent = [("name", "Bob Lowe"), ("title", "Partner"), ("email", "bob@hartlowe.example")];
    let added = house.post(&sam, &contacts, &sent).await;
    let page = house.follow(&sam, &added).await;
    assert!(page.says("Bob Lowe added to the directory.") && page.says("bob@hartlowe.example"));

    let jane = format!("{contacts}/{}", house.one.jane.id);
    let form = house.get(&sam, &jane).await;
    assert!(form.says("value=\"jane@hartlowe.example\""));
    let refused = house.post(&sam, &jane, &[("name", ""), ("phone", "123")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says("Name must not be empty.") && refused.says("value=\"123\""));
    let changed = house.post(&sam, &jane, &[("name", "Jane H."), ("email", "")]).await;
    assert!(house.follow(&sam, &changed).await.says("Jane H. saved."));
    let gone = house.post(&sam, &format!("{jane}/remove"), &[]).await;
    let page = house.follow(&sam, &gone).await;
    assert!(page.says("Jane H. is no longer in the directory."));
    assert_eq!(house.get(&sam, &jane).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn questions_are_added_moved_changed_and_removed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let before = labels(&house).await;
    let sent = [
        ("standard", ""),
        ("label", "Court & room"),
        ("kind", "select"),
        ("choices", " A \r\n\r\nB, or C\r\n"),
        ("required", "true"),
    ];
    let added = step(&house, &sam, "", &sent).await;
    let page = house.follow(&sam, &added).await;
    assert!(page.says("A choice from a menu: A, B, or C") && page.says("court_room"));
    assert_eq!(labels(&house).await.last().map(String::as_str), Some("Court & room"));

    let name = [("name", "court_room")];
    step(&house, &sam, "/up", &name).await;
    let moved = labels(&house).await;
    assert_eq!(moved[moved.len() - 2], "Court & room");
    step(&house, &sam, "/down", &name).await;
    let at_end = step(&house, &sam, "/down", &name).await;
    assert_eq!(at_end.status, StatusCode::SEE_OTHER, "the last one stays the last");

    let edit = format!("/accounts/{}/fields/edit?name=court_room", house.one.law.id);
    let form = house.get(&sam, &edit).await;
    assert!(form.control("choices").contains("A\nB, or C</textarea>"));
    assert!(form.control("required").contains("checked"));
    let sent = [("name", "court_room"), ("label", "Which court?"), ("kind", "text")];
    let changed = step(&house, &sam, "/change", &sent).await;
    let page = house.follow(&sam, &changed).await;
    assert!(page.says("Which court?") && page.says("court_room"), "programs keep its key");

    let gone = step(&house, &sam, "/remove", &name).await;
    assert!(house.follow(&sam, &gone).await.says("“Which court?” is no longer asked."));
    assert_eq!(labels(&house).await, before);
}

#[tokio::test]
async fn a_standard_question_fills_its_column() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let page = house.get(&sam, &format!("/accounts/{}", house.one.law.id)).await;
    assert!(page.control("standard").contains("value=\"zip\""));
    assert!(!page.control("standard").contains("value=\"phone\""), "that one is asked already");
    let added = step(&house, &sam, "", &[("standard", "alt_phone"), ("label", "")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    let (app, one) = (&house.world.app, &house.one);
    let desk = app::accounts::desk(app, &one.owner, one.law.id).await.expect("a desk");
    let last = desk.form.fields.last().expect("a field");
    assert_eq!((last.name.as_str(), last.label.as_str()), ("alt_phone", "Other phone"));
    assert_eq!(last.kind, domain::FieldKind::Phone);
}

#[tokio::test]
async fn a_refused_question_says_why_and_keeps_what_was_typed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let before = labels(&house).await;
    let cases = [
        (vec![("label", ""), ("kind", "text")], "label", "Question must have a letter."),
        (vec![("label", "Phone"), ("kind", "")], "label", "Question must differ from the labels"),
        (vec![("label", "Fuel"), ("kind", "radio")], "choices", "Choices must be 1 to 200."),
        (vec![("label", "Fuel"), ("kind", "colour")], "kind", "Answer must be one of the list."),
        (vec![("label", "a\nb"), ("kind", "text")], "label", "Question must not hold line breaks"),
        (
            vec![("label", "Fuel"), ("kind", "radio"), ("choices", "a\tb")],
            "choices",
            "Choices must not hold line breaks or other control characters.",
        ),
    ];
    for (sent, name, sentence) in cases {
        let reply = step(&house, &sam, "", &sent).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{sent:?}");
        assert!(reply.control(name).contains(sentence), "{sent:?}: {}", reply.control(name));
        assert!(reply.control("label").contains(&format!("value=\"{}\"", sent[0].1)), "{sent:?}");
    }
    let sent = [("name", "phone"), ("label", "Call"), ("kind", "select"), ("choices", "")];
    let reply = step(&house, &sam, "/change", &sent).await;
    assert!(reply.control("choices").contains("Choices must be 1 to 200."));
    assert_eq!(reply.hidden("name"), "phone");
    for way in ["/up", "/remove", "/change"] {
        let reply = step(&house, &sam, way, &[("name", "nothing"), ("label", "x")]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{way}");
    }
    assert_eq!(labels(&house).await, before);
}

#[tokio::test]
async fn an_agent_reads_accounts_and_changes_nothing() {
    let house = House::new().await;
    let agent = house.agent().await;
    let list = house.get(&agent, "/accounts").await;
    assert!(list.says("Hart & Lowe, Attorneys") && !list.says("/accounts/new"));
    let page = house.get(&agent, &format!("/accounts/{}", house.one.law.id)).await;
    assert!(page.says("jane@hartlowe.example") && page.says("Take a message"));
    for forbidden in ["/edit", "/contacts\"", "/lines\"", "/fields", "popover role"] {
        assert!(!page.html.contains(forbidden), "{forbidden}");
    }
}
