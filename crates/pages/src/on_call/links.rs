//! Links under which calendar programs read shifts: made, shown once, revoked, and answered.

use app::Error;
use app::on_call::{self, RotationDetail};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::on_call::Subject;
use domain::{ContactId, RotationId};
use web::Web;
use web::origin::Origin;
use web::tenant::RequestTenant;

use super::ics;
use crate::form::Answer;
use crate::session::{Fields, Id, Posted, page};
use crate::ui::{Place, Shell};

/// The answer to `POST /on-call/{id}/calendar`: the only time that the link is seen.
#[derive(Debug, Template)]
#[template(path = "on_call/link.html")]
pub(crate) struct LinkCreated {
    pub(crate) shell: Shell,
    /// Where it leads back to.
    pub(crate) back: String,
    /// Whose shifts it shows: "Nights", or a person's name.
    pub(crate) name: String,
    /// The whole address.
    pub(crate) address: String,
}

/// `POST /on-call/{id}/calendar` (`of`: a contact of the account, or nothing for the rotation).
pub(crate) async fn make(
    State(web): State<Web>,
    Id(id): Id,
    Origin(origin): Origin,
    Posted { visitor, fields }: Posted,
) -> Answer {
    let (app, actor) = (&web.app, &visitor.actor);
    let standing = on_call::find(app, actor, RotationId(id), app.now()).await?;
    let subject = subject(&standing, &fields)?;
    let token = on_call::make_link(app, actor, standing.account.id, subject).await?;
    let name = match subject {
        Subject::Rotation(_) => standing.rotation().name.clone(),
        Subject::Contact(of) => standing.name(Some(of)).to_owned(),
    };
    let view = LinkCreated {
        shell: visitor.shell(&web, Place::OnCall).await?,
        back: format!("/on-call/{id}#calendars"),
        name,
        address: format!("{origin}/on-call/calendar/{token}.ics"),
    };
    Ok(page(StatusCode::OK, &view))
}

/// `POST /on-call/{id}/calendar/revoke` (`of`).
pub(crate) async fn revoke(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Answer {
    let (app, actor) = (&web.app, &visitor.actor);
    let standing = on_call::find(app, actor, RotationId(id), app.now()).await?;
    let subject = subject(&standing, &fields)?;
    on_call::revoke_link(app, actor, standing.account.id, subject).await?;
    Ok(visitor.done(&web, &format!("/on-call/{id}"), "The link works no more."))
}

fn subject(standing: &RotationDetail, posted: &Fields) -> Result<Subject, Error> {
    match posted.text("of") {
        "" => Ok(Subject::Rotation(standing.rotation().id)),
        of => of.parse().map(|id| Subject::Contact(ContactId(id))).map_err(|_| Error::NotFound),
    }
}

/// `GET /on-call/calendar/{token}`: the calendar, to whoever has the link. Nobody signs in here.
pub(crate) async fn feed(
    State(web): State<Web>,
    RequestTenant(tenant): RequestTenant,
    Path(token): Path<String>,
) -> Answer {
    let token = token.strip_suffix(".ics").unwrap_or(&token);
    let feed = on_call::open_link(&web.app, tenant.id, token).await?;
    let feed = feed.ok_or(Error::NotFound)?;
    let headers =
        [(CONTENT_TYPE, "text/calendar; charset=utf-8"), (CACHE_CONTROL, "private, max-age=300")];
    Ok((headers, ics::calendar(&feed)).into_response())
}
