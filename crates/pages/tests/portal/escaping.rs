//! S11: whatever a caller says stays text, on every page and in every file.

use app::messages::MessageEntry;
use domain::account::{AccountEntry, ContactEntry};
use domain::delivery::Outcome;
use domain::{Answers, Field, FieldKind};
use testkit::carriers::later;

use super::browser::{Answer, Browser, House};

pub(crate) const PAYLOADS: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7*7 }}${7*7}<!--",
];

/// No payload stands on the page as anything but text.
pub(crate) fn is_harmless(answer: &Answer, story: &str) {
    let body = &answer.body;
    for raw in ["<script>alert", "<img", "<svg onload", "</textarea><script", "<!--", ">alert(1)"] {
        assert!(!body.contains(raw), "{story}: {raw}");
    }
    for attribute in ["href=\"javascript:", "src=\"javascript:", " onerror=alert(1)>"] {
        assert!(!body.contains(attribute), "{story}: {attribute}");
    }
    assert!(!body.contains("49$"), "{story}: a template was evaluated");
}

#[tokio::test]
async fn every_field_of_a_message_is_text_on_every_page() {
    let house = House::new().await;
    let mut carl = house.signed_in(&house.one.client).await;
    let mut olivia = house.signed_in(&house.one.owner).await;
    for payload in PAYLOADS {
        let text = || payload.to_owned();
        let id = house.add(&house.one.law, |message| {
            let columns = [
                &mut message.pbx_name,
                &mut message.phone_number,
                &mut message.extension,
                &mut message.caller_id,
                &mut message.first_name,
                &mut message.last_name,
                &mut message.company_name,
                &mut message.content,
                &mut message.ivr,
                &mut message.phone,
                &mut message.email,
                &mut message.call_ref_id,
                &mut message.note,
                &mut message.address,
                &mut message.address2,
                &mut message.city,
                &mut message.state,
                &mut message.zip,
                &mut message.how_you_hear_about_us,
                &mut message.alt_phone,
                &mut message.receiver_name,
                &mut message.non_message_type,
                &mut message.email_subject,
                &mut message.klass_names,
            ];
            for column in columns {
                *column = text();
            }
            message.answers = Answers(vec![(text(), text()), ("zip".to_owned(), text())]);
            message.disposition = Some(text());
            message.delivered_to = Some(text());
        });
        let path = format!("/messages/{}", id.await);
        for browser in [&mut carl, &mut olivia] {
            for path in ["/messages", &path, "/messages?read=true"] {
                let answer = browser.get(path).await;
                is_harmless(answer.is(200), path);
            }
        }
        let answer = carl.get(&path).await;
        answer.shows(payload);
        let flash = carl.post(&format!("{path}/close"), &[]).await;
        let answer = carl.follow(&flash).await;
        is_harmless(answer.is(200).shows(&format!("The message from {payload}")), "flash");
    }
}

#[tokio::test]
async fn what_is_looked_for_is_text() {
    let house = House::new().await;
    let mut carl = house.signed_in(&house.one.client).await;
    for payload in PAYLOADS {
        for name in
            ["q", "status", "from_date", "account_number", "cursor", "read", "before", "next"]
        {
            let query =
                form_urlencoded::Serializer::new(String::new()).append_pair(name, payload).finish();
            let lists = ["/messages", "/messages.csv", "/recordings", "/outbox", "/profile"];
            for path in lists.into_iter().chain(["/to-dos", "/to-dos.csv", "/to-dos/new"]) {
                is_harmless(&carl.get(&format!("{path}?{query}")).await, path);
            }
            is_harmless(&house.browser("one").get(&format!("/sign-in?{query}")).await, "sign-in");
        }
        let answer = house.browser("one").sign_in(payload, payload, payload).await;
        is_harmless(answer.is(422), "sign-in");
        let answer = carl.post("/profile/keys", &[("name", ""), ("expires_on", payload)]).await;
        is_harmless(answer.is(422), "a key");
        let answer = carl.post("/profile/keys", &[("name", payload), ("expires_on", "")]).await;
        is_harmless(answer.is(200).shows(payload), "a key");
        is_harmless(carl.get("/profile").await.is(200).shows(payload), "keys");
    }
}

