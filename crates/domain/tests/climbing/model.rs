//! A model of the escalation of one message: the real decisions, a store whose transactions abort,
//! two workers that die, people who acknowledge, close, reopen, pass on and edit the policy.
//! Everything that happens follows from a seed.

use domain::account::Contact;
use domain::escalation::{Level, Manner, Phase, Policy, Target, Telling};
use domain::limits::{LEASE_MS, MINUTE_MS};
use domain::{
    Account, AccountId, ActivityKind, Channel, ContactId, Escalation, Instant, LevelId, Message,
    MessageId, Playbook, PolicyId, Status, TenantId, Zone,
};

/// A small source of chance (splitmix64, public domain, Sebastiano Vigna).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// A job: due again when its lease ends, and lost to whoever holds an older fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) due_at: i64,
    fence: i64,
}

/// All that transactions change: an aborted one leaves the state as it was.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) message: Message,
    pub(crate) escalation: Escalation,
    pub(crate) job: Option<Job>,
    pub(crate) fences: i64,
    pub(crate) log: Vec<(i64, ActivityKind)>,
    /// The tellings that somebody was told by: the instant, and the number.
    pub(crate) told: Vec<(i64, i64)>,
    /// Whether it stands in the work queue.
    pub(crate) is_queued: bool,
}

/// The world of one history.
pub(crate) struct Model {
    chance: Chance,
    pub(crate) now: i64,
    pub(crate) state: State,
    book: Playbook,
    next_level: i64,
    workers: [Option<Job>; 2],
    /// Whether transactions abort and workers die; at the end of a history none do.
    is_rough: bool,
    /// Turns taken too early, which must not be: how many milliseconds.
    pub(crate) early_ms: i64,
}

fn at(ms: i64) -> Instant {
    Instant::from_ms(ms)
}

fn person(id: i64) -> Contact {
    Contact {
        id: ContactId(id),
        account_id: AccountId(1),
        name: format!("Person {id}"),
        title: String::new(),
        email: String::new(),
        phone: format!("+1561555010{id}"),
        zone: None,
    }
}

