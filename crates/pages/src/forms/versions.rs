//! The versions of a form: who published which, and bringing one back.

use app::forms;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use domain::Form;
use web::Web;

use super::FormPlace;
use crate::session::{Fields, Id, PageResult, Posted, SignedIn, page};
use crate::ui::{Place, Shell};

/// `GET /accounts/{id}/form/versions` (`line`) → `POST /accounts/{id}/form/restore`,
/// `POST /accounts/{id}/form/retire`.
#[derive(Debug, Clone, Template)]
#[template(path = "forms/versions.html")]
pub(crate) struct FormVersions {
    pub(crate) shell: Shell,
    pub(crate) place: FormPlace,
    pub(crate) versions: Vec<Form>,
}

impl FormVersions {
    /// "2 sections, 9 questions".
    fn size(&self, form: &Form) -> String {
        let many = |count: usize, what: &str| match count {
            1 => format!("1 {what}"),
            count => format!("{count} {what}s"),
        };
        let questions = many(form.fields().count(), "question");
        format!("{}, {questions}", many(form.sections.len(), "section"))
    }

    fn is_in_use(&self, form: &Form) -> bool {
        self.place.bench.has_own && form.id == self.place.bench.form.id
    }

    fn href(&self, form: &Form) -> String {
        self.place.href_with("/try", &format!("version={}", form.version))
    }
}

/// `GET /accounts/{id}/form/versions`.
pub(crate) async fn list(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> PageResult {
    let asked = Fields::of_query(query.as_deref());
    let (place, _) = FormPlace::load(&web, &visitor, id, asked.text("line")).await?;
    let (account, line) = (place.bench.account.id, place.line_id());
    let versions = forms::versions(&web.app, &visitor.actor, account, line).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &FormVersions { shell, place, versions }))
}

/// `POST /accounts/{id}/form/restore`.
pub(crate) async fn restore(State(web): State<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let (place, _) = FormPlace::load(&web, &visitor, id, fields.text("line")).await?;
    let (account, line) = (place.bench.account.id, place.line_id());
    let version = fields.text("version").parse().unwrap_or(0);
    let form = forms::restore(&web.app, &visitor.actor, account, line, version).await?;
    let text = format!("Version {version} is in use again, as version {}.", form.version);
    Ok(visitor.done(&web, &place.href("/versions"), &text))
}

/// `POST /accounts/{id}/form/retire`.
pub(crate) async fn retire(State(web): State<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let (place, _) = FormPlace::load(&web, &visitor, id, fields.text("line")).await?;
    let line = place.line_id().ok_or(app::Error::NotFound)?;
    forms::retire(&web.app, &visitor.actor, place.bench.account.id, line).await?;
    let text = "Calls to this line are taken with the account's form again.";
    Ok(visitor.done(&web, &place.href(""), text))
}
