//! The demo's two tenants: accounts, people, messages, calls.

use std::sync::Arc;

use app::{Actor, App};
use blobs::Blobs;
use domain::account::{AccountEntry, ContactEntry};
use domain::message::Taking;
use domain::{
    AccountId, Contact, Did, Form, HookKind, Instant, Message, Playbook, Role, Tenant, limits,
};

use super::calls::{self, DemoLine};
use super::chance::Chance;
use super::dental::DENTAL;
use super::heating::HEATING;
use super::history::{History, Way};
use super::law::LAW;
use super::people::{self, Person};
use super::playbook;
use super::to_dos::PLANS;
use super::today::{Day, Desk};
use super::trade::{Talk, Trade, Want};
use crate::Failure;
use crate::house::House;

/// Runs the demo's service.
pub(crate) const OWNER: &str = "olivia@liberty-demo.example";
/// A client who belongs to all three accounts.
pub(crate) const CLIENT: &str = "carla@clients.example";
/// Those who answer.
pub(crate) const AGENTS: [(&str, &str); 3] = [
    ("ann@liberty-demo.example", "Ann Porter"),
    ("ben@liberty-demo.example", "Ben Ortiz"),
    ("grace@liberty-demo.example", "Grace Liu"),
];
/// What the demo's switch is called.
const SWITCH: &str = "tascom";
/// Days that the messages are spread over.
const DAYS: i64 = 25;
/// The newest messages: minutes ago.
const RECENT: [i64; 8] = [3, 9, 17, 31, 48, 66, 95, 140];

/// What scripts are told about the demo's tenant.
pub(crate) struct LoadedTenancy {
    pub(crate) v2_key: String,
    pub(crate) v1_token: String,
    pub(crate) switch_key: String,
    pub(crate) account_number: String,
    pub(crate) message_id: i64,
    pub(crate) recording_id: i64,
}

/// An account with its people, as the demo uses it.
struct Office {
    trade: &'static Trade,
    book: Arc<Playbook>,
    form: Form,
    clients: Vec<Actor>,
}

/// Everybody who answers and everything that is answered for.
struct Floor<'a> {
    app: &'a App,
    tenant: Tenant,
    agents: Vec<Actor>,
    offices: Vec<Office>,
    now: Instant,
}

/// A message that is about to be told.
struct Told<'a> {
    office: &'a Office,
    want: &'a Want,
    caller: (String, String, String),
    at: Instant,
    agent: usize,
    call: Option<app::calls::Ingested>,
}

/// Loads the demo's tenant.
pub(crate) async fn demo(
    house: &House,
    audio: &Blobs,
    password: &str,
    hash: &str,
) -> Result<LoadedTenancy, Failure> {
    let app = &house.app;
    let tenant = ensure_tenant(app, super::DEMO, "Liberty Demo Answering").await?;
    let id = tenant.id;
    let person = |email, name, role| Person { email, name, role, accounts: Vec::new() };
    let owner = person(OWNER, "Olivia Grant", Role::Owner);
    let owner = people::ensure(app, id, owner, password, hash).await?;
    let supervisor = person("sam@liberty-demo.example", "Sam Whitfield", Role::Supervisor);
    people::ensure(app, id, supervisor, password, hash).await?;
    let mut agents = Vec::new();
    for (email, name) in AGENTS {
        let agent = person(email, name, Role::Agent);
        agents.push(people::ensure(app, id, agent, password, hash).await?);
    }
    let mut offices = Vec::new();
    for trade in [&LAW, &HEATING, &DENTAL] {
        let book = ensure_account(app, &tenant, &owner, trade).await?;
        let form = app::forms::of_line(app, &owner, book.account.id, None).await?;
        let (name, email) = trade.client;
        let accounts = vec![book.account.id];
        let client = Person { email, name, role: Role::Client, accounts };
        let client = people::ensure(app, id, client, password, hash).await?;
        offices.push(Office { trade, book, form, clients: vec![client] });
    }
    let accounts = offices.iter().map(|office| office.book.account.id).collect();
    let client = Person { email: CLIENT, name: "Carla Mendes", role: Role::Client, accounts };
    let client = people::ensure(app, id, client, password, hash).await?;
    for office in &mut offices {
        office.clients.push(client.clone());
        let places = 0..office.trade.contacts.len();
        let people: Vec<Contact> = places.filter_map(|at| office.contact(at).cloned()).collect();
        let number = [office.trade.number.to_owned()];
        if app::on_call::list(app, &owner, &number, app.now()).await?.is_empty() {
            super::on_call::write(app, &owner, &office.book.account, &people).await?;
        }
        playbook::ensure(app, &owner, office.book.account.id).await?;
    }
    let (switch, switch_key) = app::keys::create_switch(app, id, SWITCH).await?;
    let floor = Floor { app, tenant, agents, offices, now: app.now() };

    let everything = app::messages::MessageFilter::default();
    let is_loaded = app::messages::count(app, &owner, &everything).await? > 0;
    if !is_loaded {
        let talks = speak_all(&floor, audio, &switch).await?;
        write_all(house, &floor, talks).await?;
        today(&floor, &switch).await?;
    }
    ensure_webhook(app, &owner, floor.offices[0].book.account.id).await?;
    let message = shown(app, &client).await?;
    let query = app::calls::RecordingQuery {
        account_numbers: vec![LAW.number.to_owned()],
        ..Default::default()
    };
    let filter = app::calls::filter(app, &client, query).await?;
    let recordings = app::calls::page(app, &client, &filter, None, 1).await?;
    Ok(LoadedTenancy {
        v2_key: app::keys::create(app, &client, "Case manager", None).await?.token,
        v1_token: app::keys::create(app, &client, "Old reports (v1)", None).await?.token,
        switch_key,
        account_number: LAW.number.to_owned(),
        message_id: message,
        recording_id: recordings.first().map_or(0, |recording| recording.id.0),
    })
}

