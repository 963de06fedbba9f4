//! Every page from its sample, for the test that renders them and the gallery that shows them.

use askama::Template;
use domain::Playbook;

use crate::find::Find;
use crate::list::{Listing, Table};
use crate::sample::{SamplePage, drawn};
use crate::ui::{Lost, Place, Role, Shell};
use crate::{
    accounts, acknowledge, console, delivery, form, forms, messages, on_call, outbox, people,
    profile, recordings, reference, sample, sign_in, to_dos, webhooks,
};

impl Shell {
    /// The frame of an owner.
    pub(crate) fn sample(place: Place) -> Self {
        Self {
            tenant_name: "Harbor Answering".to_owned(),
            user_name: "Jane Hartwell".to_owned(),
            user_email: "jane@hartwell.example".to_owned(),
            role: Role::Owner,
            place,
            unread: Some(3),
            csrf: "sample".to_owned(),
            flash: None,
            alarm: None,
        }
    }
}

fn push(pages: &mut Vec<SamplePage>, name: &'static str, page: &impl Template) {
    pages.push(drawn(name, page));
}

fn push_table<T: Table>(pages: &mut Vec<SamplePage>, names: [&'static str; 2]) {
    for (name, page) in names.into_iter().zip(Listing::<T>::samples()) {
        push(pages, name, &page);
    }
}

/// Each sample's name and HTML.
pub fn page_samples() -> Vec<(&'static str, String)> {
    let mut pages = Vec::new();
    let all = &mut pages;
    push(all, "lost", &Lost::not_found());
    push(all, "lost-error", &Lost::fault("01JHX4Z8W2T7"));
    push(all, "lost-unavailable", &Lost::unavailable());
    push(all, "lost-full", &Lost::full());
    push(all, "lost-link", &Lost::no_link());
    push(all, "lost-wait", &Lost::wait());
    push(all, "reference", &reference::ReferencePage::sample());
    push(all, "key-created", &profile::KeyCreated::sample());
    push_table::<recordings::Recordings>(all, ["recordings", "recordings-empty"]);
    push_table::<outbox::Outbox>(all, ["outbox", "outbox-empty"]);
    push_table::<people::People>(all, ["people", "people-empty"]);
    push_table::<accounts::Accounts>(all, ["accounts", "accounts-empty"]);
    on_call_samples(all);
    webhook_samples(all);
    delivery_samples(all);
    let rooms = [
        Find::samples(),
        sign_in::SignIn::samples(),
        messages::Messages::samples(),
        recordings::RecordingPage::samples(),
        to_dos::ToDos::samples(),
        outbox::CapturedPage::samples(),
        forms::samples::all(),
        acknowledge::Acknowledge::samples(),
        console::samples::all(),
    ];
    pages.extend(rooms.into_iter().flatten());
    pages.extend(form::samples::all().into_iter().map(|page| (page.name, page.html)));
    pages
}

fn on_call_samples(all: &mut Vec<SamplePage>) {
    push_table::<on_call::OnCall>(all, ["on-call", "on-call-empty"]);
    push(all, "calendar-link", &on_call::LinkCreated::sample());
}

fn webhook_samples(all: &mut Vec<SamplePage>) {
    push_table::<webhooks::Webhooks>(all, ["webhooks", "webhooks-empty"]);
    let old = sample::watched().swap_remove(0).webhook.secret;
    push(all, "webhook-secret", &webhooks::WebhookSecret::sample(None));
    let rotated = webhooks::WebhookSecret::sample(Some((old, sample::now())));
    push(all, "webhook-secret-rotated", &rotated);
    push(all, "webhook", &webhooks::WebhookPage::sample(0, sample::log()));
    push(all, "webhook-empty", &webhooks::WebhookPage::sample(0, Vec::new()));
    push(all, "webhook-disabled", &webhooks::WebhookPage::sample(1, sample::log()));
    push(all, "hook-event", &webhooks::HookEventPage::sample(sample::event()));
    let (logged, attempts) = (sample::log().swap_remove(0), Vec::new());
    let waiting = app::webhooks::Event { logged, attempts, ..sample::event() };
    push(all, "hook-event-waiting", &webhooks::HookEventPage::sample(waiting));
}

fn delivery_samples(all: &mut Vec<SamplePage>) {
    let mut warned = sample::book();
    warned.groups.iter_mut().for_each(|group| group.members.clear());
    push(all, "delivery", &delivery::Delivery::sample(warned, Role::Owner));
    let bare = Playbook::of(sample::account(2));
    push(all, "delivery-empty", &delivery::Delivery::sample(bare, Role::Owner));
    push(all, "delivery-client", &delivery::Delivery::sample(sample::book(), Role::Client));
    push(all, "simulator", &delivery::Simulator::sample());
    push(all, "simulator-empty", &delivery::Simulator::sample_empty());
    push(all, "simulator-error", &delivery::Simulator::sample_error());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::OpenCard;
    use crate::ui::assets;

    #[test]
    fn every_page_renders_whole_with_one_heading_and_a_main_landmark() {
        for (name, html) in page_samples() {
            assert!(html.trim_end().ends_with("</html>"), "{name} breaks off");
            assert_eq!(html.matches("<h1").count(), 1, "{name}: one h1");
            assert_eq!(html.matches("<main").count(), 1, "{name}: one main");
        }
    }

    #[test]
    fn no_page_needs_inline_script_or_style() {
        for (name, html) in page_samples() {
            assert!(!html.contains(" style=") && !html.contains("<style"), "{name}: style");
            for script in html.split("<script").skip(1) {
                assert!(script.starts_with(" src="), "{name}: inline script");
            }
            assert!(
                !html.contains("javascript:") && !html.contains(" onclick="),
                "{name}: handler"
            );
        }
    }

    #[test]
    fn every_form_that_posts_carries_the_token() {
        // The acknowledging link is opened without a session: its address is the secret.
        let pages = page_samples().into_iter().filter(|(name, _)| *name != "acknowledge");
        for (name, html) in pages {
            for form in html.split("<form").skip(1) {
                let form = form.split("</form>").next().unwrap();
                if form.contains("method=\"post\"") {
                    assert!(form.contains("name=\"csrf\""), "{name}: a form without csrf: {form}");
                }
            }
        }
    }

    #[test]
    fn every_icon_and_asset_that_a_page_names_exists() {
        let files: std::collections::HashMap<_, _> = assets::all().collect();
        let sprite = files.get(&assets::asset("vendor/icons.svg")).unwrap();
        let sprite = String::from_utf8(sprite.clone()).unwrap();
        for (name, html) in page_samples() {
            for named in html.split("icons.svg#").skip(1) {
                let icon = named.split('"').next().unwrap();
                assert!(sprite.contains(&format!("id=\"{icon}\"")), "{name}: no icon {icon}");
            }
            for named in html.split("\"/assets/").skip(1) {
                let href = named.split(['"', '#']).next().unwrap();
                assert!(files.contains_key(&format!("/assets/{href}")), "{name}: no asset {href}");
            }
        }
    }

    #[test]
    fn what_a_caller_said_is_escaped() {
        let mut page = messages::Messages::sample_open();
        page.rows[1].name = "\"><img src=y>".to_owned();
        let Some(OpenCard::Message(open)) = page.open.as_mut() else { panic!("it is open") };
        let message = &mut open.known.detail.message;
        message.content = "<script>alert(1)</script>".to_owned();
        message.first_name = "\"><img src=x>".to_owned();
        let html = page.render().unwrap();
        assert!(!html.contains("<script>alert") && !html.contains("<img"));
    }

    #[test]
    fn ids_are_unique_on_each_page() {
        for (name, html) in page_samples() {
            let mut seen = std::collections::HashSet::new();
            for named in html.split(" id=\"").skip(1) {
                let id = named.split('"').next().unwrap();
                assert!(seen.insert(id), "{name}: two elements with id {id}");
            }
        }
    }
}
