//! One's own profile and Application Keys.

mod key_created;

pub(crate) use key_created::KeyCreated;

use app::{accounts, keys};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::token::Key;
use domain::user::Scope;
use domain::{Date, Instant, Invalid, KeyId, Zone};
use web::origin::Origin;
use web::{Routes, Web};

use crate::sample;
use crate::session::{Fields, Frame, Id, PageError, Posted, SignedIn, page};
use crate::ui::words::{self, or, sentence};
use crate::ui::{Fact, Field, FieldKind, Flash, Moment, Place, Shell};

/// The addresses of one's profile.
pub(crate) fn routes() -> Routes {
    Place::Profile
        .route(show)
        .post("/profile/keys", create_key)
        .post("/profile/keys/{id}/revoke", revoke_key)
}

/// `GET /profile`; `POST /profile/keys` (`name`, `expires_on`) makes a key.
#[derive(Debug, Clone, Template)]
#[template(path = "profile/profile.html")]
pub(crate) struct Profile {
    /// The frame.
    pub(crate) shell: Shell,
    /// Name, e-mail, role, accounts.
    pub(crate) facts: Vec<Fact>,
    /// Newest first; revoked and expired ones included.
    pub(crate) keys: Vec<KeyRow>,
    /// `name`.
    pub(crate) name: Field,
    /// `expires_on`.
    pub(crate) expires_on: Field,
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

impl Profile {
    /// The empty form and these keys.
    fn draw(frame: Frame, accounts: &str, keys: &[Key]) -> Self {
        let Frame { shell, actor, zone, now } = frame;
        Self {
            shell,
            facts: vec![
                Fact::new("Name", &actor.name),
                Fact::new("E-mail", &actor.email),
                Fact::new("Role", words::role(actor.role)),
                Fact::new("Accounts", accounts),
            ],
            keys: keys.iter().map(|key| row(key, now, &zone)).collect(),
            name: Field::new(FieldKind::Text, "name", "Name")
                .required()
                .max_length(80)
                .hint("What will use it, for example “Practice software”."),
            expires_on: Field::new(FieldKind::Date, "expires_on", "Expires on")
                .hint("Leave empty for a key that works until you revoke it."),
        }
    }

    /// Three keys.
    pub(crate) fn sample() -> Self {
        Self::draw(Frame::sample(Place::Profile), "All accounts", &sample::keys())
    }

    /// No key yet.
    pub(crate) fn sample_empty() -> Self {
        Self::draw(Frame::sample(Place::Profile), "All accounts", &[])
    }

    /// A form that was refused.
    pub(crate) fn sample_error() -> Self {
        let mut page = Self::sample();
        page.name = page.name.error("Give the key a name, so that you know it again.");
        page.expires_on = page.expires_on.value("2020-01-01").error("This day is already over.");
        page
    }
}

/// `GET /profile`.
pub(crate) async fn show(State(web): State<Web>, visitor: SignedIn) -> Result<Response, PageError> {
    Ok(page(StatusCode::OK, &profile(&web, &visitor).await?))
}

async fn profile(web: &Web, visitor: &SignedIn) -> app::Result<Profile> {
    let actor = &visitor.actor;
    let accounts = match actor.scope {
        Scope::All => "All accounts".to_owned(),
        Scope::Accounts(_) => {
            let accounts = accounts::list(&web.app, actor).await?;
            let names: Vec<String> = accounts.into_iter().map(|account| account.name).collect();
            or(&names.join("\n"), "None yet").to_owned()
        }
    };
    let keys = keys::list(&web.app, actor).await?;
    Ok(Profile::draw(visitor.frame(web, Place::Profile).await?, &accounts, &keys))
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

/// `POST /profile/keys` (`name`, `expires_on`). The answer is the only page that ever shows the
/// key, so it is no redirect.
pub(crate) async fn create_key(
    State(web): State<Web>,
    Origin(origin): Origin,
    form: Posted,
) -> Result<Response, PageError> {
    let Posted { visitor, fields } = form;
    let zone = &visitor.tenant.zone;
    let made = match end_of_day(fields.text("expires_on"), zone) {
        Ok(end) => keys::create(&web.app, &visitor.actor, fields.text("name"), end).await,
        Err(invalid) => Err(invalid.into()),
    };
    let created = match made {
        Ok(created) => created,
        Err(app::Error::Invalid(faults)) => {
            return refused(&web, &visitor, &fields, &faults).await;
        }
        Err(error) => return Err(error.into()),
    };
    let token = created.token;
    let origin = if origin.is_empty() { "https://your-host.example" } else { &origin };
    let address = format!("{origin}/api/v2/messages?limit=1");
    let view = KeyCreated {
        shell: visitor.shell(&web, Place::Profile).await?,
        name: created.key.name.clone(),
        expires: expires(&created.key, zone),
        curl: format!("curl -H 'Authorization: Bearer {token}' \\\n  '{address}'"),
        token,
    };
    Ok(page(StatusCode::OK, &view))
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

/// The profile again, with what is wrong beside each field and what was typed kept.
async fn refused(
    web: &Web,
    visitor: &SignedIn,
    fields: &Fields,
    faults: &Invalid,
) -> Result<Response, PageError> {
    let mut view = profile(web, visitor).await?;
    view.name = view.name.value(fields.text("name"));
    view.expires_on = view.expires_on.value(fields.text("expires_on"));
    view.name.error = faults.about("name").map(|rule| match rule {
        "must not be empty" => "Give the key a name, so that you know it again.".to_owned(),
        rule => sentence(rule),
    });
    view.expires_on.error = faults.about("expires_at").map(|rule| match rule {
        "must be in the future" => "This day is already over.".to_owned(),
        rule => sentence(rule),
    });
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// `POST /profile/keys/{id}/revoke`.
pub(crate) async fn revoke_key(
    State(web): State<Web>,
    Id(id): Id,
    form: Posted,
) -> Result<Response, PageError> {
    let key = keys::revoke(&web.app, &form.visitor.actor, KeyId(id)).await?;
    let flash = Flash::done(&format!("“{}” is revoked: its next request is refused.", key.name));
    Ok(form.visitor.sent_to(&web, "/profile", &flash))
}
