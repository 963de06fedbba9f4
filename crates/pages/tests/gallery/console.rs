//! The console's samples: a busy afternoon at the answering service, drawn as any other.

use std::collections::HashMap;

use app::live::{Snapshot, Tally};
use domain::form::{Condition, Item, Section};
use domain::limits::{MINUTE_MS, SECOND_MS};
use domain::live::{Agent, AgentChoice, LiveCall, LiveState, Progress};
use domain::{
    CallId, Channel, Field, FieldKind, Form, Invalid, MessageId, Role, RunId, TenantId, UserId,
    WorkItem, WorkItemId, WorkKind, WorkState,
};

use crate::console::floor::FloorPage;
use crate::console::items::{ItemPage, ItemSubject};
use crate::console::picker::{FoundAccounts, Picker};
use crate::console::question::Question;
use crate::console::queue::Queue;
use crate::console::script::Script;
use crate::console::take::{TakeGround, TakeMessage, TypedMessage};
use crate::session::{Fields, Frame};
use crate::sitemap::Place;
use crate::tests::sample::{self, SamplePage, drawn, now};
use crate::ui::Flash;

const ROSA: (UserId, &str) = (UserId(3), "Rosa Delgado");
const BEN: (UserId, &str) = (UserId(5), "Ben Ortiz");

/// What an agent sees around a page.
fn frame() -> Frame {
    let mut frame = Frame::sample(Place::Console);
    (frame.actor.user_id, frame.actor.name) = (ROSA.0, ROSA.1.to_owned());
    frame.actor.role = Role::Agent;
    (frame.shell.role, frame.shell.user_name) = (Role::Agent, ROSA.1.to_owned());
    frame
}

fn call(id: i64, of: i64, state: LiveState, from: &str, agent: Option<(UserId, &str)>) -> LiveCall {
    let (account, at) = (sample::account(of), now().minus_ms(67 * SECOND_MS));
    LiveCall {
        tenant_id: account.tenant_id,
        id: CallId(id),
        account_id: account.id,
        account_name: account.name,
        did_id: None,
        did_number: "9545550120".to_owned(),
        from: from.to_owned(),
        call_sid: format!("4f1c7b5e-{id}"),
        switch_name: "tascom".to_owned(),
        menu_choice: String::new(),
        agent_name: agent.map(|(_, name)| name.to_owned()).unwrap_or_default(),
        progress: Progress {
            state,
            agent_id: agent.map(|(id, _)| id),
            rang_at: at,
            answered_at: agent.map(|_| at),
            ended_at: (state == LiveState::Over).then_some(at),
            saved_at: None,
            heard_at: Some(at),
            sequence: None,
        },
    }
}

fn item(id: i64, of: i64, kind: WorkKind, title: &str) -> WorkItem {
    let (account, at) = (sample::account(of), now().minus_ms(22 * MINUTE_MS));
    WorkItem {
        tenant_id: TenantId(1),
        id: WorkItemId(id),
        account_id: account.id,
        account_name: account.name,
        kind,
        message_id: (kind == WorkKind::Dispatch).then_some(MessageId(940)),
        run_id: (kind == WorkKind::ToDo).then_some(RunId(7)),
        subject: String::new(),
        title: title.to_owned(),
        detail: String::new(),
        is_urgent: false,
        state: WorkState::Open,
        ready_at: at,
        created_at: at,
        updated_at: at,
    }
}

fn claimed(by: (UserId, &str)) -> WorkState {
    WorkState::Claimed { by: by.0, name: by.1.to_owned(), at: now() }
}

/// A message that nobody acknowledged.
fn unheard() -> WorkItem {
    WorkItem {
        detail: "Three levels were told over 20 minutes. Nobody answered.".to_owned(),
        is_urgent: true,
        ..item(12, 2, WorkKind::Dispatch, "Nobody acknowledged: no heat, two children")
    }
}

