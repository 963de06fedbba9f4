//! A house with its doors open, and browsers that keep cookies and send forms.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use app::Actor;
use app::deliveries::NoCarriers;
use app::messages::MessageEntry;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::delivery::Outcome;
use domain::{Channel, JobKind, Message, MessageId};
use handbook::{Document, Handbook};
use http_body_util::BodyExt;
use testkit::carriers::Asked;
use testkit::{PASSWORD, Tenancy, World};
use tower::ServiceExt;
use web::{Settings, Web};

/// The domain whose subdomains are the tenants.
const DOMAIN: &str = "liberty.example";

/// The cookie of a session.
pub(crate) const SESSION: &str = "__Host-liberty";

/// The guides, and a page with a key in it.
static HANDBOOK: LazyLock<Arc<Handbook>> = LazyLock::new(|| {
    let sample = "# Sample\n\n```bash\ncurl -H \"Authorization: Bearer {AUTH_TOKEN}\"\n```\n";
    let mut documents = handbook::guides();
    documents.push(Document::new("/docs/sample", "API", sample));
    Arc::new(Handbook::new(documents))
});

/// A world with two tenants, and the doors to it.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) one: Tenancy,
    pub(crate) two: Tenancy,
    router: Router,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with_links(app::Links::default()).await
    }

    /// A house that knows how it is reached from outside.
    pub(crate) async fn with_links(links: app::Links) -> Self {
        let mut world = World::new().await;
        world.app = world.app.with_links(links);
        let one = world.tenancy("one").await;
        let two = world.tenancy("two").await;
        let settings = Settings {
            base_domain: Some(DOMAIN.to_owned()),
            default_tenant: None,
            is_https: true,
            trusted_proxies: Vec::new(),
        };
        let mut web = Web::new(world.app.clone(), world.blobs.clone(), settings);
        web.handbook = HANDBOOK.clone();
        // A stream ends after its first word, so that every answer has an end.
        web.streams.close();
        let router = web::surrounded(pages::router().fallback(pages::unknown), web);
        House { world, one, two, router }
    }

    /// A browser at a tenant, nobody signed in.
    pub(crate) fn browser(&self, tenant: &str) -> Browser {
        Browser {
            router: self.router.clone(),
            host: format!("{tenant}.{DOMAIN}"),
            cookies: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    /// A browser in which somebody of the first tenant is signed in.
    pub(crate) async fn signed_in(&self, actor: &Actor) -> Browser {
        let first = actor.tenant_id == self.one.tenant.id;
        let mut browser = self.browser(if first { "one" } else { "two" });
        let answer = browser.sign_in(&actor.email, PASSWORD, "/profile").await;
        assert_eq!(answer.status, 303, "{} signs in", actor.email);
        browser
    }

    /// A message for the law firm, taken by Ann for Jane, so that a mail waits.
    pub(crate) async fn take(&self) -> Message {
        let answers = [
            ("first_name", "Maria"),
            ("last_name", "Lopez"),
            ("phone", "(954) 832-6297"),
            ("content", "Please call me about the hearing."),
            ("meeting_preference", "Virtual"),
        ];
        let answers = answers.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let entry = MessageEntry {
            uuid: self.world.app.entropy().uuid(),
            form_id: self.one.form.id,
            answers: answers.to_vec(),
            did_id: Some(self.one.line.id),
            contact_id: Some(self.one.jane.id),
            caller_id: "9548326297".to_owned(),
            is_emergency: false,
            ..MessageEntry::default()
        };
        let (app, one) = (&self.world.app, &self.one);
        let taken = app::messages::take(app, &one.agent, one.law.id, entry).await;
        taken.expect("a message").message
    }

    /// A message of one of the first tenant's accounts.
    pub(crate) async fn add(
        &self,
        account: &domain::Account,
        change: impl FnOnce(&mut Message),
    ) -> MessageId {
        let now = self.world.app.now();
        self.world.add_message(account.tenant_id, account.id, now, change).await
    }

    /// Makes the e-mail's attempt that is due, with this outcome.
    pub(crate) async fn attempt(&self, outcome: Outcome) {
        self.attempt_on(Channel::Email, outcome).await;
    }

    /// Fires the To Dos that are due.
    pub(crate) async fn fire(&self) {
        let app = &self.world.app;
        let jobs = app::jobs::claim(app, JobKind::Fire, 100).await.expect("jobs");
        app::to_dos::fire_all(app, &jobs).await.expect("fired");
    }

    /// Makes the attempt that is due on a channel, with this outcome.
    pub(crate) async fn attempt_on(&self, channel: Channel, outcome: Outcome) {
        let app = &self.world.app;
        let kind = JobKind::Deliver(channel);
        let job = app::jobs::claim(app, kind, 1).await.expect("jobs").pop().expect("a job");
        match outcome {
            Outcome::Captured => {
                let started = app::deliveries::start(app, &job, &NoCarriers).await;
                assert!(started.expect("a start").is_none(), "it is captured");
            }
            outcome => {
                let mail = Asked("mail");
                let started = app::deliveries::start(app, &job, &mail).await;
                let started = started.expect("a start").expect("work");
                let recorded = app::deliveries::record(app, &started, &outcome, &mail).await;
                assert!(recorded.expect("recorded"));
            }
        }
    }
}

/// A browser: it keeps cookies, and sends forms with the token of the page before.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    host: String,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text"))
    }

    /// The token in its forms.
    pub(crate) fn csrf(&self) -> String {
        let (_, rest) = self.body.split_once("name=\"csrf\" value=\"").expect("a form");
        rest.split('"').next().expect("a token").to_owned()
    }

    /// The text between its tags, entities read, white space as single spaces.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for piece in self.body.split('<').skip(1) {
            text.push_str(piece.split_once('>').map_or("", |(_, text)| text));
            text.push(' ');
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
        text.replace("&#39;", "'").replace("&#38;", "&")
    }

    #[track_caller]
    pub(crate) fn shows(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "{text:?} is missing in: {}", self.text());
        self
    }

    #[track_caller]
    pub(crate) fn hides(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{text:?} stands in: {}", self.body);
        self
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    /// Sends a form as it is, without any token of ours.
    pub(crate) async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", path, Some(form)).await
    }

    /// Sends a form with the session's token, as a page of ours does.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf().await;
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        self.post_raw(path, &fields).await
    }

    /// The token of the session.
    pub(crate) async fn csrf(&mut self) -> String {
        self.get("/profile").await.is(200).csrf()
    }

    /// Follows where an answer leads.
    pub(crate) async fn follow(&mut self, answer: &Answer) -> Answer {
        answer.is(303);
        self.get(answer.location()).await
    }

    pub(crate) async fn sign_in(&mut self, email: &str, password: &str, next: &str) -> Answer {
        let csrf = self.get("/sign-in").await.csrf();
        let fields = [("email", email), ("password", password), ("next", next), ("csrf", &csrf)];
        self.post_raw("/sign-in", &fields).await
    }

    pub(crate) async fn send(&mut self, method: &str, path: &str, form: Option<String>) -> Answer {
        let peer: SocketAddr = "192.0.2.1:5000".parse().expect("an address");
        let mut request = Request::builder()
            .method(method)
            .uri(path.split('#').next().expect("a path"))
            .header("host", &self.host)
            .header("accept", "text/html,*/*")
            .extension(ConnectInfo(peer));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        for (name, value) in &self.cookies {
            request = request.header("cookie", format!("{name}={value}"));
        }
        let request = match form {
            Some(form) => request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(form)),
            None => request.body(Body::empty()),
        };
        let request = request.expect("a request");
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes().to_vec();
        let body = String::from_utf8(body).expect("a text");
        for cookie in parts.headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie"));
        }
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').expect("attributes");
        let (name, value) = pair.split_once('=').expect("a value");
        assert!(attributes.contains("Path=/"), "{cookie}");
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            for needed in ["HttpOnly", "Secure", "SameSite=Lax"] {
                assert!(attributes.contains(needed), "{cookie}");
            }
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
