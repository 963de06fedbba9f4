//! The playbooks of the demo's law firm and heating company.

use app::{Actor, App, playbooks};
use domain::closing::{Action, ClosingGroup, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::limits::MINUTE_MS;
use domain::way::WayEntry;
use domain::{
    AccountId, Channel, ClosingGroupId, ContactGroup, ContactGroupId, ContactId, LevelId, Playbook,
    PolicyId, Wording,
};

use super::heating::HEATING;
use super::law::LAW;
use crate::Failure;

/// Channel, address, hours.
type Way = (&'static str, &'static str, &'static str);

/// The playbook of one account, by the names of its people.
struct Wanted {
    number: &'static str,
    /// A person, and the ways.
    ways: &'static [(&'static str, &'static [Way])],
    /// The group that the second level tells.
    group: (&'static str, &'static [&'static str]),
    /// The policy's name, who is told first where no rotation is, and minutes before the second
    /// level and the end.
    policy: (&'static str, &'static str, [i64; 2]),
    /// Where a copy of emergencies goes.
    office: &'static str,
    /// The digest's name, whom it goes to, and the minutes of its day.
    digest: Option<(&'static str, &'static str, &'static [u16])>,
    /// Its own words for a text.
    sms: &'static str,
}

const WANTED: [Wanted; 2] = [
    Wanted {
        number: LAW.number,
        ways: &[
            (
                "Jane Hart",
                &[
                    ("sms", "(561) 555-0101", ""),
                    ("call", "(561) 555-0101", "18:00-08:00; Sat-Sun 00:00-24:00"),
                    ("email", "jane@hartlowe.example", "Mon-Fri 08:30-17:30"),
                ],
            ),
            (
                "Robert Lowe",
                &[
                    ("email", "robert@hartlowe.example", "Mon-Fri 08:30-17:30"),
                    ("sms", "(561) 555-0102", "07:00-22:00"),
                ],
            ),
        ],
        group: ("Partners", &["Jane Hart", "Robert Lowe"]),
        policy: ("Arrests and court dates", "Jane Hart", [5, 15]),
        office: "frontdesk@hartlowe.example",
        digest: Some(("No hurry", "Front desk", &[12 * 60, 17 * 60])),
        sms: "{EMERGENCY}A message waits for you at {ACCOUNT}. Reply {CODE} to take charge of it.",
    },
    Wanted {
        number: HEATING.number,
        ways: &[(
            "Tanya Brooks",
            &[("sms", "(312) 555-0112", ""), ("call", "(312) 555-0112", "Mon-Sat 07:00-21:00")],
        )],
        group: ("Managers", &["Tanya Brooks", "Mike Novak"]),
        policy: ("No heat, gas, alarms", "Mike Novak", [5, 10]),
        office: "dispatch@northside-heating.example",
        digest: None,
        sms: "",
    },
];

/// Gives an account its playbook, if it has some and does not have them yet.
pub(crate) async fn ensure(app: &App, owner: &Actor, account: AccountId) -> Result<(), Failure> {
    let book = app::playbooks::find(app, owner, account).await?;
    let mut all = WANTED.iter();
    let Some(wanted) = all.find(|wanted| wanted.number == book.account.number) else {
        return Ok(());
    };
    if !book.closings.is_empty() {
        return Ok(());
    }
    for (name, ways) in wanted.ways {
        let Some(id) = person(&book, name) else { continue };
        let entry = |(channel, address, hours): &Way| WayEntry {
            channel: (*channel).to_owned(),
            address: (*address).to_owned(),
            hours: (*hours).to_owned(),
        };
        let entries: Vec<WayEntry> = ways.iter().map(entry).collect();
        playbooks::set_ways(app, owner, account, id, &entries).await?;
    }
    let (name, members) = wanted.group;
    let group = ContactGroup {
        id: ContactGroupId(0),
        account_id: account,
        name: name.to_owned(),
        members: members.iter().filter_map(|name| person(&book, name)).collect(),
    };
    let group = playbooks::keep_group(app, owner, group).await?;
    let policy = policy(wanted, &book, group.id);
    let policy = playbooks::keep_policy(app, owner, policy).await?;
    close(app, owner, wanted, &book, policy.id).await?;
    let wording = Wording { sms: wanted.sms.to_owned(), ..Wording::default() };
    playbooks::set_wording(app, owner, account, wording).await?;
    Ok(())
}

fn person(book: &Playbook, name: &str) -> Option<ContactId> {
    book.contacts.iter().find(|contact| contact.name == name).map(|contact| contact.id)
}

fn telling(targets: Vec<Target>, channels: &[Channel], manner: Manner) -> Telling {
    Telling { targets, channels: channels.to_vec(), manner }
}

fn policy(wanted: &Wanted, book: &Playbook, group: ContactGroupId) -> Policy {
    let (name, first, minutes) = wanted.policy;
    let mut rosters = book.rosters.iter().map(|roster| &roster.rotation);
    let rotation = rosters.find(|rotation| rotation.name.starts_with("Nights"));
    let rotation = rotation.map(|rotation| Target::Rotation(rotation.id));
    let first = rotation.or_else(|| person(book, first).map(Target::Contact));
    let first = telling(first.into_iter().collect(), &[Channel::Sms, Channel::Call], Manner::First);
    let second = telling(vec![Target::Group(group)], &[], Manner::All);
    let level = |minutes: i64, telling| {
        let delay_ms = minutes * MINUTE_MS;
        Level { id: LevelId(0), delay_ms, telling }
    };
    Policy {
        id: PolicyId(0),
        account_id: book.account.id,
        name: name.to_owned(),
        levels: vec![level(minutes[0], first), level(minutes[1], second)],
        rounds: 2,
        ack_expires_ms: None,
    }
}

async fn close(
    app: &App,
    owner: &Actor,
    wanted: &Wanted,
    book: &Playbook,
    policy: PolicyId,
) -> Result<(), Failure> {
    let group = |name: &str, usage, timing, actions| ClosingGroup {
        id: ClosingGroupId(0),
        account_id: book.account.id,
        name: name.to_owned(),
        usage,
        timing,
        actions,
    };
    let urgent = vec![Action::Copy(wanted.office.to_owned()), Action::Escalate(policy)];
    let urgent = group("Emergency", Usage::Emergency, Timing::AtOnce, urgent);
    playbooks::keep_closing(app, owner, urgent).await?;
    if let Some((name, whom, minutes)) = wanted.digest {
        let whom = person(book, whom).map(Target::Contact).into_iter().collect();
        let action = Action::Tell(telling(whom, &[Channel::Email], Manner::First));
        let timing = Timing::Digest(minutes.to_vec());
        let digest = group(name, Usage::Chosen, timing, vec![action]);
        playbooks::keep_closing(app, owner, digest).await?;
    }
    Ok(())
}
