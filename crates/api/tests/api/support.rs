//! A house with its doors open, asked through the real router.

use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use testkit::postgres::Postgres;
use testkit::{Tenancy, World};
use tower::ServiceExt;
use web::{Settings, Web};

/// The domain whose subdomains are the tenants.
pub(crate) const DOMAIN: &str = "liberty.example";

/// A world with two tenants, and the doors to it.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) one: Tenancy,
    pub(crate) two: Tenancy,
    pub(crate) web: Web,
    router: Router,
    _database: Option<Postgres>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl House {
    /// A house on SQLite.
    pub(crate) async fn new() -> Self {
        Self::of(World::new().await, None).await
    }

    /// A house on PostgreSQL.
    pub(crate) async fn on_postgres() -> Self {
        let database = Postgres::database();
        let folder = tempfile::tempdir().expect("a folder");
        let world = World::on(database.url(), folder).await;
        Self::of(world, Some(database)).await
    }

    /// A house with one tenant, as the contract's samples need it: their account is number 4.
    pub(crate) async fn single(is_postgres: bool) -> Self {
        let database = is_postgres.then(Postgres::database);
        let world = match &database {
            Some(database) => {
                World::on(database.url(), tempfile::tempdir().expect("a folder")).await
            }
            None => World::new().await,
        };
        let one = world.tenancy("one").await;
        let web = Web::new(world.app.clone(), world.blobs.clone(), settings());
        let router = doors(web.clone());
        House { router, world, two: one.clone(), one, web, _database: database }
    }

    async fn of(world: World, database: Option<Postgres>) -> Self {
        let one = world.tenancy("one").await;
        let two = world.tenancy("two").await;
        let web = Web::new(world.app.clone(), world.blobs.clone(), settings());
        House { router: doors(web.clone()), world, one, two, web, _database: database }
    }

    /// The same house, with its audio in another folder.
    pub(crate) fn with_audio_in(mut self, folder: &Path) -> Self {
        let blobs = blobs::Blobs::local(folder).expect("a folder");
        self.web = Web::new(self.world.app.clone(), blobs, settings());
        self.router = doors(self.web.clone());
        self
    }

    /// The same house, with its doors set up otherwise.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Web)) -> Self {
        change(&mut self.web);
        self.router = doors(self.web.clone());
        self
    }

    /// The router itself, for a real server.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Sends a request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Reads an address of the first tenant with its client's key.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(ask(Method::GET, "one", path).token(&self.one.key).empty()).await
    }

    /// Sends JSON to an address of the first tenant with its client's key.
    pub(crate) async fn json(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let request = ask(method, "one", path).token(&self.one.key);
        self.send(request.header("content-type", "application/json").body(body)).await
    }
}

fn settings() -> Settings {
    Settings {
        base_domain: Some(DOMAIN.to_owned()),
        default_tenant: None,
        is_https: true,
        trusted_proxies: Vec::new(),
    }
}

/// A request in the making.
pub(crate) struct Ask(axum::http::request::Builder);

/// A request to a tenant.
pub(crate) fn ask(method: Method, tenant: &str, path: &str) -> Ask {
    let peer: SocketAddr = "192.0.2.1:5000".parse().expect("an address");
    let host = format!("{tenant}.{DOMAIN}");
    Ask(Request::builder()
        .method(method)
        .uri(path)
        .header("host", host)
        .extension(ConnectInfo(peer)))
}

impl Ask {
    /// With a bearer token.
    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With the two headers of version 1.
    pub(crate) fn legacy(self, email: &str, token: &str) -> Self {
        self.header("x-api-email", email).header("x-api-token", token)
    }

    /// With a header.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Ask(self.0.header(name, value))
    }

    /// From another address.
    pub(crate) fn from(self, peer: &str) -> Self {
        let peer: SocketAddr = peer.parse().expect("an address");
        Ask(self.0.extension(ConnectInfo(peer)))
    }

    /// Without a body.
    pub(crate) fn empty(self) -> Request<Body> {
        self.body(Body::empty())
    }

    /// With a body.
    pub(crate) fn body(self, body: impl Into<Body>) -> Request<Body> {
        self.0.body(body.into()).expect("a request")
    }
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value, `""` if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The ids in `data`, or in a bare array.
    pub(crate) fn ids(&self) -> Vec<i64> {
        let json = self.json();
        let rows = json.get("data").unwrap_or(&json).as_array().expect("a list").clone();
        let id = |row: &Value| row.get("id").or(row.get("message_id")).and_then(Value::as_i64);
        rows.iter().map(|row| id(row).expect("an id")).collect()
    }

    /// Checks that it is a refusal in the envelope, and answers its `data.errors` keys.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16) -> Vec<String> {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        let json = self.json();
        assert_eq!(json["success"], false);
        assert!(json["info"].as_str().is_some_and(|info| !info.is_empty()), "{json}");
        let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["success", "info", "data"]);
        let errors = json["data"]["errors"].as_object();
        errors.map(|errors| errors.keys().cloned().collect()).unwrap_or_default()
    }
}

/// A golden file.
pub(crate) fn golden(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let text = std::fs::read_to_string(path).expect("a golden file");
    serde_json::from_str(&text).expect("JSON")
}

/// A multipart body and its content type.
pub(crate) fn multipart(parts: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "a-boundary-that-nothing-holds";
    let mut body = Vec::new();
    for (name, bytes) in parts {
        let file = if *name == "audio" { "; filename=\"call.wav\"" } else { "" };
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// The doors for programs, alone.
fn doors(web: Web) -> Router {
    web::surrounded(api::router().fallback(web::unknown), web)
}
