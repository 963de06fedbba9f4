//! Recorded calls, what was captured instead of sent, and what phones asked for.

use app::texts::{InboundText, OptOut};
use domain::delivery::{Cause, State};
use domain::{
    AccountId, Call, CallId, Cdr, Channel, Delivery, DeliveryId, MessageId, Recording, RecordingId,
    RunId, TenantId, call,
};

use super::{account, ago};

/// Four recorded calls, the newest first; of the last the audio is gone.
pub(crate) fn recordings() -> Vec<Recording> {
    let recording = |id, of, from: &str, agent: &str, minutes, talk_sec| {
        let account = account(of);
        let cdr = Cdr {
            call_type: "InboundCall".to_owned(),
            agent_name: agent.to_owned(),
            number_dialed: "9545550120".to_owned(),
            skill_name: "English".to_owned(),
            who_hung_up: "caller".to_owned(),
            wait_sec: 11,
            wrap_sec: 19,
            talk_sec,
            ..Cdr::default()
        };
        let started_at = ago(minutes);
        Recording {
            id: RecordingId(id),
            call: Call {
                tenant_id: TenantId(1),
                id: CallId(266_769 + id),
                account_id: account.id,
                account_number: account.number,
                did_id: None,
                call_sid: format!("4f1c7b5e-744b-11ef-9bdd-02420a1f20{id}"),
                did_number: "9545550120".to_owned(),
                from: from.to_owned(),
                agent_username: agent.to_lowercase(),
                started_at,
                cdr,
            },
            media_type: "audio/mpeg".to_owned(),
            blob_key: String::new(),
            bytes: 16_000 * talk_sec,
            sha256: String::new(),
            duration_ms: 1_000 * talk_sec,
            expires_at: call::expires_at(started_at),
            purged_at: None,
        }
    };
    vec![
        recording(36, 2, "+19545550142", "Rosa", 6, 161),
        recording(35, 1, "+13055550188", "Rosa", 22, 72),
        recording(34, 1, "+529845550110", "José", 60, 38),
        recording(33, 3, "+19545550137", "Amir", 50_000, 185),
    ]
}

/// What was captured: two mails of messages, a text and a call of To Dos.
pub(crate) fn captured() -> Vec<Delivery> {
    let captured = |id, cause, channel, to: &str, subject: &str, body: &str, minutes| Delivery {
        id: DeliveryId(id),
        subject: subject.to_owned(),
        body: body.to_owned(),
        state: State::Captured,
        ..Delivery::queued(
            AccountId(1),
            cause,
            channel,
            to.to_owned(),
            format!("{id}"),
            ago(minutes),
        )
    };
    let (daniel, walter) = (Cause::Message(MessageId(939)), Cause::Message(MessageId(936)));
    let runs = |id| Cause::Run(RunId(id));
    let (jane, karl) = ("jane@hartwell.example", "karl@northwind.example");
    let urgent = "EMERGENCY: message 936 from Walter Niemann";
    let body = "Walter Niemann, Niemann & Sons Bakery, called at 2:08 PM.\n\nBoiler shows error E9 \
                and smells faintly of gas near the valve.\n\nCallback: (954) 555-0161\n";
    let alarm = "Good evening. Please check the alarm before you leave.";
    let text = captured(79, runs(7), Channel::Sms, "+15615550100", "", "Check the escrow.", 5);
    let first = "Message 939 from Daniel Okafor";
    let mail = captured(78, daniel, Channel::Email, jane, first, "Please call back.", 22);
    let second = captured(77, walter, Channel::Email, karl, urgent, body, 180);
    let call = captured(76, runs(8), Channel::Call, "+15615550100", "", alarm, 1_440);
    vec![
        text,
        mail,
        Delivery { recipient: "Karl Winter".to_owned(), ..second },
        Delivery { recipient: "Jane Hartwell".to_owned(), sender: "9545550120".into(), ..call },
    ]
}

/// Phones that asked for no more texts.
pub(crate) fn opt_outs() -> Vec<OptOut> {
    let row = |address: &str, word: &str| OptOut {
        address: address.to_owned(),
        word: word.to_owned(),
        opted_out_at: ago(4_320),
    };
    vec![row("+15615550100", "Stop"), row("+15615550101", "")]
}

/// Texts that came in.
pub(crate) fn texts() -> Vec<InboundText> {
    let row = |text: &str, meaning: &str| InboundText {
        carrier: "first".to_owned(),
        reference: String::new(),
        sender: "+15615550100".to_owned(),
        recipient: "+19545550120".to_owned(),
        text: text.to_owned(),
        meaning: meaning.to_owned(),
        received_at: ago(4_320),
    };
    vec![row("Stop", "stop"), row("On my way", "text")]
}
