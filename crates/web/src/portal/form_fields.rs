//! The questions of an account's form: added, changed, moved and removed. Each step publishes a
//! new version; messages keep the version that they were taken with.

use std::collections::HashMap;

use app::{Error, accounts};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::form::underscored;
use domain::user::Right;
use domain::{AccountId, Field as Question, FieldKind as Kind, Form, Invalid};

use super::account::{self, Refused};
use super::{AccountForm, AccountPage};
use crate::Web;
use crate::session::{Fields, Id, Posted, SignedIn, Turned, page};
use crate::ui::{Choice, Field, FieldKind, Flash, Place, Shell};

/// The kinds of answers, as people call them.
const KINDS: [(&str, &str); 7] = [
    ("text", "One line"),
    ("long_text", "Several lines"),
    ("phone", "Phone number"),
    ("email", "E-mail"),
    ("select", "A choice from a menu"),
    ("radio", "A choice, all in sight"),
    ("checkbox", "A tick: yes or nothing"),
];

/// Questions that fill columns of the message which every account has.
const STANDARD: [(&str, &str, Kind); 16] = [
    ("first_name", "First name", Kind::Text),
    ("last_name", "Last name", Kind::Text),
    ("company_name", "Company", Kind::Text),
    ("phone", "Phone", Kind::Phone),
    ("extension", "Extension", Kind::Text),
    ("alt_phone", "Other phone", Kind::Phone),
    ("email", "E-mail", Kind::Email),
    ("content", "Message", Kind::LongText),
    ("is_emergency", "Emergency", Kind::Checkbox),
    ("address", "Address", Kind::Text),
    ("address2", "Address, second line", Kind::Text),
    ("city", "City", Kind::Text),
    ("state", "State", Kind::Text),
    ("zip", "ZIP code", Kind::Text),
    ("how_you_hear_about_us", "How did you hear about us?", Kind::Text),
    ("email_subject", "Subject of the e-mail", Kind::Text),
];

/// What people call a kind of answer, with what there is to choose from.
pub(super) fn kind_in_words(kind: &Kind) -> String {
    let word = kind.as_str();
    let name = KINDS.iter().find(|(at, _)| *at == word).map_or(word, |(_, name)| name);
    match kind.options() {
        [] => name.to_owned(),
        options => format!("{name}: {}", options.join(", ")),
    }
}

/// The form of a new question, given those that are there.
pub(super) fn new_fields(form: &Form) -> Vec<Field> {
    let is_new = |name: &str| form.fields.iter().all(|field| field.name != name);
    let standard = STANDARD.iter().filter(|(name, ..)| is_new(name));
    let standard =
        standard.map(|(name, label, _)| Choice::new(name, &format!("Standard: {label}")));
    let own = Choice::new("", "A question of this account");
    let standard = std::iter::once(own).chain(standard).collect();
    let mut fields = vec![
        Field::new(FieldKind::Choice, "standard", "What it asks").choices(standard),
        Field::new(FieldKind::Text, "label", "Question")
            .max_length(200)
            .hint("As the agent reads it. A standard one may keep its own name."),
    ];
    fields.extend(kind_fields(&[("", "As usual, else one line")]));
    fields
}

fn kind_fields(first: &[(&str, &str)]) -> Vec<Field> {
    let kinds: Vec<(&str, &str)> = first.iter().chain(&KINDS).copied().collect();
    vec![
        Field::choice("kind", "Answer", &kinds),
        Field::new(FieldKind::LongText, "choices", "Choices")
            .hint("For a choice: one answer a line."),
        Field::new(FieldKind::Tick, "required", "Must be answered"),
    ]
}

/// A question as it was typed; `name` is kept where it has one already.
fn question(posted: &Fields, name: Option<&str>) -> Result<Question, Invalid> {
    let standard = posted.text("standard");
    let standard = STANDARD.iter().find(|(name, ..)| *name == standard);
    let label = match (posted.text("label").trim(), standard) {
        ("", Some((_, label, _))) => label,
        (label, _) => label,
    };
    let options = posted.text("choices").lines().map(str::trim).filter(|line| !line.is_empty());
    let kind = match (posted.text("kind"), standard) {
        ("", Some((.., kind))) => Some(kind.clone()),
        ("", None) => Some(Kind::Text),
        (word, _) => Kind::parse(word, options.map(str::to_owned).collect()),
    };
    let kind = kind.ok_or_else(|| Invalid::field("kind", "must be one of the list"))?;
    let own = || underscored(label);
    let name = name.or(standard.map(|(name, ..)| *name)).map_or_else(own, str::to_owned);
    let is_required = posted.is_ticked("required");
    Ok(Question { name, label: label.to_owned(), kind, is_required })
}

/// The control that shows a fault of the question at that place of the form.
fn control(at: usize) -> impl Fn(&str) -> String {
    move |path| match path.strip_prefix(&format!("fields.{at}.")) {
        Some("options") => "choices".to_owned(),
        Some(part) => part.to_owned(),
        None => path.to_owned(),
    }
}

/// The form of an account that may be changed.
async fn form_of(web: &Web, visitor: &SignedIn, account: AccountId) -> Result<Form, Turned> {
    visitor.require(Right::ManageAccounts)?;
    Ok(accounts::desk(&web.app, &visitor.actor, account).await?.form)
}

async fn publish(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    fields: Vec<Question>,
) -> app::Result<Form> {
    let (tenant, actor) = (visitor.tenant.id, Some(&visitor.actor));
    accounts::publish_form(&web.app, tenant, actor, account, fields).await
}

