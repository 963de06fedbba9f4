//! Rotations with what changes them, read for many accounts at once.

use domain::on_call::{CalendarLink, ChangeNote, Holiday, Override, Rotation, Subject, Turn};
use domain::{
    Account, AccountId, Contact, ContactId, Date, HolidayId, Hours, OverrideId, RotationId,
    TenantId, Zone,
};
use store::{Db, accounts, rotations};

use super::at;
use super::schema::tenant;

fn rotation(tenant_id: TenantId, account_id: AccountId, members: Vec<ContactId>) -> Rotation {
    Rotation {
        tenant_id,
        id: RotationId(0),
        account_id,
        name: "Nights".to_owned(),
        zone: Zone::named("America/New_York").expect("a zone"),
        turn: Turn::Days(3),
        hand_off_minute: 17 * 60 + 30,
        starts_on: Date::parse("2025-01-06").expect("a date"),
        members,
        hours: Hours::parse("Mon-Fri 18:00-08:00; Sat,Sun 00:00-24:00").expect("hours"),
        fallback: Some(ContactId(7_777)),
        gap: Some((at(5), at(6))),
        revision: 1,
        created_at: at(1),
        updated_at: at(2),
    }
}

async fn place(db: &Db, subdomain: &str) -> (TenantId, AccountId, ContactId) {
    let tenant_id = tenant(db, subdomain).await;
    let mut tx = db.begin().await.expect("a transaction");
    let account = Account {
        tenant_id,
        id: AccountId(0),
        number: "1".to_owned(),
        name: "Law".to_owned(),
        zone: Zone::utc(),
        greeting: String::new(),
        facts: String::new(),
        created_at: at(1),
    };
    let account = accounts::insert(tx.link(), &account).await.expect("an account");
    let jane = Contact {
        id: ContactId(0),
        account_id: account,
        name: "Jane".to_owned(),
        title: String::new(),
        email: String::new(),
        phone: String::new(),
        zone: None,
    };
    let jane = accounts::insert_contact(tx.link(), tenant_id, &jane).await.expect("a contact");
    tx.commit().await.expect("committed");
    (tenant_id, account, jane)
}

/// Two rotations of two tenants, the first with an override and holidays.
struct Filled {
    one: TenantId,
    two: TenantId,
    law: AccountId,
    other: AccountId,
    jane: ContactId,
    nights: Rotation,
    empty: Rotation,
    over: Override,
}

async fn filled(db: &Db) -> Filled {
    let (one, law, jane) = place(db, "one").await;
    let (two, other, _) = place(db, "two").await;
    let mut tx = db.begin().await.expect("a transaction");
    let mut nights = rotation(one, law, vec![jane, ContactId(9_999), jane]);
    nights.id = rotations::insert(tx.link(), &nights).await.expect("a rotation");
    let mut empty = Rotation { fallback: None, gap: None, ..rotation(two, other, Vec::new()) };
    empty.id = rotations::insert(tx.link(), &empty).await.expect("a rotation");
    let mut over = Override {
        id: OverrideId(0),
        rotation_id: nights.id,
        contact_id: None,
        from: at(86_400_000),
        until: at(90_000_000),
        reason: "Away".to_owned(),
        created_by: None,
        created_at: at(3),
    };
    over.id = rotations::insert_override(tx.link(), one, &over).await.expect("an override");
    let day = |date: &str, name: &str, contact_id| Holiday {
        id: HolidayId(0),
        account_id: law,
        date: Date::parse(date).expect("a date"),
        name: name.to_owned(),
        contact_id,
    };
    let days = [
        day("1969-12-30", "Past", None),
        day("1970-01-01", "First", Some(jane)),
        day("1970-01-02", "Second", None),
    ];
    let added = rotations::insert_holidays(tx.link(), one, &days).await.expect("holidays");
    assert_eq!(added, 3);
    let again = rotations::insert_holidays(tx.link(), one, &days[1..]).await.expect("again");
    assert_eq!(again, 0, "a day is a holiday once");
    tx.commit().await.expect("committed");
    Filled { one, two, law, other, jane, nights, empty, over }
}

