//! The playbook: all that an account has set about its messages, and whom that means at an instant.
//!
//! The engine and the simulator both read it, so that what is foreseen is what then happens.

mod check;
mod climb;
mod foresee;

use crate::closing::ClosingGroup;
use crate::escalation::{Manner, Policy, Target, Telling};
use crate::on_call::Roster;
use crate::way::{Way, implied};
use crate::{
    Account, Channel, Contact, ContactGroupId, ContactId, Did, Instant, Message, PolicyId, Wording,
    Zone,
};

pub use climb::{Climb, Closing, Moment};
pub use foresee::{Foreseen, Foresight};

/// All that an account has set about its messages, as it stands now.
#[derive(Clone, Debug)]
pub struct Playbook {
    /// The account.
    pub account: Account,
    /// Its lines, oldest first: the first one is what texts and calls come from.
    pub lines: Vec<Did>,
    /// Its directory.
    pub contacts: Vec<Contact>,
    /// Their own ways to be reached, in each contact's order.
    pub ways: Vec<Way>,
    /// Its groups of contacts.
    pub groups: Vec<ContactGroup>,
    /// Its on-call rotations.
    pub rosters: Vec<Roster>,
    /// Its escalation policies.
    pub policies: Vec<Policy>,
    /// What it wants done when an agent finishes.
    pub closings: Vec<ClosingGroup>,
    /// Its own words.
    pub wording: Wording,
}

/// Several contacts who are told together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactGroup {
    /// Its identifier.
    pub id: ContactGroupId,
    /// The account that it belongs to.
    pub account_id: crate::AccountId,
    /// What people call it.
    pub name: String,
    /// Its members, in order.
    pub members: Vec<ContactId>,
}

/// Somebody who is to be told now, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The person; `None` for an address of the office.
    pub contact_id: Option<ContactId>,
    /// The person's name.
    pub name: String,
    /// How.
    pub channel: Channel,
    /// Where.
    pub address: String,
    /// Why this person: `on call in Nights`, `in Partners`; `""` if named as such.
    pub through: String,
}

/// Whom a telling reaches at an instant, and whom it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TellingPlan {
    /// Who is told.
    pub notices: Vec<Notice>,
    /// Why somebody is not, in sentences.
    pub missing: Vec<String>,
}

impl Playbook {
    /// The playbook of an account that has set nothing.
    pub fn of(account: Account) -> Self {
        Playbook {
            account,
            lines: Vec::new(),
            contacts: Vec::new(),
            ways: Vec::new(),
            groups: Vec::new(),
            rosters: Vec::new(),
            policies: Vec::new(),
            closings: Vec::new(),
            wording: Wording::default(),
        }
    }

