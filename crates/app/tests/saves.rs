//! Saving a message: what it says that it queued, what it ends, and how many statements it takes.

use app::closings::{Consequence, LetOut, NextStep};
use app::messages::{self, MessageEntry, SavedMessage};
use app::{Actor, App, Db, Links, live, to_dos, work_queue};
use domain::account::ContactEntry;
use domain::closing::{Action, Timing};
use domain::escalation::{Manner, Target, Telling};
use domain::playbook::Notice;
use domain::to_do::RunState;
use domain::{Channel, ClosingGroupId, Contact, ContactId, WorkState, limits};
use testkit::postgres::Postgres;
use testkit::{AtWork, CutProxy, Tenancy, World, seeded};

/// Statements that a save may take, with the begin and the end of its transaction.
const SAVE_MOST: usize = 20;
/// The same of a save that does all at once: escalates to a rotation by text, and ends a call and a
/// To Do.
const SAVE_ALL_MOST: usize = 21;
/// Statements that reading a message with all that explains it may take.
const DETAIL_MOST: usize = 10;

struct House {
    world: World,
    office: Tenancy,
}

impl House {
    async fn new() -> Self {
        Self::of(World::new().await).await
    }

    async fn of(world: World) -> Self {
        let office = world.tenancy("desk").await;
        House { world, office }
    }

    fn entry(&self) -> MessageEntry {
        let answers = [("first_name", "Maria"), ("phone", "1"), ("content", "Hello")];
        MessageEntry {
            uuid: self.world.app.entropy().uuid(),
            form_id: self.office.form.id,
            answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
            did_id: Some(self.office.line.id),
            ..MessageEntry::default()
        }
    }

    async fn save(&self, entry: MessageEntry) -> SavedMessage {
        let (app, office) = (&self.world.app, &self.office);
        messages::take(app, &office.agent, office.law.id, entry).await.expect("a message")
    }

    async fn let_out(&self, entry: MessageEntry) -> LetOut {
        match self.save(entry).await.consequence {
            Consequence::LetOut(out) => out,
            other => panic!("{other:?}"),
        }
    }

    async fn person(&self, name: &str, email: &str) -> Contact {
        let (app, office) = (&self.world.app, &self.office);
        let entry = ContactEntry {
            name: name.to_owned(),
            email: email.to_owned(),
            ..ContactEntry::default()
        };
        let added = app::accounts::add_contact(app, office.tenant.id, None, office.law.id, entry);
        added.await.expect("a contact")
    }

    /// Adds something to be done when an agent finishes, which the agent chooses.
    async fn closing(&self, name: &str, timing: Timing, actions: Vec<Action>) -> ClosingGroupId {
        self.world.add_closing(&self.office, name, timing, actions).await
    }

    async fn at_work(&self, agent: &Actor, sid: &str) -> AtWork {
        self.world.at_work(&self.office, agent, sid).await
    }

    async fn stands(&self, work: AtWork) -> Stand {
        let (app, office) = (&self.world.app, &self.office);
        let call = live::find(app, &office.owner, work.call).await.expect("a call");
        let item = work_queue::find(app, &office.owner, work.item).await.expect("an item");
        let runs = to_dos::runs(app, &office.client, work.to_do, None, 1).await.expect("runs");
        let run = &runs[0].run;
        (call.progress.saved_at.is_some(), item.state, run.state, run.reason.clone())
    }
}

/// Whether the call is saved, and where the item and the run are.
type Stand = (bool, WorkState, RunState, String);

fn telling(targets: &[Target], channels: &[Channel]) -> Telling {
    Telling { targets: targets.to_vec(), channels: channels.to_vec(), manner: Manner::First }
}

fn notice(contact: ContactId, name: &str, channel: Channel, address: &str, why: &str) -> Notice {
    Notice {
        contact_id: Some(contact),
        name: name.to_owned(),
        channel,
        address: address.to_owned(),
        through: why.to_owned(),
    }
}

