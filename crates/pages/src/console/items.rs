//! An item of the work queue: what waits, what was tried, and what an agent may do about it.

use app::messages::{self, MessageHistory};
use app::work_queue::{self, ClaimOutcome};
use app::{Actor, Error, to_dos};
use askama::Template;
use axum::extract::State as Held;
use axum::http::StatusCode;
use axum::response::Response;
use domain::message::{Update, check_text};
use domain::user::Right;
use domain::{
    Account, Channel, Contact, Instant, Invalid, ToDo, WorkItem, WorkItemId, WorkKind, WorkState,
    Zone, limits,
};
use web::Web;

use super::brief::BriefMessage;
use super::calls::warned;
use super::queue::{Queue, Timer, named};
use super::take::queue;
use crate::messages::words::delivery_state;
use crate::session::{Frame, Id, PageError, Posted, SignedIn, page};
use crate::sitemap::Place;
use crate::ui::{Fact, Flash, Moment, Shell, State, phone};

/// How long a To Do rests after nobody answered, where the agent does not say, in minutes.
const AGAIN_MINUTES: i64 = 15;

/// `GET /console/items/{id}` and the forms on it.
#[derive(Debug, Clone, Template)]
#[template(path = "console/item.html")]
pub(crate) struct ItemPage {
    /// The frame.
    pub(crate) shell: Shell,
    /// The queue beside it.
    pub(crate) queue: Queue,
    /// Its number.
    pub(crate) id: String,
    /// `dispatch`, `question`, `to_do` or `notice`.
    pub(crate) kind: &'static str,
    /// "To dispatch".
    pub(crate) kind_title: &'static str,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// What is to be done.
    pub(crate) title: String,
    /// What explains it, line breaks kept.
    pub(crate) detail: String,
    /// It goes before the others.
    pub(crate) is_urgent: bool,
    /// Its age.
    pub(crate) since: Timer,
    /// Whether nobody is at it.
    pub(crate) is_open: bool,
    /// Whether the reader is at it.
    pub(crate) is_mine: bool,
    /// The agent who is at it, or empty.
    pub(crate) with: String,
    /// What came of it, where it is done.
    pub(crate) outcome: Option<String>,
    /// The account: its console page and name.
    pub(crate) account: (String, String),
    /// The message that it is about.
    pub(crate) message: Option<AboutMessage>,
    /// The To Do that it is about.
    pub(crate) to_do: Option<AboutToDo>,
    /// What was wrong with a form that was sent.
    pub(crate) error: Option<String>,
}

/// The message of an item.
#[derive(Debug, Clone)]
pub(crate) struct AboutMessage {
    /// Its number.
    pub(crate) id: String,
    /// Who called, what was said, where it stands.
    pub(crate) brief: BriefMessage,
    /// What was said, line breaks kept.
    pub(crate) content: String,
    /// Whom it is for and how to reach the caller.
    pub(crate) facts: Vec<Fact>,
    /// What was sent for it.
    pub(crate) sent: Vec<SentLine>,
    /// Nobody has acknowledged or closed it.
    pub(crate) is_unsettled: bool,
}

/// Something that was sent to reach somebody.
#[derive(Debug, Clone)]
pub(crate) struct SentLine {
    /// "E-mail to Jane Hart (jane@law.example)".
    pub(crate) what: String,
    /// Where it stands.
    pub(crate) state: State,
    /// Why, or empty: "the mailbox is full".
    pub(crate) why: String,
    /// When it was tried last.
    pub(crate) at: Moment,
}

/// The To Do of an item.
#[derive(Debug, Clone)]
pub(crate) struct AboutToDo {
    /// Its page.
    pub(crate) href: String,
    /// What the agent is to do.
    pub(crate) instructions: String,
    /// What is to be said.
    pub(crate) text: String,
    /// Whom to call, and when it was due.
    pub(crate) facts: Vec<Fact>,
    /// The page on which a message is taken from it.
    pub(crate) take: String,
}

/// `GET /console/items/{id}`.
pub(crate) async fn show(
    visitor: SignedIn,
    Held(web): Held<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    let drawn = load(&web, &visitor, WorkItemId(id)).await?;
    Ok(page(StatusCode::OK, &drawn))
}

/// What an item is about.
pub(crate) struct Subject {
    /// The account.
    pub(crate) account: Account,
    /// The message.
    pub(crate) message: Option<MessageHistory>,
    /// The To Do, and the account's directory.
    pub(crate) to_do: Option<(ToDo, Vec<Contact>)>,
}

async fn load(web: &Web, visitor: &SignedIn, id: WorkItemId) -> Result<ItemPage, PageError> {
    let actor = &visitor.actor;
    let item = work_queue::find(&web.app, actor, id).await?;
    let message = match item.message_id {
        Some(message) => Some(messages::detail(&web.app, actor, message).await?),
        None => None,
    };
    let subject = Subject {
        account: app::accounts::find(&web.app, actor, item.account_id).await?,
        message,
        to_do: to_do_of(web, actor, &item).await?,
    };
    let frame = visitor.frame(web, Place::Console).await?;
    Ok(ItemPage::draw(frame, queue(web, visitor, None).await?, &item, subject))
}

