//! One request and its answer over HTTP: bounded in time and size, never redirected or repeated.

use std::time::Duration;

use form_urlencoded::Serializer;
use reqwest::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, Url, redirect, retry};
use serde_json::Value;
use tokio::time::timeout;

use super::{BadRestSettings, RestSettings};
use crate::outcome::quote;
use crate::{Secret, tls};

/// The largest answer that is read, in bytes; a carrier's own are below 2 KiB.
const ANSWER_MAX: usize = 64 * 1024;
/// How long a connection is kept for the next request: shorter than carriers keep theirs, so that a
/// request seldom meets one that is being closed, which would leave its outcome unknown.
const KEPT_IDLE: Duration = Duration::from_secs(5);
/// The longest wait that a carrier can ask for: longer than that, it is not coming back.
const RETRY_AFTER_MAX_S: u64 = 24 * 60 * 60;
/// The header with the delivery's key.
const KEY_HEADER: &str = "I-Twilio-Idempotency-Token";

/// Requests to one account.
#[derive(Clone)]
pub(super) struct Exchange {
    client: Client,
    account: Url,
    account_sid: String,
    auth_token: Secret,
    timeout: Duration,
}

/// What the carrier answered.
#[derive(Debug)]
pub(super) struct RestAnswer {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    /// The body, where it is JSON and came in full.
    body: Option<Value>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum RestFailure {
    /// The request was never made, for this reason.
    Unmade(String),
    /// Nobody could be reached to make it to.
    Unreached(String),
    /// It was made, or may have been, and this happened then.
    Broken(String),
    /// It was made, or may have been, and the time was over.
    Silent,
}

impl Exchange {
    pub(super) fn new(settings: RestSettings) -> Result<Self, BadRestSettings> {
        let bad = |what: &str| BadRestSettings(format!("The carrier's {what}."));
        let RestSettings { base_url, account_sid, auth_token, timeout, extra_roots, .. } = settings;
        if account_sid.is_empty() || !account_sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(bad("account SID is not letters and digits"));
        }
        if timeout.is_zero() {
            return Err(bad("timeout must be longer than nothing"));
        }
        let account = account_url(&base_url, &account_sid)
            .ok_or_else(|| bad("base URL is not http:// or https:// and a host"))?;
        let client = Client::builder()
            .tls_backend_preconfigured(
                tls::client(extra_roots.as_deref()).map_err(BadRestSettings)?,
            )
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .http1_only()
            .connect_timeout(timeout / 2)
            .pool_idle_timeout(KEPT_IDLE)
            .user_agent("liberty")
            .build()
            .map_err(|error| BadRestSettings(format!("HTTP cannot be set up: {error}.")))?;
        Ok(Self { client, account, account_sid, auth_token, timeout })
    }

    /// The host, for people.
    pub(super) fn host(&self) -> &str {
        self.account.host_str().unwrap_or_default()
    }

    /// Asks for something new.
    pub(super) async fn post(
        &self,
        resource: &str,
        form: &[(&str, &str)],
        key: &str,
    ) -> Result<RestAnswer, RestFailure> {
        let key = HeaderValue::from_str(key)
            .map_err(|_| RestFailure::Unmade("Its key does not fit into a header.".to_owned()))?;
        let body = Serializer::new(String::new()).extend_pairs(form).finish();
        let url = format!("{}/{resource}", self.account);
        let request = self.client.post(url).header(KEY_HEADER, key).body(body);
        self.make(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded")).await
    }

    /// Asks for the account.
    pub(super) async fn account(&self) -> Result<RestAnswer, RestFailure> {
        self.make(self.client.get(format!("{}.json", self.account))).await
    }

    async fn make(&self, request: RequestBuilder) -> Result<RestAnswer, RestFailure> {
        let request = request.basic_auth(&self.account_sid, Some(self.auth_token.reveal()));
        let made = timeout(self.timeout, async {
            let response = request.send().await.map_err(failure)?;
            Ok(read(response).await)
        });
        made.await.unwrap_or(Err(RestFailure::Silent))
    }
}

impl RestAnswer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A text of the body, on one line.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        Some(quote(self.body.as_ref()?.get(name)?.as_str()?))
    }

    /// The carrier's own error code.
    pub(super) fn code(&self) -> Option<u16> {
        self.body.as_ref()?.get("code")?.as_u64()?.try_into().ok()
    }
}

/// The account's own address, where the base is one of a web server and nothing more.
fn account_url(base_url: &str, account_sid: &str) -> Option<Url> {
    let base = Url::parse(base_url).ok()?;
    let is_usable = matches!(base.scheme(), "http" | "https")
        && base.has_host()
        && base.username().is_empty()
        && base.password().is_none()
        && base.query().is_none()
        && base.fragment().is_none();
    let base = base.as_str().trim_end_matches('/');
    is_usable
        .then(|| Url::parse(&format!("{base}/2010-04-01/Accounts/{account_sid}")).ok())
        .flatten()
}

/// Reads the answer; a body that breaks off or never ends is none.
async fn read(mut response: Response) -> RestAnswer {
    let status = response.status().as_u16();
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    // Its other form is a date, which would need a clock.
    let seconds = header.and_then(|value| value.trim().parse().ok());
    let retry_after = seconds.map(|s: u64| Duration::from_secs(s.min(RETRY_AFTER_MAX_S)));
    let mut bytes = Vec::new();
    let body = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= ANSWER_MAX => bytes.extend(chunk),
            Ok(None) => break serde_json::from_slice(&bytes).ok(),
            _ => break None,
        }
    };
    RestAnswer { status, retry_after, body }
}

fn failure(error: reqwest::Error) -> RestFailure {
    let cause = cause(&error);
    if error.is_builder() {
        RestFailure::Unmade(format!("The request could not be written: {cause}."))
    } else if error.is_connect() {
        RestFailure::Unreached(cause)
    } else {
        RestFailure::Broken(cause)
    }
}

/// The innermost cause, which says the most and names no address with a secret.
fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    quote(&innermost.to_string())
}