/// Two calls to answer, one of Rosa's, one that she ended without a message, and something that
/// waits of every kind.
fn snapshot() -> Snapshot {
    let later = WorkItem {
        ready_at: now().plus_ms(16 * MINUTE_MS),
        ..item(14, 2, WorkKind::ToDo, "Call Karl Winter")
    };
    let bounced = WorkItem {
        state: claimed(BEN),
        ..item(9, 1, WorkKind::Dispatch, "Mail to Jane Hartwell came back")
    };
    let agent = |id, name: &str, choice| Agent {
        id: UserId(id),
        name: name.to_owned(),
        choice,
        since: now().minus_ms(MINUTE_MS),
    };
    Snapshot {
        calls: vec![
            call(71, 2, LiveState::Ringing, "9545550142", None),
            call(72, 1, LiveState::Waiting, "5615550177", None),
            call(70, 2, LiveState::Talking, "9545550178", Some(ROSA)),
            call(69, 3, LiveState::Talking, "3055550101", Some(BEN)),
        ],
        unsaved: vec![call(68, 3, LiveState::Over, "3055550119", Some(ROSA))],
        items: vec![
            unheard(),
            bounced,
            item(13, 2, WorkKind::Question, "Karl Winter asks: which unit?"),
            later,
        ],
        agents: vec![
            agent(5, BEN.1, AgentChoice::Ready),
            agent(3, ROSA.1, AgentChoice::Ready),
            agent(6, "Tom Reed", AgentChoice::Break("Lunch".to_owned())),
            agent(7, "Una Price", AgentChoice::SignedOut),
        ],
    }
}

fn queue(snapshot: Snapshot, at: Option<CallId>) -> Queue {
    let Frame { shell, actor: reader, zone, now } = frame();
    Queue { snapshot, reader, csrf: shell.csrf, at, now, zone }
}

/// The heating firm's form: what is said, an address, and a branch for cold houses.
fn form() -> Form {
    let ask = |label: &str, kind, is_required| Item::Field(Field::new(label, kind, is_required));
    let named = |name: &str, label: &str, kind| Item::Field(Field::named(name, label, kind, true));
    let say = |text: &str| Item::Prompt(text.to_owned());
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let step = |title: &str, items| Section { title: title.to_owned(), opens_when: None, items };
    let fuels = FieldKind::Select(words(&["Gas", "Oil", "Heat pump"]));
    let cold = "I am sorry to hear that. Is anybody in the house old, ill or very young?";
    let when = Condition { field: "no_heat_at_all".to_owned(), any_of: words(&["Yes"]) };
    let sections = vec![
        step(
            "Caller",
            vec![
                ask("No heat at all?", FieldKind::Radio(words(&["Yes", "No"])), true),
                named("first_name", "First name", FieldKind::Text),
                ask("Last name", FieldKind::Text, false),
                named("phone", "Callback number", FieldKind::Phone),
                ask("E-mail", FieldKind::Email, false),
            ],
        ),
        Section {
            opens_when: Some(when),
            ..step("No heat", vec![say(cold), ask("Who is there?", FieldKind::Text, false)])
        },
        step(
            "Visit",
            vec![
                say("Thank you, {CALLER_NAME}. Where is the house?"),
                ask("Service address", FieldKind::Address, true),
                ask("System", fuels, true),
                named("content", "Message", FieldKind::LongText),
                ask("Emergency", FieldKind::Emergency, false),
            ],
        ),
    ];
    let account = sample::account(2);
    Form { sections, ..Form::standard(account.id, account.created_at) }
}

/// The form of the heating firm, with what is typed in it.
fn taking(typed: TypedMessage, call: Option<LiveCall>, item: Option<WorkItem>) -> TakeMessage {
    let mut book = sample::book();
    book.account.greeting =
        format!("{}, this is {{agent}}. Are you without heat right now?", book.account.name);
    book.account.facts = "Never quote prices.\nA smell of gas is an emergency: ask them to leave \
                          the house first."
        .to_owned();
    let recent: Vec<_> =
        sample::messages().into_iter().filter(|it| it.account_id == book.account.id).collect();
    let earlier = call.is_some().then(|| recent.clone());
    let queue = queue(snapshot(), call.as_ref().map(|call| call.id));
    let (form, channels) = (form(), Channel::ALL.to_vec());
    TakeMessage::draw(
        frame(),
        queue,
        TakeGround { book: book.into(), form: &form, typed, call, item, recent, earlier, channels },
    )
}

fn untouched(call: Option<&LiveCall>) -> TypedMessage {
    TypedMessage::first("0b0e8f4e-sample".to_owned(), &sample::book(), &HashMap::new(), call)
}

fn half_typed() -> TypedMessage {
    let content = "No heat since last night, two small children.".to_owned();
    TypedMessage::again(&Fields::of(vec![
        ("answers[no_heat_at_all]", "Yes".to_owned()),
        ("answers[first_name]", "Maria".to_owned()),
        ("answers[content]", content),
        ("answers[is_emergency]", "true".to_owned()),
        ("did_id", "1".to_owned()),
    ]))
}

