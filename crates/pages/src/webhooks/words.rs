//! What pages say of a webhook: its name, whether it is well, what is told.

use domain::webhook::DisabledWhy;
use domain::{Account, HookDelivery, HookKind, HookState, Instant, Webhook};

use crate::list::Cell;
use crate::ui::{Badge, State, Tone};

/// How a webhook does: how loud that is, an icon, a word.
pub(crate) fn health(webhook: &Webhook) -> (Tone, &'static str, &'static str) {
    match (webhook.disabled, webhook.failing_since) {
        (Some((_, DisabledWhy::Asked)), _) => (Tone::Plain, "circle-pause", "Switched off"),
        (Some(_), _) => (Tone::Red, "circle-x", "Disabled"),
        (None, Some(_)) => (Tone::Amber, "triangle-alert", "Failing"),
        (None, None) => (Tone::Green, "circle-check", "On"),
    }
}

/// The same as it is drawn.
pub(crate) fn sign(webhook: &Webhook) -> Cell {
    let (tone, glyph, word) = health(webhook);
    Cell::Sign(tone, glyph, word)
}

/// Why a webhook is disabled or will be, in sentences; `None` while it works.
pub(crate) fn trouble(webhook: &Webhook, account: &Account) -> Option<(Tone, String)> {
    let (tone, text) = match (webhook.disabled, webhook.failing_since) {
        (Some((_, DisabledWhy::Gone)), _) => {
            (Tone::Red, "It answered 410 (Gone), so nothing is posted to it any more.")
        }
        (Some((_, DisabledWhy::Failing)), _) => {
            (Tone::Red, "Every post failed for five days, so nothing is posted to it any more.")
        }
        (Some((_, DisabledWhy::Asked)), _) => {
            (Tone::Plain, "It is switched off: events that happen now are not kept for it.")
        }
        (None, Some(since)) => {
            let since = in_words(since, account);
            let text =
                format!("No post has succeeded since {since}. After five days it is disabled.");
            return Some((Tone::Amber, text));
        }
        (None, None) => return None,
    };
    Some((tone, text.to_owned()))
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
pub(crate) fn badge(delivery: &HookDelivery) -> Badge {
    let state = match delivery.state {
        HookState::Pending if delivery.attempts > 0 => State::Retrying,
        HookState::Pending => State::Pending,
        HookState::Posting => State::Sending,
        HookState::Delivered => State::Delivered,
        HookState::Failed => State::Failed,
        HookState::Cancelled => State::Cancelled,
    };
    state.badge()
}

/// An instant as a person of an account reads it in a sentence.
pub(crate) fn in_words(at: Instant, account: &Account) -> String {
    account.zone.portal(at).to_string()
}
