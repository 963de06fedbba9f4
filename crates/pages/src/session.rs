//! Who is signed in, and that a form really comes from one of our pages.
//!
//! The cookie holds a random text, the database its hash. Every form carries the session's token
//! against forged requests; a browser that says a form comes from elsewhere is refused as well.

use app::{Actor, App};
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::user::Right;
use domain::{Instant, Tenant, Zone, limits};
use subtle::ConstantTimeEq;
use web::refusal::chain;
use web::{Needs, Web, tenant};

use crate::flash;
use crate::ui::{Flash, Lost, Shell};

/// Somebody who is signed in to a tenant.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) tenant: Tenant,
    pub(crate) actor: Actor,
    /// What every form of the session carries.
    pub(crate) csrf: String,
    /// What the action before this page did, shown once.
    pub(crate) flash: Option<Flash>,
}

impl FromRequestParts<Web> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        let tenant = tenant::of_request(parts, web).await?;
        let jar = CookieJar::from_headers(&parts.headers);
        if let Some(cookie) = jar.get(cookie_name(web)) {
            let found = app::sessions::of_cookie(&web.app, tenant.id, cookie.value()).await?;
            if let Some(session) = found {
                let flash = flash::of_cookies(&jar, &session.csrf);
                let (actor, csrf) = (session.actor, session.csrf);
                if let Some(Needs(right)) = parts.extensions.get() {
                    actor.require(*right)?;
                }
                return Ok(SignedIn { tenant, actor, csrf, flash });
            }
        }
        let next = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        Err(PageError::SignIn { next: if parts.method == "GET" { next } else { "/" }.to_owned() })
    }
}

/// What a page is drawn with besides what it shows: its shell, who looks at it, and when.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) shell: Shell,
    pub(crate) actor: Actor,
    pub(crate) zone: Zone,
    pub(crate) now: Instant,
}

/// What a page's handler answers.
pub(crate) type PageResult = Result<Response, PageError>;

/// What was found, if anything was.
pub(crate) fn if_found<T>(found: app::Result<T>) -> app::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(app::Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Why a page is not shown; each is a page or a way of its own.
#[derive(Debug)]
pub(crate) enum PageError {
    /// Nobody is signed in: first the sign-in, then the address that was asked for.
    SignIn {
        next: String,
    },
    StaleForm,
    TooLarge,
    Refused(app::Error),
}

impl From<app::Error> for PageError {
    fn from(error: app::Error) -> Self {
        PageError::Refused(error)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        use app::Error;
        let lost = match self {
            PageError::SignIn { next } => {
                let mut query = form_urlencoded::Serializer::new(String::new());
                let query = query.append_pair("next", &next).finish();
                return Redirect::to(&format!("/sign-in?{query}")).into_response();
            }
            PageError::StaleForm => Lost::stale_form(),
            PageError::TooLarge => Lost::too_large(),
            PageError::Refused(Error::NotFound) => Lost::not_found(),
            PageError::Refused(Error::Forbidden(_)) => Lost::forbidden(),
            PageError::Refused(Error::Changed) => Lost::changed(),
            PageError::Refused(Error::Invalid(invalid)) => Lost::invalid(&invalid),
            PageError::Refused(error) => {
                tracing::error!(error = chain(&error), "a page failed");
                match error {
                    Error::Unavailable(_) => Lost::unavailable(),
                    Error::Full(_) => Lost::full(),
                    _ => Lost::fault(""),
                }
            }
        };
        let status = StatusCode::from_u16(lost.status);
        let mut response = page(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &lost);
        if lost.status == 503 {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}

/// A rendered page, with the policy that all our pages live by. It tells of one person's
/// messages, so no cache keeps it, and what it links to does not hear its address.
pub(crate) fn page(status: StatusCode, template: &impl askama::Template) -> Response {
    const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
        base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    match template.render() {
        Ok(html) => {
            let mut response = (status, Html(html)).into_response();
            let headers = [
                (CONTENT_SECURITY_POLICY, POLICY),
                (CACHE_CONTROL, "no-store"),
                (REFERRER_POLICY, "same-origin"),
                (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            for (name, value) in headers {
                response.headers_mut().insert(name, HeaderValue::from_static(value));
            }
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The fields of a form of a signed-in person, checked to come from one of our pages.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    pub(crate) visitor: SignedIn,
    pub(crate) fields: Fields,
}

impl FromRequest<Web> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, web: &Web) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let visitor = SignedIn::from_request_parts(&mut parts, web).await?;
        if comes_from_elsewhere(&parts.headers, &tenant::host(&parts)) {
            return Err(PageError::StaleForm);
        }
        let fields = Fields::read(&parts.headers, body).await?;
        let given = fields.text("csrf").as_bytes();
        match bool::from(given.ct_eq(visitor.csrf.as_bytes())) {
            true => Ok(Posted { visitor, fields }),
            false => Err(PageError::StaleForm),
        }
    }
}

/// The fields of a form, in the order in which they stand on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The fields that a form of ours would send.
    pub(crate) fn of<N: Into<String>, T: Into<String>>(
        pairs: impl IntoIterator<Item = (N, T)>,
    ) -> Self {
        Fields(pairs.into_iter().map(|(name, text)| (name.into(), text.into())).collect())
    }

    pub(crate) fn push(&mut self, name: &str, text: &str) {
        self.0.push((name.to_owned(), text.to_owned()));
    }

    /// Keeps the fields whose names are wanted.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.0.retain(|(name, _)| wanted(name));
    }

    /// The fields of a query.
    pub(crate) fn of_query(query: Option<&str>) -> Self {
        let query = query.unwrap_or_default().as_bytes();
        Fields(form_urlencoded::parse(query).into_owned().collect())
    }

    /// Reads `application/x-www-form-urlencoded`; anything else holds no field.
    pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Self, PageError> {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            return Ok(Self::default());
        }
        let bytes = axum::body::to_bytes(body, limits::FORM_BYTES)
            .await
            .map_err(|_| PageError::TooLarge)?;
        Ok(Fields(form_urlencoded::parse(&bytes).into_owned().collect()))
    }

    /// The first field of a name, `""` if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(at, _)| at == name).map_or("", |(_, text)| text.as_str())
    }

    /// The same, owned, for an entry.
    pub(crate) fn owned(&self, name: &str) -> String {
        self.text(name).to_owned()
    }

    /// The same with the line ends that we keep.
    pub(crate) fn lines(&self, name: &str) -> String {
        self.text(name).replace("\r\n", "\n")
    }

    /// The number that stands in a field; `None` where it is empty, and 0, which is nobody's, where
    /// it cannot be read.
    pub(crate) fn id(&self, name: &str) -> Option<i64> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap_or(0))
    }

    /// All fields of a name.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(at, _)| at == name).map(|(_, text)| text.as_str())
    }

    /// Whether there is a field of a name, empty or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(at, _)| at == name)
    }

    /// Whether a tick is set.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// What a tick posts.
    pub(crate) fn tick(&self, name: &str) -> &'static str {
        if self.is_ticked(name) { "true" } else { "" }
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// Whether a browser says that a request does not come from this host. Old browsers say nothing:
/// then the token alone decides.
pub(crate) fn comes_from_elsewhere(headers: &HeaderMap, host: &str) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match header("origin") {
        Some(origin) => origin.split_once("://").is_none_or(|(_, from)| from != host),
        None => false,
    }
}

