//! What accounts have set: ways, groups, policies, closing actions, words; where messages stand on them.

use domain::closing::{Action, Timing, Usage};
use domain::escalation::{Escalation, Level, Manner, Phase, Policy, Target, Telling};
use domain::hours::Hours;
use domain::{
    AccountId, Channel, ClosingGroup, ClosingGroupId, Contact, ContactGroup, ContactGroupId,
    ContactId, Did, DidId, LevelId, Message, MessageId, PolicyId, RotationId, Status, TenantId,
    Way, WayId, Wording,
};
use store::{Db, Error, accounts, closings, messages, policies, ways};

use super::accounts::account;
use super::at;
use super::schema::tenant;

/// The law firms of two tenants, under one number.
async fn firms(db: &Db) -> [(TenantId, AccountId); 2] {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let mine = account(db, one, "W0411", "Hart & Lowe").await;
    [(one, mine), (two, account(db, two, "W0411", "Another").await)]
}

async fn contact(db: &Db, (tenant, account_id): (TenantId, AccountId), name: &str) -> ContactId {
    let contact = Contact {
        id: ContactId(0),
        account_id,
        name: name.to_owned(),
        title: String::new(),
        email: String::new(),
        phone: String::new(),
        zone: None,
    };
    let mut tx = db.begin().await.expect("a transaction");
    let id = accounts::insert_contact(tx.link(), tenant, &contact).await.expect("a contact");
    tx.commit().await.expect("committed");
    id
}

fn way(contact_id: ContactId, channel: Channel, address: &str, hours: &str) -> Way {
    let hours = Hours::parse(hours).expect("hours");
    Way { id: WayId(0), contact_id, channel, address: address.to_owned(), hours }
}

pub(crate) async fn directories(db: &Db) {
    let [mine, theirs] = firms(db).await;
    let (jane, bob) = (contact(db, mine, "Jane").await, contact(db, mine, "Bob").await);
    let eve = contact(db, theirs, "Eve").await;
    let mut tx = db.begin().await.expect("a transaction");
    let first = [
        way(jane, Channel::Call, "+15615550100", ""),
        way(jane, Channel::Sms, "+15615550100", "Mon-Fri 18:00-08:00"),
        way(jane, Channel::Email, "jane@law.example", ""),
    ];
    ways::replace(tx.link(), mine.0, jane, &first).await.expect("ways");
    ways::replace(tx.link(), theirs.0, eve, &first[..1]).await.expect("somebody else's");
    // What was first comes last now, and one is gone.
    let now = [first[2].clone(), first[0].clone()];
    ways::replace(tx.link(), mine.0, jane, &now).await.expect("other ways");
    let bare = |ways: Vec<Way>| -> Vec<Way> {
        ways.into_iter().map(|way| Way { id: WayId(0), ..way }).collect()
    };
    let found = ways::of_contact(tx.link(), mine.0, jane).await.expect("ways");
    assert_eq!(bare(found), now);
    assert_eq!(ways::of_contact(tx.link(), theirs.0, jane).await.expect("none"), []);

    let all = ways::contacts_with_ways(tx.link(), &[mine, theirs]).await.expect("directories");
    let told: Vec<(ContactId, Vec<Way>)> =
        all.into_iter().map(|(contact, ways)| (contact.id, bare(ways))).collect();
    let eves = vec![Way { contact_id: eve, ..first[0].clone() }];
    assert_eq!(told, [(bob, vec![]), (eve, eves), (jane, now.to_vec())], "by name");
    let crossed = [(mine.0, theirs.1), (theirs.0, mine.1)];
    let none = ways::contacts_with_ways(tx.link(), &crossed).await.expect("asked");
    assert!(none.is_empty(), "an account is its own tenant's: {none:?}");
}

