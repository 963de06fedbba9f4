//! Every statement of the published documents, asked of the real program with its demo.
//!
//! The tests of `api` hold the golden bodies on rows that were made for them. Here stands the list
//! of all that the documents say, each with the section that says it and the request that shows it,
//! and what answers is what the demo made by the ways that users take, row by row.

use std::panic::{AssertUnwindSafe, catch_unwind};

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

use super::live::{Place, Server, eventually, http};

mod likeness;
mod statements;
mod version_1;
mod version_2;

use statements::{INVALID_TOKEN, Statement, Who, statements};

/// A running demo.
struct Demo {
    place: Place,
    server: Server,
    http: Client,
    /// `demo.json`.
    told: Value,
    /// A day on which messages were taken, `MM-DD-YYYY`, in the zone of the account.
    day: String,
    _dir: tempfile::TempDir,
}

/// What was answered.
struct Answer {
    status: StatusCode,
    headers: reqwest::header::HeaderMap,
    text: String,
    json: Value,
}

impl Demo {
    async fn start() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let place = Place::at(dir.path());
        place.ok(&["migrate"]);
        place.ok(&["demo"]);
        let text = std::fs::read_to_string(dir.path().join("demo.json")).expect("demo.json");
        let told = serde_json::from_str(&text).expect("JSON");
        let (server, http) = (place.serve(), http().build().expect("a client"));
        let mut demo = Demo { place, server, http, told, day: String::new(), _dir: dir };
        let one = demo.ask(&Statement::new("", "", "GET /api/v2/messages/{message}")).await;
        let taken = one.json["data"]["created_at"].as_str().expect("an instant");
        let taken = domain::Instant::parse(taken).expect("an instant");
        let day = domain::account::DEFAULT_ZONE;
        let day = domain::Zone::named(day).expect("a zone").date(taken);
        demo.day = statements::month_day_year(day);
        demo
    }

    fn text(&self, pointer: &str) -> String {
        let value = self.told.pointer(pointer).expect(pointer);
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// Asks what a statement asks.
    async fn ask(&self, statement: &Statement) -> Answer {
        let filled = |text: &str| {
            text.replace("{message}", &self.text("/message_id"))
                .replace("{recording}", &self.text("/recording_id"))
                .replace("{day}", &self.day)
                // The account of the documents' request.
                .replace("W0411", &self.text("/account_number"))
        };
        let (method, path) = statement.asks.split_once(' ').expect("a method and a path");
        let method: Method = method.parse().expect("a method");
        let host = match statement.by {
            Who::Neighbour => self.text("/other_tenant/host"),
            _ => self.text("/host"),
        };
        let mut request = self
            .http
            .request(method, format!("{}{}", self.server.url, filled(path)))
            .header("Host", host)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json");
        request = match statement.by {
            Who::Key => request.bearer_auth(self.text("/v2_key")),
            Who::Nobody => request,
            Who::WrongKey => request.bearer_auth("lk_wrong"),
            Who::ForeignKey => request.bearer_auth(self.text("/other_tenant/v2_key")),
            Who::Neighbour => request.bearer_auth(self.text("/other_tenant/v2_key")),
            Who::V1 => request
                .header("X-API-EMAIL", self.text("/v1_email"))
                .header("X-API-TOKEN", self.text("/v1_token")),
            Who::V1WrongToken => request
                .header("X-API-EMAIL", self.text("/v1_email"))
                .header("X-API-TOKEN", "lk_wrong"),
        };
        if !statement.sends.is_empty() {
            request = request.body(filled(statement.sends));
        }
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().await.expect("a body");
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, text, json }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(&Statement::new("", "", &format!("GET {path}"))).await
    }
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// What stands in `data`, or is the whole answer in version 1, as a list.
    #[track_caller]
    fn rows(&self) -> &Vec<Value> {
        let rows = self.json.get("data").unwrap_or(&self.json);
        rows.as_array().unwrap_or_else(|| panic!("no list: {}", self.text))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_of_the_documents_is_true_of_the_demo() {
    let demo = Demo::start().await;
    let statements = statements();
    let mut untrue = Vec::new();
    for statement in &statements {
        let answer = demo.ask(statement).await;
        let holds = || (statement.finds)(&answer, &demo);
        if catch_unwind(AssertUnwindSafe(holds)).is_err() {
            untrue.push(format!(
                "{}: {} ({} -> {})",
                statement.source, statement.says, statement.asks, answer.status
            ));
        }
    }
    audio_plays(&demo).await;
    assert!(untrue.is_empty(), "of {} statements: {untrue:#?}", statements.len());
    println!("{} statements of the documents are true of the demo", statements.len());
}

/// v2 reference, "Call Recordings": there are audio files, at the address that a recording names.
async fn audio_plays(demo: &Demo) {
    let one = demo.get("/api/v2/call-recordings/{recording}").await;
    let address = one.json["data"]["recording"].as_str().expect("an address");
    let path = address.split_once(&demo.text("/host")).expect("on this host").1;
    let request = demo.http.get(format!("{}{path}", demo.server.url));
    let answer = request.header("Host", demo.text("/host")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "without any token");
    let kind = answer.headers()["content-type"].to_str().expect("a kind").to_owned();
    assert!(["audio/mpeg", "audio/wav"].contains(&kind.as_str()), "{kind}");
    assert!(answer.bytes().await.expect("audio").len() > 10_000);
}

/// v2 reference, "Authentication": tokens are made in the profile under Application Keys, looked
/// through there, and revoked there; several integrations have one each.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_made_reviewed_and_revoked_in_the_profile() {
    let demo = Demo::start().await;
    let people = http().cookie_store(true).build().expect("a client");
    let page = async |path: &str| {
        let url = format!("{}{path}", demo.server.url);
        people.get(url).send().await.expect("an answer").text().await.expect("a page")
    };
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let url = format!("{}{path}", demo.server.url);
        let answer = people.post(url).form(fields).send().await.expect("an answer");
        answer.text().await.expect("a page")
    };
    let csrf = between(&page("/sign-in").await, "name=\"csrf\" value=\"", "\"");
    let [email, password] = ["/client/email", "/client/password"].map(|at| demo.text(at));
    post("/sign-in", &[("csrf", &csrf), ("email", &email), ("password", &password)]).await;
    assert!(page("/profile").await.contains("Application Keys"));

    let csrf = between(&page("/profile").await, "name=\"csrf\" value=\"", "\"");
    let mut tokens = Vec::new();
    for name in ["The CRM", "The report"] {
        let made = post("/profile/keys", &[("csrf", &csrf), ("name", name)]).await;
        tokens.push(between(&made, "<code id=\"token\">", "<"));
    }
    let status = async |token: &str| {
        let url = format!("{}/api/v2/messages?limit=1", demo.server.url);
        demo.http.get(url).bearer_auth(token).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!([status(&tokens[0]).await, status(&tokens[1]).await], [200, 200]);
    let listed = page("/profile").await;
    assert!(listed.contains("The CRM") && listed.contains(&tokens[0][..11]), "{listed}");
    assert!(!listed.contains(&tokens[0]), "a token is shown once");

    let row = between(&listed, "The CRM</strong>", "</tr>");
    let revoke = between(&row, "action=\"", "\"");
    post(&revoke, &[("csrf", &csrf)]).await;
    assert_eq!([status(&tokens[0]).await, status(&tokens[1]).await], [401, 200]);
    assert!(!page("/profile").await.contains("The CRM</strong>"));
}

