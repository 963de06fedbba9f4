//! Ways, groups, policies and closing actions, as a supervisor fills in their forms, without a
//! script: buttons add, move and remove what is kept only by Save.

use axum::http::StatusCode;
use domain::closing::{Action, Timing, Usage};
use domain::escalation::Target;
use domain::limits::{HOUR_MS, MINUTE_MS};

use super::playbook;
use super::support::{House, Reply, Visitor};

async fn book(house: &House) -> std::sync::Arc<domain::Playbook> {
    let (app, one) = (&house.world.app, &house.one);
    app::playbooks::find(app, &one.owner, one.law.id).await.expect("a book")
}

async fn send(house: &House, who: &Visitor, path: &str, fields: &[(&str, &str)]) -> Reply {
    house.post(who, &format!("/accounts/{}{path}", house.one.law.id), fields).await
}

#[tokio::test]
async fn ways_are_added_moved_and_kept() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let contact = format!("/contacts/{}", house.one.jane.id);
    let ways = format!("{contact}/ways");
    let page = house.get(&sam, &format!("/accounts/{}{contact}", house.one.law.id)).await;
    assert!(page.says("No ways of its own.") && page.says("Text to (561) 555-0100"));

    let written = send(&house, &sam, &ways, &[("act", "write")]).await;
    assert_eq!(written.status, StatusCode::OK);
    assert!(written.control("ways.0.address").contains("jane@hartlowe.example"));
    assert!(written.says("Not kept yet") && book(&house).await.ways.is_empty());

    let two = [
        ("ways.0.channel", "email"),
        ("ways.0.address", "jane@hartlowe.example"),
        ("ways.0.hours", ""),
        ("ways.1.channel", "sms"),
        ("ways.1.address", "561 555 0100"),
        ("ways.1.hours", "mon-fri 9:00-17:00"),
    ];
    let moved = send(&house, &sam, &ways, &[&[("act", "up 1")], &two[..]].concat()).await;
    assert!(moved.control("ways.0.address").contains("value=\"561 555 0100\""));
    let added = send(&house, &sam, &ways, &[&[("act", "add")], &two[..]].concat()).await;
    assert!(added.says("Way 3"));
    let removed = send(&house, &sam, &ways, &[&[("act", "remove 0")], &two[..]].concat()).await;
    assert!(!removed.says("Way 2") && removed.says("561 555 0100"));

    let saved = send(&house, &sam, &ways, &two).await;
    let page = house.follow(&sam, &saved).await;
    assert!(page.says("Jane Hart is reached this way from now on."));
    // A Tuesday, 5:08 PM there.
    assert!(page.says("Closed now, opens tomorrow at 9:00 AM"), "{}", page.html);
    assert!(page.control("ways.1.hours").contains("value=\"Mon-Fri 09:00-17:00\""));
    let kept = book(&house).await;
    let kept: Vec<&str> = kept.ways.iter().map(|way| way.address.as_str()).collect();
    assert_eq!(kept, ["jane@hartlowe.example", "+15615550100"]);
}

#[tokio::test]
async fn refused_ways_name_each_fault_and_keep_what_was_typed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let ways = format!("/contacts/{}/ways", house.one.jane.id);
    let bad = [
        ("ways.0.channel", "fax"),
        ("ways.0.address", "nobody"),
        ("ways.0.hours", "9-5"),
        ("ways.1.channel", "call"),
        ("ways.1.address", "12"),
        ("ways.1.hours", ""),
    ];
    let reply = send(&house, &sam, &ways, &bad).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.control("ways.0.channel").contains("How must be email, sms or call."));
    assert!(reply.control("ways.0.address").contains("value=\"nobody\""));
    assert!(reply.control("ways.0.hours").contains("must be like “Mon-Fri 09:00-17:00”"));
    assert!(reply.control("ways.1.address").contains("wrong") || reply.says("Where must"));
    assert!(book(&house).await.ways.is_empty());
}

