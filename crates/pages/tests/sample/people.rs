//! Who signs in, who is on call, and the keys of programs.

use app::on_call::RotationDetail;
use app::users::Member;
use domain::limits::HOUR_MS;
use domain::on_call::{Override, Roster, RotationEntry};
use domain::token::{Key, KeyLimits};
use domain::{
    AccountId, Contact, ContactId, KeyId, OverrideId, Role, RotationId, TenantId, User, UserId,
};

use super::{account, ago, now};

/// A client of each firm, one of whom may no longer sign in, an owner, an agent, a supervisor.
pub(crate) fn members() -> Vec<Member> {
    let member = |id, name: &str, email: &str, role, accounts: &[i64]| Member {
        user: User {
            tenant_id: TenantId(1),
            id: UserId(id),
            email: email.to_owned(),
            name: name.to_owned(),
            username: String::new(),
            role,
            is_disabled: id == 5,
            created_at: ago(500_000),
        },
        accounts: accounts.iter().map(|id| AccountId(*id)).collect(),
    };
    vec![
        member(4, "Jane Hartwell", "jane@hartwell.example", Role::Client, &[1]),
        member(5, "Karl Winter", "karl@northwind.example", Role::Client, &[2]),
        member(1, "Olivia Stone", "olivia@harbor.example", Role::Owner, &[]),
        member(3, "Rosa Delgado", "rosa@harbor.example", Role::Agent, &[]),
        member(2, "Samir Haddad", "samir@harbor.example", Role::Supervisor, &[]),
    ]
}

/// A key in use, one that ends, one that ended.
pub(crate) fn keys() -> Vec<Key> {
    let key = |id, name: &str, prefix: &str, minutes| Key {
        id: KeyId(id),
        user_id: UserId(4),
        name: name.to_owned(),
        prefix: prefix.to_owned(),
        created_at: ago(minutes),
        expires_at: None,
        last_used_at: None,
        last_used_from: String::new(),
        limits: Default::default(),
        revoked_at: None,
    };
    let limits = "read-only; accounts 1; addresses 203.0.113.0/24; resources messages on-call";
    let used = Key {
        limits: KeyLimits::parse(limits).expect("limits"),
        last_used_at: Some(ago(2)),
        last_used_from: "203.0.113.24".to_owned(),
        ..key(3, "Practice software", "lib_7Hq2", 4_320)
    };
    let ends = Some(now().plus_ms(2_400 * HOUR_MS));
    let ended = Some(ago(60_000));
    vec![
        used,
        Key { expires_at: ends, ..key(2, "Nightly export", "lib_pX9c", 70_000) },
        Key { expires_at: ended, ..key(1, "Old website", "lib_0aBz", 170_000) },
    ]
}

fn people() -> Vec<Contact> {
    let person = |id, name: &str, title: &str| Contact {
        id: ContactId(id),
        account_id: AccountId(1),
        name: name.to_owned(),
        title: title.to_owned(),
        email: String::new(),
        phone: "+15615550100".to_owned(),
        zone: None,
    };
    vec![
        person(1, "Jane Hartwell", "Attorney"),
        person(2, "Paul Boone", "Attorney"),
        person(3, "Mary Ann Montgomery-Fitzgerald", "Paralegal"),
    ]
}

/// Three rotations of the law firm: one with overrides, one with a gap, one outside its hours.
pub(crate) fn rotations() -> Vec<RotationDetail> {
    let (account, people) = (account(1), people());
    let made = |id, name: &str, hours: &str, members: &[i64]| {
        let entry = RotationEntry {
            name: name.to_owned(),
            turn: "3 days".to_owned(),
            hand_off: "5:30 PM".to_owned(),
            starts_on: "2026-02-23".to_owned(),
            members: members.iter().map(|id| ContactId(*id)).collect(),
            hours: hours.to_owned(),
            ..RotationEntry::default()
        };
        let mut rotation = entry.checked(&account, &people, now()).ok()?;
        rotation.id = RotationId(id);
        let roster = Roster::of(rotation);
        Some(RotationDetail { roster, account: account.clone(), people: people.clone() })
    };
    let mut all: Vec<RotationDetail> = [
        made(1, "Nights", "", &[1, 2, 3]),
        made(2, "Weekends", "", &[]),
        made(3, "Lunch", "11:30-13:00", &[1]),
    ]
    .into_iter()
    .flatten()
    .collect();
    let hours = |from: i64, until: i64, contact: Option<i64>, reason: &str| Override {
        id: OverrideId(from),
        rotation_id: RotationId(1),
        contact_id: contact.map(ContactId),
        from: now().plus_ms(from * HOUR_MS),
        until: now().plus_ms(until * HOUR_MS),
        reason: reason.to_owned(),
        created_by: Some(UserId(1)),
        created_at: now(),
    };
    if let [nights, weekends, ..] = &mut all[..] {
        nights.roster.overrides =
            vec![hours(48, 72, Some(2), "Jane is at a wedding"), hours(150, 170, None, "")];
        weekends.roster.rotation.gap =
            Some((now().plus_ms(90 * HOUR_MS), now().plus_ms(104 * HOUR_MS)));
    }
    all
}
