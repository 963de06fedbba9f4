//! Which tenant a request is for: told by the first label of its host.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;
use domain::Tenant;

use crate::refusal::Refusal;
use crate::{Settings, Web};

#[derive(Clone, Debug)]
struct Found(Tenant);

/// The tenant that a request is for, looked up once in its life. Each door answers a missing one
/// in its own words.
pub async fn of_request(parts: &mut Parts, web: &Web) -> app::Result<Tenant> {
    if let Some(Found(tenant)) = parts.extensions.get() {
        return Ok(tenant.clone());
    }
    let tenant = of_host(&host(parts), web).await?;
    tracing::Span::current().record("tenant", tenant.id.0);
    parts.extensions.insert(Found(tenant.clone()));
    Ok(tenant)
}

/// The tenant that a host names.
pub async fn of_host(host: &str, web: &Web) -> app::Result<Tenant> {
    let subdomain = subdomain(host, &web.settings).ok_or(app::Error::NotFound)?;
    app::tenants::of_subdomain(&web.app, &subdomain).await
}

/// The tenant that a request is for, for handlers that need no more than that.
#[derive(Clone, Debug)]
pub struct RequestTenant(pub Tenant);

impl FromRequestParts<Web> for RequestTenant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        Ok(RequestTenant(of_request(parts, web).await?))
    }
}

/// The host that a request names, with its port, in lower case.
pub fn host(parts: &Parts) -> String {
    let header = parts.headers.get(HOST).and_then(|value| value.to_str().ok());
    let named = header.or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
    named.unwrap_or_default().to_ascii_lowercase()
}

/// The subdomain that a host names, or the default tenant's where it names none: the base domain
/// itself, an address, nothing at all (HTTP/1.0), or any host where no base domain is set.
fn subdomain(host: &str, settings: &Settings) -> Option<String> {
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let default = || settings.default_tenant.clone();
    let Some(base) = &settings.base_domain else {
        return default();
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() || host == base || bare.parse::<IpAddr>().is_ok() {
        return default();
    }
    let label = host.strip_suffix(base.as_str())?.strip_suffix('.')?;
    (!label.is_empty() && !label.contains('.')).then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(base_domain: Option<&str>) -> Settings {
        Settings {
            base_domain: base_domain.map(str::to_owned),
            default_tenant: Some("main".to_owned()),
            is_https: false,
            trusted_proxies: Vec::new(),
        }
    }

    #[test]
    fn the_first_label_names_the_tenant() {
        let check = |host: &str, tenant: Option<&str>| {
            let found = subdomain(host, &settings(Some("liberty.example")));
            assert_eq!(found.as_deref(), tenant, "{host}");
        };
        check("acme.liberty.example", Some("acme"));
        check("acme.liberty.example:8080", Some("acme"));
        check("liberty.example", Some("main"));
        check("127.0.0.1:8080", Some("main"));
        check("[::1]:8080", Some("main"));
        check("[::1]", Some("main"));
        check("a.b.liberty.example", None);
        check(".liberty.example", None);
        check("evilliberty.example", None);
        check("elsewhere.example", None);
        check("", Some("main"));
        check(":8080", Some("main"));
        check("acme.liberty.example.", Some("acme"));
        check("liberty.example.:8080", Some("main"));
    }

    #[test]
    fn without_a_base_domain_every_host_is_the_default_tenant() {
        let found = subdomain("anything.example", &settings(None));
        assert_eq!(found.as_deref(), Some("main"));
    }
}
