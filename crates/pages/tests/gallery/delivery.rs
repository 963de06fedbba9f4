//! What becomes of a message, and the webhooks that hear of it.

use std::sync::Arc;

use app::webhooks::{Event, Logged, Secretive};
use domain::webhook::HookSecret;
use domain::{Instant, Invalid, Message, Playbook, Role, Webhook};

use crate::delivery::hub::Delivery;
use crate::delivery::simulator::Simulator;
use crate::list::{ListQuery, Listing};
use crate::session::Frame;
use crate::tests::sample::{self, SamplePage, drawn};
use crate::ui::{Place, Shell};
use crate::webhooks::detail::{HookLog, WebhookPage};
use crate::webhooks::event::HookEventPage;
use crate::webhooks::secret::WebhookSecret;

fn delivery(book: Playbook, role: Role) -> Delivery {
    let shell = Shell { role, ..Shell::sample(Place::Accounts) };
    Delivery { shell, book: Arc::new(book), now: sample::now() }
}

/// The form alone.
fn unasked() -> Simulator {
    Simulator::new(Shell::sample(Place::Accounts), Arc::new(sample::book()), sample::night())
}

/// What would happen to a message on a Saturday night.
fn simulated() -> Simulator {
    let (drawn, now) = (unasked(), sample::night());
    let (book, account) = (&drawn.book, &drawn.book.account);
    let mut message = Message::blank(account.tenant_id, account.id, String::new(), now);
    message.contact_id = book.contacts.first().map(|contact| contact.id);
    let foreseen = book.foresee(message, book.closings.first(), now);
    Simulator { answer: Some((now, foreseen)), ..drawn }
}

fn refused() -> Simulator {
    let mut drawn = unasked();
    drawn.form.blame(&Invalid::field("on", "must be a day such as 2025-01-25"));
    drawn
}

/// One of the webhooks, by its place, with what it was told.
fn webhook(at: usize, log: Vec<Logged>) -> WebhookPage {
    let (mut query, watched) = (ListQuery::default(), sample::watched().swap_remove(at));
    let list = HookLog::asked(sample::account(2), watched, &mut query);
    WebhookPage::draw(Frame::sample(Place::Accounts), Listing::of(list, query, log))
}

fn secret(old_secret: Option<(HookSecret, Instant)>) -> WebhookSecret {
    let secret = HookSecret("whsec_sample00000000000000000000000000000000000000=".to_owned());
    let webhook = Webhook { old_secret, ..sample::watched().swap_remove(0).webhook };
    let made = Secretive { account: sample::account(2), webhook, secret };
    WebhookSecret { shell: Shell::sample(Place::Accounts), made }
}

fn event(found: Event) -> HookEventPage {
    HookEventPage { shell: Shell::sample(Place::Accounts), now: sample::now(), found }
}

pub(super) fn all() -> Vec<SamplePage> {
    let mut warned = sample::book();
    warned.groups.iter_mut().for_each(|group| group.members.clear());
    let bare = Playbook::of(sample::account(2));
    let old = sample::watched().swap_remove(0).webhook.secret;
    let (logged, attempts) = (sample::log().swap_remove(0), Vec::new());
    let waiting = Event { logged, attempts, ..sample::event() };
    vec![
        drawn("delivery", &delivery(warned, Role::Owner)),
        drawn("delivery-empty", &delivery(bare, Role::Owner)),
        drawn("delivery-client", &delivery(sample::book(), Role::Client)),
        drawn("simulator", &simulated()),
        drawn("simulator-empty", &unasked()),
        drawn("simulator-error", &refused()),
        drawn("webhook-secret", &secret(None)),
        drawn("webhook-secret-rotated", &secret(Some((old, sample::now())))),
        drawn("webhook", &webhook(0, sample::log())),
        drawn("webhook-empty", &webhook(0, Vec::new())),
        drawn("webhook-disabled", &webhook(1, sample::log())),
        drawn("hook-event", &event(sample::event())),
        drawn("hook-event-waiting", &event(waiting)),
    ]
}
