//! Forms: their versions, those of lines, drafts, and rows from before there were sections.

use domain::form::{Condition, Item, Pattern, Rules, Section};
use domain::{AccountId, Did, DidId, Field, FieldKind, Form, TenantId};
use store::forms::{self as rows, FormDraft};
use store::{Db, Link};

use super::accounts::account;
use super::at;
use super::schema::tenant;

fn options() -> Vec<String> {
    vec!["Boston".to_owned(), "Miami \"Beach\"".to_owned()]
}

/// Sections with everything that a form may hold.
fn whole() -> Vec<Section> {
    let kind = |word: &str| FieldKind::parse(word, options()).expect("a kind");
    let mut fields: Vec<Field> =
        FieldKind::WORDS.iter().map(|word| Field::new(word, kind(word), *word == "text")).collect();
    fields[0].hint = "As on the letter".to_owned();
    fields[0].rules =
        Rules { min_chars: Some(2), max_chars: Some(9), pattern: Some(Pattern::Digits) };
    // What offers no choice keeps none.
    let condition = Condition { field: "select".to_owned(), any_of: options() };
    let prompt = Item::Prompt("{GREETING}, „{CALLER_NAME}“\nwhat now?".to_owned());
    let items = vec![prompt, Item::Field(Field::new("Ages", FieldKind::Text, false))];
    let branch = Section { title: "Branch".to_owned(), opens_when: Some(condition), items };
    vec![Section::of(fields), branch, Section::default()]
}

fn form(account: AccountId, version: i64, sections: Vec<Section>) -> Form {
    Form {
        id: None,
        account_id: account,
        did_id: None,
        version,
        sections,
        created_at: at(4),
        published_by: "Sam".to_owned(),
    }
}

async fn insert(link: Link<'_>, tenant: TenantId, form: Form) -> Form {
    let id = rows::insert(link, tenant, &form).await.expect("a form");
    Form { id: Some(id), ..form }
}

pub(crate) async fn round_trip(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    let form = insert(tx.link(), one, form(law, 1, whole())).await;
    let id = form.id.expect("its id");
    assert_eq!(rows::find(tx.link(), one, id).await.expect("asked"), Some(form));
    assert_eq!(rows::find(tx.link(), TenantId(99), id).await.expect("asked"), None);
}

pub(crate) async fn versions(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let heat = account(db, one, "H100", "Heating").await;
    let mut tx = db.begin().await.expect("a transaction");
    assert_eq!(rows::newest(tx.link(), one, law, None).await.expect("asked"), None);
    assert_eq!(rows::last_version(tx.link(), one, law).await.expect("asked"), 0);
    let first = insert(tx.link(), one, form(law, 1, whole())).await;
    let second = insert(tx.link(), one, form(law, 2, vec![])).await;
    insert(tx.link(), one, form(heat, 1, vec![])).await;
    let newest = rows::newest(tx.link(), one, law, None).await.expect("asked");
    assert_eq!(newest, Some(second.clone()));
    assert_eq!(rows::last_version(tx.link(), one, law).await.expect("asked"), 2);
    let all = rows::versions(tx.link(), one, law, None, 10).await.expect("all");
    assert_eq!(all, [second.clone(), first.clone()]);
    let few = rows::versions(tx.link(), one, law, None, 1).await.expect("one");
    assert_eq!(few, [second]);
    let foreign = rows::versions(tx.link(), TenantId(99), law, None, 9).await.expect("none");
    assert_eq!(foreign, []);
    let twice = rows::insert(tx.link(), one, &first).await;
    assert!(matches!(twice, Err(store::Error::Taken(_))), "{twice:?}");
}

