//! What the builder's buttons do: keep the draft, change it, publish it, put it away.

use app::Error;
use app::forms;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Invalid;
use domain::form::Section;
use web::Web;

use super::FormPlace;
use super::builder::{FormState, drawn};
use super::edit::{self, ButtonResult, PostedForm};
use crate::session::{Id, PageResult, Posted, SignedIn};

/// `POST /accounts/{id}/form`: keeps what was typed, then does what the button says.
pub(crate) async fn change(State(web): State<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let (mut place, contacts) = FormPlace::load(&web, &visitor, id, fields.text("line")).await?;
    let (account, line) = (place.bench.account.id, place.line_id());
    let button = fields.text("act");
    if button == "discard" {
        forms::discard_draft(&web.app, &visitor.actor, account, line).await?;
        let text = "The draft is gone. Calls are taken as before.";
        return Ok(visitor.done(&web, &place.href(""), text));
    }
    let PostedForm { mut sections, faults } = edit::read(&fields);
    let key = button.split_once(' ').map_or("", |(_, key)| key);
    let adds = fields.text(&format!("{key}.add")).to_owned();
    let done = edit::act(&mut sections, button, &adds);
    let revision = fields.text("revision").parse().unwrap_or(-1);
    let saved =
        forms::save_draft(&web.app, &visitor.actor, account, line, sections.clone(), revision);
    let draft = match saved.await {
        Ok(draft) => draft,
        Err(Error::Changed) => {
            let who = place.bench.draft.as_ref().map_or("Somebody", |draft| &draft.changed_by);
            let error = format!(
                "{who} changed this form meanwhile. What you typed stands below; saving again \
                 puts it in place of theirs."
            );
            let (sections, contacts, error) = (&sections[..], &contacts[..], Some(error));
            let state = FormState { sections, contacts, error, ..FormState::default() };
            return drawn(&web, &visitor, place, state, StatusCode::CONFLICT).await;
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
                    Ok(visitor.done(&web, &place.href(""), &text))
                }
                Err(Error::Invalid(faults)) => {
                    place.bench.draft = Some(draft);
                    let (sections, contacts) = (&sections[..], &contacts[..]);
                    let state = FormState { sections, contacts, faults, ..FormState::default() };
                    drawn(&web, &visitor, place, state, StatusCode::UNPROCESSABLE_ENTITY).await
                }
                Err(error) => Err(error.into()),
            }
        }
        "try" => Ok(visitor.done(&web, &place.href("/try"), "The draft is kept.")),
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

fn kept(web: &Web, visitor: &SignedIn, place: &FormPlace, done: Option<ButtonResult>) -> Response {
    let Some(ButtonResult { key, said, is_new }) = done else {
        let text = "The draft is kept. Agents see it once it is published.";
        return visitor.done(web, &place.href(""), text);
    };
    // A browser that is sent to a place of the page lets no control have the cursor.
    let href = match is_new {
        true => place.href_with("", &format!("open={key}")),
        false => format!("{}#{}", place.href(""), key.replace('.', "-")),
    };
    visitor.done(web, &href, &said)
}
