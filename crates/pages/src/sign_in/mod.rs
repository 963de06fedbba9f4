//! Signing in and out, and the way from the bare address to where one's work is.

use app::sessions;
use askama::Template;
use axum::extract::{RawQuery, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use data_encoding::HEXLOWER;
use domain::user::{Right, check_email};
use domain::{Tenant, User};
use subtle::ConstantTimeEq;
use web::{ClientAddress, Guesser, Routes, Web, passwords, tenant};

use crate::session::{self, Fields, PageError, PageResult, Posted, SignedIn, page};
use crate::ui::{Field, FieldKind};

/// Never which of them.
pub(crate) const WRONG: &str = "E-mail or password is not right. Please try again.";

/// `GET` and `POST /sign-in` (`email`, `password`, `next`).
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in/sign_in.html")]
pub(crate) struct SignIn {
    pub(crate) tenant_name: String,
    /// The token against forged requests.
    pub(crate) csrf: String,
    /// Where to go afterwards: a path of ours.
    pub(crate) next: String,
    /// What is wrong with both fields together: wrong password, too many tries. Never which of them.
    pub(crate) error: Option<String>,
    /// `email`, with what was typed.
    pub(crate) email: Field,
    /// `password`, always empty.
    pub(crate) password: Field,
}

impl SignIn {
    /// The empty form.
    pub(crate) fn new(tenant_name: &str, csrf: &str, next: &str) -> Self {
        Self {
            tenant_name: tenant_name.to_owned(),
            csrf: csrf.to_owned(),
            next: next.to_owned(),
            error: None,
            email: Field::new(FieldKind::Email, "email", "E-mail")
                .autocomplete("username")
                .required()
                .focused(),
            password: Field::new(FieldKind::Password, "password", "Password")
                .autocomplete("current-password")
                .required(),
        }
    }
}

/// The addresses of signing in and out.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/", start)
        .get("/sign-in", show)
        .post("/sign-in", enter)
        .post("/sign-out", leave)
}

/// `GET /`: agents to their console, clients to their messages.
pub(crate) async fn start(visitor: SignedIn) -> Redirect {
    let is_agent = visitor.actor.role.may(Right::TakeMessages);
    Redirect::to(if is_agent { "/console" } else { "/messages" })
}

/// `GET /sign-in`: the form, or onward for somebody who is signed in already.
pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Result<SignedIn, PageError>,
    RawQuery(query): RawQuery,
    request: Request,
) -> PageResult {
    let query = query.unwrap_or_default();
    let next = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next");
    let next = next.map_or_else(|| "/".to_owned(), |(_, path)| own_path(&path).to_owned());
    match visitor {
        Ok(_) => return Ok(Redirect::to(&next).into_response()),
        Err(PageError::SignIn { .. }) => {}
        Err(turned) => return Err(turned),
    }
    let (mut parts, _) = request.into_parts();
    let stranger = Stranger::of(&mut parts, &web).await?;
    let form = SignIn::new(&stranger.tenant.name, &stranger.token, &next);
    Ok(stranger.shown(&web, StatusCode::OK, &form))
}

/// `POST /sign-in` (`email`, `password`, `next`).
pub(crate) async fn enter(
    State(web): State<Web>,
    ClientAddress(from): ClientAddress,
    request: Request,
) -> PageResult {
    let (mut parts, body) = request.into_parts();
    let stranger = Stranger::of(&mut parts, &web).await?;
    if session::comes_from_elsewhere(&parts.headers, &tenant::host(&parts)) {
        return Err(PageError::StaleForm);
    }
    let fields = Fields::read(&parts.headers, body).await?;
    let next = own_path(fields.text("next"));
    let mut form = SignIn::new(&stranger.tenant.name, &stranger.token, next);
    form.email.value = fields.text("email").to_owned();
    if !stranger.brought(fields.text("csrf")) {
        form.error = Some("This page was open for too long. Please try again.".to_owned());
        return Ok(stranger.shown(&web, StatusCode::FORBIDDEN, &form));
    }
    let guessers = [
        Guesser::Passwords(from),
        Guesser::Account(stranger.tenant.id, form.email.value.trim().to_lowercase()),
    ];
    // Both are counted, whichever has to wait.
    let waits = guessers.clone().map(|who| web.guesses.wrong(who, web.app.now()));
    if let Some(seconds) = waits.into_iter().flatten().max() {
        form.error = Some(format!(
            "Too many wrong passwords. Please wait {seconds} seconds, then try again."
        ));
        let mut response = stranger.shown(&web, StatusCode::TOO_MANY_REQUESTS, &form);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(response);
    }
    if let Some(user) = proven(&web, &stranger.tenant, &fields).await? {
        for who in &guessers {
            web.guesses.forgive(who);
        }
        return stranger.let_in(&web, &user, next).await;
    }
    form.error = Some(WRONG.to_owned());
    Ok(stranger.shown(&web, StatusCode::UNPROCESSABLE_ENTITY, &form))
}

