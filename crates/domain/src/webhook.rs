//! Webhooks: addresses that an account's events are posted to, and how long each post is tried.

mod entry;
pub mod guard;
pub mod payload;
mod retry;

use std::fmt;

use crate::{
    AccountId, ActivityKind, HookDeliveryId, HookEventId, Instant, TenantId, WebhookId, limits,
};

pub use entry::{CheckedWebhook, WebhookEntry};
pub use guard::Guard;
pub use retry::{PostAnswer, PostVerdict, decide};

/// An address that an account's events are posted to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// Its identifier.
    pub id: WebhookId,
    /// The account whose events it gets.
    pub account_id: AccountId,
    /// Where they are posted to, as [`Guard::check`] writes it.
    pub url: String,
    /// What it is for, in its makers' words.
    pub description: String,
    /// The kinds of events that it gets.
    pub kinds: Vec<HookKind>,
    /// What posts are signed with.
    pub secret: HookSecret,
    /// What they are signed with besides, and until when: the secret before the last change.
    pub old_secret: Option<(HookSecret, Instant)>,
    /// When the first post failed after which none has succeeded.
    pub failing_since: Option<Instant>,
    /// Since when nothing is posted, and why.
    pub disabled: Option<(Instant, DisabledWhy)>,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl Webhook {
    /// The secrets that a post is signed with now, the newest first.
    pub fn secrets_at(&self, now: Instant) -> Vec<&HookSecret> {
        let old = self.old_secret.as_ref().filter(|(_, until)| now < *until);
        std::iter::once(&self.secret).chain(old.map(|(secret, _)| secret)).collect()
    }

    /// Whether it has failed for so long that it is given up.
    pub fn is_lost_at(&self, now: Instant) -> bool {
        self.failing_since.is_some_and(|since| now.ms_since(since) >= limits::HOOK_FAILING_MS)
    }

    /// Whether it gets events of a kind. What tests it always comes through.
    pub fn wants(&self, kind: HookKind) -> bool {
        kind == HookKind::Test || self.kinds.contains(&kind)
    }
}

/// A secret that posts are signed with: `whsec_` and base64. Its `Debug` shows `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct HookSecret(pub String);

impl fmt::Debug for HookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Why nothing is posted to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisabledWhy {
    /// Somebody has switched it off.
    Asked,
    /// It answered that it is gone for good (410).
    Gone,
    /// It has failed for too long.
    Failing,
}

impl DisabledWhy {
    /// All of them.
    pub const ALL: [DisabledWhy; 3] = [DisabledWhy::Asked, DisabledWhy::Gone, DisabledWhy::Failing];

    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            DisabledWhy::Asked => "asked",
            DisabledWhy::Gone => "gone",
            DisabledWhy::Failing => "failing",
        }
    }

    /// The reason with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == word)
    }

    /// Whether it happened by itself, so that people have to be told.
    pub fn is_alarming(self) -> bool {
        self != DisabledWhy::Asked
    }
}

/// What can happen that webhooks tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HookKind {
    /// A message was taken.
    MessageCreated,
    /// A carrier took over a message for somebody.
    MessageDelivered,
    /// Somebody took charge of a message.
    MessageAcknowledged,
    /// A message went to its next level of escalation.
    MessageEscalated,
    /// What was taken down was corrected.
    MessageCorrected,
    /// The recording of a call can be played.
    RecordingAvailable,
    /// An occurrence of a To Do has ended, sent or not.
    ToDoRun,
    /// Somebody tries the webhook.
    Test,
}

impl HookKind {
    /// Those that a webhook can ask for.
    pub const ALL: [HookKind; 7] = [
        HookKind::MessageCreated,
        HookKind::MessageDelivered,
        HookKind::MessageAcknowledged,
        HookKind::MessageEscalated,
        HookKind::MessageCorrected,
        HookKind::RecordingAvailable,
        HookKind::ToDoRun,
    ];

    /// The word for it in payloads and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            HookKind::MessageCreated => "message.created",
            HookKind::MessageDelivered => "message.delivered",
            HookKind::MessageAcknowledged => "message.acknowledged",
            HookKind::MessageEscalated => "message.escalated",
            HookKind::MessageCorrected => "message.corrected",
            HookKind::RecordingAvailable => "recording.available",
            HookKind::ToDoRun => "to_do.run",
            HookKind::Test => "webhook.test",
        }
    }

    /// What its subject is. Events about the same one come in order.
    pub fn topic(self) -> &'static str {
        match self {
            HookKind::MessageCreated
            | HookKind::MessageDelivered
            | HookKind::MessageAcknowledged
            | HookKind::MessageEscalated
            | HookKind::MessageCorrected => "message",
            HookKind::RecordingAvailable => "recording",
            HookKind::ToDoRun => "run",
            HookKind::Test => "test",
        }
    }

    /// When it happens, in a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            HookKind::MessageCreated => "An agent took a message.",
            HookKind::MessageDelivered => {
                "A message was handed over to somebody's mailbox or phone."
            }
            HookKind::MessageAcknowledged => "Somebody took charge of a message.",
            HookKind::MessageEscalated => "A message went to its next level of escalation.",
            HookKind::MessageCorrected => "What was taken down in a message was corrected.",
            HookKind::RecordingAvailable => "The recording of a call can be played.",
            HookKind::ToDoRun => "An occurrence of a To Do was sent, or was not, and why.",
            HookKind::Test => "Somebody tried the webhook.",
        }
    }

    /// The kind with this word.
    pub fn parse(word: &str) -> Option<Self> {
        let all = Self::ALL.into_iter().chain([HookKind::Test]);
        all.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What an activity of a message is told as, if it is told at all.
    pub fn of(activity: ActivityKind) -> Option<Self> {
        match activity {
            ActivityKind::Taken => Some(HookKind::MessageCreated),
            ActivityKind::Sent => Some(HookKind::MessageDelivered),
            ActivityKind::Acknowledged => Some(HookKind::MessageAcknowledged),
            ActivityKind::Escalated => Some(HookKind::MessageEscalated),
            ActivityKind::Corrected => Some(HookKind::MessageCorrected),
            _ => None,
        }
    }
}

