//! A house whose console and portal are open, and people with a session each.

use std::sync::Arc;
use std::time::Duration;

use app::{Actor, sessions};
use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Request, StatusCode};
use domain::form::Section;
use domain::{Channel, Field, FieldKind, Message};
use http_body_util::BodyExt;
use testkit::{Tenancy, World};
use tokio::time::timeout;
use tower::ServiceExt;
use web::{ServedChannel, Settings, Streams, Web};

/// Two tenants, and the doors to them.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) one: Tenancy,
    pub(crate) two: Tenancy,
    pub(crate) streams: Streams,
    router: Router,
}

/// A stream of events that is open.
pub(crate) struct Stream {
    pub(crate) status: StatusCode,
    body: Body,
    rest: String,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    subdomain: String,
    cookie: String,
    pub(crate) csrf: String,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// Where a redirect leads, or empty.
    pub(crate) to: String,
    /// Cookies that it sets, to be sent with the next request.
    pub(crate) cookies: String,
    pub(crate) html: String,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with_carriers(&Channel::ALL).await
    }

    /// A house in which carriers serve these channels.
    pub(crate) async fn with_carriers(channels: &[Channel]) -> Self {
        let world = World::new().await;
        let one = world.tenancy("one").await;
        let two = world.tenancy("two").await;
        let settings = Settings {
            base_domain: Some("liberty.example".to_owned()),
            default_tenant: None,
            is_https: false,
            trusted_proxies: Vec::new(),
        };
        let mut web = Web::new(world.app.clone(), world.blobs.clone(), settings);
        let served = |channel: &Channel| ServedChannel { channel: *channel, tenants: Vec::new() };
        web.served = Arc::new(channels.iter().map(served).collect());
        let streams = web.streams.clone();
        House {
            world,
            one,
            two,
            streams,
            router: web::surrounded(pages::router().fallback(pages::unknown), web),
        }
    }

    /// A new session of somebody.
    pub(crate) async fn enters(&self, actor: &Actor) -> Visitor {
        let app = &self.world.app;
        let found = sessions::credentials(app, actor.tenant_id, &actor.email).await;
        let user = found.expect("asked").expect("somebody").user;
        let cookie = sessions::begin(app, &user).await.expect("a session");
        let session = sessions::of_cookie(app, actor.tenant_id, &cookie).await;
        let csrf = session.expect("asked").expect("signed in").csrf;
        let is_one = actor.tenant_id == self.one.tenant.id;
        let tenant = if is_one { &self.one.tenant } else { &self.two.tenant };
        let cookie = format!("liberty={cookie}");
        Visitor { subdomain: tenant.subdomain.clone(), cookie, csrf }
    }

    /// The agent of the first tenant.
    pub(crate) async fn agent(&self) -> Visitor {
        self.enters(&self.one.agent).await
    }

    /// The supervisor of the first tenant.
    pub(crate) async fn supervisor(&self) -> Visitor {
        self.enters(&self.one.supervisor).await
    }

    pub(crate) async fn get(&self, visitor: &Visitor, path: &str) -> Reply {
        self.send(Request::get(path), visitor, "", Body::empty()).await
    }

    /// Sends a form with the session's token.
    pub(crate) async fn post(
        &self,
        visitor: &Visitor,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Reply {
        let token = [("csrf", visitor.csrf.as_str())];
        self.post_bare(visitor, path, &[&token[..], fields].concat()).await
    }

    /// Sends a form as it is.
    pub(crate) async fn post_bare(
        &self,
        visitor: &Visitor,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Reply {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(CONTENT_TYPE, kind);
        self.send(request, visitor, "", Body::from(form.finish())).await
    }

    /// The page that a redirect leads to, with what it says happened.
    pub(crate) async fn follow(&self, visitor: &Visitor, reply: &Reply) -> Reply {
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.html);
        let path = reply.to.split('#').next().expect("a path");
        self.send(Request::get(path), visitor, &reply.cookies, Body::empty()).await
    }

    async fn send(
        &self,
        request: axum::http::request::Builder,
        visitor: &Visitor,
        cookies: &str,
        body: Body,
    ) -> Reply {
        let request = request
            .header(HOST, format!("{}.liberty.example", visitor.subdomain))
            .header(COOKIE, format!("{}; {cookies}", visitor.cookie))
            .body(body)
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let to = text(LOCATION).unwrap_or_default().to_owned();
        let set = text(SET_COOKIE).unwrap_or_default();
        let cookies = set.split(';').next().unwrap_or_default().to_owned();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let html = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Reply { status: parts.status, to, cookies, html }
    }

    /// Opens a stream of events as a page does.
    pub(crate) async fn stream(&self, visitor: &Visitor, path: &str) -> Stream {
        let request = Request::get(path)
            .header(HOST, format!("{}.liberty.example", visitor.subdomain))
            .header(COOKIE, &visitor.cookie)
            .header(ACCEPT, "text/html, text/event-stream")
            .body(Body::empty())
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        Stream { status, body: response.into_body(), rest: String::new() }
    }

    /// Every message of the first tenant, newest first.
    pub(crate) async fn messages(&self) -> Vec<Message> {
        let (app, owner) = (&self.world.app, &self.one.owner);
        let filter =
            app::messages::filter(app, owner, app::messages::MessageQuery::default()).await;
        let page = app::messages::page(app, owner, &filter.expect("a filter"), None, 100).await;
        page.expect("a page")
    }

    /// Gives the law firm another form.
    pub(crate) async fn asks(&self, fields: Vec<Field>) {
        self.goes_through(vec![Section::of(fields)]).await;
    }

    /// Gives the law firm another form of several sections.
    pub(crate) async fn goes_through(&self, sections: Vec<Section>) {
        let (app, one) = (&self.world.app, &self.one);
        let form = app::forms::publish(app, one.tenant.id, None, one.law.id, None, sections).await;
        form.expect("a form");
    }
}

