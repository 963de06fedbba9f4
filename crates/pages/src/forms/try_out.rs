//! Trying a form out: the draft or an earlier version, drawn and checked as in a call. Nothing is
//! stored.

use app::forms;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use domain::form::told;
use domain::{Account, Contact, Form, Instant, Invalid, Message};
use web::Web;

use super::FormPlace;
use crate::console::Script;
use crate::console::script::{self, AgentVoice, answers};
use crate::session::{Fields, Id, PageError, PageResult, Posted, SignedIn, page};
use crate::ui::{Fact, Place, Shell, blame};

/// `GET /accounts/{id}/form/try` (`line`, `version`) → `POST /accounts/{id}/form/try`.
#[derive(Debug, Clone, Template)]
#[template(path = "forms/try_out.html")]
pub(crate) struct FormTry {
    pub(crate) shell: Shell,
    pub(crate) place: FormPlace,
    /// What is tried: "The draft", "Version 3".
    pub(crate) what: String,
    /// The version that is tried, posted back; empty for what stands in the builder.
    pub(crate) version: String,
    /// What is wrong, above the form.
    pub(crate) error: Option<String>,
    pub(crate) script: Script,
    /// What a message would keep, section by section; none before it was sent.
    pub(crate) kept: Option<Vec<(String, Vec<Fact>)>>,
}

/// The page of the form that these fields name, filled with their answers.
async fn load(
    web: &Web,
    visitor: &SignedIn,
    id: i64,
    fields: &Fields,
) -> Result<(FormTry, Form, Vec<Contact>), PageError> {
    let (place, contacts) = FormPlace::load(web, visitor, id, fields.text("line")).await?;
    let version = fields.owned("version");
    let (form, what) = tried(web, visitor, &place, &version).await?;
    let voice = AgentVoice::new(&place.bench.account, &visitor.actor.name, web.app.now());
    let (typed, is_emergency) = (answers(fields), fields.is_ticked(script::EMERGENCY));
    let typed = typed.into_iter().rev().collect();
    let script = Script::of(&form, &typed, &voice, &contacts, is_emergency);
    let shell = visitor.shell(web, Place::Accounts).await?;
    let page = FormTry { shell, place, what, version, error: None, script, kept: None };
    Ok((page, form, contacts))
}

/// The form that is tried, and what it is called.
async fn tried(
    web: &Web,
    visitor: &SignedIn,
    FormPlace { bench, .. }: &FormPlace,
    version: &str,
) -> Result<(Form, String), PageError> {
    if version.is_empty() {
        let what = match &bench.draft {
            Some(_) => "The draft, as it would be asked.",
            None => "The form, as it is asked.",
        };
        let sections = bench.sections().to_vec();
        return Ok((Form { sections, ..bench.form.clone() }, what.to_owned()));
    }
    let line = bench.line.as_ref().map(|did| did.id);
    let versions = forms::versions(&web.app, &visitor.actor, bench.account.id, line).await?;
    let found = versions.into_iter().find(|form| form.version.to_string() == version);
    let form = found.ok_or(app::Error::NotFound)?;
    let what = format!("Version {}, as it was asked.", form.version);
    Ok((form, what))
}

/// `GET /accounts/{id}/form/try`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> PageResult {
    let mut asked = Fields::of_query(query.as_deref());
    asked.retain(|name| matches!(name, "line" | "version"));
    let (mut drawn, ..) = load(&web, &visitor, id, &asked).await?;
    drawn.script.unfocus();
    Ok(page(StatusCode::OK, &drawn))
}

/// `POST /accounts/{id}/form/try`.
pub(crate) async fn check(State(web): State<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let (mut drawn, form, contacts) = load(&web, &visitor, id, &fields).await?;
    let account = &drawn.place.bench.account;
    let status = match kept(account, &form, &answers(&fields), &contacts, web.app.now()) {
        Ok(kept) => {
            drawn.kept = Some(kept);
            drawn.script.unfocus();
            StatusCode::OK
        }
        Err(faults) => {
            let control = |path: &str| script::control(&form, path);
            let others = blame(drawn.script.fields_mut(), &faults, control);
            drawn.error = Some(script::summary(&faults, &others));
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    Ok(page(status, &drawn))
}

/// What a message would keep of these answers.
fn kept(
    account: &Account,
    form: &Form,
    given: &[(String, String)],
    contacts: &[Contact],
    now: Instant,
) -> Result<Vec<(String, Vec<Fact>)>, Invalid> {
    let filled = form.fill(given)?;
    let mut message = Message::blank(account.tenant_id, account.id, String::new(), now);
    if let Some(id) = form.recipient(given, None) {
        let known = contacts.iter().find(|contact| contact.id == id);
        let contact = known
            .ok_or_else(|| Invalid::field("contact_id", "must be in this account's directory"))?;
        (message.contact_id, message.receiver_name) = (Some(id), contact.name.clone());
    }
    filled.into_columns(&mut message);
    let groups = told(Some(form), &message.answers);
    let shown = groups.into_iter().map(|group| {
        let filled = group.answers.into_iter().filter(|(_, _, text)| !text.is_empty());
        let facts = filled.map(|(_, label, text)| Fact::new(&label, text)).collect();
        (group.title.to_owned(), facts)
    });
    Ok(shown.filter(|(_, facts): &(String, Vec<Fact>)| !facts.is_empty()).collect())
}
