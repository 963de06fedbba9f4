//! Occurrences that are due: each gets its run, and what is to be sent its delivery, many at once.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use domain::delivery::Cause;
use domain::to_do::{Address, DueVerdict, Occurrence, RunState, due, resolve};
use domain::{
    Account, AccountId, Contact, Delivery, Did, Instant, Job, JobId, JobKind, Recurrence, Run,
    RunId, TenantId, ToDo, ToDoId, limits,
};
use store::Tx;
use store::jobs::NewJob;
use store::to_dos::{ScheduleAdvance, ScheduledToDo};

use super::repair::letter;
use super::work;
use crate::{App, Result, work_queue};

/// Deals with To Dos whose jobs are due, in one transaction: writes a run for each occurrence, a
/// delivery with its job for each that is sent, and moves the schedules and their jobs on. Answers
/// how many deliveries there are now to make.
///
/// A To Do that was deleted or moved meanwhile has lost its job, and nothing is done about it.
#[crate::boxed]
pub async fn fire_all(app: &App, jobs: &[Job]) -> Result<usize> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let ids: Vec<(TenantId, ToDoId)> =
        jobs.iter().map(|job| (job.tenant_id, ToDoId(job.subject_id))).collect();
    // To Dos are locked before their jobs, as by whoever changes one: no two wait for each other.
    let found = store::to_dos::find_all_to_fire(tx.link(), &ids).await?;
    let jobs = store::jobs::hold(tx.link(), jobs).await?;
    if jobs.is_empty() {
        return Ok(0);
    }
    let place = FiringGround::load(&mut tx, &found).await?;
    let mut firing = Firing { app, now, place, pages: FiringRows::default() };
    let mut found: HashMap<ToDoId, ScheduledToDo> =
        found.into_iter().map(|standing| (standing.to_do.id, standing)).collect();
    for job in &jobs {
        let standing = found.remove(&ToDoId(job.subject_id));
        match standing.filter(|standing| standing.to_do.tenant_id == job.tenant_id) {
            Some(standing) => firing.fire(&mut tx, job, &standing).await?,
            None => firing.pages.finished.push(job.id),
        }
    }
    let sent = firing.write(&mut tx).await?;
    tx.commit().await?;
    Ok(sent)
}

/// What firing many To Dos takes, loaded once for all of them.
struct FiringGround {
    accounts: HashMap<AccountId, Account>,
    /// To Dos of which a run is still being sent.
    open: HashSet<ToDoId>,
    directories: HashMap<AccountId, Vec<Contact>>,
    /// The first line of each account.
    lines: HashMap<AccountId, Did>,
}

/// What is to be written in one transaction.
#[derive(Default)]
struct FiringRows {
    runs: Vec<(TenantId, Run)>,
    /// Deliveries of the runs by To Do and occurrence, which get their run's id when it has one.
    deliveries: Vec<(TenantId, ToDoId, Instant, Delivery)>,
    /// Runs that an agent works, by To Do and occurrence.
    worked: Vec<(ToDo, Instant)>,
    advances: Vec<ScheduleAdvance>,
    finished: Vec<JobId>,
    postponed: Vec<(JobId, Instant)>,
}

struct Firing<'a> {
    app: &'a App,
    now: Instant,
    place: FiringGround,
    pages: FiringRows,
}

impl FiringGround {
    async fn load(tx: &mut Tx, found: &[ScheduledToDo]) -> Result<Self> {
        let of = |standing: &ScheduledToDo| (standing.to_do.tenant_id, standing.to_do.account_id);
        let mut accounts: Vec<(TenantId, AccountId)> = found.iter().map(of).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let ids: Vec<(TenantId, ToDoId)> =
            found.iter().map(|standing| (standing.to_do.tenant_id, standing.to_do.id)).collect();
        let mut lines: HashMap<AccountId, Did> = HashMap::new();
        for line in store::accounts::lines_of_any_tenant(tx.link(), &accounts).await? {
            // Oldest first: the first one stays.
            lines.entry(line.account_id).or_insert(line);
        }
        let accounts = store::accounts::of_any_tenant(tx.link(), &accounts).await?;
        Ok(FiringGround {
            accounts: accounts.into_iter().map(|account| (account.id, account)).collect(),
            open: store::runs::open_among(tx.link(), &ids).await?.into_iter().collect(),
            directories: HashMap::new(),
            lines,
        })
    }
}

