//! To Dos, schedules and runs; rules for sending; counters; references; texts.

use std::slice::from_ref;

use domain::delivery::IfUnsure;
use domain::sending::{Quiet, QuietPolicy, Rules};
use domain::to_do::{Misfire, Overlap, Policy, RunState};
use domain::{
    AccountId, Channel, DeliveryId, DidId, NewItem, Rule, Run, RunId, Schedule, ScheduleId,
    TenantId, Time, ToDo, ToDoId, UserId, WorkKind,
};
use store::references::{self, CarrierReference, EarlyReport};
use store::runs::{self, RunOutcome};
use store::spending::{Purse, spend};
use store::texts::{self, InboundText, OptOut};
use store::to_dos::{self as rows, ScheduleAdvance, ScheduledToDo, ToDoFilter};
use store::{Db, sending, spending, work_items};

use super::accounts::account;
use super::at;
use super::schema::tenant;

fn to_do(tenant_id: TenantId, account_id: AccountId) -> ToDo {
    ToDo {
        tenant_id,
        id: ToDoId(0),
        account_id,
        phone_id: Some(DidId(5)),
        delivery_type: Channel::Email,
        instructions: Some("Ask twice.".to_owned()),
        contact: "jane@law.example".to_owned(),
        message_text: "Read this.".to_owned(),
        run_at: Some(at(9)),
        from: Some("7542838007".to_owned()),
        subject: Some("Subject".to_owned()),
        from_email: Some("desk@law.example".to_owned()),
        sender_name: Some("Desk".to_owned()),
        policy: Policy {
            misfire: Misfire::Skip,
            grace_ms: 5,
            overlap: Overlap::Send,
            if_unsure: IfUnsure::Stop,
        },
        paused_at: Some(at(3)),
        revision: 2,
        created_by: Some(UserId(4)),
        created_at: at(1),
        updated_at: at(2),
    }
}

fn schedule() -> Schedule {
    let rule = r#"{"rule_type":"IceCube::WeeklyRule","interval":2,"validations":{"day":[2,4,6]}}"#;
    Schedule {
        id: ScheduleId(0),
        rule: Rule::from_ice_cube(rule).unwrap_or_else(|_| panic!("a rule")),
        times: ["9:00 AM", "11:59 PM"].map(|time| Time::parse(time).expect("a time")).to_vec(),
        starts_at: at(1),
        previous: None,
        next: Some(at(100)),
        created_at: at(1),
        updated_at: at(2),
    }
}

