//! Stories of on-call: who is told at night, what a change does, and gaps found ahead.

mod calendars;
mod changes;

use app::on_call::{self, RotationDetail};
use app::{Actor, jobs};
use domain::account::ContactEntry;
use domain::on_call::{OverrideEntry, RotationEntry};
use domain::{Contact, Instant, JobKind, Rotation};
use testkit::{Tenancy, World};

/// An answering service whose law firm has Jane, Paul and the office in its directory.
struct Story {
    world: World,
    office: Tenancy,
    paul: Contact,
    reception: Contact,
}

impl Story {
    async fn new() -> Self {
        let world = World::new().await;
        let office = world.tenancy("desk").await;
        let paul = contact(&world, &office, "Paul Lowe", "carl@hartlowe.example").await;
        let reception = contact(&world, &office, "The office", "").await;
        Story { world, office, paul, reception }
    }

    fn clock(&self, text: &str) {
        self.world.clock.set(at(text));
    }

    /// Jane and Paul by the week, from Monday, 20 January 2025, 9:00 on.
    fn weekly(&self) -> RotationEntry {
        RotationEntry {
            name: "Nights".to_owned(),
            zone: String::new(),
            turn: "weekly".to_owned(),
            hand_off: "9:00 AM".to_owned(),
            starts_on: "2025-01-20".to_owned(),
            members: vec![self.office.jane.id, self.paul.id],
            hours: String::new(),
            fallback: None,
        }
    }

    async fn make(&self, entry: RotationEntry) -> Rotation {
        let made = on_call::create(&self.world.app, &self.office.client, self.office.law.id, entry);
        made.await.expect("a rotation")
    }

    async fn find(&self, rotation: &Rotation) -> RotationDetail {
        let (app, actor) = (&self.world.app, &self.office.agent);
        on_call::find(app, actor, rotation.id, app.now()).await.expect("a rotation")
    }

    /// Who is on call at an instant.
    async fn who(&self, rotation: &Rotation, text: &str) -> String {
        let standing = self.find(rotation).await;
        let watch = standing.roster.on_call(at(text));
        standing.name(watch.contact_id).to_owned()
    }

    /// Does what is due of the coverage check; answers how many.
    async fn check(&self) -> usize {
        let app = &self.world.app;
        let due = jobs::claim(app, JobKind::Coverage, 100).await.expect("jobs");
        on_call::check_all(app, &due).await.expect("checked");
        due.len()
    }

    /// What the audit log says about rotations: action, and the subject behind its number.
    async fn said(&self) -> Vec<String> {
        let mut reader = self.world.db.read().await.expect("a connection");
        let rows = store::audit::list(reader.link(), self.office.tenant.id).await.expect("a log");
        let ours = rows.iter().filter(|row| {
            ["rotation.", "holiday.", "calendar."].iter().any(|of| row.action.starts_with(of))
        });
        ours.map(|row| format!("{}: {} {}", row.actor_name, row.action, row.subject)).collect()
    }
}

async fn contact(world: &World, office: &Tenancy, name: &str, email: &str) -> Contact {
    let entry = ContactEntry {
        name: name.to_owned(),
        email: email.to_owned(),
        phone: "+1 561 555 0101".to_owned(),
        ..ContactEntry::default()
    };
    let (app, tenant) = (&world.app, office.tenant.id);
    app::accounts::add_contact(app, tenant, None, office.law.id, entry).await.expect("a contact")
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

fn over(contact: Option<&Contact>, from: &str, until: &str) -> OverrideEntry {
    OverrideEntry {
        contact_id: contact.map(|contact| contact.id),
        from: Some(at(from)),
        until: Some(at(until)),
        reason: "Wedding".to_owned(),
    }
}

fn faults(result: Result<impl std::fmt::Debug, app::Error>) -> Vec<String> {
    match result.expect_err("refused") {
        app::Error::Invalid(invalid) => {
            invalid.faults().map(|(path, rule)| format!("{path} {rule}")).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn is_forbidden(result: Result<impl std::fmt::Debug, app::Error>) -> bool {
    matches!(result, Err(app::Error::Forbidden(_)))
}

fn is_hidden(result: Result<impl std::fmt::Debug, app::Error>) -> bool {
    matches!(result, Err(app::Error::NotFound))
}

/// Whoever is not of the law firm.
fn strangers(story: &Story) -> [&Actor; 1] {
    [&story.office.other_client]
}
