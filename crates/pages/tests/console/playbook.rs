//! A playbook, on one page in words, and foreseen by the simulator.

use axum::http::StatusCode;
use domain::closing::{Action, ClosingGroup, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::limits::MINUTE_MS;
use domain::way::WayEntry;
use domain::{Channel, ClosingGroupId, ContactGroup, ContactGroupId, LevelId, PolicyId, Wording};
use testkit::Tenancy;

use super::support::House;

fn telling(targets: &[Target], channels: &[Channel], manner: Manner) -> Telling {
    Telling { targets: targets.to_vec(), channels: channels.to_vec(), manner }
}

/// Gives a law firm a group, a policy and a closing action group; answers their ids.
pub(crate) async fn kept(house: &House, tenancy: &Tenancy) -> (i64, i64, i64) {
    let (app, owner, account_id) = (&house.world.app, &tenancy.owner, tenancy.law.id);
    let jane = tenancy.jane.id;
    let (id, name, members) = (ContactGroupId(0), "Partners".to_owned(), vec![jane]);
    let group = ContactGroup { id, account_id, name, members };
    let group = app::playbooks::keep_group(app, owner, group).await.expect("a group");
    let first = telling(&[Target::Contact(jane)], &[Channel::Sms], Manner::First);
    let second = telling(&[Target::Group(group.id)], &[], Manner::All);
    let level = |delay_ms, telling| Level { id: LevelId(0), delay_ms, telling };
    let policy = Policy {
        id: PolicyId(0),
        account_id,
        name: "Nights".to_owned(),
        levels: vec![level(5 * MINUTE_MS, first), level(15 * MINUTE_MS, second)],
        rounds: 1,
        ack_expires_ms: None,
    };
    let policy = app::playbooks::keep_policy(app, owner, policy).await.expect("a policy");
    let closing = ClosingGroup {
        id: ClosingGroupId(0),
        account_id,
        name: "Every message".to_owned(),
        usage: Usage::Usual,
        timing: Timing::AtOnce,
        actions: vec![Action::Escalate(policy.id)],
    };
    let closing = app::playbooks::keep_closing(app, owner, closing).await.expect("a group");
    (group.id.0, policy.id.0, closing.id.0)
}

/// The ids of a law firm's playbook.
pub(crate) async fn ids(house: &House, tenancy: &Tenancy) -> (i64, i64, i64) {
    let app = &house.world.app;
    let book = app::playbooks::find(app, &tenancy.owner, tenancy.law.id).await.expect("a book");
    (book.groups[0].id.0, book.policies[0].id.0, book.closings[0].id.0)
}

#[tokio::test]
async fn a_playbook_reads_as_sentences() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let path = format!("/accounts/{}/delivery", house.one.law.id);
    let empty = house.get(&sam, &path).await;
    assert!(empty.says("Whoever the message is for is told at once, by the first way"));
    assert!(empty.says("No policy yet:") && empty.says("No group yet."));
    assert!(empty.says("E-mail to jane@hartlowe.example") && empty.says("At any hour"));

    kept(&house, &house.one).await;
    let page = house.get(&sam, &path).await;
    for said in [
        "Level 1: Jane Hart, by text, then 5 minutes.",
        "Level 2: everybody in Partners, by all ways that are open, then 15 minutes.",
        "Then it goes to the work queue.",
        "An acknowledgement stops it for good.",
        "All of it takes 20 minutes.",
        "Every message that no other group is for.",
        "Escalates by “Nights”.",
        "All that goes out uses our words.",
    ] {
        assert!(page.says(said), "{said} is missing in {}", page.html);
    }
    let account = house.get(&sam, &format!("/accounts/{}", house.one.law.id)).await;
    assert!(account.says(&format!("href=\"{path}\"")), "linked from the account");
    let found = house.get(&sam, "/find?q=hart+%26+lowe").await;
    assert!(found.says("Delivery of Hart & Lowe") && found.says("Simulator of Hart & Lowe"));
}

