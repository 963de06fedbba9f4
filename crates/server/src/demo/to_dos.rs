//! To Dos of the demo, with some weeks of runs behind them.

use domain::delivery::{Cause, Reach, State};
use domain::to_do::{Policy, RunState, ScheduleEntry, Timing, ToDoEntry, resolve};
use domain::{
    Account, Attempt, Channel, Contact, Delivery, DidId, Instant, JobKind, Run, RunId, Schedule,
    ScheduleId, ToDo, ToDoId, UserId, limits,
};
use store::Tx;
use store::jobs::NewJob;
use store::to_dos::ScheduleAdvance;

use super::chance::Chance;
use crate::Failure;

/// Days that its runs go back.
const DAYS: i64 = 21;

/// A To Do of the demo.
pub(crate) struct Plan {
    /// The account's number.
    pub(crate) account: &'static str,
    channel: Channel,
    contact: &'static str,
    text: &'static str,
    subject: &'static str,
    /// Frequency, interval, weekdays, days of the month, times of day.
    rule: (&'static str, i64, &'static [&'static str], &'static [i64], &'static [&'static str]),
    is_paused: bool,
}

/// All of them.
pub(crate) const PLANS: [Plan; 7] = [
    Plan {
        account: "4110",
        channel: Channel::Sms,
        contact: "Jane Hart",
        text: "Jane, the on-call list for next week is due at noon. Reply to the office, please.",
        subject: "",
        rule: ("weekly", 1, &["Friday"], &[], &["9:00 AM"]),
        is_paused: false,
    },
    Plan {
        account: "4110",
        channel: Channel::Email,
        contact: "frontdesk@hartlowe.example",
        text: "Good morning.\n\nPlease send us this month's court dates, so that our agents know \
               when nobody can be reached.",
        subject: "Court dates of this month",
        rule: ("monthly", 1, &[], &[1, 15], &["8:30 AM"]),
        is_paused: false,
    },
    Plan {
        account: "4110",
        channel: Channel::Call,
        contact: "Robert Lowe",
        text: "Good evening. This is your reminder to set the voicemail before you leave.",
        subject: "",
        rule: ("weekly", 1, &["Mon", "Tue", "Wed", "Thu", "Fri"], &[], &["5:45 PM"]),
        is_paused: true,
    },
    Plan {
        account: "2070",
        channel: Channel::Sms,
        contact: "Mike Novak",
        text: "Mike: which technician is on call tonight? Text the name to this number.",
        subject: "",
        rule: ("daily", 1, &[], &[], &["3:00 PM"]),
        is_paused: false,
    },
    Plan {
        account: "2070",
        channel: Channel::Email,
        contact: "Warehouse",
        text: "Please count the filters on the shelf and answer with the number.",
        subject: "Filters on the shelf",
        rule: ("weekly", 2, &["Monday"], &[], &["7:30 AM"]),
        is_paused: false,
    },
    Plan {
        account: "3350",
        channel: Channel::Call,
        contact: "Dr. Anita Patel",
        text: "Good evening, Doctor Patel. You are on call until ten. Press one to confirm.",
        subject: "",
        rule: ("weekly", 1, &["Tuesday", "Thursday"], &[], &["5:00 PM"]),
        is_paused: false,
    },
    Plan {
        account: "7001",
        channel: Channel::Sms,
        contact: "(415) 555-0187",
        text: "Night check: are all animals fed and the doors locked?",
        subject: "",
        rule: ("daily", 1, &[], &[], &["6:00 PM", "9:30 PM"]),
        is_paused: false,
    },
];

