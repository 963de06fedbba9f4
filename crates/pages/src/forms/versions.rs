//! The versions of a form: who published which, and bringing one back.

use std::collections::HashMap;

use app::forms;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use web::Web;

use super::builder::{FormPlace, FormState};
use super::serve::bench;
use crate::session::{Id, PageError, Posted, SignedIn, page};
use crate::ui::{Flash, Moment, Place, Shell, moment};

/// `GET /accounts/{id}/form/versions` (`line`) → `POST /accounts/{id}/form/restore`,
/// `POST /accounts/{id}/form/retire`.
#[derive(Debug, Clone, Template)]
#[template(path = "forms/versions.html")]
pub(crate) struct FormVersions {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whose form it is, and which.
    pub(crate) place: FormPlace,
    /// What is in use and what is not yet.
    pub(crate) state: FormState,
    /// Newest first.
    pub(crate) rows: Vec<VersionRow>,
    /// A line's own form may be given back.
    pub(crate) can_retire: bool,
}

/// One version.
#[derive(Debug, Clone)]
pub(crate) struct VersionRow {
    /// Its number.
    pub(crate) version: String,
    /// When it was published.
    pub(crate) at: Moment,
    /// By whom, or empty.
    pub(crate) by: String,
    /// "2 sections, 9 questions".
    pub(crate) size: String,
    /// Calls are taken with it.
    pub(crate) is_in_use: bool,
    /// Where it is shown.
    pub(crate) href: String,
}

fn size(form: &domain::Form) -> String {
    let many = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let questions = many(form.fields().count(), "question");
    format!("{}, {questions}", many(form.sections.len(), "section"))
}

/// `GET /accounts/{id}/form/versions`.
pub(crate) async fn list(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    let line = asked.get("line").map_or("", String::as_str);
    let (bench, _) = bench(&web, &visitor, id, line).await?;
    let (account, did) = (&bench.account, bench.line.as_ref().map(|did| did.id));
    let versions = forms::versions(&web.app, &visitor.actor, account.id, did).await?;
    let place = FormPlace::of(&bench);
    let row = |form: domain::Form| {
        let href = place.href("/try");
        let mark = if href.contains('?') { '&' } else { '?' };
        VersionRow {
            version: form.version.to_string(),
            at: Moment::at(form.created_at, web.app.now(), &account.zone),
            size: size(&form),
            is_in_use: bench.has_own && form.id == bench.form.id,
            href: format!("{href}{mark}version={}", form.version),
            by: form.published_by,
        }
    };
    let drawn = FormVersions {
        shell: visitor.shell(&web, Place::Accounts).await?,
        state: FormState::of(&bench, web.app.now()),
        rows: versions.into_iter().map(row).collect(),
        can_retire: bench.has_own && bench.line.is_some(),
        place,
    };
    Ok(page(StatusCode::OK, &drawn))
}

/// `POST /accounts/{id}/form/restore`.
pub(crate) async fn restore(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (bench, _) = bench(&web, &visitor, id, fields.text("line")).await?;
    let (account, did) = (bench.account.id, bench.line.as_ref().map(|did| did.id));
    let version = fields.text("version").parse().unwrap_or(0);
    let form = forms::restore(&web.app, &visitor.actor, account, did, version).await?;
    let text = format!("Version {version} is in use again, as version {}.", form.version);
    let to = FormPlace::of(&bench).href("/versions");
    Ok(visitor.sent_to(&web, &to, &Flash::done(&text)))
}

/// `POST /accounts/{id}/form/retire`.
pub(crate) async fn retire(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (bench, _) = bench(&web, &visitor, id, fields.text("line")).await?;
    let did = bench.line.as_ref().ok_or(app::Error::NotFound)?.id;
    forms::retire(&web.app, &visitor.actor, bench.account.id, did).await?;
    let flash = Flash::done("Calls to this line are taken with the account's form again.");
    Ok(visitor.sent_to(&web, &FormPlace::of(&bench).href(""), &flash))
}

impl FormVersions {
    /// Three versions of a line's form.
    pub(crate) fn sample() -> Self {
        let row = |version: &str, by: &str, at: &str, size: &str, is_in_use| VersionRow {
            version: version.to_owned(),
            at: moment(at),
            by: by.to_owned(),
            size: size.to_owned(),
            is_in_use,
            href: format!("/accounts/2/form/try?version={version}"),
        };
        Self {
            shell: Shell::sample(Place::Accounts),
            place: FormPlace::sample(),
            state: FormState::sample(),
            rows: vec![
                row("4", "Sam Whitfield", "2 days ago", "3 sections, 14 questions", true),
                row("2", "Jane Hartwell", "Feb 3, 2026", "1 section, 9 questions", false),
                row("1", "", "Jan 12, 2026", "1 section, 1 question", false),
            ],
            can_retire: true,
        }
    }

    /// Nothing published yet.
    pub(crate) fn sample_empty() -> Self {
        Self { rows: Vec::new(), can_retire: false, ..Self::sample() }
    }
}
