//! Who asks: version 2 by a bearer token, version 1 by two headers.

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use domain::Tenant;
use domain::token::{KeyTarget, KeyUse, Resource};
use web::refusal::Refusal;
use web::{ClientAddress, Guesser, Web, tenant};

/// Where tools are called. A tool is judged by its operation, which asks here again.
pub(crate) const TOOLS: &str = "/mcp";

/// Whoever asks over version 2, and what is asked.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) web: Web,
    pub(crate) actor: app::Actor,
    pub(crate) tenant: Tenant,
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let tenant = tenant::of_request(parts, web).await?;
        let status = match tenant.hides_bad_tokens {
            true => StatusCode::NOT_FOUND,
            false => StatusCode::UNAUTHORIZED,
        };
        let Ok(from) = ClientAddress::from_request_parts(parts, web).await;
        let Some(token) = bearer(&parts.headers) else {
            return Err(Refusal::invalid_token(status));
        };
        let opened = app::keys::open(&web.app, tenant.id, token, &from.0.to_string()).await?;
        match opened {
            Some(actor) => Caller::within_limits(parts, web, tenant, actor, from),
            None => Err(wrong(web, from, status)),
        }
    }
}

impl Caller {
    /// Whoever asks, unless their key is limited to something else.
    fn within_limits(
        parts: &Parts,
        web: &Web,
        tenant: Tenant,
        actor: app::Actor,
        from: ClientAddress,
    ) -> Result<Self, Refusal> {
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        // A preview makes nothing, whatever it is asked by.
        let is_tools = route == TOOLS;
        let reads = matches!(parts.method, Method::GET | Method::HEAD)
            || route.ends_with("/preview")
            || is_tools;
        let target = if is_tools { KeyTarget::Owner } else { target(route) };
        let ask = KeyUse { from: from.0, target, writes: !reads };
        let checked = actor.limits.check(&ask);
        checked.map_err(|refusal| Refusal::forbidden(refusal.to_string()))?;
        Ok(Caller { web: web.clone(), actor, tenant })
    }
}

/// What a route of either version leads to, by the name after the version.
fn target(route: &str) -> KeyTarget {
    let mut names = route.split('/').skip_while(|name| !matches!(*name, "v1" | "v2")).skip(1);
    match names.next().unwrap_or_default() {
        "me" => KeyTarget::Owner,
        "to_dos" => KeyTarget::Resource(Resource::ToDos),
        name => Resource::parse(name).map_or(KeyTarget::Other, KeyTarget::Resource),
    }
}

/// Whoever asks over version 1. Every refusal there is the same 404.
#[derive(Clone, Debug)]
pub(crate) struct LegacyCaller(pub(crate) Caller);

impl FromRequestParts<Web> for LegacyCaller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let tenant = tenant::of_request(parts, web).await?;
        let header = |name: &str| {
            let value = parts.headers.get(name)?.to_str().ok()?.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        let (Some(email), Some(token)) = (header("x-api-email"), header("x-api-token")) else {
            return Err(Refusal::invalid_token(StatusCode::NOT_FOUND));
        };
        let Ok(from) = ClientAddress::from_request_parts(parts, web).await;
        let opened = app::keys::open(&web.app, tenant.id, &token, &from.0.to_string()).await?;
        match opened.filter(|actor| actor.email == email.to_lowercase()) {
            Some(actor) => Caller::within_limits(parts, web, tenant, actor, from).map(LegacyCaller),
            None => Err(wrong(web, from, StatusCode::NOT_FOUND)),
        }
    }
}

/// The token of a request, if it brings one (RFC 6750, 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Counts a wrong token; what its sender hears.
pub(crate) fn wrong(web: &Web, from: ClientAddress, status: StatusCode) -> Refusal {
    match web.guesses.wrong(Guesser::Tokens(from.0), web.app.now()) {
        Some(seconds) => Refusal::wait(seconds),
        None => Refusal::invalid_token(status),
    }
}
