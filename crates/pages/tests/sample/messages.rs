//! What callers said, and what became of it.

use std::collections::HashMap;

use app::deliveries::DeliveryStanding;
use app::messages::MessageHistory;
use domain::delivery::{Cause, State};
use domain::escalation::{Escalation, Phase};
use domain::form::Section;
use domain::{
    AccountId, Activity, ActivityId, ActivityKind, Answers, Attempt, CallId, Channel, ContactId,
    Delivery, DeliveryId, Event, Field, FieldKind, Form, Instant, Message, MessageId, PolicyId,
    Status, TenantId, UserId,
};

use super::{account, ago, book, now, recordings};
use crate::messages::MessageDetail;

/// Account, caller's first name, last name, for whom, what was said, minutes ago, status.
type SampleMessage = (i64, &'static str, &'static str, &'static str, &'static str, i64, Status);

const LINES: [SampleMessage; 9] = {
    use Status::{Acknowledged, Closed, Delivered, Failed, Pending};
    let cold = "No heat since last night, two small children in the house. The thermostat is lit \
                but the burner does not start.\n\nShe has already switched it off and on again. \
                Please call before you come, the gate is locked.";
    let moved = "Needs to move Thursday's deposition, please call back today.";
    let estate = "Would not give a name. Asks about the Ridgeway estate.";
    let lease = "Returning your call about the lease. Free until 4 PM.";
    let boiler = "Boiler shows error E9 and smells faintly of gas near the valve.";
    let signed = "Sent the signed papers by courier, wants to know they arrived.";
    let crash = "New client: car accident on I-95 last week, referred by a friend.";
    let yearly = "Annual maintenance: any morning next week is fine.";
    let hearing = "Hearing of March 12 is moved to 10:30 in room 4B.";
    [
        (2, "Maria", "Lopez", "Service desk", cold, 4, Delivered),
        (1, "Daniel", "Okafor", "Jane Hartwell", moved, 22, Pending),
        (1, "", "", "Jane Hartwell", estate, 60, Delivered),
        (1, "Priya", "Raman", "Thomas Boone", lease, 120, Acknowledged),
        (2, "Walter", "Niemann", "Service desk", boiler, 180, Failed),
        (1, "Elena", "Petrova", "Jane Hartwell", signed, 300, Closed),
        (1, "Marcus", "Bell", "", crash, 1_440, Acknowledged),
        (2, "Grace", "Kim", "Service desk", yearly, 1_500, Closed),
        (1, "Court clerk,", "Broward County", "Thomas Boone", hearing, 2_900, Closed),
    ]
};

/// Nine messages, the newest first; the first was taken in the first of the calls.
pub(crate) fn messages() -> Vec<Message> {
    let message = |(place, line): (i64, SampleMessage)| {
        let (account, first, last, receiver, content, minutes, status) = line;
        let uuid = format!("8895c21e-8c3a-48e2-80dd-03acf32705{place:02}");
        let blank = Message::blank(TenantId(1), AccountId(account), uuid, ago(minutes));
        Message {
            id: MessageId(940 - place),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            receiver_name: receiver.to_owned(),
            content: content.to_owned(),
            caller_id: "+19545550137".to_owned(),
            status,
            read: place >= 3,
            is_emergency: place == 0 || place == 4,
            call_id: (place == 0).then_some(CallId(266_805)),
            ..blank
        }
    };
    (0..).zip(LINES).map(message).collect()
}

/// Where their deliveries stand: the second one's was only captured.
pub(crate) fn standing() -> Vec<DeliveryStanding> {
    vec![DeliveryStanding { message_id: MessageId(939), state: State::Captured, attempts: 1 }]
}

/// The first message with all that explains it: an emergency whose mail was delivered.
pub(crate) fn detail() -> MessageDetail {
    let mut message = messages().swap_remove(0);
    message.read = true;
    message.phone = "(954) 555-0142".to_owned();
    message.caller_id = "+19545550142".to_owned();
    message.email = "maria.lopez@mail.example".to_owned();
    message.next_escalation_at = Some(now().plus_ms(12 * domain::limits::MINUTE_MS));
    message.answers = answers(&[
        ("service_address", "118 Larkspur Lane\nCoral Springs, FL 33065"),
        ("system", "Gas furnace, about 12 years old"),
        ("best_time_to_call", "Any time"),
        ("no_heat_at_all", "Yes"),
        ("service_contract", "Comfort Plus"),
    ]);
    let mail = mail(&message, 1, "service@northwind.example", "Service desk", State::Sent);
    let sent = attempt(1, 3, "sent", "250 2.0.0 queued as 4Zb", false);
    let activities = [
        (ActivityKind::Taken.by(UserId(3), "Rosa"), 4),
        (ActivityKind::Queued.by_system("Service desk", ""), 4),
        (ActivityKind::Sent.by_system("Service desk", ""), 3),
        (ActivityKind::Read.by(UserId(4), "Jane Hartwell"), 1),
    ];
    let detail = MessageHistory {
        activities: log(message.id, &activities),
        account: account(2),
        form: Some(form()),
        deliveries: vec![(mail, vec![sent])],
        escalation: Some(Escalation {
            message_id: message.id,
            policy_id: PolicyId(4),
            position: 1,
            round: 1,
            phase: Phase::Climbing,
            tellings: 2,
            ack_until: None,
        }),
        policy: book().policies.into_iter().next(),
        message,
    };
    MessageDetail { detail, next_tries: HashMap::new(), recording: recordings().into_iter().next() }
}

