//! One's own profile and Application Keys.

mod key_created;

pub(crate) use key_created::KeyCreated;

use app::{Actor, accounts, keys};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::token::{self, Key, KeyLimits, Resource};
use domain::user::Scope;
use domain::{Account, AccountId, Date, Instant, Invalid, KeyId, Zone};
use web::{Routes, Web};

use crate::form::editor::{create, edit};
use crate::form::{Answer, Ask, Editor, Form};
use crate::messages::Clock;
use crate::session::{Fields, Id, PageError, Posted, page};
use crate::ui::words::{self, or};
use crate::ui::{Choice, Field, FieldKind, Place, Shell};

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
    /// The accounts that a key may be limited to.
    pub(crate) seen: Vec<Account>,
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
        let seen = accounts::list(app, actor).await?;
        let accounts = match actor.scope {
            Scope::All => "All accounts".to_owned(),
            Scope::Accounts(_) => {
                let names: Vec<&str> = seen.iter().map(|account| &*account.name).collect();
                or(&names.join("\n"), "None yet").to_owned()
            }
        };
        let keys = keys::list(app, actor).await?;
        let clock = Clock { now: app.now(), zone: ask.visitor.tenant.zone.clone() };
        Ok(ProfileGround { actor: actor.clone(), accounts, keys, seen, clock })
    }

    fn form(ground: &ProfileGround, typed: Option<&Fields>) -> Form {
        let account = |it: &Account| Choice::new(&it.id.to_string(), &it.name);
        let resource = |it: &Resource| Choice::new(it.as_str(), words::resource(*it));
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
            Field::new(FieldKind::Tick, "read_only", "It may only read")
                .hint("Without this it may also make To Dos and change messages."),
            Field::new(FieldKind::Text, "addresses", "Only from these addresses")
                .subject(Some("These"))
                .hint("IP addresses or networks, such as 203.0.113.0/24. Empty: from anywhere."),
            Field::new(FieldKind::Ticks, "resource", "Only these parts of the API")
                .choices(Resource::ALL.iter().map(resource))
                .hint("None ticked: all of them."),
            Field::new(FieldKind::Ticks, "account_id", "Only these accounts")
                .at("accounts")
                .choices(ground.seen.iter().map(account))
                .subject(Some("These"))
                .hint("None ticked: all that you see, also those to come."),
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
        let limits = limits(typed)?;
        let name = typed.text("name");
        let created = keys::create_limited(app, actor, name, end, limits).await?;
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

/// What a new key is limited to.
fn limits(typed: &Fields) -> Result<KeyLimits, Invalid> {
    let mut invalid = Invalid::new();
    let limits = KeyLimits {
        is_read_only: typed.text("read_only") == "true",
        // What is no id becomes one that nobody has, which is refused.
        accounts: typed.all("account_id").map(|id| AccountId(id.parse().unwrap_or(0))).collect(),
        addresses: token::addresses(typed.text("addresses"), &mut invalid),
        resources: typed.all("resource").filter_map(Resource::parse).collect(),
    };
    invalid.or(limits)
}

/// What a key is limited to, each limit as a phrase; nothing for a key without limits.
pub(crate) fn limited(key: &Key, seen: &[Account]) -> Vec<String> {
    let KeyLimits { is_read_only, accounts, addresses, resources } = &key.limits;
    let mut said = Vec::new();
    if *is_read_only {
        said.push("Only reads".to_owned());
    }
    let mut list = |before: &str, words: Vec<String>| {
        if !words.is_empty() {
            said.push(format!("{before}{}", words.join(", ")));
        }
    };
    list("Only ", resources.iter().map(|it| words::resource(*it).to_owned()).collect());
    let name = |id: &AccountId| seen.iter().find(|it| it.id == *id).map(|it| it.name.clone());
    let gone = || "an account that you do not see any more".to_owned();
    list("Only for ", accounts.iter().map(|id| name(id).unwrap_or_else(gone)).collect());
    list("Only from ", addresses.iter().map(ToString::to_string).collect());
    said
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
