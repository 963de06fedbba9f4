//! A call of a tool as a request to the API, and the API's answer as what the tool answers.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use domain::Invalid;
use http_body_util::BodyExt;
use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, ErrorCode, JsonObject};
use serde_json::{Value, json};
use web::refusal::Refusal;

use super::tools::{Place, Tool};

/// What a request brings along of the one that called the tool: who asks, from where, of whom, and
/// the name in our log. Nothing else may reach the API: it was meant for `/mcp`.
const KEPT: [HeaderName; 4] = [
    AUTHORIZATION,
    HOST,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-request-id"),
];

/// The request that a call is. Refused where an argument is none of the tool's, or could not stand
/// where it goes; all else is the API's to refuse.
pub(super) fn request(
    tool: &Tool,
    mut arguments: JsonObject,
    asked: &Parts,
) -> Result<Request, Invalid> {
    let mut invalid = Invalid::new();
    let mut path = tool.path.clone();
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut headers = kept(asked);
    let mut body = JsonObject::new();
    for (name, place) in &tool.places {
        let given = arguments.shift_remove(name);
        match place {
            Place::Path => match given.as_ref().and_then(id) {
                Some(id) => path = path.replace("{id}", &id.to_string()),
                None => invalid.add(name, "must be a whole number, at least 1"),
            },
            Place::Query { or_else } => {
                if let Some(value) = given.and_then(text).or_else(|| or_else.clone()) {
                    query.append_pair(name, &value);
                }
            }
            Place::Header(header) => match given.and_then(text).map(HeaderValue::try_from) {
                Some(Ok(value)) => drop(headers.insert(header, value)),
                Some(Err(_)) => invalid.add(name, "must be visible ASCII characters"),
                None => {}
            },
            Place::Body => {
                body.extend(given.map(|value| (name.clone(), value)));
            }
        }
    }
    for name in arguments.keys() {
        invalid.add(name, "is not an argument of this tool");
    }
    let query = query.finish();
    let address = if query.is_empty() { path } else { format!("{path}?{query}") };
    let body = match tool.body {
        Some(body) => body.to_owned(),
        None => Value::Object(body).to_string(),
    };
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = tool.method.clone();
    match address.parse() {
        Ok(uri) => *request.uri_mut() = uri,
        Err(_) => invalid.add("arguments", "must be shorter"),
    }
    *request.headers_mut() = headers;
    if let Some(peer) = asked.extensions.get::<ConnectInfo<SocketAddr>>() {
        request.extensions_mut().insert(*peer);
    }
    invalid.or(request)
}

fn kept(asked: &Parts) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in KEPT {
        for value in asked.headers.get_all(&name) {
            headers.append(name.clone(), value.clone());
        }
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if !headers.contains_key(HOST)
        && let Ok(host) = HeaderValue::try_from(web::tenant::host(asked))
    {
        headers.insert(HOST, host);
    }
    headers
}

/// An id, as a number or as its digits.
fn id(value: &Value) -> Option<i64> {
    let id = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    (id > 0).then_some(id)
}

/// An argument as a query or a header has it; null is the same as nothing.
fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The answer to somebody who is not let in: the API's, but in words that a client of the protocol
/// hands on to its user.
pub(super) fn turned_away(refusal: Refusal) -> Response {
    let error = ErrorData::new(ErrorCode::INVALID_REQUEST, refusal.info().to_owned(), None);
    let told = json!({"jsonrpc": "2.0", "id": null, "error": error});
    let (mut parts, _) = refusal.into_response().into_parts();
    parts.extensions.remove::<Refusal>();
    (parts, Json(told)).into_response()
}

/// The API's answer to what is no request.
pub(super) fn refused(invalid: Invalid) -> Response {
    Refusal::from(invalid).render(HeaderMap::new(), false, "")
}

/// What a tool answers: the API's body, or why it was refused in words that a person may read.
pub(super) async fn told(response: Response) -> CallToolResult {
    let is_done = response.status().is_success();
    let (bytes, is_done) = match response.into_body().collect().await {
        Ok(body) => (body.to_bytes(), is_done),
        // A list that broke off; why is logged.
        Err(_) => (Default::default(), false),
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let body: Option<Value> = serde_json::from_slice(&bytes).ok();
    let mut result = match is_done {
        true => CallToolResult::success(vec![ContentBlock::text(text)]),
        false => CallToolResult::error(vec![ContentBlock::text(words(body.as_ref()))]),
    };
    result.structured_content = body;
    result
}

/// A refusal in words.
fn words(envelope: Option<&Value>) -> String {
    let envelope = envelope.unwrap_or(&Value::Null);
    let info = envelope["info"].as_str().unwrap_or("The answer broke off; ask again.");
    match envelope["data"]["request_id"].as_str() {
        Some(id) => format!("{info} It is {id}."),
        None => info.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fault_is_told_with_what_names_it_in_the_log() {
        let fault = Refusal::blank_fault().render(HeaderMap::new(), false, "0c6f-7");
        let result = told(fault).await;
        assert_eq!(result.is_error, Some(true));
        let text = result.content[0].as_text().expect("a text").text.clone();
        assert!(text.ends_with("The request id names it in our log. It is 0c6f-7."), "{text}");
    }
}
