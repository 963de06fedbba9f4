//! The list of messages, and beside it the message that is open.

use app::Error;
use app::deliveries::{self, DeliveryStanding};
use app::messages::{self, MessageQuery, Position};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method};
use domain::form::humanised;
use domain::message::Update;
use domain::{Message, MessageId, Role, Status};
use web::Web;

use super::words::{caller, first_line, receiver, state};
use super::{MessageDetail, OpenMessage};
use crate::list::{
    Cell, Column, Cursor, Ground, List, ListAsk, ListQuery, Listing, OpenCard, PageAsk, SplitPage,
    SplitRow, utc, yes,
};
use crate::session::{Frame, Id, PageResult, SignedIn, page};
use crate::ui::words::sentence;
use crate::ui::{Choice, Empty, Field, Place};

/// Messages of the accounts that somebody may see, the newest first.
#[derive(Clone, Debug)]
pub(crate) struct Messages {
    ground: Ground,
    query: MessageQuery,
}

impl List for Messages {
    type Row = Message;
    const NAMES: &'static [&'static str] =
        &["q", "read", "account_number", "status", "from_date", "to_date"];
    const IS_TIMED: bool = true;
    const FILE: &'static str = "messages";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Message", |_, message| message.id.to_string()),
        ("Taken (UTC)", |_, message| utc(message.created_at)),
        ("Taken", |list, it| list.ground.local(it.created_at, it.account_id)),
        ("Account number", |list, message| list.ground.number(message.account_id)),
        ("Account", |list, message| list.ground.name(message.account_id)),
        ("For", |_, message| receiver(message).to_owned()),
        ("First name", |_, message| message.first_name.clone()),
        ("Last name", |_, message| message.last_name.clone()),
        ("Company", |_, message| message.company_name.clone()),
        ("Phone", |_, message| message.phone.clone()),
        ("Other phone", |_, message| message.alt_phone.clone()),
        ("Caller ID", |_, message| message.caller_id.clone()),
        ("E-mail", |_, message| message.email.clone()),
        ("Said", |_, message| message.content.clone()),
        ("Details", |_, message| details(message)),
        ("Emergency", |_, message| yes(message.is_emergency)),
        ("Status", |_, message| message.status.as_str().to_owned()),
        ("Read", |_, message| yes(message.read)),
        ("Note", |_, message| message.note.clone()),
        ("Disposition", |_, message| message.disposition.clone().unwrap_or_default()),
    ];

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        Ok(Self::asked(ask.ground().await?, ask.query))
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<Message>> {
        let PageAsk { app, actor, after, limit } = ask;
        let filter = messages::filter(app, actor, self.query.clone()).await?;
        let after = after.and_then(Cursor::at);
        let after = after.map(|(created_at, id)| Position { created_at, id: MessageId(id) });
        messages::page(app, actor, &filter, after, limit).await
    }

    fn cursor(message: &Message) -> Cursor {
        Cursor::At(message.created_at, message.id.0)
    }

    fn address(&self) -> String {
        "/messages".to_owned()
    }

    fn fields(&self, query: &ListQuery) -> Vec<Field> {
        let mut status = Field::choice("status", "Status", &[("", "Any status")]);
        status.choices.extend(Status::ALL.map(|status| {
            let word = status.as_str();
            Choice::new(word, sentence(word).trim_end_matches('.'))
        }));
        let mut fields: Vec<Field> = self.ground.choice(query).into_iter().collect();
        fields.push(status);
        fields.extend(Ground::days());
        fields
    }

    fn none_yet(&self) -> Empty {
        let text = "When an agent takes a call for you, the message appears here at once, and is \
                    sent to whoever should have it.";
        Empty::new("inbox", "No messages yet", text)
    }

    fn none_fits(&self, _: &ListQuery) -> Empty {
        let text = "Try fewer filters, another date range, or one word of what was said.";
        Empty::new("search", "No message fits", text).with_action("/messages", "Clear the filters")
    }
}

/// The answers to the account's own questions, a line each.
fn details(message: &Message) -> String {
    let custom = message.answers.custom().filter(|(_, text)| !text.is_empty());
    let lines: Vec<String> =
        custom.map(|(name, text)| format!("{}: {text}", humanised(name))).collect();
    lines.join("\n")
}

impl Messages {
    /// What an address asks for.
    pub(crate) fn asked(ground: Ground, query: &mut ListQuery) -> Self {
        let account_numbers = query.account(&ground.accounts);
        let status = query.one_of("status", Status::parse, "must be one of the list");
        let read = |text: &str| text.parse().ok();
        let read = query.one_of("read", read, "must be true or false");
        let text = query.sought();
        let (from, to) = query.days();
        let query = MessageQuery {
            account_numbers,
            from,
            to,
            status,
            read,
            text,
            ..MessageQuery::default()
        };
        Messages { ground, query }
    }