/// The way of a hostile text through the form, the mail and the log.
#[tokio::test]
async fn a_hostile_caller_account_and_contact_stay_text_up_to_the_outbox() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let mut olivia = house.signed_in(&one.owner).await;
    for (i, payload) in PAYLOADS.into_iter().enumerate() {
        let entry = AccountEntry {
            number: format!("X{i}"),
            name: payload.to_owned(),
            ..AccountEntry::default()
        };
        let account = app::accounts::create(app, one.tenant.id, None, entry).await.expect("it");
        let contact = ContactEntry {
            name: payload.to_owned(),
            title: String::new(),
            email: "x@x.example".to_owned(),
            phone: String::new(),
            zone: String::new(),
        };
        let contact = app::accounts::add_contact(app, one.tenant.id, None, account.id, contact);
        let contact = contact.await.expect("a contact");
        let fields = vec![
            Field::new("First name", FieldKind::Text, false),
            Field::new("Content", FieldKind::LongText, false),
            Field::new(&format!("Asked {payload}"), FieldKind::LongText, false),
        ];
        let form = app::forms::publish_form(app, one.tenant.id, None, account.id, fields);
        let form = form.await.expect("a form");
        let answers = form.fields().map(|field| (field.name.clone(), payload.to_owned()));
        let entry = MessageEntry {
            uuid: app.entropy().uuid(),
            form_id: form.id,
            answers: answers.collect(),
            did_id: None,
            contact_id: Some(contact.id),
            caller_id: payload.to_owned(),
            is_emergency: false,
            ..MessageEntry::default()
        };
        let taken = app::messages::take(app, &one.agent, account.id, entry).await;
        let message = taken.expect("it").message;
        house.attempt(later(payload)).await;
        is_harmless(olivia.get("/messages").await.is(200).shows(payload), "list");
        let path = format!("/messages/{}", message.id);
        let page = olivia.get(&path).await;
        page.is(200).shows(&format!("Put off: {payload}")).shows(&format!("Asked {payload}"));
        is_harmless(&page, "message");
        house.world.clock.advance(domain::limits::MINUTE_MS);
        house.attempt(Outcome::Captured).await;
        let outbox = olivia.get("/outbox").await;
        is_harmless(outbox.is(200).shows(payload), "outbox");
        let (_, id) = outbox.body.split_once("href=\"/outbox/").expect("a mail");
        let id = id.split('"').next().expect("an id");
        is_harmless(olivia.get(&format!("/outbox/{id}")).await.is(200).shows(payload), "mail");
    }
}

/// The form of a To Do with a hostile text in every field, refused and previewed.
async fn refused_everywhere(olivia: &mut Browser, payload: &str) {
    let names = [
        "account_number",
        "delivery_type",
        "contact",
        "from",
        "message_text",
        "subject",
        "from_email",
        "sender_name",
        "instructions",
        "when",
        "run_on",
        "run_time",
        "frequency",
        "interval",
        "day",
        "nth",
        "days_of_month",
        "month",
        "times",
        "starts_on",
        "until",
        "count",
        "misfire",
        "grace_minutes",
        "overlap",
        "if_unsure",
        "revision",
    ];
    for when in ["once", "again", payload] {
        let fields = names.map(|name| (name, if name == "when" { when } else { payload }));
        is_harmless(olivia.post("/to-dos", &fields).await.is(422), "refused");
        is_harmless(olivia.post("/to-dos/preview", &fields).await.is(200), "preview");
    }
}

