//! The page behind the link of an e-mail: who called, for whom, what was said, and one button that
//! acknowledges it. Nobody needs to sign in for it.

use app::Error;
use app::acknowledgements::{self, LinkState, Linked};
use askama::Template;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::{HeaderName, REFERRER_POLICY, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Tenant, limits};
use web::{ClientAddress, Guesser, Routes, Web, tenant};

use crate::session::{PageError, page};
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
    /// The answering service.
    pub(crate) tenant_name: String,
    /// Where the message stands.
    pub(crate) state: Shown,
    /// The address of this page.
    pub(crate) action: String,
    /// The caller.
    pub(crate) who: String,
    /// "for Jane Hartwell at Hart & Lowe".
    pub(crate) for_whom: String,
    /// Whom the link was sent to, or empty.
    pub(crate) name: String,
    /// What the caller said; empty once the link is too old to show it.
    pub(crate) content: String,
    /// The number to call back, as read and as dialled.
    pub(crate) phone: Option<(String, String)>,
    /// When it was taken.
    pub(crate) taken: String,
    /// It is an emergency.
    pub(crate) is_emergency: bool,
}

/// Where the message stands, for whoever opens the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
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
struct Opened {
    tenant: Tenant,
    from: ClientAddress,
    token: String,
}

impl FromRequestParts<Web> for Opened {
    type Rejection = PageError;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        web: &Web,
    ) -> Result<Self, PageError> {
        let tenant = tenant::of_request(parts, web).await?;
        let Ok(from) = ClientAddress::from_request_parts(parts, web).await;
        // What is no text is no token either: it is counted as a wrong one.
        let token = Path::<String>::from_request_parts(parts, &()).await;
        Ok(Opened { tenant, from, token: token.map(|Path(token)| token).unwrap_or_default() })
    }
}

async fn look(State(web): State<Web>, opened: Opened) -> Response {
    let linked = acknowledgements::linked(&web.app, opened.tenant.id, &opened.token).await;
    answer(&web, &opened, linked, false)
}

/// What the request carries besides its address is not even read.
async fn press(State(web): State<Web>, opened: Opened, _: Request) -> Response {
    let linked = acknowledgements::by_link(&web.app, opened.tenant.id, &opened.token).await;
    answer(&web, &opened, linked, true)
}

fn answer(web: &Web, opened: &Opened, linked: app::Result<Linked>, pressed: bool) -> Response {
    let mut response = match linked {
        Ok(linked) => {
            let drawn = Acknowledge::of(&opened.tenant, &opened.token, &linked, web, pressed);
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
    fn of(tenant: &Tenant, token: &str, linked: &Linked, web: &Web, pressed: bool) -> Self {
        let Linked { message, account, delivery, state } = linked;
        let state = match (state, pressed) {
            (LinkState::Open, true) => Shown::Done,
            (LinkState::Open, false) => Shown::Open,
            (LinkState::Used, _) => Shown::Used,
            (LinkState::Settled, _) => Shown::Settled,
            (LinkState::Expired, _) => Shown::Expired,
        };
        // An old mail must not open a message for ever, whatever became of it.
        let ends_at = delivery.created_at.plus_ms(limits::ACK_LINK_LIFE_MS);
        let is_old = web.app.now() >= ends_at;
        let shown = |text: &str| if is_old { String::new() } else { text.to_owned() };
        let caller = message.caller();
        let who = if caller.is_empty() { "An unknown caller" } else { &caller };
        let receiver = match message.receiver_name.as_str() {
            "" => "the office",
            name => name,
        };
        let numbers = [&message.phone, &message.phone_number, &message.caller_id];
        let number = numbers.into_iter().find(|number| tel(number).is_some());
        let number = number.and_then(|number| Some((phone(number), tel(number)?)));
        Acknowledge {
            tenant_name: tenant.name.clone(),
            state,
            action: format!("/a/{token}"),
            who: if is_old { "A caller".to_owned() } else { who.to_owned() },
            for_whom: format!("for {receiver} at {}", account.name),
            name: delivery.recipient.clone(),
            content: shown(&message.content),
            phone: number.filter(|_| !is_old),
            taken: account.zone.portal(message.created_at).to_string(),
            is_emergency: message.is_emergency,
        }
    }

    /// How loud the state is: its class, its icon, and what is said.
    pub(crate) fn said(&self) -> (&'static str, &'static str, &'static str) {
        match self.state {
            Shown::Open => ("", "bell", "Nobody has acknowledged this message yet."),
            Shown::Done => {
                ("green", "check-check", "Thank you. It is acknowledged, and nobody else is told.")
            }
            Shown::Used => ("green", "check-check", "It was acknowledged with this link before."),
            Shown::Settled => ("green", "circle-check", "Somebody has taken charge of it already."),
            Shown::Expired => (
                "amber",
                "clock",
                "This link is too old to be used. Sign in to the portal, or call your answering \
                 service.",
            ),
        }
    }

    /// Whether there is something to press.
    pub(crate) fn is_open(&self) -> bool {
        self.state == Shown::Open
    }

    /// An emergency that waits.
    pub(crate) fn sample() -> Self {
        Self {
            tenant_name: "Harbor Answering".to_owned(),
            state: Shown::Open,
            action: "/a/940.key.signature".to_owned(),
            who: "Maria Lopez".to_owned(),
            for_whom: "for Service desk at Northwind Heating & Air".to_owned(),
            name: "Karl Winter".to_owned(),
            content: "No heat since last night, two small children in the house.\n\nPlease call \
                      before you come."
                .to_owned(),
            phone: Some(("(954) 555-0142".to_owned(), "tel:+19545550142".to_owned())),
            taken: "Jan 25, 2025, 2:10 AM EST".to_owned(),
            is_emergency: true,
        }
    }

    /// Just acknowledged.
    pub(crate) fn sample_done() -> Self {
        Self { state: Shown::Done, is_emergency: false, ..Self::sample() }
    }

    /// Too old.
    pub(crate) fn sample_expired() -> Self {
        let (content, phone) = (String::new(), None);
        let who = "A caller".to_owned();
        Self { state: Shown::Expired, content, phone, who, ..Self::sample() }
    }
}