pub(crate) async fn groups(db: &Db) {
    let [mine, theirs] = firms(db).await;
    let mut tx = db.begin().await.expect("a transaction");
    let mut partners = ContactGroup {
        id: ContactGroupId(0),
        account_id: mine.1,
        name: "Partners".to_owned(),
        members: vec![ContactId(9), ContactId(2), ContactId(9)],
    };
    partners.id =
        ways::keep_group(tx.link(), mine.0, &partners).await.expect("kept").expect("an id");
    let clerks = ContactGroup {
        id: ContactGroupId(0),
        name: "Clerks".to_owned(),
        members: Vec::new(),
        ..partners.clone()
    };
    let clerks_id = ways::keep_group(tx.link(), mine.0, &clerks).await.expect("kept");
    let clerks = ContactGroup { id: clerks_id.expect("an id"), ..clerks };
    let found = ways::groups(tx.link(), &[mine, theirs]).await.expect("groups");
    assert_eq!(found, [clerks, partners.clone()], "by name, members in their order");

    partners.members = vec![ContactId(2)];
    let kept = ways::keep_group(tx.link(), mine.0, &partners).await.expect("changed");
    assert_eq!(kept, Some(partners.id));
    let foreign = ContactGroup { members: Vec::new(), ..partners.clone() };
    assert_eq!(ways::keep_group(tx.link(), theirs.0, &foreign).await.expect("asked"), None);
    let moved = ContactGroup { account_id: theirs.1, ..foreign };
    assert_eq!(ways::keep_group(tx.link(), mine.0, &moved).await.expect("asked"), None);
    let found = ways::groups(tx.link(), &[mine]).await.expect("groups");
    assert_eq!(found.last(), Some(&partners));

    for (tenant, account, is_gone) in
        [(theirs.0, mine.1, false), (mine.0, theirs.1, false), (mine.0, mine.1, true)]
    {
        let gone = ways::delete_group(tx.link(), tenant, account, partners.id).await;
        assert_eq!(gone.expect("asked"), is_gone);
    }
    assert_eq!(ways::groups(tx.link(), &[mine]).await.expect("groups").len(), 1);
}

fn level(id: i64, targets: &[Target], channels: &[Channel], manner: Manner) -> Level {
    let telling = Telling { targets: targets.to_vec(), channels: channels.to_vec(), manner };
    Level { id: LevelId(id), delay_ms: 60_000 * (id + 1), telling }
}

fn policy(account_id: AccountId, name: &str, levels: Vec<Level>) -> Policy {
    let name = name.to_owned();
    Policy { id: PolicyId(0), account_id, name, levels, rounds: 2, ack_expires_ms: Some(9) }
}

pub(crate) async fn policies_and_levels(db: &Db) {
    let [mine, theirs] = firms(db).await;
    let targets = [Target::Recipient, Target::Rotation(RotationId(2))];
    let levels = vec![
        level(0, &targets, &[Channel::Sms, Channel::Call], Manner::First),
        level(0, &targets[1..], &[], Manner::All),
    ];
    let mut tx = db.begin().await.expect("a transaction");
    let nights = policy(mine.1, "Nights", levels);
    let id = policies::keep(tx.link(), mine.0, &nights).await.expect("kept").expect("an id");
    let bare = Policy { ack_expires_ms: None, ..policy(mine.1, "Days", Vec::new()) };
    policies::keep(tx.link(), mine.0, &bare).await.expect("kept");
    policies::keep(tx.link(), theirs.0, &policy(theirs.1, "Theirs", Vec::new())).await.expect("3");
    let found = policies::of_accounts(tx.link(), &[mine]).await.expect("policies");
    let [days, kept] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((days.name.as_str(), days.ack_expires_ms, days.levels.len()), ("Days", None, 0));
    let ids: Vec<LevelId> = kept.levels.iter().map(|level| level.id).collect();
    let unnamed: Vec<Level> =
        kept.levels.iter().map(|it| Level { id: LevelId(0), ..it.clone() }).collect();
    assert_eq!(unnamed, nights.levels, "the same levels in the same order");

    // The second becomes the first and keeps its id; the first goes, and a new one comes after.
    let mut changed = Policy { rounds: 1, ..kept.clone() };
    changed.levels = vec![kept.levels[1].clone(), level(0, &targets[..1], &[], Manner::First)];
    assert_eq!(policies::keep(tx.link(), mine.0, &changed).await.expect("kept"), Some(id));
    let found = policies::of_accounts(tx.link(), &[mine]).await.expect("policies");
    let now: Vec<LevelId> = found[1].levels.iter().map(|level| level.id).collect();
    assert_eq!((found[1].rounds, now[0], now.len()), (1, ids[1], 2));
    assert!(!ids.contains(&now[1]), "a new level has a new id");

    assert_eq!(policies::keep(tx.link(), theirs.0, &found[1]).await.expect("asked"), None);
    assert!(!policies::delete(tx.link(), theirs.0, mine.1, id).await.expect("asked"));
    assert!(policies::delete(tx.link(), mine.0, mine.1, id).await.expect("gone"));
    let found = policies::of_accounts(tx.link(), &[mine, theirs]).await.expect("policies");
    let names: Vec<&str> = found.iter().map(|policy| policy.name.as_str()).collect();
    assert_eq!(names, ["Days", "Theirs"]);
    tx.commit().await.expect("committed");

    let twin = policy(mine.1, "Days", Vec::new());
    let mut tx = db.begin().await.expect("a transaction");
    let taken = policies::keep(tx.link(), mine.0, &twin).await;
    assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
}

