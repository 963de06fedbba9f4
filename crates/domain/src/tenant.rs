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
    /// Origins of pages in browsers that may call the API (`https://app.example`), with a space
    /// between each; `*` for any, `""` for none. As [`check_origins`] makes it.
    pub api_origins: String,
    /// When it was made.
    pub created_at: Instant,
}

impl Tenant {
    /// Whether a page of this origin may call the API from a browser (Fetch standard, 3.2).
    pub fn admits(&self, origin: &str) -> bool {
        self.api_origins
            .split_whitespace()
            .any(|one| one == "*" || one.eq_ignore_ascii_case(origin))
    }
}

/// The origins as they are kept: each a scheme, a host and perhaps a port (RFC 6454, 6.2), or `*`.
pub fn check_origins(origins: &[String]) -> Result<String, Invalid> {
    let mut invalid = Invalid::new();
    for origin in origins {
        let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        let host = rest.is_some_and(|host| {
            let part = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
            !host.is_empty() && host.bytes().all(part)
        });
        let rule =
            "must be * or like https://app.example: a scheme, a host, perhaps a port, no path";
        invalid.require(host || origin == "*", "origins", rule);
    }
    invalid.or(origins.join(" ").to_ascii_lowercase())
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
    fn origins_are_scheme_host_and_port() {
        let check = |text: &str| {
            let origins: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            check_origins(&origins).map_err(|invalid| invalid.to_string())
        };
        for sound in ["", "*", "https://app.example", "http://localhost:5173 https://[::1]:8443"] {
            assert_eq!(check(sound).as_deref(), Ok(sound));
        }
        assert_eq!(check("https://App.Example").as_deref(), Ok("https://app.example"));
        for wrong in ["app.example", "https://", "https://a.example/", "ftp://a.example", "null"] {
            let told = check(wrong).unwrap_err();
            assert!(told.contains("a scheme, a host, perhaps a port, no path"), "{wrong}: {told}");
        }
    }

    #[test]
    fn an_origin_is_admitted_whole_or_not_at_all() {
        let tenant = |api_origins: &str| Tenant {
            id: TenantId(1),
            subdomain: "one".to_owned(),
            name: "One".to_owned(),
            zone: Zone::utc(),
            hides_bad_tokens: false,
            api_origins: api_origins.to_owned(),
            created_at: Instant::from_ms(0),
        };
        let two = tenant("https://app.example http://localhost:5173");
        for origin in ["https://app.example", "HTTPS://APP.EXAMPLE", "http://localhost:5173"] {
            assert!(two.admits(origin), "{origin}");
        }
        for origin in
            ["", "null", "https://app.example.evil", "http://app.example", "http://localhost"]
        {
            assert!(!two.admits(origin), "{origin}");
        }
        assert!(tenant("*").admits("https://anything.example"));
        assert!(!tenant("").admits("null") && !tenant("").admits(""));
    }
}
