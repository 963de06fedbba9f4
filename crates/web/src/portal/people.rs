//! The people who sign in: clients with their accounts, agents, supervisors, owners.

use askama::Template;

use crate::ui::{Empty, Moment, Place, Role, Shell, moment};

/// `GET /people`, for owners and supervisors.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/people.html")]
pub struct People {
    /// The frame.
    pub shell: Shell,
    /// By name.
    pub rows: Vec<PersonRow>,
    /// The next page's address.
    pub more: Option<String>,
}

/// One person.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// The page that changes them.
    pub href: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// "Hartwell & Boone, Maple Street Dental", or "All accounts".
    pub accounts: String,
    /// When they last signed in.
    pub seen_at: Option<Moment>,
}

impl People {
    /// What stands where there is nobody.
    #[must_use]
    pub fn empty(&self) -> Empty {
        Empty::new("users", "Nobody yet", "Clients and agents that you add can sign in at once.")
            .with_action("/people/new", "Add the first person")
    }

    /// Some people.
    #[must_use]
    pub fn sample() -> Self {
        let row =
            |id, name: &str, email: &str, role, accounts: &str, seen: Option<&str>| PersonRow {
                href: format!("/people/{id}"),
                name: name.to_owned(),
                email: email.to_owned(),
                role,
                accounts: accounts.to_owned(),
                seen_at: seen.map(moment),
            };
        Self {
            shell: Shell::sample(Place::People),
            rows: vec![
                row(
                    1,
                    "Olivia Stone",
                    "olivia@harbor.example",
                    Role::Owner,
                    "All accounts",
                    Some("1 min. ago"),
                ),
                row(
                    2,
                    "Samir Haddad",
                    "samir@harbor.example",
                    Role::Supervisor,
                    "All accounts",
                    Some("2 hr. ago"),
                ),
                row(
                    3,
                    "Rosa Delgado",
                    "rosa@harbor.example",
                    Role::Agent,
                    "All accounts",
                    Some("just now"),
                ),
                row(
                    4,
                    "Jane Hartwell",
                    "jane@hartwell.example",
                    Role::Client,
                    "Hartwell & Boone",
                    Some("yesterday"),
                ),
                row(
                    5,
                    "Karl Winter",
                    "karl@northwind.example",
                    Role::Client,
                    "Northwind Heating & Air",
                    None,
                ),
            ],
            more: None,
        }
    }

    /// Nobody.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { rows: Vec::new(), ..Self::sample() }
    }
}
