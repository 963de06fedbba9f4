//! Taking a message: the greeting, the account's form, and what an agent should know meanwhile.

use std::collections::HashMap;
use std::sync::Arc;

use app::{Actor, Error, accounts, forms, live, messages, playbooks, work_queue as items};
use askama::Template;
use axum::extract::{Query, State as Held};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::live::{LiveCall, NON_MESSAGES};
use domain::{
    AccountId, CallId, Channel, DidId, Form, FormId, Invalid, Message, Playbook, WorkItem,
    WorkItemId, WorkState,
};
use web::Web;

use super::brief;
use super::call_card::{self, earlier};
use super::draft::{draft, draft_key};
use super::question::Question;
use super::queue::{Queue, caller};
use super::saved::{self, SpokenClock};
use super::script::{self, AgentVoice, Script};
use super::send_to::{self, OnCallNow, TypedSendTo};
use crate::messages::Clock;
use crate::session::{Fields, Frame, Id, PageError, PageResult, Posted, SignedIn, if_found, page};
use crate::sitemap::Place;
use crate::ui::{Field, Flash, Shell, blame};

/// What is said above what was sound and could not be saved.
const NOT_NOW: &str =
    "It could not be saved just now. Nothing you typed is lost: try again in a moment.";

/// `GET /console/accounts/{id}` (`did`, `caller_id`: what a switch knows of the call) →
/// `POST /console/accounts/{id}/messages`.
///
/// After a refusal the page comes back with status 422, what was typed, and `answered` set, so
/// that the browser's draft does not overwrite it.
#[derive(Debug, Clone, Template)]
#[template(path = "console/take.html")]
pub(crate) struct TakeMessage {
    pub(crate) shell: Shell,
    reader: Actor,
    book: Arc<Playbook>,
    clock: Clock,
    /// The form of the line that rings, section by section; posted as `answers[{name}]`.
    pub(crate) script: Script,
    /// `did_id` where there are several lines, `caller_id`, and `contact_id`: to whom it goes,
    /// where the form does not ask; the empty value means that nobody is told.
    around: Vec<Field>,
    /// The form's version; none for the standard form.
    form_id: Option<FormId>,
    /// The only line, where there is no choice; posted as `did_id`.
    only_line: Option<String>,
    /// What is asked before what is written is left.
    question: Option<Question>,
    /// What else is wrong, above the form.
    error: Option<String>,
    /// The form comes back with what was typed.
    pub(crate) answered: bool,
    /// A value that stays the same when the form is sent twice.
    once: String,
    queue: Queue,
    /// The call that it is taken on.
    call: Option<LiveCall>,
    /// The To Do that the agent works.
    item: Option<WorkItem>,
    recent: Vec<Message>,
    /// What the caller left before, and the caller's number as a person reads it.
    earlier: Option<(String, Vec<Message>)>,
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
) -> PageResult {
    let book = playbooks::find(&web.app, &visitor.actor, AccountId(id)).await?;
    let id = told.get("call").and_then(|id| id.parse().ok());
    let call = call_of(&web, &visitor, book.account.id, id).await?;
    let typed = TypedMessage::first(web.app.entropy().uuid(), &book, &told, call.as_ref());
    let line = typed.did_id.parse().ok().map(DidId);
    let form = forms::of_line(&web.app, &visitor.actor, book.account.id, line).await?;
    let mut drawn = load(&web, &visitor, book, &form, typed).await?;
    let ends = call.filter(|call| told.contains_key("end") && drawn.is_open(call));
    if let Some(call) = ends {
        drawn = drawn.asking(Question::ending(call.id, false));
    }
    Ok(page(StatusCode::OK, &drawn))
}

/// The call of an account that somebody may see.
async fn call_of(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    id: Option<i64>,
) -> app::Result<Option<LiveCall>> {
    let Some(id) = id else { return Ok(None) };
    let call = if_found(live::find(&web.app, &visitor.actor, CallId(id)).await)?;
    Ok(call.filter(|call| call.account_id == account))
}

/// The item of the queue, about a To Do of an account, that somebody works.
async fn item_of(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    id: Option<i64>,
) -> app::Result<Option<WorkItem>> {
    let Some(id) = id else { return Ok(None) };
    let item = if_found(items::find(&web.app, &visitor.actor, WorkItemId(id)).await)?;
    Ok(item.filter(|it| it.account_id == account && it.run_id.is_some() && it.is_open()))
}

/// What a message is taken from: an account and its form, what is typed, and what goes with it.
pub(crate) struct TakeGround<'t> {
    pub(crate) book: Arc<Playbook>,
    /// The form of the line that rings.
    pub(crate) form: &'t Form,
    pub(crate) typed: TypedMessage,
    pub(crate) call: Option<LiveCall>,
    pub(crate) item: Option<WorkItem>,
    pub(crate) recent: Vec<Message>,
    /// What the caller left before; none where nobody knows the caller's number.
    pub(crate) earlier: Option<Vec<Message>>,
    /// The channels on which something is really sent.
    pub(crate) channels: Vec<Channel>,
}

/// The page of an account's form, with all that belongs to what is typed.
async fn load(
    web: &Web,
    visitor: &SignedIn,
    book: Arc<Playbook>,
    form: &Form,
    typed: TypedMessage,
) -> Result<TakeMessage, PageError> {
    let (account, actor) = (&book.account, &visitor.actor);
    let call = call_of(web, visitor, account.id, typed.call).await?;
    let item = item_of(web, visitor, account.id, typed.item).await?;
    let recent = brief::of_account(web, actor, account).await?;
    let earlier = earlier(web, actor, account.id, &typed.caller_id).await?;
    let queue = Queue::load(web, visitor, call.as_ref().map(|call| call.id)).await?;
    let frame = visitor.frame(web, Place::Console).await?;
    let channels = web.channels(&visitor.tenant);
    let taking = TakeGround { book, form, typed, call, item, recent, earlier, channels };
    Ok(TakeMessage::draw(frame, queue, taking))
}