pub(crate) async fn lines(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    let did = |number: &str| Did {
        id: DidId(0),
        account_id: law,
        number: number.to_owned(),
        label: String::new(),
    };
    let day = store::accounts::insert_did(tx.link(), one, &did("111")).await.expect("a line");
    let night = store::accounts::insert_did(tx.link(), one, &did("222")).await.expect("a line");
    let of = |line, version| Form { did_id: line, ..form(law, version, vec![]) };
    insert(tx.link(), one, of(Some(night), 1)).await;
    assert_eq!(rows::newest(tx.link(), one, law, Some(day)).await.expect("asked"), None);
    let old = insert(tx.link(), one, of(Some(night), 2)).await;
    let new = insert(tx.link(), one, of(None, 3)).await;
    let found = rows::newest(tx.link(), one, law, Some(night)).await.expect("asked");
    assert_eq!(found.as_ref(), Some(&old), "the most specific wins, however old");
    for line in [None, Some(day), Some(DidId(999))] {
        let found = rows::newest(tx.link(), one, law, line).await.expect("asked");
        assert_eq!(found.as_ref(), Some(&new), "{line:?}");
    }
    let of_lines = rows::of_lines(tx.link(), one, law).await.expect("all");
    assert_eq!(of_lines, std::slice::from_ref(&old));
    let first = rows::versions(tx.link(), one, law, Some(night), 9).await.expect("all");
    assert_eq!(first.len(), 2);

    assert!(!rows::retire(tx.link(), one, law, day, at(5)).await.expect("none"));
    assert!(!rows::retire(tx.link(), TenantId(99), law, night, at(5)).await.expect("foreign"));
    assert!(rows::retire(tx.link(), one, law, night, at(5)).await.expect("retired"));
    let found = rows::newest(tx.link(), one, law, Some(night)).await.expect("asked");
    assert_eq!(found, Some(new));
    assert_eq!(rows::of_lines(tx.link(), one, law).await.expect("none"), []);
    let id = old.id.expect("an id");
    assert_eq!(rows::find(tx.link(), one, id).await.expect("asked"), Some(old));
}

/// Rows that versions before 0005 wrote: one array of fields.
pub(crate) async fn before_sections(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    let id = insert(tx.link(), one, form(law, 1, vec![])).await.id.expect("an id");
    let old = r#"[{"name":"name","label":"Name","kind":"text","required":true},
        {"name":"office","label":"Office","kind":"select","options":["Boston"],"required":false}]"#;
    const SQL: &str = "UPDATE forms SET fields = $1 WHERE id = $2";
    match tx.link() {
        Link::Lite(c) => sqlx::query(SQL).bind(old).bind(id.0).execute(c).await.map(|_| ()),
        Link::Pg(c) => sqlx::query(SQL).bind(old).bind(id.0).execute(c).await.map(|_| ()),
    }
    .expect("an old row");
    let found = rows::find(tx.link(), one, id).await.expect("asked").expect("a form");
    let fields = vec![
        Field::new("Name", FieldKind::Text, true),
        Field::new("Office", FieldKind::Select(vec!["Boston".to_owned()]), false),
    ];
    assert_eq!(found.sections, [Section::of(fields)]);
    for text in ["{}", "[{}]", "1", ""] {
        match tx.link() {
            Link::Lite(c) => sqlx::query(SQL).bind(text).bind(id.0).execute(c).await.map(|_| ()),
            Link::Pg(c) => sqlx::query(SQL).bind(text).bind(id.0).execute(c).await.map(|_| ()),
        }
        .expect("a broken row");
        let found = rows::find(tx.link(), one, id).await;
        assert!(matches!(found, Err(store::Error::Corrupt(_))), "{text}: {found:?}");
    }
}

pub(crate) async fn drafts(db: &Db) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let mut tx = db.begin().await.expect("a transaction");
    assert_eq!(rows::draft(tx.link(), one, law, None).await.expect("asked"), None);
    let first = FormDraft {
        account_id: law,
        did_id: None,
        sections: whole(),
        revision: 1,
        changed_by: "Sam".to_owned(),
        changed_at: at(7),
    };
    let of_line = FormDraft { did_id: Some(DidId(5)), sections: vec![], ..first.clone() };
    for draft in [&first, &of_line] {
        assert!(rows::set_draft(tx.link(), one, draft).await.expect("kept"));
        let found = rows::draft(tx.link(), one, law, draft.did_id).await.expect("asked");
        assert_eq!(found.as_ref(), Some(draft));
    }
    assert_eq!(rows::draft(tx.link(), TenantId(99), law, None).await.expect("asked"), None);
    assert!(!rows::set_draft(tx.link(), one, &first).await.expect("stale"), "not twice");
    let second = FormDraft { revision: 2, sections: vec![Section::default()], ..first };
    assert!(rows::set_draft(tx.link(), one, &second).await.expect("kept"));
    assert!(!rows::set_draft(tx.link(), one, &second).await.expect("stale"), "not twice");
    assert_eq!(rows::draft(tx.link(), one, law, None).await.expect("asked"), Some(second));
    for (revision, is_gone) in [(Some(1), false), (Some(2), true), (Some(2), false), (None, false)]
    {
        let gone = rows::delete_draft(tx.link(), one, law, None, revision).await;
        assert_eq!(gone.expect("asked"), is_gone, "{revision:?}");
    }
    assert_eq!(rows::draft(tx.link(), one, law, None).await.expect("asked"), None);
    let other = rows::draft(tx.link(), one, law, of_line.did_id).await.expect("asked");
    assert_eq!(other, Some(of_line));
}