fn done(web: &Web, visitor: &SignedIn, account: AccountId, text: &str) -> Response {
    visitor.sent_to(web, &format!("/accounts/{account}#fields"), &Flash::done(text))
}

/// `POST /accounts/{id}/fields`.
pub(super) async fn add(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Turned> {
    let account = AccountId(id);
    let mut form = form_of(&web, &visitor, account).await?;
    let at = form.fields.len();
    let added = match question(&fields, None) {
        Ok(question) => {
            form.fields.push(question);
            publish(&web, &visitor, account, form.fields).await
        }
        Err(faults) => Err(faults.into()),
    };
    match added {
        Ok(form) => {
            let text = format!("“{}” is asked from the next call on.", form.fields[at].label);
            Ok(done(&web, &visitor, account, &text))
        }
        Err(Error::Invalid(faults)) => {
            let refused = Refused { posted: &fields, faults: &faults };
            account::refused(
                &web,
                &visitor,
                account,
                refused,
                |page| &mut page.new_field,
                control(at),
            )
            .await
        }
        Err(error) => Err(error.into()),
    }
}

/// The place of the question that is named.
fn place(form: &Form, name: &str) -> Result<usize, Turned> {
    let at = form.fields.iter().position(|field| field.name == name);
    at.ok_or_else(|| app::Error::NotFound.into())
}

/// `GET /accounts/{id}/fields/edit` (`name`).
pub(super) async fn edit(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response, Turned> {
    let account = AccountId(id);
    let form = form_of(&web, &visitor, account).await?;
    let at = place(&form, asked.get("name").map_or("", String::as_str))?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &sheet(shell, account, &form.fields[at])))
}

fn sheet(shell: Shell, account: AccountId, question: &Question) -> AccountForm {
    let is_required = if question.is_required { "true" } else { "" };
    let options = question.kind.options().join("\n");
    let values = [question.kind.as_str(), &options, is_required];
    let key = format!("Programs know it as {}, which stays.", question.name);
    let label = Field::new(FieldKind::Text, "label", "Question").max_length(200).required();
    let mut fields = vec![label.value(&question.label).hint(&key).wide().focused()];
    let kinds = kind_fields(&[]).into_iter().zip(values);
    fields.extend(kinds.map(|(field, value)| field.value(value)));
    AccountForm {
        title: format!("Change “{}”", question.label),
        action: format!("/accounts/{account}/fields/change"),
        back: format!("/accounts/{account}#fields"),
        hidden: Some(("name".to_owned(), question.name.clone())),
        fields,
        ..AccountForm::new(shell)
    }
}

/// `POST /accounts/{id}/fields/change`.
pub(super) async fn change(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Turned> {
    let account = AccountId(id);
    let mut form = form_of(&web, &visitor, account).await?;
    let name = fields.text("name");
    let at = place(&form, name)?;
    let before = form.fields[at].clone();
    let changed = match question(&fields, Some(name)) {
        Ok(question) => {
            form.fields[at] = question;
            publish(&web, &visitor, account, form.fields).await
        }
        Err(faults) => Err(faults.into()),
    };
    match changed {
        Ok(form) => {
            let text = format!("“{}” is asked this way from now on.", form.fields[at].label);
            Ok(done(&web, &visitor, account, &text))
        }
        Err(Error::Invalid(faults)) => {
            let shell = visitor.shell(&web, Place::Accounts).await?;
            Ok(sheet(shell, account, &before).refused(&fields, &faults, control(at)))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /accounts/{id}/fields/remove`.
pub(super) async fn remove(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Turned> {
    let account = AccountId(id);
    let mut form = form_of(&web, &visitor, account).await?;
    let at = place(&form, fields.text("name"))?;
    let question = form.fields.remove(at);
    publish(&web, &visitor, account, form.fields).await?;
    let text = format!("“{}” is no longer asked. Messages keep its answers.", question.label);
    Ok(done(&web, &visitor, account, &text))
}

/// `POST /accounts/{id}/fields/up`.
pub(super) async fn up(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Turned> {
    swap(&web, &visitor, AccountId(id), fields.text("name"), |at| at.checked_sub(1)).await
}

/// `POST /accounts/{id}/fields/down`.
pub(super) async fn down(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Turned> {
    swap(&web, &visitor, AccountId(id), fields.text("name"), |at| at.checked_add(1)).await
}

/// Swaps a question with its neighbour; the first and the last stay where no neighbour is.
async fn swap(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    name: &str,
    neighbour: impl Fn(usize) -> Option<usize>,
) -> Result<Response, Turned> {
    let mut form = form_of(web, visitor, account).await?;
    let at = place(&form, name)?;
    let label = form.fields[at].label.clone();
    if let Some(to) = neighbour(at).filter(|to| *to < form.fields.len()) {
        form.fields.swap(at, to);
        publish(web, visitor, account, form.fields).await?;
    }
    Ok(done(web, visitor, account, &format!("“{label}” moved.")))
}

impl AccountPage {
    /// The form of a new question, where there is none yet.
    #[must_use]
    pub fn field_fields() -> Vec<Field> {
        let created_at = domain::Instant::from_ms(0);
        new_fields(&Form::standard(AccountId(0), created_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_question_fills_a_column() {
        for (name, ..) in STANDARD {
            assert!(domain::form::is_reserved(name), "{name}");
        }
    }

    #[test]
    fn every_kind_has_a_word() {
        for (word, name) in KINDS {
            let kind = Kind::parse(word, Vec::new()).expect("a kind");
            assert_eq!(kind_in_words(&kind), name);
        }
    }
}
