//! Events posted to webhooks as Standard Webhooks has it, to nobody whom the guard does not let.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>:
//! `webhook-id`, `webhook-timestamp` in seconds, and `webhook-signature`: for each secret `v1,` and
//! the base64 of HMAC-SHA256 over `id.timestamp.body`.
//!
//! Where a post leads is decided on the address that is connected to: our resolver hands on only
//! addresses that the guard lets, and nothing is looked up a second time. No proxy is asked, from
//! wherever one may be configured.

mod resolve;

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use data_encoding::BASE64;
use domain::limits;
use domain::webhook::{Guard, PostAnswer};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER, USER_AGENT};
use reqwest::{Client, Response, Url, redirect, retry};
use sha2::Sha256;
use tokio::time::timeout;

use crate::outcome::quote;
use crate::{Secret, tls};

use resolve::{Guarded, NotAllowed, NotFound};
pub use resolve::{Lookup, system};

/// How long a connection is kept for the next post.
const KEPT_IDLE: Duration = Duration::from_secs(5);
const AGENT: &str = concat!("Liberty/", env!("CARGO_PKG_VERSION"), " (webhooks)");
const NOT_ALLOWED: &str = "It leads to an address that is not allowed.";

/// How posts are made.
#[derive(Clone)]
pub struct Settings {
    /// Where they may lead.
    pub guard: Guard,
    /// The longest that one may take, redirects and all.
    pub timeout: Duration,
    /// PEM certificates to trust on top of the system's.
    pub extra_roots: Option<Vec<u8>>,
    /// What finds the addresses of a name; [`system`] as a rule.
    pub lookup: Lookup,
}

/// [`Settings`] that no post could be made with; its message is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(String);

/// Makes posts. Cheap to clone; any number may be under way at once.
#[derive(Clone)]
pub struct Poster {
    client: Client,
    guard: Arc<Guard>,
    timeout: Duration,
}

impl fmt::Debug for Poster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Poster")
    }
}

/// One post.
#[derive(Clone, Debug)]
pub struct Post<'a> {
    /// Where to.
    pub url: &'a str,
    /// The event's own id, the same in each post of it.
    pub id: &'a str,
    /// Now, in seconds since 1970.
    pub timestamp_s: i64,
    /// The body: JSON.
    pub body: &'a str,
    /// What signs it, the newest first: `whsec_` and base64.
    pub secrets: Vec<Secret>,
}

impl Poster {
    /// Reads the certificates; speaks with nobody yet.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        let Settings { guard, timeout, extra_roots, lookup } = settings;
        let guard = Arc::new(guard);
        let client = Client::builder()
            .tls_backend_preconfigured(tls::client(extra_roots.as_deref()).map_err(BadSettings)?)
            .dns_resolver(Guarded { guard: guard.clone(), lookup })
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .http1_only()
            .connect_timeout(timeout / 2)
            .pool_idle_timeout(KEPT_IDLE)
            .build()
            .map_err(|error| BadSettings(format!("Webhooks cannot be posted: {error}.")))?;
        Ok(Poster { client, guard, timeout })
    }

    /// Tries once to post an event, and says what was answered. Ends within the settings' timeout.
    pub async fn post(&self, post: &Post<'_>) -> PostAnswer {
        let Some(signature) = sign(post) else {
            return nothing("Its secret cannot be read: give it a new one.".to_owned());
        };
        match timeout(self.timeout, self.follow(post, &signature)).await {
            Ok(answer) => answer,
            Err(_) => {
                let seconds = self.timeout.as_secs_f32();
                nothing(format!("No answer came within {seconds} seconds."))
            }
        }
    }

    /// Posts, and posts again where a receiver says that it has moved.
    async fn follow(&self, post: &Post<'_>, signature: &str) -> PostAnswer {
        let mut url = match self.guard.check(post.url) {
            Ok(url) => url,
            Err(rule) => return nothing(format!("Its URL {rule}.")),
        };
        for _ in 0..=limits::HOOK_REDIRECTS {
            let response = match self.once(post, signature, &url).await {
                Ok(response) => response,
                Err(error) => return nothing(sentence(&error)),
            };
            if !matches!(response.status().as_u16(), 307 | 308) {
                return read(response, post.timestamp_s).await;
            }
            let status = response.status().as_u16();
            match self.next(&url, &response) {
                Ok(next) => url = next,
                Err(why) => {
                    let detail = format!("It answered {status}, and {why}.");
                    return PostAnswer { status: Some(status), detail, ..PostAnswer::default() };
                }
            }
        }
        nothing(format!("It redirected more than {} times.", limits::HOOK_REDIRECTS))
    }

    async fn once(
        &self,
        post: &Post<'_>,
        signature: &str,
        url: &Url,
    ) -> Result<Response, reqwest::Error> {
        self.client
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, AGENT)
            .header("webhook-id", post.id)
            .header("webhook-timestamp", post.timestamp_s)
            .header("webhook-signature", signature)
            .body(post.body.to_owned())
            .send()
            .await
    }

    /// Where a receiver has moved to, if we may follow.
    fn next(&self, from: &Url, response: &Response) -> Result<Url, String> {
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let location = location.ok_or("did not say where to")?;
        let to = from.join(location).map_err(|_| "said nothing that is a URL")?;
        // What leads inside is never named to those who look: they may have set the trap.
        self.guard.check(to.as_str()).map_err(|rule| format!("where it leads to {rule}"))
    }
}

