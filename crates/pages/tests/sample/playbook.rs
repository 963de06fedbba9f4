//! The playbook of a heating firm.

use domain::closing::{Action, ClosingGroup, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::limits::MINUTE_MS;
use domain::way::Way;
use domain::{
    AccountId, Channel, ClosingGroupId, Contact, ContactGroup, ContactGroupId, ContactId, Hours,
    LevelId, Playbook, PolicyId, WayId,
};

/// The playbook of a heating firm.
pub(crate) fn book() -> Playbook {
    let account = super::account(2);
    let account_id = account.id;
    let contact = |id, name: &str, title: &str, email: &str, phone: &str| Contact {
        id: ContactId(id),
        account_id,
        name: name.to_owned(),
        title: title.to_owned(),
        email: email.to_owned(),
        phone: phone.to_owned(),
        zone: None,
    };
    let way = |id, contact, channel, address: &str, hours: &str| Way {
        id: WayId(id),
        contact_id: ContactId(contact),
        channel,
        address: address.to_owned(),
        hours: Hours::parse(hours).unwrap_or_default(),
    };
    let mut lines = super::lines();
    lines.retain(|line| line.account_id == account_id);
    Playbook {
        lines,
        contacts: vec![
            contact(12, "Service desk", "", "service@northwind.example", "(954) 555-0177"),
            contact(13, "Karl Winter", "Owner", "karl@northwind.example", "(954) 555-0178"),
            contact(14, "Ines Ferrer", "Technician", "ines@northwind.example", "(954) 555-0179"),
        ],
        ways: vec![
            way(1, 12, Channel::Sms, "+19545550177", "Mon-Fri 08:00-18:00"),
            way(2, 12, Channel::Call, "+19545550199", "18:00-08:00; Sat-Sun 00:00-24:00"),
            way(3, 13, Channel::Sms, "+19545550178", ""),
        ],
        groups: vec![ContactGroup {
            id: ContactGroupId(1),
            account_id,
            name: "Technicians".to_owned(),
            members: vec![ContactId(13), ContactId(14)],
        }],
        policies: vec![policy(account_id)],
        closings: closings(account_id),
        ..Playbook::of(account)
    }
}

fn telling(targets: &[Target], channels: &[Channel], manner: Manner) -> Telling {
    Telling { targets: targets.to_vec(), channels: channels.to_vec(), manner }
}

/// Who is told at night: first the owner, then the technicians.
fn policy(account_id: AccountId) -> Policy {
    let (karl, partners) = (Target::Contact(ContactId(13)), Target::Group(ContactGroupId(1)));
    let first = telling(&[karl], &[Channel::Sms, Channel::Call], Manner::First);
    let second = telling(&[partners, Target::Recipient], &[], Manner::All);
    let level = |id, delay_ms, telling| Level { id: LevelId(id), delay_ms, telling };
    Policy {
        id: PolicyId(4),
        account_id,
        name: "Nights and weekends".to_owned(),
        levels: vec![level(7, 5 * MINUTE_MS, first), level(8, 15 * MINUTE_MS, second)],
        rounds: 2,
        ack_expires_ms: Some(120 * MINUTE_MS),
    }
}

/// What is done with emergencies, and with all others.
fn closings(account_id: AccountId) -> Vec<ClosingGroup> {
    let closing = |id, name: &str, usage, timing, actions| ClosingGroup {
        id: ClosingGroupId(id),
        account_id,
        name: name.to_owned(),
        usage,
        timing,
        actions,
    };
    let to_recipient = telling(&[Target::Recipient], &[], Manner::First);
    let technicians = Target::Group(ContactGroupId(1));
    let to_technicians = telling(&[technicians], &[Channel::Email], Manner::First);
    let office = Action::Copy("office@northwind.example".to_owned());
    let urgent = vec![Action::Tell(to_recipient), office, Action::Escalate(PolicyId(4))];
    let digest = Timing::Digest(vec![12 * 60, 17 * 60]);
    vec![
        closing(1, "Emergency", Usage::Emergency, Timing::AtOnce, urgent),
        closing(2, "No hurry", Usage::Usual, digest, vec![Action::Tell(to_technicians)]),
    ]
}
