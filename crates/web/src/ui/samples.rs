//! Every page from its sample, for the test that renders them and the gallery that shows them.

use askama::Template;

use super::{Find, Lost, Moment, Place, Role, Shell};
use crate::portal::wishes;
use crate::{acknowledge, console, portal, reference};

/// A moment for a sample: what is shown, with a fixed instant behind it.
#[must_use]
pub fn moment(relative: &str) -> Moment {
    Moment {
        iso: "2026-03-03T19:14:08.671Z".to_owned(),
        relative: relative.to_owned(),
        exact: "Tue, Mar 3, 2026, 2:14:08 PM EST".to_owned(),
    }
}

impl Shell {
    /// The frame of an owner.
    #[must_use]
    pub fn sample(place: Place) -> Self {
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

fn push(pages: &mut Vec<(&'static str, String)>, name: &'static str, page: &impl Template) {
    // A template fails only where its writer does, and a String never does.
    pages.push((name, page.render().unwrap_or_default()));
}

/// Each sample's name and HTML.
#[must_use]
pub fn page_samples() -> Vec<(&'static str, String)> {
    let mut pages = Vec::new();
    let all = &mut pages;
    push(all, "find", &Find::sample());
    push(all, "find-empty", &Find::sample_empty());
    push(all, "lost", &Lost::sample());
    push(all, "lost-error", &Lost::sample_error());
    push(all, "lost-unavailable", &Lost::unavailable());
    push(all, "lost-full", &Lost::full());
    push(all, "lost-link", &Lost::no_link());
    push(all, "lost-wait", &Lost::wait());
    push(all, "reference", &reference::Reference::sample());
    portal_samples(all);
    console_samples(all);
    wishes_samples(all);
    pages
}

fn portal_samples(all: &mut Vec<(&'static str, String)>) {
    push(all, "sign-in", &portal::SignIn::sample());
    push(all, "sign-in-error", &portal::SignIn::sample_error());
    push(all, "messages", &portal::Messages::sample());
    push(all, "messages-empty", &portal::Messages::sample_empty());
    push(all, "messages-no-match", &portal::Messages::sample_no_match());
    push(all, "message", &portal::Messages::sample_open());
    push(all, "message-failed", &portal::Messages::sample_failed());
    push(all, "recordings", &portal::Recordings::sample());
    push(all, "recordings-empty", &portal::Recordings::sample_empty());
    push(all, "recording", &portal::Recording::sample());
    push(all, "recording-gone", &portal::Recording::sample_gone());
    push(all, "to-dos", &portal::ToDos::sample());
    push(all, "to-dos-empty", &portal::ToDos::sample_empty());
    push(all, "to-do", &portal::ToDos::sample_open());
    push(all, "to-do-paused", &portal::ToDos::sample_paused());
    push(all, "to-do-form", &portal::ToDoForm::sample());
    push(all, "to-do-form-error", &portal::ToDoForm::sample_error());
    push(all, "to-do-form-kept", &portal::ToDoForm::sample_kept());
    on_call_samples(all);
    push(all, "opt-outs", &portal::OptOuts::sample());
    push(all, "opt-outs-empty", &portal::OptOuts::sample_empty());
    push(all, "outbox", &portal::Outbox::sample());
    push(all, "outbox-empty", &portal::Outbox::sample_empty());
    push(all, "mail", &portal::Mail::sample());
    push(all, "mail-call", &portal::Mail::sample_call());
    push(all, "profile", &portal::Profile::sample());
    push(all, "profile-empty", &portal::Profile::sample_empty());
    push(all, "profile-error", &portal::Profile::sample_error());
    push(all, "key-created", &portal::KeyCreated::sample());
    push(all, "people", &portal::People::sample());
    push(all, "people-empty", &portal::People::sample_empty());
    push(all, "person-form", &portal::PersonForm::sample());
    push(all, "person", &portal::PersonForm::sample_person());
    push(all, "person-locked", &portal::PersonForm::sample_locked());
    push(all, "person-form-error", &portal::PersonForm::sample_error());
    push(all, "accounts", &portal::Accounts::sample());
    push(all, "accounts-empty", &portal::Accounts::sample_empty());
    push(all, "account", &portal::AccountPage::sample());
    push(all, "account-empty", &portal::AccountPage::sample_empty());
    push(all, "account-agent", &portal::AccountPage::sample_agent());
    push(all, "account-error", &portal::AccountPage::sample_error());
    push(all, "form-builder", &portal::FormBuilder::sample());
    push(all, "form-builder-error", &portal::FormBuilder::sample_error());
    push(all, "form-builder-empty", &portal::FormBuilder::sample_empty());
    push(all, "form-try", &portal::FormTry::sample());
    push(all, "form-try-kept", &portal::FormTry::sample_kept());
    push(all, "form-versions", &portal::FormVersions::sample());
    push(all, "form-versions-empty", &portal::FormVersions::sample_empty());
    webhook_samples(all);
    push(all, "account-form", &portal::AccountForm::sample());
    push(all, "account-form-error", &portal::AccountForm::sample_error());
}

fn on_call_samples(all: &mut Vec<(&'static str, String)>) {
    push(all, "on-call", &portal::OnCall::sample());
    push(all, "on-call-empty", &portal::OnCall::sample_empty());
    push(all, "rotation", &portal::RotationPage::sample());
    push(all, "rotation-error", &portal::RotationPage::sample_error());
    push(all, "rotation-empty", &portal::RotationPage::sample_empty());
    push(all, "rotation-form", &portal::RotationForm::sample());
    push(all, "rotation-form-error", &portal::RotationForm::sample_error());
    push(all, "holidays", &portal::Holidays::sample());
    push(all, "holidays-error", &portal::Holidays::sample_error());
    push(all, "calendar-link", &portal::LinkCreated::sample());
}

fn webhook_samples(all: &mut Vec<(&'static str, String)>) {
    push(all, "webhooks", &portal::Webhooks::sample());
    push(all, "webhooks-empty", &portal::Webhooks::sample_empty());
    push(all, "webhook-form", &portal::WebhookForm::sample());
    push(all, "webhook-form-error", &portal::WebhookForm::sample_error());
    push(all, "webhook-secret", &portal::WebhookSecret::sample());
    push(all, "webhook-secret-rotated", &portal::WebhookSecret::sample_rotated());
    push(all, "webhook", &portal::WebhookPage::sample());
    push(all, "webhook-empty", &portal::WebhookPage::sample_empty());
    push(all, "webhook-disabled", &portal::WebhookPage::sample_disabled());
    push(all, "hook-event", &portal::HookEventPage::sample());
    push(all, "hook-event-waiting", &portal::HookEventPage::sample_waiting());
}

fn wishes_samples(all: &mut Vec<(&'static str, String)>) {
    push(all, "delivery", &wishes::Delivery::sample());
    push(all, "delivery-empty", &wishes::Delivery::sample_empty());
    push(all, "delivery-client", &wishes::Delivery::sample_client());
    push(all, "contact", &wishes::ContactPage::sample());
    push(all, "contact-implied", &wishes::ContactPage::sample_implied());
    push(all, "contact-error", &wishes::ContactPage::sample_error());
    push(all, "group", &wishes::GroupForm::sample());
    push(all, "group-empty", &wishes::GroupForm::sample_empty());
    push(all, "group-error", &wishes::GroupForm::sample_error());
    push(all, "policy", &wishes::PolicyForm::sample());
    push(all, "policy-new", &wishes::PolicyForm::sample_new());
    push(all, "policy-error", &wishes::PolicyForm::sample_error());
    push(all, "closing", &wishes::ClosingForm::sample());
    push(all, "closing-digest", &wishes::ClosingForm::sample_digest());
    push(all, "closing-error", &wishes::ClosingForm::sample_error());
    push(all, "wording", &wishes::WordingForm::sample());
    push(all, "wording-error", &wishes::WordingForm::sample_error());
    push(all, "simulator", &wishes::Simulator::sample());
    push(all, "simulator-empty", &wishes::Simulator::sample_empty());
    push(all, "simulator-error", &wishes::Simulator::sample_error());
    push(all, "acknowledge", &acknowledge::Acknowledge::sample());
    push(all, "acknowledge-done", &acknowledge::Acknowledge::sample_done());
    push(all, "acknowledge-expired", &acknowledge::Acknowledge::sample_expired());
}

fn console_samples(all: &mut Vec<(&'static str, String)>) {
    push(all, "picker", &console::Picker::sample());
    push(all, "picker-empty", &console::Picker::sample_empty());
    push(all, "picker-saved", &console::Picker::sample_saved());
    push(all, "take", &console::TakeMessage::sample());
    push(all, "take-error", &console::TakeMessage::sample_error());
    push(all, "take-call", &console::TakeMessage::sample_call());
    push(all, "take-to-do", &console::TakeMessage::sample_to_do());
    push(all, "floor", &console::Floor::sample());
    push(all, "floor-empty", &console::Floor::sample_empty());
    push(all, "item", &console::ItemPage::sample());
    push(all, "item-mine", &console::ItemPage::sample_mine());
    push(all, "item-to-do", &console::ItemPage::sample_to_do());
    push(all, "item-done", &console::ItemPage::sample_done());
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let mut page = portal::Messages::sample_open();
        let open = page.open.as_mut().unwrap();
        open.content = "<script>alert(1)</script>".to_owned();
        open.who = "\"><img src=x>".to_owned();
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
