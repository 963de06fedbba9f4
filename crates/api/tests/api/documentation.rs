//! The documentation: it says what the OpenAPI document says, stands where the published one does,
//! and answers questions.

use std::collections::BTreeMap;
use std::time::Instant;

use handbook::{Document, Handbook};
use serde_json::Value;

const QUESTIONS: &str = include_str!("documentation/questions.txt");

/// Where in an answer the fact must stand, in characters.
const HEAD: usize = 1_200;

/// The pages that the original documentation has.
const PUBLISHED: [&str; 11] = [
    "api-reference",
    "messages",
    "messages/list-messages",
    "messages/get-a-message",
    "messages/update-a-message",
    "call-recordings",
    "call-recordings/list-call-recordings",
    "call-recordings/get-a-call-recording",
    "to-dos",
    "to-dos/list-to-dos",
    "to-dos/create-a-to-do",
];

/// What the original pages state, in words that ours must hold: page, and what stands on it.
const STATED: [(&str, &[&str]); 12] = [
    (
        "api-reference",
        &[
            "https://{subdomain}.{domain}",
            "support",
            "bearer tokens",
            "**Application Keys**",
            "internal integrations",
            "create\nnew tokens, review those that are active",
            "revoke tokens",
            "give each a token of its own",
            "Accept: application/json\nContent-Type: application/json\nAuthorization: Bearer",
            "history of messages",
            "quality\nassurance (QA), compliance reviews, looking into a dispute",
            "kept for up to 31 days",
            "reminders, follow-ups",
            "`sms`, `email` and `call`",
            "REST endpoints",
            "stateless",
            "generate a token in the portal",
            "`GET /api/v2/messages`",
            "`GET /api/v2/messages/{id}`",
            "`GET /api/v2/call-recordings`",
            "`GET /api/v2/call-recordings/{id}`",
            "`GET /api/v2/to-dos`",
            "`POST /api/v2/to-dos`",
            "| `401` |  | Unauthorized",
            "| `422` |  | Missing or invalid parameter",
            "| `400` |  | Processing error",
            "log the status code and the body",
        ],
    ),
    ("messages", &["Agents create messages", "standard\nfields", "custom fields"]),
    (
        "messages/list-messages",
        &[
            "Returns a summary of all the messages",
            "\"content\": \"This is a test message\"",
            "?from_date=<MM-DD-YYYY>&to_date=<MM-DD-YYYY>",
            "`/v2/messages`",
        ],
    ),
    (
        "messages/get-a-message",
        &["GET /api/v2/messages/{id}", "\"meeting_preference\": \"Virtual\""],
    ),
    ("messages/update-a-message", &["PATCH /api/v2/messages/{id}", "PUT /api/v2/messages/{id}"]),
    ("call-recordings", &["call detail records", "up to 31 days"]),
    ("call-recordings/list-call-recordings", &["GET /api/v2/call-recordings", "\"talk_sec\": 6"]),
    (
        "call-recordings/get-a-call-recording",
        &["GET /api/v2/call-recordings/{id}", "\"skill_name\": \"Spanish\""],
    ),
    ("to-dos", &["`sms`, `email` and `call`", "`/api/v2/to_dos`"]),
    ("to-dos/list-to-dos", &["GET /api/v2/to-dos", "\"next_occurrence\": \"2024-11-30T14"]),
    (
        "to-dos/create-a-to-do",
        &[
            "POST /api/v2/to-dos",
            "\"account_number\": \"W0411\"",
            "\"rule_type\": \"IceCube::WeeklyRule\"",
            "\"next_occurrence\": \"2024-11-30T14:00:00.000Z\"",
        ],
    ),
    (
        "version-1",
        &[
            "read-only, RESTful API",
            "stateless",
            "CRM",
            "`content_with_additional_details_table__{labelName}`",
            "X-API-EMAIL: your_email\nX-API-TOKEN:",
            "GET /v1/messages?from_date=<MM-DD-YYYY>&to_date=<MM-DD-YYYY>",
            "`404 Not Found`",
            "Invalid token",
        ],
    ),
];

fn page<'h>(handbook: &'h Handbook, end: &str) -> &'h Document {
    let mut pages = handbook.documents().iter();
    pages.find(|page| page.path.ends_with(&format!("/{end}"))).unwrap_or_else(|| panic!("{end}"))
}

#[test]
fn the_published_pages_stand_at_their_addresses() {
    let handbook = api::handbook();
    for end in PUBLISHED {
        let path = format!("/docs/api-reference/user-portal-apis/{end}");
        assert!(handbook.document(&path).is_some(), "{path}");
    }
}

#[test]
fn what_the_published_pages_state_stands_on_ours() {
    let handbook = api::handbook();
    for (end, stated) in STATED {
        let path = format!("/docs/api-reference/user-portal-apis/{end}");
        // Where a line breaks says nothing.
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let markdown = plain(&handbook.document(&path).expect("a page").markdown);
        for text in stated {
            assert!(markdown.contains(&plain(text)), "{end}: {text}");
        }
    }
}

