//! S11 on the pages of delivery: hostile names, addresses and words stay text.

use app::Links;
use app::messages::MessageEntry;
use domain::closing::{Action, ClosingGroup, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::limits::MINUTE_MS;
use domain::{ClosingGroupId, ContactGroup, ContactGroupId, LevelId, PolicyId, Wording};

use super::browser::House;
use super::escaping::{PAYLOADS, hostile, is_harmless};

#[tokio::test]
async fn hostile_names_stay_text_on_every_page_of_delivery() {
    let house = House::with_links(Links {
        public_url: "https://liberty.example".to_owned(),
        base_domain: "liberty.example".to_owned(),
    })
    .await;
    let (app, one) = (&house.world.app, &house.one);
    let mut olivia = house.signed_in(&one.owner).await;
    for (i, payload) in PAYLOADS.into_iter().enumerate() {
        let (account, contact) = hostile(&house, i, payload).await;
        let name = payload.to_owned();
        let group = ContactGroup {
            id: ContactGroupId(0),
            account_id: account,
            name,
            members: vec![contact],
        };
        let group = app::playbooks::keep_group(app, &one.owner, group).await.expect("a group");
        let telling = Telling {
            targets: vec![Target::Contact(contact), Target::Group(group.id), Target::Recipient],
            channels: Vec::new(),
            manner: Manner::All,
        };
        let policy = Policy {
            id: PolicyId(0),
            account_id: account,
            name: payload.to_owned(),
            levels: vec![Level { id: LevelId(0), delay_ms: MINUTE_MS, telling }],
            rounds: 1,
            ack_expires_ms: None,
        };
        let policy = app::playbooks::keep_policy(app, &one.owner, policy).await.expect("a policy");
        let closing = ClosingGroup {
            id: ClosingGroupId(0),
            account_id: account,
            name: payload.to_owned(),
            usage: Usage::Usual,
            timing: Timing::AtOnce,
            actions: vec![Action::Escalate(policy.id)],
        };
        let closing = app::playbooks::keep_closing(app, &one.owner, closing).await.expect("it");
        let words = Wording { call: format!("{payload} {{CONTENT}}"), ..Wording::default() };
        // A payload in braces is a variable that there is not.
        let _ = app::playbooks::set_wording(app, &one.owner, account, words).await;
        let base = format!("/accounts/{account}");
        for path in [
            "/delivery".to_owned(),
            "/simulator?on=2025-01-25&time=02:10".to_owned(),
            format!("/contacts/{contact}"),
            format!("/groups/{}", group.id),
            format!("/policies/{}", policy.id),
            format!("/closings/{}", closing.id),
            "/wording".to_owned(),
        ] {
            let page = olivia.get(&format!("{base}{path}")).await;
            is_harmless(page.is(200).shows(payload), &path);
        }
        let message = taken(&house, account, contact, payload).await;
        let page = olivia.get(&format!("/messages/{message}")).await;
        is_harmless(page.is(200).shows(&format!("Escalation {payload}")), "message");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(["on", "time", "contact", "closing"].map(|name| (name, payload)))
            .finish();
        let page = olivia.get(&format!("{base}/simulator?{query}")).await;
        is_harmless(page.is(422), "simulator");
    }
}

#[tokio::test]
async fn hostile_forms_of_delivery_are_refused_as_text() {
    let house = House::new().await;
    let one = &house.one;
    let mut olivia = house.signed_in(&one.owner).await;
    let base = format!("/accounts/{}", one.law.id);
    for payload in PAYLOADS {
        let names = [
            "ways.0.channel",
            "ways.0.address",
            "ways.0.hours",
            "member",
            "levels.0.id",
            "levels.0.target",
            "levels.0.channel",
            "levels.0.manner",
            "levels.0.delay",
            "rounds",
            "ack_expires",
            "usage",
            "timing",
            "times",
            "actions.0.kind",
            "actions.0.address",
            "actions.0.policy",
            "actions.1.kind",
        ];
        let fields: Vec<(&str, &str)> = names.iter().map(|name| (*name, payload)).collect();
        for path in ["/groups", "/policies", "/closings"] {
            let page = olivia.post(&format!("{base}{path}"), &fields).await;
            is_harmless(page.is(422), path);
            let act = [&fields[..], &[("act", "add copy"), ("name", payload)]].concat();
            let page = olivia.post(&format!("{base}{path}"), &act).await;
            is_harmless(&page, path);
        }
        let ways = format!("{base}/contacts/{}/ways", one.jane.id);
        is_harmless(olivia.post(&ways, &fields).await.is(422), "ways");
        let act = [&fields[..], &[("act", "add")]].concat();
        is_harmless(olivia.post(&ways, &act).await.is(200).shows("Way 2"), "ways");
        let words = [("sms", payload), ("call", payload), ("subject", payload), ("email", payload)];
        let page = olivia.post(&format!("{base}/wording/preview"), &words).await;
        is_harmless(page.is(200).shows(payload), "wording");
    }
}

#[tokio::test]
async fn a_hostile_caller_stays_text_behind_the_link() {
    let house = House::with_links(Links {
        public_url: "https://liberty.example".to_owned(),
        base_domain: "liberty.example".to_owned(),
    })
    .await;
    let (app, one) = (&house.world.app, &house.one);
    for (i, payload) in PAYLOADS.into_iter().enumerate() {
        let (account, contact) = hostile(&house, i, payload).await;
        let message = taken(&house, account, contact, payload).await;
        let detail = app::messages::detail(app, &one.owner, message).await.expect("it");
        let body = &detail.deliveries[0].0.body;
        let (_, link) = body.rsplit_once("https://one.liberty.example").expect("a link");
        for method in ["GET", "POST"] {
            let page = house.browser("one").send(method, link.trim(), None).await;
            is_harmless(page.is(200).shows(payload), method);
        }
    }
}

/// A message from a hostile caller.
async fn taken(
    house: &House,
    account: domain::AccountId,
    contact: domain::ContactId,
    payload: &str,
) -> domain::MessageId {
    let (app, one) = (&house.world.app, &house.one);
    let form = app::forms::of_line(app, &one.owner, account, None).await.expect("a form");
    let answers = [("first_name", payload), ("phone", "5"), ("content", payload)];
    let entry = MessageEntry {
        uuid: app.entropy().uuid(),
        form_id: form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        contact_id: Some(contact),
        caller_id: payload.to_owned(),
        ..MessageEntry::default()
    };
    app::messages::take(app, &one.agent, account, entry).await.expect("it").message.id
}
