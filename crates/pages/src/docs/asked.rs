//! The question in the query of a page of the documentation.

use handbook::QUESTION_MAX;

use crate::session::Fields;

/// What was asked, if something was.
pub(super) fn asked(query: Option<&str>) -> Option<String> {
    let question = Fields::of_query(query).owned("ask");
    Some(question.trim().to_owned()).filter(|question| !question.is_empty())
}

/// Whether a question is longer than any that is answered.
pub(super) fn is_too_long(question: &str) -> bool {
    question.chars().count() > QUESTION_MAX
}
