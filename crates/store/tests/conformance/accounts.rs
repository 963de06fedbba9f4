//! Accounts, lines and directories.

use domain::{Account, AccountId, Contact, ContactId, Did, DidId, TenantId, Zone};
use store::{Db, Error, accounts as rows};

use super::at;
use super::schema::tenant;

/// An account of a tenant.
pub(crate) async fn account(db: &Db, tenant: TenantId, number: &str, name: &str) -> AccountId {
    let mut tx = db.begin().await.expect("a transaction");
    let account = Account {
        tenant_id: tenant,
        id: AccountId(0),
        number: number.to_owned(),
        name: name.to_owned(),
        zone: Zone::named("America/Chicago").expect("a zone"),
        greeting: "Hello".to_owned(),
        facts: String::new(),
        created_at: at(3),
    };
    let id = rows::insert(tx.link(), &account).await.expect("an account");
    tx.commit().await.expect("committed");
    id
}

pub(crate) async fn accounts(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let heat = account(db, one, "H100", "100% Heat_ing").await;
    account(db, two, "W0411", "Another's").await;
    let mut tx = db.begin().await.expect("a transaction");
    let mut found = rows::find(tx.link(), one, law).await.expect("asked").expect("an account");
    assert_eq!((found.name.as_str(), found.zone.name()), ("Hart & Lowe", "America/Chicago"));
    found.greeting = "Good morning".to_owned();
    assert!(rows::update(tx.link(), &found).await.expect("changed"));
    tx.commit().await.expect("committed");

    let mut reader = db.read().await.expect("a connection");
    let by_number = rows::by_number(reader.link(), one, "W0411").await.expect("asked");
    assert_eq!(by_number.expect("an account").greeting, "Good morning");
    assert!(rows::find(reader.link(), two, law).await.expect("asked").is_none());
    let ids = |accounts: Vec<Account>| accounts.iter().map(|a| a.id).collect::<Vec<_>>();
    assert_eq!(ids(rows::list(reader.link(), one).await.expect("all")), [heat, law]);
    let some = rows::by_ids(reader.link(), one, &[law, AccountId(99)]).await.expect("some");
    assert_eq!(ids(some), [law]);
    assert_eq!(ids(rows::by_ids(reader.link(), one, &[]).await.expect("none")), []);
    for (text, expected) in [
        ("hart", vec![law]),
        ("w04", vec![law]),
        ("100%", vec![heat]),
        ("t_i", vec![heat]),
        ("%", vec![heat]),
        ("", vec![heat, law]),
        ("nobody", vec![]),
    ] {
        let hits = rows::search(reader.link(), one, text, "", 10).await.expect("hits");
        assert_eq!(ids(hits), expected, "{text:?}");
    }
    drop(reader);
    let mut tx = db.begin().await.expect("a transaction");
    let taken = rows::insert(tx.link(), &found).await;
    assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
}

pub(crate) async fn lines_and_contacts(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    let number = "5617819977".to_owned();
    let mut did = Did { id: DidId(0), account_id: law, number, label: "Main".to_owned() };
    did.id = rows::insert_did(tx.link(), one, &did).await.expect("a line");
    let mut jane = Contact {
        id: ContactId(0),
        account_id: law,
        name: "Jane".to_owned(),
        title: "Attorney".to_owned(),
        email: "jane@law.example".to_owned(),
        phone: "1".to_owned(),
        zone: Some(domain::Zone::utc()),
    };
    jane.id = rows::insert_contact(tx.link(), one, &jane).await.expect("a contact");
    tx.commit().await.expect("committed");

    let mut reader = db.read().await.expect("a connection");
    assert_eq!(rows::dids(reader.link(), one, law).await.expect("all"), [did.clone()]);
    let found = rows::did_by_number(reader.link(), one, "5617819977").await.expect("asked");
    assert_eq!(found, Some(did));
    let foreign = rows::did_by_number(reader.link(), two, "5617819977").await.expect("asked");
    assert_eq!(foreign, None);
    assert_eq!(rows::contacts(reader.link(), one, law).await.expect("all"), [jane.clone()]);
    assert_eq!(rows::contact(reader.link(), two, jane.id).await.expect("asked"), None);
    let hits = rows::search(reader.link(), one, "561781", "561781", 10).await.expect("hits");
    assert_eq!(hits.len(), 1, "by its line");
    drop(reader);
    changed_lines_and_contacts(db, one, law, jane).await;
}

async fn changed_lines_and_contacts(db: &Db, one: TenantId, law: AccountId, jane: Contact) {
    let heat = account(db, one, "H100", "Heating").await;
    let mut tx = db.begin().await.expect("a transaction");
    let lines = rows::dids_of(tx.link(), one, &[heat, law]).await.expect("all");
    assert_eq!(lines.iter().map(|did| did.account_id).collect::<Vec<_>>(), [law]);
    assert_eq!(rows::dids_of(tx.link(), one, &[]).await.expect("none"), []);
    assert_eq!(rows::dids_of(tx.link(), TenantId(99), &[law]).await.expect("none"), []);
    let moved = Contact { account_id: heat, ..jane.clone() };
    assert!(!rows::update_contact(tx.link(), one, &moved).await.expect("another account's"));
    let jane = Contact { name: "Jane Hart".to_owned(), ..jane };
    assert!(rows::update_contact(tx.link(), one, &jane).await.expect("changed"));
    assert_eq!(rows::contact(tx.link(), one, jane.id).await.expect("asked"), Some(jane.clone()));
    let (line, contact) = (lines[0].id, jane.id);
    for (tenant, account) in [(TenantId(99), law), (one, heat)] {
        assert!(!rows::delete_did(tx.link(), tenant, account, line).await.expect("foreign"));
        let gone = rows::delete_contact(tx.link(), tenant, account, contact).await;
        assert!(!gone.expect("foreign"));
    }
    assert!(rows::delete_did(tx.link(), one, law, line).await.expect("deleted"));
    assert!(rows::delete_contact(tx.link(), one, law, contact).await.expect("deleted"));
    assert_eq!(rows::dids(tx.link(), one, law).await.expect("none"), []);
    assert_eq!(rows::contacts(tx.link(), one, law).await.expect("none"), []);
}