pub(crate) async fn rosters(db: &Db) {
    let Filled { one, two, law, other, nights, empty, over, .. } = filled(db).await;
    let mut tx = db.begin().await.expect("a transaction");
    let accounts = [(one, law), (two, other)];
    let found = rotations::rosters(tx.link(), &accounts, at(86_400_000)).await.expect("read");
    assert_eq!(found.len(), 2);
    let (_, roster) = found.iter().find(|(tenant, _)| *tenant == one).expect("the first");
    assert_eq!(roster.rotation, nights);
    assert_eq!(roster.overrides, [over]);
    let names: Vec<&str> = roster.holidays.iter().map(|day| day.name.as_str()).collect();
    assert_eq!(names, ["First", "Second"], "from the day before on");
    assert_eq!(roster.absent, [ContactId(7_777), ContactId(9_999)]);
    let (_, roster) = found.iter().find(|(tenant, _)| *tenant == two).expect("the second");
    assert_eq!((&roster.rotation, roster.overrides.len(), roster.holidays.len()), (&empty, 0, 0));
    let late = rotations::rosters(tx.link(), &accounts[..1], at(90_000_000)).await.expect("read");
    assert_eq!(late[0].1.overrides, [], "it ended");
    assert_eq!(rotations::rosters(tx.link(), &[], at(0)).await.expect("read"), []);
    assert_eq!(rotations::roster(tx.link(), two, nights.id, at(0)).await.expect("read"), None);
}

pub(crate) async fn changes(db: &Db) {
    let Filled { one, two, law, jane, mut nights, over, .. } = filled(db).await;
    let mut tx = db.begin().await.expect("a transaction");
    rotations::lock_all(tx.link(), &[(one, nights.id)]).await.expect("locked");
    let ours = rotations::lock_of_account(tx.link(), one, law).await.expect("locked");
    assert_eq!(ours, [nights.id]);
    nights.turn = Turn::Hours(12);
    nights.members = vec![jane];
    nights.revision = 2;
    rotations::update(tx.link(), &nights).await.expect("changed");
    nights.gap = None;
    rotations::set_gap(tx.link(), one, nights.id, None).await.expect("set");
    rotations::end_override(tx.link(), one, over.id, at(88_000_000)).await.expect("ended");
    let roster = rotations::roster(tx.link(), one, nights.id, at(0)).await.expect("read");
    let roster = roster.expect("there");
    assert_eq!((&roster.rotation, roster.overrides[0].until), (&nights, at(88_000_000)));
    rotations::delete_override(tx.link(), one, nights.id, over.id).await.expect("removed");
    let held = rotations::holidays(tx.link(), one, law).await.expect("read");
    assert_eq!(held.len(), 3);
    assert!(rotations::delete_holiday(tx.link(), one, law, held[0].id).await.expect("removed"));
    assert!(!rotations::delete_holiday(tx.link(), one, law, held[0].id).await.expect("asked"));
    let note = |what: &str| ChangeNote {
        actor_name: "Carl".to_owned(),
        action: "rotation.update".to_owned(),
        what: what.to_owned(),
        at: at(7),
    };
    for what in ["one", "two", "three"] {
        let note = note(what);
        rotations::insert_change(tx.link(), one, nights.id, &note).await.expect("noted");
    }
    let notes = rotations::changes(tx.link(), one, nights.id, 2).await.expect("read");
    assert_eq!(notes, [note("three"), note("two")]);
    assert_eq!(rotations::changes(tx.link(), two, nights.id, 2).await.expect("read"), []);
    let people = rotations::people(tx.link(), one, &[jane, ContactId(9_999)]).await.expect("read");
    assert_eq!(people.len(), 1);
    rotations::delete(tx.link(), one, nights.id, at(9)).await.expect("deleted");
    assert_eq!(rotations::roster(tx.link(), one, nights.id, at(0)).await.expect("read"), None);
    tx.commit().await.expect("committed");
}

pub(crate) async fn links(db: &Db) {
    let (one, law, jane) = place(db, "one").await;
    let (two, ..) = place(db, "two").await;
    let mut tx = db.begin().await.expect("a transaction");
    let link = |subject, prefix: &str| CalendarLink {
        account_id: law,
        subject,
        prefix: prefix.to_owned(),
        created_by: None,
        created_at: at(1),
    };
    let first = link(Subject::Contact(jane), "lc_one");
    rotations::set_link(tx.link(), one, &first, "hash-1").await.expect("kept");
    let found = rotations::link_by_hash(tx.link(), one, "hash-1").await.expect("asked");
    assert_eq!(found, Some(first));
    assert_eq!(rotations::link_by_hash(tx.link(), two, "hash-1").await.expect("asked"), None);
    let second = link(Subject::Contact(jane), "lc_two");
    rotations::set_link(tx.link(), one, &second, "hash-2").await.expect("anew");
    assert_eq!(rotations::link_by_hash(tx.link(), one, "hash-1").await.expect("asked"), None);
    let all = link(Subject::Rotation(RotationId(jane.0)), "lc_all");
    rotations::set_link(tx.link(), one, &all, "hash-3").await.expect("kept");
    let held = rotations::links(tx.link(), one, law).await.expect("read");
    assert_eq!(held, [second, all.clone()]);
    assert!(rotations::delete_link(tx.link(), one, all.subject).await.expect("removed"));
    assert!(!rotations::delete_link(tx.link(), one, all.subject).await.expect("asked"));
    tx.commit().await.expect("committed");
}
