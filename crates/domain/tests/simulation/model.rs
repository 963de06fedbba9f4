//! A model of scheduler and delivery: the real decisions, a store that aborts, carriers that lie, two
//! workers that die, a clock that steps. Everything that happens follows from a seed.

use domain::delivery::{Cause, Learned, Outcome, Reach, Route, ServingCarrier, State, decide};
use domain::to_do::{DueVerdict, Misfire, Overlap, Policy, due};
use domain::{AccountId, Channel, Delivery, Instant, RunId, limits};

/// The carriers; the second looks at keys, the others do not.
const CARRIERS: [(&str, bool); 3] = [("one", false), ("two", true), ("three", false)];

/// A small source of chance (splitmix64, public domain, Sebastiano Vigna).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).expect("small")]
    }
}

/// A job: due again when its lease ends, and lost to whoever holds an older fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) due_at: i64,
    pub(crate) fence: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) carrier: String,
    pub(crate) may_double: bool,
    pub(crate) outcome: &'static str,
}

/// A delivery with all that belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) delivery: Delivery,
    pub(crate) job: Option<Job>,
    pub(crate) attempts: Vec<Attempt>,
    /// How often a person got it, whichever carrier brought it.
    pub(crate) arrived: usize,
    /// The carriers that have it, which honour its key from then on.
    pub(crate) known_to: Vec<&'static str>,
}

/// What a worker is about to do. It holds what it read, however old that is.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    Fire(Job),
    Start(usize, Job),
    Send(usize, Job, Delivery),
    Record(usize, Job, Delivery, Outcome),
}

/// An occurrence that came due.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) due_at: i64,
    pub(crate) fired_at: i64,
    pub(crate) row: Option<usize>,
}

/// The world of one history.
pub(crate) struct Model {
    pub(crate) chance: Chance,
    pub(crate) now: i64,
    pub(crate) policy: Policy,
    channel: Channel,
    pub(crate) every_ms: i64,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) next: Option<i64>,
    pub(crate) fire: Option<Job>,
    pub(crate) runs: Vec<Run>,
    pub(crate) rows: Vec<Row>,
    pub(crate) workers: [Option<Work>; 2],
    /// Whether anything goes wrong; at the end of a history nothing does.
    pub(crate) is_rough: bool,
}

fn at(ms: i64) -> Instant {
    Instant::from_ms(ms)
}

fn honours(carrier: &str) -> bool {
    CARRIERS.iter().any(|(name, honours)| *name == carrier && *honours)
}

