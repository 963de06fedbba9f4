//! Checks of what somebody wants to keep in a playbook: every fault at once, by its field.

use std::collections::HashSet;

use super::{ContactGroup, Playbook};
use crate::closing::{Action, ClosingGroup, Timing, Usage};
use crate::escalation::{Policy, Target, Telling};
use crate::user::{check_email, check_line};
use crate::{Invalid, limits};

impl Playbook {
    /// Checks a group of contacts; faults are named `name` and `members`.
    pub fn check_group(&self, group: &ContactGroup) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        check_name(&mut invalid, &group.name);
        let taken = self.groups.iter().any(|it| it.id != group.id && it.name == group.name);
        invalid.require(!taken, "name", "is taken");
        invalid.require(!group.members.is_empty(), "members", "must be at least one");
        invalid.require(group.members.len() <= limits::TARGETS, "members", "must be at most 50");
        let distinct: HashSet<_> = group.members.iter().collect();
        invalid.require(distinct.len() == group.members.len(), "members", "must differ");
        let known = group.members.iter().all(|id| self.contact(*id).is_some());
        invalid.require(known, "members", "must be in this account's directory");
        invalid.or(())
    }

    /// Checks a policy; faults are named `name`, `rounds`, `ack_expires`, `levels.{i}.{field}`.
    pub fn check_policy(&self, policy: &Policy) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        check_name(&mut invalid, &policy.name);
        let taken = self.policies.iter().any(|it| it.id != policy.id && it.name == policy.name);
        invalid.require(!taken, "name", "is taken");
        let rounds = (1..=limits::ROUNDS).contains(&policy.rounds);
        invalid.require(rounds, "rounds", "must be 1 to 20");
        let holds = (limits::MINUTE_MS..=limits::ACK_LONGEST_MS)
            .contains(&policy.ack_expires_ms.unwrap_or(limits::MINUTE_MS));
        invalid.require(holds, "ack_expires", "must be 1 minute to 30 days, or empty");
        let count = (1..=limits::LEVELS).contains(&policy.levels.len());
        invalid.require(count, "levels", "must be 1 to 20");
        for (i, level) in policy.levels.iter().enumerate() {
            let path = format!("levels.{i}");
            let waits = 10 * limits::SECOND_MS..=limits::LEVEL_DELAY_LONGEST_MS;
            let rule = "must be 10 seconds to 7 days";
            invalid.require(waits.contains(&level.delay_ms), &format!("{path}.delay"), rule);
            self.check_telling(&mut invalid, &path, &level.telling, true);
        }
        invalid.or(())
    }

    /// Checks a closing action group; faults are named `name`, `usage`, `times`,
    /// `actions.{i}.{field}`.
    pub fn check_closing(&self, group: &ClosingGroup) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        check_name(&mut invalid, &group.name);
        let mut others = self.closings.iter().filter(|it| it.id != group.id);
        invalid.require(others.clone().all(|it| it.name != group.name), "name", "is taken");
        let alone = group.usage == Usage::Chosen || others.all(|it| it.usage != group.usage);
        invalid.require(alone, "usage", "is what another group is for already");
        let is_digest = matches!(group.timing, Timing::Digest(_));
        if let Timing::Digest(minutes) = &group.timing {
            let sound = (1..=24).contains(&minutes.len())
                && minutes.is_sorted_by(|a, b| a < b)
                && minutes.iter().all(|minute| *minute < 24 * 60);
            invalid.require(sound, "times", "must be 1 to 24 different times of the day");
        }
        let count = (1..=limits::ACTIONS).contains(&group.actions.len());
        invalid.require(count, "actions", "must be 1 to 20");
        let mut escalates = 0;
        for (i, action) in group.actions.iter().enumerate() {
            let path = format!("actions.{i}");
            match action {
                Action::Tell(telling) => {
                    self.check_telling(&mut invalid, &path, telling, !is_digest);
                }
                Action::Copy(address) => {
                    if let Err(rule) = check_email(address) {
                        invalid.add(format!("{path}.address"), rule);
                    }
                }
                Action::Escalate(id) => {
                    escalates += 1;
                    let path = format!("{path}.policy");
                    let known = self.policy(*id).is_some();
                    invalid.require(known, &path, "must be a policy of this account");
                    invalid.require(escalates == 1, &path, "must be the only escalation");
                    invalid.require(!is_digest, &path, "must not stand in a digest");
                }
            }
        }
        invalid.or(())
    }

    fn check_telling(&self, invalid: &mut Invalid, path: &str, telling: &Telling, named: bool) {
        let at = format!("{path}.targets");
        let count = (1..=limits::TARGETS).contains(&telling.targets.len());
        invalid.require(count, &at, "must be 1 to 50");
        let distinct: HashSet<_> = telling.targets.iter().collect();
        invalid.require(distinct.len() == telling.targets.len(), &at, "must differ");
        let known = |target: &Target| match target {
            Target::Recipient => true,
            Target::Contact(id) => self.contact(*id).is_some(),
            Target::Rotation(id) => self.rosters.iter().any(|it| it.rotation.id == *id),
            Target::Group(id) => self.groups.iter().any(|it| it.id == *id),
        };
        invalid.require(telling.targets.iter().all(known), &at, "must be of this account");
        let to_one = telling.targets.contains(&Target::Recipient);
        let rule = "must not name the recipient: a digest is of several messages";
        invalid.require(named || !to_one, &at, rule);
    }

    /// What would go wrong with a policy at an instant, in sentences: levels that would tell nobody.
    pub fn warnings(&self, policy: &Policy, at: crate::Instant) -> Vec<String> {
        let mut warnings = Vec::new();
        for (i, level) in policy.levels.iter().enumerate() {
            let only_recipient = level.telling.targets == [Target::Recipient];
            let told = self.tell(&level.telling, None, at);
            if told.notices.is_empty() && !only_recipient {
                let why = told.missing.join(" ");
                warnings.push(format!("Level {} would tell nobody now. {why}", i + 1));
            }
        }
        warnings
    }
}

fn check_name(invalid: &mut Invalid, name: &str) {
    check_line(invalid, "name", name);
    invalid.require(!name.trim().is_empty(), "name", "must not be empty");
}