#[tokio::test]
async fn it_says_who_is_told_and_how() {
    let house = House::new().await;
    let jane = &house.office.jane;
    let mail = notice(jane.id, "Jane Hart", Channel::Email, "jane@hartlowe.example", "");
    let out = house.let_out(MessageEntry { contact_id: Some(jane.id), ..house.entry() }).await;
    assert_eq!(out, LetOut { notices: vec![mail.clone()], ..LetOut::default() });

    let bob = house.person("Bob", "bob@hartlowe.example").await;
    let both = [Target::Contact(bob.id), Target::Contact(jane.id)];
    let all = Telling { manner: Manner::All, ..telling(&both, &[]) };
    let group = house.closing("Both", Timing::AtOnce, vec![Action::Tell(all)]).await;
    let out = house.let_out(MessageEntry { closing_group_id: Some(group), ..house.entry() }).await;
    let ways: Vec<(&str, Channel)> =
        out.notices.iter().map(|notice| (notice.name.as_str(), notice.channel)).collect();
    let expected = [("Bob", Channel::Email), ("Jane Hart", Channel::Email)];
    assert_eq!(ways[..2], expected, "{ways:?}");
    assert!(ways[2..].iter().all(|(name, _)| *name == "Jane Hart") && ways.len() > 2, "{ways:?}");

    let out = house.let_out(house.entry()).await;
    assert_eq!(out, LetOut::default(), "it is for nobody");
}

#[tokio::test]
async fn it_says_what_an_escalation_does_next() {
    let house = House::new().await;
    let (jane, nights) = (house.office.jane.id, house.world.nights(&house.office).await);
    let text = notice(jane, "Jane Hart", Channel::Sms, "+15615550100", "on call in Nights");
    let out = house.let_out(MessageEntry { closing_group_id: Some(nights), ..house.entry() }).await;
    let at = house.world.app.now().plus_ms(30 * limits::MINUTE_MS);
    let next = NextStep { at, notices: vec![text.clone()], goes_to_agents: false };
    let expected = LetOut { notices: vec![text], next_step: Some(next), ..LetOut::default() };
    assert_eq!(out, expected);
}

#[tokio::test]
async fn it_says_that_nobody_could_be_told_and_agents_see_to_it() {
    let house = House::new().await;
    let ned = house.person("Ned", "").await;
    let out = house.let_out(MessageEntry { contact_id: Some(ned.id), ..house.entry() }).await;
    let missing = vec!["Ned has no address for it in the directory.".to_owned()];
    let agents = Some("Nobody could be told.".to_owned());
    assert_eq!(out, LetOut { missing, agents, ..LetOut::default() });
    let queue = work_queue::queue(&house.world.app, &house.office.agent).await.expect("a queue");
    assert_eq!(queue.len(), 1);
}

#[tokio::test]
async fn it_says_until_when_it_is_held_and_that_it_was_no_message_or_saved_before() {
    let house = House::new().await;
    let until = house.world.app.now().plus_ms(limits::DAY_MS);
    let held = house.save(MessageEntry { send_at: Some(until), ..house.entry() }).await;
    assert_eq!(held.consequence, Consequence::Held { until, digest: None });

    let tell = vec![Action::Tell(telling(&[Target::Contact(house.office.jane.id)], &[]))];
    let books = house.closing("Books", Timing::Digest(vec![17 * 60]), tell).await;
    let entry = MessageEntry { closing_group_id: Some(books), ..house.entry() };
    let held = house.save(entry.clone()).await;
    let until = held.message.send_at.expect("a time");
    assert_eq!(held.consequence, Consequence::Held { until, digest: Some("Books".to_owned()) });

    let again = house.save(entry).await;
    assert_eq!((again.message.id, again.consequence), (held.message.id, Consequence::SavedBefore));
    let hang_up = MessageEntry { non_message_type: "hang_up".to_owned(), ..house.entry() };
    assert_eq!(house.save(hang_up).await.consequence, Consequence::Filed);
}

