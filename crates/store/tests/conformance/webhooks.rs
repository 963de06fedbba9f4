//! Webhooks, the events that they are told, and every post of each.

use domain::webhook::DisabledWhy;
use domain::webhook::payload::Fact;
use domain::{
    AccountId, HookAttempt, HookDelivery, HookDeliveryId, HookEvent, HookEventId, HookKind,
    HookSecret, HookState, TenantId, Webhook, WebhookId,
};
use store::webhooks::posts::{self, PostFilter};
use store::{Db, webhooks as rows};

use super::accounts::account;
use super::at;
use super::schema::tenant;

fn webhook(tenant_id: TenantId, account_id: AccountId) -> Webhook {
    Webhook {
        tenant_id,
        id: WebhookId(0),
        account_id,
        url: "https://a.example/".to_owned(),
        description: "Cases".to_owned(),
        kinds: vec![HookKind::MessageCreated, HookKind::ToDoRun],
        secret: HookSecret("whsec_new".to_owned()),
        old_secret: None,
        failing_since: None,
        disabled: None,
        created_at: at(1),
        updated_at: at(1),
    }
}

async fn added(db: &Db, webhook: &Webhook) -> Webhook {
    let mut tx = db.begin().await.expect("a transaction");
    let id = rows::insert(tx.link(), webhook).await.expect("a webhook");
    tx.commit().await.expect("committed");
    Webhook { id, ..webhook.clone() }
}

async fn heard(db: &Db, accounts: &[(TenantId, AccountId)]) -> Vec<WebhookId> {
    let mut reader = db.read().await.expect("a connection");
    let listeners = rows::listeners(reader.link(), accounts).await.expect("asked");
    listeners.into_iter().map(|listener| listener.webhook_id).collect()
}

pub(crate) async fn webhooks(db: &Db) {
    let (one, two) = (tenant(db, "one").await, tenant(db, "two").await);
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let dental = account(db, one, "D2000", "Bright Smile").await;
    let other = account(db, two, "W0411", "Hart & Lowe").await;
    let mut first = added(db, &webhook(one, law)).await;
    let second = added(db, &webhook(one, dental)).await;
    let third = added(db, &webhook(two, other)).await;
    assert_eq!(heard(db, &[(one, law)]).await, [first.id]);
    assert_eq!(heard(db, &[(one, law), (one, dental), (two, other)]).await.len(), 3);
    assert_eq!(heard(db, &[(two, law)]).await, [], "an account of another tenant is nobody's");

    first.old_secret = Some((HookSecret("whsec_old".to_owned()), at(50)));
    first.failing_since = Some(at(7));
    first.disabled = Some((at(9), DisabledWhy::Failing));
    first.kinds = vec![HookKind::RecordingAvailable];
    first.updated_at = at(9);
    let mut tx = db.begin().await.expect("a transaction");
    let locked = rows::find_to_change(tx.link(), one, first.id).await.expect("asked");
    assert_eq!(locked.expect("a webhook").secret, first.secret);
    rows::update(tx.link(), &first).await.expect("changed");
    rows::delete(tx.link(), two, third.id, at(3)).await.expect("deleted");
    tx.commit().await.expect("committed");

    let mut reader = db.read().await.expect("a connection");
    assert_eq!(rows::find(reader.link(), one, first.id).await.expect("asked"), Some(first.clone()));
    assert_eq!(rows::find(reader.link(), two, first.id).await.expect("asked"), None);
    assert_eq!(rows::find(reader.link(), two, third.id).await.expect("asked"), None);
    let all = [(one, first.id), (one, second.id), (two, third.id)];
    assert_eq!(rows::of_any_tenant(reader.link(), &all).await.expect("asked").len(), 2);
    let of_law = rows::of_account(reader.link(), one, law).await.expect("asked");
    assert_eq!(of_law, [first.clone()]);
    let alarming = rows::alarming(reader.link(), one, None).await.expect("asked");
    assert_eq!(alarming, [first.clone()]);
    let alarming = rows::alarming(reader.link(), one, Some(&[dental])).await.expect("asked");
    assert!(alarming.is_empty());
    assert!(heard(db, &[(one, law), (two, other)]).await.is_empty(), "disabled, deleted");
    let kind = HookKind::ToDoRun;
    let listening = rows::listening_tenants(reader.link(), &[one, two], kind).await;
    assert_eq!(listening.expect("asked"), [one]);
}

