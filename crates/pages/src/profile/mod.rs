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
use crate::messages::Clock;
use crate::session::{Fields, Id, PageError, Posted, page};
use crate::ui::words::{self, or};
use crate::ui::{Field, FieldKind, Place, Shell};

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
    shell: Shell,
    ground: ProfileGround,
    form: Form,
}

/// Whose profile it is, the names of the accounts that they see, their keys (expired ones too, the
/// newest first), and the time there.
#[derive(Debug, Clone)]
pub(crate) struct ProfileGround {
    pub(crate) actor: Actor,
    pub(crate) accounts: String,
    pub(crate) keys: Vec<Key>,
    pub(crate) clock: Clock,
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
        let keys = keys::list(app, actor).await?;
        let clock = Clock { now: app.now(), zone: ask.visitor.tenant.zone.clone() };
        Ok(ProfileGround { actor: actor.clone(), accounts, keys, clock })
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
        Profile { shell, ground: ground.clone(), form }
    }

    /// The answer is the only page that ever shows the key, so it is no redirect.
    async fn save(ask: Ask<'_>, ground: &ProfileGround, typed: &Fields) -> Answer {
        let (app, actor, zone) = (&ask.web.app, &ask.visitor.actor, &ground.clock.zone);
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

impl Profile {
    fn role(&self) -> &'static str {
        words::role(self.ground.actor.role)
    }

    fn is_over(&self, key: &Key) -> bool {
        !key.works_at(self.ground.clock.now)
    }
}

/// The last day on which a key works. Its end is the first instant after.
pub(crate) fn expires(key: &Key, zone: &Zone) -> String {
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
