//! What a program hears instead of what it asked for: one envelope, or RFC 9457 where it asks so.

use std::borrow::Cow;
use std::error::Error as StdError;

use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Invalid, limits};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Seconds after which a caller may ask again where the database cannot be reached.
const UNAVAILABLE_S: i64 = 2;

/// A refusal. As a response it has no body yet: the outermost layer writes it by
/// [`Refusal::render`], where it is known how the caller wants it, and which request it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    info: Cow<'static, str>,
    invalid: Invalid,
    header: Option<(HeaderName, String)>,
}

impl Refusal {
    fn new(status: StatusCode, info: impl Into<Cow<'static, str>>) -> Self {
        Refusal { status, info: info.into(), invalid: Invalid::new(), header: None }
    }

    fn with(mut self, name: HeaderName, value: impl ToString) -> Self {
        self.header = Some((name, value.to_string()));
        self
    }

    /// 404: there is no such thing, or not for whoever asks.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found")
    }

    /// A bad, missing, revoked or foreign token: 401, or 404 where the contract says so.
    pub fn invalid_token(status: StatusCode) -> Self {
        let refusal = Self::new(status, "Invalid token");
        match status {
            StatusCode::UNAUTHORIZED => refusal.with(WWW_AUTHENTICATE, "Bearer"),
            _ => refusal,
        }
    }

    /// 403: whoever asks is not the one who may.
    pub fn forbidden(info: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, info)
    }

    /// 400: what came in cannot be processed at all.
    pub fn processing(info: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, info)
    }

    /// 400 that names a field.
    pub fn processing_at(path: &str, rule: &str) -> Self {
        let invalid = Invalid::field(shortened(path), rule);
        Refusal { invalid, ..Self::processing(format!("{} {rule}.", shortened(path))) }
    }

    /// 405: the address answers other methods, those in `allow`.
    pub fn method(allow: Option<&'static str>) -> Self {
        let refusal = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "This address does not answer that method; Allow names those that it does.",
        );
        match allow {
            Some(methods) => refusal.with(ALLOW, methods),
            None => refusal,
        }
    }

    /// 409: a key that was used before for something else.
    pub fn conflict(info: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, info)
    }

    /// 409: the same is being done at this moment; ask again in a second.
    pub fn underway(info: &'static str) -> Self {
        Self::conflict(info).with(RETRY_AFTER, 1)
    }

    /// 410: it was there, and is no more.
    pub fn gone(info: &'static str) -> Self {
        Self::new(StatusCode::GONE, info)
    }

    /// 413: more than the limit.
    pub fn too_large(max_bytes: u64) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The body is too large: at most {max_bytes} bytes are taken."),
        )
    }

    /// 415: a body of another kind than the one that is taken.
    pub fn media_type(wanted: &str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("The body must be {wanted}."))
    }

    /// 415: a body that was made smaller (RFC 9110, 15.5.16).
    pub fn content_coding() -> Self {
        let info = "The body must come as it is: a Content-Encoding is not undone.";
        let refusal = Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, info);
        refusal.with(axum::http::header::ACCEPT_ENCODING, "identity")
    }

    /// 416: no byte of what was asked for exists.
    pub fn range(length: u64) -> Self {
        let info = "The range lies outside the recording.";
        let refusal = Self::new(StatusCode::RANGE_NOT_SATISFIABLE, info);
        refusal.with(axum::http::header::CONTENT_RANGE, format!("bytes */{length}"))
    }

    /// 429: too many wrong tokens from one address.
    pub fn wait(seconds: i64) -> Self {
        let info = "Too many invalid tokens from this address; wait before the next one.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, info).with(RETRY_AFTER, seconds)
    }

    /// 507: no room to store it.
    pub fn full() -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "There is no room left to store it; nothing was changed.",
        )
    }

    /// 500, logged once with its chain.
    pub fn fault(error: &(dyn StdError + 'static)) -> Self {
        tracing::error!(error = chain(error), "fault");
        Self::blank_fault()
    }

    /// 500 of something that is logged already.
    pub fn blank_fault() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong on our side. The request id names it in our log.",
        )
    }

    /// What is said of it to a person.
    pub fn info(&self) -> &str {
        &self.info
    }

    /// The response to a request with this id, in the form that its sender asked for.
    pub fn render(self, mut headers: HeaderMap, wants_problem: bool, request_id: &str) -> Response {
        let mut errors = Map::new();
        for (path, rule) in self.invalid.faults().take(limits::FAULTS_NAMED) {
            let rules = errors.entry(path).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(rules) = rules {
                rules.push(rule.into());
            }
        }
        let is_fault = self.status == StatusCode::INTERNAL_SERVER_ERROR;
        let request_id = is_fault.then(|| request_id.to_owned());
        let (media_type, body) = if wants_problem {
            let problem = Problem {
                r#type: "about:blank",
                title: self.status.canonical_reason().unwrap_or_default(),
                status: self.status.as_u16(),
                detail: self.info,
                errors,
                request_id,
            };
            (PROBLEM, serde_json::to_string(&problem))
        } else {
            let data = RefusalData { errors, request_id };
            let envelope = RefusalEnvelope { success: false, info: self.info, data };
            ("application/json", serde_json::to_string(&envelope))
        };
        // A body of texts and numbers can always be written.
        let body = body.unwrap_or_default();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        (self.status, headers, body).into_response()
    }
}