/// What happens at this moment, by the doors that people use.
async fn today(floor: &Floor<'_>, switch: &domain::token::Switch) -> Result<(), Failure> {
    // The playbooks were given to the accounts after the offices were opened.
    let agent = &floor.agents[1];
    let day = Day { app: floor.app, tenant: floor.tenant.id, agent, switch };
    for office in &floor.offices {
        let Some(client) = office.clients.first() else { continue };
        let book = app::playbooks::find(floor.app, agent, office.book.account.id).await?;
        let desk = Desk { book: &book, form: &office.form, client };
        match office.trade.number {
            number if number == LAW.number => day.at_law(&desk).await?,
            number if number == HEATING.number => day.at_heating(&desk).await?,
            _ => day.at_dental(&desk).await?,
        }
    }
    Ok(())
}

/// A webhook of an account, switched off: nobody listens at its address.
async fn ensure_webhook(app: &App, owner: &Actor, account: AccountId) -> Result<(), Failure> {
    let (_, there) = app::webhooks::list(app, owner, account).await?;
    if !there.is_empty() {
        return Ok(());
    }
    let kinds = [HookKind::MessageCreated, HookKind::MessageAcknowledged];
    let entry = domain::webhook::WebhookEntry {
        url: "https://example.com/hooks/liberty".to_owned(),
        description: "Case manager".to_owned(),
        kinds: kinds.map(|kind| kind.as_str().to_owned()).to_vec(),
    };
    let guard = domain::webhook::Guard::default();
    let made = app::webhooks::create(app, owner, account, &entry, &guard).await?;
    app::webhooks::test(app, owner, made.webhook.id).await?;
    app::webhooks::enable(app, owner, made.webhook.id, false).await?;
    Ok(())
}

/// The message that scripts are shown: the newest of the law firm's that was delivered.
async fn shown(app: &App, client: &Actor) -> Result<i64, Failure> {
    let query = app::messages::MessageQuery {
        account_numbers: vec![LAW.number.to_owned()],
        status: Some(domain::Status::Delivered),
        ..Default::default()
    };
    let filter = app::messages::filter(app, client, query).await?;
    let messages = app::messages::page(app, client, &filter, None, 1).await?;
    Ok(messages.first().map_or(0, |message| message.id.0))
}

pub(super) async fn ensure_tenant(
    app: &App,
    subdomain: &str,
    name: &str,
) -> Result<Tenant, Failure> {
    match app::tenants::of_subdomain(app, subdomain).await {
        Err(app::Error::NotFound) => {
            let zone = domain::account::DEFAULT_ZONE;
            Ok(app::tenants::create(app, subdomain, name, zone).await?)
        }
        other => Ok(other?),
    }
}

async fn ensure_account(
    app: &App,
    tenant: &Tenant,
    owner: &Actor,
    trade: &Trade,
) -> Result<Arc<Playbook>, Failure> {
    let id = tenant.id;
    let account = match app::accounts::by_number(app, id, trade.number).await {
        Err(app::Error::NotFound) => {
            let entry = AccountEntry {
                number: trade.number.to_owned(),
                name: trade.name.to_owned(),
                zone: trade.zone.to_owned(),
                greeting: trade.greeting.to_owned(),
                facts: trade.facts.to_owned(),
            };
            let account = app::accounts::create(app, id, None, entry).await?;
            app::forms::publish(app, id, None, account.id, None, (trade.sections)()).await?;
            for (i, (number, label)) in trade.lines.iter().enumerate() {
                let did = app::accounts::add_did(app, id, None, account.id, number, label).await?;
                if let Some(own) = (trade.sections_of_line)(i) {
                    app::forms::publish(app, id, None, account.id, Some(did.id), own).await?;
                }
            }
            for (name, title, email, phone) in trade.contacts {
                let [name, title, email, phone] =
                    [name, title, email, phone].map(|s| (*s).to_owned());
                let entry = ContactEntry { name, title, email, phone, zone: String::new() };
                app::accounts::add_contact(app, id, None, account.id, entry).await?;
            }
            account
        }
        other => other?,
    };
    Ok(app::playbooks::find(app, owner, account.id).await?)
}

