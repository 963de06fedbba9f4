//! What each operation of the API is asked for with somebody else's ids.

use axum::http::Method;

use super::{Asker, Rows};
use crate::contract::support::{Ask, House, Reply, ask, multipart};

/// Requests of one operation: each with an id or a parameter of somebody else's, and the same with
/// one that does not exist. Both must be answered alike. `None` if the operation has no case.
pub(super) fn attempts(
    operation: &str,
    asker: &Asker<'_>,
    theirs: &Rows,
) -> Option<Vec<[Attempt; 2]>> {
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
        | "get /api/v2/messages/{id}/activities"
        | "get /api/v2/messages/{id}/corrections" => {
            let path = operation.trim_start_matches("get ");
            vec![[message, unknown].map(|id| v2("get", path.replace("{id}", &id.to_string())))]
        }
        "post /api/v2/messages" => new_messages(asker),
        operation if operation.contains("/api/v2/messages/") => {
            writes(operation, asker, message, unknown)
        }
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

fn writes(operation: &str, asker: &Asker<'_>, message: i64, unknown: i64) -> Vec<[Attempt; 2]> {
    let (method, path) = operation.split_once(' ').expect("a method");
    let bodies = [
        r#"{"read": true}"#,
        r#"{"message": {"status": "closed", "note": "mine"}}"#,
        r#"{"answers": {"content": "mine"}}"#,
        r#"{"channel": "email"}"#,
        "{}",
    ];
    let pairs = bodies.iter().map(|body| {
        [message, unknown].map(|id| {
            let path = path.replace("{id}", &id.to_string());
            let door = Door::Bearer(asker.key.clone());
            Attempt::new(method, path, door, Some((*body).to_owned()))
        })
    });
    pairs.collect()
}

/// Messages for an account of theirs, and for one that nobody has.
fn new_messages(asker: &Asker<'_>) -> Vec<[Attempt; 2]> {
    let at = |number: &str| {
        let body = serde_json::json!({
            "account_number": number, "first_name": "Ida", "phone": "5550100", "content": "x",
        });
        let door = Door::Bearer(asker.key.clone());
        Attempt::new("post", "/api/v2/messages".to_owned(), door, Some(body.to_string()))
    };
    vec![["ONLY-ONE", "NOBODYS"].map(at)]
}

#[derive(Clone)]
pub(super) enum Door {
    None,
    Bearer(String),
    Legacy(String, String),
    Switch(String),
}

#[derive(Clone)]
pub(super) struct Attempt {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) door: Door,
    pub(super) body: Option<String>,
    /// It may succeed, but only with rows of its own.
    pub(super) may_succeed: bool,
}

impl Attempt {
    fn new(method: &str, path: String, door: Door, body: Option<String>) -> Self {
        let method = method.to_uppercase().parse().expect("a method");
        Attempt { method, path, door, body, may_succeed: false }
    }

    fn only_own_rows(self) -> Self {
        Attempt { may_succeed: true, ..self }
    }

    pub(super) async fn send(&self, house: &House, tenant: &str, if_match: bool) -> Reply {
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
