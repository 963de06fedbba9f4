//! The list of messages, and one of them opened beside it.

use std::collections::HashMap;

use app::deliveries::{self, Standing};
use app::messages::{self, Position};
use app::{Error, accounts};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use domain::message::Update;
use domain::{Account, AccountId, Invalid, Message, MessageId, Role, Status, delivery, limits};

use super::asked::{Asked, cursor};
use super::{detail, filters};
use crate::Web;
use crate::portal::{MessageRow, Messages};
use crate::session::{Id, SignedIn, Turned, page};
use crate::ui::{self, Empty, Flash, Moment, Place, Tone};

/// `GET /messages`.
pub(super) async fn list(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Turned> {
    let list = List::load(&web, &visitor, filters::read(query.as_deref())).await?;
    list.shown(&web, &visitor, None).await
}

/// `GET /messages/{id}`: the message, and on a desktop the list that it was opened from.
pub(super) async fn open(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Turned> {
    let message = messages::find(&web.app, &visitor.actor, MessageId(id)).await?;
    let list = List::load(&web, &visitor, filters::read(query.as_deref())).await?;
    let is_looked_at = method == Method::GET && !headers.contains_key("sec-purpose");
    if is_looked_at && visitor.actor.role == Role::Client {
        mark_read(&web, &visitor, &message).await?;
    }
    list.shown(&web, &visitor, Some(message.id)).await
}

/// A client who opens a message has read it. What an agent or owner opens stays unread: the mark
/// tells the agents whether their client knows. A full disk keeps nobody from reading.
async fn mark_read(web: &Web, visitor: &SignedIn, message: &Message) -> app::Result<()> {
    if message.read {
        return Ok(());
    }
    let update = Update { read: Some(true), ..Update::default() };
    match messages::update(&web.app, &visitor.actor, message.id, &update, None).await {
        Err(error @ (Error::Full(_) | Error::Unavailable(_))) => {
            tracing::warn!(%error, "a message stays unread");
            Ok(())
        }
        other => other.map(|_| ()),
    }
}

/// One page of the list, loaded.
struct List {
    asked: Asked,
    faults: Invalid,
    accounts: Vec<Account>,
    messages: Vec<Message>,
    standing: Vec<Standing>,
    has_more: bool,
}

impl List {
    /// Loads what an address asks for; what is wrong with it leaves the list empty.
    async fn load(web: &Web, visitor: &SignedIn, asked: Asked) -> app::Result<Self> {
        let (app, actor) = (&web.app, &visitor.actor);
        let accounts = accounts::list(app, actor).await?;
        let (meaning, faults) = filters::meaning(&asked, &accounts);
        let mut rows = Vec::new();
        if faults.faults().next().is_none() {
            let filter = messages::filter(app, actor, meaning.query).await?;
            let limit = limits::PORTAL_ROWS + 1;
            rows = messages::page(app, actor, &filter, meaning.after, limit).await?;
        }
        let has_more = rows.len() > limits::PORTAL_ROWS;
        rows.truncate(limits::PORTAL_ROWS);
        let standing = deliveries::standing(app, actor, &rows).await?;
        Ok(List { asked, faults, accounts, messages: rows, standing, has_more })
    }

    /// The page, with one message opened.
    async fn shown(
        self,
        web: &Web,
        visitor: &SignedIn,
        open: Option<MessageId>,
    ) -> Result<Response, Turned> {
        let detail = match open {
            Some(id) => Some(detail::shown(web, visitor, id).await?),
            None => None,
        };
        let mut shell = visitor.shell(web, Place::Messages).await?;
        let unseen = ["q", "read", "cursor"].map(|name| (name, self.faults.about(name)));
        if let Some((name, Some(rule))) = unseen.iter().find(|(_, rule)| rule.is_some()) {
            let text = format!("The filter “{name}” {rule}.");
            shell.flash = Some(Flash { tone: Tone::Red, text, link: None });
        }
        let is_sound = self.faults.faults().next().is_none();
        let status = if is_sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let first = self.asked.with("cursor", "");
        let newest = (first != self.asked).then(|| format!("/messages{}", first.query()));
        let view = Messages {
            shell,
            filters: filters::form(&self.asked, &self.accounts, &self.faults),
            rows: self.rows(web, visitor, open),
            older: self.older(),
            newest,
            export: (!self.messages.is_empty()).then(|| format!("/messages.csv{}", first.query())),
            empty: self.empty(is_sound),
            kept: self.asked.query(),
            open: detail,
        };
        Ok(page(status, &view))
    }

    fn rows(&self, web: &Web, visitor: &SignedIn, open: Option<MessageId>) -> Vec<MessageRow> {
        let now = web.app.now();
        let by_id: HashMap<AccountId, &Account> =
            self.accounts.iter().map(|account| (account.id, account)).collect();
        let kept = self.asked.query();
        let row = |message: &Message| {
            let account = by_id.get(&message.account_id);
            let zone = account.map_or(&visitor.tenant.zone, |account| &account.zone);
            let is_open = open == Some(message.id);
            let is_just_read = is_open && visitor.actor.role == Role::Client;
            let of = self.standing.iter().filter(|standing| standing.message_id == message.id);
            MessageRow {
                href: format!("/messages/{}{kept}", message.id),
                who: caller(message),
                for_whom: match account {
                    Some(account) if self.accounts.len() > 1 => {
                        format!("{} · {}", receiver(message), account.name)
                    }
                    _ => receiver(message).to_owned(),
                },
                line: first_line(&message.content).to_owned(),
                taken_at: Moment::at(message.created_at, now, zone),
                state: state(message.status, of.map(|s| (s.state, s.attempts))),
                is_unread: !message.read && !is_just_read,
                is_emergency: message.is_emergency,
                is_open,
            }
        };
        self.messages.iter().map(row).collect()
    }

    fn older(&self) -> Option<String> {
        let last = self.messages.last().filter(|_| self.has_more)?;
        let Position { created_at, id } = Position::from(last);
        let asked = self.asked.with("cursor", &cursor(created_at, id.0));
        Some(format!("/messages{}", asked.query()))
    }

    fn empty(&self, is_sound: bool) -> Empty {
        match (is_sound, self.asked.is_bare()) {
            (false, _) => Messages::bad_filters(),
            (true, true) => Messages::none_yet(),
            (true, false) => Messages::none_fits(),
        }
    }
}

/// The caller's name, or else number, or else that nobody knows.
pub(super) fn caller(message: &Message) -> String {
    super::or(&ui::phone(&message.caller()), "Unknown caller").to_owned()
}

/// Whom a message is for.
pub(super) fn receiver(message: &Message) -> &str {
    super::or(&message.receiver_name, "the office")
}

pub(super) fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

/// Where a message stands, given the state and the attempts of each of its deliveries. One that
/// still waits tells what it waits for.
pub(super) fn state(
    status: Status,
    deliveries: impl Iterator<Item = (delivery::State, i64)>,
) -> ui::State {
    let waits = |mut sum: ui::State| {
        for (state, attempts) in deliveries {
            match delivery_state(state, attempts) {
                ui::State::Retrying => return ui::State::Retrying,
                ui::State::Captured => sum = ui::State::Captured,
                _ => {}
            }
        }
        sum
    };
    match status {
        Status::Pending => waits(ui::State::Pending),
        Status::Held => ui::State::Held,
        Status::Delivered => ui::State::Delivered,
        Status::Failed => ui::State::Failed,
        Status::Acknowledged => ui::State::Acknowledged,
        Status::Closed => ui::State::Closed,
    }
}

/// Where a delivery stands after that many attempts, the one under way included.
pub(super) fn delivery_state(state: delivery::State, attempts: i64) -> ui::State {
    match state {
        delivery::State::Queued if attempts > 0 => ui::State::Retrying,
        delivery::State::Sending if attempts > 1 => ui::State::Retrying,
        delivery::State::Queued | delivery::State::Sending => ui::State::Pending,
        delivery::State::Sent => ui::State::Delivered,
        delivery::State::Captured => ui::State::Captured,
        delivery::State::Failed | delivery::State::Cancelled => ui::State::Failed,
    }
}

#[cfg(test)]
mod tests {
    use domain::delivery::State;

    use super::*;

    #[test]
    fn a_waiting_message_tells_what_it_waits_for() {
        let check = |status, deliveries: &[(State, i64)], shown| {
            assert_eq!(state(status, deliveries.iter().copied()), shown, "{deliveries:?}");
        };
        check(Status::Pending, &[], ui::State::Pending);
        check(Status::Pending, &[(State::Queued, 0)], ui::State::Pending);
        check(Status::Pending, &[(State::Sending, 1)], ui::State::Pending);
        check(Status::Pending, &[(State::Sending, 2)], ui::State::Retrying);
        check(Status::Pending, &[(State::Captured, 1)], ui::State::Captured);
        check(Status::Pending, &[(State::Captured, 1), (State::Queued, 2)], ui::State::Retrying);
        check(Status::Closed, &[(State::Captured, 1)], ui::State::Closed);
    }

    #[test]
    fn the_first_line_that_says_something_stands_in_the_list() {
        assert_eq!(first_line("\n  \n Please call.\nThanks"), "Please call.");
        assert_eq!(first_line(""), "");
    }
}
