//! `Idempotency-Key` on creates: the same key gets the first answer again.
//!
//! After <https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header>, except
//! that a key is taken as it stands, with its quotes where it has any, as payment services do.

use app::idempotency::{Before, KeptAnswer, Once, Repeat};
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use domain::{Invalid, limits};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use web::refusal::Refusal;

use super::body::{json_bytes, parse_object};

/// The header that carries the key.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header that marks an answer as one given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A request that creates: its body, and its key if it brings one.
#[derive(Debug)]
pub(crate) struct CreateRequest {
    key: Option<String>,
    body: Bytes,
    body_hash: String,
}

impl CreateRequest {
    /// Reads the key and the body. A bad key is 422, a body that is not JSON 415, one that is too
    /// large 413.
    pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Self, Refusal> {
        let key = key(headers)?;
        let body = json_bytes(headers, body).await?;
        let body_hash = HEXLOWER.encode(&Sha256::digest(&body));
        Ok(CreateRequest { key, body, body_hash })
    }

    /// The JSON object that the body is.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, Refusal> {
        parse_object(&self.body)
    }

    /// What the use case needs to know it again; `None` for a request without a key. `route` is
    /// the method and the one name of the route, whatever spelling of it was asked for.
    pub(crate) fn repeat<'a, T>(
        &'a self,
        route: &'a str,
        render: &'a (dyn Fn(&T) -> KeptAnswer + Send + Sync),
    ) -> Option<Repeat<'a, T>> {
        let key = self.key.as_deref()?;
        Some(Repeat { route, key, body_hash: &self.body_hash, render })
    }
}

/// The key of a request. One that is empty, too long, given twice, or not of visible ASCII letters
/// is refused by the header's name.
fn key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut lines = headers.get_all(KEY).iter();
    let Some(first) = lines.next() else {
        return Ok(None);
    };
    if lines.next().is_some() {
        return Err(Invalid::field("Idempotency-Key", "must be given once").into());
    }
    let is_key = (1..=limits::IDEMPOTENCY_KEY_BYTES).contains(&first.len())
        && first.as_bytes().iter().all(u8::is_ascii_graphic);
    match first.to_str() {
        Ok(key) if is_key => Ok(Some(key.to_owned())),
        _ => {
            let rule = format!(
                "must be 1 to {} visible ASCII characters without spaces",
                limits::IDEMPOTENCY_KEY_BYTES
            );
            Err(Invalid::field("Idempotency-Key", rule).into())
        }
    }
}

/// A JSON answer as it is kept. What cannot be written becomes a fault of this request alone.
pub(crate) fn json_answer(status: StatusCode, body: &impl Serialize) -> KeptAnswer {
    match serde_json::to_string(body) {
        Ok(body) => KeptAnswer { status: status.as_u16(), body },
        Err(_) => {
            KeptAnswer { status: StatusCode::INTERNAL_SERVER_ERROR.as_u16(), body: String::new() }
        }
    }
}

/// The response to a create: what `render` says of what is new, or what is known about the key.
pub(crate) fn respond<T>(
    once: Once<T>,
    render: impl FnOnce(&T) -> KeptAnswer,
) -> Result<Response, Refusal> {
    match once {
        Once::New(created) => Ok(written(render(&created))),
        Once::Before(Before::Answered(answer)) => {
            let mut response = written(answer);
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Ok(response)
        }
        Once::Before(Before::OtherBody) => Err(Refusal::conflict(
            "This Idempotency-Key was used before with another body; use a new key for a new \
             request.",
        )),
        Once::Before(Before::Underway) => Err(Refusal::underway(
            "The first request with this Idempotency-Key is still under way; ask again in a \
             moment.",
        )),
    }
}

