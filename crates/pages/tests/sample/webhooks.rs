//! Programs that are told what happens, and what they answered.

use app::webhooks::{Event, Logged, Watched};
use domain::limits::MINUTE_MS;
use domain::webhook::DisabledWhy;
use domain::{
    AccountId, HookAttempt, HookDelivery, HookDeliveryId, HookEvent, HookEventId, HookKind,
    HookSecret, HookState, Webhook, WebhookId,
};

use super::{account, ago, now};

/// Three webhooks of the heating firm: one works, one was disabled, one is switched off.
pub(crate) fn watched() -> Vec<Watched> {
    let watched =
        |id, url: &str, about: &str, kinds: &[HookKind], figures: [i64; 3], why| Watched {
            webhook: Webhook {
                tenant_id: domain::TenantId(1),
                id: WebhookId(id),
                account_id: AccountId(2),
                url: url.to_owned(),
                description: about.to_owned(),
                kinds: kinds.to_vec(),
                secret: HookSecret(String::new()),
                old_secret: None,
                failing_since: None,
                disabled: why,
                created_at: ago(41_000),
                updated_at: ago(41_000),
            },
            delivered: figures[0],
            waiting: figures[1],
            failed: figures[2],
        };
    let case = "https://cases.example/hooks/liberty";
    let old = "https://old.example/a-very-long-path-that-somebody-once-chose/for/no/reason";
    let test = "https://test.example/";
    let (created, acknowledged) = (HookKind::MessageCreated, HookKind::MessageAcknowledged);
    let [failing, asked] =
        [DisabledWhy::Failing, DisabledWhy::Asked].map(|why| Some((ago(90), why)));
    vec![
        watched(1, case, "Case manager", &[created, acknowledged], [812, 1, 2], None),
        watched(2, old, "", &[created], [20, 0, 41], failing),
        watched(3, test, "Test", &[HookKind::ToDoRun], [0, 0, 0], asked),
    ]
}

/// What the first one was told, the newest first.
pub(crate) fn log() -> Vec<Logged> {
    let logged = |id, kind, state, attempts, detail: &str, minutes| Logged {
        delivery: HookDelivery {
            id: HookDeliveryId(id),
            webhook_id: WebhookId(1),
            event_id: HookEventId(id),
            kind,
            subject_id: 940,
            state,
            attempts,
            tries: attempts,
            detail: detail.to_owned(),
            next_at: (state == HookState::Pending).then(|| now().plus_ms(5 * MINUTE_MS)),
            created_at: ago(minutes),
            finished_at: None,
        },
        event: HookEvent {
            id: HookEventId(id),
            account_id: AccountId(2),
            kind,
            subject_id: 940,
            key: "evt_FIYCJAD6MFQ4QQ25OL2SSMEFEWTLTLPS".to_owned(),
            body: r#"{"type":"message.created","data":{"id":940,"status":"pending"}}"#.to_owned(),
            at: ago(minutes),
        },
    };
    let (broke, taken) = ("The connection broke.", "It answered 204 (No Content).");
    let refused = "It answered 500 (Internal Server Error).";
    vec![
        logged(9, HookKind::MessageAcknowledged, HookState::Pending, 2, broke, 2),
        logged(8, HookKind::MessageCreated, HookState::Delivered, 2, taken, 5),
        logged(7, HookKind::RecordingAvailable, HookState::Failed, 10, refused, 60),
    ]
}

/// The second event of the log: it failed once and was taken then.
pub(crate) fn event() -> Event {
    let attempt = |number, minutes, status, detail: &str, answer: &str| HookAttempt {
        number,
        started_at: ago(minutes),
        finished_at: Some(ago(minutes).plus_ms(213)),
        status: Some(status),
        detail: detail.to_owned(),
        answer: answer.to_owned(),
    };
    let bad = "<html>\n<h1>502 Bad Gateway</h1>\n</html>";
    Event {
        account: account(2),
        webhook: watched().swap_remove(0).webhook,
        logged: log().swap_remove(1),
        attempts: vec![
            attempt(1, 5, 502, "It answered 502 (Bad Gateway).", bad),
            attempt(2, 4, 204, "It answered 204 (No Content).", ""),
        ],
    }
}