/// The To Do of an item, unless it was deleted meanwhile.
async fn to_do_of(
    web: &Web,
    actor: &Actor,
    item: &WorkItem,
) -> Result<Option<(ToDo, Vec<Contact>)>, PageError> {
    let Some(run) = item.run_id else { return Ok(None) };
    let to_do = match to_dos::of_run(&web.app, actor, run).await {
        Ok(standing) => standing.to_do,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let book = app::playbooks::find(&web.app, actor, to_do.account_id).await?;
    Ok(Some((to_do, book.contacts.clone())))
}

impl ItemPage {
    /// The page of an item as it stands.
    pub(crate) fn draw(frame: Frame, queue: Queue, item: &WorkItem, subject: Subject) -> Self {
        let Frame { shell, actor, zone, now } = frame;
        let Subject { account, message, to_do } = subject;
        let (kind_title, icon) = named(item.kind);
        let (with, outcome) = match &item.state {
            WorkState::Open => (String::new(), None),
            WorkState::Claimed { name, .. } => (name.clone(), None),
            WorkState::Done { outcome, .. } => (String::new(), Some(outcome.clone())),
        };
        ItemPage {
            shell,
            queue,
            id: item.id.to_string(),
            kind: item.kind.as_str(),
            kind_title,
            icon,
            title: item.title.clone(),
            detail: item.detail.clone(),
            is_urgent: item.is_urgent,
            since: Timer::at(item.created_at, now, &zone),
            is_open: item.state == WorkState::Open,
            is_mine: item.is_claimed_by(actor.user_id),
            with,
            outcome,
            account: (format!("/console/accounts/{}", account.id), account.name.clone()),
            message: message.map(|detail| AboutMessage::of(&detail, now, &account.zone)),
            to_do: to_do.map(|(to_do, people)| AboutToDo::of(item, to_do, &people, &account.zone)),
            error: None,
        }
    }

    /// Whether it is about a To Do.
    pub(crate) fn is_to_do(&self) -> bool {
        self.kind == WorkKind::ToDo.as_str()
    }
}

impl AboutMessage {
    fn of(detail: &MessageHistory, now: Instant, zone: &Zone) -> Self {
        let message = &detail.message;
        let number = |text: &String| if text.is_empty() { String::new() } else { phone(text) };
        let known = [
            ("For", message.receiver_name.clone()),
            ("Callback", number(&message.phone)),
            ("Phone number", number(&message.phone_number)),
            ("Caller ID", number(&message.caller_id)),
            ("E-mail", message.email.clone()),
        ];
        let facts = known.iter().filter(|(_, text)| !text.is_empty());
        let sent = detail.deliveries.iter().map(|(delivery, attempts)| {
            let (noun, address) = (channel(delivery.channel), phone(&delivery.address));
            let at = attempts.last().map_or(delivery.updated_at, |attempt| attempt.started_at);
            SentLine {
                what: match delivery.recipient.as_str() {
                    "" => format!("{noun} to {address}"),
                    name => format!("{noun} to {name} ({address})"),
                },
                state: delivery_state(delivery.state, delivery.attempts),
                why: delivery.detail.clone(),
                at: Moment::at(at, now, zone),
            }
        });
        AboutMessage {
            id: message.id.to_string(),
            brief: BriefMessage::of(message, now, zone),
            content: message.content.clone(),
            facts: facts.map(|(label, text)| Fact::new(label, text)).collect(),
            sent: sent.collect(),
            is_unsettled: !message.status.is_settled(),
        }
    }
}

/// What a channel is called at the beginning of a sentence.
fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "E-mail",
        Channel::Sms => "Text",
        Channel::Call => "Call",
    }
}

impl AboutToDo {
    fn of(item: &WorkItem, to_do: ToDo, people: &[Contact], zone: &Zone) -> Self {
        let mut facts = vec![Fact::new("Call", &phone(&to_do.contact))];
        let person = people.iter().find(|contact| {
            let is_named = contact.name.trim().eq_ignore_ascii_case(to_do.contact.trim());
            is_named && !contact.phone.is_empty()
        });
        if let Some(person) = person {
            facts.push(Fact::new("Number", &phone(&person.phone)));
        }
        facts.push(Fact::new("Due", &zone.portal(item.created_at).to_string()));
        AboutToDo {
            href: format!("/to-dos/{}", to_do.id),
            take: format!("/console/accounts/{}?item={}", to_do.account_id, item.id),
            instructions: to_do.instructions.unwrap_or_default(),
            text: to_do.message_text,
            facts,
        }
    }
}

