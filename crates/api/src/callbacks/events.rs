//! `POST /hooks/v1/calls/events`: a switch tells of a call while it goes on.

use app::live::{self, Report};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use domain::Invalid;
use domain::live::Signal;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use web::Web;

use super::calls::Reporter;
use crate::bodies::{Count, DateTime, FieldKind, FilledLine, Line, Required, body, one_of};
use crate::fields::Fields;
use crate::words::rule_of;
use crate::{Data, ReportRefusals, Result, json_object};

body! {
    /// What happened to a call. What the switch does not know it leaves out, or gives as null.
    CallEventReport => Report, unknown: RefusedUnlessNull;
    /// The switch's own identifier of the call, the same as in the full report afterwards.
    call_sid: Required<FilledLine>,
    /// What happened.
    signal as "event": Required<EventWord>,
    /// The agent who answered, by its username.
    agent_username: Line,
    /// The account that was called. Not needed where the dialled line tells.
    account_number: Line,
    /// The number that was dialled. It or `account_number` must come with the first event.
    did_number: Line,
    /// The number that called.
    from: Line,
    /// What the caller chose in the switch's menu.
    menu_choice as "ivr": Line,
    /// When it happened, ISO 8601 with `Z` or an offset. What lies in the future counts as now.
    at as "occurred_at": Required<DateTime>,
    /// The place of the event among those of the call, where the switch counts them.
    sequence: Option<Count>,
}

/// The word for what happened.
struct EventWord;

impl FieldKind for EventWord {
    type Value = Signal;

    fn read(fields: &mut Fields, name: &str) -> Option<Signal> {
        let rule = rule_of(&Signal::ALL.map(Signal::as_str));
        fields.take(name, &rule, |value| Signal::parse(value.as_str()?))
    }

    fn schema() -> Value {
        one_of("", &Signal::ALL.map(Signal::as_str))
    }
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
) -> Result {
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
fn report_of(object: Map<String, Value>) -> Result<Report> {
    let mut fields = Fields::of(object, CallEventReport::UNKNOWN);
    CallEventReport::require(&mut fields);
    let report = CallEventReport::take(&mut fields);
    let report = fields.finish().or(report)?;
    report.ok_or_else(|| Invalid::field("body", "cannot be read").into())
}