/// The user whose address and password these are. It takes as long where there is none.
async fn proven(web: &Web, tenant: &Tenant, fields: &Fields) -> app::Result<Option<User>> {
    let email = fields.text("email").trim();
    let credentials = match check_email(email) {
        Ok(()) => sessions::credentials(&web.app, tenant.id, email).await?,
        Err(_) => None,
    };
    let hash = credentials.as_ref().map(|known| known.password_hash.clone());
    let is_right = passwords::verify(web, fields.text("password"), hash).await;
    Ok(credentials.filter(|_| is_right).map(|known| known.user))
}

/// `POST /sign-out`.
pub(crate) async fn leave(State(web): State<Web>, jar: CookieJar, form: Posted) -> PageResult {
    session::end(&web.app, &form.visitor.tenant, &jar, &web).await?;
    let jar = jar.remove(session::cookie(&web, String::new()));
    Ok((jar, Redirect::to("/sign-in")).into_response())
}

/// Somebody who is not signed in yet. The form's token stands in a cookie as well: whoever can
/// only make this browser send a form knows neither.
struct Stranger {
    tenant: Tenant,
    jar: CookieJar,
    token: String,
    is_known: bool,
}

impl Stranger {
    async fn of(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        let tenant = tenant::of_request(parts, web).await?;
        let jar = CookieJar::from_headers(&parts.headers);
        let is_token = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let brought = jar.get(token_name(web)).map(|cookie| cookie.value().to_owned());
        let brought = brought.filter(|text| is_token(text));
        let is_known = brought.is_some();
        let fresh = || HEXLOWER.encode(&web.app.entropy().bytes::<32>());
        let token = brought.unwrap_or_else(fresh);
        Ok(Stranger { tenant, jar, token, is_known })
    }

    /// Whether a form's token is the one that the browser was given with the form.
    fn brought(&self, token: &str) -> bool {
        self.is_known && bool::from(token.as_bytes().ct_eq(self.token.as_bytes()))
    }

    fn shown(self, web: &Web, status: StatusCode, form: &SignIn) -> Response {
        let jar = if self.is_known { self.jar } else { self.jar.add(token(web, self.token)) };
        (jar, page(status, form)).into_response()
    }

    /// Begins a new session; one that the browser still had ends.
    async fn let_in(self, web: &Web, user: &User, next: &str) -> PageResult {
        session::end(&web.app, &self.tenant, &self.jar, web).await?;
        let cookie = sessions::begin(&web.app, user).await?;
        let jar = self.jar.remove(token(web, String::new())).add(session::cookie(web, cookie));
        Ok((jar, Redirect::to(next)).into_response())
    }
}

/// The cookie that holds the token of the sign-in form.
fn token(web: &Web, value: String) -> Cookie<'static> {
    session::own_cookie(web, token_name(web), value)
}

fn token_name(web: &Web) -> &'static str {
    if web.settings.is_https { "__Host-liberty-sign-in" } else { "liberty-sign-in" }
}

/// A path of ours to go on to, else the start. Browsers read `//host`, `/\host` and either with
/// a tab in it as another site, so nothing but plain characters and single slashes gets through.
fn own_path(path: &str) -> &str {
    let is_plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let is_own = path.starts_with('/') && !path.starts_with("//");
    let leads_back = path.starts_with("/sign-");
    if is_plain && is_own && !leads_back { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        let check = |path: &str, is_own: bool| {
            assert_eq!(own_path(path), if is_own { path } else { "/" }, "{path:?}");
        };
        check("/messages/9?q=a%20b&read=false", true);
        check("/console", true);
        for bad in [
            "",
            "messages",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "\\\\evil.example",
            "/a\\b",
            "/ü",
            " /messages",
            "/sign-out",
            "/sign-in?next=/",
        ] {
            check(bad, false);
        }
    }
}
