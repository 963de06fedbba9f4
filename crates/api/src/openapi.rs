//! The OpenAPI 3.1 document: what the handlers say, with the golden bodies as examples.

use utoipa::OpenApi as _;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, RefOr, Schema};

use super::responses::{Envelope, EnvelopeData, Problem};

/// What the document says before a route is added.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Liberty",
        description = "Messages that agents took, recordings of calls, and To Dos that are sent by \
            SMS, e-mail and call, for programs of an answering service's clients. Version 2 is the current one; version 1 is read-only. \
            `/v2` is the same as `/api/v2`, and `/api/v1` the same as `/v1`. Every answer \
            carries `X-Request-Id`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(),
    ),
    tags(
        (name = "Messages", description = "Messages that agents took. The list has all of them \
            unless a `limit` is given."),
        (name = "Call recordings", description = "Audio and call detail records, kept for up to \
            31 days."),
        (name = "To Dos", description = "What is sent by SMS, e-mail or call, once or again and \
            again, and why it did or did not go out. `/to_dos` is the same as `/to-dos`."),
        (name = "On-call", description = "Who is called now and next, and the shifts to come."),
        (name = "Me", description = "Whom a token stands for."),
        (name = "Version 1", description = "Read-only, for programs that use it already."),
        (name = "Switches", description = "What a PBX reports, with its machine key."),
        (name = "Carriers", description = "What carriers report about what they took, signed as \
            Twilio signs, and what a mail server hands in."),
    ),
    components(schemas(Envelope, EnvelopeData, Problem)),
)]
struct Base;

/// The document without its routes.
pub(crate) fn base() -> OpenApi {
    let mut document = Base::openapi();
    let components = document.components.get_or_insert_default();
    let mut add = |name: &str, scheme| components.add_security_scheme(name, scheme);
    let bearer = |text: &str| {
        let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(text));
        SecurityScheme::Http(http.build())
    };
    let header = |name: &str, text: &str| {
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, text)))
    };
    add("bearer", bearer("An Application Key, made in the profile of a user: `lk_…`"));
    add("switch", bearer("The machine key of a switch: `ls_…`"));
    add("mail_server", bearer("The token that the operator has set for the mail server"));
    add("email", header("X-API-EMAIL", "The e-mail address of the key's owner"));
    add("token", header("X-API-TOKEN", "An Application Key, made in the profile of a user"));
    document
}

/// The document with what all its routes have in common, and with its examples.
pub(crate) fn finished(mut document: OpenApi) -> OpenApi {
    super::webhooks::describe(&mut document);
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    if let Some(components) = &mut document.components {
        for (name, schema) in &mut components.schemas {
            require_all(name, schema);
            close(name, schema);
        }
    }
    for item in document.paths.paths.values_mut() {
        for operation in operations_of(item) {
            name_requests(operation);
            set_request(operation);
        }
    }
    for (path, status, example) in EXAMPLES {
        let item = document.paths.paths.get_mut(path);
        for operation in item.into_iter().flat_map(operations_of) {
            set_example(operation, status, example);
        }
    }
    document
}

/// The bodies of the contract, which are also what the tests hold the answers to.
const EXAMPLES: [(&str, &str, &str); 5] = [
    ("/api/v2/to-dos", "201", include_str!("../tests/golden/to_do.json")),
    ("/api/v2/messages/{id}", "200", include_str!("../tests/golden/message.json")),
    ("/api/v2/call-recordings", "200", include_str!("../tests/golden/call_recordings.json")),
    ("/v1/messages", "404", include_str!("../tests/golden/invalid_token.json")),
    ("/v1/messages/{id}", "404", include_str!("../tests/golden/invalid_token.json")),
];

/// What is sent, by the operation: complete requests that work.
const REQUESTS: [(&str, &str); 7] = [
    (
        "report_call_event",
        r#"{"call_sid": "4f1c7b5e-744b", "event": "ringing", "account_number": "W0411", "from": "9548326297", "occurred_at": "2025-01-21T22:08:20Z"}"#,
    ),
    ("update_message", r#"{"read": true}"#),
    ("put_message", r#"{"read": true}"#),
    ("create_to_do", include_str!("../tests/golden/to_do_create_request.json")),
    ("preview_new_to_do", include_str!("../tests/golden/to_do_create_request.json")),
    ("update_to_do", r#"{"message_text": "The office opens at 10 today."}"#),
    ("put_to_do", r#"{"contact": "+15615550100"}"#),
];

fn operations_of(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete]
        .into_iter()
        .filter_map(Option::as_mut)
}

/// Bodies that we write have all their keys, null where there is nothing to say.
fn require_all(name: &str, schema: &mut RefOr<Schema>) {
    const OPEN: [&str; 6] =
        ["MessageUpdate", "NewToDo", "NewSchedule", "ToDoUpdate", "RefusalData", "Problem"];
    let is_open = OPEN.contains(&name) || name.starts_with("Listed") || name.ends_with("Report");
    if let RefOr::T(Schema::Object(object)) = schema
        && !is_open
    {
        object.required = object.properties.keys().cloned().collect();
    }
}

/// Bodies that we read refuse what they do not know.
fn close(name: &str, schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema
        && matches!(
            name,
            "MessageUpdate" | "ToDoUpdate" | "CallReport" | "CdrReport" | "CallEventReport"
        )
    {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    }
}

fn name_requests(operation: &mut Operation) {
    let text = "Names this request in our log; one that you send is kept.";
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let schema = ObjectBuilder::new().schema_type(Type::String).build();
            let header = HeaderBuilder::new().schema(Some(schema)).description(Some(text)).build();
            response.headers.insert("X-Request-Id".to_owned(), header.into());
        }
    }
}

fn set_request(operation: &mut Operation) {
    let id = operation.operation_id.as_deref();
    let example = REQUESTS.iter().find(|(known, _)| Some(*known) == id);
    if let (Some((_, example)), Some(RefOr::T(body))) = (example, &mut operation.request_body)
        && let Some(RefOr::T(content)) = body.content.get_mut("application/json")
    {
        content.example = serde_json::from_str(example).ok();
    }
}

fn set_example(operation: &mut Operation, status: &str, example: &str) {
    let Some(RefOr::T(response)) = operation.responses.responses.get_mut(status) else {
        return;
    };
    if let Some(RefOr::T(content)) = response.content.get_mut("application/json") {
        content.example = serde_json::from_str(example).ok();
    }
}

/// The whole document, for those who do not serve it.
pub fn document() -> OpenApi {
    super::documented().1
}
