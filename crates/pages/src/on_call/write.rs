//! Making, changing and deleting a rotation, and what it would come to.

use app::on_call::{self, Standing};
use app::{Error, accounts, playbooks};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::on_call::{Roster, RotationEntry};
use domain::user::Right;
use domain::{Account, AccountId, Contact, Instant, Invalid, RotationId, limits};
use web::Web;

use super::form::{Preview, RotationForm, entry, typed};
use super::{span, when};
use crate::list::ListQuery;
use crate::session::{Fields, Id, PageError, Posted, SignedIn, page};
use crate::ui::{Choice, Field, Flash, Place};

/// Hand-offs that a preview shows.
const COMING: usize = 6;
/// Gaps that a preview shows.
const GAPS: usize = 3;
/// Days that a preview looks ahead for gaps.
const DAYS: i64 = 28;

/// The parts of a form's page that stand in the database.
struct Ground {
    accounts: Vec<Account>,
    account: Option<Account>,
    people: Vec<Contact>,
    standing: Option<Standing>,
}

impl Ground {
    /// For a new rotation of the account with a number; of the only one, where there is one.
    async fn of_new(web: &Web, visitor: &SignedIn, number: &str) -> app::Result<Self> {
        let (app, actor) = (&web.app, &visitor.actor);
        let accounts = accounts::list(app, actor).await?;
        let chosen = accounts.iter().find(|account| account.number == number.trim());
        let only = accounts.first().filter(|_| accounts.len() == 1 && number.trim().is_empty());
        let account = chosen.or(only).cloned();
        let people = match &account {
            Some(account) => playbooks::find(app, actor, account.id).await?.contacts.clone(),
            None => Vec::new(),
        };
        Ok(Ground { accounts, account, people, standing: None })
    }

    /// For a rotation that exists.
    async fn of_one(web: &Web, visitor: &SignedIn, id: RotationId) -> app::Result<Self> {
        let from = web.app.now();
        let standing = on_call::find(&web.app, &visitor.actor, id, from).await?;
        let (account, people) = (Some(standing.account.clone()), standing.people.clone());
        Ok(Ground { accounts: Vec::new(), account, people, standing: Some(standing) })
    }

    /// The form, empty or with the rotation as it is.
    async fn form(
        &self,
        web: &Web,
        visitor: &SignedIn,
        posted: Option<&Fields>,
    ) -> app::Result<RotationForm> {
        let before = self.standing.as_ref().map(|it| typed(it.rotation(), &self.people));
        let shown = posted.or(before.as_ref());
        let count = shown.map_or(0, |fields| entry(fields).members.len());
        let shell = visitor.shell(web, Place::OnCall).await?;
        let mut form = RotationForm::new(shell, &self.people, count);
        if self.standing.is_none() && (self.accounts.len() != 1 || self.account.is_none()) {
            let mut field = Field::choice("account_number", "Account", &[("", "Choose…")]);
            let choice = |account: &Account| Choice::new(&account.number, &account.name);
            field.choices.extend(self.accounts.iter().map(choice));
            let number = self.account.as_ref().map_or("", |account| &account.number);
            form.account = Some(field.required().value(number));
        }
        match &self.standing {
            Some(standing) => {
                let rotation = standing.rotation();
                form.title = format!("Change “{}”", rotation.name);
                form.action = format!("/on-call/{}", rotation.id);
                form.preview_action = format!("/on-call/{}/preview", rotation.id);
                form.back.clone_from(&form.action);
                form.revision = rotation.revision.to_string();
            }
            None => {
                let zone = self.account.as_ref().map_or(&visitor.tenant.zone, |it| &it.zone);
                let today = zone.date(web.app.now()).to_string();
                if let Some(field) = form.begins.iter_mut().find(|it| it.name == "starts_on") {
                    field.value = today;
                }
            }
        }
        if let Some(fields) = shown {
            form.retype(fields);
        }
        if let Some(posted) = posted {
            form.revision = posted.text("revision").to_owned();
        }
        Ok(form)
    }

    /// What was typed comes to this, with overrides and holidays as they are.
    async fn preview(
        &self,
        web: &Web,
        visitor: &SignedIn,
        posted: &Fields,
    ) -> Result<(Preview, Invalid), Error> {
        let Some(account) = &self.account else {
            let note = "Choose the account first.".to_owned();
            return Ok((Preview { note, ..Preview::default() }, Invalid::new()));
        };
        let (app, actor) = (&web.app, &visitor.actor);
        let draft = match on_call::draft(app, actor, account.id, entry(posted)).await {
            Ok(draft) => draft,
            Err(Error::Invalid(faults)) => return Ok((Preview::default(), faults)),
            Err(error) => return Err(error),
        };
        let roster = match &self.standing {
            Some(standing) => Roster { rotation: draft.rotation, ..standing.roster.clone() },
            None => draft,
        };
        Ok((self.foreseen(web, &roster), Invalid::new()))
    }

