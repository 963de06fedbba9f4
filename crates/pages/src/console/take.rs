//! Taking a message: the greeting, the account's form, and what an agent should know meanwhile.

use std::collections::HashMap;

use app::{Actor, Error, accounts, forms, live, messages, playbooks, work_queue as items};
use askama::Template;
use axum::extract::{Query, State as Held};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::live::LiveCall;
use domain::user::Right;
use domain::{
    Account, AccountId, CallId, DidId, Form, Instant, Invalid, Message, Playbook, WorkItem,
    WorkItemId, WorkState,
};
use web::Web;

use super::brief::{self, BriefMessage};
use super::call_card::{CallCard, EarlierMessages, NonMessage, earlier};
use super::question::Question;
use super::queue::{Queue, caller};
use super::saved::{self, SpokenClock};
use super::script::{self, Script, Voice};
use super::send_to::{self, OnCallNow, TypedSendTo};
use crate::session::{Fields, Frame, Id, PageError, Posted, SignedIn, page};
use crate::sitemap::Place;
use crate::ui::{Fact, Field, Flash, Shell, blame, phone};

/// `GET /console/accounts/{id}` (`did`, `caller_id`: what a switch knows of the call) →
/// `POST /console/accounts/{id}/messages`.
///
/// After a refusal the page comes back with status 422, what was typed, and `answered` set, so
/// that the browser's draft does not overwrite it.
#[derive(Debug, Clone, Template)]
#[template(path = "console/take.html")]
pub(crate) struct TakeMessage {
    /// The frame.
    pub(crate) shell: Shell,
    /// What to say first.
    pub(crate) greeting: String,
    /// The account beside the form.
    pub(crate) account: AccountCard,
    /// The form of the line that rings, section by section; posted as `answers[{name}]`.
    pub(crate) script: Script,
    /// `did_id` where there are several lines, `caller_id`, and `contact_id`: to whom it goes,
    /// where the form does not ask; the empty value means that nobody is told.
    pub(crate) around: Vec<Field>,
    /// The form's version, posted back as `form_id`; empty for the standard form.
    pub(crate) form_id: String,
    /// The only line, where there is no choice; posted as `did_id`.
    pub(crate) only_line: Option<String>,
    /// What is asked before what is written is left.
    pub(crate) question: Option<Question>,
    /// What else is wrong, above the form.
    pub(crate) error: Option<String>,
    /// The name under which the browser keeps the draft: `{user}-{account}`.
    pub(crate) draft: String,
    /// The form comes back with what was typed.
    pub(crate) answered: bool,
    /// A value that stays the same when the form is sent twice: posted as `once`.
    pub(crate) once: String,
    /// What goes with the form unseen: the call, and what the agent works.
    pub(crate) carried: Vec<(&'static str, String)>,
    /// The queue beside it.
    pub(crate) queue: Queue,
    /// The call that it is taken on.
    pub(crate) call: Option<CallCard>,
    /// What the caller left before.
    pub(crate) earlier: Option<EarlierMessages>,
    /// What the agent works, where it is a To Do: its page and title.
    pub(crate) works: Option<(String, String)>,
    /// Why a call may come to no message.
    pub(crate) nothing: Vec<NonMessage>,
    /// Who is on call in the account's rotations.
    pub(crate) on_call: Vec<OnCallNow>,
}

/// What an agent should know of the account.
#[derive(Debug, Clone)]
pub(crate) struct AccountCard {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Number, time there, lines.
    pub(crate) facts: Vec<Fact>,
    /// What the account wants agents to know, in its own lines; may be empty.
    pub(crate) notes: String,
    /// Its latest messages.
    pub(crate) recent: Vec<BriefMessage>,
}

/// What stands in the form: nothing yet, or what came with a refused one.
#[derive(Debug, Default)]
pub(crate) struct TypedMessage {
    answers: HashMap<String, String>,
    did_id: String,
    contact_id: String,
    caller_id: String,
    is_emergency: bool,
    once: String,
    send_to: TypedSendTo,
    call: Option<i64>,
    item: Option<i64>,
}

impl TypedMessage {
    /// What is known before anything is typed: from the call, or else from the address.
    pub(crate) fn first(
        once: String,
        book: &Playbook,
        told: &HashMap<String, String>,
        call: Option<&LiveCall>,
    ) -> Self {
        let told = |name: &str| told.get(name).map_or("", String::as_str);
        let did = call.map_or_else(
            || script::first_line(book, told("did")),
            |call| call.did_id.or_else(|| script::first_line(book, &call.did_number)),
        );
        let caller_id = call.map_or(told("caller_id"), |call| &call.from);
        let contact = book.contacts.first();
        Self {
            answers: HashMap::new(),
            did_id: did.map(|id| id.to_string()).unwrap_or_default(),
            contact_id: contact.map(|contact| contact.id.to_string()).unwrap_or_default(),
            caller_id: caller_id.to_owned(),
            is_emergency: false,
            once,
            send_to: TypedSendTo::default(),
            call: call.map(|call| call.id.0),
            item: told("item").parse().ok(),
        }
    }

