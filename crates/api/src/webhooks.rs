//! Webhooks as the API's documents describe them: each event, its headers, and its body field by field.

use domain::HookKind;
use handbook::reference::{Chapter, Row};
use serde_json::{Map, Value, json};
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, OpenApi, Required, ResponseBuilder, ResponsesBuilder};

use crate::bodies::{named, one_of, schema_of};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EventFieldKind {
    Text,
    MaybeText,
    Number,
    MaybeNumber,
    Flag,
    Instant,
    MaybeInstant,
}

use EventFieldKind::*;

impl EventFieldKind {
    /// Its JSON type, and what it holds in words.
    fn told(self) -> (&'static str, &'static str) {
        match self {
            Text => ("string", "string"),
            MaybeText => ("string", "string or null"),
            Number => ("integer", "integer"),
            MaybeNumber => ("integer", "integer or null"),
            Flag => ("boolean", "boolean"),
            Instant => ("string", "date-time"),
            MaybeInstant => ("string", "date-time or null"),
        }
    }

    fn schema(self, text: &str) -> Value {
        let (kind, words) = self.told();
        let kind = if words.ends_with("null") { json!([kind, "null"]) } else { json!(kind) };
        let mut schema = json!({"type": kind, "description": text});
        if words.starts_with("date-time") {
            schema["format"] = "date-time".into();
        }
        schema
    }
}

/// A field of `data`: its name, what it holds, what it means.
type EventField = (&'static str, EventFieldKind, &'static str);

const MESSAGE: [EventField; 27] = [
    ("id", Number, "Its identifier, good for GET /api/v2/messages/{id}."),
    ("uuid", Text, "The stable public id."),
    ("account_id", Number, "The account that it was taken for."),
    ("account_number", Text, "That account's number."),
    ("status", Text, "pending, held, delivered, failed, acknowledged or closed."),
    ("read", Flag, "Whether the customer has read it."),
    ("is_emergency", Flag, "Whether it is an emergency."),
    ("non_message_type", Text, "Why it is no message (hang_up, …); \"\" for a message."),
    ("disposition", MaybeText, "What became of it, in the customer's words."),
    ("agent_id", MaybeNumber, "The agent who took it."),
    ("user_id", MaybeNumber, "The user whom it is for; null for the office."),
    ("contact_id", MaybeNumber, "The directory contact whom it is for."),
    ("receiver_name", Text, "That contact's name."),
    ("did_id", MaybeNumber, "The line that was called."),
    ("call_id", MaybeNumber, "The call that it was taken on."),
    ("delivered_at", MaybeInstant, "Its last delivery."),
    ("delivered_to", MaybeText, "The address of its last delivery."),
    ("pickup_date", MaybeInstant, "When it was picked up in the portal."),
    ("pickup_user_id", MaybeNumber, "By whom it was picked up."),
    ("escalation_level_id", MaybeNumber, "Its current level of escalation."),
    ("next_escalation_at", MaybeInstant, "When the next level is due."),
    ("escalation_counter", Number, "Steps of escalation taken."),
    ("closing_action_group_id", MaybeNumber, "What the account wants done with it."),
    ("send_at", MaybeInstant, "When it is sent, if it is held."),
    ("activities_count", Number, "Rows in its activity log."),
    ("created_at", Instant, "When it was taken."),
    ("updated_at", Instant, "When it last changed."),
];

const RECORDING: [EventField; 13] = [
    ("id", Number, "Its identifier, good for GET /api/v2/call-recordings/{id}."),
    ("call_id", Number, "The call's id."),
    ("call_sid", Text, "The switch's own identifier of the call."),
    ("account_id", Number, "The account that was called."),
    ("account_number", Text, "That account's number."),
    ("did_number", Text, "The number that was dialled."),
    ("from", Text, "The number that called."),
    ("agent_username", Text, "The agent who answered."),
    ("started_at", Instant, "When it was answered."),
    ("duration_ms", Number, "How long it plays."),
    ("media_type", Text, "audio/mpeg or audio/wav."),
    ("bytes", Number, "Its size."),
    ("expires_at", Instant, "From when on it is no longer given to anybody."),
];

const RUN: [EventField; 9] = [
    ("id", Number, "The run's identifier."),
    ("to_do_id", Number, "Its To Do, good for GET /api/v2/to-dos/{id}."),
    ("account_id", Number, "The account."),
    ("account_number", Text, "That account's number."),
    ("delivery_type", Text, "sms, email or call."),
    ("due_at", Instant, "The occurrence."),
    ("state", Text, "sent, captured, failed, skipped or cancelled."),
    ("reason", Text, "Why, in a sentence; \"\" where there is nothing to say."),
    ("finished_at", MaybeInstant, "When nothing more was to be done."),
];