/// The fifth message: its mail is refused, another was only captured, and nobody is left.
pub(crate) fn failed() -> MessageDetail {
    let mut detail = detail().detail;
    let mut message = messages().swap_remove(4);
    message.company_name = "Niemann & Sons Bakery".to_owned();
    message.phone = "(954) 555-0161".to_owned();
    message.pickup_date = Some(ago(170));
    message.pickup_user_id = Some(UserId(1));
    message.answers = answers(&[("service_address", "4 Mill Road, Coral Springs")]);
    let first = mail(&message, 1, "service@northwind.example", "Service desk", State::Failed);
    let tries = vec![
        attempt(1, 180, "later", "The mail server was too busy (451 4.3.2).", false),
        attempt(2, 179, "never", "No mailbox of that name (550 5.1.1).", true),
    ];
    let second = mail(&message, 0, "karl@northwind.example", "Karl Winter", State::Captured);
    let second = Delivery { id: DeliveryId(77), ..second };
    let activities = [
        (ActivityKind::Taken.by(UserId(3), "Rosa"), 180),
        (ActivityKind::Retrying.by_system("Service desk", "The mail server was too busy."), 180),
        (ActivityKind::Failed.by_system("Service desk", "No mailbox of that name."), 179),
        (ActivityKind::PickedUp.by(UserId(1), "Jane Hartwell"), 170),
    ];
    detail.activities = log(message.id, &activities);
    detail.deliveries = vec![(second, Vec::new()), (first, tries)];
    if let Some(escalation) = &mut detail.escalation {
        escalation.phase = Phase::Exhausted;
    }
    detail.message = message;
    MessageDetail { detail, next_tries: HashMap::new(), recording: None }
}

fn answers(pairs: &[(&str, &str)]) -> Answers {
    Answers(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
}

fn form() -> Form {
    let ask = |label: &str| Field::new(label, FieldKind::Text, false);
    let titled = |title: &str, labels: &[&str]| Section {
        title: title.to_owned(),
        ..Section::of(labels.iter().map(|label| ask(label)).collect())
    };
    Form {
        sections: vec![
            titled("Visit", &["Service address", "System", "Best time to call"]),
            titled("No heat", &["No heat at all?", "Service contract"]),
        ],
        ..Form::standard(AccountId(2), ago(90_000))
    }
}

fn log(message_id: MessageId, events: &[(Event, i64)]) -> Vec<Activity> {
    let activity = |(id, (event, minutes)): (i64, &(Event, i64))| Activity {
        id: ActivityId(id),
        message_id,
        event: event.clone(),
        at: ago(*minutes),
    };
    (1..).zip(events).map(activity).collect()
}

fn mail(message: &Message, telling: i64, to: &str, name: &str, state: State) -> Delivery {
    let cause = Cause::Message(message.id);
    let (to, at) = (to.to_owned(), message.created_at);
    let key = message.uuid.clone();
    let mail = Delivery::queued(message.account_id, cause, Channel::Email, to, key, at);
    Delivery {
        id: DeliveryId(78),
        telling,
        contact_id: Some(ContactId(12)),
        recipient: name.to_owned(),
        carrier: "smtp".to_owned(),
        attempts: 1,
        state,
        ..mail
    }
}

/// A try to send something, some minutes ago.
pub(super) fn attempt(
    number: i64,
    minutes: i64,
    outcome: &str,
    detail: &str,
    may_double: bool,
) -> Attempt {
    let started_at: Instant = ago(minutes);
    Attempt {
        number,
        carrier: "smtp".to_owned(),
        may_double,
        started_at,
        finished_at: Some(started_at.plus_ms(420)),
        outcome: outcome.to_owned(),
        detail: detail.to_owned(),
    }
}