fn written(answer: KeptAnswer) -> Response {
    match StatusCode::from_u16(answer.status) {
        Ok(StatusCode::INTERNAL_SERVER_ERROR) | Err(_) => Refusal::blank_fault().into_response(),
        Ok(status) => {
            let json = HeaderValue::from_static("application/json");
            (status, [(CONTENT_TYPE, json)], answer.body).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::RETRY_AFTER;
    use http_body_util::BodyExt;
    use serde_json::json;

    use super::*;

    fn headers(keys: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for key in keys {
            headers.append(KEY, HeaderValue::from_bytes(key).expect("a header"));
        }
        headers
    }

    async fn read(keys: &[&[u8]], body: &'static str) -> Result<CreateRequest, Refusal> {
        CreateRequest::read(&headers(keys), Body::from(body)).await
    }

    /// Status and envelope of a refusal, as its sender reads them.
    async fn told(refusal: Refusal) -> (u16, Option<HeaderValue>, Value) {
        let headers = refusal.clone().into_response().headers().clone();
        let response = refusal.render(headers, false, "id");
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).cloned();
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        (status, retry_after, serde_json::from_slice(&bytes).expect("JSON"))
    }

    fn created(name: &&str) -> KeptAnswer {
        json_answer(StatusCode::CREATED, &json!({"data": {"name": name}}))
    }

    #[tokio::test]
    async fn a_key_is_taken_as_it_stands() {
        let longest = [b'k'; limits::IDEMPOTENCY_KEY_BYTES];
        for good in [&b"k"[..], b"8e03978e-40d5-43e8-bc93-6894a57f9324", b"\"quoted\"", &longest] {
            let create = read(&[good], "{}").await.expect("a key");
            let repeat = create.repeat("POST /x", &created).expect("a key");
            assert_eq!(repeat.key.as_bytes(), good);
        }
        let without = read(&[], "{}").await.expect("no key");
        assert!(without.repeat("POST /x", &created).is_none());
    }

    #[tokio::test]
    async fn a_bad_key_is_refused_by_the_name_of_its_header() {
        let too_long = [b'k'; limits::IDEMPOTENCY_KEY_BYTES + 1];
        let bad: [&[&[u8]]; 7] = [
            &[b""],
            &[b" "],
            &[b"a b"],
            &[b"a\tb"],
            &["é".as_bytes()],
            &[&too_long],
            &[b"a", b"a"],
        ];
        for keys in bad {
            let (status, _, body) = told(read(keys, "{}").await.expect_err("bad")).await;
            assert_eq!(status, 422, "{keys:?}");
            assert!(body["data"]["errors"]["Idempotency-Key"].is_array(), "{body}");
            assert!(body["info"].as_str().expect("words").starts_with("Idempotency-Key must be"));
        }
    }

    #[tokio::test]
    async fn a_body_is_told_from_any_other_byte_by_byte() {
        let hash = async |body| read(&[], body).await.expect("read").body_hash;
        let empty_object = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(hash("{}").await, empty_object);
        assert_ne!(hash("{ }").await, empty_object);
        assert!(read(&[], "{}").await.expect("read").object().expect("an object").is_empty());
        assert!(read(&[], "[]").await.expect("read").object().is_err());
    }

    #[tokio::test]
    async fn a_repeat_is_the_first_answer_and_says_so() {
        let mut bodies = Vec::new();
        for (once, replayed) in [
            (Once::New("Ann"), None),
            (Once::Before(Before::Answered(created(&"Ann"))), Some("true")),
        ] {
            let response = respond(once, created).expect("an answer");
            assert_eq!(response.status(), StatusCode::CREATED);
            assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
            let mark = response.headers().get(REPLAYED).map(|v| v.to_str().expect("ASCII"));
            assert_eq!(mark, replayed);
            bodies.push(response.into_body().collect().await.expect("a body").to_bytes());
        }
        assert_eq!(bodies[0], r#"{"data":{"name":"Ann"}}"#);
        assert_eq!(bodies[0], bodies[1]);
    }

    #[tokio::test]
    async fn a_clash_is_409_in_plain_words() {
        let clash = |before| respond(Once::<&str>::Before(before), created).expect_err("a clash");
        let (status, retry_after, body) = told(clash(Before::OtherBody)).await;
        assert_eq!((status, retry_after), (409, None));
        assert_eq!(body["success"], false);
        assert!(body["info"].as_str().expect("words").contains("another body"), "{body}");
        let (status, retry_after, body) = told(clash(Before::Underway)).await;
        assert_eq!((status, retry_after), (409, Some(HeaderValue::from_static("1"))));
        assert!(body["info"].as_str().expect("words").contains("under way"), "{body}");
    }
}