pub(crate) async fn climbs(db: &Db) {
    let [mine, theirs] = firms(db).await;
    let stands = |message: i64, policy: i64, phase: Phase| Escalation {
        message_id: MessageId(message),
        policy_id: PolicyId(policy),
        position: 1,
        round: 2,
        phase,
        tellings: 3,
        ack_until: Some(at(message)),
    };
    let mut rows: Vec<(TenantId, Escalation)> = Phase::ALL
        .into_iter()
        .zip(1..)
        .map(|(phase, message)| (mine.0, stands(message, 7, phase)))
        .collect();
    rows.push((mine.0, stands(5, 8, Phase::Climbing)));
    rows.push((theirs.0, stands(6, 7, Phase::Climbing)));
    let mut tx = db.begin().await.expect("a transaction");
    for (tenant, escalation) in &rows {
        message(&mut tx, if *tenant == mine.0 { mine } else { theirs }, escalation.message_id.0)
            .await;
    }
    policies::keep_escalations(tx.link(), &rows).await.expect("kept");
    for (tenant, expected) in &rows {
        let found = policies::escalation(tx.link(), *tenant, expected.message_id).await;
        assert_eq!(found.expect("asked").as_ref(), Some(expected));
    }
    let climbing = policies::climbing(tx.link(), mine.0, PolicyId(7)).await.expect("some");
    assert_eq!(climbing, [MessageId(1), MessageId(2)], "climbing and resuming, of this policy");

    let stopped = Escalation { tellings: 4, ack_until: None, ..stands(1, 7, Phase::Stopped) };
    policies::keep_escalations(tx.link(), &[(mine.0, stopped.clone())]).await.expect("kept");
    let keys = [(mine.0, MessageId(1)), (mine.0, MessageId(6)), (theirs.0, MessageId(1))];
    let found = policies::escalations(tx.link(), &keys).await.expect("asked");
    assert_eq!(found, [(mine.0, stopped)], "each in its own tenant, and once");
    assert_eq!(policies::climbing(tx.link(), mine.0, PolicyId(7)).await.expect("one").len(), 1);
}

/// Adds a message of an account under an id.
async fn message(tx: &mut store::Tx, (tenant, account): (TenantId, AccountId), id: i64) {
    let uuid = format!("00000000-0000-4000-8000-{id:012}");
    let message = Message { id: MessageId(id), ..Message::blank(tenant, account, uuid, at(id)) };
    messages::insert(tx.link(), &message).await.expect("a message");
}

fn closing(account_id: AccountId, name: &str, timing: Timing) -> ClosingGroup {
    let tell = Telling {
        targets: vec![Target::Recipient, Target::Contact(ContactId(4))],
        channels: vec![Channel::Email],
        manner: Manner::All,
    };
    let actions = vec![
        Action::Tell(tell),
        Action::Copy("office “A” <x>@law.example".to_owned()),
        Action::Escalate(PolicyId(7)),
    ];
    let (id, name, usage) = (ClosingGroupId(0), name.to_owned(), Usage::Emergency);
    ClosingGroup { id, account_id, name, usage, timing, actions }
}

pub(crate) async fn closing_groups(db: &Db) {
    let [mine, theirs] = firms(db).await;
    let mut tx = db.begin().await.expect("a transaction");
    let mut books = closing(mine.1, "Books", Timing::Digest(vec![720, 1_020]));
    books.id = closings::keep(tx.link(), mine.0, &books).await.expect("kept").expect("an id");
    let mut alarms = ClosingGroup { actions: Vec::new(), ..closing(mine.1, "A", Timing::AtOnce) };
    alarms.id = closings::keep(tx.link(), mine.0, &alarms).await.expect("kept").expect("an id");
    let found = closings::of_accounts(tx.link(), &[mine, theirs]).await.expect("groups");
    assert_eq!(found, [alarms, books.clone()], "by name, with all actions in their order");

    let foreign = ClosingGroup { name: "Stolen".to_owned(), ..books.clone() };
    assert_eq!(closings::keep(tx.link(), theirs.0, &foreign).await.expect("asked"), None);
    assert!(!closings::delete(tx.link(), mine.0, theirs.1, books.id).await.expect("asked"));
    books.usage = Usage::Chosen;
    books.timing = Timing::AtOnce;
    assert_eq!(closings::keep(tx.link(), mine.0, &books).await.expect("kept"), Some(books.id));
    let found = closings::of_accounts(tx.link(), &[mine]).await.expect("groups");
    assert_eq!(found.last(), Some(&books));
    assert!(closings::delete(tx.link(), mine.0, mine.1, books.id).await.expect("gone"));
    assert_eq!(closings::of_accounts(tx.link(), &[mine]).await.expect("groups").len(), 1);
}