/// The cookie that signs somebody in. Over HTTPS its name binds it to this very host.
pub(crate) fn cookie(web: &Web, value: String) -> Cookie<'static> {
    own_cookie(web, cookie_name(web), value)
}

/// A cookie that no script reads and no other site sends.
pub(crate) fn own_cookie(web: &Web, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(web.settings.is_https)
        .same_site(SameSite::Lax)
        .build()
}

/// The name of the cookie that signs somebody in.
pub(crate) fn cookie_name(web: &Web) -> &'static str {
    if web.settings.is_https { "__Host-liberty" } else { "liberty" }
}

/// Ends the session of a request's cookie, if there is one.
pub(crate) async fn end(app: &App, tenant: &Tenant, jar: &CookieJar, web: &Web) -> app::Result<()> {
    match jar.get(cookie_name(web)) {
        Some(cookie) => app::sessions::end(app, tenant.id, cookie.value()).await,
        None => Ok(()),
    }
}

impl SignedIn {
    /// Sends the browser on to a page of ours (303), which says what happened.
    pub(crate) fn sent_to(&self, web: &Web, path: &str, flash: &Flash) -> Response {
        let mut response = Redirect::to(path).into_response();
        let cookie = flash::set_cookie(flash, &self.csrf, web.settings.is_https);
        if let Some(cookie) = cookie {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }

    /// Sends the browser on to a page of ours, which says what was done.
    pub(crate) fn done(&self, web: &Web, path: &str, text: &str) -> Response {
        self.sent_to(web, path, &Flash::done(text))
    }

    /// Refuses unless the role carries a right.
    pub(crate) fn require(&self, right: Right) -> Result<(), PageError> {
        Ok(self.actor.require(right)?)
    }
}

/// A number in the path. What is none leads to the same page as a number that nobody has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id(pub(crate) i64);

impl FromRequestParts<Web> for Id {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, PageError> {
        match Path::<i64>::from_request_parts(parts, &()).await {
            Ok(Path(id)) => Ok(Id(id)),
            Err(_) => Err(app::Error::NotFound.into()),
        }
    }
}

/// Two numbers in the path: an account's, and that of something of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ids(pub(crate) i64, pub(crate) i64);

impl FromRequestParts<Web> for Ids {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, PageError> {
        match Path::<(i64, i64)>::from_request_parts(parts, &()).await {
            Ok(Path((id, of_it))) => Ok(Ids(id, of_it)),
            Err(_) => Err(app::Error::NotFound.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_from_another_site_is_seen() {
        let check = |headers: &[(&'static str, &'static str)], elsewhere: bool| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, HeaderValue::from_static(value));
            }
            let found = comes_from_elsewhere(&map, "acme.liberty.example:8080");
            assert_eq!(found, elsewhere, "{headers:?}");
        };
        check(&[], false);
        check(&[("sec-fetch-site", "same-origin")], false);
        check(&[("sec-fetch-site", "same-site")], true);
        check(&[("sec-fetch-site", "cross-site")], true);
        check(&[("origin", "http://acme.liberty.example:8080")], false);
        check(&[("origin", "http://evil.example")], true);
        check(&[("origin", "null")], true);
    }
}
