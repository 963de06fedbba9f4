//! A small answering service in a fresh database, with people whose names tests can use.

use std::sync::{Arc, Mutex};

use app::{Actor, App, Db, Entropy};
use blobs::Blobs;
use domain::account::{AccountEntry, ContactEntry};
use domain::token::Switch;
use domain::user::NewUser;
use domain::{Account, Contact, Did, Field, FieldKind, Form, Instant, Role, Tenant};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tempfile::TempDir;

use crate::ManualClock;

/// When every world begins: the instant of the contract's golden message.
pub const BEGINS: &str = "2025-01-21T22:08:20.671Z";

/// The password of everybody in every world.
pub const PASSWORD: &str = "correct horse battery";

/// Its hash by argon2id with parameters that take no time.
const PASSWORD_HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$\
    bGliZXJ0eS10ZXN0cw$BydUVJJYQ/fC3p0qpYS/gfvZndUztWcDC8mEs4eLA3U";

/// A fresh application on a fresh database and an empty folder of audio.
#[derive(Debug)]
pub struct World {
    /// The use cases.
    pub app: App,
    /// Their database.
    pub db: Db,
    /// The clock, which stands still.
    pub clock: Arc<ManualClock>,
    /// The audio.
    pub blobs: Blobs,
    /// Where all of it lies; removed with the world.
    pub folder: TempDir,
}

/// A source of randomness that a test can repeat.
pub fn seeded(seed: u64) -> Entropy {
    let random = Mutex::new(StdRng::seed_from_u64(seed));
    Entropy::new(move |bytes| random.lock().expect("unbroken").fill_bytes(bytes))
}

/// A tenant with an owner, a supervisor, an agent, two clients and two accounts.
#[derive(Clone, Debug)]
pub struct Tenancy {
    /// The tenant.
    pub tenant: Tenant,
    /// Olivia, who runs it.
    pub owner: Actor,
    /// Sam, who leads the agents.
    pub supervisor: Actor,
    /// Ann, who takes messages.
    pub agent: Actor,
    /// Carl, a client who belongs to the law firm only.
    pub client: Actor,
    /// Doris, a client who belongs to the dental practice only.
    pub other_client: Actor,
    /// The law firm.
    pub law: Account,
    /// The dental practice.
    pub dental: Account,
    /// The law firm's line.
    pub line: Did,
    /// Jane, to whom the law firm's messages go.
    pub jane: Contact,
    /// The law firm's form.
    pub form: Form,
    /// A switch and its machine key.
    pub switch: (Switch, String),
    /// The token of an Application Key of Carl's.
    pub key: String,
}

impl World {
    /// A world on a fresh SQLite database.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("liberty.db").display());
        Self::on(&url, folder).await
    }

    /// A world on a fresh database of either kind.
    pub async fn on(url: &str, folder: TempDir) -> Self {
        let db = Db::open(url, 5).await.expect("a database");
        db.migrate().await.expect("its tables");
        let clock = Arc::new(ManualClock::at(Instant::parse(BEGINS).expect("an instant")));
        let app = App::new(db.clone(), clock.clone(), seeded(1));
        let blobs = Blobs::local(&folder.path().join("audio")).expect("a folder of audio");
        World { app, db, clock, blobs, folder }
    }

    /// Adds a tenant with its people and accounts.
    pub async fn tenancy(&self, subdomain: &str) -> Tenancy {
        let app = &self.app;
        let zone = "America/New_York";
        let tenant = app::tenants::create(app, subdomain, "Liberty Desk", zone).await;
        let tenant = tenant.expect("a tenant");
        let law = self.account(&tenant, "W0411", "Hart & Lowe, Attorneys").await;
        let dental = self.account(&tenant, "D2000", "Bright Smile Dental").await;
        let line = app::accounts::add_did(app, tenant.id, None, law.id, "+15617819977", "Main");
        let line = line.await.expect("a line");
        let entry = ContactEntry {
            name: "Jane Hart".to_owned(),
            title: "Attorney".to_owned(),
            email: "jane@hartlowe.example".to_owned(),
            phone: "+1 561 555 0100".to_owned(),
            zone: String::new(),
        };
        let jane = app::accounts::add_contact(app, tenant.id, None, law.id, entry).await;
        let fields = vec![
            Field::new("First name", FieldKind::Text, true),
            Field::new("Last name", FieldKind::Text, false),
            Field::new("Phone", FieldKind::Phone, true),
            Field::new("Content", FieldKind::LongText, true),
            Field::new(
                "Meeting preference",
                FieldKind::Select(vec!["Virtual".to_owned(), "In person".to_owned()]),
                false,
            ),
            Field::new("Is emergency", FieldKind::Checkbox, false),
        ];
        let form = app::forms::publish_form(app, tenant.id, None, law.id, fields).await;
        let client = self.user(&tenant, "carl@hartlowe.example", "Carl", Role::Client, &law).await;
        let key = app::keys::create(app, &client, "Case manager", None).await.expect("a key");
        let switch = app::keys::create_switch(app, tenant.id, "tascom").await.expect("a switch");
        Tenancy {
            owner: self.user(&tenant, "olivia@desk.example", "Olivia", Role::Owner, &law).await,
            supervisor: self.user(&tenant, "sam@desk.example", "Sam", Role::Supervisor, &law).await,
            agent: self.user(&tenant, "ann@desk.example", "Ann", Role::Agent, &law).await,
            client,
            other_client: self
                .user(&tenant, "doris@smile.example", "Doris", Role::Client, &dental)
                .await,
            jane: jane.expect("a contact"),
            form: form.expect("a form"),
            key: key.token,
            tenant,
            law,
            dental,
            line,
            switch,
        }
    }

    /// The token of a new Application Key of somebody's.
    pub async fn key(&self, of: &Actor) -> String {
        app::keys::create(&self.app, of, "Program", None).await.expect("a key").token
    }

    /// The cookie of a new session of somebody's.
    pub async fn session(&self, of: &Actor) -> String {
        let found = app::sessions::credentials(&self.app, of.tenant_id, &of.email).await;
        let user = found.expect("asked").expect("somebody").user;
        app::sessions::begin(&self.app, &user).await.expect("a session")
    }

    /// Adds an account.
    pub async fn account(&self, tenant: &Tenant, number: &str, name: &str) -> Account {
        let entry = AccountEntry {
            number: number.to_owned(),
            name: name.to_owned(),
            greeting: format!("Thank you for calling {name}."),
            ..AccountEntry::default()
        };
        app::accounts::create(&self.app, tenant.id, None, entry).await.expect("an account")
    }

    /// Adds a user who belongs to one account.
    pub async fn user(
        &self,
        tenant: &Tenant,
        email: &str,
        name: &str,
        role: Role,
        of: &Account,
    ) -> Actor {
        let new = NewUser {
            email: email.to_owned(),
            name: name.to_owned(),
            username: name.to_lowercase(),
            role,
            password: PASSWORD.to_owned(),
            accounts: vec![of.id],
        };
        let made = app::users::create(&self.app, tenant.id, None, new, PASSWORD_HASH).await;
        made.expect("a user");
        app::users::actor_of(&self.app, tenant.id, email).await.expect("an actor")
    }
}