impl Plan {
    /// Writes it with all that happened until now, as if `by` had made it some weeks ago.
    pub(crate) async fn write(
        &self,
        tx: &mut Tx,
        (account, line): (&Account, Option<DidId>),
        directory: &[Contact],
        by: UserId,
        now: Instant,
        chance: &mut Chance,
    ) -> Result<(), Failure> {
        let failed = |error| Failure::run("the demo's To Dos cannot be written", error);
        let made_at = now.minus_ms(DAYS * limits::DAY_MS);
        let timing = self.schedule(made_at).checked(&account.zone, made_at);
        let Timing::Recurring { rule, times, starts_at } =
            timing.map_err(app::Error::Invalid)?.timing
        else {
            return Ok(());
        };
        let mut to_do = self.to_do(account, by, made_at, now);
        to_do.phone_id = line.filter(|_| self.channel != Channel::Email);
        let tenant = to_do.tenant_id;
        to_do.id = store::to_dos::insert(tx.link(), &to_do).await.map_err(failed)?;
        let mut schedule = Schedule {
            id: ScheduleId(0),
            rule,
            times,
            starts_at,
            previous: None,
            next: None,
            created_at: made_at,
            updated_at: made_at,
        };
        let recurrence = schedule.recurrence(&account.zone);
        let past: Vec<Instant> =
            recurrence.occurrences(made_at).take_while(|at| *at < now).collect();
        schedule.next = recurrence.next(now).filter(|_| !self.is_paused);
        store::to_dos::set_schedule(tx.link(), tenant, to_do.id, &schedule)
            .await
            .map_err(failed)?;
        for at in &past {
            self.happened(tx, &to_do, directory, *at, now, chance).await.map_err(failed)?;
        }
        if let Some(previous) = past.last() {
            let (previous, next) = (*previous, schedule.next);
            let advance = ScheduleAdvance { tenant_id: tenant, to_do_id: to_do.id, previous, next };
            store::to_dos::advance_all(tx.link(), &[advance]).await.map_err(failed)?;
        }
        if let Some(due_at) = schedule.next {
            let (kind, subject_id) = (JobKind::Fire, to_do.id.0);
            let job = NewJob { tenant_id: tenant, kind, subject_id, due_at };
            store::jobs::set(tx.link(), job).await.map_err(failed)?;
        }
        Ok(())
    }

    fn schedule(&self, made_at: Instant) -> ToDoEntry {
        let (frequency, interval, days, days_of_month, times) = self.rule;
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        ToDoEntry {
            delivery_type: self.channel.as_str().to_owned(),
            contact: self.contact.to_owned(),
            message_text: self.text.to_owned(),
            schedule: Some(ScheduleEntry {
                frequency: frequency.to_owned(),
                interval: Some(interval),
                days: owned(days),
                days_of_month: days_of_month.to_vec(),
                times: owned(times),
                starts_at: made_at.rfc3339_ms(),
                ..ScheduleEntry::default()
            }),
            ..ToDoEntry::default()
        }
    }

    fn to_do(&self, account: &Account, by: UserId, made_at: Instant, now: Instant) -> ToDo {
        ToDo {
            tenant_id: account.tenant_id,
            id: ToDoId(0),
            account_id: account.id,
            phone_id: None,
            delivery_type: self.channel,
            instructions: None,
            contact: self.contact.to_owned(),
            message_text: self.text.to_owned(),
            run_at: None,
            from: None,
            subject: Some(self.subject.to_owned()).filter(|subject| !subject.is_empty()),
            from_email: None,
            sender_name: None,
            policy: Policy::usual(self.channel),
            paused_at: self.is_paused.then(|| now.minus_ms(2 * limits::DAY_MS)),
            revision: 1,
            created_by: Some(by),
            created_at: made_at,
            updated_at: made_at,
        }
    }

