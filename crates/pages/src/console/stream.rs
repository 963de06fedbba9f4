//! `GET /console/events`: the queue as server-sent events, for each agent what it may see.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use app::Actor;
use app::live::Snapshot;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use axum_extra::extract::CookieJar;
use domain::user::Right;
use domain::{CallId, Instant, TenantId, limits};
use futures_util::stream::unfold;
use tokio::sync::watch;
use tokio::time::timeout;
use web::Web;
use web::{LiveView, StreamSeat};

use super::floor::FloorView;
use super::queue::Queue;
use crate::session::{PageError, PageResult, SignedIn, cookie_name};

/// How often a stream looks up while nothing happens.
const TICK: Duration = Duration::from_secs(1);
/// How often a stream says that it lives, and makes sure that its session does.
const BEAT_MS: i64 = 15 * limits::SECOND_MS;

/// What the stream of a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StreamView {
    /// The queue, beside the form of this call.
    Queue(Option<CallId>),
    Floor,
}

/// `GET /console/events` (`call`: the one whose form the page shows; `view=floor` for supervisors).
pub(crate) async fn events(
    visitor: Result<SignedIn, PageError>,
    State(web): State<Web>,
    Query(asked): Query<Vec<(String, String)>>,
    parts: Parts,
) -> PageResult {
    let visitor = match visitor {
        // A script cannot follow to the sign-in page; it is told, and tells the person.
        Err(PageError::SignIn { .. }) if wants_events(&parts) => {
            return Ok((StatusCode::UNAUTHORIZED, "Sign in again.").into_response());
        }
        visitor => visitor?,
    };
    let asked = |name: &str| asked.iter().find(|(at, _)| at == name).map(|(_, text)| text.as_str());
    let view = match asked("view") {
        Some("floor") => StreamView::Floor,
        _ => StreamView::Queue(asked("call").and_then(|id| id.parse().ok()).map(CallId)),
    };
    if view == StreamView::Floor {
        visitor.require(Right::ManageAccounts)?;
    }
    let (tenant, user) = (visitor.actor.tenant_id, visitor.actor.user_id);
    let Some(place) = web.streams.enter(tenant, user) else {
        let headers = [(RETRY_AFTER, "30")];
        let text = "You have the console open too often. Close some of its windows.";
        return Ok((StatusCode::TOO_MANY_REQUESTS, headers, text).into_response());
    };
    let shown = web.streams.watch(&web.app, tenant).await?;
    let jar = CookieJar::from_headers(&parts.headers);
    let cookie = jar.get(cookie_name(&web)).map(|cookie| cookie.value().to_owned());
    let now = web.app.now();
    let listener = Listener {
        closing: web.streams.closing(),
        tenant,
        actor: visitor.actor,
        csrf: visitor.csrf,
        zone: visitor.tenant.zone,
        cookie: cookie.unwrap_or_default(),
        shown,
        last: None,
        view,
        said_at: now,
        checked_at: now,
        web,
        _place: place,
    };
    let events = unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    // Proxies that buffer answers must not hold these back.
    let headers = [(CACHE_CONTROL, "no-store"), (BUFFERING, "no")];
    Ok((headers, Sse::new(events)).into_response())
}

const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

fn wants_events(parts: &Parts) -> bool {
    let accepts = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepts.is_some_and(|accepts| accepts.contains("text/event-stream"))
}

/// One open stream.
struct Listener {
    web: Web,
    tenant: TenantId,
    actor: Actor,
    csrf: String,
    cookie: String,
    zone: domain::Zone,
    shown: watch::Receiver<Arc<LiveView>>,
    closing: watch::Receiver<bool>,
    /// What was sent last: what changed for others only is not sent again.
    last: Option<Snapshot>,
    view: StreamView,
    said_at: Instant,
    checked_at: Instant,
    _place: StreamSeat,
}

impl Listener {
    /// The next event; `None` ends the stream. The first is always the whole, so that whoever
    /// comes back has missed nothing.
    async fn next(&mut self) -> Option<Event> {
        if self.last.is_none() {
            return self.tell();
        }
        loop {
            if *self.closing.borrow() {
                return None;
            }
            let changed = tokio::select! {
                changed = timeout(TICK, self.shown.changed()) => changed,
                _ = self.closing.changed() => return None,
            };
            let now = self.web.app.now();
            if now.ms_since(self.checked_at) >= BEAT_MS && !self.still_may(now).await {
                return None;
            }
            match changed {
                Ok(Ok(())) => {
                    if let Some(event) = self.tell() {
                        return Some(event);
                    }
                }
                Ok(Err(_)) => return None,
                Err(_) if now.ms_since(self.said_at) >= BEAT_MS => {
                    self.said_at = now;
                    return Some(Event::default().comment(""));
                }
                Err(_) => {}
            }
        }
    }

    /// Whether the session lives and may still look. The actor is read anew: its accounts may be
    /// others now.
    async fn still_may(&mut self, now: Instant) -> bool {
        self.checked_at = now;
        match app::sessions::peek(&self.web.app, self.tenant, &self.cookie).await {
            Ok(Some(actor)) => {
                let right = match self.view {
                    StreamView::Queue(_) => Right::TakeMessages,
                    StreamView::Floor => Right::ManageAccounts,
                };
                self.actor = actor;
                self.actor.role.may(right)
            }
            // While the database cannot be asked, nothing new is shown either.
            Err(app::Error::Unavailable(_)) => true,
            Ok(None) | Err(_) => false,
        }
    }

    /// What is shown now, unless this person has seen just that.
    fn tell(&mut self) -> Option<Event> {
        let shown = self.shown.borrow_and_update().clone();
        let mine = shown.snapshot.of(&self.actor);
        if self.last.as_ref() == Some(&mine) {
            return None;
        }
        let (now, zone) = (self.web.app.now(), self.zone.clone());
        let html = match self.view {
            StreamView::Queue(at) => {
                let (reader, csrf) = (self.actor.clone(), self.csrf.clone());
                Queue { snapshot: mine.clone(), reader, csrf, at, now, zone }.fragment()
            }
            StreamView::Floor => FloorView { snapshot: mine.clone(), now, zone }.fragment(),
        };
        self.last = Some(mine);
        self.said_at = now;
        Some(Event::default().id(shown.version.to_string()).data(on_lines(&html)))
    }
}

/// A text whose lines end as a stream's do: a carriage return would end one too early.
fn on_lines(html: &str) -> String {
    html.replace("\r\n", "\n").replace('\r', "\n")
}
