//! The OpenAPI 3.1 document: what the handlers say, with the golden bodies as examples.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::link::Link;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder};
use utoipa::openapi::security::{SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Deprecated, OpenApi, Ref, RefOr, Required, Response, Schema};
use utoipa::{IntoParams, OpenApi as _};
use web::refusal::{Problem, RefusalData, RefusalEnvelope};

use crate::bodies::schema_of;

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
    components(schemas(RefusalEnvelope, RefusalData, Problem)),
    servers((url = "/", description = "The host that serves this document: each answering service \
        has its own, and a key of one is an invalid token on another.")),
)]
struct BaseDocument;

/// The document without its routes.
pub(crate) fn base() -> OpenApi {
    let mut document = BaseDocument::openapi();
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
        refer(&mut components.schemas);
    }
    for (path, item) in &mut document.paths.paths {
        tell_put_from_patch(item);
        for operation in operations_of(item) {
            add_id(path, operation);
            add_etag(path, operation);
            add_link(operation);
            name_requests(operation);
            deprecate(path, operation);
            close_security(operation);
            set_request(operation);
        }
    }
    for (path, status, example) in EXAMPLES {
        let item = document.paths.paths.get_mut(path);
        for operation in item.into_iter().flat_map(operations_of) {
            set_example(operation, status, example);
        }
    }
    for (path, example) in derived_examples() {
        let item = document.paths.paths.get_mut(path);
        for operation in item.into_iter().flat_map(operations_of) {
            set_example(operation, "200", &example);
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

/// A list of what a golden body has one of, and one of what another has a list of.
fn derived_examples() -> [(&'static str, String); 3] {
    let data = |golden: &str| {
        let body: serde_json::Value = serde_json::from_str(golden).unwrap_or_default();
        body["data"].clone()
    };
    let list = |golden| json!({"data": [data(golden)]}).to_string();
    let first = |golden| json!({"data": data(golden)[0]}).to_string();
    [
        ("/api/v2/messages", list(include_str!("../tests/golden/message.json"))),
        ("/api/v2/to-dos", list(include_str!("../tests/golden/to_do.json"))),
        (
            "/api/v2/call-recordings/{id}",
            first(include_str!("../tests/golden/call_recordings.json")),
        ),
    ]
}

/// What is sent, by the operation: complete requests that work.
const REQUESTS: [(&str, &str); 10] = [
    (
        "report_call_event",
        r#"{"call_sid": "4f1c7b5e-744b", "event": "ringing", "account_number": "W0411", "from": "9548326297", "occurred_at": "2025-01-21T22:08:20Z"}"#,
    ),
    ("update_message", r#"{"read": true}"#),
    (
        "create_message",
        r#"{"account_number": "W0411", "first_name": "Ida", "last_name": "Moss", "phone": "(561) 555-0142", "content": "Please call me back before noon.", "answers": {"meeting_preference": "Virtual"}}"#,
    ),
    ("correct_message", r#"{"answers": {"content": "Please call me back after noon."}}"#),
    ("send_message", r#"{"channel": "email"}"#),
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

/// A schema that stands within another, and has a name, is a reference: one type for one thing.
fn refer(schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    let named: Vec<_> =
        schemas.iter().map(|(name, schema)| (name.clone(), schema.clone())).collect();
    for schema in schemas.values_mut() {
        refer_within(schema, &named);
    }
}

fn refer_within(schema: &mut RefOr<Schema>, named: &[(String, RefOr<Schema>)]) {
    let refer = |inner: &mut RefOr<Schema>| match named.iter().find(|(_, known)| known == inner) {
        Some((name, _)) => *inner = Ref::from_schema_name(name).into(),
        None => refer_within(inner, named),
    };
    match schema {
        RefOr::T(Schema::Object(object)) => object.properties.values_mut().for_each(refer),
        RefOr::T(Schema::OneOf(choice)) => choice.items.iter_mut().for_each(refer),
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                refer(items);
            }
        }
        _ => {}
    }
}

/// PUT is the same as PATCH, and one handler; as an operation it has a name of its own.
fn tell_put_from_patch(item: &mut PathItem) {
    if let (Some(put), Some(_)) = (&mut item.put, &item.patch) {
        put.operation_id = put.operation_id.as_ref().map(|id| id.replace("update_", "put_"));
        put.summary = put.summary.as_ref().map(|summary| format!("{summary}, by PUT"));
        put.description = Some("The same as `PATCH`: what is not given stays as it is.".to_owned());
    }
}

/// What is said of no key needs an Application Key; what needs none says so by an empty list.
fn close_security(operation: &mut Operation) {
    let bearer = || vec![SecurityRequirement::new::<_, _, &str>("bearer", [])];
    let security = operation.security.get_or_insert_with(bearer);
    security.retain(|need| *need != SecurityRequirement::default());
}

fn name_requests(operation: &mut Operation) {
    let text = "Names this request in our log; one that you send is kept.";
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.insert("X-Request-Id".to_owned(), text_header(text));
        }
    }
}

/// Version 1 says of itself that there is a newer one.
fn deprecate(path: &str, operation: &mut Operation) {
    if !path.starts_with("/v1/") {
        return;
    }
    operation.deprecated = Some(Deprecated::True);
    let text = "Since when version 2 is to be used instead (RFC 9745). Version 1 stays.";
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.insert("Deprecation".to_owned(), text_header(text));
        }
    }
}

fn text_header(text: &str) -> RefOr<Header> {
    let schema = ObjectBuilder::new().schema_type(Type::String).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(text)).build().into()
}