fn event(account_id: AccountId, subject_id: i64, ms: i64) -> HookEvent {
    HookEvent {
        id: HookEventId(0),
        account_id,
        kind: HookKind::MessageCreated,
        subject_id,
        key: format!("evt_{subject_id}_{ms}"),
        body: "{\"é\":1}".to_owned(),
        at: at(ms),
    }
}

fn delivery(webhook: &Webhook, event: &HookEvent) -> HookDelivery {
    HookDelivery {
        id: HookDeliveryId(0),
        webhook_id: webhook.id,
        event_id: event.id,
        kind: event.kind,
        subject_id: event.subject_id,
        state: HookState::Pending,
        attempts: 0,
        tries: 0,
        detail: String::new(),
        next_at: Some(event.at),
        created_at: event.at,
        finished_at: None,
    }
}

/// Three events of one message and one of another, on their way to a webhook.
async fn queued(db: &Db) -> (Webhook, Vec<HookEvent>, Vec<HookDelivery>) {
    let one = tenant(db, "one").await;
    let law = account(db, one, "W0411", "Hart & Lowe").await;
    let hook = added(db, &webhook(one, law)).await;
    let mut tx = db.begin().await.expect("a transaction");
    let mut events: Vec<_> = [(7, 10), (7, 20), (8, 25), (7, 30)]
        .into_iter()
        .map(|(subject, ms)| (one, event(law, subject, ms)))
        .collect();
    let ids = posts::insert_events(tx.link(), &events).await.expect("events");
    events.iter_mut().zip(ids).for_each(|((_, event), id)| event.id = id);
    let mut all: Vec<_> =
        events.iter().map(|(tenant, event)| (*tenant, delivery(&hook, event))).collect();
    let ids = posts::insert_all(tx.link(), &all).await.expect("deliveries");
    all.iter_mut().zip(ids).for_each(|((_, delivery), id)| delivery.id = id);
    tx.commit().await.expect("committed");
    let events = events.into_iter().map(|(_, event)| event).collect();
    (hook, events, all.into_iter().map(|(_, delivery)| delivery).collect())
}