#[tokio::test]
async fn it_ends_the_call_and_the_to_do_that_it_was_taken_on() {
    let house = House::new().await;
    let work = house.at_work(&house.office.agent, "c1").await;
    let entry =
        MessageEntry { call_id: Some(work.call), item_id: Some(work.item), ..house.entry() };
    let message = house.save(entry).await.message;
    assert_eq!(message.call_id, Some(work.call));
    assert!(message.from_to_do && message.to_do_task_id.is_some());
    let (is_saved, item, run, reason) = house.stands(work).await;
    let outcome = format!("Took message {}.", message.id);
    assert!(is_saved && matches!(item, WorkState::Done { outcome: it, .. } if it == outcome));
    assert_eq!((run, reason), (RunState::Worked, format!("Ann: {outcome}")));
}

#[tokio::test]
async fn what_somebody_else_has_by_now_stays_with_them() {
    let house = House::new().await;
    let work = house.at_work(&house.office.supervisor, "c1").await;
    let before = house.stands(work).await;
    let entry =
        MessageEntry { call_id: Some(work.call), item_id: Some(work.item), ..house.entry() };
    let message = house.save(entry).await.message;
    assert_eq!(message.call_id, Some(work.call), "it was taken on that call nevertheless");
    assert_eq!(house.stands(work).await, before);

    // What is another account's is no business of this message.
    let (app, office) = (&house.world.app, &house.office);
    let agent = Actor { scope: domain::user::Scope::All, ..office.agent.clone() };
    let entry = MessageEntry {
        call_id: Some(work.call),
        item_id: Some(work.item),
        form_id: None,
        did_id: None,
        ..house.entry()
    };
    let message = messages::take(app, &agent, office.dental.id, entry).await.expect("it").message;
    assert_eq!((message.call_id, message.from_to_do), (None, false));
    assert_eq!(house.stands(work).await, before);
}

#[tokio::test]
async fn a_save_and_a_look_take_few_statements() {
    let database = Postgres::database();
    let folder = tempfile::tempdir().expect("a folder");
    let house = House::of(World::on(database.url(), folder).await).await;
    let host = database.url().split('@').nth(1).and_then(|rest| rest.split('/').next());
    let address: std::net::SocketAddr = host.and_then(|it| it.parse().ok()).expect("an address");
    let counter = CutProxy::counting(address).await;
    let url = database.url().replace(&address.to_string(), &counter.address().to_string());
    let db = Db::open(&url, 1).await.expect("a connection");
    let public_url = "https://desk.example".to_owned();
    let app = App::new(db, house.world.clock.clone(), seeded(7))
        .with_links(Links { public_url, ..Links::default() });
    let (office, nights) = (&house.office, house.world.nights(&house.office).await);
    let save = async |entry: MessageEntry| {
        let before = counter.statements();
        let taken = messages::take(&app, &office.agent, office.law.id, entry).await;
        let taken = taken.expect("a message");
        (counter.statements() - before, taken)
    };
    let jane = Some(office.jane.id);
    let mut worked = Vec::new();
    for sid in ["c1", "c2"] {
        let work = house.at_work(&office.agent, sid).await;
        let (call_id, item_id) = (Some(work.call), Some(work.item));
        worked.push(MessageEntry { call_id, item_id, ..house.entry() });
    }
    let [told, escalated] = worked.try_into().expect("two");
    // The first one also reads where the links of the tenant lead.
    let entries = [
        (SAVE_MOST, MessageEntry { closing_group_id: Some(nights), ..house.entry() }),
        (SAVE_MOST, MessageEntry { contact_id: jane, ..house.entry() }),
        (SAVE_MOST, MessageEntry { contact_id: jane, ..told }),
        (SAVE_ALL_MOST, MessageEntry { closing_group_id: Some(nights), ..escalated }),
    ];
    for (most, entry) in entries {
        let (saved, taken) = save(entry).await;
        println!("saved by {saved} statements");
        assert!(saved <= most, "a save took {saved} statements");
        let before = counter.statements();
        let detail = messages::detail(&app, &office.agent, taken.message.id).await;
        let looked = counter.statements() - before;
        assert_eq!(detail.expect("a message").deliveries.len(), 1);
        assert!(looked <= DETAIL_MOST, "a look took {looked} statements");
    }
    house.world.db.close().await;
}