/// Words in a column that are none of ours are corruption, and never something else.
pub(crate) async fn spoilt(db: &Db) {
    let [mine, _] = firms(db).await;
    let mut tx = db.begin().await.expect("a transaction");
    let levels = vec![level(0, &[Target::Recipient], &[Channel::Sms], Manner::First)];
    policies::keep(tx.link(), mine.0, &policy(mine.1, "Nights", levels)).await.expect("kept");
    closings::keep(tx.link(), mine.0, &closing(mine.1, "Books", Timing::AtOnce)).await.expect("2");
    tx.commit().await.expect("committed");
    let spoil = [
        ("escalation_levels", "targets", "nobody:1"),
        ("escalation_levels", "channels", "sms pigeon"),
        ("closing_action_groups", "actions", "{"),
        ("closing_action_groups", "actions", r#"[{"escalate":{}}]"#),
        ("closing_action_groups", "timing", "noon"),
    ];
    for (table, column, text) in spoil {
        let mut tx = db.begin().await.expect("a transaction");
        super::run(tx.link(), format!("UPDATE {table} SET {column} = '{text}'")).await;
        let levels = policies::of_accounts(tx.link(), &[mine]).await.err();
        let groups = closings::of_accounts(tx.link(), &[mine]).await.err();
        let found = if table == "escalation_levels" { levels } else { groups };
        assert!(matches!(found, Some(Error::Corrupt(_))), "{column} {text}: {found:?}");
    }
}

pub(crate) async fn wordings(db: &Db) {
    let [mine, theirs] = firms(db).await;
    let mut tx = db.begin().await.expect("a transaction");
    let mut lines = Vec::new();
    for (number, (tenant, account_id)) in [("5617819977", mine), ("5617819978", mine)] {
        let did = Did { id: DidId(0), account_id, number: number.to_owned(), label: String::new() };
        lines.push(accounts::insert_did(tx.link(), tenant, &did).await.expect("a line"));
    }
    let words = |text: &str| Wording {
        sms: text.to_owned(),
        subject: "Subject".to_owned(),
        email: "E-mail".to_owned(),
        call: "Call".to_owned(),
    };
    closings::set_wording(tx.link(), theirs.0, theirs.1, &words("Theirs")).await.expect("set");
    let all = closings::accounts_with_wordings(tx.link(), &[mine, theirs]).await.expect("both");
    let [(first, none, two), (second, some, no_lines)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((first.id, none), (mine.1, &None), "without words of its own");
    assert_eq!(two.iter().map(|line| line.id).collect::<Vec<_>>(), lines, "oldest first");
    assert_eq!((second.id, some, no_lines.len()), (theirs.1, &Some(words("Theirs")), 0));

    closings::set_wording(tx.link(), mine.0, mine.1, &words("One")).await.expect("set");
    closings::set_wording(tx.link(), mine.0, mine.1, &words("Two")).await.expect("set again");
    let all = closings::accounts_with_wordings(tx.link(), &[mine]).await.expect("one");
    assert_eq!(all.len(), 1, "two lines are one account");
    assert_eq!((&all[0].1, all[0].2.len()), (&Some(words("Two")), 2));
    let crossed = closings::accounts_with_wordings(tx.link(), &[(mine.0, theirs.1)]).await;
    assert!(crossed.expect("asked").is_empty());
}

pub(crate) async fn digests(db: &Db) {
    let [mine, theirs] = firms(db).await;
    let mut tx = db.begin().await.expect("a transaction");
    let mut books = closing(mine.1, "Books", Timing::Digest(vec![720]));
    books.id = closings::keep(tx.link(), mine.0, &books).await.expect("kept").expect("an id");
    // Due, due later, let out already, of another group.
    for (id, status, send_at, group) in [
        (1, Status::Held, 100, books.id.0),
        (2, Status::Held, 101, books.id.0),
        (3, Status::Pending, 100, books.id.0),
        (4, Status::Held, 100, books.id.0 + 1),
        (5, Status::Held, 99, books.id.0),
    ] {
        let uuid = format!("00000000-0000-4000-8000-{id:012}");
        let held = Message {
            id: MessageId(id),
            status,
            send_at: Some(at(send_at)),
            closing_action_group_id: Some(group),
            ..Message::blank(mine.0, mine.1, uuid, at(id))
        };
        messages::insert(tx.link(), &held).await.expect("a message");
    }
    let held = closings::held_for(tx.link(), mine.0, books.id, at(100)).await.expect("some");
    assert_eq!(held, [MessageId(1), MessageId(5)], "those whose time has come, oldest first");
    let none = closings::held_for(tx.link(), theirs.0, books.id, at(100)).await.expect("none");
    assert_eq!(none, []);
    let sent = [MessageId(5), MessageId(1)];
    let digest = closings::insert_digest(tx.link(), mine.0, &books, &sent, at(100)).await;
    let digest = digest.expect("a digest");
    let of = closings::messages_of(tx.link(), mine.0, digest).await.expect("its messages");
    assert_eq!(of, held);
    assert_eq!(closings::messages_of(tx.link(), theirs.0, digest).await.expect("none"), []);
}
