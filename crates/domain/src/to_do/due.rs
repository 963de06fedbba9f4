//! Occurrences that are due: which one runs, which are skipped, and why.

use super::{Misfire, Overlap, Policy};
use crate::{Instant, limits};

/// An occurrence that came due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The occurrence.
    pub at: Instant,
    /// Whether it runs.
    pub verdict: DueVerdict,
}

/// Whether an occurrence runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueVerdict {
    /// It is sent.
    Run,
    /// It is not sent; why, in a sentence.
    Skip(String),
}

/// All that one look at a To Do decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The occurrences that are dealt with, oldest first: at most [`limits::CAUGHT_UP`].
    pub occurrences: Vec<Occurrence>,
    /// When to look again; not after `now` if more are due than one look deals with.
    pub next: Option<Instant>,
}

/// Judges the occurrences from `first` to `now`; `next` gives the one after another. `is_open` says
/// whether an earlier run is still being sent.
///
/// However long nobody looked, at most one runs, the last: a text that was to come every minute
/// does not come sixty times after an hour. The others are written down as missed.
pub fn due(
    first: Instant,
    now: Instant,
    policy: &Policy,
    is_open: bool,
    next: impl Fn(Instant) -> Option<Instant>,
) -> Due {
    let mut occurrences = Vec::new();
    let mut coming = Some(first).filter(|first| *first <= now);
    while let Some(at) = coming.filter(|at| *at <= now)
        && occurrences.len() < limits::CAUGHT_UP
    {
        let verdict =
            DueVerdict::Skip("It was missed, and a later one was due as well.".to_owned());
        occurrences.push(Occurrence { at, verdict });
        coming = next(at);
    }
    if occurrences.is_empty() {
        return Due { occurrences, next: Some(first) };
    }
    let is_last = coming.is_none_or(|at| at > now);
    if let Some(last) = occurrences.last_mut().filter(|_| is_last) {
        last.verdict = judge(last.at, now, policy, is_open);
    }
    Due { occurrences, next: coming }
}

fn judge(at: Instant, now: Instant, policy: &Policy, is_open: bool) -> DueVerdict {
    let late_ms = now.ms_since(at);
    if late_ms > limits::PUNCTUAL_MS {
        if policy.misfire == Misfire::Skip {
            let late = span(late_ms);
            return DueVerdict::Skip(format!("It was missed: nobody ran it until {late} later."));
        }
        if late_ms > policy.grace_ms {
            let (late, grace) = (span(late_ms), span(policy.grace_ms));
            let reason = format!("It was missed: {late} late is more than its grace of {grace}.");
            return DueVerdict::Skip(reason);
        }
    }
    if is_open && policy.overlap == Overlap::Skip {
        return DueVerdict::Skip("The run before it was still being sent.".to_owned());
    }
    DueVerdict::Run
}

/// A length of time in one unit: `90 seconds`, `3 hours`, `2 days`.
fn span(ms: i64) -> String {
    let (n, unit) = match ms {
        0..120_000 => (ms / limits::SECOND_MS, "second"),
        120_000..7_200_000 => (ms / limits::MINUTE_MS, "minute"),
        7_200_000..172_800_000 => (ms / limits::HOUR_MS, "hour"),
        _ => (ms / limits::DAY_MS, "day"),
    };
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Channel;

    const HOUR: i64 = limits::HOUR_MS;

    /// Hourly from 0 on: what a look at `now_ms` finds, as `run`/`skip` letters, and the next look.
    fn check(policy: Policy, is_open: bool, now_ms: i64, verdicts: &str, next_ms: i64) {
        let hourly = |at: Instant| Some(at.plus_ms(HOUR));
        let found = due(Instant::from_ms(0), Instant::from_ms(now_ms), &policy, is_open, hourly);
        let letters: String = found
            .occurrences
            .iter()
            .map(|occurrence| if occurrence.verdict == DueVerdict::Run { 'r' } else { 's' })
            .collect();
        assert_eq!((letters.as_str(), found.next), (verdicts, Some(Instant::from_ms(next_ms))));
    }

    #[test]
    fn at_most_the_last_of_those_missed_runs() {
        let usual = Policy::usual(Channel::Sms);
        check(usual, false, -1, "", 0);
        check(usual, false, 0, "r", HOUR);
        check(usual, false, HOUR - 1, "r", HOUR);
        check(usual, false, 3 * HOUR, "sssr", 4 * HOUR);
        check(Policy { grace_ms: HOUR / 2, ..usual }, false, HOUR - 1, "s", HOUR);
        check(Policy { misfire: Misfire::Skip, ..usual }, false, HOUR / 2, "s", HOUR);
        check(Policy { misfire: Misfire::Skip, ..usual }, false, 3 * HOUR, "sssr", 4 * HOUR);
        check(usual, true, 0, "s", HOUR);
        check(Policy { overlap: Overlap::Send, ..usual }, true, 0, "r", HOUR);
    }

    #[test]
    fn a_long_absence_is_caught_up_in_pieces_and_only_the_last_runs() {
        let usual = Policy::usual(Channel::Sms);
        let most = i64::try_from(limits::CAUGHT_UP).expect("small");
        let now = (most + 3) * HOUR;
        check(usual, false, now, &"s".repeat(limits::CAUGHT_UP), most * HOUR);
    }

    #[test]
    fn the_reasons_are_sentences() {
        let reason = |late_ms| match judge(
            Instant::from_ms(0),
            Instant::from_ms(late_ms),
            &Policy::usual(Channel::Sms),
            false,
        ) {
            DueVerdict::Skip(reason) => reason,
            DueVerdict::Run => String::new(),
        };
        let said = "It was missed: 3 hours late is more than its grace of 60 minutes.";
        assert_eq!(reason(3 * HOUR), said);
        assert_eq!(span(90_000), "90 seconds");
        assert_eq!(span(3 * limits::DAY_MS), "3 days");
        assert_eq!(span(1_000), "1 second");
    }
}