/// v2 examples, "404 Not Found": older clients hear 404 of an invalid token, where the tenant wants.
#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_wants_it_answers_as_the_older_examples_do() {
    let demo = Demo::start().await;
    let wrong = Statement::new("", "", "GET /api/v2/messages").by(Who::WrongKey);
    assert_eq!(demo.ask(&wrong).await.status, 401);
    demo.place.ok(&["tenant", "hide-bad-tokens", "demo", "true"]);
    let url = format!("{}/api/v2/me", demo.server.url);
    // Another node hears of it within a second.
    eventually("the tenant hides bad tokens", std::time::Duration::from_secs(10), || {
        super::live::get(&url) == Some(404)
    });
    let answer = demo.ask(&wrong).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.json, statements::golden(INVALID_TOKEN));
}

/// v2 reference, "Related pages": the reference's own pages, for people and for programs.
#[tokio::test(flavor = "multi_thread")]
async fn the_documents_own_pages_are_served() {
    let demo = Demo::start().await;
    for page in statements::PAGES {
        let html = demo.get(&format!("/docs/api-reference/user-portal-apis/{page}")).await;
        assert_eq!(html.status, 200, "{page}");
        assert!(html.header("content-type").starts_with("text/html"), "{page}");
        let text = demo.get(&format!("/docs/api-reference/user-portal-apis/{page}.md")).await;
        assert_eq!(text.status, 200, "{page}.md");
        assert!(text.header("content-type").starts_with("text/markdown"), "{page}.md");
        assert!(text.text.starts_with("# "), "{page}.md");
    }
}

/// What stands between two texts of a page.
fn between(page: &str, from: &str, to: &str) -> String {
    let rest = page.split_once(from).unwrap_or_else(|| panic!("{from}: {page}")).1;
    rest.split_once(to).expect(to).0.to_owned()
}
