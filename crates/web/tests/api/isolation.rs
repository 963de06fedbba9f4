//! S3: no route gives anybody a row of another tenant or account, whichever id is tried. The cases
//! are walked from the OpenAPI document: a route without a case fails here.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;
use testkit::{Tenancy, sound};

use crate::support::{Ask, House, Reply, ask, multipart};

/// What makes somebody's row recognisable in any answer.
struct Rows {
    message: i64,
    recording: i64,
    /// Path and query of a signed link to the recording.
    link: String,
    to_do: i64,
    rotation: i64,
    /// A cursor of the owner's lists of messages, of recordings, of To Dos, and of a To Do's runs.
    cursors: [String; 4],
}

/// Somebody who asks: a tenant's subdomain, a token, an e-mail address, a machine key.
struct Asker<'a> {
    name: &'a str,
    tenant: &'a str,
    email: &'a str,
    key: String,
    switch: &'a str,
}

const SECRET: &str = "for nobody else";

async fn key(house: &House, actor: &app::Actor) -> String {
    app::keys::create(&house.world.app, actor, "k", None).await.expect("a key").token
}

/// Rows of one account, with a text in each that must never come out elsewhere.
async fn rows(house: &House, tenancy: &Tenancy, account: &domain::Account, key: &str) -> Rows {
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
        let entry = domain::to_do::Entry {
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

/// Requests of one operation: each with an id or a parameter of somebody else's, and the same with
/// one that does not exist. Both must be answered alike. `None` if the operation has no case.
fn attempts(operation: &str, asker: &Asker<'_>, theirs: &Rows) -> Option<Vec<[Attempt; 2]>> {
    let (message, recording) = (theirs.message, theirs.recording);
    let v2 = |method: &str, path: String| {
        Attempt::new(method, path, Door::Bearer(asker.key.clone()), None)
    };
    let v1 = |path: String| {
        Attempt::new("get", path, Door::Legacy(asker.email.to_owned(), asker.key.clone()), None)
    };
    let lists = |at: &dyn Fn(String) -> Attempt, base: &str, cursor: &str| {
        let numbers = ["W0411", "D2000"];
        let mut pairs: Vec<[Attempt; 2]> = numbers
            .into_iter()
            .map(|number| {
                // Their number, or one that nobody has: no row of theirs in either.
                [format!("{base}?account_number={number}"), format!("{base}?account_number=none")]
                    .map(at)
                    .map(Attempt::only_own_rows)
            })
            .collect();
        pairs.push([format!("{base}?cursor={cursor}"), format!("{base}?cursor=AAAA")].map(at));
        pairs.push([base.to_owned(), format!("{base}?q=none")].map(at).map(Attempt::only_own_rows));
        pairs
    };
    let [messages, recordings, to_dos, runs] = &theirs.cursors;
    let unknown = 424_242;
    Some(match operation {
        "get /api/v2/messages" => lists(&|path| v2("get", path), "/api/v2/messages", messages),
        "get /api/v2/call-recordings" => {
            lists(&|path| v2("get", path), "/api/v2/call-recordings", recordings)
        }
        "get /v1/messages" => lists(&|path| v1(path), "/v1/messages", messages),
        "get /api/v2/messages/{id}"
        | "get /api/v2/messages/{id}/deliveries"
        | "get /api/v2/messages/{id}/activities" => {
            let path = operation.trim_start_matches("get ");
            vec![[message, unknown].map(|id| v2("get", path.replace("{id}", &id.to_string())))]
        }
        "patch /api/v2/messages/{id}" => writes("patch", asker, message, unknown),
        "put /api/v2/messages/{id}" => writes("put", asker, message, unknown),
        operation if operation.contains("/on-call") => {
            on_call_attempts(operation, &v2, [theirs.rotation, unknown])?
        }
        "get /api/v2/to-dos" => lists(&|path| v2("get", path), "/api/v2/to-dos", to_dos),
        operation if operation.contains("/to-dos") => {
            to_do_attempts(operation, asker, [theirs.to_do, unknown], runs)?
        }
        "get /api/v2/call-recordings/{id}" => {
            vec![[recording, unknown].map(|id| v2("get", format!("/api/v2/call-recordings/{id}")))]
        }
        "get /v1/messages/{id}" => {
            vec![[message, unknown].map(|id| v1(format!("/v1/messages/{id}")))]
        }
        "get /api/v2/me" => {
            let me = v2("get", "/api/v2/me".to_owned()).only_own_rows();
            vec![[me.clone(), me]]
        }
        "get /recordings/{id}/audio" => {
            // Their signature on a tenant of another name; without one nothing opens at all.
            let query = theirs.link.split_once('?').expect("a query").1;
            let plain = [recording, unknown].map(|id| format!("/recordings/{id}/audio"));
            let mut pairs = vec![plain.map(|path| Attempt::new("get", path, Door::None, None))];
            if asker.tenant == "two" {
                let signed =
                    [recording, unknown].map(|id| format!("/recordings/{id}/audio?{query}"));
                pairs.push(signed.map(|path| Attempt::new("get", path, Door::None, None)));
            }
            pairs
        }
        operation => return hook_attempts(operation, asker),
    })
}

fn on_call_attempts(
    operation: &str,
    v2: &dyn Fn(&str, String) -> Attempt,
    ids: [i64; 2],
) -> Option<Vec<[Attempt; 2]>> {
    let list = "/api/v2/on-call";
    let own = |query: &str| v2("get", format!("{list}?{query}")).only_own_rows();
    let shifts = |query| ids.map(|id| v2("get", format!("{list}/{id}/shifts{query}")));
    Some(match operation {
        "get /api/v2/on-call" => {
            ["account_number=W0411", "account_number=D2000", "at=2025-02-01T00:00:00Z"]
                .map(|query| [own(query), own("account_number=none")])
                .into()
        }
        "get /api/v2/on-call/{id}/shifts" => {
            ["", "?from_date=2025-01-06", "?to_date=x"].map(shifts).into()
        }
        _ => return None,
    })
}

/// Reports to the hooks: with a key that is not the reporter's, or about what is not its own.
fn hook_attempts(operation: &str, asker: &Asker<'_>) -> Option<Vec<[Attempt; 2]>> {
    Some(match operation {
        "post /hooks/v1/carriers/{name}/status"
        | "post /hooks/v1/carriers/{name}/inbound"
        | "post /hooks/v1/carriers/{name}/keys" => {
            // A carrier's own key opens nothing of another's: see carriers.rs.
            let at = |name: &str| {
                let path = operation.trim_start_matches("post ").replace("{name}", name);
                Attempt::new("post", path, Door::Bearer(asker.key.clone()), None)
            };
            vec![["courier", "none"].map(at)]
        }
        "post /hooks/v1/bounces" => {
            let door = || Door::Bearer(asker.key.clone());
            let at = |mail: &str| {
                let path = "/hooks/v1/bounces".to_owned();
                Attempt::new("post", path, door(), Some(mail.to_owned()))
            };
            vec![["Message-ID: <a@b>", ""].map(at)]
        }
        "post /hooks/v1/calls" | "post /hooks/v1/calls/events" => {
            return switch_attempts(operation, asker);
        }
        _ => return None,
    })
}

/// What a switch may tell of another tenant's account, and of one that does not exist.
fn switch_attempts(operation: &str, asker: &Asker<'_>) -> Option<Vec<[Attempt; 2]>> {
    Some(match operation {
        "post /hooks/v1/calls" => {
            let call = |number: &str| {
                let call = serde_json::json!({
                    "call_sid": number, "account_number": number,
                    "started_at": "2025-01-21T22:08:20Z",
                });
                let door = Door::Switch(asker.switch.to_owned());
                let path = "/hooks/v1/calls".to_owned();
                Attempt::new("post", path, door, Some(call.to_string()))
            };
            // Accounts of the other tenant are made with the same numbers in both; this one is
            // made in the first only.
            vec![["ONLY-ONE", "NOBODYS"].map(call)]
        }
        "post /hooks/v1/calls/events" => {
            let event = |number: &str| {
                let event = serde_json::json!({
                    "call_sid": number, "account_number": number, "event": "ringing",
                    "occurred_at": "2025-01-21T22:08:20Z",
                });
                let door = Door::Bearer(asker.switch.to_owned());
                let path = "/hooks/v1/calls/events".to_owned();
                Attempt::new("post", path, door, Some(event.to_string()))
            };
            vec![["ONLY-ONE", "NOBODYS"].map(event)]
        }
        _ => return None,
    })
}

/// Requests about a To Do of somebody else's, and about one that does not exist.
fn to_do_attempts(
    operation: &str,
    asker: &Asker<'_>,
    ids: [i64; 2],
    cursor: &str,
) -> Option<Vec<[Attempt; 2]>> {
    let (method, path) = operation.split_once(' ').expect("a method");
    let at = |rest: &str, body: Option<&str>| {
        ids.map(|id| {
            let path = format!("{}{rest}", path.replace("{id}", &id.to_string()));
            let door = Door::Bearer(asker.key.clone());
            Attempt::new(method, path, door, body.map(str::to_owned))
        })
    };
    Some(match operation {
        "get /api/v2/to-dos/{id}"
        | "delete /api/v2/to-dos/{id}"
        | "post /api/v2/to-dos/{id}/pause"
        | "post /api/v2/to-dos/{id}/resume" => vec![at("", None)],
        "get /api/v2/to-dos/{id}/preview" => vec![at("", None), at("?count=3", None)],
        "get /api/v2/to-dos/{id}/runs" => {
            vec![at("", None), at("?limit=1", None), at(&format!("?cursor={cursor}"), None)]
        }
        "patch /api/v2/to-dos/{id}" | "put /api/v2/to-dos/{id}" => {
            let bodies = [
                r#"{"contact": "mine"}"#,
                r#"{"to_do": {"schedule": {"frequency": "daily"}}}"#,
                r#"{"contact": 5, "from": "1"}"#,
                "{}",
            ];
            bodies.map(|body| at("", Some(body))).into()
        }
        "post /api/v2/to-dos" | "post /api/v2/to-dos/preview" => {
            // An account of theirs with a number that nobody has where the asker belongs.
            let body = |number: &str, contact: &str| {
                serde_json::json!({
                    "account_number": number, "delivery_type": "sms", "contact": contact,
                    "message_text": "x", "schedule": {"frequency": "daily"},
                })
            };
            let pair = |contact| {
                ["ONLY-ONE", "NOBODYS"].map(|number| {
                    let door = Door::Bearer(asker.key.clone());
                    let body = body(number, contact).to_string();
                    Attempt::new(method, path.to_owned(), door, Some(body))
                })
            };
            vec![pair("x"), pair("\n")]
        }
        _ => return None,
    })
}

fn writes(method: &str, asker: &Asker<'_>, message: i64, unknown: i64) -> Vec<[Attempt; 2]> {
    let bodies =
        [r#"{"read": true}"#, r#"{"message": {"status": "closed", "note": "mine"}}"#, "{}"];
    let pairs = bodies.iter().map(|body| {
        [message, unknown].map(|id| {
            let path = format!("/api/v2/messages/{id}");
            let door = Door::Bearer(asker.key.clone());
            Attempt::new(method, path, door, Some((*body).to_owned()))
        })
    });
    pairs.collect()
}

#[derive(Clone)]
enum Door {
    None,
    Bearer(String),
    Legacy(String, String),
    Switch(String),
}

#[derive(Clone)]
struct Attempt {
    method: Method,
    path: String,
    door: Door,
    body: Option<String>,
    /// It may succeed, but only with rows of its own.
    may_succeed: bool,
}

impl Attempt {
    fn new(method: &str, path: String, door: Door, body: Option<String>) -> Self {
        let method = method.to_uppercase().parse().expect("a method");
        Attempt { method, path, door, body, may_succeed: false }
    }

    fn only_own_rows(self) -> Self {
        Attempt { may_succeed: true, ..self }
    }

    async fn send(&self, house: &House, tenant: &str, if_match: bool) -> Reply {
        let mut request = ask(self.method.clone(), tenant, &self.path);
        if if_match {
            request = request.header("if-match", "*");
        }
        let request: Ask = match &self.door {
            Door::None => request,
            Door::Bearer(key) | Door::Switch(key) => request.token(key),
            Door::Legacy(email, key) => request.legacy(email, key),
        };
        let request = match (&self.body, &self.door) {
            (Some(call), Door::Switch(_)) => {
                let (kind, body) = multipart(&[("call", call.as_bytes())]);
                request.header("content-type", &kind).body(body)
            }
            (Some(body), _) => {
                request.header("content-type", "application/json").body(body.clone())
            }
            (None, _) => request.empty(),
        };
        house.send(request).await
    }
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
