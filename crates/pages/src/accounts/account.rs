//! One account: its facts, lines, contacts and the form that agents fill in.

use std::sync::Arc;

use app::{messages, sending};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::form::condition_in_words;
use domain::sending::Rules;
use domain::user::Right;
use domain::{AccountId, Playbook};
use web::Web;

use super::{fields, sending_form};
use crate::form::Form;
use crate::forms::kind_in_words;
use crate::session::{Id, PageError, SignedIn, page};
use crate::ui::{Fact, Place, Shell, phone};

/// `GET /accounts/{id}`; adds with `POST /accounts/{id}/lines` and `…/contacts`.
#[derive(Debug, Clone, Template)]
#[template(path = "accounts/account.html")]
pub(crate) struct AccountPage {
    pub(crate) shell: Shell,
    /// Its id, for the addresses.
    pub(crate) id: String,
    /// "Northwind Heating & Air".
    pub(crate) name: String,
    /// Number, time zone, messages.
    pub(crate) facts: Vec<Fact>,
    /// What the agent says first.
    pub(crate) greeting: String,
    /// What agents should know.
    pub(crate) notes: String,
    /// Its rules for what is sent in its name.
    pub(crate) sending: Vec<Fact>,
    /// Its lines.
    pub(crate) lines: Vec<LineRow>,
    /// The directory.
    pub(crate) contacts: Vec<ContactRow>,
    /// The form, in the order in which agents ask.
    pub(crate) fields: Vec<FormFieldRow>,
    /// Adds a line.
    pub(crate) new_line: Form,
    /// Adds a person to the directory.
    pub(crate) new_contact: Form,
}

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct LineRow {
    /// Its id.
    pub(crate) id: String,
    /// "(954) 555-0120".
    pub(crate) number: String,
    /// "Main line", or empty.
    pub(crate) label: String,
}

/// One person of the directory.
#[derive(Debug, Clone)]
pub(crate) struct ContactRow {
    /// Its id.
    pub(crate) id: String,
    /// "Jane Hartwell".
    pub(crate) name: String,
    /// "Partner", or empty.
    pub(crate) title: String,
    /// Where mail goes, or empty.
    pub(crate) email: String,
    /// Number as a person reads it, or empty.
    pub(crate) phone: String,
}

/// One question of the form.
#[derive(Debug, Clone)]
pub(crate) struct FormFieldRow {
    /// "System".
    pub(crate) label: String,
    /// The key in `answers`: `system`.
    pub(crate) key: String,
    /// The section that it stands in, and when that is asked; empty where it always is.
    pub(crate) section: String,
    /// "One line", "A choice from a menu: Gas, Oil".
    pub(crate) kind: String,
    /// Must be answered.
    pub(crate) required: bool,
}

/// An account, the form that its agents fill in, how many messages it has, its rules for sending.
#[derive(Debug)]
pub(crate) struct AccountGround {
    pub(crate) book: Arc<Playbook>,
    pub(crate) form: domain::Form,
    pub(crate) messages: i64,
    pub(crate) rules: Rules,
}

impl AccountPage {
    /// The page with both of its forms.
    pub(crate) fn draw(
        shell: Shell,
        ground: &AccountGround,
        new_line: Form,
        new_contact: Form,
    ) -> Self {
        let AccountGround { book, form, messages, rules } = ground;
        let account = &book.account;
        let line = |did: &domain::Did| LineRow {
            id: did.id.to_string(),
            number: phone(&did.number),
            label: did.label.clone(),
        };
        let contact = |contact: &domain::Contact| ContactRow {
            id: contact.id.to_string(),
            name: contact.name.clone(),
            title: contact.title.clone(),
            email: contact.email.clone(),
            phone: phone(&contact.phone),
        };
        let rows = form.sections.iter().flat_map(|section| {
            let when = section.opens_when.as_ref();
            let when = when.map(|when| condition_in_words(when, &form.sections));
            let titles = [section.title.clone(), when.unwrap_or_default()];
            let titles: Vec<String> = titles.into_iter().filter(|text| !text.is_empty()).collect();
            section.fields().map(move |field| FormFieldRow {
                label: field.label.clone(),
                key: field.answer_names().join(", "),
                section: titles.join(". "),
                kind: kind_in_words(&field.kind),
                required: field.is_required,
            })
        });
        Self {
            shell,
            id: account.id.to_string(),
            name: account.name.clone(),
            facts: vec![
                Fact::new("Number", &account.number),
                Fact::new("Time zone", account.zone.name()),
                Fact::new("Messages", &messages.to_string()),
            ],
            sending: sending_form::facts(rules),
            greeting: account.greeting.clone(),
            notes: account.facts.clone(),
            lines: book.lines_by_number().into_iter().map(line).collect(),
            contacts: book.contacts.iter().map(contact).collect(),
            fields: rows.collect(),
            new_line,
            new_contact,
        }
    }
}

/// Loads an account with all that its page shows.
pub(crate) async fn ground(
    web: &Web,
    visitor: &SignedIn,
    id: AccountId,
) -> Result<AccountGround, PageError> {
    let book = app::playbooks::find(&web.app, &visitor.actor, id).await?;
    let form = app::forms::of_line(&web.app, &visitor.actor, id, None).await?;
    let account_number = Some(book.account.number.clone());
    let query = messages::MessageQuery { account_number, ..messages::MessageQuery::default() };
    let filter = messages::filter(&web.app, &visitor.actor, query).await?;
    let messages = messages::count(&web.app, &visitor.actor, &filter).await?;
    let rules = sending::rules(&web.app, &visitor.actor, id).await?;
    Ok(AccountGround { book, form, messages, rules })
}

/// `GET /accounts/{id}`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::TakeMessages)?;
    let ground = ground(&web, &visitor, AccountId(id)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    let (line, contact) = (fields::line(None), fields::contact(None));
    Ok(page(StatusCode::OK, &AccountPage::draw(shell, &ground, line, contact)))
}
