//! A call as a switch reports it: the contract's fields, without the ids that we give.

use domain::{AccountId, Call, CallId, Cdr, Invalid, TenantId};
use serde_json::{Map, Value};

use crate::bodies::{Count, DateTime, FilledLine, Flag, Line, Required, Whole, body};
use crate::fields::Fields;

body! {
    /// A call as a switch reports it. What it does not know it leaves out, or gives as null.
    CallReport => Call, unknown: RefusedUnlessNull,
    with tenant_id: TenantId(0), id: CallId(0), account_id: AccountId(0), did_id: None;
    /// The switch's own identifier of the call: what makes a report a repetition.
    call_sid: Required<FilledLine>,
    /// The account that was called. Not needed where the dialled line tells.
    account_number: Line,
    /// The number that was dialled.
    did_number: Line,
    /// The number that called.
    from: Line,
    /// The agent who answered.
    agent_username: Line,
    /// When it was answered, ISO 8601 with `Z` or an offset.
    started_at: Required<DateTime>,
    /// The call detail record.
    cdr: CdrReport,
}

body! {
    /// A call detail record as a switch reports it. Figures are kept as they are given.
    CdrReport => Cdr, unknown: RefusedUnlessNull, with id: 0;
    unique_call_id: Whole,
    start_time: Option<DateTime>,
    call_type: Line,
    start_client: Line,
    end_client: Line,
    callerid: Line,
    number_dialed: Line,
    did: Line,
    agent_name: Line,
    agent_id: Option<Whole>,
    skill_name: Line,
    skill_id: Line,
    connection_sec: Count,
    ivr_sec: Count,
    wait_sec: Count,
    talk_sec: Count,
    hold_sec: Count,
    transfer_sec: Count,
    wrap_sec: Count,
    agent_answer_time: Option<DateTime>,
    end_time: Option<DateTime>,
    hang_up_time: Option<DateTime>,
    who_hung_up: Line,
    original_call_id: Option<Whole>,
    call_created_at: Option<DateTime>,
    is_orphaned: Flag,
    conference_sec: Count,
    conference_talk_sec: Count,
}

/// Reads a reported call. What is wrong with it is added to `invalid`; then it is `None`, or of no
/// use.
pub(crate) fn call_of(
    object: Map<String, Value>,
    tenant_id: TenantId,
    invalid: &mut Invalid,
) -> Option<Call> {
    let mut fields = Fields::of(object, CallReport::UNKNOWN);
    CallReport::require(&mut fields);
    fields.null("did_number");
    if !fields.has("did_number") {
        fields.require("account_number");
    }
    let call = CallReport::take(&mut fields);
    for (path, rule) in fields.finish().faults() {
        invalid.add(path, rule);
    }
    Some(Call { tenant_id, ..call? })
}