    pub(crate) fn again(posted: &Fields) -> Self {
        Self {
            answers: script::answers(posted).into_iter().rev().collect(),
            did_id: posted.text("did_id").to_owned(),
            contact_id: posted.text("contact_id").to_owned(),
            caller_id: posted.text("caller_id").to_owned(),
            is_emergency: posted.is_ticked(script::EMERGENCY),
            once: posted.text("once").to_owned(),
            send_to: TypedSendTo::again(posted),
            call: posted.text("call_id").parse().ok(),
            item: posted.text("item_id").parse().ok(),
        }
    }
}

/// `GET /console/accounts/{id}`.
pub(crate) async fn show(
    visitor: SignedIn,
    Held(web): Held<Web>,
    Id(id): Id,
    Query(told): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    visitor.require(Right::TakeMessages)?;
    let book = playbooks::find(&web.app, &visitor.actor, AccountId(id)).await?;
    let id = told.get("call").and_then(|id| id.parse().ok());
    let call = call_of(&web, &visitor, book.account.id, id).await?;
    let typed = TypedMessage::first(web.app.entropy().uuid(), &book, &told, call.as_ref());
    let line = typed.did_id.parse().ok().map(DidId);
    let form = forms::of_line(&web.app, &visitor.actor, book.account.id, line).await?;
    let drawn = load(&web, &visitor, &book, &form, typed).await?;
    Ok(page(StatusCode::OK, &drawn))
}

/// The call of an account that somebody may see.
async fn call_of(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    id: Option<i64>,
) -> Result<Option<LiveCall>, PageError> {
    let Some(id) = id else { return Ok(None) };
    match live::find(&web.app, &visitor.actor, CallId(id)).await {
        Ok(call) => Ok(Some(call).filter(|call| call.account_id == account)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The item of the queue, about a To Do of an account, that somebody works.
async fn item_of(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    id: Option<i64>,
) -> Result<Option<WorkItem>, PageError> {
    let Some(id) = id else { return Ok(None) };
    match items::find(&web.app, &visitor.actor, WorkItemId(id)).await {
        Ok(item) => {
            let fits = item.account_id == account && item.run_id.is_some() && item.is_open();
            Ok(Some(item).filter(|_| fits))
        }
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The queue of somebody.
pub(crate) async fn queue(
    web: &Web,
    visitor: &SignedIn,
    at: Option<CallId>,
) -> Result<Queue, PageError> {
    let (actor, now) = (&visitor.actor, web.app.now());
    let snapshot = live::snapshot(&web.app, actor.tenant_id).await?.of(actor);
    Ok(Queue::of(&snapshot, actor, &visitor.csrf, at, now, &visitor.tenant.zone))
}

/// What a message is taken from: an account and its form, what is typed, and what goes with it.
pub(crate) struct Taking<'t> {
    /// The account and all that it send_to.
    pub(crate) book: &'t Playbook,
    /// The form of the line that rings.
    pub(crate) form: &'t Form,
    /// What stands in the form.
    pub(crate) typed: TypedMessage,
    /// The call that it is taken on.
    pub(crate) call: Option<LiveCall>,
    /// The To Do that the agent works.
    pub(crate) item: Option<WorkItem>,
    /// The account's latest messages.
    pub(crate) recent: Vec<Message>,
    /// What the caller left before; none where nobody knows the caller's number.
    pub(crate) earlier: Option<Vec<Message>>,
}

/// The page of an account's form, with all that belongs to what is typed.
async fn load(
    web: &Web,
    visitor: &SignedIn,
    book: &Playbook,
    form: &Form,
    typed: TypedMessage,
) -> Result<TakeMessage, PageError> {
    let (account, actor) = (&book.account, &visitor.actor);
    let call = call_of(web, visitor, account.id, typed.call).await?;
    let item = item_of(web, visitor, account.id, typed.item).await?;
    let recent = brief::of_account(web, actor, account).await?;
    let earlier = earlier(web, actor, account.id, &typed.caller_id).await?;
    let queue = queue(web, visitor, call.as_ref().map(|call| call.id)).await?;
    let frame = visitor.frame(web, Place::Console).await?;
    let taking = Taking { book, form, typed, call, item, recent, earlier };
    Ok(TakeMessage::draw(frame, queue, taking))
}

impl TakeMessage {
    /// The page of a message that is taken now.
    pub(crate) fn draw(frame: Frame, queue: Queue, taking: Taking<'_>) -> Self {
        let Frame { shell, actor, zone, now } = frame;
        let Taking { book, form, typed, call, item, recent, earlier } = taking;
        let account = &book.account;
        let clock = SpokenClock { now, zone: &account.zone, reader: &zone };
        let briefs = |messages: Vec<Message>| BriefMessage::all(&messages, now, &account.zone);
        let only_line = book.lines.len() == 1 && book.lines[0].id.to_string() == typed.did_id;
        let shown_line = if only_line { "" } else { &typed.did_id };
        let people = send_to::recipients(book, &clock);
        let voice = Voice::new(account, &actor.name, now);
        let script = Script::for_agents(form, &typed.answers, &voice, &people, typed.is_emergency);
        let contact = &typed.contact_id;
        let mut around = script::around(book, form, shown_line, people, contact, &typed.caller_id);
        around.extend(send_to::fields(book, &typed.send_to));
        let mut carried = Vec::new();
        carried.extend(call.as_ref().map(|call| ("call_id", call.id.to_string())));
        carried.extend(item.as_ref().map(|item| ("item_id", item.id.to_string())));
        TakeMessage {
            shell,
            greeting: greeting(account, &actor),
            account: AccountCard::of(book, briefs(recent), now),
            script,
            around,
            form_id: form.id.map(|id| id.to_string()).unwrap_or_default(),
            only_line: only_line.then_some(typed.did_id),
            question: None,
            error: None,
            draft: draft(&actor, &draft_key(account.id, call.as_ref().map(|call| call.id))),
            answered: false,
            once: typed.once,
            carried,
            queue,
            earlier: earlier.map(|messages| EarlierMessages {
                from: caller(&typed.caller_id),
                messages: briefs(messages),
            }),
            call: call.map(|call| CallCard::of(&call, actor.user_id, &book.contacts, &clock)),
            works: item.map(|item| (format!("/console/items/{}", item.id), item.title)),
            nothing: NonMessage::all(),
            on_call: send_to::on_call(book, &clock),
        }
    }

    /// The same after it was refused, each fault beside its field.
    pub(crate) fn refused(mut self, form: &Form, faults: &Invalid) -> Self {
        let fields = self.script.fields_mut().chain(&mut self.around);
        let others = blame(fields, faults, |path| script::control(form, path));
        self.error = Some(script::summary(faults, &others));
        self
    }

    /// The same with a question above the form.
    pub(crate) fn asking(mut self, question: Question) -> Self {
        self.script.fields_mut().for_each(|field| field.focused = false);
        self.question = Some(question);
        self
    }
}

/// The name of somebody's draft.
pub(crate) fn draft(actor: &Actor, key: &str) -> String {
    format!("{}-{key}", actor.user_id)
}

/// What tells a draft from the agent's others: each call of an account has its own.
pub(crate) fn draft_key(account: AccountId, call: Option<CallId>) -> String {
    match call {
        Some(call) => format!("{account}-{call}"),
        None => account.to_string(),
    }
}

fn greeting(account: &Account, actor: &Actor) -> String {
    match account.greeting.trim() {
        "" => format!("{}, this is {}. How may I help you?", account.name, actor.name),
        greeting => greeting.replace("{agent}", &actor.name),
    }
}

impl AccountCard {
    fn of(book: &Playbook, recent: Vec<BriefMessage>, now: Instant) -> Self {
        let account = &book.account;
        let mut facts = vec![
            Fact::new("Number", &account.number),
            Fact::new("Time there", &account.zone.portal(now).to_string()),
        ];
        let line = |did: &domain::Did| format!("{} {}", phone(&did.number), did.label);
        let lines: Vec<String> = book.lines_by_number().into_iter().map(line).collect();
        if !lines.is_empty() {
            facts.push(Fact::new("Lines", &lines.join("\n")));
        }
        AccountCard {
            id: account.id.to_string(),
            name: account.name.clone(),
            facts,
            notes: account.facts.trim().to_owned(),
            recent,
        }
    }
}

/// `POST /console/accounts/{id}/messages`.
pub(crate) async fn save(
    Held(web): Held<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::TakeMessages)?;
    let (account, actor) = (AccountId(id), &visitor.actor);
    let mut entry = script::entry(&fields);
    let send_to = TypedSendTo::again(&fields);
    send_to.choose(&mut entry);
    let (item, now) = (entry.item_id, web.app.now());
    let saving = async {
        let zone = accounts::find(&web.app, actor, account).await?.zone;
        if send_to.names_a_time() {
            send_to.hold(&mut entry, &zone, now);
        }
        Ok((messages::take(&web.app, actor, account, entry).await?, zone))
    };
    match saving.await {
        Ok((messages::SavedMessage { message, consequence }, zone)) => {
            let clock = SpokenClock { now, zone: &zone, reader: &visitor.tenant.zone };
            let said = saved::sentence(&consequence, &clock);
            let to_do = to_do_saved(&web, actor, item).await?;
            let flash = Flash::done(&format!("{said}{to_do}"));
            let flash = flash.with_link(&format!("/messages/{}", message.id), "Open it");
            let path = format!("/console?saved={}", draft_key(account, message.call_id));
            Ok(visitor.sent_to(&web, &path, &flash))
        }
        Err(Error::Invalid(faults)) => refused(&web, &visitor, account, &fields, &faults).await,
        Err(error @ (Error::Unavailable(_) | Error::Full(_) | Error::Fault(_))) => {
            let lost = PageError::from(error).into_response();
            Ok(kept(&web, &visitor, account, &fields, lost.status()).await.unwrap_or(lost))
        }
        Err(error) => Err(error.into()),
    }
}

/// The form with what was typed, each fault beside its field.
pub(crate) async fn refused(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    posted: &Fields,
    faults: &Invalid,
) -> Result<Response, PageError> {
    let (drawn, form) = again(web, visitor, account, posted).await?;
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn.refused(&form, faults)))
}

/// The form with what was typed, and a question above it.
pub(crate) async fn ask(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    posted: &Fields,
    question: Question,
) -> Result<Response, PageError> {
    visitor.require(Right::TakeMessages)?;
    let (drawn, _) = again(web, visitor, account, posted).await?;
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn.asking(question)))
}

