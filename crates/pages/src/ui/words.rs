//! Sentences from rules, the words for roles, and words where a text is empty.

use domain::Role;

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

/// A part of the API that a key may be limited to.
pub(crate) fn resource(resource: domain::token::Resource) -> &'static str {
    use domain::token::Resource;
    match resource {
        Resource::Messages => "Messages",
        Resource::CallRecordings => "Call recordings",
        Resource::ToDos => "To Dos",
        Resource::OnCall => "On-call",
    }
}

/// What people call a role.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Client => "Client",
        Role::Agent => "Agent",
        Role::Supervisor => "Supervisor",
        Role::Owner => "Owner",
    }
}