impl TakeMessage {
    /// The page of a message that is taken now.
    pub(crate) fn draw(frame: Frame, queue: Queue, taking: TakeGround<'_>) -> Self {
        let Frame { shell, actor, zone, now } = frame;
        let TakeGround { book, form, typed, call, item, recent, earlier, channels } = taking;
        let account = &book.account;
        let clock = SpokenClock { now, zone: &account.zone, reader: &zone };
        let only_line = book.lines.len() == 1 && book.lines[0].id.to_string() == typed.did_id;
        let shown_line = if only_line { "" } else { &typed.did_id };
        let people = send_to::recipients(&book, &clock, &channels);
        let voice = AgentVoice::new(account, &actor.name, now);
        let script = Script::for_agents(form, &typed.answers, &voice, &people, typed.is_emergency);
        let contact = &typed.contact_id;
        let mut around = script::around(&book, form, shown_line, people, contact, &typed.caller_id);
        around.extend(send_to::fields(&book, &typed.send_to));
        TakeMessage {
            shell,
            reader: actor,
            clock: Clock::of(account, now),
            script,
            around,
            form_id: form.id,
            only_line: only_line.then_some(typed.did_id),
            question: None,
            error: None,
            answered: false,
            once: typed.once,
            queue,
            earlier: earlier.map(|messages| (caller(&typed.caller_id), messages)),
            call,
            item,
            recent,
            book,
        }
    }

    /// The name under which the browser keeps what is written.
    fn draft(&self) -> String {
        let call = self.call.as_ref().map(|call| call.id);
        draft(&self.reader, &draft_key(self.book.account.id, call))
    }

    fn is_open(&self, call: &LiveCall) -> bool {
        call_card::is_open(call, self.reader.user_id)
    }

    fn known_as(&self, call: &LiveCall) -> Option<String> {
        call_card::known_as(&self.book.contacts, &call.from)
    }

    fn on_call(&self) -> Vec<OnCallNow<'_>> {
        let Clock { now, zone } = &self.clock;
        let clock = SpokenClock { now: *now, zone, reader: &self.queue.zone };
        send_to::on_call(&self.book, &clock)
    }

    /// What to say first.
    fn greeting(&self) -> String {
        let (account, agent) = (&self.book.account, &self.reader.name);
        match account.greeting.trim() {
            "" => format!("{}, this is {agent}. How may I help you?", account.name),
            greeting => greeting.replace("{agent}", agent),
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
        self.script.unfocus();
        self.question = Some(question);
        self
    }
}

/// `POST /console/accounts/{id}/messages`.
pub(crate) async fn save(Held(web): Held<Web>, Id(id): Id, form: Posted) -> PageResult {
    let Posted { visitor, fields } = form;
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
            let said = saved::sentence(&consequence, &clock, &web.channels(&visitor.tenant));
            let to_do = to_do_saved(&web, actor, item).await?;
            let flash = Flash::done(&format!("{said}{to_do}"))
                .with_link(&format!("/messages/{}", message.id), "Open it");
            let path = format!("/console?saved={}", draft_key(account, message.call_id));
            Ok(visitor.sent_to(&web, &path, &flash))
        }
        Err(Error::Invalid(faults)) => refused(&web, &visitor, account, &fields, &faults).await,
        Err(error @ (Error::Unavailable(_) | Error::Full(_) | Error::Fault(_))) => {
            let lost = PageError::from(error).into_response();
            let kept = |page, _: &Form| TakeMessage { error: Some(NOT_NOW.to_owned()), ..page };
            let kept = again(&web, &visitor, account, &fields, lost.status(), kept).await;
            Ok(kept.unwrap_or(lost))
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
) -> PageResult {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    again(web, visitor, account, posted, status, |page, form| page.refused(form, faults)).await
}

/// The form with what was typed, and a question above it.
pub(crate) async fn ask(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    posted: &Fields,
    question: Question,
) -> PageResult {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    again(web, visitor, account, posted, status, |page, _| page.asking(question)).await
}

/// The form with what was typed, and what is said about it.
async fn again(
    web: &Web,
    visitor: &SignedIn,
    account: AccountId,
    posted: &Fields,
    status: StatusCode,
    said: impl FnOnce(TakeMessage, &Form) -> TakeMessage,
) -> PageResult {
    let book = playbooks::find(&web.app, &visitor.actor, account).await?;
    let form = match script::entry(posted).form_id {
        Some(id) => forms::form(&web.app, &visitor.actor, id).await?,
        None => Form::standard(account, book.account.created_at),
    };
    let mut drawn = load(web, visitor, book, &form, TypedMessage::again(posted)).await?;
    drawn.answered = true;
    Ok(page(status, &said(drawn, &form)))
}

/// What became of the To Do that a message was taken from, in a sentence after another.
async fn to_do_saved(web: &Web, actor: &Actor, item: Option<WorkItemId>) -> app::Result<String> {
    let Some(id) = item else { return Ok(String::new()) };
    let item = if_found(items::find(&web.app, actor, id).await)?;
    Ok(match item.map(|item| item.state) {
        Some(WorkState::Done { by: Some(by), .. }) if by == actor.user_id => {
            " The To Do is done.".to_owned()
        }
        Some(WorkState::Claimed { name, .. }) => format!(" The To Do stays with {name}."),
        _ => String::new(),
    })
}