/// `POST /console/items/{id}/claim`.
pub(crate) async fn claim(
    Held(web): Held<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    let flash = match work_queue::claim(&web.app, &visitor.actor, WorkItemId(id)).await? {
        ClaimOutcome::Won => Flash::done("It is yours. Others see that."),
        ClaimOutcome::Lost(name) => warned(&format!("{name} was faster and is at it.")),
        ClaimOutcome::Over => warned("It is done already."),
    };
    Ok(visitor.sent_to(&web, &format!("/console/items/{id}"), &flash))
}

/// `POST /console/items/{id}/release`.
pub(crate) async fn release(
    Held(web): Held<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    work_queue::release(&web.app, &visitor.actor, WorkItemId(id)).await?;
    let flash = Flash::done("It is back in the queue for everybody.");
    Ok(visitor.sent_to(&web, "/console", &flash))
}

/// `POST /console/items/{id}/again`: nobody answered; it comes back later (`minutes`).
pub(crate) async fn again(
    Held(web): Held<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let id = WorkItemId(id);
    let minutes = match fields.text("minutes") {
        "" => AGAIN_MINUTES,
        text => text.parse().unwrap_or(0),
    };
    work_queue::find(&web.app, &visitor.actor, id).await?;
    if !(1..=24 * 60).contains(&minutes) {
        return refused(&web, &visitor, id, "Minutes must be a whole number from 1 to 1440.").await;
    }
    let until = web.app.now().plus_ms(minutes * limits::MINUTE_MS);
    work_queue::postpone(&web.app, &visitor.actor, id, until).await?;
    let flash = Flash::done(&format!("It comes back in {minutes} min."));
    Ok(visitor.sent_to(&web, "/console", &flash))
}

/// `POST /console/items/{id}/done` (`outcome`).
pub(crate) async fn done(
    Held(web): Held<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let id = WorkItemId(id);
    let could_not = fields.is_ticked("could_not");
    let ended = match could_not {
        true => work_queue::give_up(&web.app, &visitor.actor, id, fields.text("outcome")).await,
        false => work_queue::finish(&web.app, &visitor.actor, id, fields.text("outcome")).await,
    };
    match ended {
        Ok(item) => {
            let flash = Flash::done(&format!("Done: {}", item.title));
            Ok(visitor.sent_to(&web, "/console", &flash))
        }
        Err(Error::Invalid(faults)) => refused(&web, &visitor, id, &sentence(&faults)).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /console/items/{id}/reached` (`who`, `how`): somebody took charge by phone. The message is
/// acknowledged, and the item done.
pub(crate) async fn reached(
    Held(web): Held<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let id = WorkItemId(id);
    let item = work_queue::find(&web.app, &visitor.actor, id).await?;
    let who = fields.text("who").trim();
    match work_queue::reached(&web.app, &visitor.actor, item.id, who).await {
        Ok(_) => {}
        Err(Error::Invalid(faults)) => {
            return refused(&web, &visitor, id, &sentence(&faults)).await;
        }
        Err(error) => return Err(error.into()),
    }
    let flash = Flash::done(&format!("{who} was reached, and the message is acknowledged."));
    Ok(visitor.sent_to(&web, "/console", &flash))
}

/// A message's note with one more line; `None` where it has no room for it.
fn note_with(note: &str, line: &str) -> Option<String> {
    let note = if note.is_empty() { line.to_owned() } else { format!("{note}\n{line}") };
    (note.len() <= limits::TEXT_BYTES).then_some(note)
}

/// `POST /console/items/{id}/note` (`note`): one more line of the message's note.
pub(crate) async fn note(
    Held(web): Held<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let id = WorkItemId(id);
    let item = work_queue::find(&web.app, &visitor.actor, id).await?;
    let text = fields.text("note").trim();
    let Some(message) = item.message_id.filter(|_| !text.is_empty()) else {
        return refused(&web, &visitor, id, "There is nothing to note.").await;
    };
    let found = messages::find(&web.app, &visitor.actor, message).await?;
    let line = format!("{}: {text}", visitor.actor.name);
    let note = note_with(&found.note, &line);
    let mut invalid = Invalid::new();
    check_text(&mut invalid, "note", note.as_deref().unwrap_or(&line));
    if note.is_none() || !invalid.is_empty() {
        return refused(&web, &visitor, id, "The note cannot be kept: it is too long.").await;
    }
    let update = Update { note, ..Update::default() };
    messages::update(&web.app, &visitor.actor, message, &update, None).await?;
    let flash = Flash::done("Noted on the message.");
    Ok(visitor.sent_to(&web, &format!("/console/items/{id}"), &flash))
}

fn sentence(faults: &Invalid) -> String {
    let rules: Vec<String> = faults.faults().map(|(_, rule)| format!("It {rule}.")).collect();
    rules.join(" ")
}

/// The page again, with what was wrong.
async fn refused(
    web: &Web,
    visitor: &SignedIn,
    id: WorkItemId,
    error: &str,
) -> Result<Response, PageError> {
    visitor.require(Right::TakeMessages)?;
    let mut drawn = load(web, visitor, id).await?;
    drawn.error = Some(error.to_owned());
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
}