/// A refusal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refusal)]
pub struct RefusalEnvelope {
    /// Always false.
    success: bool,
    /// A sentence for a person.
    info: Cow<'static, str>,
    /// What is known beyond it.
    data: RefusalData,
}

/// What is known about a refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalData {
    /// What is wrong, by the path of the field.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = HashMap<String, Vec<String>>)]
    errors: Map<String, Value>,
    /// On 500: what names the request in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    request_id: Option<String>,
}

/// A refusal as RFC 9457 has it, for those who ask for `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what it is.
    r#type: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status.
    status: u16,
    /// A sentence for a person.
    detail: Cow<'static, str>,
    /// What is wrong, by the path of the field.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = HashMap<String, Vec<String>>)]
    errors: Map<String, Value>,
    /// On 500: what names the request in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    request_id: Option<String>,
}

/// The media type of RFC 9457.
const PROBLEM: &str = "application/problem+json";

/// Whether a request asks for RFC 9457 instead of the envelope.
pub fn wants_problem(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(axum::http::header::ACCEPT);
    let lines = lines.iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(PROBLEM));
        named && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// A path short enough to be repeated in an answer.
fn shortened(path: &str) -> String {
    const CHARS: usize = 100;
    match path.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", &path[..end]),
        None => path.to_owned(),
    }
}

/// An error and its causes, for the log.
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        const SAID: usize = 3;
        let mut short = Invalid::new();
        for (path, rule) in invalid.faults().take(limits::FAULTS_NAMED) {
            short.add(shortened(path), rule);
        }
        let said: Vec<String> =
            short.faults().take(SAID).map(|(path, rule)| format!("{path} {rule}")).collect();
        let more = match invalid.faults().count().saturating_sub(SAID) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let info = format!("{}{more}.", said.join("; "));
        Refusal { invalid: short, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, info) }
    }
}

/// The one place where an answer of `app` becomes one of HTTP.
impl From<app::Error> for Refusal {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::NotFound => Self::not_found(),
            app::Error::Forbidden(_) => {
                Self::new(StatusCode::FORBIDDEN, "Your role does not allow this.")
            }
            app::Error::Invalid(invalid) => invalid.into(),
            app::Error::Changed => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "It has changed since you last read it; read it again.",
            ),
            app::Error::Full(_) => {
                tracing::error!(error = chain(&error), "no room left");
                Self::full()
            }
            app::Error::Unavailable(_) => {
                tracing::error!(error = chain(&error), "unavailable");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The database cannot be reached just now; ask again in a moment.",
                )
                .with(RETRY_AFTER, UNAVAILABLE_S)
            }
            app::Error::Fault(_) => Self::fault(&error),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some((name, value)) = &self.header
            && let Ok(value) = HeaderValue::from_str(value)
        {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(self);
        response
    }
}
