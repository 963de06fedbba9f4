//! An item of the work queue: what waits, what was tried, and what an agent may do about it.

use app::messages::{self, MessageHistory};
use app::to_dos::{self, ScheduledToDo};
use app::work_queue::{self, ClaimOutcome};
use app::{Actor, Error};
use askama::Template;
use axum::extract::State as Held;
use axum::http::StatusCode;
use domain::message::{Update, check_text};
use domain::{
    Account, Attempt, Channel, Contact, Delivery, Invalid, Message, ToDo, WorkItem, WorkItemId,
    WorkKind, WorkState, limits,
};
use web::Web;

use super::queue::Queue;
use crate::messages::Clock;
use crate::messages::words::delivery_state;
use crate::session::{Frame, Id, PageError, PageResult, Posted, SignedIn, if_found, page};
use crate::sitemap::Place;
use crate::ui::{Fact, Flash, Moment, Shell, State, phone};

/// How long a To Do rests after nobody answered, where the agent does not say, in minutes.
const AGAIN_MINUTES: i64 = 15;

/// `GET /console/items/{id}` and the forms on it.
#[derive(Debug, Clone, Template)]
#[template(path = "console/item.html")]
pub(crate) struct ItemPage {
    pub(crate) shell: Shell,
    queue: Queue,
    item: WorkItem,
    subject: ItemSubject,
    /// What was wrong with a form that was sent.
    pub(crate) error: Option<String>,
}

/// What an item is about.
#[derive(Debug, Clone)]
pub(crate) struct ItemSubject {
    pub(crate) account: Account,
    pub(crate) message: Option<MessageHistory>,
    /// The To Do, and the account's directory.
    pub(crate) to_do: Option<(ToDo, Vec<Contact>)>,
}

/// `GET /console/items/{id}`.
pub(crate) async fn show(visitor: SignedIn, Held(web): Held<Web>, Id(id): Id) -> PageResult {
    let drawn = load(&web, &visitor, WorkItemId(id)).await?;
    Ok(page(StatusCode::OK, &drawn))
}

async fn load(web: &Web, visitor: &SignedIn, id: WorkItemId) -> Result<ItemPage, PageError> {
    let actor = &visitor.actor;
    let item = work_queue::find(&web.app, actor, id).await?;
    let message = match item.message_id {
        Some(message) => Some(messages::detail(&web.app, actor, message).await?),
        None => None,
    };
    let subject = ItemSubject {
        account: app::accounts::find(&web.app, actor, item.account_id).await?,
        message,
        to_do: to_do_of(web, actor, &item).await?,
    };
    let frame = visitor.frame(web, Place::Console).await?;
    Ok(ItemPage::draw(frame, Queue::load(web, visitor, None).await?, item, subject))
}

/// The To Do of an item, unless it was deleted meanwhile.
async fn to_do_of(
    web: &Web,
    actor: &Actor,
    item: &WorkItem,
) -> app::Result<Option<(ToDo, Vec<Contact>)>> {
    let Some(run) = item.run_id else { return Ok(None) };
    let found = if_found(to_dos::of_run(&web.app, actor, run).await)?;
    let Some(ScheduledToDo { to_do, .. }) = found else { return Ok(None) };
    let book = app::playbooks::find(&web.app, actor, to_do.account_id).await?;
    Ok(Some((to_do, book.contacts.clone())))
}

impl ItemPage {
    /// The page of an item as it stands.
    pub(crate) fn draw(frame: Frame, queue: Queue, item: WorkItem, subject: ItemSubject) -> Self {
        ItemPage { shell: frame.shell, queue, item, subject, error: None }
    }

    fn is_to_do(&self) -> bool {
        self.item.kind == WorkKind::ToDo
    }

    fn is_mine(&self) -> bool {
        self.item.is_claimed_by(self.queue.reader.user_id)
    }

    /// The agent who is at it, or empty.
    fn with(&self) -> &str {
        if let WorkState::Claimed { name, .. } = &self.item.state { name } else { "" }
    }

    fn outcome(&self) -> Option<&str> {
        match &self.item.state {
            WorkState::Done { outcome, .. } => Some(outcome),
            _ => None,
        }
    }

    fn clock(&self) -> Clock {
        Clock::of(&self.subject.account, self.queue.now)
    }

    /// Whom the message is for and how to reach the caller.
    fn known(&self, message: &Message) -> Vec<Fact> {
        let number = |text: &String| if text.is_empty() { String::new() } else { phone(text) };
        Fact::filled([
            ("For", message.receiver_name.clone()),
            ("Callback", number(&message.phone)),
            ("Phone number", number(&message.phone_number)),
            ("Caller ID", number(&message.caller_id)),
            ("E-mail", message.email.clone()),
        ])
    }

    /// "E-mail to Jane Hart (jane@law.example)".
    fn sent(&self, delivery: &Delivery) -> String {
        let (noun, address) = (channel(delivery.channel), phone(&delivery.address));
        match delivery.recipient.as_str() {
            "" => format!("{noun} to {address}"),
            name => format!("{noun} to {name} ({address})"),
        }
    }