impl Stream {
    /// The next event, or the next sign of life (`":"`); `None` when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let event = event.to_owned();
                self.rest = rest.to_owned();
                return Some(event);
            }
            let frame = timeout(Duration::from_secs(10), self.body.frame()).await;
            let frame = frame.expect("something within ten seconds")?.expect("a frame");
            let data = frame.into_data().expect("data");
            self.rest.push_str(std::str::from_utf8(&data).expect("UTF-8"));
        }
    }

    /// Whether nothing comes for a moment.
    pub(crate) async fn is_silent(&mut self) -> bool {
        timeout(Duration::from_millis(600), self.next()).await.is_err()
    }
}

impl Visitor {
    /// Loses the cookie.
    pub(crate) fn forget(&mut self) {
        self.cookie = "liberty=gone".to_owned();
    }
}

impl Reply {
    /// Whether it holds a text as a person reads it.
    pub(crate) fn says(&self, text: &str) -> bool {
        let read = self.html.replace("&#39;", "'").replace("&#34;", "\"");
        read.replace("&#38;", "&").replace("&amp;", "&").contains(text)
    }

    /// The name of the draft of its form.
    pub(crate) fn draft(&self) -> &str {
        let (_, rest) = self.html.split_once("data-draft=\"").expect("a form");
        rest.split('"').next().expect("its end")
    }

    /// What stands in a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let start = format!("type=\"hidden\" name=\"{name}\" value=\"");
        let (_, rest) = self.html.split_once(&start).expect("a hidden field");
        rest.split('"').next().expect("its end").to_owned()
    }

    /// The control of a field, from its name to the next field.
    pub(crate) fn control(&self, name: &str) -> &str {
        let start = format!("name=\"{name}\"");
        let (_, rest) = self.html.split_once(&start).unwrap_or_else(|| panic!("no {name}"));
        rest.split("name=\"").next().expect("its end")
    }
}

/// One question of every kind, none of them required.
pub(crate) fn every_kind() -> Vec<Field> {
    let options = || vec!["Gas".to_owned(), "Oil".to_owned()];
    let kind = |word: &&str| FieldKind::parse(word, options()).expect("a kind");
    let field = |kind: FieldKind| Field::new(&kind.as_str().replace('_', " "), kind, false);
    FieldKind::WORDS.iter().map(kind).map(field).collect()
}
