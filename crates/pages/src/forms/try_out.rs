//! Trying a form out: the draft or an earlier version, drawn and checked as in a call. Nothing is
//! stored.

use std::collections::HashMap;

use app::forms::{self, Bench};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::form::told;
use domain::{Contact, Form, Invalid, Message};
use web::Web;

use super::builder::{FormPlace, FormState};
use super::serve::bench;
use crate::console::Script;
use crate::console::script::{self, Voice, answers};
use crate::session::{Id, PageError, Posted, SignedIn, page};
use crate::ui::{Fact, Place, Shell, blame};

/// `GET /accounts/{id}/form/try` (`line`, `version`) → `POST /accounts/{id}/form/try`.
#[derive(Debug, Clone, Template)]
#[template(path = "forms/try_out.html")]
pub(crate) struct FormTry {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whose form it is, and which.
    pub(crate) place: FormPlace,
    /// What is in use and what is not yet.
    pub(crate) state: FormState,
    /// What is tried: "The draft", "Version 3".
    pub(crate) what: String,
    /// The version that is tried, posted back; empty for what stands in the builder.
    pub(crate) version: String,
    /// What is wrong, above the form.
    pub(crate) error: Option<String>,
    /// The form.
    pub(crate) script: Script,
    /// What a message would keep, section by section; none before it was sent.
    pub(crate) kept: Option<Vec<(String, Vec<Fact>)>>,
}

/// The form that is tried, and what it is called.
async fn tried(
    web: &Web,
    visitor: &SignedIn,
    bench: &Bench,
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
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    let asked = |name: &str| asked.get(name).map_or("", String::as_str);
    let (bench, contacts) = bench(&web, &visitor, id, asked("line")).await?;
    let (form, what) = tried(&web, &visitor, &bench, asked("version")).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    let voice = Voice::new(&bench.account, &visitor.actor.name, web.app.now());
    let mut drawn = FormTry {
        shell,
        place: FormPlace::of(&bench),
        state: FormState::of(&bench, web.app.now()),
        what,
        version: asked("version").to_owned(),
        error: None,
        script: Script::of(&form, &HashMap::new(), &voice, &contacts, false),
        kept: None,
    };
    // Looking at a form is not filling it: the page begins at its top.
    drawn.script.fields_mut().for_each(|field| field.focused = false);
    Ok(page(StatusCode::OK, &drawn))
}

/// `POST /accounts/{id}/form/try`.
pub(crate) async fn check(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (bench, contacts) = bench(&web, &visitor, id, fields.text("line")).await?;
    let version = fields.text("version");
    let (form, what) = tried(&web, &visitor, &bench, version).await?;
    let given = answers(&fields);
    let voice = Voice::new(&bench.account, &visitor.actor.name, web.app.now());
    let typed = given.iter().rev().cloned().collect();
    let mut drawn = FormTry {
        shell: visitor.shell(&web, Place::Accounts).await?,
        place: FormPlace::of(&bench),
        state: FormState::of(&bench, web.app.now()),
        what,
        version: version.to_owned(),
        error: None,
        script: Script::of(&form, &typed, &voice, &contacts, fields.is_ticked("is_emergency")),
        kept: None,
    };
    let status = match kept(&web, &bench, &form, &given, &contacts) {
        Ok(kept) => {
            drawn.kept = Some(kept);
            drawn.script.fields_mut().for_each(|field| field.focused = false);
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
    web: &Web,
    bench: &Bench,
    form: &Form,
    given: &[(String, String)],
    contacts: &[Contact],
) -> Result<Vec<(String, Vec<Fact>)>, Invalid> {
    let filled = form.fill(given)?;
    let (tenant, account) = (bench.account.tenant_id, bench.account.id);
    let mut message = Message::blank(tenant, account, String::new(), web.app.now());
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

impl FormTry {
    /// Before anything was answered.
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(Place::Accounts),
            place: FormPlace::sample(),
            state: FormState::sample(),
            what: "The draft, as it would be asked.".to_owned(),
            version: String::new(),
            error: None,
            script: Script::sample(),
            kept: None,
        }
    }

    /// After it was answered.
    pub(crate) fn sample_kept() -> Self {
        let caller = vec![
            Fact::new("No heat at all?", "Yes"),
            Fact::new("First name", "Maria"),
            Fact::new("Callback number", "(954) 555-0142"),
        ];
        let visit = vec![Fact::new("Service address", "12 Elm St"), Fact::new("ZIP", "33401")];
        let kept = vec![("Caller".to_owned(), caller), ("Visit".to_owned(), visit)];
        Self { kept: Some(kept), ..Self::sample() }
    }
}