impl Firing<'_> {
    async fn fire(&mut self, tx: &mut Tx, job: &Job, standing: &ScheduledToDo) -> Result<()> {
        let to_do = &standing.to_do;
        let account = self.place.accounts.get(&to_do.account_id).cloned();
        let first = standing.schedule.as_ref().map_or(to_do.run_at, |schedule| schedule.next);
        let (Some(account), Some(first)) = (account, first) else {
            self.pages.finished.push(job.id);
            return Ok(());
        };
        if self.pages.runs.len() >= limits::RUNS_AT_ONCE {
            // It stays due: the next transaction deals with it.
            self.pages.postponed.push((job.id, first));
            return Ok(());
        }
        let schedule = standing.schedule.as_ref();
        let recurrence: Option<Recurrence> =
            schedule.map(|schedule| schedule.recurrence(&account.zone));
        let next = |at| recurrence.as_ref().and_then(|recurrence| recurrence.next(at));
        let is_open = self.place.open.contains(&to_do.id);
        let found = due(first, self.now, &to_do.policy, is_open, next);
        for occurrence in &found.occurrences {
            self.occur(tx, to_do, &account, occurrence).await?;
        }
        if let (Some(last), Some(_)) = (found.occurrences.last(), schedule) {
            let (tenant_id, to_do_id) = (to_do.tenant_id, to_do.id);
            let advance =
                ScheduleAdvance { tenant_id, to_do_id, previous: last.at, next: found.next };
            self.pages.advances.push(advance);
        }
        match found.next {
            Some(at) => self.pages.postponed.push((job.id, at)),
            None => self.pages.finished.push(job.id),
        }
        Ok(())
    }

    /// Writes the run of an occurrence, and its delivery if it is to be sent and has an address.
    async fn occur(
        &mut self,
        tx: &mut Tx,
        to_do: &ToDo,
        account: &Account,
        occurrence: &Occurrence,
    ) -> Result<()> {
        let now = self.now;
        let ended = |state, reason: String| (state, reason, Some(now));
        let (state, reason, finished_at) = match &occurrence.verdict {
            DueVerdict::Skip(reason) => ended(RunState::Skipped, reason.clone()),
            DueVerdict::Run if to_do.to_work().is_some() => {
                self.pages.worked.push((to_do.clone(), occurrence.at));
                (RunState::AtDesk, work::WAITS.to_owned(), None)
            }
            DueVerdict::Run => match self.address(tx, to_do).await? {
                Err(reason) => ended(RunState::Failed, reason),
                Ok(address) => {
                    // Its account's first line, where it does not say what it comes from.
                    let line = self.place.lines.get(&to_do.account_id);
                    let key = self.app.entropy.uuid();
                    let delivery = letter(to_do, account, line, address, key, now);
                    let row = (to_do.tenant_id, to_do.id, occurrence.at, delivery);
                    self.pages.deliveries.push(row);
                    (RunState::Sending, String::new(), None)
                }
            },
        };
        let run = Run {
            id: RunId(0),
            to_do_id: to_do.id,
            due_at: occurrence.at,
            state,
            reason,
            created_at: self.now,
            finished_at,
        };
        self.pages.runs.push((to_do.tenant_id, run));
        Ok(())
    }

    /// The address of a To Do's contact. The directory is read only where the text itself is none.
    async fn address(
        &mut self,
        tx: &mut Tx,
        to_do: &ToDo,
    ) -> Result<std::result::Result<Address, String>> {
        if let Ok(address) = resolve(&to_do.contact, to_do.delivery_type, &[]) {
            return Ok(Ok(address));
        }
        let account = to_do.account_id;
        let directory = match self.place.directories.entry(account) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                place.insert(store::accounts::contacts(tx.link(), to_do.tenant_id, account).await?)
            }
        };
        Ok(resolve(&to_do.contact, to_do.delivery_type, directory))
    }

    /// Writes all of it, and answers how many deliveries there are to make.
    async fn write(self, tx: &mut Tx) -> Result<usize> {
        let FiringRows { runs, mut deliveries, worked, advances, finished, postponed } = self.pages;
        let rows: Vec<(TenantId, &Run)> = runs.iter().map(|(tenant, run)| (*tenant, run)).collect();
        let made = store::runs::insert_all(tx.link(), &rows).await?;
        let made: HashMap<(ToDoId, Instant), RunId> =
            made.into_iter().map(|(to_do, at, id)| ((to_do, at), id)).collect();
        let ended = runs.iter().filter(|(_, run)| run.finished_at.is_some());
        let named = |(tenant, run): &(TenantId, Run)| {
            made.get(&(run.to_do_id, run.due_at)).map(|id| (*tenant, *id))
        };
        let ended: Vec<(TenantId, RunId)> = ended.filter_map(named).collect();
        crate::webhooks::ran(tx, &ended, self.now).await?;
        let raised = worked.iter().filter_map(|(to_do, at)| {
            let run = made.get(&(to_do.id, *at))?;
            Some((to_do.tenant_id, work::item(to_do, *run)))
        });
        work_queue::raise_all(tx, raised.collect(), self.now).await?;
        // An occurrence that had its run already is not sent a second time.
        deliveries.retain_mut(|(_, to_do, at, delivery)| match made.get(&(*to_do, *at)) {
            Some(run) => {
                delivery.cause = Cause::Run(*run);
                true
            }
            None => false,
        });
        let rows: Vec<(TenantId, &Delivery)> =
            deliveries.iter().map(|(tenant, _, _, delivery)| (*tenant, delivery)).collect();
        let ids = store::deliveries::insert_all(tx.link(), &rows).await?;
        let jobs: Vec<NewJob> = deliveries
            .iter()
            .zip(ids)
            .map(|((tenant_id, _, _, delivery), id)| NewJob {
                tenant_id: *tenant_id,
                kind: JobKind::Deliver(delivery.channel),
                subject_id: id.0,
                due_at: self.now,
            })
            .collect();
        store::jobs::set_all(tx.link(), &jobs).await?;
        store::to_dos::advance_all(tx.link(), &advances).await?;
        store::jobs::finish(tx.link(), &finished).await?;
        store::jobs::postpone(tx.link(), &postponed).await?;
        Ok(jobs.len())
    }
}