/// The form with what was typed, when it was sound but could not be saved just now.
async fn kept(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    posted: &Fields,
    status: StatusCode,
) -> Result<Response, PageError> {
    let (mut drawn, _) = again(web, visitor, account, posted).await?;
    let text = "It could not be saved just now. Nothing you typed is lost: try again in a moment.";
    drawn.error = Some(text.to_owned());
    Ok(page(status, &drawn))
}

async fn again(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    posted: &Fields,
) -> Result<(TakeMessage, Form), PageError> {
    let book = playbooks::find(&web.app, &visitor.actor, account).await?;
    let form = match script::entry(posted).form_id {
        Some(id) => forms::form(&web.app, &visitor.actor, id).await?,
        None => Form::standard(account, book.account.created_at),
    };
    let mut drawn = load(web, visitor, &book, &form, TypedMessage::again(posted)).await?;
    drawn.answered = true;
    Ok((drawn, form))
}

/// What became of the To Do that a message was taken from, in a sentence after another.
async fn to_do_saved(
    web: &Web,
    actor: &Actor,
    item: Option<WorkItemId>,
) -> Result<String, PageError> {
    let Some(id) = item else { return Ok(String::new()) };
    let said = match items::find(&web.app, actor, id).await {
        Ok(item) => match item.state {
            WorkState::Done { by: Some(by), .. } if by == actor.user_id => {
                " The To Do is done.".to_owned()
            }
            WorkState::Claimed { name, .. } => format!(" The To Do stays with {name}."),
            WorkState::Open | WorkState::Done { .. } => String::new(),
        },
        Err(Error::NotFound) => String::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(said)
}
