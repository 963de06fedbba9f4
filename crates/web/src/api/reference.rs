//! The reference page's view of the OpenAPI document: one value per operation, ready to be shown.

use utoipa::openapi::path::{Operation as Described, ParameterIn, PathItem};
use utoipa::openapi::{OpenApi, RefOr, Required};

/// An operation, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `GET`, `PATCH`, …
    pub method: &'static str,
    /// `/api/v2/messages/{id}`.
    pub path: String,
    /// Its id, unique in the document: what links lead to.
    pub id: String,
    /// What it belongs to: `Messages`.
    pub tag: String,
    /// What it does, in a few words.
    pub summary: String,
    /// What else is to be said.
    pub description: String,
    /// What it takes besides a body.
    pub parameters: Vec<Parameter>,
    /// What it answers, by status.
    pub answers: Vec<Answer>,
}

/// Something that an operation takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `path`, `query` or `header`.
    pub place: &'static str,
    /// Whether it must be there.
    pub is_required: bool,
    /// What it means.
    pub description: String,
}

/// Something that an operation answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: String,
    /// When.
    pub description: String,
    /// A body, indented, `""` where there is none to show.
    pub example: String,
}

/// Every operation of a document, in its order.
pub fn operations(document: &OpenApi) -> Vec<Operation> {
    let items = document.paths.paths.iter();
    items.flat_map(|(path, item)| of_item(path, item)).collect()
}

fn of_item(path: &str, item: &PathItem) -> Vec<Operation> {
    let methods = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PATCH", &item.patch),
        ("PUT", &item.put),
        ("DELETE", &item.delete),
    ];
    let described = methods.into_iter().filter_map(|(method, operation)| {
        operation.as_ref().map(|operation| view(method, path, operation))
    });
    described.collect()
}

fn view(method: &'static str, path: &str, operation: &Described) -> Operation {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let parameters = operation.parameters.iter().flatten().filter_map(|parameter| {
        let RefOr::T(parameter) = parameter else {
            return None;
        };
        Some(Parameter {
            name: parameter.name.clone(),
            place: match parameter.parameter_in {
                ParameterIn::Path => "path",
                ParameterIn::Query => "query",
                _ => "header",
            },
            is_required: matches!(parameter.required, Required::True),
            description: text(&parameter.description),
        })
    });
    let answers = operation.responses.responses.iter().filter_map(|(status, response)| {
        let RefOr::T(response) = response else {
            return None;
        };
        let example = match response.content.get("application/json") {
            Some(RefOr::T(content)) => content.example.as_ref(),
            _ => None,
        };
        let example = example.and_then(|example| serde_json::to_string_pretty(example).ok());
        Some(Answer {
            status: status.clone(),
            description: response.description.clone(),
            example: example.unwrap_or_default(),
        })
    });
    Operation {
        method,
        path: path.to_owned(),
        id: text(&operation.operation_id),
        tag: operation.tags.iter().flatten().next().cloned().unwrap_or_default(),
        summary: text(&operation.summary),
        description: text(&operation.description),
        parameters: parameters.collect(),
        answers: answers.collect(),
    }
}