#[tokio::test]
async fn an_agent_sees_whom_a_message_would_reach_and_then_whom_it_does() {
    let house = House::new().await;
    let ann = house.agent().await;
    let address = format!("/console/accounts/{}", house.one.law.id);
    let page = house.get(&ann, &address).await;
    let told = "Jane Hart, Attorney — e-mail to jane@hartlowe.example";
    assert!(page.control("contact_id").contains(told), "{}", page.control("contact_id"));
    assert!(page.says("Nobody: keep it in the portal"));

    kept(&house, &house.one).await;
    let page = house.get(&ann, &address).await;
    let control = page.control("contact_id");
    assert!(control.contains("Jane Hart, Attorney — text to (561) 555-0100"), "{control}");
    assert!(control.contains("Nobody in particular — told: Jane Hart"), "{control}");
    let (once, form_id) = (page.hidden("once"), page.hidden("form_id"));
    let sound = [
        ("once", once.as_str()),
        ("form_id", form_id.as_str()),
        ("answers[first_name]", "Maria"),
        ("answers[phone]", "(954) 832-6297"),
        ("answers[content]", "Please call me back."),
    ];
    let saved = house.post(&ann, &format!("{address}/messages"), &sound).await;
    let after = house.follow(&ann, &saved).await;
    assert!(after.says("Saved. Texting Jane Hart. Next step 5:13 PM."), "{}", after.html);
}

#[tokio::test]
async fn what_no_carrier_takes_is_said_before_and_after_saving() {
    let house = House::with_carriers(&[Channel::Email]).await;
    let ann = house.agent().await;
    kept(&house, &house.one).await;
    let address = format!("/console/accounts/{}", house.one.law.id);
    let page = house.get(&ann, &address).await;
    let control = page.control("contact_id");
    let kept = "text to (561) 555-0100 (kept: no carrier for texts is set up)";
    assert!(control.contains(kept), "{control}");
    let kept = "kept in the outbox for Jane Hart: no carrier for texts is set up";
    assert!(control.contains(&format!("Nobody in particular — {kept}")), "{control}");
    let (once, form_id) = (page.hidden("once"), page.hidden("form_id"));
    let sound = [
        ("once", once.as_str()),
        ("form_id", form_id.as_str()),
        ("answers[first_name]", "Maria"),
        ("answers[phone]", "(954) 832-6297"),
        ("answers[content]", "Please call me back."),
    ];
    let saved = house.post(&ann, &format!("{address}/messages"), &sound).await;
    let after = house.follow(&ann, &saved).await;
    let said = "Saved. Kept in the outbox for Jane Hart: no carrier for texts is set up. Next step";
    assert!(after.says(said), "{}", after.html);
}

#[tokio::test]
async fn a_level_that_tells_nobody_is_said_loudly() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let (_, policy, _) = kept(&house, one).await;
    app::accounts::remove_contact(app, &one.owner, one.law.id, one.jane.id).await.expect("gone");
    let sam = house.supervisor().await;
    let page = house.get(&sam, &format!("/accounts/{}/delivery", one.law.id)).await;
    assert!(page.says("Level 1 would tell nobody now."), "{}", page.html);
    let form = house.get(&sam, &format!("/accounts/{}/policies/{policy}", one.law.id)).await;
    assert!(form.says("Level 1 would tell nobody now."));
}