pub(crate) async fn ways(db: &Db) {
    let (hook, events, mut all) = queued(db).await;
    let one = hook.tenant_id;
    let ids: Vec<_> = all.iter().map(|delivery| (one, delivery.id)).collect();
    let mut tx = db.begin().await.expect("a transaction");
    let found = posts::find_all_to_change(tx.link(), &ids).await.expect("asked");
    assert_eq!(found.iter().map(|(_, row)| row.clone()).collect::<Vec<_>>(), all);
    let other = [(TenantId(99), all[0].id)];
    assert!(posts::find_all_to_change(tx.link(), &other).await.expect("asked").is_empty());
    let event_ids: Vec<_> = events.iter().map(|event| (one, event.id)).collect();
    assert_eq!(posts::events(tx.link(), &event_ids).await.expect("asked").len(), 4);

    // The later ones of a message wait for the earlier ones; the other message waits for nobody.
    let mut blocked = posts::blocked(tx.link(), &ids).await.expect("asked");
    blocked.sort_unstable();
    assert_eq!(blocked, [(all[1].id, Some(at(10))), (all[3].id, Some(at(20)))]);
    all[0].state = HookState::Delivered;
    all[0].attempts = 1;
    all[0].tries = 1;
    all[0].detail = "It answered 204.".to_owned();
    all[0].next_at = None;
    all[0].finished_at = Some(at(40));
    posts::update_all(tx.link(), &[(one, all[0].clone())]).await.expect("changed");
    let next = posts::next_after(tx.link(), &ids[..1]).await.expect("asked");
    assert_eq!(next, [(one, all[1].id)]);
    assert!(posts::next_after(tx.link(), &ids[3..]).await.expect("asked").is_empty());
    let blocked = posts::blocked(tx.link(), &ids).await.expect("asked");
    assert_eq!(blocked, [(all[3].id, Some(at(20)))]);
    assert_eq!(posts::find(tx.link(), one, all[0].id).await.expect("asked"), Some(all[0].clone()));
    let counts = posts::counts(tx.link(), one, &[hook.id]).await.expect("asked");
    assert_eq!(counts.len(), 2);
    assert!(counts.contains(&(hook.id, HookState::Pending, 3)));

    let page = async |db: &Db, filter: PostFilter, limit| {
        let mut reader = db.read().await.expect("a connection");
        let page = posts::page(reader.link(), one, hook.id, &filter, limit).await.expect("asked");
        page.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let gone = posts::cancel_waiting(tx.link(), one, hook.id, "Off.", at(50)).await;
    assert_eq!(gone.expect("cancelled"), 3);
    tx.commit().await.expect("committed");
    assert_eq!(page(db, PostFilter::default(), 2).await, [all[3].id, all[2].id]);
    let filter = PostFilter {
        states: vec![HookState::Cancelled, HookState::Failed],
        since: Some(at(20)),
        before: Some(all[3].id),
    };
    assert_eq!(page(db, filter, 10).await, [all[2].id, all[1].id]);
}

pub(crate) async fn attempts(db: &Db) {
    let (hook, _, all) = queued(db).await;
    let (one, id) = (hook.tenant_id, all[0].id);
    let mut attempt = HookAttempt {
        number: 1,
        started_at: at(11),
        finished_at: None,
        status: None,
        detail: String::new(),
        answer: String::new(),
    };
    let mut tx = db.begin().await.expect("a transaction");
    posts::insert_attempts(tx.link(), &[(one, id, attempt.clone())]).await.expect("started");
    let found = posts::attempts(tx.link(), one, id).await.expect("asked");
    assert_eq!(found, [attempt.clone()]);
    attempt.finished_at = Some(at(12));
    attempt.detail = "No answer came.".to_owned();
    posts::finish_attempts(tx.link(), &[(one, id, attempt.clone())]).await.expect("ended");
    assert_eq!(posts::attempts(tx.link(), one, id).await.expect("asked"), [attempt.clone()]);
    attempt.status = Some(500);
    attempt.answer = "é".to_owned();
    posts::finish_attempts(tx.link(), &[(one, id, attempt.clone())]).await.expect("ended");
    assert_eq!(posts::attempts(tx.link(), one, id).await.expect("asked"), [attempt]);
    tx.commit().await.expect("committed");

    let forget = async |before, limit| {
        let mut tx = db.begin().await.expect("a transaction");
        let gone = posts::forget(tx.link(), at(before), limit).await.expect("forgotten");
        tx.commit().await.expect("committed");
        gone
    };
    assert_eq!(forget(10, 100).await, 0);
    assert_eq!(forget(21, 1).await, 3, "one of each table");
    assert_eq!(forget(21, 100).await, 2, "one delivery and its event");
    assert_eq!(forget(99, 100).await, 4);
}

pub(crate) async fn bodies(_: &Db) {
    let facts = vec![
        ("text", Fact::Text("a\"\n\u{1}é".to_owned())),
        ("number", Fact::Number(-7)),
        ("flag", Fact::Flag(true)),
        ("null", Fact::Null),
    ];
    let body = posts::body(HookKind::Test, at(0), &facts).expect("JSON");
    let expected = "{\"type\":\"webhook.test\",\"timestamp\":\"1970-01-01T00:00:00.000Z\",\
        \"data\":{\"text\":\"a\\\"\\n\\u0001é\",\"number\":-7,\"flag\":true,\"null\":null}}";
    assert_eq!(body, expected);
}