/// The fields of an event's `data`.
fn fields_of(kind: HookKind) -> &'static [EventField] {
    match kind {
        HookKind::RecordingAvailable => &RECORDING,
        HookKind::ToDoRun => &RUN,
        _ => &MESSAGE,
    }
}

const HEADERS: [(&str, &str); 3] = [
    ("webhook-id", "The event's own id, the same in every post of it: what was seen is skipped."),
    ("webhook-timestamp", "When it was posted, in seconds since 1970. Refuse what is old."),
    (
        "webhook-signature",
        "One or two, a space between: v1, a comma, and the base64 of HMAC-SHA256 over \
         id.timestamp.body with the secret behind whsec_, decoded.",
    ),
];

/// Adds the webhooks to the OpenAPI document.
pub(crate) fn describe(document: &mut OpenApi) {
    let schemas = &mut document.components.get_or_insert_default().schemas;
    for kind in [HookKind::MessageCreated, HookKind::RecordingAvailable, HookKind::ToDoRun] {
        let (event, state) = (body_name(kind), format!("{}Data", body_name(kind)));
        let kinds = HookKind::ALL.into_iter().filter(|other| body_name(*other) == event);
        let kinds: Vec<_> = kinds.map(HookKind::as_str).collect();
        let body = json!({
            "type": "object",
            "properties": {
                "type": one_of("What happened.", &kinds),
                "timestamp": Instant.schema("When it happened."),
                "data": named(&state),
            },
            "required": ["type", "timestamp", "data"],
        });
        schemas.insert(event.to_owned(), schema_of(body));
        schemas.insert(state, schema_of(data(kind)));
    }
    let paths = HookKind::ALL
        .into_iter()
        .fold(PathsBuilder::new(), |paths, kind| paths.path(kind.as_str(), item(kind)));
    document.webhooks = Some(paths.build());
}

/// The name of the schema of an event's body.
fn body_name(kind: HookKind) -> &'static str {
    match kind {
        HookKind::RecordingAvailable => "RecordingEvent",
        HookKind::ToDoRun => "RunEvent",
        _ => "MessageEvent",
    }
}

fn item(kind: HookKind) -> PathItem {
    let content = ContentBuilder::new().schema(Some(schema_of(named(body_name(kind))))).build();
    let body = RequestBodyBuilder::new()
        .content("application/json", content)
        .required(Some(Required::True))
        .description(Some("The state at the moment of the event."))
        .build();
    let answer = |text: &str| ResponseBuilder::new().description(text).build();
    let responses = ResponsesBuilder::new()
        .response("2XX", answer("Taken."))
        .response("410", answer("No more events are wanted: the webhook is disabled."))
        .response("default", answer("Not taken: it is posted again later."))
        .build();
    let mut operation = OperationBuilder::new()
        .operation_id(Some(format!("hook_{}", kind.as_str().replace('.', "_"))))
        .summary(Some(kind.sentence()))
        .request_body(Some(body))
        .securities(Some([]))
        .responses(responses);
    for (name, text) in HEADERS {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(text))
            .schema(Some(schema_of(Text.schema(text))));
        operation = operation.parameter(parameter);
    }
    PathItem::new(HttpMethod::Post, operation.build())
}

fn data(kind: HookKind) -> Value {
    let fields = fields_of(kind).iter();
    let properties: Map<_, _> =
        fields.map(|(name, holds, text)| ((*name).to_owned(), holds.schema(text))).collect();
    let required: Vec<_> = properties.keys().cloned().collect();
    json!({"type": "object", "properties": properties, "required": required})
}

