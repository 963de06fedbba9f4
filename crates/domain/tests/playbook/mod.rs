//! A law firm's playbook: whom a telling means at an hour, by which way, and what is let out when.

mod checks;
mod closing;
mod telling;

use domain::closing::{Action, ClosingGroup, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::on_call::{Roster, Rotation, Turn};
use domain::playbook::ContactGroup;
use domain::way::Way;
use domain::{
    Account, AccountId, Channel, ClosingGroupId, Contact, ContactGroupId, ContactId, Date, Did,
    DidId, Hours, Instant, LevelId, Playbook, PolicyId, RotationId, TenantId, WayId, Zone,
};

const JANE: ContactId = ContactId(1);
const PAUL: ContactId = ContactId(2);
const MARY: ContactId = ContactId(3);
/// Somebody who left: no longer in the directory.
const GONE: ContactId = ContactId(99);
const NIGHTS: RotationId = RotationId(1);
const PARTNERS: ContactGroupId = ContactGroupId(1);
const URGENT: PolicyId = PolicyId(1);
const MINUTE_MS: i64 = 60_000;

/// A Tuesday, 11:00 in New York.
const MORNING: &str = "2025-01-21T16:00:00Z";
/// That day, 22:00.
const NIGHT: &str = "2025-01-22T03:00:00Z";

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

fn zone(name: &str) -> Zone {
    Zone::named(name).expect("a zone")
}

fn contact(id: ContactId, name: &str, email: &str, phone: &str) -> Contact {
    Contact {
        id,
        account_id: AccountId(1),
        name: name.to_owned(),
        title: String::new(),
        email: email.to_owned(),
        phone: phone.to_owned(),
        zone: None,
    }
}

fn way(contact_id: ContactId, channel: Channel, address: &str, hours: &str) -> Way {
    let hours = Hours::parse(hours).expect("hours");
    Way { id: WayId(1), contact_id, channel, address: address.to_owned(), hours }
}

/// Jane is called by day and texted at any hour; Paul has e-mail and a phone, and no ways of his
/// own; Mary has an address that is none. Paul is on call by the week, Jane and he are partners.
fn book() -> Playbook {
    let mut book = Playbook::of(Account {
        tenant_id: TenantId(1),
        id: AccountId(1),
        number: "4110".to_owned(),
        name: "Hart & Lowe".to_owned(),
        zone: zone("America/New_York"),
        greeting: String::new(),
        facts: String::new(),
        created_at: at("2025-01-01T00:00:00Z"),
    });
    book.contacts = vec![
        contact(JANE, "Jane Hart", "jane@hartlowe.example", "561 555 0101"),
        contact(PAUL, "Paul Lowe", "paul@hartlowe.example", "561 555 0102"),
        contact(MARY, "Mary Ash", "", "ext. 12"),
    ];
    book.ways = vec![
        way(JANE, Channel::Call, "+15615550101", "Mon-Fri 09:00-17:00"),
        way(JANE, Channel::Sms, "+15615550101", ""),
    ];
    book.groups = vec![group("Partners", &[JANE, PAUL])];
    book.rosters = vec![Roster::of(Rotation {
        tenant_id: TenantId(1),
        id: NIGHTS,
        account_id: AccountId(1),
        name: "Nights".to_owned(),
        zone: zone("America/New_York"),
        turn: Turn::Weekly,
        hand_off_minute: 9 * 60,
        starts_on: Date::parse("2025-01-06").expect("a date"),
        members: vec![PAUL],
        hours: Hours::always(),
        fallback: None,
        gap: None,
        revision: 1,
        created_at: at("2025-01-01T00:00:00Z"),
        updated_at: at("2025-01-01T00:00:00Z"),
    })];
    book.policies = vec![policy(vec![to(&[Target::Rotation(NIGHTS)])])];
    book
}

fn group(name: &str, members: &[ContactId]) -> ContactGroup {
    ContactGroup {
        id: PARTNERS,
        account_id: AccountId(1),
        name: name.to_owned(),
        members: members.to_vec(),
    }
}

fn to(targets: &[Target]) -> Telling {
    Telling { targets: targets.to_vec(), channels: Vec::new(), manner: Manner::First }
}

/// A policy whose levels follow each other after five minutes.
fn policy(tellings: Vec<Telling>) -> Policy {
    let level = |(i, telling)| Level { id: LevelId(i), delay_ms: 5 * MINUTE_MS, telling };
    Policy {
        id: URGENT,
        account_id: AccountId(1),
        name: "Urgent".to_owned(),
        levels: (1..).zip(tellings).map(level).collect(),
        rounds: 1,
        ack_expires_ms: None,
    }
}

fn closing(usage: Usage, timing: Timing, actions: Vec<Action>) -> ClosingGroup {
    ClosingGroup {
        id: ClosingGroupId(1),
        account_id: AccountId(1),
        name: "Usual".to_owned(),
        usage,
        timing,
        actions,
    }
}

fn line(id: i64, number: &str) -> Did {
    Did { id: DidId(id), account_id: AccountId(1), number: number.to_owned(), label: String::new() }
}