    fn foreseen(&self, web: &Web, roster: &Roster) -> Preview {
        let (now, zone) = (web.app.now(), &roster.rotation.zone);
        let until = now.plus_ms(DAYS * limits::DAY_MS);
        let name = |id| self.people.iter().find(|it| Some(it.id) == id).map(|it| it.name.as_str());
        let mut watch = Some(roster.on_call(now));
        let mut coming = Vec::new();
        while let Some(at) = watch.filter(|_| coming.len() < COMING) {
            let name = name(at.contact_id).unwrap_or("Nobody");
            let from = if coming.is_empty() { now } else { at.since.unwrap_or(now) };
            coming.push(match coming.is_empty() {
                true => format!("{name} now"),
                false => format!("{name} from {}", when(from, zone)),
            });
            watch = roster.after(&at);
        }
        let gaps = roster.gaps(now, until).into_iter().take(GAPS);
        Preview {
            coming,
            gaps: gaps.map(|(from, to)| span(from, to, zone)).collect(),
            note: format!("Times are those of {}.", zone.name()),
            faults: Vec::new(),
        }
    }

    /// The form with what was typed, and beside it what that comes to.
    async fn shown(
        &self,
        web: &Web,
        visitor: &SignedIn,
        posted: &Fields,
        refused: Option<&Invalid>,
    ) -> Result<Response, PageError> {
        let mut form = self.form(web, visitor, Some(posted)).await?;
        let (mut preview, faults) = self.preview(web, visitor, posted).await?;
        form.blame(refused.unwrap_or(&faults));
        preview.faults = form.said();
        form.preview = preview;
        match refused {
            Some(_) => Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form)),
            None => {
                form.unfocus();
                Ok(page(StatusCode::OK, &form))
            }
        }
    }
}

/// `GET /on-call/new` (`account_number`).
pub(crate) async fn new(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    visitor.require(Right::ChangeOnCall)?;
    let query = ListQuery::read(query.as_deref(), &["account_number"]);
    let number = query.of("account_number").to_owned();
    let ground = Ground::of_new(&web, &visitor, &number).await?;
    let mut form = ground.form(&web, &visitor, None).await?;
    form.preview.note = "Choose who takes turns: the next hand-offs appear here.".to_owned();
    Ok(page(StatusCode::OK, &form))
}

/// `GET /on-call/{id}/edit`.
pub(crate) async fn edit(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
) -> Result<Response, PageError> {
    let ground = Ground::of_one(&web, &visitor, RotationId(id)).await?;
    visitor.require(Right::ChangeOnCall)?;
    let mut form = ground.form(&web, &visitor, None).await?;
    if let Some(standing) = &ground.standing {
        form.preview = ground.foreseen(&web, &standing.roster);
    }
    Ok(page(StatusCode::OK, &form))
}

/// `POST /on-call/preview`.
pub(crate) async fn preview_new(
    State(web): State<Web>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ChangeOnCall)?;
    let ground = Ground::of_new(&web, &visitor, fields.text("account_number")).await?;
    ground.shown(&web, &visitor, &fields, None).await
}

/// `POST /on-call/{id}/preview`.
pub(crate) async fn preview_changed(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let ground = Ground::of_one(&web, &visitor, RotationId(id)).await?;
    visitor.require(Right::ChangeOnCall)?;
    ground.shown(&web, &visitor, &fields, None).await
}

/// `POST /on-call`.
pub(crate) async fn create(
    State(web): State<Web>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ChangeOnCall)?;
    let ground = Ground::of_new(&web, &visitor, fields.text("account_number")).await?;
    let Some(account) = &ground.account else {
        let faults = without_account(&visitor, entry(&fields), web.app.now());
        return ground.shown(&web, &visitor, &fields, Some(&faults)).await;
    };
    match on_call::create(&web.app, &visitor.actor, account.id, entry(&fields)).await {
        Ok(made) => Ok(saved(&web, &visitor, &made)),
        Err(Error::Invalid(faults)) => ground.shown(&web, &visitor, &fields, Some(&faults)).await,
        Err(error) => Err(error.into()),
    }
}

/// All that is wrong with an entry whose account nobody has, that among it.
fn without_account(visitor: &SignedIn, entry: RotationEntry, now: Instant) -> Invalid {
    let mut faults = Invalid::field("account_number", "must be one of your accounts");
    let account = Account {
        tenant_id: visitor.actor.tenant_id,
        id: AccountId(0),
        number: String::new(),
        name: String::new(),
        zone: visitor.tenant.zone.clone(),
        greeting: String::new(),
        facts: String::new(),
        created_at: now,
    };
    if let Err(others) = entry.checked(&account, &[], now) {
        others.faults().for_each(|(path, rule)| faults.add(path, rule));
    }
    faults
}

/// `POST /on-call/{id}`.
pub(crate) async fn update(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let ground = Ground::of_one(&web, &visitor, RotationId(id)).await?;
    let revision = fields.text("revision").parse().ok();
    let (app, actor) = (&web.app, &visitor.actor);
    match on_call::update(app, actor, RotationId(id), revision, entry(&fields)).await {
        Ok(changed) => Ok(saved(&web, &visitor, &changed)),
        Err(Error::Invalid(faults)) => ground.shown(&web, &visitor, &fields, Some(&faults)).await,
        Err(error) => Err(error.into()),
    }
}

fn saved(web: &Web, visitor: &SignedIn, rotation: &domain::Rotation) -> Response {
    let flash = Flash::done(&format!("“{}” is saved.", rotation.name));
    visitor.sent_to(web, &format!("/on-call/{}", rotation.id), &flash)
}

/// `POST /on-call/{id}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    let (app, actor) = (&web.app, &visitor.actor);
    on_call::find(app, actor, RotationId(id), app.now()).await?;
    let gone = on_call::delete(app, actor, RotationId(id)).await?;
    let flash = Flash::done(&format!("“{}” is deleted.", gone.name));
    Ok(visitor.sent_to(&web, "/on-call", &flash))
}