#[tokio::test]
async fn agents_and_the_accounts_own_clients_read_and_change_nothing() {
    let house = House::new().await;
    let one = &house.one;
    kept(&house, one).await;
    let path = format!("/accounts/{}/delivery", one.law.id);
    let simulator = format!("/accounts/{}/simulator?on=2025-01-25&time=02:10", one.law.id);
    for actor in [&one.agent, &one.client] {
        let visitor = house.enters(actor).await;
        let page = house.get(&visitor, &path).await;
        assert!(page.says("Level 1: Jane Hart, by text"), "{}", actor.name);
        for forbidden in ["/new\"", "/policies/", "/closings/", "/groups/", "/wording", "<form"] {
            let forms = page.html.matches("<form").count();
            let is_there = match forbidden {
                // Those of the frame: searching, signing out.
                "<form" => forms > 3,
                text => page.html.contains(text),
            };
            assert!(!is_there, "{} sees {forbidden}", actor.name);
        }
        assert!(house.get(&visitor, &simulator).await.says("Text to Jane Hart"));
    }
    let doris = house.enters(&one.other_client).await;
    for path in [&path, &simulator] {
        assert_eq!(house.get(&doris, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_simulator_tells_who_would_be_told_on_a_saturday_night() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    kept(&house, one).await;
    let ways = [
        WayEntry {
            channel: "sms".to_owned(),
            address: "(561) 555-0100".to_owned(),
            hours: "Mon-Fri 09:00-17:00".to_owned(),
        },
        WayEntry {
            channel: "call".to_owned(),
            address: "(561) 555-0101".to_owned(),
            hours: String::new(),
        },
    ];
    app::playbooks::set_ways(app, &one.owner, one.law.id, one.jane.id, &ways).await.expect("ways");
    let sam = house.supervisor().await;
    let path = format!("/accounts/{}/simulator", one.law.id);
    let empty = house.get(&sam, &path).await;
    assert!(empty.says("Choose a day and a time") && empty.says("value=\"2025-01-21\""));

    let night = house.get(&sam, &format!("{path}?on=2025-01-25&time=02:10")).await;
    assert_eq!(night.status, StatusCode::OK);
    for said in [
        "Sat, Jan 25, 2025",
        "2:10 AM EST",
        "Escalation “Nights” began with level 1.",
        "No way to reach Jane Hart is open at this hour.",
        "It went up to level 2 of “Nights”.",
        "Call to Jane Hart, (561) 555-0101",
        "in Partners",
        "+15 minutes",
        "Nobody acknowledged it in time. Agents have to see to it.",
        "value=\"2025-01-25\"",
    ] {
        assert!(night.says(said), "{said} is missing in {}", night.html);
    }
    let day = house.get(&sam, &format!("{path}?on=2025-01-27&time=10:00")).await;
    assert!(day.says("Text to Jane Hart, (561) 555-0100") && day.says("+5 minutes"));
    assert!(!day.says("No way to reach"));
    // Nothing was written for it.
    assert_eq!(house.messages().await.len(), 0);
}

#[tokio::test]
async fn the_simulator_names_every_fault_of_what_was_asked() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let path = format!("/accounts/{}/simulator", house.one.law.id);
    let query = "?on=2025-02-30&time=25:00&contact=999&closing=x";
    let reply = house.get(&sam, &format!("{path}{query}")).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.control("on").contains("Day must be a day such as"));
    assert!(reply.control("time").contains("Time must be a time of day"));
    assert!(reply.control("contact").contains("For whom must be of the list."));
    assert!(reply.control("closing").contains("Closed with must be of the list."));
    let theirs = house.two.jane.id;
    let foreign = format!("{path}?on=2025-01-25&time=02:10&contact={theirs}");
    let reply = house.get(&sam, &foreign).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "a foreign person is nobody");
}

#[tokio::test]
async fn own_words_are_shown_counted_and_kept() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let sam = house.supervisor().await;
    let path = format!("/accounts/{}/wording", one.law.id);
    let form = house.get(&sam, &path).await;
    assert!(form.control("sms").contains("placeholder=\"{EMERGENCY}{ACCOUNT}:"));
    assert!(form.says("sent as 2 texts.") || form.says("sent as 1 text."));
    assert!(form.says("EMERGENCY: Hart & Lowe, Attorneys: Maria Lopez (954) 555-0142"));

    let words = [
        ("sms", "A message waits at {ACCOUNT}. {LINK}\r\nOr reply {CODE}."),
        ("subject", ""),
        ("call", ""),
        ("email", ""),
    ];
    let preview = house.post(&sam, &format!("{path}/preview"), &words).await;
    assert!(preview.says("A message waits at Hart & Lowe, Attorneys."));
    assert!(preview.says("Or reply 482.") && preview.says("sent as 1 text."));
    let book = app::playbooks::find(app, &one.owner, one.law.id).await.expect("a book");
    assert_eq!(book.wording, Wording::default(), "a preview keeps nothing");

    let saved = house.post(&sam, &path, &words).await;
    assert!(house.follow(&sam, &saved).await.says("The account's own words: the text message."));
    let bad = [("sms", "Hi {NAME}"), ("subject", "a\nb"), ("call", "{WHAT}"), ("email", "")];
    let refused = house.post(&sam, &path, &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.control("sms").contains("Text message must not name {NAME}"));
    assert!(refused.control("subject").contains("must be one line"));
    assert!(refused.control("call").contains("must not name {WHAT}"));
}