impl Office {
    /// A contact by its place in the trade; the directory itself is sorted by name.
    fn contact(&self, place: usize) -> Option<&Contact> {
        let (name, ..) = self.trade.contacts.get(place)?;
        self.book.contacts.iter().find(|contact| contact.name == *name)
    }

    fn line(&self) -> Option<&Did> {
        let (number, _) = self.trade.lines.first()?;
        self.book.lines.iter().find(|did| did.number == *number)
    }

    /// An hour and minute there, that many days ago.
    fn at(&self, now: Instant, days: i64, hour: i64, minute: i64) -> Instant {
        let zone = &self.book.account.zone;
        let day = zone.date(now.minus_ms(days * limits::DAY_MS));
        zone.day_start(day).plus_ms((hour * 60 + minute) * limits::MINUTE_MS)
    }
}

/// Speaks and reports all recorded calls, a few at a time; answers the messages that were taken.
async fn speak_all<'a>(
    floor: &'a Floor<'_>,
    audio: &Blobs,
    switch: &domain::token::Switch,
) -> Result<Vec<Told<'a>>, Failure> {
    use futures_util::{StreamExt, TryStreamExt, stream};
    let talks = floor
        .offices
        .iter()
        .flat_map(|office| office.trade.talks.iter().map(move |talk| (office, talk)));
    let spoken = talks.enumerate().map(|(i, (office, talk))| async move {
        let number = i64::try_from(i).unwrap_or(0) + 1;
        speak_one(floor, audio, switch, office, talk, number).await
    });
    stream::iter(spoken).buffered(4).try_collect().await
}

async fn speak_one<'a>(
    floor: &'a Floor<'_>,
    audio: &Blobs,
    switch: &domain::token::Switch,
    office: &'a Office,
    talk: &'static Talk,
    number: i64,
) -> Result<Told<'a>, Failure> {
    let (days, hour, minute) = talk.at;
    let planned = office.at(floor.now, days, hour, minute);
    // Early in the morning today's call has not come in yet: it was yesterday.
    let started_at = if planned > floor.now { planned.minus_ms(limits::DAY_MS) } else { planned };
    let agent = usize::from(talk.lines[0].contains("Ben"));
    let who = &floor.agents[agent];
    let username = who.email.split('@').next().unwrap_or_default();
    let did = office.line().map_or("", |did| did.number.as_str());
    let area = did.get(..3).unwrap_or("561");
    let caller_phone = format!("{area}5550{:03}", 150 + number);
    let line = DemoLine {
        tenant: floor.tenant.id,
        switch,
        account: &office.book.account,
        did,
        agent: (who.user_id, username),
        caller_phone: &caller_phone,
        started_at,
        number,
    };
    let call = calls::record(floor.app, audio, &line, talk).await?;
    let at = started_at.plus_ms((call.call.cdr.talk_sec + 8) * limits::SECOND_MS);
    let phone = format!("({area}) 555-0{}", 150 + number);
    let caller = (talk.caller.0.to_owned(), talk.caller.1.to_owned(), phone);
    Ok(Told { office, want: &talk.want, caller, at, agent, call: Some(call) })
}

/// Writes all messages, oldest first, in one transaction.
async fn write_all(house: &House, floor: &Floor<'_>, talks: Vec<Told<'_>>) -> Result<(), Failure> {
    let mut chance = Chance::new(1876);
    let mut told = talks;
    for office in &floor.offices {
        for _ in 0..office.trade.messages {
            told.push(invent(floor, office, &mut chance));
        }
    }
    let invented = told.iter_mut().rev().filter(|told| told.call.is_none());
    for (told, minutes) in invented.step_by(29).zip(RECENT) {
        told.at = floor.now.minus_ms(minutes * limits::MINUTE_MS + 7_300);
    }
    told.retain(|told| told.at < floor.now);
    told.sort_by_key(|told| told.at);
    let failed = |error| Failure::run("the demo cannot be written", error);
    let mut tx = house.db.begin().await.map_err(failed)?;
    for plan in &PLANS {
        let office = floor.offices.iter().find(|office| office.trade.number == plan.account);
        let Some(Office { book, clients, .. }) = office else { continue };
        let Some(by) = clients.first().map(|client| client.user_id) else { continue };
        let directory = &book.contacts;
        let line = office.and_then(Office::line).map(|did| did.id);
        plan.write(&mut tx, (&book.account, line), directory, by, floor.now, &mut chance).await?;
    }
    for told in &told {
        if let Some(history) = history(floor, told, &mut chance)? {
            history.write(&mut tx).await.map_err(failed)?;
        }
    }
    tx.commit().await.map_err(failed)
}