#[tokio::test]
async fn a_group_is_made_changed_and_removed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let jane = house.one.jane.id.to_string();
    let refused = send(&house, &sam, "/groups", &[("name", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says("Name must not be empty.") && refused.says("Must be at least one."));
    let theirs = house.two.jane.id.to_string();
    let foreign = send(&house, &sam, "/groups", &[("name", "X"), ("member", &theirs)]).await;
    assert!(foreign.says("Must be in this account's directory."));

    let made = send(&house, &sam, "/groups", &[("name", "Partners"), ("member", &jane)]).await;
    assert!(house.follow(&sam, &made).await.says("“Partners” is kept."));
    let id = book(&house).await.groups[0].id;
    let form = house.get(&sam, &format!("/accounts/{}/groups/{id}", house.one.law.id)).await;
    assert!(form.control("member").contains("checked") && form.says("Remove “Partners”?"));
    let path = format!("/groups/{id}");
    let renamed = send(&house, &sam, &path, &[("name", "All"), ("member", &jane)]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER);
    let gone = send(&house, &sam, &format!("{path}/remove"), &[]).await;
    assert!(house.follow(&sam, &gone).await.says("“All” is gone; its people stay."));
    assert!(book(&house).await.groups.is_empty());
}

#[tokio::test]
async fn levels_are_moved_and_keep_their_ids() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let (group, policy, _) = playbook::kept(&house, &house.one).await;
    let before = book(&house).await.policies[0].levels.clone();
    let (first, second) = (before[0].id.to_string(), before[1].id.to_string());
    let (jane, group) = (format!("contact:{}", house.one.jane.id), format!("group:{group}"));
    let typed = [
        ("name", "Nights"),
        ("levels.0.id", first.as_str()),
        ("levels.0.target", jane.as_str()),
        ("levels.0.channel", "sms"),
        ("levels.0.manner", "first"),
        ("levels.0.delay", "5 min"),
        ("levels.1.id", second.as_str()),
        ("levels.1.target", group.as_str()),
        ("levels.1.target", "recipient"),
        ("levels.1.manner", "all"),
        ("levels.1.delay", "1 h 30 min"),
        ("rounds", "3"),
        ("ack_expires", "2 h"),
    ];
    let path = format!("/policies/{policy}");
    let moved = send(&house, &sam, &path, &[&[("act", "up 1")], &typed[..]].concat()).await;
    assert_eq!(moved.status, StatusCode::OK);
    assert_eq!(moved.hidden("levels.0.id"), second);
    assert!(moved.control("levels.0.delay").contains("value=\"1 h 30 min\""));
    assert_eq!(book(&house).await.policies[0].levels, before, "nothing is kept yet");
    let added = send(&house, &sam, &path, &[&[("act", "add")], &typed[..]].concat()).await;
    assert!(added.says("Level 3") && added.hidden("levels.2.id") == "0");

    let saved = send(&house, &sam, &path, &typed).await;
    let page = house.follow(&sam, &saved).await;
    assert!(page.says("“Nights” holds from now on, also for what it escalates."));
    assert!(page.says("then 1 hour 30 minutes.") && page.says("All of it 3 times"));
    assert!(page.says("An acknowledgement holds for 2 hours."));
    let kept = book(&house).await.policies[0].clone();
    assert_eq!((kept.rounds, kept.ack_expires_ms), (3, Some(2 * HOUR_MS)));
    assert_eq!(kept.levels[1].delay_ms, 90 * MINUTE_MS);
    assert_eq!(kept.levels[1].id, before[1].id, "a level keeps its id");
    assert!(kept.levels[1].telling.targets.contains(&Target::Recipient));
}

#[tokio::test]
async fn a_refused_policy_names_every_fault() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let bad = [
        ("name", ""),
        ("levels.0.id", "0"),
        ("levels.0.target", "contact:999"),
        ("levels.0.channel", "fax"),
        ("levels.0.manner", ""),
        ("levels.0.delay", "soon"),
        ("levels.1.id", "0"),
        ("levels.1.manner", "first"),
        ("levels.1.delay", "1 s"),
        ("rounds", "99"),
        ("ack_expires", "for ever"),
    ];
    let reply = send(&house, &sam, "/policies", &bad).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "Name must not be empty.",
        "Must be of this account.",
        "Must be of the list.",
        "Must be chosen.",
        "Then wait must be like 5 min, 90 s or 1 h.",
        "Tick somebody, 50 at most.",
        "Then wait must be 10 seconds to 7 days.",
        "How often all levels are gone through must be 1 to 20.",
        "An acknowledgement holds for must be like 5 min",
    ] {
        assert!(reply.says(said), "{said} is missing in {}", reply.html);
    }
    assert!(reply.control("levels.0.delay").contains("value=\"soon\""));
    assert!(book(&house).await.policies.is_empty());
    let none = send(&house, &sam, "/policies", &[("name", "Empty"), ("rounds", "1")]).await;
    assert!(none.says("“levels” must be 1 to 20."), "{}", none.html);
}