    /// What became of one occurrence.
    async fn happened(
        &self,
        tx: &mut Tx,
        to_do: &ToDo,
        directory: &[Contact],
        due_at: Instant,
        now: Instant,
        chance: &mut Chance,
    ) -> Result<(), store::Error> {
        let mut run = Run {
            id: RunId(0),
            to_do_id: to_do.id,
            due_at,
            state: RunState::Sent,
            reason: String::new(),
            created_at: due_at,
            finished_at: Some(due_at.plus_ms(chance.between(400, 4_000))),
        };
        if to_do.paused_at.is_some_and(|paused| paused < due_at) {
            return Ok(());
        }
        if chance.percent(4) {
            run.state = RunState::Skipped;
            run.reason = "The run before it was still being sent.".to_owned();
        }
        let found = resolve(self.contact, self.channel, directory);
        let found = match found {
            Ok(found) if run.state == RunState::Sent => Some(found),
            Ok(_) => None,
            Err(reason) => {
                (run.state, run.reason) = (RunState::Failed, reason);
                None
            }
        };
        let Some(found) = found else {
            store::runs::insert_all(tx.link(), &[(to_do.tenant_id, &run)]).await?;
            return Ok(());
        };
        let (id, key) = (to_do.account_id, format!("demo-{}-{}", to_do.id, due_at.as_ms()));
        let mut delivery =
            Delivery::queued(id, Cause::Reply, self.channel, found.address, key, due_at);
        delivery.recipient = found.recipient;
        delivery.contact_id = found.contact_id;
        delivery.subject = self.subject.to_owned();
        delivery.body = self.text.to_owned();
        // The last day was without carriers, as the demo is; before, there were some.
        let is_captured = now.ms_since(due_at) < 2 * limits::DAY_MS;
        let attempts = self.tried(&mut delivery, is_captured, due_at, chance);
        run.state = RunState::of(delivery.state);
        let ids = store::runs::insert_all(tx.link(), &[(to_do.tenant_id, &run)]).await?;
        let Some((_, _, run_id)) = ids.first() else { return Ok(()) };
        delivery.cause = Cause::Run(*run_id);
        let id = store::deliveries::insert(tx.link(), to_do.tenant_id, &delivery).await?;
        let rows: Vec<_> = attempts.iter().map(|attempt| (to_do.tenant_id, id, attempt)).collect();
        store::attempts::insert_all(tx.link(), &rows).await
    }

    fn tried(
        &self,
        delivery: &mut Delivery,
        is_captured: bool,
        due_at: Instant,
        chance: &mut Chance,
    ) -> Vec<Attempt> {
        let carrier = match self.channel {
            Channel::Email => "mail",
            Channel::Sms => "text trunk",
            Channel::Call => "voice trunk",
        };
        let outcomes: &[(&str, &str)] = match self.channel {
            _ if is_captured => &[("captured", "")],
            Channel::Call if chance.percent(15) => {
                &[("absent", "The line was busy."), ("sent", "")]
            }
            Channel::Sms if chance.percent(10) => {
                &[("unknown", "The connection broke before an answer came."), ("sent", "")]
            }
            _ => &[("sent", "")],
        };
        let mut attempts: Vec<Attempt> = Vec::new();
        for (number, (outcome, detail)) in (1..).zip(outcomes) {
            let started_at = due_at.plus_ms(chance.between(100, 900) + (number - 1) * 120_000);
            attempts.push(Attempt {
                number,
                carrier: if is_captured { String::new() } else { carrier.to_owned() },
                may_double: attempts.iter().any(|before| before.outcome == "unknown"),
                started_at,
                finished_at: Some(started_at.plus_ms(chance.between(80, 900))),
                outcome: (*outcome).to_owned(),
                detail: (*detail).to_owned(),
            });
            delivery.attempts = number;
            delivery.updated_at = started_at;
        }
        delivery.state = if is_captured { State::Captured } else { State::Sent };
        if !is_captured {
            carrier.clone_into(&mut delivery.carrier);
            delivery.reach = Some(match self.channel {
                Channel::Email => Reach::Carrier,
                Channel::Sms => Reach::Handset,
                Channel::Call if chance.percent(20) => Reach::Machine,
                Channel::Call if chance.percent(50) => Reach::Person,
                Channel::Call => Reach::Acknowledged,
            });
        }
        attempts
    }
}