/// The response of an operation with this status.
fn response<'o>(operation: &'o mut Operation, status: &str) -> Option<&'o mut Response> {
    match operation.responses.responses.get_mut(status) {
        Some(RefOr::T(response)) => Some(response),
        _ => None,
    }
}

fn has_parameter(operation: &Operation, name: &str) -> bool {
    let is_it = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(it) if it.name == name);
    operation.parameters.iter().flatten().any(is_it)
}

/// What an id after this word of a path is the id of: in the document, in the Postman collection,
/// and an example.
pub(crate) const NOUNS: [(&str, [&str; 3]); 5] = [
    ("messages", ["The message's id", "message_id", "939"]),
    ("call-recordings", ["The recording's id", "recording_id", "36"]),
    ("recordings", ["The recording's id", "recording_id", "36"]),
    ("to-dos", ["The To Do's id", "to_do_id", "157"]),
    ("on-call", ["The rotation's id", "rotation_id", "1"]),
];

/// What stands in `NOUNS` for the `{id}` of a path.
pub(crate) fn noun_of(path: &str) -> Option<[&'static str; 3]> {
    let word = path.split_once("/{id}")?.0.rsplit('/').next()?;
    NOUNS.iter().find(|(noun, _)| *noun == word).map(|(_, told)| *told)
}

fn add_id(path: &str, operation: &mut Operation) {
    let Some([text, ..]) = noun_of(path) else { return };
    let id = ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(text))
        .schema(Some(schema_of(json!({"type": "integer", "format": "int64", "minimum": 1}))));
    operation.parameters.get_or_insert_default().insert(0, id.build().into());
}

/// What has preconditions answers with an ETag, and with 304 where that is known.
fn add_etag(path: &str, operation: &mut Operation) {
    let asks = has_parameter(operation, IfNoneMatch::NAME);
    if !asks && !has_parameter(operation, IfMatch::NAME) {
        return;
    }
    let text = match path.contains("/messages/") {
        true => "Names this revision of the message",
        false => "Names this state of the To Do",
    };
    if let Some(response) = response(operation, "200") {
        response.headers.insert("ETag".to_owned(), text_header(text));
    }
    if asks {
        let unchanged = Response::new("It is as If-None-Match knows it");
        operation.responses.responses.insert("304".to_owned(), unchanged.into());
    }
}

/// What is cut into pages tells where the next one is; what has ids, what may be done with them.
fn add_link(operation: &mut Operation) {
    if has_parameter(operation, "cursor")
        && let Some(response) = response(operation, "200")
    {
        let text = "On a page that is not the last: the next";
        response.headers.insert("Link".to_owned(), text_header(text));
    }
    let id = operation.operation_id.clone();
    let known = LINKS.iter().find(|(from, ..)| Some(*from) == id.as_deref());
    let Some((_, status, at, targets)) = known else { return };
    for target in targets.split(' ') {
        let name = target.strip_prefix("list_").or(target.split('_').next()).unwrap_or(target);
        let link = Link::builder().operation_id(target).parameter("id", *at).build();
        if let Some(response) = response(operation, status) {
            response.links.insert(name.to_owned(), link.into());
        }
    }
}

/// Where an answer has an id that other operations take.
const LINKS: [(&str, &str, &str, &str); 7] = [
    ("list_messages", "200", "$response.body#/data/0/id", "get_message update_message put_message"),
    ("create_message", "201", "$response.body#/data/id", "get_message update_message"),
    ("list_messages_v1", "200", "$response.body#/0/message_id", "get_message_v1"),
    ("list_call_recordings", "200", "$response.body#/data/0/id", "get_call_recording"),
    ("list_to_dos", "200", "$response.body#/data/0/to_do/id", "get_to_do list_runs"),
    (
        "create_to_do",
        "201",
        "$response.body#/data/to_do/id",
        "get_to_do update_to_do pause_to_do resume_to_do preview_to_do delete_to_do",
    ),
    ("list_on_call", "200", "$response.body#/data/0/id", "list_shifts"),
];

/// Headers that a request may bring: each as the operations name it.
macro_rules! headers {
    ($($name:ident: $header:literal, $text:literal;)+) => {$(
        #[doc = $text]
        pub(crate) struct $name;

        impl $name {
            const NAME: &str = $header;
        }

        impl IntoParams for $name {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                let header = ParameterBuilder::new()
                    .name(Self::NAME)
                    .parameter_in(ParameterIn::Header)
                    .description(Some($text))
                    .schema(Some(schema_of(json!({"type": ["string", "null"]}))));
                vec![header.build()]
            }
        }
    )+};
}

headers! {
    IfMatch: "If-Match", "The ETag that it must still have";
    IfNoneMatch: "If-None-Match", "ETags that are known already";
    IdempotencyKey: "Idempotency-Key",
        "Any text of 1 to 255 visible ASCII characters that names this very request";
    CarrierSignature: "X-Twilio-Signature", "Over address and form";
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
    if let Some(response) = response(operation, status)
        && let Some(RefOr::T(content)) = response.content.get_mut("application/json")
    {
        content.example = serde_json::from_str(example).ok();
    }
}