/// One signature for each secret; `None` where one is none.
fn sign(post: &Post<'_>) -> Option<String> {
    let content = format!("{}.{}.{}", post.id, post.timestamp_s, post.body);
    let signatures: Option<Vec<String>> = post
        .secrets
        .iter()
        .map(|secret| {
            let key = BASE64.decode(secret.reveal().strip_prefix("whsec_")?.as_bytes()).ok()?;
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
            mac.update(content.as_bytes());
            Some(format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())))
        })
        .collect();
    signatures.filter(|signatures| !signatures.is_empty()).map(|all| all.join(" "))
}

fn nothing(detail: String) -> PostAnswer {
    PostAnswer { detail, ..PostAnswer::default() }
}

/// Reads an answer. A body that breaks off or never ends does not change what the status says.
async fn read(mut response: Response, now_s: i64) -> PostAnswer {
    let status = response.status();
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after_ms = header.and_then(|text| retry_after_ms(text, now_s));
    let mut bytes = Vec::new();
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = limits::HOOK_KEPT_BYTES.saturating_sub(bytes.len());
        bytes.extend(chunk.iter().take(room));
        read += chunk.len();
        if read > limits::HOOK_ANSWER_BYTES {
            break;
        }
    }
    let reason = status.canonical_reason().unwrap_or("without a reason");
    let mut detail = format!("It answered {} ({reason}).", status.as_u16());
    if status.is_redirection() {
        detail.push_str(" Only 307 and 308 are followed.");
    }
    PostAnswer { status: Some(status.as_u16()), detail, body: kept(&bytes), retry_after_ms }
}

/// What is kept of a body: text, without what a terminal or a database would choke on.
fn kept(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let plain = |c: char| if c.is_control() && !matches!(c, '\n' | '\t') { ' ' } else { c };
    let mut kept: String = text.chars().map(plain).collect();
    while kept.len() > limits::HOOK_KEPT_BYTES {
        kept.pop();
    }
    kept
}

/// `Retry-After` in either of its forms (RFC 9110, 10.2.3).
fn retry_after_ms(text: &str, now_s: i64) -> Option<i64> {
    let text = text.trim();
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let at = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
            i64::try_from(at.as_secs()).ok()? - now_s
        }
    };
    Some(seconds.max(0).saturating_mul(limits::SECOND_MS))
}

/// Why there is no answer. It names no address: what a name leads to is nobody's business.
fn sentence(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        if source.is::<NotAllowed>() {
            return NOT_ALLOWED.to_owned();
        }
        if source.is::<NotFound>() {
            return "Its name leads nowhere.".to_owned();
        }
        innermost = source;
    }
    let cause = quote(&innermost.to_string());
    if error.is_builder() {
        format!("The post could not be written: {cause}.")
    } else if error.is_connect() {
        format!("Nobody was to be reached there: {cause}.")
    } else {
        format!("The connection broke: {cause}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // The example of the Standard Webhooks libraries' own tests.
        let post = Post {
            url: "",
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp_s: 1_614_265_330,
            body: r#"{"test": 2432232314}"#,
            secrets: vec![Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
        };
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(sign(&post).as_deref(), Some(expected));
        let none = Post { secrets: vec![Secret::new("MfKQ9r8G")], ..post.clone() };
        assert_eq!(sign(&none), None);
        assert_eq!(sign(&Post { secrets: Vec::new(), ..post }), None);
    }

    #[test]
    fn retry_after_has_two_forms() {
        assert_eq!(retry_after_ms(" 120 ", 0), Some(120_000));
        assert_eq!(retry_after_ms("-5", 0), Some(0));
        assert_eq!(retry_after_ms("Fri, 31 Dec 1999 23:59:59 GMT", 946_684_700), Some(99_000));
        assert_eq!(retry_after_ms("Fri, 31 Dec 1999 23:59:59 GMT", 946_684_999), Some(0));
        for nonsense in ["", "soon", "1.5", "99999999999999999999"] {
            assert_eq!(retry_after_ms(nonsense, 0), None, "{nonsense}");
        }
    }

    #[test]
    fn what_is_kept_of_a_body_is_text() {
        assert_eq!(kept(b"a\0b\x1b[31m\r\n\tc\xff"), "a b [31m \n\tc\u{fffd}");
        assert_eq!(kept("ü".repeat(2_000).as_bytes()).len(), 1_024);
        assert_eq!(kept(&[0xff; 1_024]).len(), 1_023, "whole characters");
    }
}
