//! The page behind the link of an e-mail: who called, for whom, what was said, and one button that
//! acknowledges it. Nobody needs to sign in for it.

use app::Error;
use app::acknowledgements::{self, LinkState, Linked};
use askama::Template;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::{HeaderName, REFERRER_POLICY, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Instant, Tenant, limits};
use web::{ClientAddress, Guesser, Routes, Web, tenant};

use crate::session::{PageError, page};
use crate::ui::words::or;
use crate::ui::{Lost, phone, tel};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// `GET /a/{token}` looks, `POST /a/{token}` acknowledges.
///
/// Mail servers and their scanners open every link of a mail, so that looking must change nothing.
/// There is no token against forged requests: there is no session that a forger could ride on, and
/// whoever knows the address may press the button anyway. The address is the secret.
#[derive(Debug, Clone, Template)]
#[template(path = "acknowledge.html")]
pub(crate) struct Acknowledge {
    tenant_name: String,
    token: String,
    linked: Linked,
    state: LinkStanding,
    now: Instant,
}

/// Where the message stands, for whoever opens the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkStanding {
    /// It waits for the button.
    Open,
    /// It was acknowledged just now, here.
    Done,
    /// It was acknowledged with this link before.
    Used,
    /// Somebody took charge otherwise.
    Settled,
    /// The link is too old.
    Expired,
}

/// The addresses of the page.
pub(crate) fn routes() -> Routes {
    Routes::new().get("/a/{token}", look).post("/a/{token}", press)
}

/// Whose link is opened, and from where.
struct LinkRequest {
    tenant: Tenant,
    from: ClientAddress,
    token: String,
}

impl FromRequestParts<Web> for LinkRequest {
    type Rejection = PageError;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        web: &Web,
    ) -> Result<Self, PageError> {
        let tenant = tenant::of_request(parts, web).await?;
        let Ok(from) = ClientAddress::from_request_parts(parts, web).await;
        // What is no text is no token either: it is counted as a wrong one.
        let token = Path::<String>::from_request_parts(parts, &()).await;
        Ok(LinkRequest { tenant, from, token: token.map(|Path(token)| token).unwrap_or_default() })
    }
}

async fn look(State(web): State<Web>, opened: LinkRequest) -> Response {
    let linked = acknowledgements::linked(&web.app, opened.tenant.id, &opened.token).await;
    answer(&web, &opened, linked, false)
}

/// What the request carries besides its address is not even read.
async fn press(State(web): State<Web>, opened: LinkRequest, _: Request) -> Response {
    let linked = acknowledgements::by_link(&web.app, opened.tenant.id, &opened.token).await;
    answer(&web, &opened, linked, true)
}

fn answer(web: &Web, opened: &LinkRequest, linked: app::Result<Linked>, pressed: bool) -> Response {
    let mut response = match linked {
        Ok(linked) => {
            let now = web.app.now();
            let drawn = Acknowledge::draw(&opened.tenant.name, &opened.token, linked, pressed, now);
            page(StatusCode::OK, &drawn)
        }
        Err(Error::NotFound) => wrong(web, opened.from),
        Err(error) => PageError::Refused(error).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive"));
    response
}

/// A wrong link is a guess like a wrong token: whoever makes many of them waits.
fn wrong(web: &Web, from: ClientAddress) -> Response {
    match web.guesses.wrong(Guesser::Tokens(from.0), web.app.now()) {
        None => page(StatusCode::NOT_FOUND, &Lost::no_link()),
        Some(seconds) => {
            let mut response = page(StatusCode::TOO_MANY_REQUESTS, &Lost::wait());
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

impl Acknowledge {
    pub(crate) fn draw(
        tenant_name: &str,
        token: &str,
        linked: Linked,
        pressed: bool,
        now: Instant,
    ) -> Self {
        let state = match (linked.state, pressed) {
            (LinkState::Open, true) => LinkStanding::Done,
            (LinkState::Open, false) => LinkStanding::Open,
            (LinkState::Used, _) => LinkStanding::Used,
            (LinkState::Settled, _) => LinkStanding::Settled,
            (LinkState::Expired, _) => LinkStanding::Expired,
        };
        let (tenant_name, token) = (tenant_name.to_owned(), token.to_owned());
        Acknowledge { tenant_name, token, linked, state, now }
    }

    /// An old mail must not open a message for ever, whatever became of it.
    fn is_old(&self) -> bool {
        self.now >= self.linked.delivery.created_at.plus_ms(limits::ACK_LINK_LIFE_MS)
    }

    fn who(&self) -> String {
        if self.is_old() {
            return "A caller".to_owned();
        }
        or(&self.linked.message.caller(), "An unknown caller").to_owned()
    }

    /// The number to call back, as read and as dialled.
    fn phone(&self) -> Option<(String, String)> {
        let message = &self.linked.message;
        let numbers = [&message.phone, &message.phone_number, &message.caller_id];
        let number = numbers.into_iter().find(|number| tel(number).is_some());
        let number = number.filter(|_| !self.is_old());
        number.and_then(|number| Some((phone(number), tel(number)?)))
    }

    fn taken(&self) -> String {
        self.linked.account.zone.portal(self.linked.message.created_at).to_string()
    }

    /// How loud the state is: its class, its icon, and what is said.
    pub(crate) fn said(&self) -> (&'static str, &'static str, &'static str) {
        match self.state {
            LinkStanding::Open => ("", "bell", "Nobody has acknowledged this message yet."),
            LinkStanding::Done => {
                ("green", "check-check", "Thank you. It is acknowledged, and nobody else is told.")
            }
            LinkStanding::Used => {
                ("green", "check-check", "It was acknowledged with this link before.")
            }
            LinkStanding::Settled => {
                ("green", "circle-check", "Somebody has taken charge of it already.")
            }
            LinkStanding::Expired => (
                "amber",
                "clock",
                "This link is too old to be used. Sign in to the portal, or call your answering \
                 service.",
            ),
        }
    }

    /// Whether there is something to press.
    pub(crate) fn is_open(&self) -> bool {
        self.state == LinkStanding::Open
    }
}
