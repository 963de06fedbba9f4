//! ETags and the preconditions that name them (RFC 9110, 8.8.3 and 13.1).

use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use domain::Message;
use sha2::{Digest, Sha256};

use crate::Result;

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
enum EntityTags {
    /// `*`: whatever is there.
    Any,
    /// These, each without its quotes.
    Tags(Vec<String>),
}

/// What servers on the way append to the tag of a body that they made smaller.
const CODINGS: [&str; 4] = ["gzip", "br", "zstd", "deflate"];

/// What `If-Match` or `If-None-Match` names; `None` where the header is not there.
fn named(headers: &HeaderMap, name: HeaderName) -> Option<EntityTags> {
    let lines: Vec<&str> =
        headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    if lines.is_empty() {
        return None;
    }
    let all = lines.join(",");
    if all.trim() == "*" {
        return Some(EntityTags::Any);
    }
    let tags = all.split(',').map(|tag| opaque(tag).to_owned()).filter(|tag| !tag.is_empty());
    Some(EntityTags::Tags(tags.collect()))
}

/// What names a revision in a tag that came back. nginx and CDNs make a tag weak when they make
/// its body smaller, Apache and Jetty append how they did, and some clients lose the quotes: it
/// is still the tag that we gave, and names what we know it by.
fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").or_else(|| tag.strip_prefix("w/")).unwrap_or(tag);
    let tag = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag);
    let bare = CODINGS.iter().find_map(|coding| tag.strip_suffix(coding)?.strip_suffix(['-', ';']));
    bare.map_or(tag, |bare| bare.trim_end_matches('-'))
}

/// 304 where `If-None-Match` knows an ETag already.
pub(crate) fn not_modified(headers: &HeaderMap, etag: &str) -> Option<Response> {
    let is_known = named(headers, IF_NONE_MATCH).is_some_and(|known| known.holds(etag));
    is_known.then(|| (StatusCode::NOT_MODIFIED, [(ETAG, etag.to_owned())]).into_response())
}

/// The revision that a change must find: that of what `If-Match` names, which is refused if it is
/// not as `current` has it now; `None` where any will do.
pub(crate) async fn expected(
    headers: &HeaderMap,
    current: impl Future<Output = Result<(String, i64)>>,
) -> Result<Option<i64>> {
    let Some(wanted) = named(headers, IF_MATCH) else { return Ok(None) };
    let (etag, revision) = current.await?;
    if !wanted.holds(&etag) {
        return Err(app::Error::Changed.into());
    }
    Ok((wanted != EntityTags::Any).then_some(revision))
}

impl EntityTags {
    /// Whether an ETag of ours is among them. One comparison serves both headers: our tags name
    /// revisions, so that two bodies with one tag say the same, however they were sent.
    fn holds(&self, etag: &str) -> bool {
        match self {
            EntityTags::Any => true,
            EntityTags::Tags(tags) => tags.iter().any(|tag| tag == opaque(etag)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn preconditions_are_compared() {
        let check = |header: &'static str, holds: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_MATCH, HeaderValue::from_static(header));
            let named = named(&headers, IF_MATCH).expect("named");
            assert_eq!(named.holds("\"9-1\""), holds, "{header}");
        };
        for same in ["*", "\"9-1\"", "\"8-1\", \"9-1\"", "W/\"9-1\"", "w/\"9-1\"", "9-1"] {
            check(same, true);
        }
        for smaller in ["\"9-1-gzip\"", "\"9-1--gzip\"", "\"9-1;gzip\"", "W/\"9-1-br\""] {
            check(smaller, true);
        }
        for other in ["\"9-2\"", "W/\"9-2\"", "\"9-1-bzip\"", "\"gzip\"", "\"9-11\"", "\"\"", ""] {
            check(other, false);
        }
        assert_eq!(named(&HeaderMap::new(), IF_MATCH), None);
    }
}