/// A message as one of the trade's callers would have left it, some time in the last weeks.
fn invent<'a>(floor: &Floor<'_>, office: &'a Office, chance: &mut Chance) -> Told<'a> {
    let hour = i64::from(*chance.pick(office.trade.hours));
    let mut at = office.at(floor.now, chance.between(0, DAYS), hour, chance.between(0, 60));
    at = at.plus_ms(chance.between(0, 60_000));
    if at >= floor.now {
        at = at.minus_ms(limits::DAY_MS);
    }
    let area = office.trade.lines[0].0.get(..3).unwrap_or("561");
    let (first, last, phone) = people::caller(chance, area);
    let want = chance.pick(office.trade.wants);
    let agent = usize::try_from(chance.between(0, 3)).unwrap_or(0);
    let caller = (first.to_owned(), last.to_owned(), phone);
    Told { office, want, caller, at, agent, call: None }
}

/// What became of a message.
fn history(
    floor: &Floor<'_>,
    told: &Told<'_>,
    chance: &mut Chance,
) -> Result<Option<History>, Failure> {
    let office = told.office;
    let Some(contact) = office.contact(told.want.contact) else { return Ok(None) };
    let agent = &floor.agents[told.agent];
    let message = take(floor, told, agent, contact, chance)?;
    let age_ms = floor.now.ms_since(told.at);
    let key = floor.app.entropy().uuid();
    let mut history =
        History::taken(message, &office.book.account, &office.form, agent, contact, key);
    // The last day was without a mail server, as the demo is; before, there was one.
    let way = match contact.name.as_str() {
        _ if age_ms < limits::DAY_MS => Way::Captured,
        "Gary Pohl" => Way::Refused,
        _ if chance.percent(5) => Way::SecondTry,
        _ if chance.percent(1) => Way::Unsure,
        _ => Way::Straight,
    };
    history.send(way, chance);
    let client = chance.pick(&office.clients);
    history.settle(client, floor.now, chance)?;
    Ok(Some(history))
}

fn take(
    floor: &Floor<'_>,
    told: &Told<'_>,
    agent: &Actor,
    contact: &Contact,
    chance: &mut Chance,
) -> Result<Message, Failure> {
    let fill = |text: &str, chance: &mut Chance| {
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
        let times = ["9 AM", "10:30", "1 PM", "3 PM", "4:30", "5 PM"];
        let case = format!("24-{}", chance.between(1_000, 9_999));
        let text = text.replace("{day}", chance.word(&days));
        text.replace("{time}", chance.word(&times)).replace("{case}", &case)
    };
    let (first, last, phone) = &told.caller;
    let mut answers = vec![
        ("first_name".to_owned(), first.clone()),
        ("last_name".to_owned(), last.clone()),
        ("phone".to_owned(), phone.clone()),
        ("content".to_owned(), fill(told.want.says, chance)),
    ];
    if told.want.is_emergency {
        answers.push(("is_emergency".to_owned(), "Yes".to_owned()));
    }
    if chance.percent(35) {
        let host = chance.word(&["mail.example", "post.example", "inbox.example"]);
        let name = format!("{first}.{last}").to_lowercase().replace('\'', "");
        answers.push(("email".to_owned(), format!("{name}@{host}")));
    }
    for (name, text) in told.want.answers {
        let one = chance.part(text).to_owned();
        answers.push(((*name).to_owned(), fill(&one, chance)));
    }
    let form = &told.office.form;
    let taking = Taking {
        tenant_id: floor.tenant.id,
        account_id: told.office.book.account.id,
        agent_id: Some(agent.user_id),
        did_id: told.office.line().map(|did| did.id),
        contact: Some((contact.id, contact.name.clone())),
        caller_id: domain::account::phone_digits(phone),
        form_id: form.id,
        uuid: floor.app.entropy().uuid(),
        is_emergency: false,
    };
    let filled = form.fill(&answers).map_err(app::Error::Invalid)?;
    let mut message = Message::taken(taking, filled, told.at);
    if let Some(call) = &told.call {
        message.call_id = Some(call.call.id);
        message.call_ref_id.clone_from(&call.call.call_sid);
        message.pbx_name = SWITCH.to_owned();
        message.origin = Some(domain::Origin::Call);
        message.message_received_date = call.call.cdr.start_time;
        message.ivr = "1".to_owned();
    }
    Ok(message)
}