    /// The page, with a message opened.
    pub(crate) fn draw(
        mut frame: Frame,
        listing: &Listing<Self>,
        standing: &[DeliveryStanding],
        open: Option<MessageDetail>,
    ) -> SplitPage {
        let list = listing.frame(&mut frame.shell);
        let unread_only = listing.query.of("read") == "false";
        let read = |text| {
            let query = listing.query.first().with("read", text);
            format!("{}{}", list.address, query.query())
        };
        let id = open.as_ref().map(|open| open.detail.message.id);
        let row = |message| listing.list.row(&frame, message, standing, &list.kept, id);
        SplitPage {
            title: "Messages",
            one: "Message",
            older: "Older messages",
            search: "Search messages",
            parts: vec![("All", read(""), !unread_only), ("Unread", read("false"), unread_only)],
            hidden: unread_only.then_some(("read", "false")),
            action: None,
            rows: listing.rows.iter().map(row).collect(),
            choose: Empty::new(
                "mail-open",
                "Choose a message",
                "What the caller said, how to reach them, and what happened since stand here.",
            ),
            open: open.map(|open| OpenCard::Message(OpenMessage::draw(&frame, open))),
            list,
            shell: frame.shell,
        }
    }

    fn row(
        &self,
        frame: &Frame,
        message: &Message,
        standing: &[DeliveryStanding],
        kept: &str,
        open: Option<MessageId>,
    ) -> SplitRow {
        let (ground, of) = (&self.ground, message.account_id);
        let is_open = open == Some(message.id);
        let is_just_read = is_open && frame.actor.role == Role::Client;
        let its = standing.iter().filter(|standing| standing.message_id == message.id);
        let state = state(message.status, its.map(|it| (it.state, it.attempts)));
        let receiver = receiver(message);
        SplitRow {
            href: format!("/messages/{}{kept}", message.id),
            class: "",
            name: caller(message),
            age: ("", Cell::At(ground.moment(message.created_at, of))),
            line: first_line(&message.content).to_owned(),
            icon: "",
            detail: match ground.account(of) {
                Some(account) if ground.is_several() => {
                    format!("for {receiver} · {}", account.name)
                }
                _ => format!("for {receiver}"),
            },
            sign: Some(("", Cell::State(state))),
            is_unread: !message.read && !is_just_read,
            is_emergency: message.is_emergency,
            is_open,
        }
    }
}

/// `GET /messages`.
pub(crate) async fn list(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> PageResult {
    shown(&web, &visitor, query.as_deref(), None).await
}

/// `GET /messages/{id}`: the message, and on a desktop the list that it was opened from.
pub(crate) async fn open(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> PageResult {
    let message = messages::find(&web.app, &visitor.actor, MessageId(id)).await?;
    let is_looked_at = method == Method::GET && !headers.contains_key("sec-purpose");
    let reads = is_looked_at && visitor.actor.role == Role::Client;
    shown(&web, &visitor, query.as_deref(), Some((message, reads))).await
}

/// The list, with a message opened, which it may count as read from now on.
async fn shown(
    web: &Web,
    visitor: &SignedIn,
    query: Option<&str>,
    open: Option<(Message, bool)>,
) -> PageResult {
    let listing = Listing::<Messages>::load(web, visitor, 0, query).await?;
    let standing = deliveries::standing(&web.app, &visitor.actor, &listing.rows).await?;
    let open = match open {
        Some((message, reads)) => {
            if reads {
                mark_read(web, visitor, &message).await?;
            }
            Some(MessageDetail::load(web, visitor, message.id).await?)
        }
        None => None,
    };
    let frame = visitor.frame(web, Place::Messages).await?;
    let view = Messages::draw(frame, &listing, &standing, open);
    Ok(page(listing.status(), &view))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_named_at_once() {
        let wrong = "account_number=7&status=lost&read=maybe&q=a%00b&from_date=2025-02-30\
            &to_date=soon&cursor=x";
        let mut query = ListQuery::read(Some(wrong), Messages::NAMES);
        Messages::asked(Ground::sample(), &mut query);
        query.place(Messages::IS_TIMED);
        for name in ["account_number", "status", "read", "q", "from_date", "to_date", "cursor"] {
            assert!(query.fault(name).is_some(), "{name}");
        }
        let wrong = "from_date=2025-02-02&to_date=2025-02-01";
        let mut query = ListQuery::read(Some(wrong), Messages::NAMES);
        Messages::asked(Ground::sample(), &mut query);
        assert_eq!(query.fault("from_date"), Some("must not be after the day in “To”"));
    }
}
