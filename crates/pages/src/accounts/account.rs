//! One account: its facts, lines, contacts and the form that agents fill in.

use app::accounts;
use app::{Error, messages, sending};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::form::condition_in_words;
use domain::sending::Rules;
use domain::user::Right;
use domain::{AccountId, DidId, Form, Invalid, Playbook};
use web::Web;

use super::{account_form, contact_form, sending_form};
use crate::forms::kind_in_words;
use crate::session::{Fields, Id, Ids, PageError, Posted, SignedIn, page};
use crate::ui::{Fact, Field, FieldKind, Flash, Place, Shell, blame, phone, retype};

/// `GET /accounts/{id}`; adds with `POST /accounts/{id}/lines` and `…/contacts`.
#[derive(Debug, Clone, Template)]
#[template(path = "accounts/account.html")]
pub(crate) struct AccountPage {
    /// The frame.
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
    /// Posts a line: `number`, `line_label`.
    pub(crate) new_line: Vec<Field>,
    /// Posts a contact: `name`, `title`, `email`, `phone`, `zone`.
    pub(crate) new_contact: Vec<Field>,
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

impl AccountPage {
    /// The empty form of a line.
    pub(crate) fn line_fields() -> Vec<Field> {
        vec![
            Field::new(FieldKind::Phone, "number", "Number").required().max_length(40),
            Field::new(FieldKind::Text, "line_label", "What it is for").max_length(120),
        ]
    }

    /// The empty form of a contact.
    pub(crate) fn contact_fields() -> Vec<Field> {
        vec![
            Field::new(FieldKind::Text, "name", "Name").required().max_length(120),
            Field::new(FieldKind::Text, "title", "Title").max_length(120),
            Field::new(FieldKind::Email, "email", "E-mail"),
            Field::new(FieldKind::Phone, "phone", "Phone").max_length(40),
            Field::new(FieldKind::Text, "zone", "Time zone")
                .choices(account_form::zones())
                .hint("Where quiet hours are counted. Empty: the account's."),
        ]
    }

    /// The form was refused, so it stays open.
    pub(crate) fn is_wrong(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| field.error.is_some())
    }

    fn of(shell: Shell, book: &Playbook, form: &Form, messages: i64, rules: &Rules) -> Self {
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
            new_line: Self::line_fields(),
            new_contact: Self::contact_fields(),
        }
    }
}

async fn draw(web: &Web, visitor: &SignedIn, id: AccountId) -> Result<AccountPage, PageError> {
    let book = app::playbooks::find(&web.app, &visitor.actor, id).await?;
    let form = app::forms::of_line(&web.app, &visitor.actor, id, None).await?;
    let account_number = Some(book.account.number.clone());
    let query = messages::Query { account_number, ..messages::Query::default() };
    let filter = messages::filter(&web.app, &visitor.actor, query).await?;
    let count = messages::count(&web.app, &visitor.actor, &filter).await?;
    let rules = sending::rules(&web.app, &visitor.actor, id).await?;
    Ok(AccountPage::of(visitor.shell(web, Place::Accounts).await?, &book, &form, count, &rules))
}

/// `GET /accounts/{id}`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::TakeMessages)?;
    Ok(page(StatusCode::OK, &draw(&web, &visitor, AccountId(id)).await?))
}

/// What was typed into one of the page's forms, and what is wrong with it.
pub(crate) struct Refused<'r> {
    pub(crate) posted: &'r Fields,
    pub(crate) faults: &'r Invalid,
}

/// The page with one of its forms open, refused: what was typed, each fault beside its field.
pub(crate) async fn refused(
    web: &Web,
    visitor: &SignedIn,
    id: AccountId,
    refused: Refused<'_>,
    form: impl Fn(&mut AccountPage) -> &mut Vec<Field>,
    name_of: impl Fn(&str) -> String,
) -> Result<Response, PageError> {
    let mut drawn = draw(web, visitor, id).await?;
    let fields = form(&mut drawn);
    retype(&mut *fields, refused.posted);
    let others = blame(&mut *fields, refused.faults, name_of);
    if let Some(first) = fields.first_mut().filter(|_| !others.is_empty()) {
        first.error.get_or_insert_default().push_str(&others.join(" "));
    }
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
}