/// A call of somebody whom the account knows.
fn answered() -> TakeMessage {
    let call = snapshot().calls.swap_remove(2);
    taking(untouched(Some(&call)), Some(call), None)
}

/// After it was refused, with what was typed.
fn refused() -> TakeMessage {
    let mut faults = Invalid::new();
    faults.add("phone".to_owned(), "must be filled in");
    faults.add("system".to_owned(), "must be filled in");
    let mut page = taking(half_typed(), None, None).refused(&form(), &faults);
    page.answered = true;
    page
}

/// Asked whether the call is to be ended, with something written.
fn ending() -> TakeMessage {
    let mut page = answered().asking(Question::ending(CallId(70), true));
    page.answered = true;
    page
}

impl Script {
    /// The heating firm's form, as one who builds it sees it.
    pub(crate) fn sample() -> Self {
        taking(untouched(None), None, None).script
    }
}

/// Three accounts, and the agent's four latest messages.
fn found(saved: Option<&str>) -> FoundAccounts {
    let mut recent = sample::messages();
    recent.truncate(4);
    let (found, lines, saved) = (sample::accounts(), sample::lines(), saved.map(str::to_owned));
    FoundAccounts { found, lines, recent, saved, query: String::new() }
}

/// Right after a message was saved.
fn saved() -> Picker {
    let mut page = Picker::draw(frame(), queue(snapshot(), None), found(Some("2")));
    let flash = Flash::done("Saved. Texting Karl Winter (on call). Next step 2:44 PM.");
    page.shell.flash = Some(flash.with_link("/messages/941", "Open it"));
    page
}

fn floor(snapshot: Snapshot) -> FloorPage {
    let waited_ms = 209 * 7 * SECOND_MS;
    let today = Tally { calls: 214, answered: 209, lost: 5, waited_ms, messages: 188 };
    let mut frame = Frame::sample(Place::Floor);
    frame.shell.role = Role::Supervisor;
    FloorPage::draw(frame, snapshot, today)
}

fn item_page(item: WorkItem) -> ItemPage {
    let to_do = sample::to_dos().into_iter().next().map(|(standing, _)| standing.to_do);
    let to_do = to_do.filter(|_| item.run_id.is_some()).map(|mut to_do| {
        to_do.contact = "Karl Winter".to_owned();
        to_do.instructions =
            Some("Ask whether the technician came.\nIf not, take a message.".to_owned());
        (to_do, sample::book().contacts)
    });
    let message = item.message_id.map(|_| sample::detail().detail);
    let subject = ItemSubject { account: sample::account(2), message, to_do };
    ItemPage::draw(frame(), queue(snapshot(), None), item, subject)
}

/// Every page of the console.
pub(crate) fn all() -> Vec<SamplePage> {
    let nothing = FoundAccounts { query: "5550199".to_owned(), ..FoundAccounts::default() };
    let mut mine = item_page(WorkItem { state: claimed(ROSA), ..unheard() });
    mine.error = Some("Say who was reached.".to_owned());
    let call = item(14, 2, WorkKind::ToDo, "Call Karl Winter");
    let outcome = "Reached Karl Winter by phone.".to_owned();
    let done = WorkState::Done { by: Some(ROSA.0), at: now(), outcome };
    let queue = |snapshot| queue(snapshot, None);
    vec![
        drawn("picker", &Picker::draw(frame(), queue(snapshot()), found(None))),
        drawn("picker-empty", &Picker::draw(frame(), queue(Snapshot::default()), nothing)),
        drawn("picker-saved", &saved()),
        drawn("take", &taking(untouched(None), None, None)),
        drawn("take-error", &refused()),
        drawn("take-call", &answered()),
        drawn("take-ending", &ending()),
        drawn("take-to-do", &taking(untouched(None), None, snapshot().items.pop())),
        drawn("floor", &floor(snapshot())),
        drawn("floor-empty", &floor(Snapshot::default())),
        drawn("item", &item_page(unheard())),
        drawn("item-mine", &mine),
        drawn("item-to-do", &item_page(WorkItem { state: claimed(BEN), ..call })),
        drawn("item-done", &item_page(WorkItem { state: done, ..unheard() })),
    ]
}
