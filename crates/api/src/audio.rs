//! The audio of calls: signed addresses, and the bytes behind them.

use app::calls;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use blobs::{Key, Slice};
use data_encoding::HEXLOWER;
use domain::{Instant, Recording, RecordingId, TenantId, limits};
use futures_util::TryStreamExt;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::refusal::chain;
use web::signer::{mac, signed};
use web::tenant::RequestTenant;
use web::{Refusal, Web};

use crate::bodies::{AnyText, Required, Whole, described};
use crate::query::{Query, parameters};
use crate::{Id, LinkRefusals, Result, etag};

/// The route of signed addresses.
pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::from(Router::new()).routes(routes!(play))
}

/// The bytes of audio, in the OpenAPI document.
pub(crate) struct AudioBytes;

described!(AudioBytes, "AudioBytes", {"type": "string", "format": "binary"});

parameters! {
    /// What makes an address a signed one.
    pub(crate) Signature;
    /// Until when it works, in seconds since 1970.
    expires: Required<Whole>,
    /// The signature, 64 hexadecimal digits.
    signature: Required<AnyText>,
}

impl Signature {
    /// When the address ends, if it was signed by us. Compared in constant time.
    fn ends(&self, tenant: TenantId, id: RecordingId, mut mac: Hmac<Sha256>) -> Option<Instant> {
        let expires = self.expires?;
        let signature = HEXLOWER.decode(self.signature.as_ref()?.as_bytes()).ok()?;
        mac.update(signed(tenant, id, expires).as_bytes());
        mac.verify_slice(&signature).ok()?;
        Some(Instant::from_ms(expires.saturating_mul(limits::SECOND_MS)))
    }
}

/// Play a recording
///
/// Where the `recording` of a call recording leads. It needs no token: the signature opens it,
/// for ten minutes. `Range`, `If-Range` and `HEAD` are served. A wrong signature is 404; an
/// address that has expired, or whose audio is past its 31 days, is 410.
#[utoipa::path(
    get, path = "/recordings/{id}/audio", operation_id = "play_recording", tag = "Call recordings",
    params(
        Signature,
        ("Range" = Option<String>, Header, description = "One range of bytes"),
    ),
    responses(
        (status = 200, description = "All of it",
         content((AudioBytes = "audio/mpeg"), (AudioBytes = "audio/wav"))),
        (status = 206, description = "The range that was asked for",
         content((AudioBytes = "audio/mpeg"), (AudioBytes = "audio/wav")),
         headers(("Content-Range" = String, description = "Which bytes of how many"))),
        (status = 304, description = "It is as If-None-Match knows it"),
        LinkRefusals,
    ),
    security(()),
)]
pub(crate) async fn play(
    State(web): State<Web>,
    RequestTenant(tenant): RequestTenant,
    Id(id): Id,
    method: Method,
    Query(signature): Query<Signature>,
    headers: HeaderMap,
) -> Result {
    let id = RecordingId(id);
    let mac = mac(&web, tenant.id).await?;
    let ends = signature.ok().and_then(|signature| signature.ends(tenant.id, id, mac));
    let ends = ends.ok_or_else(Refusal::not_found)?;
    let now = web.app.now();
    if now >= ends {
        return Err(Refusal::gone("This link has expired; get the recording again for a new one."));
    }
    let recording = calls::linked(&web.app, tenant.id, id).await?;
    if !recording.is_kept_at(now) {
        return Err(Refusal::gone("The audio of a call is kept for 31 days; these are over."));
    }
    let head = AudioHead::of(&recording);
    if let Some(unchanged) = etag::not_modified(&headers, &head.etag) {
        return Ok(unchanged);
    }
    let slice = match method {
        Method::GET => slice(&headers, &head),
        _ => Slice::Whole,
    };
    let body = match (&slice, &method) {
        (Slice::Unsatisfiable, _) => return Err(Refusal::range(head.length)),
        (_, &Method::HEAD) => Body::empty(),
        (Slice::Whole, _) => bytes(&web, &recording, None).await?,
        (Slice::Part(part), _) => bytes(&web, &recording, Some(part.clone())).await?,
    };
    Ok(head.answer(slice, body))
}

/// A browser that opens the address itself makes a page around it, which must be able to play.
const PLAYER_POLICY: &str = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; \
    frame-ancestors 'none'";

/// What is said about a recording's bytes.
struct AudioHead {
    id: RecordingId,
    media_type: String,
    length: u64,
    etag: String,
}

impl AudioHead {
    fn of(recording: &Recording) -> Self {
        AudioHead {
            id: recording.id,
            media_type: recording.media_type.clone(),
            length: u64::try_from(recording.bytes).unwrap_or_default(),
            etag: format!("\"{}\"", recording.sha256),
        }
    }

    fn answer(self, slice: Slice, body: Body) -> Response {
        let ending = if self.media_type == "audio/wav" { "wav" } else { "mp3" };
        let name = format!("inline; filename=\"recording-{}.{ending}\"", self.id);
        let (status, length, range) = match slice {
            Slice::Part(part) => {
                let range = format!("bytes {}-{}/{}", part.start, part.end - 1, self.length);
                (StatusCode::PARTIAL_CONTENT, part.end - part.start, Some(range))
            }
            _ => (StatusCode::OK, self.length, None),
        };
        let mut headers = HeaderMap::new();
        let mut add = |header, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(header, value);
            }
        };
        add(CONTENT_TYPE, &self.media_type);
        add(CONTENT_LENGTH, &length.to_string());
        add(CONTENT_DISPOSITION, &name);
        add(ETAG, &self.etag);
        add(ACCEPT_RANGES, "bytes");
        add(CACHE_CONTROL, "private, no-cache");
        add(CONTENT_SECURITY_POLICY, PLAYER_POLICY);
        if let Some(range) = range {
            add(CONTENT_RANGE, &range);
        }
        (status, headers, body).into_response()
    }
}

/// The part that a request asks for. `If-Range` must name our ETag, or all of it is sent.
fn slice(headers: &HeaderMap, head: &AudioHead) -> Slice {
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let is_current = match headers.contains_key(IF_RANGE) {
        true => header(IF_RANGE).is_some_and(|etag| etag.trim() == head.etag),
        false => true,
    };
    match header(RANGE) {
        Some(range) if is_current => Slice::asked(range, head.length),
        _ => Slice::Whole,
    }
}

async fn bytes(
    web: &Web,
    recording: &Recording,
    part: Option<std::ops::Range<u64>>,
) -> Result<Body> {
    let key = Key::parse(&recording.blob_key).map_err(|error| Refusal::fault(&error))?;
    let chunks = web.blobs.read(&key, part).await.map_err(|error| Refusal::fault(&error))?;
    let Some(chunks) = chunks else {
        tracing::error!(recording = recording.id.0, "the audio of a recording is missing");
        return Err(Refusal::blank_fault());
    };
    let chunks = chunks.inspect_err(|error| {
        tracing::error!(error = chain(error), "audio broke off");
    });
    Ok(Body::from_stream(chunks))
}