/// `POST /accounts/{id}/lines`.
pub(crate) async fn add_line(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (id, tenant, actor) = (AccountId(id), visitor.tenant.id, Some(&visitor.actor));
    let (number, label) = (fields.text("number"), fields.text("line_label"));
    match accounts::add_did(&web.app, tenant, actor, id, number, label).await {
        Ok(did) => {
            let text = format!("{} now opens this account.", phone(&did.number));
            Ok(visitor.sent_to(&web, &format!("/accounts/{id}#lines"), &Flash::done(&text)))
        }
        Err(Error::Invalid(faults)) => {
            let wrong = Refused { posted: &fields, faults: &faults };
            refused(&web, &visitor, id, wrong, |page| &mut page.new_line, line_control).await
        }
        Err(error) => Err(error.into()),
    }
}

fn line_control(path: &str) -> String {
    if path == "label" { "line_label" } else { path }.to_owned()
}

/// `POST /accounts/{id}/lines/{line}/remove`.
pub(crate) async fn remove_line(
    State(web): State<Web>,
    Ids(id, line): Ids,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    let id = AccountId(id);
    accounts::remove_did(&web.app, &visitor.actor, id, DidId(line)).await?;
    let flash = Flash::done("The line no longer opens this account.");
    Ok(visitor.sent_to(&web, &format!("/accounts/{id}#lines"), &flash))
}

/// `POST /accounts/{id}/contacts`.
pub(crate) async fn add_contact(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (id, tenant, actor) = (AccountId(id), visitor.tenant.id, Some(&visitor.actor));
    let entry = contact_form::entry(&fields);
    match accounts::add_contact(&web.app, tenant, actor, id, entry).await {
        Ok(contact) => {
            let text = format!("{} added to the directory.", contact.name);
            Ok(visitor.sent_to(&web, &format!("/accounts/{id}#contacts"), &Flash::done(&text)))
        }
        Err(Error::Invalid(faults)) => {
            let wrong = Refused { posted: &fields, faults: &faults };
            refused(&web, &visitor, id, wrong, |page| &mut page.new_contact, str::to_owned).await
        }
        Err(error) => Err(error.into()),
    }
}

impl AccountPage {
    /// A whole account.
    pub(crate) fn sample() -> Self {
        let text = str::to_owned;
        let line = |id: &str, number: &str, label: &str| LineRow {
            id: text(id),
            number: text(number),
            label: text(label),
        };
        let contact = |id: &str, name: &str, title: &str, email: &str, phone: &str| ContactRow {
            id: text(id),
            name: text(name),
            title: text(title),
            email: text(email),
            phone: text(phone),
        };
        let field = |label: &str, key: &str, kind: &str, required| FormFieldRow {
            label: text(label),
            key: text(key),
            section: text(if key == "system" { "Visit" } else { "" }),
            kind: text(kind),
            required,
        };
        let service = "service@northwind.example";
        Self {
            shell: Shell::sample(Place::Accounts),
            id: text("2"),
            name: text("Northwind Heating & Air"),
            facts: vec![
                Fact::new("Number", "1002"),
                Fact::new("Time zone", "America/New_York"),
                Fact::new("Messages", "203"),
            ],
            greeting: text("Northwind Heating and Air, this is {agent}. Are you without heat?"),
            notes: text("Never quote prices."),
            sending: sending_form::facts(&Rules::default()),
            lines: vec![
                line("1", "(954) 555-0120", "Main line"),
                line("2", "(954) 555-0121", "Emergency line"),
            ],
            contacts: vec![
                contact("12", "Service desk", "", service, "(954) 555-0177"),
                contact("13", "Karl Winter", "Owner", "karl@northwind.example", ""),
            ],
            fields: vec![
                field("First name", "first_name", "One line", true),
                field("Callback number", "phone", "Phone number", true),
                field("System", "system", "A choice from a menu: Gas, Oil, Heat pump", true),
                field(
                    "No heat at all?",
                    "no_heat_at_all",
                    "A choice, all in sight: Yes, No",
                    false,
                ),
                field("Message", "content", "Several lines", true),
            ],
            new_line: Self::line_fields(),
            new_contact: Self::contact_fields(),
        }
    }

    /// A new account without lines or contacts.
    pub(crate) fn sample_empty() -> Self {
        Self { lines: Vec::new(), contacts: Vec::new(), ..Self::sample() }
    }

    /// As an agent sees it, who changes nothing.
    pub(crate) fn sample_agent() -> Self {
        let mut page = Self::sample();
        page.shell.role = crate::ui::Role::Agent;
        page
    }

    /// A contact that was refused.
    pub(crate) fn sample_error() -> Self {
        let mut page = Self::sample();
        page.new_contact[0].value = "Ann Lee".to_owned();
        page.new_contact[2].value = "ann@".to_owned();
        let error = "E-mail must be an e-mail address like name@example.com.";
        page.new_contact[2].error = Some(error.to_owned());
        page
    }
}