/// What its page in the reference says.
pub(crate) fn chapter() -> Chapter {
    let mut rows: Vec<Row> =
        HEADERS.iter().map(|(name, text)| Row::key(&format!("`{name}`"), "header", text)).collect();
    for kind in HookKind::ALL {
        rows.push(Row::key(&format!("`{}`", kind.as_str()), "event", kind.sentence()));
    }
    let fields =
        [("message.*", &MESSAGE[..]), ("recording.available", &RECORDING), ("to_do.run", &RUN)];
    for (event, fields) in fields {
        for (name, holds, text) in fields {
            let kind = format!("{}, {event}", holds.told().1);
            rows.push(Row::key(&format!("`data.{name}`"), &kind, text));
        }
    }
    Chapter {
        title: "What is posted".to_owned(),
        paragraphs: [
            "A webhook posts what happens to an account to a URL of yours, signed as Standard \
             Webhooks has it; verify it with one of its libraries. Supervisors make webhooks on \
             the account's page.",
            "Answer 2xx within ten seconds. Anything else is tried again: after 5 seconds, 5 and \
             30 minutes, 2, 5, 10, 14, 20 and 24 hours; Retry-After is honoured. Events of one \
             message come in order, unless an earlier one fails for an hour.",
            "data is the state at the moment of the event. What the caller said is not in it: ask \
             the API for the message by its id.",
        ]
        .map(str::to_owned)
        .to_vec(),
        of: "header, event or field",
        rows,
        example: "POST /hooks/liberty\nwebhook-id: evt_FIYCJAD6MFQ4QQ25OL2SSMEFEWTLTLPS\n\
                  webhook-timestamp: 1737497300\nwebhook-signature: v1,KOw46j+z0WThuQSNj1yq8E6srfuuEcT8ur1wLjF6zPk=\n\n\
                  {\"type\": \"message.created\", \"timestamp\": \"2025-01-21T22:08:20.671Z\", \
                  \"data\": {\"id\": 1, \"status\": \"pending\", …}}"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::to_do::RunState;
    use domain::webhook::payload::{self, EndedRun, Fact, Facts};
    use domain::{AccountId, Channel, Message, RunId, TenantId, ToDoId};

    use super::*;

    /// What is documented is what is told: the same fields, in the same order, of the same kinds.
    fn check(kind: HookKind, facts: &Facts) {
        let documented = fields_of(kind);
        let names =
            |fields: &[EventField]| fields.iter().map(|(name, ..)| *name).collect::<Vec<_>>();
        assert_eq!(names(documented), facts.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        for ((name, fact), (_, holds, _)) in facts.iter().zip(documented) {
            let fits = match fact {
                Fact::Text(_) => !matches!(holds, Number | MaybeNumber | Flag),
                Fact::Number(_) => matches!(holds, Number | MaybeNumber),
                Fact::Flag(_) => *holds == Flag,
                Fact::Null => matches!(holds, MaybeText | MaybeNumber | MaybeInstant),
            };
            assert!(fits, "{name}: {fact:?} is documented as {holds:?}");
        }
        let page =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/webhooks.md"));
        let page = page.expect("the page of the webhooks");
        for (name, _) in facts {
            assert!(page.contains(&format!("`{name}`")), "{name} is not in docs/webhooks.md");
        }
        assert!(page.contains(&format!("`{}`", kind.as_str())));
    }

    #[test]
    fn what_is_documented_is_what_is_told() {
        let at = domain::Instant::from_ms(0);
        let mut message = Message::blank(TenantId(1), AccountId(1), "uuid".to_owned(), at);
        let messages =
            [HookKind::MessageCreated, HookKind::MessageDelivered, HookKind::MessageEscalated];
        check(HookKind::MessageCreated, &payload::of_message(&message, "W0411"));
        message.delivered_at = Some(at);
        message.delivered_to = Some("jane@x.example".to_owned());
        message.next_escalation_at = Some(at);
        message.escalation_level_id = Some(1);
        message.agent_id = Some(domain::UserId(1));
        for kind in messages {
            check(kind, &payload::of_message(&message, "W0411"));
        }
        check(HookKind::MessageAcknowledged, &payload::of_message(&message, "W0411"));
        let run = EndedRun {
            id: RunId(1),
            to_do_id: ToDoId(1),
            channel: Channel::Sms,
            due_at: at,
            state: RunState::Sent,
            reason: String::new(),
            finished_at: Some(at),
        };
        check(HookKind::ToDoRun, &payload::of_run(&run, 1, "W0411"));
    }

    #[test]
    fn the_document_has_every_event() {
        let document = crate::document();
        let document = serde_json::to_value(&document).expect("JSON");
        for kind in HookKind::ALL {
            let post = &document["webhooks"][kind.as_str()]["post"];
            assert_eq!(post["parameters"].as_array().map(Vec::len), Some(3), "{kind:?}");
            let body = &post["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let body = body.as_str().and_then(|at| document.pointer(at.trim_start_matches('#')));
            let data = &body.expect("a schema")["properties"]["data"]["$ref"];
            let data = data.as_str().and_then(|at| document.pointer(at.trim_start_matches('#')));
            let fields = data.expect("a schema")["properties"].as_object().expect("fields");
            assert_eq!(fields.len(), fields_of(kind).len());
        }
        let nullable = "/components/schemas/MessageEventData/properties/contact_id/type";
        let found = document.pointer(nullable).expect("a type");
        assert_eq!(found, &serde_json::json!(["integer", "null"]));
    }
}
