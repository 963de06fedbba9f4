//! What a reader does with a message: read, unread, picked up, acknowledged, closed, reopened.

use app::{Error, escalations, messages};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::message::Update;
use domain::user::Right;
use domain::{Message, MessageId, Status};
use web::{Routes, Web};

use super::Messages;
use super::words::caller;
use crate::list::{List, ListQuery};
use crate::session::{Id, PageError, Posted};
use crate::ui::Flash;

/// One of the things to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Read,
    Unread,
    PickUp,
    PutBack,
    Acknowledge,
    Close,
    Reopen,
}

impl Deed {
    const ALL: [Deed; 7] = [
        Deed::Read,
        Deed::Unread,
        Deed::PickUp,
        Deed::PutBack,
        Deed::Acknowledge,
        Deed::Close,
        Deed::Reopen,
    ];

    fn path(self) -> &'static str {
        match self {
            Deed::Read => "/messages/{id}/read",
            Deed::Unread => "/messages/{id}/unread",
            Deed::PickUp => "/messages/{id}/pick-up",
            Deed::PutBack => "/messages/{id}/put-back",
            Deed::Acknowledge => "/messages/{id}/acknowledge",
            Deed::Close => "/messages/{id}/close",
            Deed::Reopen => "/messages/{id}/reopen",
        }
    }

    /// What it changes about a message.
    fn update(self, message: &Message) -> Update {
        let none = Update::default();
        match self {
            Deed::Read => Update { read: Some(true), ..none },
            Deed::Unread => Update { read: Some(false), ..none },
            Deed::PickUp => Update { pickup: Some(true), ..none },
            Deed::PutBack => Update { pickup: Some(false), ..none },
            Deed::Acknowledge => Update { status: Some(Status::Acknowledged), ..none },
            Deed::Close => Update { status: Some(Status::Closed), ..none },
            Deed::Reopen if message.status.is_settled() => {
                Update { status: Some(message.status_unsettled()), ..none }
            }
            Deed::Reopen => none,
        }
    }

    /// What is said when it is done.
    fn sentence(self, message: &Message) -> String {
        let message = format!("The message from {}", caller(message));
        match self {
            Deed::Read => format!("{message} is marked as read."),
            Deed::Unread => format!("{message} is marked as unread."),
            Deed::PickUp => format!("{message} is yours: others see that you picked it up."),
            Deed::PutBack => format!("{message} is back for everybody."),
            Deed::Acknowledge => format!("{message} is acknowledged."),
            Deed::Close => format!("{message} is closed."),
            Deed::Reopen => format!("{message} is open again."),
        }
    }
}

/// `POST /messages/{id}/…`, one address for each deed.
pub(crate) fn routes() -> Routes {
    let routes = Routes::new().post("/messages/{id}/escalate-again", escalate_again);
    Deed::ALL.into_iter().fold(routes, |routes, deed| {
        routes.post(deed.path(), move |web, id, query, form| done(deed, web, id, query, form))
    })
}

/// Does it, and leads back to where it was done, the filters kept. A message that was just
/// marked unread is left for the list: opening it again would mark it read.
async fn done(
    deed: Deed,
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    form: Posted,
) -> Result<Response, PageError> {
    let (visitor, id) = (form.visitor, MessageId(id));
    let message = messages::find(&web.app, &visitor.actor, id).await?;
    let update = deed.update(&message);
    let message = messages::update(&web.app, &visitor.actor, id, &update, None).await?;
    let query = kept(query.as_deref());
    let path = match deed {
        Deed::Unread => format!("/messages{query}"),
        _ => format!("/messages/{id}{query}"),
    };
    let flash = Flash::done(&deed.sentence(&message));
    let flash = match deed {
        Deed::Unread => flash.with_link(&format!("/messages/{id}{query}"), "Open it again"),
        _ => flash,
    };
    Ok(visitor.sent_to(&web, &path, &flash))
}

/// `POST /messages/{id}/escalate-again`: an agent lets it begin anew, after nobody was left.
async fn escalate_again(
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    form: Posted,
) -> Result<Response, PageError> {
    let (visitor, id) = (form.visitor, MessageId(id));
    visitor.require(Right::TakeMessages)?;
    let message = messages::find(&web.app, &visitor.actor, id).await?;
    let who = caller(&message);
    let flash = match escalations::restart(&web.app, &visitor.actor, id).await {
        Ok(_) => Flash::done(&format!("The message from {who} escalates again, from level 1.")),
        Err(Error::NotFound) => {
            Flash::warning(&format!("The message from {who} goes by no escalation policy."))
        }
        Err(Error::Changed) => {
            Flash::warning(&format!("Somebody took charge of the message from {who} already."))
        }
        Err(error) => return Err(error.into()),
    };
    let query = kept(query.as_deref());
    Ok(visitor.sent_to(&web, &format!("/messages/{id}{query}"), &flash))
}

/// The filters of the list that something was done beside, as an address carries them on.
fn kept(query: Option<&str>) -> String {
    ListQuery::read(query, Messages::NAMES).query()
}
