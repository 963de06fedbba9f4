//! Closing action groups: what an account wants done when an agent finishes a message.

use crate::escalation::Telling;
use crate::{AccountId, ClosingGroupId, Instant, PolicyId, Zone};

/// What an account wants done with a message, by a name that agents choose by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingGroup {
    /// Its identifier; what the API calls `closing_action_group_id`.
    pub id: ClosingGroupId,
    /// The account that it belongs to.
    pub account_id: AccountId,
    /// What agents choose it by.
    pub name: String,
    /// Which messages it is for, where the agent does not choose.
    pub usage: Usage,
    /// When it is done.
    pub timing: Timing,
    /// What is done, in this order.
    pub actions: Vec<Action>,
}

/// Which messages a group is for, where the agent does not choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Usage {
    /// All that no other group is for.
    Usual,
    /// Emergencies.
    Emergency,
    /// Those for which the agent chooses it.
    Chosen,
}

impl Usage {
    /// All of them.
    pub const ALL: [Usage; 3] = [Usage::Usual, Usage::Emergency, Usage::Chosen];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Usage::Usual => "usual",
            Usage::Emergency => "emergency",
            Usage::Chosen => "chosen",
        }
    }

    /// The usage with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|usage| usage.as_str() == word)
    }
}

/// When a group's actions are done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timing {
    /// As soon as the message is saved, or at the time that the agent was asked to hold it until.
    AtOnce,
    /// Together with others, at these minutes of the account's day, sorted. Emergencies do not wait.
    Digest(Vec<u16>),
}

impl Timing {
    /// The next digest after `now`, on the account's clock; `None` where nothing waits for one.
    pub fn next_digest(&self, now: Instant, zone: &Zone) -> Option<Instant> {
        let Timing::Digest(minutes) = self else { return None };
        let today = zone.date(now);
        let days = [Some(today), today.next(), today.plus_days(2)];
        days.into_iter()
            .flatten()
            .flat_map(|date| minutes.iter().map(move |minute| zone.at_minute(date, *minute)))
            .filter(|at| *at > now)
            .min()
    }
}

/// One thing that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// People are told.
    Tell(Telling),
    /// A copy goes to an e-mail address of the account's office.
    Copy(String),
    /// It is escalated until somebody acknowledges it.
    Escalate(PolicyId),
}

/// The group that a message is closed with: the one that the agent chose, else the one that the
/// account has for such messages. `None`: the recipient is told, by the first way that is open.
pub fn choose(
    groups: &[ClosingGroup],
    chosen: Option<ClosingGroupId>,
    is_emergency: bool,
) -> Option<&ClosingGroup> {
    let of = |usage: Usage| groups.iter().find(move |group| group.usage == usage);
    let picked = chosen.and_then(|id| groups.iter().find(|group| group.id == id));
    let urgent = if is_emergency { of(Usage::Emergency) } else { None };
    picked.or(urgent).or_else(|| of(Usage::Usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(id: i64, usage: Usage) -> ClosingGroup {
        ClosingGroup {
            id: ClosingGroupId(id),
            account_id: AccountId(1),
            name: String::new(),
            usage,
            timing: Timing::AtOnce,
            actions: Vec::new(),
        }
    }

    #[test]
    fn the_most_fitting_group_is_chosen() {
        let groups = [group(1, Usage::Usual), group(2, Usage::Chosen), group(3, Usage::Emergency)];
        let check = |chosen: Option<i64>, urgent, expected: Option<i64>| {
            let got = choose(&groups, chosen.map(ClosingGroupId), urgent).map(|group| group.id.0);
            assert_eq!(got, expected, "{chosen:?} {urgent}");
        };
        check(None, false, Some(1));
        check(None, true, Some(3));
        check(Some(2), true, Some(2));
        check(Some(9), false, Some(1));
        assert_eq!(choose(&[], None, true), None);
    }

    #[test]
    fn digests_are_due_at_the_accounts_hours() {
        let zone = Zone::named("America/New_York").expect("a zone");
        let at = |text| Instant::parse(text).expect("an instant");
        let check = |minutes: &[u16], now, next| {
            let timing = Timing::Digest(minutes.to_vec());
            assert_eq!(timing.next_digest(at(now), &zone), Some(at(next)), "{now}");
        };
        let (noon, five) = (12 * 60, 17 * 60);
        check(&[noon, five], "2025-01-21T16:00:00Z", "2025-01-21T17:00:00Z");
        check(&[noon, five], "2025-01-21T17:00:00Z", "2025-01-21T22:00:00Z");
        check(&[noon, five], "2025-01-21T22:00:00Z", "2025-01-22T17:00:00Z");
        // The clocks go forward at two; half past two is not there: half past three.
        check(&[150], "2025-03-09T06:00:00Z", "2025-03-09T07:30:00Z");
        assert_eq!(Timing::AtOnce.next_digest(at("2025-01-21T16:00:00Z"), &zone), None);
    }
}
