//! ETags and the preconditions that name them (RFC 9110, 8.8.3 and 13.1).

use axum::http::{HeaderMap, HeaderName};
use data_encoding::HEXLOWER;
use domain::Message;
use sha2::{Digest, Sha256};

/// The ETag of a message: its id and how often it has changed. Strong.
pub(crate) fn of_message(message: &Message) -> String {
    format!("\"{}-{}\"", message.id, message.revision)
}

/// The ETag of a body that changes in more ways than its revision counts. Strong.
pub(crate) fn of_body(id: i64, revision: i64, body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    format!("\"{id}-{revision}-{}\"", HEXLOWER.encode(&hash[..8]))
}

/// What a precondition names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EntityTags {
    /// `*`: whatever is there.
    Any,
    /// These, each with its quotes and its `W/`.
    Tags(Vec<String>),
}

/// What `If-Match` or `If-None-Match` names; `None` where the header is not there.
pub(crate) fn named(headers: &HeaderMap, name: HeaderName) -> Option<EntityTags> {
    let lines: Vec<&str> =
        headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    if lines.is_empty() {
        return None;
    }
    let all = lines.join(",");
    if all.trim() == "*" {
        return Some(EntityTags::Any);
    }
    let tags = all.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty());
    Some(EntityTags::Tags(tags.collect()))
}

impl EntityTags {
    /// Whether an ETag is among them, by the strong comparison that `If-Match` needs.
    pub(crate) fn holds(&self, etag: &str) -> bool {
        match self {
            EntityTags::Any => true,
            EntityTags::Tags(tags) => tags.iter().any(|tag| tag == etag),
        }
    }

    /// Whether an ETag is among them, by the weak comparison that `If-None-Match` needs.
    pub(crate) fn holds_weakly(&self, etag: &str) -> bool {
        match self {
            EntityTags::Any => true,
            EntityTags::Tags(tags) => {
                tags.iter().any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == etag)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::IF_MATCH;

    use super::*;

    #[test]
    fn preconditions_are_compared() {
        let check = |header: &'static str, strong: bool, weak: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_MATCH, HeaderValue::from_static(header));
            let named = named(&headers, IF_MATCH).expect("named");
            let found = (named.holds("\"9-1\""), named.holds_weakly("\"9-1\""));
            assert_eq!(found, (strong, weak), "{header}");
        };
        check("*", true, true);
        check("\"9-1\"", true, true);
        check("\"8-1\", \"9-1\"", true, true);
        check("W/\"9-1\"", false, true);
        check("9-1", false, false);
        check("\"9-2\"", false, false);
        check("", false, false);
        assert_eq!(named(&HeaderMap::new(), IF_MATCH), None);
    }
}
