//! Accounts, their lines and directories, as a supervisor looks after them.

use axum::http::StatusCode;

use super::support::House;

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
async fn an_agent_reads_accounts_and_changes_nothing() {
    let house = House::new().await;
    let agent = house.agent().await;
    let list = house.get(&agent, "/accounts").await;
    assert!(list.says("Hart & Lowe, Attorneys") && !list.says("/accounts/new"));
    let page = house.get(&agent, &format!("/accounts/{}", house.one.law.id)).await;
    assert!(page.says("jane@hartlowe.example") && page.says("Take a message"));
    for forbidden in ["/edit", "/contacts\"", "/lines\"", "/form\"", "popover role"] {
        assert!(!page.html.contains(forbidden), "{forbidden}");
    }
}
