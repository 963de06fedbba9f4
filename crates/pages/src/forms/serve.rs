//! The builder's addresses: show it, do what a button says, draw the preview.

use std::collections::HashMap;

use app::forms::{self, Bench};
use app::{Error, playbooks};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::form::Section;
use domain::user::Right;
use domain::{AccountId, Contact, DidId, Invalid};
use web::Web;

use super::FormBuilder;
use super::builder::Shown;
use super::edit::{self, Done, Edited};
use crate::session::{Id, PageError, Posted, SignedIn, page};
use crate::ui::{Flash, Place};

/// The line that an address or a form names; what is no id is one that nobody has.
pub(crate) fn line(text: &str) -> Option<DidId> {
    (!text.is_empty()).then(|| DidId(text.parse().unwrap_or(0)))
}

/// What the handlers of a form begin with.
pub(crate) async fn bench(
    web: &Web,
    visitor: &SignedIn,
    account: i64,
    line_text: &str,
) -> Result<(Bench, Vec<Contact>), PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (account, line) = (AccountId(account), line(line_text));
    let bench = forms::bench(&web.app, &visitor.actor, account, line).await?;
    let book = playbooks::find(&web.app, &visitor.actor, account).await?;
    Ok((bench, book.contacts.clone()))
}

/// `GET /accounts/{id}/form`.
pub(crate) async fn build(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    let asked = |name: &str| asked.get(name).map_or("", String::as_str);
    let (bench, contacts) = bench(&web, &visitor, id, asked("line")).await?;
    let shown = Shown {
        bench: &bench,
        sections: bench.sections(),
        contacts: &contacts,
        faults: Invalid::new(),
        error: None,
        open: asked("open"),
    };
    let shell = visitor.shell(&web, Place::Accounts).await?;
    let drawn = FormBuilder::of(shell, &visitor, web.app.now(), shown);
    Ok(page(StatusCode::OK, &drawn))
}

/// `POST /accounts/{id}/form`: keeps what was typed, then does what the button says.
pub(crate) async fn change(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (bench, contacts) = bench(&web, &visitor, id, fields.text("line")).await?;
    let (account, line) = (bench.account.id, bench.line.as_ref().map(|did| did.id));
    let place = super::FormPlace::of(&bench);
    let button = fields.text("act");
    if button == "discard" {
        forms::discard_draft(&web.app, &visitor.actor, account, line).await?;
        let flash = Flash::done("The draft is gone. Calls are taken as before.");
        return Ok(visitor.sent_to(&web, &place.href(""), &flash));
    }
    let Edited { mut sections, faults } = edit::read(&fields);
    let key = button.split_once(' ').map_or("", |(_, key)| key);
    let adds = fields.text(&format!("{key}.add")).to_owned();
    let done = edit::act(&mut sections, button, &adds);
    let revision = fields.text("revision").parse().unwrap_or(-1);
    let saved =
        forms::save_draft(&web.app, &visitor.actor, account, line, sections.clone(), revision);
    let draft = match saved.await {
        Ok(draft) => draft,
        Err(Error::Changed) => {
            let who = bench.draft.as_ref().map_or("Somebody", |draft| &draft.changed_by);
            let error = format!(
                "{who} changed this form meanwhile. What you typed stands below; saving again \
                 puts it in place of theirs."
            );
            let told = Told { error: Some(error), ..Told::default() };
            let status = StatusCode::CONFLICT;
            return drawn(&web, &visitor, (&bench, &contacts), &sections, told, status).await;
        }
        Err(error) => return Err(error.into()),
    };
    match button {
        "publish" => {
            let published = match faults.is_empty() {
                true => {
                    let revision = draft.revision;
                    forms::publish_draft(&web.app, &visitor.actor, account, line, revision).await
                }
                false => Err(Error::Invalid(all_faults(faults, &sections))),
            };
            match published {
                Ok(form) => {
                    let text = format!("Version {} is in use from the next call on.", form.version);
                    Ok(visitor.sent_to(&web, &place.href(""), &Flash::done(&text)))
                }
                Err(Error::Invalid(faults)) => {
                    let bench = Bench { draft: Some(draft), ..bench };
                    let told = Told { faults, ..Told::default() };
                    let status = StatusCode::UNPROCESSABLE_ENTITY;
                    drawn(&web, &visitor, (&bench, &contacts), &sections, told, status).await
                }
                Err(error) => Err(error.into()),
            }
        }
        "try" => {
            let flash = Flash::done("The draft is kept.");
            Ok(visitor.sent_to(&web, &place.href("/try"), &flash))
        }
        _ => Ok(kept(&web, &visitor, &place, done)),
    }
}

/// What could not be read of a form, and what else is wrong with it.
fn all_faults(mut faults: Invalid, sections: &[Section]) -> Invalid {
    if let Err(more) = domain::form::check_sections(sections) {
        for (path, rule) in more.faults() {
            faults.add(path, rule);
        }
    }
    faults
}

fn kept(web: &Web, visitor: &SignedIn, place: &super::FormPlace, done: Option<Done>) -> Response {
    let Some(Done { key, said, is_new }) = done else {
        let flash = Flash::done("The draft is kept. Agents see it once it is published.");
        return visitor.sent_to(web, &place.href(""), &flash);
    };
    let href = place.href("");
    let mark = if href.contains('?') { '&' } else { '?' };
    // A browser that is sent to a place of the page lets no control have the cursor.
    let href = match is_new {
        true => format!("{href}{mark}open={key}"),
        false => format!("{href}#{}", key.replace('.', "-")),
    };
    visitor.sent_to(web, &href, &Flash::done(&said))
}

/// What is said about a form that comes back.
#[derive(Default)]
struct Told {
    faults: Invalid,
    error: Option<String>,
}

async fn drawn(
    web: &Web,
    visitor: &SignedIn,
    (bench, contacts): (&Bench, &[Contact]),
    sections: &[Section],
    told: Told,
    status: StatusCode,
) -> Result<Response, PageError> {
    let count = told.faults.faults().count();
    let summary = match count {
        0 => None,
        1 => Some("One thing is not right yet; the draft is kept.".to_owned()),
        many => Some(format!("{many} things are not right yet; the draft is kept.")),
    };
    let Told { faults, error } = told;
    let error = error.or(summary);
    let shown = Shown { bench, sections, contacts, faults, error, open: "" };
    let shell = visitor.shell(web, Place::Accounts).await?;
    Ok(page(status, &FormBuilder::of(shell, visitor, web.app.now(), shown)))
}

/// `POST /accounts/{id}/form/preview`: the builder with what was typed, of which a browser takes
/// the preview. Nothing is kept.
pub(crate) async fn preview(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (bench, contacts) = bench(&web, &visitor, id, fields.text("line")).await?;
    let sections = edit::read(&fields).sections;
    let told = Told::default();
    drawn(&web, &visitor, (&bench, &contacts), &sections, told, StatusCode::OK).await
}