impl Model {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let channel = chance.pick(&Channel::ALL);
        let usual = Policy::usual(channel);
        let policy = Policy {
            misfire: chance.pick(&[Misfire::RunLate, Misfire::Skip]),
            overlap: chance.pick(&[Overlap::Send, Overlap::Skip]),
            ..usual
        };
        let every_ms = chance.pick(&[limits::MINUTE_MS, 7 * limits::MINUTE_MS, limits::HOUR_MS]);
        let (first, count) = (every_ms, 1 + chance.below(6) as i64);
        Model {
            now: 0,
            policy,
            channel,
            every_ms,
            first,
            last: first + count * every_ms,
            next: Some(first),
            fire: Some(Job { due_at: first, fence: 0 }),
            runs: Vec::new(),
            rows: Vec::new(),
            workers: [None, None],
            is_rough: true,
            chance,
        }
    }

    /// One step: the clock moves, a worker takes its next step or dies, or a carrier reports.
    pub(crate) fn step(&mut self) {
        let rough = self.is_rough;
        match self.chance.below(10) {
            0 => self.now += self.chance.below(limits::LEASE_MS as u64) as i64,
            1 => self.now += self.chance.below(self.every_ms as u64) as i64,
            2 if rough && self.chance.one_in(4) => {
                let back = self.chance.pick(&[limits::HOUR_MS, limits::SECOND_MS]);
                self.now = (self.now - back).max(0);
            }
            2 if !rough => self.skip_to_next_job(),
            3 if rough => {
                let worker = self.chance.below(2) as usize;
                self.workers[worker] = None;
            }
            4 if rough => self.report(),
            5 => self.renew(),
            _ => {
                let worker = self.chance.below(2) as usize;
                self.work(worker);
            }
        }
    }

    fn skip_to_next_job(&mut self) {
        let jobs = self.rows.iter().filter_map(|row| row.job).chain(self.fire);
        self.now = jobs.map(|job| job.due_at).min().map_or(self.now, |due| due.max(self.now));
    }

    /// Whether a transaction happens, and whether its answer is heard.
    fn commits(&mut self) -> (bool, bool) {
        match self.is_rough.then(|| self.chance.below(8)) {
            Some(0) => (false, false),
            Some(1) => (true, false),
            _ => (true, true),
        }
    }

    fn work(&mut self, worker: usize) {
        let step = self.workers[worker].take();
        self.workers[worker] = match step {
            None => self.claim(),
            Some(Work::Fire(job)) => {
                if self.commits().0 {
                    self.fire(job);
                }
                None
            }
            Some(Work::Start(row, job)) => self.start(row, job),
            Some(Work::Send(row, job, delivery)) => {
                let outcome = self.send(row, &delivery);
                Some(Work::Record(row, job, delivery, outcome))
            }
            Some(Work::Record(row, job, delivery, outcome)) => {
                let (happens, heard) = self.commits();
                if happens {
                    self.record(row, job, delivery.clone(), &outcome);
                }
                // Not heard, it is tried again: the fence knows.
                (!heard).then_some(Work::Record(row, job, delivery, outcome))
            }
        };
    }

    fn claim(&mut self) -> Option<Work> {
        let now = self.now;
        let take = |job: &mut Option<Job>| {
            let job = job.as_mut().filter(|job| job.due_at <= now)?;
            *job = Job { due_at: now + limits::LEASE_MS, fence: job.fence + 1 };
            Some(*job)
        };
        let work = match take(&mut self.fire) {
            Some(job) => Some(Work::Fire(job)),
            None => self
                .rows
                .iter_mut()
                .enumerate()
                .find_map(|(i, row)| take(&mut row.job).map(|job| Work::Start(i, job))),
        };
        work.filter(|_| self.commits().1)
    }

    fn renew(&mut self) {
        for work in self.workers.iter().flatten() {
            let (Work::Send(row, held, _) | Work::Record(row, held, ..)) = work else { continue };
            if let Some(job) = self.rows[*row].job.as_mut().filter(|job| job.fence == held.fence) {
                job.due_at = self.now + limits::LEASE_MS;
            }
        }
    }

    fn fire(&mut self, held: Job) {
        let (Some(job), Some(first)) = (self.fire, self.next) else { return };
        if job.fence != held.fence {
            return;
        }
        let is_open = self.rows.iter().any(|row| !row.delivery.state.is_final());
        let (every_ms, last) = (self.every_ms, self.last);
        let next = |from: Instant| Some(from.plus_ms(every_ms)).filter(|at| at.as_ms() <= last);
        let found = due(at(first), at(self.now), &self.policy, is_open, next);
        for occurrence in &found.occurrences {
            let row = (occurrence.verdict == DueVerdict::Run).then(|| self.insert());
            let run = Run { due_at: occurrence.at.as_ms(), fired_at: self.now, row };
            self.runs.push(run);
        }
        self.next = found.next.map(Instant::as_ms);
        let fence = job.fence + 1;
        self.fire = self.next.map(|due_at| Job { due_at, fence });
    }

    fn insert(&mut self) -> usize {
        let cause = Cause::Run(RunId(self.rows.len() as i64));
        let (address, key) = (String::new(), format!("key {}", self.rows.len()));
        let account = AccountId(1);
        let mut delivery =
            Delivery::queued(account, cause, self.channel, address, key, at(self.now));
        delivery.if_unsure = self.policy.if_unsure;
        let job = Some(Job { due_at: self.now, fence: 0 });
        let attempts = Vec::new();
        self.rows.push(Row { delivery, job, attempts, arrived: 0, known_to: Vec::new() });
        self.rows.len() - 1
    }

    /// What `app::deliveries::start_all` does with one delivery.
    fn start(&mut self, row: usize, held: Job) -> Option<Work> {
        let (happens, heard) = self.commits();
        let is_held = self.rows[row].job.is_some_and(|job| job.fence == held.fence);
        if !happens || !is_held {
            return None;
        }
        let mut may_double = !self.rows[row].delivery.pinned.is_empty();
        if self.rows[row].delivery.state == State::Sending {
            may_double = true;
            let mut delivery = self.rows[row].delivery.clone();
            self.close(row, &mut delivery, &Outcome::Unknown(String::new()));
            self.rows[row].delivery = delivery;
        }
        if self.rows[row].delivery.state.is_final() || self.is_over(row) {
            self.rows[row].job = None;
            return None;
        }
        let mut ways = Vec::new();
        for (carrier, _) in CARRIERS {
            let is_shut = self.is_rough && self.chance.one_in(3);
            ways.push(ServingCarrier {
                carrier,
                shut_until: is_shut.then(|| at(self.now + 5_000)),
            });
        }
        match self.rows[row].delivery.route(&ways) {
            Route::Ask(carrier) => {
                may_double &= !honours(carrier);
                let row_mut = &mut self.rows[row];
                row_mut.delivery.state = State::Sending;
                row_mut.delivery.attempts += 1;
                row_mut.delivery.carrier = carrier.to_owned();
                let carrier = carrier.to_owned();
                row_mut.attempts.push(Attempt { carrier, may_double, outcome: "" });
                heard.then(|| Work::Send(row, held, self.rows[row].delivery.clone()))
            }
            Route::Wait(until) => {
                self.postpone(row, until.as_ms());
                None
            }
            route => panic!("there are carriers: {route:?}"),
        }
    }

    fn is_over(&mut self, row: usize) -> bool {
        let delivery = &mut self.rows[row].delivery;
        let is_over = at(self.now) > delivery.expires_at;
        if is_over {
            delivery.state = State::Failed;
        }
        is_over
    }

    fn postpone(&mut self, row: usize, due_at: i64) {
        // A job that is made anew has an id of its own: here, fences that no other one has.
        let attempts = self.rows[row].delivery.attempts;
        let fence = self.rows[row].job.map_or(attempts * 1_000_000, |job| job.fence + 1);
        self.rows[row].job = Some(Job { due_at, fence });
    }

    /// What `Pages::close` does; answers when to try again.
    fn close(&mut self, row: usize, delivery: &mut Delivery, outcome: &Outcome) -> Option<i64> {
        let jitter = self.chance.next();
        let honours = honours(&delivery.carrier);
        let decision = decide(delivery, outcome, honours, at(self.now), jitter);
        let number = usize::try_from(delivery.attempts).expect("small");
        self.rows[row].attempts[number - 1].outcome = outcome.as_str();
        delivery.state = decision.state;
        match outcome {
            Outcome::Sent { reach, .. } => delivery.reach = delivery.reach.max(Some(*reach)),
            Outcome::Unknown(_) if delivery.pinned.is_empty() => {
                delivery.pinned.clone_from(&delivery.carrier);
            }
            _ => {}
        }
        decision.again_at.map(Instant::as_ms)
    }

    /// The carrier takes it, refuses, hangs or answers garbage; and it may have taken it all the same.
    fn send(&mut self, row: usize, delivery: &Delivery) -> Outcome {
        let name = CARRIERS.iter().find(|(name, _)| *name == delivery.carrier).expect("one").0;
        let reason = String::new();
        let (takes, outcome) = match self.chance.below(if self.is_rough { 8 } else { 1 }) {
            0..3 => (true, self.taken()),
            3 => (self.chance.one_in(2), Outcome::Unknown(reason)),
            4 => (false, Outcome::Later { reason, wait_ms: self.chance.below(60_000) as i64 }),
            5 => (false, Outcome::Absent(reason)),
            6 => (false, Outcome::Never(reason)),
            _ => (false, self.taken()),
        };
        let arrival = &mut self.rows[row];
        let knows = honours(name) && arrival.known_to.contains(&name);
        if takes && !knows {
            arrival.arrived += 1;
            arrival.known_to.push(name);
        }
        outcome
    }

    fn taken(&mut self) -> Outcome {
        let reach = self.chance.pick(&[Reach::Carrier, Reach::Carrier, Reach::Person]);
        Outcome::Sent { response: String::new(), reach, references: Vec::new() }
    }

    fn record(&mut self, row: usize, held: Job, mut delivery: Delivery, outcome: &Outcome) {
        if self.rows[row].job.is_none_or(|job| job.fence != held.fence) {
            return;
        }
        let again = self.close(row, &mut delivery, outcome);
        self.rows[row].delivery = delivery;
        match again {
            Some(due_at) => self.postpone(row, due_at),
            None => self.rows[row].job = None,
        }
    }

    /// A carrier reports about something: late, twice, or about nothing.
    fn report(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        let row = self.chance.below(self.rows.len() as u64) as usize;
        let report = match self.chance.below(3) {
            0 => Err(String::new()),
            _ => Ok(self.chance.pick(&Reach::ALL)),
        };
        let now = at(self.now);
        if let Learned::Again(due) = self.rows[row].delivery.learn(&report, now) {
            self.postpone(row, due.as_ms());
        }
    }
}