#[tokio::test]
async fn a_policy_in_use_is_not_removed_and_says_why() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let (_, policy, closing) = playbook::kept(&house, &house.one).await;
    let gone = format!("/policies/{policy}/remove");
    let refused = send(&house, &sam, &gone, &[]).await;
    let page = house.follow(&sam, &refused).await;
    assert!(page.says("is what the closing action group “Every message” escalates by"));
    assert_eq!(book(&house).await.policies.len(), 1);
    send(&house, &sam, &format!("/closings/{closing}/remove"), &[]).await;
    let removed = send(&house, &sam, &gone, &[]).await;
    assert!(house.follow(&sam, &removed).await.says("“Nights” is gone."));
    assert!(book(&house).await.policies.is_empty());
}

#[tokio::test]
async fn closing_actions_are_put_together_and_kept() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let (_, policy, _) = playbook::kept(&house, &house.one).await;
    let policy = policy.to_string();
    let typed = [
        ("name", "Urgent"),
        ("usage", "emergency"),
        ("timing", "at_once"),
        ("times", ""),
        ("actions.0.kind", "tell"),
        ("actions.0.target", "recipient"),
        ("actions.0.manner", "first"),
        ("actions.1.kind", "copy"),
        ("actions.1.address", "office@hartlowe.example"),
        ("actions.2.kind", "escalate"),
        ("actions.2.policy", policy.as_str()),
    ];
    let more = [&[("act", "add copy")], &typed[..]].concat();
    let added = send(&house, &sam, "/closings", &more).await;
    assert!(added.status == StatusCode::OK && added.says("4. Copy to the office"));
    let up = send(&house, &sam, "/closings", &[&[("act", "up 2")], &typed[..]].concat()).await;
    assert!(up.says("2. Escalate") && up.says("3. Copy to the office"));

    let saved = send(&house, &sam, "/closings", &typed).await;
    let page = house.follow(&sam, &saved).await;
    assert!(page.says("“Urgent” holds from the next message on."));
    assert!(page.says("Sends a copy to office@hartlowe.example."));
    let kept = book(&house).await;
    let urgent = kept.closings.iter().find(|it| it.name == "Urgent").expect("it");
    assert_eq!((urgent.usage, urgent.actions.len()), (Usage::Emergency, 3));
    assert_eq!(urgent.actions[1], Action::Copy("office@hartlowe.example".to_owned()));

    let path = format!("/closings/{}", urgent.id);
    let digest = [
        ("name", "Urgent"),
        ("usage", "chosen"),
        ("timing", "digest"),
        ("times", "5:00 PM, 12:00 PM"),
        ("actions.0.kind", "copy"),
        ("actions.0.address", "office@hartlowe.example"),
    ];
    let saved = send(&house, &sam, &path, &digest).await;
    let page = house.follow(&sam, &saved).await;
    assert!(page.says("Together, in one digest at 12:00 PM and 5:00 PM."), "{}", page.html);
    let kept = book(&house).await;
    let urgent = kept.closings.iter().find(|it| it.name == "Urgent").expect("it");
    assert_eq!(urgent.timing, Timing::Digest(vec![720, 1_020]));
}

#[tokio::test]
async fn refused_closing_actions_name_every_fault() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    playbook::kept(&house, &house.one).await;
    let bad = [
        ("name", "Every message"),
        ("usage", "usual"),
        ("timing", "digest"),
        ("times", "noon"),
        ("actions.0.kind", "tell"),
        ("actions.0.target", "recipient"),
        ("actions.0.manner", "first"),
        ("actions.1.kind", "copy"),
        ("actions.1.address", "office"),
        ("actions.2.kind", "escalate"),
        ("actions.2.policy", "999"),
    ];
    let reply = send(&house, &sam, "/closings", &bad).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "Name is taken.",
        "Which messages it is for is what another group is for already.",
        "Times of the digest must be times of day such as 12:00 PM, 5:00 PM.",
        "Must not name the recipient: a digest is of several messages.",
        "E-mail must be an e-mail address",
        "By must be a policy of this account.",
    ] {
        assert!(reply.says(said), "{said} is missing in {}", reply.html);
    }
    assert_eq!(book(&house).await.closings.len(), 1);
}
