//! A call as a switch reports it: the contract's fields, without the ids that we give.

use domain::{AccountId, Call, CallId, Cdr, Invalid, TenantId};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::Fields;

/// A call as a switch reports it. What it does not know it leaves out, or gives as null.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the OpenAPI document; call_of reads it")]
pub(crate) struct CallReport {
    /// The switch's own identifier of the call: what makes a report a repetition.
    #[schema(min_length = 1, max_length = 500)]
    call_sid: String,
    /// The account that was called. Not needed where the dialled line tells.
    #[schema(nullable, max_length = 500)]
    account_number: Option<String>,
    /// The number that was dialled.
    #[schema(nullable, max_length = 500)]
    did_number: Option<String>,
    /// The number that called.
    #[schema(nullable, max_length = 500)]
    from: Option<String>,
    /// The agent who answered.
    #[schema(nullable, max_length = 500)]
    agent_username: Option<String>,
    /// When it was answered, ISO 8601 with `Z` or an offset.
    #[schema(format = "date-time")]
    started_at: String,
    /// The call detail record.
    #[schema(nullable)]
    cdr: Option<CdrReport>,
}

/// A call detail record as a switch reports it. Figures are kept as they are given.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the OpenAPI document; cdr_of reads it")]
pub(crate) struct CdrReport {
    unique_call_id: Option<i64>,
    #[schema(format = "date-time")]
    start_time: Option<String>,
    call_type: Option<String>,
    start_client: Option<String>,
    end_client: Option<String>,
    callerid: Option<String>,
    number_dialed: Option<String>,
    did: Option<String>,
    agent_name: Option<String>,
    agent_id: Option<i64>,
    skill_name: Option<String>,
    skill_id: Option<String>,
    #[schema(minimum = 0)]
    connection_sec: Option<i64>,
    #[schema(minimum = 0)]
    ivr_sec: Option<i64>,
    #[schema(minimum = 0)]
    wait_sec: Option<i64>,
    #[schema(minimum = 0)]
    talk_sec: Option<i64>,
    #[schema(minimum = 0)]
    hold_sec: Option<i64>,
    #[schema(minimum = 0)]
    transfer_sec: Option<i64>,
    #[schema(minimum = 0)]
    wrap_sec: Option<i64>,
    #[schema(format = "date-time")]
    agent_answer_time: Option<String>,
    #[schema(format = "date-time")]
    end_time: Option<String>,
    #[schema(format = "date-time")]
    hang_up_time: Option<String>,
    who_hung_up: Option<String>,
    original_call_id: Option<i64>,
    #[schema(format = "date-time")]
    call_created_at: Option<String>,
    is_orphaned: Option<bool>,
    #[schema(minimum = 0)]
    conference_sec: Option<i64>,
    #[schema(minimum = 0)]
    conference_talk_sec: Option<i64>,
}

/// Reads a reported call. What is wrong with it is added to `invalid`; then it is `None`, or of no
/// use.
pub(crate) fn call_of(
    object: Map<String, Value>,
    tenant: TenantId,
    invalid: &mut Invalid,
) -> Option<Call> {
    let mut fields = Fields::of("", object).without_nulls();
    fields.require("call_sid");
    fields.require("started_at");
    if !fields.has("did_number") {
        fields.require("account_number");
    }
    let call_sid = fields.line("call_sid");
    let account_number = fields.line("account_number").unwrap_or_default();
    let did_number = fields.line("did_number").unwrap_or_default();
    let from = fields.line("from").unwrap_or_default();
    let agent_username = fields.line("agent_username").unwrap_or_default();
    let started_at = fields.instant("started_at");
    let cdr = fields.object("cdr", "cdr.").map(Fields::without_nulls);
    let (cdr, faults) = cdr_of(cdr.unwrap_or_else(|| Fields::of("cdr.", Map::new())));
    for (path, rule) in fields.finish().faults().chain(faults.faults()) {
        invalid.add(path, rule);
    }
    Some(Call {
        tenant_id: tenant,
        id: CallId(0),
        account_id: AccountId(0),
        account_number,
        did_id: None,
        call_sid: call_sid?,
        did_number,
        from,
        agent_username,
        started_at: started_at?,
        cdr,
    })
}

fn cdr_of(mut fields: Fields) -> (Cdr, Invalid) {
    let cdr = Cdr {
        id: 0,
        unique_call_id: fields.whole("unique_call_id").unwrap_or_default(),
        start_time: fields.instant("start_time"),
        call_type: fields.line("call_type").unwrap_or_default(),
        start_client: fields.line("start_client").unwrap_or_default(),
        end_client: fields.line("end_client").unwrap_or_default(),
        callerid: fields.line("callerid").unwrap_or_default(),
        number_dialed: fields.line("number_dialed").unwrap_or_default(),
        did: fields.line("did").unwrap_or_default(),
        agent_name: fields.line("agent_name").unwrap_or_default(),
        agent_id: fields.whole("agent_id"),
        skill_name: fields.line("skill_name").unwrap_or_default(),
        skill_id: fields.line("skill_id").unwrap_or_default(),
        connection_sec: fields.whole("connection_sec").unwrap_or_default(),
        ivr_sec: fields.whole("ivr_sec").unwrap_or_default(),
        wait_sec: fields.whole("wait_sec").unwrap_or_default(),
        talk_sec: fields.whole("talk_sec").unwrap_or_default(),
        hold_sec: fields.whole("hold_sec").unwrap_or_default(),
        transfer_sec: fields.whole("transfer_sec").unwrap_or_default(),
        wrap_sec: fields.whole("wrap_sec").unwrap_or_default(),
        agent_answer_time: fields.instant("agent_answer_time"),
        end_time: fields.instant("end_time"),
        hang_up_time: fields.instant("hang_up_time"),
        who_hung_up: fields.line("who_hung_up").unwrap_or_default(),
        original_call_id: fields.whole("original_call_id"),
        call_created_at: fields.instant("call_created_at"),
        is_orphaned: fields.flag("is_orphaned").unwrap_or_default(),
        conference_sec: fields.whole("conference_sec").unwrap_or_default(),
        conference_talk_sec: fields.whole("conference_talk_sec").unwrap_or_default(),
    };
    (cdr, fields.finish())
}
