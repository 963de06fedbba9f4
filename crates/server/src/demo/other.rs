//! The demo's other tenant: somebody whose messages nobody else may see.

use domain::account::AccountEntry;
use domain::{Field, FieldKind, Form, Role};

use super::chance::Chance;
use super::people::{self, Person};
use super::tenancy::ensure_tenant;
use super::to_dos::PLANS;
use crate::Failure;
use crate::house::House;

/// Loads the other tenant: a key of its own, and one message that nobody else may see.
pub(crate) async fn load(
    house: &House,
    password: &str,
    hash: &str,
) -> Result<(String, i64), Failure> {
    let app = &house.app;
    let tenant = ensure_tenant(app, super::OTHER, "Bay Area Answering").await?;
    let id = tenant.id;
    let person = Person {
        email: "oscar@bay-answering.example",
        name: "Oscar Bell",
        role: Role::Owner,
        accounts: Vec::new(),
    };
    let owner = people::ensure(app, id, person, password, hash).await?;
    let account = match app::accounts::by_number(app, id, "7001").await {
        Err(app::Error::NotFound) => {
            let entry = AccountEntry {
                number: "7001".to_owned(),
                name: "Harbor Veterinary Clinic".to_owned(),
                zone: "America/Los_Angeles".to_owned(),
                greeting: "Harbor Veterinary Clinic, how can we help?".to_owned(),
                facts: String::new(),
            };
            let made = app::accounts::create(app, id, None, entry).await?;
            let standard = Form::standard(made.id, app.now());
            let pet = Field::new("Animal", FieldKind::Text, false);
            let fields = standard.fields().cloned().chain([pet]).collect();
            app::forms::publish_form(app, id, None, made.id, fields).await?;
            made
        }
        other => other?,
    };
    let everything = app::messages::MessageFilter::default();
    let message = match app::messages::page(app, &owner, &everything, None, 1).await?.pop() {
        Some(message) => message,
        None => {
            let form = app::forms::of_line(app, &owner, account.id, None).await?;
            let answers = [
                ("first_name", "Nadia"),
                ("phone", "(415) 555-0133"),
                ("content", "Her cat ate a hair band an hour ago and is quiet since."),
                ("animal", "Cat"),
            ];
            let entry = app::messages::MessageEntry {
                uuid: app.entropy().uuid(),
                form_id: form.id,
                answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
                ..app::messages::MessageEntry::default()
            };
            let message = app::messages::take(app, &owner, account.id, entry).await?.message;
            let failed = |error| Failure::run("the demo cannot be written", error);
            let (mut tx, mut chance) = (house.db.begin().await.map_err(failed)?, Chance::new(1));
            for plan in PLANS.iter().filter(|plan| plan.account == account.number) {
                let (by, now) = (owner.user_id, app.now());
                plan.write(&mut tx, (&account, None), &[], by, now, &mut chance).await?;
            }
            tx.commit().await.map_err(failed)?;
            message
        }
    };
    let key = app::keys::create(app, &owner, "Front office", None).await?;
    Ok((key.token, message.id.0))
}