    /// A person of the directory.
    pub fn contact(&self, id: ContactId) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.id == id)
    }

    /// A policy.
    pub fn policy(&self, id: PolicyId) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// The clock that a person lives by.
    pub fn zone(&self, contact: &Contact) -> Zone {
        contact.zone.clone().unwrap_or_else(|| self.account.zone.clone())
    }

    /// The line that texts and calls about a message come from.
    pub fn line(&self, message: &Message) -> Option<&Did> {
        let dialled = self.lines.iter().find(|line| Some(line.id) == message.did_id);
        dialled.or_else(|| self.lines.first())
    }

    /// Its lines as people list them.
    pub fn lines_by_number(&self) -> Vec<&Did> {
        let mut lines: Vec<&Did> = self.lines.iter().collect();
        lines.sort_by(|one, other| one.number.cmp(&other.number));
        lines
    }

    /// The ways to reach a person, in order: its own, or those that follow from its e-mail and phone.
    pub fn ways_of(&self, contact: &Contact) -> Vec<Way> {
        let own: Vec<Way> =
            self.ways.iter().filter(|way| way.contact_id == contact.id).cloned().collect();
        if own.is_empty() { implied(contact) } else { own }
    }

    /// Whom a telling means at an instant, and how each is reached.
    pub fn tell(
        &self,
        telling: &Telling,
        recipient: Option<ContactId>,
        at: Instant,
    ) -> TellingPlan {
        let mut told = TellingPlan::default();
        let mut people: Vec<(&Contact, String)> = Vec::new();
        for target in &telling.targets {
            match self.people(*target, recipient, at) {
                Ok(found) => {
                    for (contact, through) in found {
                        if people.iter().all(|(known, _)| known.id != contact.id) {
                            people.push((contact, through));
                        }
                    }
                }
                Err(why) => told.missing.push(why),
            }
        }
        for (contact, through) in people {
            let ways = self.open_ways(contact, &telling.channels, at, &[]);
            let used = match telling.manner {
                Manner::First => &ways[..ways.len().min(1)],
                Manner::All => &ways[..],
            };
            if used.is_empty() {
                told.missing.push(self.unreachable(contact, &telling.channels));
            }
            told.notices.extend(used.iter().map(|way| notice(contact, way, &through)));
        }
        told
    }

    /// The next way to a person of which some ways were tried already; `None` if none is left.
    pub fn next_way(
        &self,
        contact: ContactId,
        channels: &[Channel],
        at: Instant,
        tried: &[(Channel, &str)],
    ) -> Option<Notice> {
        let contact = self.contact(contact)?;
        let ways = self.open_ways(contact, channels, at, tried);
        ways.first().map(|way| notice(contact, way, ""))
    }

    fn open_ways(
        &self,
        contact: &Contact,
        channels: &[Channel],
        at: Instant,
        tried: &[(Channel, &str)],
    ) -> Vec<Way> {
        let zone = self.zone(contact);
        let mut ways = self.ways_of(contact);
        ways.retain(|way| {
            (channels.is_empty() || channels.contains(&way.channel))
                && way.is_open(at, &zone)
                && !tried.contains(&(way.channel, way.address.as_str()))
        });
        ways
    }

    fn unreachable(&self, contact: &Contact, channels: &[Channel]) -> String {
        let ways = self.ways_of(contact);
        let fits = |way: &Way| channels.is_empty() || channels.contains(&way.channel);
        match ways.iter().any(fits) {
            true => format!("No way to reach {} is open at this hour.", contact.name),
            false => format!("{} has no address for it in the directory.", contact.name),
        }
    }

    /// The people whom a target means, each with why; or why it means nobody.
    fn people(
        &self,
        target: Target,
        recipient: Option<ContactId>,
        at: Instant,
    ) -> Result<Vec<(&Contact, String)>, String> {
        const GONE: &str = "is no longer in the directory.";
        let person = |id: ContactId| self.contact(id);
        match target {
            Target::Recipient => match recipient {
                None => Err("The message is for nobody in particular.".to_owned()),
                Some(id) => match person(id) {
                    Some(contact) => Ok(vec![(contact, String::new())]),
                    None => Err(format!("The person that it is for {GONE}")),
                },
            },
            Target::Contact(id) => match person(id) {
                Some(contact) => Ok(vec![(contact, String::new())]),
                None => Err(format!("A person whom the policy names {GONE}")),
            },
            Target::Rotation(id) => {
                let Some(roster) = self.rosters.iter().find(|roster| roster.rotation.id == id)
                else {
                    return Err("An on-call rotation that the policy names is gone.".to_owned());
                };
                let name = &roster.rotation.name;
                let on_call = roster.on_call(at).contact_id.and_then(person);
                match on_call {
                    Some(contact) => Ok(vec![(contact, format!("on call in {name}"))]),
                    None => Err(format!("Nobody is on call in {name}.")),
                }
            }
            Target::Group(id) => {
                let Some(group) = self.groups.iter().find(|group| group.id == id) else {
                    return Err("A group that the policy names is gone.".to_owned());
                };
                let members = group.members.iter().filter_map(|id| person(*id));
                let members: Vec<(&Contact, String)> =
                    members.map(|contact| (contact, format!("in {}", group.name))).collect();
                match members.is_empty() {
                    true => Err(format!("Nobody is in {}.", group.name)),
                    false => Ok(members),
                }
            }
        }
    }
}

fn notice(contact: &Contact, way: &Way, through: &str) -> Notice {
    Notice {
        contact_id: Some(contact.id),
        name: contact.name.clone(),
        channel: way.channel,
        address: way.address.clone(),
        through: through.to_owned(),
    }
}
