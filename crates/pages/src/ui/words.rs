//! Sentences from rules, and words where a text is empty.

/// A sentence from a rule such as `must not be empty`.
pub(crate) fn sentence(rule: &str) -> String {
    let mut chars = rule.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let end = if rule.ends_with('.') { "" } else { "." };
    first.chain(chars).chain(end.chars()).collect()
}

/// The text, or another where it is empty.
pub(crate) fn or<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text.trim().is_empty() { other } else { text }
}