#[tokio::test]
async fn every_field_of_a_to_do_is_text_on_every_page() {
    let house = House::new().await;
    let mut olivia = house.signed_in(&house.one.owner).await;
    for payload in PAYLOADS {
        for channel in ["sms", "email", "call"] {
            let whole = [
                ("account_number", "W0411"),
                ("delivery_type", channel),
                ("contact", payload),
                ("message_text", payload),
                ("instructions", payload),
                ("subject", payload),
                ("sender_name", payload),
                ("when", "again"),
                ("frequency", "minutely"),
                ("interval", "1"),
            ];
            let made = olivia.post("/to-dos", &whole).await;
            let path = made.location().to_owned();
            is_harmless(olivia.follow(&made).await.is(200).shows(payload), "detail");
            let edit = olivia.get(&format!("{path}/edit")).await;
            is_harmless(edit.is(200).shows("Change “"), "edit");
            house.world.clock.advance(domain::limits::MINUTE_MS);
            house.fire().await;
            is_harmless(olivia.get(&path).await.is(200).shows(payload), "runs");
            is_harmless(olivia.get("/to-dos").await.is(200).shows(payload), "list");
            let deleted = olivia.post(&format!("{path}/delete"), &[]).await;
            is_harmless(olivia.follow(&deleted).await.is(200).shows("is deleted"), "flash");
        }
        refused_everywhere(&mut olivia, payload).await;
        is_harmless(olivia.post("/opt-outs", &[("phone", payload)]).await.is(422), "opt-out");
        let text = app::texts::Inbound {
            from: payload.to_owned(),
            to: payload.to_owned(),
            text: payload.to_owned(),
            reference: payload.to_owned(),
        };
        app::texts::receive(&house.world.app, payload, &[], &text).await.expect("received");
        is_harmless(olivia.get("/opt-outs").await.is(200).shows(payload), "opt-outs");
    }
}

/// A small reader of RFC 4180, so that the test does not trust the writer.
fn cells(csv: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = csv.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().expect("a row");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                row.last_mut().expect("a cell").push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {
                chars.next();
                rows.push(vec![String::new()]);
            }
            c => row.last_mut().expect("a cell").push(c),
        }
    }
    rows.pop();
    rows
}

#[tokio::test]
async fn no_cell_of_an_export_is_a_formula() {
    let house = House::new().await;
    let formulas = [
        "=HYPERLINK(\"https://evil.example\",\"x\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "=1,\"2\"\n=3",
    ];
    for formula in formulas {
        house
            .add(&house.one.law, |message| {
                for column in [
                    &mut message.first_name,
                    &mut message.last_name,
                    &mut message.company_name,
                    &mut message.content,
                    &mut message.phone,
                    &mut message.alt_phone,
                    &mut message.caller_id,
                    &mut message.email,
                    &mut message.note,
                    &mut message.receiver_name,
                ] {
                    *column = formula.to_owned();
                }
                message.answers = Answers(vec![(formula.to_owned(), formula.to_owned())]);
                message.disposition = Some(formula.to_owned());
            })
            .await;
    }
    let csv = house.signed_in(&house.one.client).await.get("/messages.csv").await;
    let rows = cells(&csv.is(200).body);
    assert_eq!(rows.len(), 1 + formulas.len());
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
        }
    }
    let said = rows[0].iter().position(|name| name == "Said").expect("a column");
    let kept: Vec<&str> = rows[1..].iter().rev().map(|row| &row[said][1..]).collect();
    assert_eq!(kept, formulas, "nothing but the apostrophe is added");
}

#[tokio::test]
async fn what_a_webhook_is_called_and_answers_is_text_on_every_page() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let mut olivia = house.signed_in(&one.owner).await;
    let list = format!("/accounts/{}/webhooks", one.law.id);
    for payload in PAYLOADS {
        let bad = [("url", payload), ("description", payload), (payload, "true")];
        is_harmless(olivia.post(&list, &bad).await.is(422), "a form");
        let url = [("url", "https://hooks.example/?<b>\"'"), ("description", payload)];
        let good = [&url[..], &[("message.created", "true")]].concat();
        is_harmless(olivia.post(&list, &good).await.is(200).shows(payload), "a secret");
        let made = app::webhooks::list(app, &one.owner, one.law.id).await.expect("webhooks").1;
        let id = made.last().expect("one").webhook.id;
        let event = app::webhooks::test(app, &one.owner, id).await.expect("a test");
        let claimed = app::jobs::claim(app, domain::JobKind::Hook, 100).await.expect("jobs");
        let started = app::webhooks::start_all(app, &claimed, &|_| Ok(())).await.expect("started");
        let answer = domain::webhook::PostAnswer {
            status: Some(500),
            detail: payload.to_owned(),
            body: payload.to_owned(),
            retry_after_ms: None,
        };
        let answers: Vec<_> = started.iter().map(|posting| (posting, &answer)).collect();
        app::webhooks::record_all(app, &answers).await.expect("written");
        for path in [
            list.clone(),
            format!("/webhooks/{id}"),
            format!("/webhooks/{id}/edit"),
            format!("/webhooks/events/{event}"),
        ] {
            is_harmless(olivia.get(&path).await.is(200), &path);
        }
        let off = olivia.post(&format!("/webhooks/{id}/disable"), &[]).await;
        is_harmless(olivia.follow(&off).await.is(200).shows(payload), "flash");
    }
}

