//! Every page with a form, drawn from the sample house: as it opens, and with faults in it.

use std::sync::Arc;

use askama::Template;
use domain::closing::ClosingGroup;
use domain::escalation::Policy;
use domain::sending::Rules;
use domain::{AccountId, ContactGroup, Invalid, Playbook, Role};

use super::grounds;
use crate::accounts::{AccountEditor, ContactEditor, LineEditor, NewContactEditor, SendingEditor};
use crate::delivery::{WaysEditor, WordingEditor};
use crate::form::editor::fresh;
use crate::form::{Editor, Form};
use crate::on_call::{FederalEditor, HolidayEditor, OverrideEditor, RotationEditor};
use crate::opt_outs::OptOutEditor;
use crate::people::{self, PasswordEditor};
use crate::profile::KeyEditor;
use crate::tests::sample::{book, now};
use crate::to_dos::ToDoEditor;
use crate::ui::{Field, FieldKind, Shell};
use crate::webhooks::WebhookEditor;

/// A page with a form.
#[derive(Debug)]
pub(crate) struct FormSample {
    pub(crate) name: &'static str,
    pub(crate) html: String,
    /// The names of the form's fields.
    names: Vec<String>,
    /// The paths that were blamed, with a space between each.
    paths: &'static str,
}

/// The names that a form posts.
fn names(form: &Form) -> Vec<String> {
    let fields = form.fields.iter().chain(form.entries.iter().flat_map(|it| &it.fields));
    let names = |field: &Field| match field.kind {
        FieldKind::Switches => field.choices.iter().map(|it| it.value.clone()).collect(),
        _ => vec![field.name.clone()],
    };
    fields.flat_map(names).collect()
}

/// A page as it opens, for somebody of a role.
fn opened<E: Editor>(name: &'static str, ground: &E::Ground, role: Role) -> FormSample {
    let (shell, form) = (Shell { role, ..Shell::sample(E::PLACE) }, fresh::<E>(ground));
    let names = names(&form);
    let html = E::draw(shell, ground, form).render().unwrap_or_default();
    FormSample { name, html, names, paths: "" }
}

/// The same, as it comes back with a fault at each of these paths, and one that no field shows.
fn refused<E: Editor>(name: &'static str, ground: &E::Ground, paths: &'static str) -> FormSample {
    let mut faults = Invalid::field("moon", "must be round");
    for path in paths.split(' ') {
        faults.add(path, format!("must not be {path}"));
    }
    let mut form = fresh::<E>(ground);
    form.blame(&faults);
    form.is_unsaved = true;
    let names = names(&form);
    let html = E::draw(Shell::sample(E::PLACE), ground, form).render().unwrap_or_default();
    FormSample { name, html, names, paths }
}