/// Something that happened, as webhooks tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookEvent {
    /// Its identifier.
    pub id: HookEventId,
    /// The account that it happened to.
    pub account_id: AccountId,
    /// What happened.
    pub kind: HookKind,
    /// The id of the message, recording or run that it happened to; of the webhook for a test.
    pub subject_id: i64,
    /// The `webhook-id` of every post of it.
    pub key: String,
    /// The body of every post of it, byte for byte: the state when it happened.
    pub body: String,
    /// When it happened.
    pub at: Instant,
}

/// An event on its way to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookDelivery {
    /// Its identifier.
    pub id: HookDeliveryId,
    /// Where to.
    pub webhook_id: WebhookId,
    /// What is told.
    pub event_id: HookEventId,
    /// What happened.
    pub kind: HookKind,
    /// To what: events of one subject come in order.
    pub subject_id: i64,
    /// Where it stands.
    pub state: HookState,
    /// Attempts made, in all.
    pub attempts: i64,
    /// Attempts made since it was last begun anew.
    pub tries: i64,
    /// The outcome of the last attempt, or why there is none, in a sentence; `""` before.
    pub detail: String,
    /// When the next attempt is made.
    pub next_at: Option<Instant>,
    /// When the event happened.
    pub created_at: Instant,
    /// When nothing more was to be done.
    pub finished_at: Option<Instant>,
}

/// Where an event stands on its way to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HookState {
    /// Waits for its attempt, the first or another.
    Pending,
    /// Is being posted.
    Posting,
    /// The webhook took it.
    Delivered,
    /// Every attempt failed.
    Failed,
    /// The webhook was disabled or deleted first.
    Cancelled,
}

impl HookState {
    /// All of them.
    pub const ALL: [HookState; 5] = [
        HookState::Pending,
        HookState::Posting,
        HookState::Delivered,
        HookState::Failed,
        HookState::Cancelled,
    ];

    /// The word for it in the database and in the portal.
    pub fn as_str(self) -> &'static str {
        match self {
            HookState::Pending => "pending",
            HookState::Posting => "posting",
            HookState::Delivered => "delivered",
            HookState::Failed => "failed",
            HookState::Cancelled => "cancelled",
        }
    }

    /// The state with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing more is to be done.
    pub fn is_final(self) -> bool {
        matches!(self, HookState::Delivered | HookState::Failed | HookState::Cancelled)
    }
}

/// One post of an event to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookAttempt {
    /// Its number, from 1.
    pub number: i64,
    /// When it began.
    pub started_at: Instant,
    /// When it ended; `None` while it is under way, and for good if the server died first.
    pub finished_at: Option<Instant>,
    /// The status of HTTP, where there was an answer.
    pub status: Option<i64>,
    /// The outcome in a sentence.
    pub detail: String,
    /// The beginning of the answer's body.
    pub answer: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for kind in HookKind::ALL.into_iter().chain([HookKind::Test]) {
            assert_eq!(HookKind::parse(kind.as_str()), Some(kind));
            assert!(kind.sentence().ends_with('.'));
        }
        for state in HookState::ALL {
            assert_eq!(HookState::parse(state.as_str()), Some(state));
        }
        for why in DisabledWhy::ALL {
            assert_eq!(DisabledWhy::parse(why.as_str()), Some(why));
        }
    }

    #[test]
    fn an_old_secret_ends_when_its_time_is_over() {
        let at = Instant::from_ms;
        let (new, old) = (HookSecret("new".to_owned()), HookSecret("old".to_owned()));
        let webhook = Webhook {
            tenant_id: TenantId(1),
            id: WebhookId(1),
            account_id: AccountId(1),
            url: String::new(),
            description: String::new(),
            kinds: vec![HookKind::ToDoRun],
            secret: new.clone(),
            old_secret: Some((old.clone(), at(100))),
            failing_since: Some(at(0)),
            disabled: None,
            created_at: at(0),
            updated_at: at(0),
        };
        assert_eq!(webhook.secrets_at(at(99)), [&new, &old]);
        assert_eq!(webhook.secrets_at(at(100)), [&new]);
        assert!(webhook.wants(HookKind::Test) && !webhook.wants(HookKind::MessageCreated));
        let five_days = limits::HOOK_FAILING_MS;
        assert!(!webhook.is_lost_at(at(five_days - 1)) && webhook.is_lost_at(at(five_days)));
        assert!(!format!("{webhook:?}").contains("new"), "a secret must not be printed");
    }
}