pub(crate) async fn round_trip(db: &Db) {
    let (one, other) = (tenant(db, "one").await, tenant(db, "other").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    let mut made = to_do(one, law);
    made.id = rows::insert(tx.link(), &made).await.expect("a To Do");
    let once = ScheduledToDo { to_do: made.clone(), schedule: None, is_sending: false };
    assert_eq!(rows::find(tx.link(), one, made.id).await.expect("asked"), Some(once));
    let mut when = schedule();
    when.id = rows::set_schedule(tx.link(), one, made.id, &when).await.expect("a schedule");
    let again = rows::set_schedule(tx.link(), one, made.id, &when).await.expect("the same");
    assert_eq!(again, when.id, "a schedule keeps its id");
    (made.from, made.paused_at, made.run_at) = (None, None, None);
    made.revision = 3;
    rows::update(tx.link(), &made).await.expect("changed");
    let advance =
        ScheduleAdvance { tenant_id: one, to_do_id: made.id, previous: at(100), next: None };
    rows::advance_all(tx.link(), &[advance]).await.expect("moved on");
    (when.previous, when.next) = (Some(at(100)), None);
    let standing = ScheduledToDo { to_do: made.clone(), schedule: Some(when), is_sending: false };
    let found = rows::find_to_change(tx.link(), one, made.id).await.expect("asked");
    assert_eq!(found, Some(standing.clone()));
    let found = rows::find_all_to_fire(tx.link(), &[(one, made.id), (one, ToDoId(99))])
        .await
        .expect("asked");
    assert_eq!(found, from_ref(&standing));
    assert_eq!(rows::recurring_of(tx.link(), one, law).await.expect("some"), from_ref(&standing));
    tx.commit().await.expect("committed");

    let mut reader = db.read().await.expect("a connection");
    let all = ToDoFilter::default();
    let channel = Some(Channel::Email);
    let mine = ToDoFilter { accounts: Some(vec![law]), delivery_type: channel, skip: 0 };
    let page = rows::page(reader.link(), one, &mine, None, 5).await.expect("a page");
    assert_eq!(page, from_ref(&standing));
    let none = [
        ToDoFilter { accounts: Some(Vec::new()), ..all.clone() },
        ToDoFilter { delivery_type: Some(Channel::Call), ..all.clone() },
        ToDoFilter { skip: 1, ..all.clone() },
    ];
    for filter in none {
        let page = rows::page(reader.link(), one, &filter, None, 5).await.expect("a page");
        assert_eq!(page, [], "{filter:?}");
    }
    assert_eq!(rows::page(reader.link(), other, &all, None, 5).await.expect("none"), []);
    assert_eq!(rows::page(reader.link(), one, &all, Some(made.id), 5).await.expect("none"), []);
    assert_eq!(rows::find(reader.link(), other, made.id).await.expect("asked"), None);
    drop(reader);

    let mut tx = db.begin().await.expect("a transaction");
    rows::remove_schedule(tx.link(), one, made.id).await.expect("removed");
    assert_eq!(rows::recurring_of(tx.link(), one, law).await.expect("none"), []);
    rows::delete(tx.link(), one, made.id, at(9)).await.expect("deleted");
    assert_eq!(rows::find(tx.link(), one, made.id).await.expect("asked"), None);
    assert_eq!(rows::find_all_to_fire(tx.link(), &[(one, made.id)]).await.expect("asked"), []);
}

pub(crate) async fn occurrences_have_one_run(db: &Db) {
    let (one, other) = (tenant(db, "one").await, tenant(db, "other").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    let id = rows::insert(tx.link(), &to_do(one, law)).await.expect("a To Do");
    let run = |due_ms: i64, state: RunState| Run {
        id: RunId(0),
        to_do_id: id,
        due_at: at(due_ms),
        state,
        reason: "Because.".to_owned(),
        created_at: at(due_ms),
        finished_at: (!state.is_open()).then(|| at(due_ms)),
    };
    let (first, second) = (run(10, RunState::Skipped), run(20, RunState::Sending));
    let rows_of = [(one, &first), (one, &second)];
    let made = runs::insert_all(tx.link(), &rows_of).await.expect("two");
    assert_eq!(made.len(), 2);
    let third = run(30, RunState::Waiting);
    let made = runs::insert_all(tx.link(), &[(one, &second), (one, &third)]).await.expect("one");
    assert_eq!(made.iter().map(|(_, due, _)| *due).collect::<Vec<_>>(), [at(30)]);
    let is_sending = async |tx: &mut store::Tx| {
        rows::find(tx.link(), one, id).await.expect("asked").expect("it").is_sending
    };
    assert!(is_sending(&mut tx).await);
    let listed = runs::of_to_do(tx.link(), one, id, None, 9).await.expect("all");
    let due: Vec<_> = listed.iter().map(|run| run.due_at).collect();
    assert_eq!(due, [at(30), at(20), at(10)]);
    let older = runs::of_to_do(tx.link(), one, id, Some(at(20)), 9).await.expect("one");
    assert_eq!(older, [Run { id: listed[2].id, ..first }]);
    assert_eq!(runs::open_of(tx.link(), one, id).await.expect("two").len(), 2);
    assert_eq!(runs::open_among(tx.link(), &[(one, id)]).await.expect("it"), [id, id]);
    let turn = |at_index: usize, state: RunState| RunOutcome {
        tenant_id: one,
        run_id: listed[at_index].id,
        state,
        reason: String::new(),
        finished_at: Some(at(99)),
    };
    let turns = [turn(0, RunState::Sent), turn(1, RunState::Captured)];
    runs::turn_all(tx.link(), &turns).await.expect("turned");
    assert!(!is_sending(&mut tx).await);
    assert_eq!(runs::open_among(tx.link(), &[(one, id)]).await.expect("none"), []);
    let found = runs::find(tx.link(), one, listed[0].id).await.expect("asked").expect("it");
    assert_eq!((found.state, found.finished_at), (RunState::Sent, Some(at(99))));
    assert_eq!(runs::find(tx.link(), other, listed[0].id).await.expect("asked"), None);
    assert_eq!(runs::of_to_do(tx.link(), other, id, None, 9).await.expect("none"), []);
    assert_eq!(runs::count(tx.link(), one).await.expect("a count"), 3);
}

pub(crate) async fn rules_for_sending(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    assert_eq!(sending::rules(tx.link(), one, law).await.expect("usual"), Rules::default());
    let quiet = Quiet { from_minute: 1_260, until_minute: 480, policy: QuietPolicy::Skip };
    for rules in [
        Rules { quiet: Some(quiet), per_minute: 3, per_day: 4 },
        Rules { quiet: None, per_minute: 5, per_day: 6 },
    ] {
        sending::set_rules(tx.link(), one, law, &rules).await.expect("set");
        assert_eq!(sending::rules(tx.link(), one, law).await.expect("its own"), rules);
        let judges = sending::judges(tx.link(), &[(one, law)]).await.expect("one");
        assert_eq!((judges.len(), judges[0].rules, judges[0].account_id), (1, rules, law));
    }
}

pub(crate) async fn counters_and_references(db: &Db) {
    let (one, other) = (tenant(db, "one").await, tenant(db, "other").await);
    let mut tx = db.begin().await.expect("a transaction");
    let purse = |tenant_id, window: i64| Purse {
        tenant_id,
        name: "account 1 sms minute".to_owned(),
        window_at: at(window),
    };
    let asked = [(purse(one, 0), 3), (purse(other, 0), 1)];
    assert_eq!(spend(tx.link(), &asked).await.expect("sums"), [3, 1]);
    let asked = [(purse(one, 0), -1), (purse(one, 60), 5)];
    assert_eq!(spend(tx.link(), &asked).await.expect("sums"), [2, 5]);
    assert_eq!(spending::forget(tx.link(), at(60)).await.expect("forgotten"), 2);

    let (carrier, id) = ("smsc", "ABC");
    let reference = CarrierReference { carrier, id, tenant_id: one, delivery_id: DeliveryId(7) };
    let none = references::insert_all(tx.link(), &[reference], at(5)).await.expect("kept");
    assert_eq!(none, []);
    let newer = CarrierReference { delivery_id: DeliveryId(8), ..reference };
    references::insert_all(tx.link(), &[newer], at(6)).await.expect("kept");
    let found = references::find(tx.link(), carrier, id).await.expect("asked");
    assert_eq!(found, Some((one, DeliveryId(8))));
    assert_eq!(references::find(tx.link(), "another", id).await.expect("asked"), None);
    assert_eq!(references::forget(tx.link(), at(7)).await.expect("forgotten"), 1);

    let report = "handset".to_owned();
    let early = EarlyReport { carrier: carrier.to_owned(), id: "B".to_owned(), report };
    references::keep_early(tx.link(), &early, at(8)).await.expect("kept");
    assert_eq!(references::find(tx.link(), carrier, "B").await.expect("asked"), None);
    let parts = ["B", "C"].map(|id| CarrierReference { id, ..newer });
    let before = references::insert_all(tx.link(), &parts, at(9)).await.expect("kept");
    assert_eq!(before, [early]);
    let whole = (one, DeliveryId(8));
    assert_eq!(references::arrive(tx.link(), carrier, "B", whole).await.expect("a count"), 1);
    assert_eq!(references::arrive(tx.link(), carrier, "B", whole).await.expect("a count"), 1);
    assert_eq!(references::arrive(tx.link(), carrier, "C", whole).await.expect("a count"), 0);
}

pub(crate) async fn texts_and_opt_outs(db: &Db) {
    let (one, other) = (tenant(db, "one").await, tenant(db, "other").await);
    let mut tx = db.begin().await.expect("a transaction");
    let row =
        OptOut { address: "+15615550100".to_owned(), word: "STOP".to_owned(), opted_out_at: at(4) };
    assert!(texts::opt_out(tx.link(), one, &row).await.expect("added"));
    assert!(!texts::opt_out(tx.link(), one, &row).await.expect("there already"));
    assert_eq!(texts::opt_outs(tx.link(), one, 9).await.expect("one"), [row]);
    let phones = [(one, "+15615550100"), (other, "+15615550100"), (one, "+15615550101")];
    let out = texts::opted_out_among(tx.link(), &phones).await.expect("one");
    assert_eq!(out, [(one, "+15615550100".to_owned())]);
    assert!(texts::opt_in(tx.link(), one, "+15615550100").await.expect("removed"));
    assert!(!texts::opt_in(tx.link(), one, "+15615550100").await.expect("gone already"));

    let text = InboundText {
        carrier: "smsc".to_owned(),
        reference: "M1".to_owned(),
        sender: "+15615550100".to_owned(),
        recipient: "+15617819977".to_owned(),
        text: "Stop!".to_owned(),
        meaning: "stop".to_owned(),
        received_at: at(4),
    };
    assert!(texts::receive(tx.link(), one, &text).await.expect("kept").is_some());
    assert!(texts::receive(tx.link(), one, &text).await.expect("handed over twice").is_none());
    let nameless = InboundText { reference: String::new(), ..text.clone() };
    let id = texts::receive(tx.link(), one, &nameless).await.expect("kept").expect("an id");
    for (tenant, meaning) in [(other, "stop"), (one, "acknowledge")] {
        texts::understand(tx.link(), tenant, id, "acknowledge").await.expect("asked");
        let newest = texts::received(tx.link(), one, 1).await.expect("one").remove(0);
        assert_eq!(newest, InboundText { meaning: meaning.to_owned(), ..nameless.clone() });
    }
    assert!(texts::receive(tx.link(), one, &nameless).await.expect("kept again").is_some());
    assert_eq!(texts::received(tx.link(), one, 9).await.expect("all").len(), 3);
    assert_eq!(texts::received(tx.link(), other, 9).await.expect("none"), []);
    assert_eq!(texts::tenants_with_line(tx.link(), "5617819977").await.expect("none"), []);
}

pub(crate) async fn last_runs(db: &Db) {
    let (one, other) = (tenant(db, "one").await, tenant(db, "other").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    let first = rows::insert(tx.link(), &to_do(one, law)).await.expect("a To Do");
    let second = rows::insert(tx.link(), &to_do(one, law)).await.expect("a To Do");
    let idle = rows::insert(tx.link(), &to_do(one, law)).await.expect("a To Do");
    let run = |to_do_id, due_ms| Run {
        id: RunId(0),
        to_do_id,
        due_at: at(due_ms),
        state: RunState::AtDesk,
        reason: String::new(),
        created_at: at(due_ms),
        finished_at: None,
    };
    let all = [run(first, 20), run(first, 10), run(second, 5)];
    let made: Vec<_> = all.iter().map(|run| (one, run)).collect();
    let ids = runs::insert_all(tx.link(), &made).await.expect("runs");
    let last = runs::last_of(tx.link(), one, &[first, second, idle]).await.expect("two");
    let mut due: Vec<_> = last.iter().map(|run| (run.to_do_id, run.due_at)).collect();
    due.sort_unstable();
    assert_eq!(due, [(first, at(20)), (second, at(5))], "one that never ran is missing");
    assert_eq!(runs::last_of(tx.link(), other, &[first]).await.expect("none"), []);

    // What waits for an agent about two of the runs; one of them is over.
    let item = |run_id: RunId| NewItem {
        account_id: law,
        kind: WorkKind::ToDo,
        message_id: None,
        run_id: Some(run_id),
        subject: format!("run:{run_id}"),
        title: "Call Jane".to_owned(),
        detail: String::new(),
        is_urgent: false,
    };
    let (over, waits) = (ids[0].2, ids[1].2);
    let items = [(one, item(over)), (one, item(waits))];
    work_items::raise_all(tx.link(), &items, at(30)).await.expect("raised");
    for (tenant, count) in [(other, 0), (one, 1), (one, 0)] {
        let ended = work_items::settle_runs(tx.link(), &[(tenant, over)], "Gone.", at(40)).await;
        assert_eq!(ended.expect("asked"), count);
    }
    let open = work_items::open(tx.link(), one, 9).await.expect("one");
    assert_eq!(open.iter().map(|item| item.run_id).collect::<Vec<_>>(), [Some(waits)]);
}