/// Both, for an owner.
fn both<E: Editor>(
    names: [&'static str; 2],
    ground: &E::Ground,
    paths: &'static str,
) -> [FormSample; 2] {
    [opened::<E>(names[0], ground, Role::Owner), refused::<E>(names[1], ground, paths)]
}

const ROTATION: &str = "account_number name zone turn hand_off starts_on members hours fallback";
const TO_DO: &str = "account_number delivery_type contact from message_text subject sender_name \
    from_email instructions when run_at run_time schedule.interval schedule.frequency \
    schedule.days schedule.days_of_week[0] schedule.days_of_month schedule.months[0] \
    schedule.times[1] schedule.starts_at schedule.until schedule.count misfire grace_seconds \
    overlap if_unsure schedule.rule.day";
const POLICY: &str = "name rounds ack_expires levels levels.0.targets levels.0.channel \
    levels.0.manner levels.1.delay";
const CLOSING: &str = "name usage timing times actions actions.0.targets actions.0.channel \
    actions.0.manner actions.1.address actions.2.policy";
const SENDING: &str = "quiet_from quiet_until quiet_policy per_minute per_day";
const CONTACT: &str = "name title email phone zone";
const WAYS: &str = "ways ways.0.channel ways.0.address ways.1.hours";

/// Every page with a form.
pub(crate) fn all() -> Vec<FormSample> {
    let mut all = Vec::new();
    accounts(&mut all);
    delivery(&mut all);
    let new = grounds::person(None);
    let person_paths = "name email role password accounts";
    all.extend(both::<people::PersonEditor>(
        ["person-form", "person-form-error"],
        &new,
        person_paths,
    ));
    let karl = grounds::person(Some(Role::Client));
    all.extend(both::<PasswordEditor>(["person", "person-password-error"], &karl, "password"));
    let olivia = grounds::person(Some(Role::Owner));
    all.push(opened::<people::PersonEditor>("person-locked", &olivia, Role::Owner));
    let (profile, nobody) = (grounds::profile(true), grounds::profile(false));
    all.extend(both::<KeyEditor>(
        ["profile", "profile-error"],
        &profile,
        "name expires_at addresses accounts",
    ));
    all.push(opened::<KeyEditor>("profile-empty", &nobody, Role::Owner));
    let (some, none) = (grounds::opt_outs(true), grounds::opt_outs(false));
    all.push(opened::<OptOutEditor>("opt-outs", &some, Role::Owner));
    all.push(refused::<OptOutEditor>("opt-outs-empty", &none, "phone"));
    on_call(&mut all);
    let new = grounds::to_do(false);
    all.extend(both::<ToDoEditor>(["to-do-form", "to-do-form-error"], &new, TO_DO));
    all.push(opened::<ToDoEditor>("to-do-form-kept", &grounds::to_do(true), Role::Owner));
    all
}

fn accounts(all: &mut Vec<FormSample>) {
    let account_paths = "account_number name zone greeting facts";
    all.extend(both::<AccountEditor>(["account-form", "account-form-error"], &None, account_paths));
    let ground = (book().account, Rules::default());
    all.extend(both::<SendingEditor>(["sending", "sending-error"], &ground, SENDING));
    let (whole, bare) = (grounds::account(false), grounds::account(true));
    all.extend(both::<NewContactEditor>(["account", "account-error"], &whole, CONTACT));
    all.push(refused::<LineEditor>("account-line-error", &whole, "number label"));
    all.push(opened::<LineEditor>("account-empty", &bare, Role::Owner));
    all.push(opened::<LineEditor>("account-agent", &whole, Role::Agent));
    let hook = (AccountId(2), None);
    let names = ["webhook-form", "webhook-form-error"];
    all.extend(both::<WebhookEditor>(names, &hook, "url description events"));
}

fn delivery(all: &mut Vec<FormSample>) {
    let contact = |at: usize| (Arc::new(book()), book().contacts[at].clone(), now());
    all.extend(both::<WaysEditor>(["contact", "contact-ways-error"], &contact(0), WAYS));
    all.extend(both::<ContactEditor>(["contact-implied", "contact-error"], &contact(2), CONTACT));
    let group = (Arc::new(book()), book().groups.pop(), now());
    all.extend(both::<ContactGroup>(["group", "group-error"], &group, "name members"));
    let nobody = (Arc::new(Playbook::of(book().account)), None, now());
    all.push(opened::<ContactGroup>("group-empty", &nobody, Role::Owner));
    let policy = (Arc::new(book()), book().policies.pop(), now());
    all.extend(both::<Policy>(["policy", "policy-error"], &policy, POLICY));
    all.push(opened::<Policy>("policy-new", &(Arc::new(book()), None, now()), Role::Owner));
    let closing = |at: usize| (Arc::new(book()), book().closings.get(at).cloned(), now());
    all.extend(both::<ClosingGroup>(["closing", "closing-error"], &closing(0), CLOSING));
    all.push(opened::<ClosingGroup>("closing-digest", &closing(1), Role::Owner));
    let words = (Arc::new(book()), Some("https://harbor.liberty.example".to_owned()));
    all.extend(both::<WordingEditor>(
        ["wording", "wording-error"],
        &words,
        "sms call subject email",
    ));
}

fn on_call(all: &mut Vec<FormSample>) {
    let new = grounds::rotation_form();
    all.extend(both::<RotationEditor>(["rotation-form", "rotation-form-error"], &new, ROTATION));
    if let (Some(whole), Some(bare)) = (grounds::rotation(false), grounds::rotation(true)) {
        let paths = "contact_id reason from from_time until until_time";
        all.extend(both::<OverrideEditor>(["rotation", "rotation-error"], &whole, paths));
        all.push(opened::<OverrideEditor>("rotation-empty", &bare, Role::Agent));
    }
    let days = grounds::holidays();
    let paths = "date name contact_id";
    all.extend(both::<HolidayEditor>(["holidays", "holidays-error"], &days, paths));
    all.push(refused::<FederalEditor>("holidays-federal-error", &days, "year"));
}

#[test]
fn every_fault_is_seen_beside_its_field_or_on_top() {
    for FormSample { name, html, paths, .. } in all().iter().filter(|it| !it.paths.is_empty()) {
        assert!(html.contains("“moon” must be round."), "{name}: the fault of no field");
        for path in paths.split(' ') {
            assert!(html.contains(&format!("ust not be {path}.")), "{name}: {path} is lost");
            // A whole list, and a part of a rule that the form has no words for.
            let is_whole = ["levels", "actions", "ways", "schedule.rule.day"].contains(&path);
            let is_on_top = html.contains(&format!("“{path}”"));
            assert_eq!(is_on_top, is_whole, "{name}: {path} stands on top");
        }
    }
}

#[test]
fn every_field_of_a_form_is_drawn() {
    let is_form = |page: &&FormSample| !["group-empty", "person-locked"].contains(&page.name);
    for page in all().iter().filter(is_form) {
        for name in &page.names {
            let control = format!("name=\"{name}\"");
            let is_hidden = page.name == "account-agent" || page.name == "rotation-empty";
            assert!(is_hidden || page.html.contains(&control), "{}: no {name}", page.name);
        }
    }
}
