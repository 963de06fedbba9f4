//! The one tool that is no operation of the API: it asks the documentation.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::Method;
use domain::Invalid;
use handbook::QUESTION_MAX;
use handbook::reference::ANY_HOST;
use rmcp::model::ToolAnnotations;
use serde_json::{Value, json};
use web::Web;
use web::origin::Origin;
use web::refusal::Refusal;

use super::tools::{Place, Tool};

/// Where it is asked, on the router that tools are called on.
pub(super) const PATH: &str = "/documentation";

const TEXT: &str = "Answers a question about this service from its documentation: the API, \
    deliveries and escalation, on-call, forms, webhooks, limits. Answers in Markdown, with sources; \
    says so where the documentation does not tell.";

pub(super) fn tool() -> Option<Tool> {
    let schema = json!({
        "type": "object",
        "properties": {"question": {
            "type": "string", "minLength": 1, "maxLength": QUESTION_MAX,
            "description": "The question, in plain words", "examples": ["How long are recordings kept?"],
        }},
        "required": ["question"],
        "additionalProperties": false,
    });
    let Value::Object(schema) = schema else { return None };
    let hints = ToolAnnotations::new().read_only(true);
    let hints = hints.destructive(false).idempotent(true).open_world(false);
    let told = rmcp::model::Tool::new("ask_documentation", TEXT, Arc::new(schema))
        .with_title("Ask the documentation")
        .with_annotations(hints);
    let places = vec![("question".to_owned(), Place::Query { or_else: None })];
    Some(Tool { told, method: Method::GET, path: PATH.to_owned(), places, body: None })
}

/// What the documentation answers, as Markdown with this tenant's addresses.
pub(super) async fn answer(
    State(web): State<Web>,
    Origin(origin): Origin,
    RawQuery(query): RawQuery,
) -> Result<String, Refusal> {
    let query = query.unwrap_or_default();
    let mut given = form_urlencoded::parse(query.as_bytes());
    let question = given.find(|(name, _)| name == "question").map(|(_, value)| value);
    let question = question.as_deref().unwrap_or_default().trim();
    let rule = format!("must have 1 to {QUESTION_MAX} characters");
    let mut invalid = Invalid::new();
    let fits = (1..=QUESTION_MAX).contains(&question.chars().count());
    invalid.require(fits, "question", &rule);
    invalid.or(())?;
    let answer = web.handbook.answer(question, None).to_string().replace(ANY_HOST, &origin);
    // Whoever reads it stands at no page of ours.
    Ok(answer.replace("](/", &format!("]({origin}/")))
}