#[test]
fn no_link_leads_nowhere() {
    let handbook = api::handbook();
    for Document { path, markdown, .. } in handbook.documents() {
        for target in markdown.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (target, anchor) = target.split_once('#').unwrap_or((target, ""));
            let known = ["https://", "/api/"].iter().any(|start| target.starts_with(start));
            let page = handbook.document(target.trim_end_matches(".md"));
            assert!(known || target.is_empty() || page.is_some(), "{path}: {target}");
            let id = format!("id=\"{anchor}\"");
            let has_anchor = page.is_none_or(|page| {
                let pieces = handbook::draw(&page.markdown);
                pieces.iter().any(|it| matches!(it, handbook::Piece::Html(t) if t.contains(&id)))
            });
            assert!(anchor.is_empty() || has_anchor, "{path}: {target}#{anchor}");
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it measures how long an answer really takes")]
fn questions_are_answered() {
    let handbook = api::handbook();
    let lines = QUESTIONS.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let (mut count, mut failed, mut slowest) = (0, Vec::new(), 0);
    for line in lines {
        let [at, question, facts] = *line.split('|').map(str::trim).collect::<Vec<_>>() else {
            panic!("{line}: page | question | fact");
        };
        let path = Some(at).filter(|at| !at.is_empty()).map(|at| page(&handbook, at).path.as_str());
        let began = Instant::now();
        let answer = handbook.answer(question, path);
        slowest = slowest.max(began.elapsed().as_millis());
        let head: String = answer.to_string().to_lowercase().chars().take(HEAD).collect();
        let mut facts = facts.split("&&").map(str::trim);
        let is_right = match facts.clone().next() {
            Some("-") => !answer.is_answered && head.contains("does not answer this question"),
            _ => answer.is_answered && facts.all(|fact| head.contains(&fact.to_lowercase())),
        };
        count += 1;
        if !is_right {
            failed.push(question);
        }
    }
    let right = count - failed.len();
    // For whoever changes words or weights: cargo nextest run -p api questions --no-capture
    println!("{right} of {count} questions answered, the slowest in {slowest} ms: {failed:#?}");
    assert_eq!(count, 40);
    assert!(right * 100 >= count * 95, "{right} of {count}; wrong: {failed:#?}");
}

#[test]
fn how_long_recordings_are_kept_stands_in_the_first_lines() {
    let handbook = api::handbook();
    let path = page(&handbook, "api-reference").path.clone();
    let answer = handbook.answer("how long are recordings kept", Some(&path)).to_string();
    assert!(answer.lines().take(3).any(|line| line.contains("up to 31 days")), "{answer}");
}

/// The rows of the table under a heading of a page: first cell without its marks, and all cells.
fn rows(markdown: &str, heading: &str) -> BTreeMap<String, Vec<String>> {
    let section = markdown.split("\n## ").find(|section| section.starts_with(heading));
    let lines = section.unwrap_or_default().lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = |line: &str| -> Vec<String> {
        line.trim_end_matches(" |").split(" | ").map(str::to_owned).collect()
    };
    lines.map(|line| (line.split('`').next().unwrap_or_default().to_owned(), cells(line))).collect()
}

/// What a schema refers to, without null and lists around it.
fn resolved<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    if let Some(choice) = choices.clone().find(|choice| choice["type"] != "null") {
        return resolved(document, choice);
    }
    if let Some(at) = schema["$ref"].as_str() {
        return resolved(document, document.pointer(at.trim_start_matches('#')).expect("a schema"));
    }
    if schema["items"].is_object() { resolved(document, &schema["items"]) } else { schema }
}

#[test]
fn each_field_is_told_as_the_openapi_document_tells_it() {
    let handbook = api::handbook();
    let document = serde_json::to_value(api::document()).expect("JSON");
    let mut fields = 0;
    for (at, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("an item") {
            let request_line = format!("{} {at}\n", method.to_uppercase());
            let mut pages = handbook.documents().iter();
            let page = pages.find(|page| page.markdown.contains(&format!("\n{request_line}")));
            let page = page.unwrap_or_else(|| panic!("{request_line}"));
            let told = rows(&page.markdown, "Parameters");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().expect("a name");
                let cells = told.get(name).unwrap_or_else(|| panic!("{request_line}{name}"));
                assert_eq!(cells[1], parameter["in"], "{request_line}{name}");
                let required = if parameter["required"] == true { "required" } else { "optional" };
                assert_eq!(cells[3], required, "{request_line}{name}");
                check_text(&cells[4], parameter, name);
                check_limits(&cells[2], &parameter["schema"], name);
            }
            let mut bodies = vec![("Request body".to_owned(), &operation["requestBody"])];
            let errors = rows(&page.markdown, "Errors");
            for (status, answer) in operation["responses"].as_object().expect("responses") {
                match status.starts_with('2') {
                    true => bodies.push((format!("Response {status}"), answer)),
                    false => assert!(errors.contains_key(status), "{request_line}{status}"),
                }
            }
            for (heading, body) in bodies {
                let told = rows(&page.markdown, &heading);
                let body = resolved(&document, &body["content"]["application/json"]["schema"]);
                let data = &body["properties"]["data"];
                let body = if data.is_null() { body } else { resolved(&document, data) };
                for (name, property) in body["properties"].as_object().into_iter().flatten() {
                    let cells = told.get(name).unwrap_or_else(|| panic!("{request_line}{name}"));
                    check_text(cells.last().expect("cells"), property, name);
                    if heading == "Request body" {
                        check_limits(&cells[1], property, name);
                    }
                    fields += 1;
                }
            }
        }
    }
    assert!(fields > 300, "{fields} fields");
}

fn check_text(told: &str, property: &Value, name: &str) {
    if let Some(text) = property["description"].as_str() {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        assert_eq!(told, text, "{name}");
    }
}

fn check_limits(told: &str, schema: &Value, name: &str) {
    for limit in ["minimum", "maximum", "maxLength"] {
        if let Some(limit) = schema[limit].as_u64() {
            assert!(told.contains(&limit.to_string()), "{name}: {told}");
        }
    }
}
