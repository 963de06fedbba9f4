//! What pages say of a webhook: its name, whether it is well, what is told.

use domain::webhook::DisabledWhy;
use domain::{Account, HookKind, HookState, Instant, Webhook};

use crate::ui::{Icon, State as Badge, Tone, icon};

/// How a webhook does, as an icon and a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WebhookHealth {
    /// How loud it is.
    pub(crate) tone: Tone,
    /// The icon's name.
    pub(crate) icon: &'static str,
    /// The word.
    pub(crate) word: &'static str,
}

impl WebhookHealth {
    pub(crate) fn of(webhook: &Webhook) -> Self {
        let (tone, icon, word) = match (webhook.disabled, webhook.failing_since) {
            (Some((_, DisabledWhy::Asked)), _) => (Tone::Plain, "circle-pause", "Switched off"),
            (Some(_), _) => (Tone::Red, "circle-x", "Disabled"),
            (None, Some(_)) => (Tone::Amber, "triangle-alert", "Failing"),
            (None, None) => (Tone::Green, "circle-check", "On"),
        };
        WebhookHealth { tone, icon, word }
    }

    /// The class of its tone.
    pub(crate) fn class(&self) -> &'static str {
        self.tone.class()
    }

    /// Its icon.
    pub(crate) fn drawn(&self) -> Icon {
        icon(self.icon)
    }
}

/// Why a webhook is disabled or will be, in sentences; `None` while it works.
pub(crate) fn trouble(webhook: &Webhook, since: &str) -> Option<(Tone, String)> {
    match (webhook.disabled, webhook.failing_since) {
        (Some((_, DisabledWhy::Gone)), _) => Some((
            Tone::Red,
            "It answered 410 (Gone), so nothing is posted to it any more.".to_owned(),
        )),
        (Some((_, DisabledWhy::Failing)), _) => Some((
            Tone::Red,
            "Every post failed for five days, so nothing is posted to it any more.".to_owned(),
        )),
        (Some((_, DisabledWhy::Asked)), _) => Some((
            Tone::Plain,
            "It is switched off: events that happen now are not kept for it.".to_owned(),
        )),
        (None, Some(_)) => Some((
            Tone::Amber,
            format!("No post has succeeded since {since}. After five days it is disabled."),
        )),
        (None, None) => None,
    }
}

/// What a webhook is called: what it is for, or else its host.
pub(crate) fn name(webhook: &Webhook) -> String {
    if !webhook.description.is_empty() {
        return webhook.description.clone();
    }
    let rest = webhook.url.split_once("://").map_or(webhook.url.as_str(), |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest).to_owned()
}

pub(crate) fn events(kinds: &[HookKind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    words.join(", ")
}

/// Where an event stands on its way, as pages show it.
pub(crate) fn badge(state: HookState, attempts: i64) -> Badge {
    match state {
        HookState::Pending if attempts > 0 => Badge::Retrying,
        HookState::Pending => Badge::Pending,
        HookState::Posting => Badge::Sending,
        HookState::Delivered => Badge::Delivered,
        HookState::Failed => Badge::Failed,
        HookState::Cancelled => Badge::Cancelled,
    }
}

/// An instant as a person of an account reads it in a sentence.
pub(crate) fn in_words(at: Instant, account: &Account) -> String {
    account.zone.portal(at).to_string()
}
