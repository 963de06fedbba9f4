//! What a reader does with a message: read, unread, picked up, acknowledged, closed, reopened.

use app::{Error, escalations, messages};
use axum::extract::{RawQuery, State};
use domain::message::Update;
use domain::user::Right;
use domain::{Message, MessageId, Status};
use web::{Routes, Web};

use super::Messages;
use super::words::caller;
use crate::list::{List, ListQuery};
use crate::session::{Id, PageResult, Posted};
use crate::ui::Flash;

/// One of the things to do: its address, what it changes, and what is said when it is done.
type Deed = (&'static str, fn(&Message) -> Update, &'static str);

/// What leads back to the list: opening the message again would mark it read.
const UNREAD: &str = "/messages/{id}/unread";

const DEEDS: [Deed; 7] = [
    ("/messages/{id}/read", |_| read(true), "is marked as read."),
    (UNREAD, |_| read(false), "is marked as unread."),
    ("/messages/{id}/pick-up", |_| pickup(true), "is yours: others see that you picked it up."),
    ("/messages/{id}/put-back", |_| pickup(false), "is back for everybody."),
    ("/messages/{id}/acknowledge", |_| status(Status::Acknowledged), "is acknowledged."),
    ("/messages/{id}/close", |_| status(Status::Closed), "is closed."),
    ("/messages/{id}/reopen", reopen, "is open again."),
];

fn read(read: bool) -> Update {
    Update { read: Some(read), ..Update::default() }
}

fn pickup(pickup: bool) -> Update {
    Update { pickup: Some(pickup), ..Update::default() }
}

fn status(status: Status) -> Update {
    Update { status: Some(status), ..Update::default() }
}

fn reopen(message: &Message) -> Update {
    match message.status.is_settled() {
        true => status(message.status_unsettled()),
        false => Update::default(),
    }
}

/// `POST /messages/{id}/…`, one address for each deed.
pub(crate) fn routes() -> Routes {
    let again = Routes::new()
        .post("/messages/{id}/escalate-again", escalate_again)
        .needing(Right::TakeMessages);
    DEEDS
        .into_iter()
        .fold(Routes::new(), |routes, deed| {
            routes.post(deed.0, move |web, id, query, form| done(deed, web, id, query, form))
        })
        .merge(again)
}

/// Does it, and leads back to where it was done, the filters kept.
async fn done(
    (address, update, said): Deed,
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    form: Posted,
) -> PageResult {
    let (visitor, id) = (form.visitor, MessageId(id));
    let message = messages::find(&web.app, &visitor.actor, id).await?;
    let update = update(&message);
    let message = messages::update(&web.app, &visitor.actor, id, &update, None).await?;
    let flash = Flash::done(&format!("The message from {} {said}", caller(&message)));
    let query = kept(query.as_deref());
    let open = format!("/messages/{id}{query}");
    Ok(match address {
        UNREAD => {
            let flash = flash.with_link(&open, "Open it again");
            visitor.sent_to(&web, &format!("/messages{query}"), &flash)
        }
        _ => visitor.sent_to(&web, &open, &flash),
    })
}

/// `POST /messages/{id}/escalate-again`: an agent lets it begin anew, after nobody was left.
async fn escalate_again(
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    form: Posted,
) -> PageResult {
    let (visitor, id) = (form.visitor, MessageId(id));
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
