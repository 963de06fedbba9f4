//! The people who sign in: clients with their accounts, agents, supervisors, owners.

use std::collections::HashMap;

use app::users::Member;
use app::{accounts, users};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::limits;
use domain::user::Right;
use web::Web;

use crate::session::{PageError, SignedIn, page};
use crate::ui::{Empty, Place, Role, Shell};

/// `GET /people` (`q`, `page`), for owners and supervisors.
#[derive(Debug, Clone, Template)]
#[template(path = "people/list.html")]
pub(crate) struct People {
    /// The frame.
    pub(crate) shell: Shell,
    /// What was looked for.
    pub(crate) query: String,
    /// By name.
    pub(crate) rows: Vec<PersonRow>,
    /// The next page's address.
    pub(crate) more: Option<String>,
}

/// One person.
#[derive(Debug, Clone)]
pub(crate) struct PersonRow {
    /// The page that changes them.
    pub(crate) href: String,
    /// Their name.
    pub(crate) name: String,
    /// Their address.
    pub(crate) email: String,
    /// What they may do.
    pub(crate) role: Role,
    /// "Hartwell & Boone, Maple Street Dental", or "All accounts".
    pub(crate) accounts: String,
    /// They may no longer sign in.
    pub(crate) is_disabled: bool,
}

/// `GET /people`.
pub(crate) async fn list(
    visitor: SignedIn,
    State(web): State<Web>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    let members = users::list(&web.app, &visitor.actor).await?;
    let accounts = accounts::list(&web.app, &visitor.actor).await?;
    let names = accounts.into_iter().map(|account| (account.id, account.name)).collect();
    let query = asked.get("q").map(|text| text.trim().to_owned()).unwrap_or_default();
    let at = asked.get("page").and_then(|page| page.parse().ok()).unwrap_or(1_usize).max(1);
    let mut fitting = members.iter().filter(|member| fits(member, &query));
    let before = (at - 1).saturating_mul(limits::PORTAL_ROWS);
    let rows = fitting.by_ref().skip(before).take(limits::PORTAL_ROWS);
    let rows = rows.map(|member| PersonRow::of(member, &names)).collect();
    let more = fitting.next().map(|_| {
        let mut more = form_urlencoded::Serializer::for_suffix(String::from("/people?"), 8);
        more.append_pair("q", &query).append_pair("page", &at.saturating_add(1).to_string());
        more.finish()
    });
    let shell = visitor.shell(&web, Place::People).await?;
    Ok(page(StatusCode::OK, &People { shell, query, rows, more }))
}

impl PersonRow {
    fn of(member: &Member, names: &HashMap<domain::AccountId, String>) -> Self {
        let user = &member.user;
        let of = member.accounts.iter().filter_map(|id| names.get(id).map(String::as_str));
        let accounts = match user.role.may(Right::SeeAllAccounts) {
            true => "All accounts".to_owned(),
            false => of.collect::<Vec<_>>().join(", "),
        };
        Self {
            href: format!("/people/{}", user.id),
            name: user.name.clone(),
            email: user.email.clone(),
            role: user.role.into(),
            accounts,
            is_disabled: user.is_disabled,
        }
    }
}

impl People {
    /// What stands where there is nobody.
    pub(crate) fn empty(&self) -> Empty {
        if !self.query.is_empty() {
            let text = "Try a part of the name or of the e-mail address.";
            return Empty::new("search", "Nobody fits", text).with_action("/people", "Show all");
        }
        Empty::new("users", "Nobody yet", "Clients and agents that you add can sign in at once.")
            .with_action("/people/new", "Add the first person")
    }

    /// Some people.
    pub(crate) fn sample() -> Self {
        let row = |id, name: &str, email: &str, role, accounts: &str| PersonRow {
            href: format!("/people/{id}"),
            name: name.to_owned(),
            email: email.to_owned(),
            role,
            accounts: accounts.to_owned(),
            is_disabled: id == 5,
        };
        let rows = vec![
            row(4, "Jane Hartwell", "jane@hartwell.example", Role::Client, "Hartwell & Boone"),
            row(
                5,
                "Karl Winter",
                "karl@northwind.example",
                Role::Client,
                "Northwind Heating & Air",
            ),
            row(1, "Olivia Stone", "olivia@harbor.example", Role::Owner, "All accounts"),
            row(3, "Rosa Delgado", "rosa@harbor.example", Role::Agent, "All accounts"),
            row(2, "Samir Haddad", "samir@harbor.example", Role::Supervisor, "All accounts"),
        ];
        Self { shell: Shell::sample(Place::People), query: String::new(), rows, more: None }
    }

    /// Nobody.
    pub(crate) fn sample_empty() -> Self {
        Self { rows: Vec::new(), ..Self::sample() }
    }
}

/// Whether a person's name or address holds a text.
pub(crate) fn fits(member: &Member, text: &str) -> bool {
    let text = text.to_lowercase();
    member.user.name.to_lowercase().contains(&text) || member.user.email.contains(&text)
}