    fn stands(&self, delivery: &Delivery) -> State {
        delivery_state(delivery.state, delivery.attempts)
    }

    fn tried_at(&self, delivery: &Delivery, attempts: &[Attempt]) -> Moment {
        let last = attempts.last().map_or(delivery.updated_at, |attempt| attempt.started_at);
        self.clock().at(last)
    }

    /// Whom a To Do calls, and when it was due.
    fn to_call(&self, to_do: &ToDo, people: &[Contact]) -> Vec<Fact> {
        let name = to_do.contact.trim();
        let named = people.iter().filter(|it| it.name.trim().eq_ignore_ascii_case(name));
        let number = named.map(|it| it.phone.as_str()).find(|phone| !phone.is_empty());
        Fact::filled([
            ("Call", phone(&to_do.contact)),
            ("Number", number.map(phone).unwrap_or_default()),
            ("Due", self.subject.account.zone.portal(self.item.created_at).to_string()),
        ])
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

/// `POST /console/items/{id}/claim`.
pub(crate) async fn claim(Held(web): Held<Web>, Id(id): Id, form: Posted) -> PageResult {
    let visitor = form.visitor;
    let flash = match work_queue::claim(&web.app, &visitor.actor, WorkItemId(id)).await? {
        ClaimOutcome::Won => Flash::done("It is yours. Others see that."),
        ClaimOutcome::Lost(name) => Flash::warning(&format!("{name} was faster and is at it.")),
        ClaimOutcome::Over => Flash::warning("It is done already."),
    };
    Ok(visitor.sent_to(&web, &format!("/console/items/{id}"), &flash))
}

/// `POST /console/items/{id}/release`.
pub(crate) async fn release(Held(web): Held<Web>, Id(id): Id, form: Posted) -> PageResult {
    work_queue::release(&web.app, &form.visitor.actor, WorkItemId(id)).await?;
    Ok(form.visitor.done(&web, "/console", "It is back in the queue for everybody."))
}

/// `POST /console/items/{id}/again`: nobody answered; it comes back later (`minutes`).
pub(crate) async fn again(Held(web): Held<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
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
    Ok(visitor.done(&web, "/console", &format!("It comes back in {minutes} min.")))
}

/// `POST /console/items/{id}/done` (`outcome`, `could_not`).
pub(crate) async fn done(Held(web): Held<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let (id, outcome) = (WorkItemId(id), fields.text("outcome"));
    let ended = match fields.is_ticked("could_not") {
        true => work_queue::give_up(&web.app, &visitor.actor, id, outcome).await,
        false => work_queue::finish(&web.app, &visitor.actor, id, outcome).await,
    };
    answered(&web, &visitor, id, ended.map(|item| format!("Done: {}", item.title))).await
}

/// `POST /console/items/{id}/reached` (`who`): somebody took charge by phone. The message is
/// acknowledged, and the item done.
pub(crate) async fn reached(Held(web): Held<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let (id, who) = (WorkItemId(id), fields.text("who").trim());
    let reached = work_queue::reached(&web.app, &visitor.actor, id, who).await;
    let said = format!("{who} was reached, and the message is acknowledged.");
    answered(&web, &visitor, id, reached.map(|_| said)).await
}

/// Back to the queue, which says what was done; or the page again, with what was wrong.
async fn answered(
    web: &Web,
    visitor: &SignedIn,
    id: WorkItemId,
    done: app::Result<String>,
) -> PageResult {
    match done {
        Ok(said) => Ok(visitor.done(web, "/console", &said)),
        Err(Error::Invalid(faults)) => refused(web, visitor, id, &sentence(&faults)).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /console/items/{id}/note` (`note`): one more line of the message's note.
pub(crate) async fn note(Held(web): Held<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
    let id = WorkItemId(id);
    let item = work_queue::find(&web.app, &visitor.actor, id).await?;
    let text = fields.text("note").trim();
    let Some(message) = item.message_id.filter(|_| !text.is_empty()) else {
        return refused(&web, &visitor, id, "There is nothing to note.").await;
    };
    let before = messages::find(&web.app, &visitor.actor, message).await?.note;
    let line = format!("{}: {text}", visitor.actor.name);
    let note = if before.is_empty() { line } else { format!("{before}\n{line}") };
    let mut invalid = Invalid::new();
    check_text(&mut invalid, "note", &note);
    if !invalid.is_empty() {
        return refused(&web, &visitor, id, "The note cannot be kept: it is too long.").await;
    }
    let update = Update { note: Some(note), ..Update::default() };
    messages::update(&web.app, &visitor.actor, message, &update, None).await?;
    Ok(visitor.done(&web, &format!("/console/items/{id}"), "Noted on the message."))
}

fn sentence(faults: &Invalid) -> String {
    let rules: Vec<String> = faults.faults().map(|(_, rule)| format!("It {rule}.")).collect();
    rules.join(" ")
}

/// The page again, with what was wrong.
async fn refused(web: &Web, visitor: &SignedIn, id: WorkItemId, error: &str) -> PageResult {
    let mut drawn = load(web, visitor, id).await?;
    drawn.error = Some(error.to_owned());
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
}
