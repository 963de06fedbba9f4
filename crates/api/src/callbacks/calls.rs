//! `POST /hooks/v1/calls`: a switch reports a call, with its detail record and its audio.

use app::calls::{Audio, Ingested};
use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use data_encoding::HEXLOWER;
use domain::token::Switch;
use domain::{Call, Invalid, TenantId};
use tracing::Instrument;
use utoipa::ToSchema;
use web::origin::Origin;
use web::refusal::Refusal;
use web::signer::Signer;
use web::{ClientAddress, Web, tenant};

use super::report::{CallReport, call_of};
use super::sound;
use super::upload::{Upload, broken_off, small};
use crate::audio::AudioBytes;
use crate::{CallBody, Data, ReportRefusals, Result, bearer, parse_object, wrong};

/// The switch that reports.
#[derive(Clone, Debug)]
pub(crate) struct Reporter {
    pub(super) tenant: TenantId,
    pub(super) switch: Switch,
}

impl FromRequestParts<Web> for Reporter {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self> {
        let tenant = tenant::of_request(parts, web).await?.id;
        let Some(token) = bearer(&parts.headers) else {
            return Err(Refusal::invalid_token(StatusCode::UNAUTHORIZED));
        };
        let switch = app::keys::open_switch(&web.app, tenant, token).await?;
        if let Some(switch) = switch {
            return Ok(Reporter { tenant, switch });
        }
        let Ok(from) = ClientAddress::from_request_parts(parts, web).await;
        Err(wrong(web, from, StatusCode::UNAUTHORIZED))
    }
}

/// Report a call
///
/// There is one call for each `call_sid`. The same report may come any number of times; the first
/// audio stays. 201 where this report made the call or its recording, 200 for a repetition.
#[utoipa::path(
    post, path = "/hooks/v1/calls", operation_id = "report_call", tag = "Switches",
    request_body(content = CallUpload, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "It was reported before", body = Data<CallBody>),
        (status = 201, description = "It is stored", body = Data<CallBody>),
        ReportRefusals,
    ),
    security(("switch" = [])),
)]
pub(crate) async fn report(
    State(web): State<Web>,
    reporter: Reporter,
    Origin(origin): Origin,
    request: Request,
) -> Result {
    let parts = Multipart::from_request(request, &web).await;
    let parts = parts.map_err(|_| Refusal::media_type("multipart/form-data with a boundary"))?;
    let CallUpload { call, audio: upload } = receive(&web, reporter.tenant, parts).await?;
    // What follows is not to be torn apart when the switch hangs up: bytes that a row names must
    // stay, bytes that none names must go.
    let stored = store(web, reporter, origin, call, upload);
    let task = tokio::spawn(stored.instrument(tracing::Span::current()));
    task.await.map_err(|error| Refusal::fault(&error))?
}

/// A call and its audio, as two parts in either order.
#[derive(ToSchema)]
struct CallUpload {
    /// The call and its detail record, as JSON.
    #[schema(value_type = CallReport)]
    call: Call,
    /// The audio, MP3 or WAV. It may come with a later report of the same `call_sid`.
    #[schema(value_type = Option<AudioBytes>, nullable = false)]
    audio: Option<Upload>,
}

async fn receive(web: &Web, tenant: TenantId, mut parts: Multipart) -> Result<CallUpload> {
    let mut call = None;
    let mut upload = None;
    let mut invalid = Invalid::new();
    while let Some(part) = parts.next_field().await.map_err(|error| broken_off(&error))? {
        match part.name() {
            Some("call") if call.is_none() => call = Some(small(part).await?),
            Some("audio") if upload.is_none() => {
                upload = Some(Upload::receive(web, tenant, part).await?);
            }
            name => {
                let name = name.unwrap_or("part").to_owned();
                let is_known = matches!(name.as_str(), "call" | "audio");
                let rule = match is_known {
                    true => "is given twice",
                    false => "is not a part that can be given here",
                };
                invalid.add(name, rule);
                small(part).await?;
            }
        }
    }
    let call = match call {
        Some(text) => Some(call_of(parse_object(&text)?, tenant, &mut invalid)),
        None => {
            invalid.add("call", "is required");
            None
        }
    };
    match (invalid.or(call)?, upload) {
        (Some(Some(call)), upload) => Ok(CallUpload { call, audio: upload }),
        _ => Err(Refusal::processing("The call cannot be read.")),
    }
}

async fn store(
    web: Web,
    reporter: Reporter,
    origin: String,
    call: Call,
    mut upload: Option<Upload>,
) -> Result {
    let audio = match &upload {
        Some(upload) => Some(audio_of(&web, upload).await?),
        None => None,
    };
    let Reporter { tenant, switch } = reporter;
    let ingested = app::calls::ingest(&web.app, tenant, &switch, call, audio).await?;
    if let Some(upload) = upload.take() {
        upload.settle(ingested.keeps_audio).await;
    }
    answer(&web, tenant, &origin, &ingested).await
}

async fn audio_of(web: &Web, upload: &Upload) -> Result<Audio> {
    let sound = sound::listen(&web.blobs, upload.key(), upload.stored().bytes).await?;
    Ok(Audio {
        media_type: sound.media_type.to_owned(),
        blob_key: upload.key().as_str().to_owned(),
        bytes: i64::try_from(upload.stored().bytes).unwrap_or(i64::MAX),
        sha256: HEXLOWER.encode(&upload.stored().sha256),
        duration_ms: sound.duration_ms,
    })
}

async fn answer(web: &Web, tenant: TenantId, origin: &str, ingested: &Ingested) -> Result {
    let signer = Signer::of(web, tenant, origin).await?;
    let now = web.app.now();
    let kept = ingested.recording.as_ref().filter(|recording| recording.is_kept_at(now));
    let recording = kept.map(|recording| (recording, signer.address(recording.id)));
    let status = if ingested.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let body = CallBody::new(&ingested.call, recording);
    Ok((status, Json(Data { data: body })).into_response())
}
