//! One's own profile: who one is, and the Application Keys with which programs read for one.

use askama::Template;

use crate::ui::{Fact, Field, FieldKind, Moment, Place, Shell, moment};

/// `GET /profile`; `POST /profile/keys` (`name`, `expires_on`) makes a key.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/profile.html")]
pub struct Profile {
    /// The frame.
    pub shell: Shell,
    /// Name, e-mail, role, accounts.
    pub facts: Vec<Fact>,
    /// Newest first; revoked and expired ones included.
    pub keys: Vec<KeyRow>,
    /// `name`.
    pub name: Field,
    /// `expires_on`.
    pub expires_on: Field,
}

/// One Application Key, without its secret.
#[derive(Debug, Clone)]
pub struct KeyRow {
    /// Its number, for `POST /profile/keys/{id}/revoke`.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The visible beginning: `lib_7Hq2`.
    pub prefix: String,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last used.
    pub last_used_at: Option<Moment>,
    /// From which address, or empty.
    pub last_used_from: String,
    /// "Never", "Jun 30, 2027".
    pub expires: String,
    /// "" while it works; else "Revoked" or "Expired".
    pub ended: String,
}

impl Profile {
    /// The empty form and these keys.
    #[must_use]
    pub fn new(shell: Shell, facts: Vec<Fact>, keys: Vec<KeyRow>) -> Self {
        Self {
            shell,
            facts,
            keys,
            name: Field::new(FieldKind::Text, "name", "Name")
                .required()
                .max_length(80)
                .hint("What will use it, for example “Practice software”."),
            expires_on: Field::new(FieldKind::Date, "expires_on", "Expires on")
                .hint("Leave empty for a key that works until you revoke it."),
        }
    }

    /// Three keys.
    #[must_use]
    pub fn sample() -> Self {
        let key =
            |id: &str, name: &str, prefix: &str, created, used: Option<(&str, &str)>| KeyRow {
                id: id.to_owned(),
                name: name.to_owned(),
                prefix: prefix.to_owned(),
                created_at: moment(created),
                last_used_at: used.map(|(age, _)| moment(age)),
                last_used_from: used.map_or("", |(_, from)| from).to_owned(),
                expires: "Never".to_owned(),
                ended: String::new(),
            };
        let mut keys = vec![
            key(
                "3",
                "Practice software",
                "lib_7Hq2",
                "3 days ago",
                Some(("2 min. ago", "203.0.113.24")),
            ),
            key("2", "Nightly export", "lib_pX9c", "Jan 14, 2026", None),
            key(
                "1",
                "Old website",
                "lib_0aBz",
                "Nov 2, 2025",
                Some(("Dec 30, 2025", "198.51.100.7")),
            ),
        ];
        keys[1].expires = "Jun 30, 2027".to_owned();
        keys[2].ended = "Revoked".to_owned();
        let facts = vec![
            Fact::new("Name", "Jane Hartwell"),
            Fact::new("E-mail", "jane@hartwell.example"),
            Fact::new("Role", "Owner"),
            Fact::new("Accounts", "All accounts"),
        ];
        Self::new(Shell::sample(Place::Profile), facts, keys)
    }

    /// No key yet.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { keys: Vec::new(), ..Self::sample() }
    }

    /// A form that was refused.
    #[must_use]
    pub fn sample_error() -> Self {
        let mut page = Self::sample();
        page.name = page.name.error("Give the key a name, so that you know it again.");
        page.expires_on = page.expires_on.value("2020-01-01").error("This day is already over.");
        page
    }
}
