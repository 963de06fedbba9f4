//! One's own profile and Application Keys.

mod key_created;

pub(crate) use key_created::KeyCreated;

use app::{Actor, accounts, keys};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::token::Key;
use domain::user::Scope;
use domain::{Date, Instant, Invalid, KeyId, Zone};
use web::{Routes, Web};

use crate::form::editor::{create, edit};
use crate::form::{Answer, Ask, Editor, Form};
use crate::session::{Fields, Id, PageError, Posted, page};
use crate::ui::words::{self, or};
use crate::ui::{Fact, Field, FieldKind, Moment, Place, Shell};

/// The addresses of one's profile.
pub(crate) fn routes() -> Routes {
    Place::Profile
        .route(edit::<KeyEditor>)
        .post("/profile/keys", create::<KeyEditor>)
        .post("/profile/keys/{id}/revoke", revoke_key)
}

/// `GET /profile`; `POST /profile/keys` makes a key.
#[derive(Debug, Clone, Template)]
#[template(path = "profile/profile.html")]
pub(crate) struct Profile {
    pub(crate) shell: Shell,
    /// Name, e-mail, role, accounts.
    pub(crate) facts: Vec<Fact>,
    /// Newest first; expired ones included.
    pub(crate) keys: Vec<KeyRow>,
    /// Makes a key.
    pub(crate) form: Form,
}

/// One Application Key, without its secret.
#[derive(Debug, Clone)]
pub(crate) struct KeyRow {
    /// Its number, for `POST /profile/keys/{id}/revoke`.
    pub(crate) id: String,
    /// What its owner calls it.
    pub(crate) name: String,
    /// The visible beginning: `lib_7Hq2`.
    pub(crate) prefix: String,
    /// When it was made.
    pub(crate) created_at: Moment,
    /// When it was last used.
    pub(crate) last_used_at: Option<Moment>,
    /// From which address, or empty.
    pub(crate) last_used_from: String,
    /// "Never", "Jun 30, 2027".
    pub(crate) expires: String,
    /// "" while it works; else "Revoked" or "Expired".
    pub(crate) ended: String,
}

/// Whose profile it is, the names of the accounts that they see, their keys, and the time there.
#[derive(Debug)]
pub(crate) struct ProfileGround {
    pub(crate) actor: Actor,
    pub(crate) accounts: String,
    pub(crate) keys: Vec<Key>,
    pub(crate) now: Instant,
    pub(crate) zone: Zone,
}

/// The form of a new key, on one's profile.
#[derive(Debug)]
pub(crate) struct KeyEditor;

impl Editor for KeyEditor {
    const PLACE: Place = Place::Profile;
    type Ground = ProfileGround;
    type Page = Profile;

    async fn ground(ask: Ask<'_>) -> Result<ProfileGround, PageError> {
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        let accounts = match actor.scope {
            Scope::All => "All accounts".to_owned(),
            Scope::Accounts(_) => {
                let accounts = accounts::list(app, actor).await?;
                let names: Vec<String> = accounts.into_iter().map(|account| account.name).collect();
                or(&names.join("\n"), "None yet").to_owned()
            }
        };
        let (keys, zone) = (keys::list(app, actor).await?, ask.visitor.tenant.zone.clone());
        Ok(ProfileGround { actor: actor.clone(), accounts, keys, now: app.now(), zone })
    }

    fn form(_: &ProfileGround, typed: Option<&Fields>) -> Form {
        Form::new([
            Field::new(FieldKind::Text, "name", "Name")
                .required()
                .max_length(80)
                .subject(None)
                .phrases(&[(
                    "must not be empty",
                    "Give the key a name, so that you know it again.",
                )])
                .hint("What will use it, for example “Practice software”."),
            Field::new(FieldKind::Date, "expires_on", "Expires on")
                .at("expires_at")
                .subject(None)
                .phrases(&[("must be in the future", "This day is already over.")])
                .hint("Leave empty for a key that works until you revoke it."),
        ])
        .filled(typed)
    }

    fn draw(shell: Shell, ground: &ProfileGround, form: Form) -> Profile {
        let ProfileGround { actor, accounts, keys, now, zone } = ground;
        let facts = vec![
            Fact::new("Name", &actor.name),
            Fact::new("E-mail", &actor.email),
            Fact::new("Role", words::role(actor.role)),
            Fact::new("Accounts", accounts),
        ];
        Profile { shell, facts, keys: keys.iter().map(|key| row(key, *now, zone)).collect(), form }
    }

    /// The answer is the only page that ever shows the key, so it is no redirect.
    async fn save(ask: Ask<'_>, ground: &ProfileGround, typed: &Fields) -> Answer {
        let (app, actor, zone) = (&ask.web.app, &ask.visitor.actor, &ground.zone);
        let end = end_of_day(typed.text("expires_on"), zone)?;
        let created = keys::create(app, actor, typed.text("name"), end).await?;
        let token = created.token;
        let origin = or(&ask.subject.origin, "https://your-host.example");
        let address = format!("{origin}/api/v2/messages?limit=1");
        let view = KeyCreated {
            shell: ask.visitor.shell(ask.web, Place::Profile).await?,
            name: created.key.name.clone(),
            expires: expires(&created.key, zone),
            curl: format!("curl -H 'Authorization: Bearer {token}' \\\n  '{address}'"),
            token,
        };
        Ok(page(StatusCode::OK, &view))
    }
}

fn row(key: &Key, now: Instant, zone: &Zone) -> KeyRow {
    KeyRow {
        id: key.id.to_string(),
        name: key.name.clone(),
        prefix: key.prefix.clone(),
        created_at: Moment::at(key.created_at, now, zone),
        last_used_at: key.last_used_at.map(|at| Moment::at(at, now, zone)),
        last_used_from: key.last_used_from.clone(),
        expires: expires(key, zone),
        ended: if key.works_at(now) { "" } else { "Expired" }.to_owned(),
    }
}

/// The last day on which a key works. Its end is the first instant after.
fn expires(key: &Key, zone: &Zone) -> String {
    key.expires_at
        .map_or_else(|| "Never".to_owned(), |end| zone.date(end.minus_ms(1)).in_words().to_string())
}

/// The first instant after a day, in the zone of the service.
fn end_of_day(text: &str, zone: &Zone) -> Result<Option<Instant>, Invalid> {
    match text.trim() {
        "" => Ok(None),
        text => match Date::parse(text) {
            Ok(date) => Ok(Some(zone.day_end(date))),
            Err(rule) => Err(Invalid::field("expires_at", rule.to_string())),
        },
    }
}

/// `POST /profile/keys/{id}/revoke`.
pub(crate) async fn revoke_key(State(web): State<Web>, Id(id): Id, form: Posted) -> Answer {
    let key = keys::revoke(&web.app, &form.visitor.actor, KeyId(id)).await?;
    let text = format!("“{}” is revoked: its next request is refused.", key.name);
    Ok(form.visitor.done(&web, "/profile", &text))
}
