//! What is sent by itself, and what became of each time.

use app::to_dos::{Preview, RunDetail, ScheduledToDo};
use domain::delivery::{Cause, Reach, State};
use domain::limits::MINUTE_MS;
use domain::to_do::{RunState, ScheduleEntry, Timing, ToDoEntry};
use domain::{
    Channel, Delivery, DeliveryId, Instant, Playbook, Run, RunId, Schedule, ScheduleId, TenantId,
    ToDo, ToDoId, UserId,
};

use super::messages::attempt;
use super::{account, ago, now, rotations, zone};
use crate::to_dos::ToDoDetail;

/// A text, a mail and a call, the newest first; the call is paused. Each with its last run.
pub(crate) fn to_dos() -> Vec<(ScheduledToDo, Option<Run>)> {
    let entry = |channel: &str, contact: &str, text: &str, schedule| ToDoEntry {
        delivery_type: channel.to_owned(),
        contact: contact.to_owned(),
        message_text: text.to_owned(),
        schedule: Some(schedule),
        ..ToDoEntry::default()
    };
    let plan = |frequency: &str, time: &str, of_week: &[&str], of_month: &[i64]| ScheduleEntry {
        frequency: frequency.to_owned(),
        times: vec![time.to_owned()],
        days: of_week.iter().map(|day| (*day).to_owned()).collect(),
        days_of_month: of_month.to_vec(),
        starts_at: ago(40_000).rfc3339_ms(),
        ..ScheduleEntry::default()
    };
    let weekly = plan("weekly", "9:00 AM", &["Tuesday", "Thursday", "Saturday"], &[]);
    let text = "Check the escrow account.\nReply to the office when it is done.";
    let (monthly, nightly) =
        (plan("monthly", "8:30 AM", &[], &[1, -1]), plan("daily", "9:00 PM", &[], &[]));
    let sms = entry("sms", "Jane Hartwell", text, weekly);
    let mail = ToDoEntry {
        subject: "Monthly report".to_owned(),
        ..entry("email", "office@law.example", "The monthly report is due.", monthly)
    };
    let call = entry("call", "5615550100", "Good evening. Please check the alarm.", nightly);
    let made = [(33, sms, RunState::Sending), (32, mail, RunState::Failed)];
    let mut all: Vec<_> = made
        .into_iter()
        .filter_map(|(id, entry, state)| Some((planned(id, &entry)?, Some(run(id, id, 30, state)))))
        .collect();
    if let Some(mut standing) = planned(31, &call) {
        standing.to_do.paused_at = Some(ago(600));
        all.push((standing, None));
    }
    all
}

/// What an entry makes.
fn planned(id: i64, entry: &ToDoEntry) -> Option<ScheduledToDo> {
    let checked = entry.checked(&zone(), ago(40_000)).ok()?;
    let Timing::Recurring { rule, times, starts_at } = checked.timing else { return None };
    let made = ago(40_000);
    let mut schedule = Schedule {
        id: ScheduleId(id),
        rule,
        times,
        starts_at,
        previous: None,
        next: None,
        created_at: made,
        updated_at: made,
    };
    schedule.next = schedule.recurrence(&zone()).next(now());
    let to_do = ToDo {
        tenant_id: TenantId(1),
        id: ToDoId(id),
        account_id: account(1).id,
        phone_id: None,
        delivery_type: checked.delivery_type,
        instructions: checked.instructions,
        contact: checked.contact,
        message_text: checked.message_text,
        run_at: None,
        from: checked.from,
        subject: checked.subject,
        from_email: checked.from_email,
        sender_name: checked.sender_name,
        policy: checked.policy,
        paused_at: None,
        revision: 1,
        created_by: Some(UserId(4)),
        created_at: made,
        updated_at: made,
    };
    Some(ScheduledToDo { to_do, schedule: Some(schedule), is_sending: id == 33 })
}

fn run(id: i64, to_do: i64, minutes: i64, state: RunState) -> Run {
    Run {
        id: RunId(id),
        to_do_id: ToDoId(to_do),
        due_at: ago(minutes),
        state,
        reason: String::new(),
        created_at: ago(minutes),
        finished_at: None,
    }
}

/// The first To Do with a history of every kind.
pub(crate) fn to_do() -> Option<ToDoDetail> {
    let (standing, _) = to_dos().into_iter().next()?;
    let sent = |run: i64, state: State, reach: Option<Reach>| {
        let (to, key) = ("+15615550100".to_owned(), format!("{run}"));
        let (of, cause) = (account(1).id, Cause::Run(RunId(run)));
        let queued = Delivery::queued(of, cause, Channel::Sms, to, key, ago(30));
        let (id, recipient, carrier) = (DeliveryId(77), "Jane Hartwell".into(), "first".into());
        Delivery { id, recipient, carrier, state, reach, attempts: 1, ..queued }
    };
    let detail =
        |run: Run, delivery, next_try: Option<Instant>| RunDetail { run, delivery, next_try };
    let first = attempt(1, 30, "later", "No answer came.", false);
    let again = attempt(2, 29, "sent", "", true);
    let soon = Some(now().plus_ms(2 * MINUTE_MS));
    let late = sent(41, State::Queued, None);
    let there = sent(40, State::Sent, Some(Reach::Handset));
    let kept = sent(39, State::Captured, None);
    let skipped = Run {
        reason: "The run before it was still being sent.".to_owned(),
        ..run(38, 33, 14_400, RunState::Skipped)
    };
    let runs = vec![
        detail(run(41, 33, 30, RunState::Sending), Some((late, vec![first.clone()])), soon),
        detail(run(40, 33, 4_320, RunState::Sent), Some((there, vec![first, again])), None),
        detail(run(39, 33, 7_200, RunState::Captured), Some((kept, Vec::new())), None),
        detail(skipped, None, None),
    ];
    let schedule = standing.schedule.as_ref()?.recurrence(&zone());
    let preview = Preview {
        sentence: schedule.sentence(),
        occurrences: schedule.occurrences(now()).take(5).collect(),
    };
    let contacts = rotations().into_iter().next()?.people;
    let mut lines = super::lines();
    lines.truncate(1);
    let book = Playbook { contacts, lines, ..Playbook::of(account(1)) };
    Some(ToDoDetail { standing, book: book.into(), preview, runs, has_more: true, before: None })
}

/// The same, paused, to somebody who is not in the directory and before its first run.
pub(crate) fn paused() -> Option<ToDoDetail> {
    let mut detail = to_do()?;
    let (standing, _) = to_dos().into_iter().next_back()?;
    detail.standing = standing;
    detail.standing.to_do.contact = "Nobody in the directory".to_owned();
    (detail.runs, detail.has_more) = (Vec::new(), false);
    Some(detail)
}
