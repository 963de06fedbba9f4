//! S3: no route gives anybody a row of another tenant or account, whichever id is tried. The cases
//! are walked from the OpenAPI document: a route without a case fails here.

mod attempts;

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;
use testkit::{Tenancy, sound};

use super::support::{House, Reply, ask};

use attempts::{Attempt, attempts};

/// What makes somebody's row recognisable in any answer.
pub(super) struct Rows {
    pub(super) message: i64,
    pub(super) recording: i64,
    /// Path and query of a signed link to the recording.
    link: String,
    pub(super) to_do: i64,
    rotation: i64,
    /// A cursor of the owner's lists of messages, of recordings, of To Dos, and of a To Do's runs.
    pub(super) cursors: [String; 4],
}

/// Somebody who asks: a tenant's subdomain, a token, an e-mail address, a machine key.
struct Asker<'a> {
    name: &'a str,
    tenant: &'a str,
    email: &'a str,
    key: String,
    switch: &'a str,
}

pub(super) const SECRET: &str = "for nobody else";

pub(super) async fn key(house: &House, actor: &app::Actor) -> String {
    app::keys::create(&house.world.app, actor, "k", None).await.expect("a key").token
}

/// Rows of one account, with a text in each that must never come out elsewhere.
pub(super) async fn rows(
    house: &House,
    tenancy: &Tenancy,
    account: &domain::Account,
    key: &str,
) -> Rows {
    let world = &house.world;
    let subdomain = &tenancy.tenant.subdomain;
    let mut message = 0;
    let mut recording = 0;
    let mut to_do = 0;
    for i in 0..2 {
        let at = world.app.now().plus_ms(i);
        let added = world.add_message(tenancy.tenant.id, account.id, at, |message| {
            message.content = SECRET.to_owned();
            message.caller_id = SECRET.to_owned();
        });
        message = added.await.0;
        let entry = domain::to_do::ToDoEntry {
            delivery_type: "sms".to_owned(),
            contact: SECRET.to_owned(),
            message_text: SECRET.to_owned(),
            schedule: Some(domain::to_do::ScheduleEntry {
                frequency: "minutely".to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let app = &world.app;
        let made = app::to_dos::create(app, &tenancy.owner, &account.number, &entry, None).await;
        let app::idempotency::Once::New(made) = made.expect("a To Do") else {
            panic!("it is made once")
        };
        to_do = made.to_do.id.0;
        let sid = format!("{SECRET} {} {i}", account.id);
        recording = world.add_recording(tenancy, &account.number, &sid, sound::wav(20)).await.id.0;
    }
    let entry = domain::on_call::RotationEntry {
        name: SECRET.to_owned(),
        turn: "weekly".to_owned(),
        hand_off: "09:00".to_owned(),
        starts_on: "2025-01-06".to_owned(),
        ..Default::default()
    };
    let made = app::on_call::create(&world.app, &tenancy.owner, account.id, entry).await;
    let rotation = made.expect("a rotation").id.0;
    world.clock.advance(125_000);
    let jobs = app::jobs::claim(&world.app, domain::JobKind::Fire, 10).await.expect("jobs");
    app::to_dos::fire_all(&world.app, &jobs).await.expect("runs");
    let get = async |path: &str| {
        house.send(ask(Method::GET, subdomain, path).token(key).empty()).await.json()
    };
    let cursor = |page: &Value| page["meta"]["next_cursor"].as_str().expect("more").to_owned();
    let cursors = [
        cursor(&get("/v2/messages?limit=1").await),
        cursor(&get("/v2/call-recordings?limit=1").await),
        cursor(&get("/v2/to-dos?limit=1").await),
        cursor(&get(&format!("/v2/to-dos/{to_do}/runs?limit=1")).await),
    ];
    let one = get(&format!("/v2/call-recordings/{recording}")).await;
    let link = one["data"]["recording"].as_str().and_then(|text| text.split_once(".example"));
    Rows { message, recording, to_do, rotation, link: link.expect("a link").1.to_owned(), cursors }
}

fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("an object").keys();
        methods.map(|method| format!("{method} {path}")).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// Second spellings of an operation's address, which must be as tight.
fn spellings(path: &str) -> Vec<String> {
    let mut all = vec![path.to_owned()];
    if let Some(rest) = path.strip_prefix("/api/v2") {
        all.push(format!("/v2{rest}"));
        if path.contains("/to-dos") {
            let alias = |path: &String| path.replace("/to-dos", "/to_dos");
            all.extend(all.iter().map(alias).collect::<Vec<_>>());
        }
    } else if path.starts_with("/v1/") {
        all.push(format!("/api{path}"));
    }
    all
}

async fn isolated(house: House) {
    let world = &house.world;
    world.account(&house.one.tenant, "ONLY-ONE", "Only of the first tenant").await;
    let owner = key(&house, &house.one.owner).await;
    let theirs = rows(&house, &house.one, &house.one.law, &owner).await;
    let (one, two) = (&house.one, &house.two);
    let askers = [
        Asker {
            name: "another account's client",
            tenant: "one",
            email: &one.other_client.email,
            key: key(&house, &one.other_client).await,
            switch: &one.switch.1,
        },
        Asker {
            name: "another tenant's client",
            tenant: "two",
            email: &two.client.email,
            key: key(&house, &two.client).await,
            switch: &two.switch.1,
        },
        Asker {
            name: "another tenant's owner",
            tenant: "two",
            email: &two.owner.email,
            key: key(&house, &two.owner).await,
            switch: &two.switch.1,
        },
    ];
    let seen = async |path| house.send(ask(Method::GET, "one", path).token(&owner).empty()).await;
    let before = [seen("/v2/messages").await.text(), seen("/v2/to-dos").await.text()];
    let document = house.get("/api/openapi.json").await.json();
    let mut tried = 0;
    for operation in operations(&document) {
        for asker in &askers {
            if operation.starts_with("post /hooks/v1/calls") && asker.tenant == "one" {
                continue; // A switch reports for every account of its tenant.
            }
            let pairs = attempts(&operation, asker, &theirs);
            let pairs = pairs.unwrap_or_else(|| panic!("{operation} has no case: add one"));
            for [foreign, unknown] in pairs {
                for (path, other) in spellings(&foreign.path).iter().zip(spellings(&unknown.path)) {
                    let story = format!("{}: {operation} {path}", asker.name);
                    let foreign = Attempt { path: path.clone(), ..foreign.clone() };
                    let unknown = Attempt { path: other, ..unknown.clone() };
                    for if_match in [false, true] {
                        let a = foreign.send(&house, asker.tenant, if_match).await;
                        let b = unknown.send(&house, asker.tenant, if_match).await;
                        assert!(!a.text().contains(SECRET), "{story}");
                        assert_eq!(a.status, b.status, "{story}");
                        if foreign.may_succeed {
                            assert_eq!(a.status, 200, "{story}");
                        } else {
                            assert!(a.status.is_client_error(), "{story}: {}", a.status);
                            let same = |text: String| text.replace("did_number", "account_number");
                            assert_eq!(same(a.text()), same(b.text()), "{story}");
                            assert_eq!(names(&a), names(&b), "{story}");
                        }
                        tried += 1;
                    }
                }
            }
        }
    }
    let after = [seen("/v2/messages").await.text(), seen("/v2/to-dos").await.text()];
    assert_eq!(after, before, "nothing was changed");
    assert!(tried > 600, "{tried}");
}

/// The names of the headers: even those tell nothing.
fn names(reply: &Reply) -> BTreeSet<String> {
    reply.headers.keys().map(ToString::to_string).collect()
}

#[tokio::test]
async fn every_route_with_every_foreign_id_answers_as_if_it_did_not_exist() {
    isolated(House::new().await).await;
}

#[tokio::test]
async fn every_route_with_every_foreign_id_answers_as_if_it_did_not_exist_on_postgresql() {
    isolated(House::on_postgres().await).await;
}

/// The other way round: what is one's own does come out, so that the walk above means something.
#[tokio::test]
async fn ones_own_rows_are_found_by_the_same_requests() {
    let house = House::new().await;
    let theirs = rows(&house, &house.one, &house.one.law, &house.one.key).await;
    let me = Asker {
        name: "the owner of the rows",
        tenant: "one",
        email: &house.one.client.email,
        key: house.one.key.clone(),
        switch: &house.one.switch.1,
    };
    for operation in [
        "get /api/v2/messages",
        "get /api/v2/messages/{id}",
        "get /api/v2/to-dos",
        "get /api/v2/to-dos/{id}",
        "get /api/v2/call-recordings",
        "get /api/v2/call-recordings/{id}",
        "get /v1/messages",
        "get /v1/messages/{id}",
    ] {
        let [own, _] = &attempts(operation, &me, &theirs).expect("a case")[0];
        let reply = own.send(&house, "one", false).await;
        assert_eq!(reply.status, 200, "{operation}");
        assert!(reply.text().contains(SECRET), "{operation}");
    }
}