impl Model {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let account = Account {
            tenant_id: TenantId(1),
            id: AccountId(1),
            number: "1".to_owned(),
            name: "Law".to_owned(),
            zone: Zone::utc(),
            greeting: String::new(),
            facts: String::new(),
            created_at: at(0),
        };
        let mut book = Playbook::of(account);
        book.contacts = (1..=3).map(person).collect();
        let count = 1 + chance.below(3) as i64;
        let policy = Policy {
            id: PolicyId(1),
            account_id: AccountId(1),
            name: "After hours".to_owned(),
            levels: (1..=count).map(|id| level(&mut chance, id)).collect(),
            rounds: 1 + chance.below(3) as i64,
            ack_expires_ms: chance.one_in(2).then_some(10 * MINUTE_MS),
        };
        let blank = Message::blank(TenantId(1), AccountId(1), String::new(), at(0));
        let mut message = Message { id: MessageId(1), ..blank };
        let (escalation, _) = Escalation::begin(&mut message, &policy, at(0));
        let job = message.next_escalation_at.map(|due| Job { due_at: due.as_ms(), fence: 0 });
        book.policies = vec![policy];
        let log = vec![(0, ActivityKind::Taken), (0, ActivityKind::EscalationBegun)];
        let (fences, is_queued) = (0, false);
        let told = vec![(0, 1)];
        let state = State { message, escalation, job, fences, log, told, is_queued };
        Model {
            chance,
            now: 0,
            state,
            book,
            next_level: count + 1,
            workers: [None, None],
            is_rough: true,
            early_ms: 0,
        }
    }

    /// One step: the clock moves, a worker takes its next step or dies, or somebody does something.
    pub(crate) fn step(&mut self) {
        match self.chance.below(16) {
            0..=2 => self.now += self.chance.below(3 * MINUTE_MS as u64) as i64,
            3 => self.now += self.chance.below(LEASE_MS as u64 * 2) as i64,
            4..=10 => self.work(),
            11 => self.person(|state, policy, now| {
                settle(state, policy, now, Status::Acknowledged, ActivityKind::Acknowledged);
            }),
            12 => self.person(|state, policy, now| {
                settle(state, policy, now, Status::Closed, ActivityKind::Closed);
            }),
            13 => self.person(|state, policy, now| {
                let back = state.message.status_unsettled();
                if state.message.status.is_settled() {
                    settle(state, policy, now, back, ActivityKind::Reopened);
                }
            }),
            14 => self.person(|state, policy, now| {
                if state.escalation.hurry(&mut state.message, policy, at(now)) {
                    state.set_job(now);
                } else if state.escalation.phase == Phase::Exhausted
                    && !state.message.status.is_settled()
                {
                    state.escalation.restart(&mut state.message, policy, at(now));
                    state.log.push((now, ActivityKind::Handled));
                    state.is_queued = false;
                    state.set_job(now);
                }
            }),
            _ => self.edit(),
        }
    }

    /// The policy's levels, as they now stand.
    pub(crate) fn policy_levels(&self) -> Vec<i64> {
        self.book.policies.iter().flat_map(|it| &it.levels).map(|level| level.id.0).collect()
    }

    /// Lets it end without further trouble; answers whether it did.
    pub(crate) fn settle_down(&mut self) -> bool {
        self.is_rough = false;
        self.workers = [None, None];
        for _ in 0..400 {
            let Some(job) = self.state.job else { return true };
            self.now = self.now.max(job.due_at);
            self.work();
        }
        false
    }

    /// A worker claims the job if it is due, or takes the turn that it claimed.
    fn work(&mut self) {
        let which = usize::try_from(self.chance.below(2)).expect("small");
        match self.workers[which].take() {
            None => {
                if self.state.job.is_some_and(|job| job.due_at <= self.now) {
                    self.state.fences += 1;
                    let claimed = Job { due_at: self.now + LEASE_MS, fence: self.state.fences };
                    self.state.job = Some(claimed);
                    self.workers[which] = Some(claimed);
                }
            }
            // It dies before its transaction.
            Some(_) if self.is_rough && self.chance.one_in(6) => {}
            Some(held) => self.turn(held),
        }
    }

    fn turn(&mut self, held: Job) {
        let mut state = self.state.clone();
        if state.job.is_none_or(|job| job.fence != held.fence) {
            return;
        }
        let due = state.message.next_escalation_at.map_or(self.now, Instant::as_ms);
        let climb = self.book.climb(&mut state.escalation, &mut state.message, at(self.now));
        for moment in &climb.moments {
            state.log.extend(moment.event.iter().map(|event| (self.now, event.kind)));
            if !moment.notices.is_empty() {
                state.told.push((self.now, moment.telling));
            }
        }
        let policy_is_there = !self.book.policies.is_empty();
        if !climb.moments.is_empty() && policy_is_there && due > self.now {
            self.early_ms = self.early_ms.max(due - self.now);
        }
        state.is_queued |= climb.exhausted.is_some();
        state.fences += 1;
        let fence = state.fences;
        state.job = climb.again_at.map(|again| Job { due_at: again.as_ms(), fence });
        if !(self.is_rough && self.chance.one_in(6)) {
            self.state = state;
        }
    }

    /// Somebody does something, in one transaction.
    fn person(&mut self, what: impl FnOnce(&mut State, Option<&Policy>, i64)) {
        let mut state = self.state.clone();
        what(&mut state, self.book.policies.first(), self.now);
        if !(self.is_rough && self.chance.one_in(6)) {
            self.state = state;
        }
    }

    /// A supervisor edits the policy, removes it, or takes somebody out of the directory.
    fn edit(&mut self) {
        let id = self.next_level;
        let kind = self.chance.below(8);
        let Some(policy) = self.book.policies.first_mut() else { return };
        match kind {
            0..=2 if policy.levels.len() > 1 => {
                let which = self.chance.below(policy.levels.len() as u64);
                policy.levels.remove(usize::try_from(which).expect("small"));
            }
            3..=5 => {
                let place = self.chance.below(policy.levels.len() as u64 + 1);
                let level = level(&mut self.chance, id);
                policy.levels.insert(usize::try_from(place).expect("small"), level);
                self.next_level += 1;
            }
            6 if !self.book.contacts.is_empty() => {
                self.book.contacts.pop();
            }
            7 if self.chance.one_in(4) => {
                self.book.policies.clear();
                let phase = self.state.escalation.phase;
                if matches!(phase, Phase::Climbing | Phase::Resuming) {
                    self.state.set_job(self.now);
                }
            }
            _ => {}
        }
    }
}

impl State {
    fn set_job(&mut self, due_at: i64) {
        self.fences += 1;
        self.job = Some(Job { due_at, fence: self.fences });
    }
}

/// Somebody sets the status: what follows is what the application does about it.
fn settle(
    state: &mut State,
    policy: Option<&Policy>,
    now: i64,
    status: Status,
    event: ActivityKind,
) {
    if state.message.status == status {
        return;
    }
    state.message.status = status;
    state.log.push((now, event));
    if status.is_settled() {
        state.is_queued = false;
    }
    if let Some(due) = state.escalation.follow(&mut state.message, policy, at(now)) {
        state.set_job(due.as_ms());
    }
}

fn level(chance: &mut Chance, id: i64) -> Level {
    let target = Target::Contact(ContactId(1 + chance.below(3) as i64));
    Level {
        id: LevelId(id),
        delay_ms: (1 + chance.below(5) as i64) * MINUTE_MS,
        telling: Telling {
            targets: vec![target],
            channels: vec![Channel::Sms],
            manner: Manner::First,
        },
    }
}