#[tokio::test]
async fn what_is_said_about_on_call_is_text_on_every_page() {
    let house = House::new().await;
    let (app, one) = (&house.world.app, &house.one);
    let mut olivia = house.signed_in(&one.owner).await;
    for (at, payload) in (1..).zip(PAYLOADS) {
        let text = || payload.to_owned();
        let contact = ContactEntry { name: text(), title: text(), ..ContactEntry::default() };
        let contact = app::accounts::add_contact(app, one.tenant.id, None, one.law.id, contact);
        let contact = contact.await.expect("a contact").id;
        let entry = domain::on_call::RotationEntry {
            name: text(),
            turn: "daily".to_owned(),
            hand_off: "9:00 AM".to_owned(),
            starts_on: "2025-01-01".to_owned(),
            members: vec![contact],
            fallback: Some(contact),
            ..Default::default()
        };
        let made = app::on_call::create(app, &one.owner, one.law.id, entry).await;
        let id = made.expect("a rotation").id;
        let over = domain::on_call::OverrideEntry {
            contact_id: None,
            from: Some(app.now()),
            until: Some(app.now().plus_ms(3_600_000)),
            reason: text(),
        };
        app::on_call::add_override(app, &one.owner, id, over).await.expect("an override");
        let day = domain::on_call::HolidayEntry {
            date: format!("2025-01-2{}", at + 1),
            name: text(),
            contact_id: None,
        };
        app::on_call::add_holiday(app, &one.owner, one.law.id, day).await.expect("a holiday");
        let paths = [
            "/on-call".to_owned(),
            format!("/on-call/{id}"),
            format!("/on-call/{id}/edit"),
            format!("/on-call/holidays/{}", one.law.id),
        ];
        for path in paths {
            let page = olivia.get(&path).await;
            is_harmless(page.is(200).shows(payload), &format!("{path} {payload}"));
        }
        let query = form_urlencoded::byte_serialize(payload.as_bytes()).collect::<String>();
        is_harmless(&olivia.get(&format!("/on-call?q={query}")).await, payload);
        let typed = [("name", payload), ("hours", payload), ("zone", payload), ("turn", payload)];
        is_harmless(olivia.post(&format!("/on-call/{id}"), &typed).await.is(422), payload);
        let typed = [("reason", payload), ("from_on", payload), ("until_on", payload)];
        let path = format!("/on-call/{id}/overrides");
        is_harmless(olivia.post(&path, &typed).await.is(422), payload);
    }
}

/// An account and a person of it, both with a hostile name.
pub(crate) async fn hostile(
    house: &House,
    number: usize,
    payload: &str,
) -> (domain::AccountId, domain::ContactId) {
    let (app, tenant) = (&house.world.app, house.one.tenant.id);
    let entry = AccountEntry {
        number: format!("W{number}"),
        name: payload.to_owned(),
        ..AccountEntry::default()
    };
    let account = app::accounts::create(app, tenant, None, entry).await.expect("an account").id;
    let contact = ContactEntry {
        name: payload.to_owned(),
        title: payload.to_owned(),
        email: "x@x.example".to_owned(),
        phone: "(561) 555-0100".to_owned(),
        zone: String::new(),
    };
    let contact = app::accounts::add_contact(app, tenant, None, account, contact).await;
    (account, contact.expect("a contact").id)
}
