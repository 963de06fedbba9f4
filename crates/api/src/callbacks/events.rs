//! `POST /hooks/v1/calls/events`: a switch tells of a call while it goes on.

use app::live::{self, Report};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Invalid;
use domain::live::Signal;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use web::Web;
use web::refusal::Refusal;

use super::calls::Reporter;
use crate::{Data, Fields, ReportRefusals, json_object};

/// What happened to a call. What the switch does not know it leaves out, or gives as null.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the OpenAPI document; report_of reads it")]
pub(crate) struct CallEventReport {
    /// The switch's own identifier of the call, the same as in the full report afterwards.
    #[schema(min_length = 1, max_length = 500)]
    call_sid: String,
    /// What happened.
    event: EventWord,
    /// When it happened, ISO 8601 with `Z` or an offset. What lies in the future counts as now.
    #[schema(format = "date-time")]
    occurred_at: String,
    /// The agent who answered, by its username.
    #[schema(nullable, max_length = 500)]
    agent_username: Option<String>,
    /// The account that was called. Not needed where the dialled line tells.
    #[schema(nullable, max_length = 500)]
    account_number: Option<String>,
    /// The number that was dialled. It or `account_number` must come with the first event.
    #[schema(nullable, max_length = 500)]
    did_number: Option<String>,
    /// The number that called.
    #[schema(nullable, max_length = 500)]
    from: Option<String>,
    /// The place of the event among those of the call, where the switch counts them.
    #[schema(nullable, minimum = 0)]
    sequence: Option<i64>,
}

/// What can happen to a call.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the OpenAPI document; domain::live::Signal is its sense")]
pub(crate) enum EventWord {
    Ringing,
    Waiting,
    Answered,
    Held,
    Resumed,
    Ended,
}

/// What is known of the call after an event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveCallBody {
    /// The call, as messages name it.
    call_id: i64,
    /// The switch's own identifier.
    call_sid: String,
    /// `ringing`, `waiting`, `talking`, `held`, `wrap_up` or `over`.
    state: &'static str,
}

/// Tell of a call that goes on
///
/// Agents see it at once. Events may be late, out of order, and repeated: none takes a call a step
/// back. 201 for the first event of a call, 200 for any other.
#[utoipa::path(
    post, path = "/hooks/v1/calls/events", operation_id = "report_call_event", tag = "Switches",
    request_body(content = CallEventReport, content_type = "application/json"),
    responses(
        (status = 200, description = "It was taken in", body = Data<LiveCallBody>),
        (status = 201, description = "It was the first of its call", body = Data<LiveCallBody>),
        ReportRefusals,
    ),
    security(("switch" = [])),
)]
pub(crate) async fn take(
    State(web): State<Web>,
    reporter: Reporter,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let report = report_of(json_object(&headers, body).await?)?;
    let heard = live::hear(&web.app, reporter.tenant, &reporter.switch, &report).await?;
    let status = if heard.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let data = LiveCallBody {
        call_id: heard.call_id.0,
        call_sid: report.call_sid,
        state: heard.state.as_str(),
    };
    Ok((status, Json(Data { data })).into_response())
}

/// Reads an event; every fault at once.
fn report_of(object: Map<String, Value>) -> Result<Report, Refusal> {
    const WORDS: &str = "must be ringing, waiting, answered, held, resumed or ended";
    let mut fields = Fields::of("", object).without_nulls();
    for name in ["call_sid", "event", "occurred_at"] {
        fields.require(name);
    }
    let call_sid = fields.line("call_sid");
    if call_sid.as_deref() == Some("") {
        fields.add("call_sid", "must not be empty");
    }
    let signal = fields.word("event", WORDS, Signal::parse);
    let at = fields.instant("occurred_at");
    let agent_username = fields.line("agent_username").unwrap_or_default();
    let account_number = fields.line("account_number").unwrap_or_default();
    let did_number = fields.line("did_number").unwrap_or_default();
    let from = fields.line("from").unwrap_or_default();
    let sequence = fields.whole("sequence");
    if sequence.is_some_and(|sequence| sequence < 0) {
        fields.add("sequence", "must not be negative");
    }
    match (fields.finish().or(())?, call_sid, signal, at) {
        ((), Some(call_sid), Some(signal), Some(at)) => Ok(Report {
            call_sid,
            signal,
            agent_username,
            account_number,
            did_number,
            from,
            at,
            sequence,
        }),
        _ => Err(Invalid::field("body", "cannot be read").into()),
    }
}
