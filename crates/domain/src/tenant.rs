//! An answering service: the owner of everything else.

use crate::{Instant, Invalid, TenantId, Zone};

/// An answering service that runs on this installation.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Its identifier.
    pub id: TenantId,
    /// The first label of its host name.
    pub subdomain: String,
    /// What people call it.
    pub name: String,
    /// The zone of its office; dates of a list over several accounts are days in this zone.
    pub zone: Zone,
    /// The older v2 examples answer 404 to a bad token, the newer reference 401.
    pub hides_bad_tokens: bool,
    /// The origins whose pages may ask its API (CORS), as [`origin`] writes them; `*` is any.
    pub allowed_origins: Vec<String>,
    /// When it was made.
    pub created_at: Instant,
}

impl Tenant {
    /// Whether pages of an origin may ask its API.
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed == "*" || allowed == origin)
    }
}

/// An origin as browsers write it (RFC 6454, 6.2): scheme, host, and a port that is not the
/// scheme's own; or `*`.
pub fn origin(text: &str) -> Result<String, Invalid> {
    let refused = || {
        let rule = "must be an origin such as https://app.example.com, without a path, or *";
        Invalid::field("allowed_origins", rule)
    };
    if text == "*" {
        return Ok(text.to_owned());
    }
    let url = url::Url::parse(text).map_err(|_| refused())?;
    let is_bare = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if is_bare { Ok(url.origin().ascii_serialization()) } else { Err(refused()) }
}

/// Checks a subdomain: one DNS label in lower case (RFC 1035, 2.3.1).
pub fn check_subdomain(text: &str) -> Result<(), Invalid> {
    let label = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let sound = (1..=63).contains(&text.len())
        && text.bytes().all(label)
        && !text.starts_with('-')
        && !text.ends_with('-');
    let mut invalid = Invalid::new();
    invalid.require(
        sound,
        "subdomain",
        "must be 1 to 63 lower-case letters, digits or hyphens, with no hyphen at either end",
    );
    invalid.or(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_do() {
        let check = |text: &str, written: Option<&str>| {
            assert_eq!(origin(text).ok().as_deref(), written, "{text}");
        };
        check("*", Some("*"));
        check("https://app.example.com", Some("https://app.example.com"));
        check("HTTPS://App.Example.com:443/", Some("https://app.example.com"));
        check("http://localhost:3000", Some("http://localhost:3000"));
        for bad in ["", "app.example.com", "https://a.example/path", "https://a.example?x", "null"]
        {
            check(bad, None);
        }
        for bad in ["ftp://a.example", "https://u@a.example", "https://a.example/#x", "file:///"] {
            check(bad, None);
        }
    }
}
