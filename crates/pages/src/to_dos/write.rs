//! Making and changing a To Do, and what it would come to.

use app::to_dos::{self, Standing};
use app::{Error, accounts, idempotency::Once, playbooks};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::to_do::Entry;
use domain::{Account, Invalid, Playbook, ToDoId, Zone};
use web::Web;

use super::entry::{apply, with_rules};
use super::plan::typed;
use super::words::{account_of, in_full, name, sentence};
use super::{Preview, ToDoForm, words};
use crate::list::ListQuery;
use crate::session::{Fields, Id, PageError, Posted, SignedIn, page};
use crate::ui::{self, Choice, Field, Flash, Place};

/// Occurrences that a preview shows.
const COMING: usize = 6;

/// What is shown before anything is chosen.
const HINT: &str = "Choose when it goes out: the rule in words and the next dates appear here.";

/// The parts of a form's page that stand in the database.
struct Ground {
    accounts: Vec<Account>,
    account: Option<Account>,
    standing: Option<Standing>,
}

impl Ground {
    /// For a new To Do of the account with a number; of the only one, where there is one.
    async fn of_new(web: &Web, visitor: &SignedIn, number: &str) -> app::Result<Self> {
        let accounts = accounts::list(&web.app, &visitor.actor).await?;
        let chosen = accounts.iter().find(|account| account.number == number.trim());
        let only = accounts.first().filter(|_| accounts.len() == 1 && number.trim().is_empty());
        let account = chosen.or(only).cloned();
        Ok(Ground { accounts, account, standing: None })
    }

    /// For a To Do that exists.
    async fn of_one(web: &Web, visitor: &SignedIn, id: ToDoId) -> app::Result<Self> {
        let standing = to_dos::find(&web.app, &visitor.actor, id).await?;
        let accounts = accounts::list(&web.app, &visitor.actor).await?;
        let account = Some(account_of(&accounts, &standing)?);
        Ok(Ground { accounts, account, standing: Some(standing) })
    }

    fn zone<'g>(&'g self, visitor: &'g SignedIn) -> &'g Zone {
        self.account.as_ref().map_or(&visitor.tenant.zone, |account| &account.zone)
    }

    /// What the form of the To Do as it is would post.
    fn before(&self) -> Option<Fields> {
        let (standing, account) = (self.standing.as_ref()?, self.account.as_ref()?);
        Some(typed(standing, &account.zone))
    }

    /// What was typed as an entry, and what of it cannot be read.
    fn read(&self, posted: &Fields, zone: &Zone) -> (Entry, Invalid) {
        let mut entry = match &self.standing {
            Some(Standing { to_do, schedule, .. }) => Entry::of(to_do, schedule.as_ref()),
            None => Entry::default(),
        };
        let invalid = apply(posted, self.before().as_ref(), zone, &mut entry);
        (entry, invalid)
    }

    /// The form, empty or with the To Do as it is.
    async fn form(&self, web: &Web, visitor: &SignedIn) -> app::Result<ToDoForm> {
        let mut form = ToDoForm::new(visitor.shell(web, Place::ToDos).await?);
        if self.standing.is_none() && (self.accounts.len() != 1 || self.account.is_none()) {
            let mut field = Field::choice("account_number", "Account", &[("", "Choose…")]);
            let choice = |account: &Account| Choice::new(&account.number, &account.name);
            field.choices.extend(self.accounts.iter().map(choice));
            let number = self.account.as_ref().map_or("", |account| &account.number);
            form.account = Some(field.required().value(number));
        }
        if let Some(account) = &self.account {
            let desk = playbooks::find(&web.app, &visitor.actor, account.id).await?;
            let from = self.standing.as_ref().and_then(|standing| standing.to_do.from.as_deref());
            reach(&mut form, &desk, from);
        }
        let (Some(standing), Some(before)) = (&self.standing, self.before()) else {
            return Ok(form);
        };
        let id = standing.to_do.id;
        form.title = format!("Change “{}”", name(&standing.to_do));
        form.action = format!("/to-dos/{id}");
        form.preview_action = format!("/to-dos/{id}/preview");
        form.back.clone_from(&form.action);
        form.revision = standing.to_do.revision.to_string();
        form.advanced.retain(|field| field.name != "if_unsure");
        form.advanced.push(if_unsure());
        if before.text("when") == "kept" {
            form.when = ToDoForm::when(Some(&sentence(standing, self.zone(visitor))));
        }
        form.retype(&before);
        Ok(form)
    }

    /// What was typed comes to this. The faults are those of its timing.
    async fn preview(
        &self,
        web: &Web,
        visitor: &SignedIn,
        posted: &Fields,
    ) -> Result<(Preview, Invalid), Error> {
        let zone = self.zone(visitor);
        let channel = posted.text("delivery_type");
        let shown = Preview::default().in_zone(zone).sized(channel, posted.text("message_text"));
        let is_begun = match posted.text("when") {
            "once" => !posted.text("run_on").trim().is_empty(),
            _ => true,
        };
        let Some(account) = self.account.as_ref().filter(|_| is_begun) else {
            let hint = if is_begun { "Choose the account first." } else { HINT };
            return Ok((Preview { zone: hint.to_owned(), ..shown }, Invalid::new()));
        };
        let (entry, typing) = self.read(posted, zone);
        if !typing.is_empty() {
            return Ok((shown, typing));
        }
        let (app, actor) = (&web.app, &visitor.actor);
        match to_dos::preview_entry(app, actor, account.id, &entry, COMING).await {
            Ok(found) => {
                let coming = found.occurrences.iter().map(|at| in_full(*at, zone)).collect();
                Ok((Preview { sentence: found.sentence, coming, ..shown }, Invalid::new()))
            }
            Err(Error::Invalid(faults)) => Ok((shown, faults)),
            Err(error) => Err(error),
        }
    }

    /// The form with what was typed, and beside it what that comes to.
    async fn previewed(
        &self,
        web: &Web,
        visitor: &SignedIn,
        posted: &Fields,
    ) -> Result<Response, PageError> {
        let mut form = self.form(web, visitor).await?;
        let (mut preview, faults) = self.preview(web, visitor, posted).await?;
        form.retype(posted);
        form.revision = posted.text("revision").to_owned();
        form.blame(&faults);
        preview.faults = form.said();
        form.preview = preview;
        form.unfocus();
        Ok(page(StatusCode::OK, &form))
    }

    /// The form, refused: what was typed, each fault beside its field.
    async fn refused(
        &self,
        web: &Web,
        visitor: &SignedIn,
        posted: &Fields,
        faults: &Invalid,
    ) -> Result<Response, PageError> {
        let mut form = self.form(web, visitor).await?;
        let (mut preview, _) = self.preview(web, visitor, posted).await?;
        form.retype(posted);
        form.revision = posted.text("revision").to_owned();
        form.blame(faults);
        preview.faults = form.said();
        form.preview = preview;
        Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form))
    }
}

/// What depends on the account: its directory and its lines.
fn reach(form: &mut ToDoForm, desk: &Playbook, from: Option<&str>) {
    let person = |contact: &domain::Contact| {
        let ways = [&contact.title, &contact.phone, &contact.email];
        let ways: Vec<&str> = ways.into_iter().map(String::as_str).collect();
        let known: Vec<&str> = ways.into_iter().filter(|way| !way.is_empty()).collect();
        Choice::new(&contact.name, &known.join(" · "))
    };
    let line = |did: &domain::Did| {
        let number = ui::phone(&did.number);
        let label =
            if did.label.is_empty() { number } else { format!("{number} · {}", did.label) };
        Choice::new(&did.number, &label)
    };
    for field in &mut form.reach {
        match field.name.as_str() {
            "contact" => field.choices = desk.contacts.iter().map(person).collect(),
            _ => {
                field.choices.extend(desk.lines_by_number().into_iter().map(line));
                let other = from.filter(|from| desk.lines.iter().all(|did| did.number != *from));
                field.choices.extend(other.map(|from| Choice::new(from, &ui::phone(from))));
            }
        }
    }
}

/// The same choice for a To Do that has made it already.
fn if_unsure() -> Field {
    let mut field = ToDoForm::if_unsure();
    field.choices.retain(|choice| !choice.value.is_empty());
    field
}

/// `GET /to-dos/new` (`account_number`).
pub(crate) async fn new(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let asked = ListQuery::read(query.as_deref(), &["account_number"]);
    let ground = Ground::of_new(&web, &visitor, asked.of("account_number")).await?;
    let mut form = ground.form(&web, &visitor).await?;
    form.preview = Preview { zone: HINT.to_owned(), ..Preview::default() };
    Ok(page(StatusCode::OK, &form))
}

/// `GET /to-dos/{id}/edit`.
pub(crate) async fn edit(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
) -> Result<Response, PageError> {
    let ground = Ground::of_one(&web, &visitor, ToDoId(id)).await?;
    let mut form = ground.form(&web, &visitor).await?;
    let before = ground.before().unwrap_or_default();
    (form.preview, _) = ground.preview(&web, &visitor, &before).await?;
    Ok(page(StatusCode::OK, &form))
}

/// `POST /to-dos/preview`.
pub(crate) async fn preview_new(
    State(web): State<Web>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let ground = Ground::of_new(&web, &visitor, fields.text("account_number")).await?;
    ground.previewed(&web, &visitor, &fields).await
}

/// `POST /to-dos/{id}/preview`.
pub(crate) async fn preview_changed(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let ground = Ground::of_one(&web, &visitor, ToDoId(id)).await?;
    ground.previewed(&web, &visitor, &fields).await
}

/// `POST /to-dos`.
pub(crate) async fn create(
    State(web): State<Web>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (app, actor) = (&web.app, &visitor.actor);
    let ground = Ground::of_new(&web, &visitor, fields.text("account_number")).await?;
    let zone = ground.zone(&visitor);
    let (entry, mut typing) = ground.read(&fields, zone);
    let number = ground.account.as_ref().map(|account| account.number.as_str());
    typing.require(number.is_some(), "account_number", "must be one of your accounts");
    let number = match number {
        Some(number) if typing.is_empty() => number,
        _ => {
            let faults = with_rules(typing, &entry, zone, app.now());
            return ground.refused(&web, &visitor, &fields, &faults).await;
        }
    };
    match to_dos::create(app, actor, number, &entry, None).await {
        Ok(Once::New(made)) => Ok(saved(&web, &visitor, &made, zone)),
        Ok(Once::Before(_)) => Ok(visitor.sent_to(&web, "/to-dos", &Flash::done("Saved."))),
        Err(Error::Invalid(faults)) => ground.refused(&web, &visitor, &fields, &faults).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /to-dos/{id}`.
pub(crate) async fn update(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (app, actor, id) = (&web.app, &visitor.actor, ToDoId(id));
    let ground = Ground::of_one(&web, &visitor, id).await?;
    let zone = ground.zone(&visitor);
    let (entry, typing) = ground.read(&fields, zone);
    if !typing.is_empty() {
        let faults = with_rules(typing, &entry, zone, app.now());
        return ground.refused(&web, &visitor, &fields, &faults).await;
    }
    let revision = fields.text("revision").parse().ok();
    match to_dos::update(app, actor, id, revision, |stored| stored.clone_from(&entry)).await {
        Ok(changed) => Ok(saved(&web, &visitor, &changed, zone)),
        Err(Error::Invalid(faults)) => ground.refused(&web, &visitor, &fields, &faults).await,
        Err(error) => Err(error.into()),
    }
}

fn saved(web: &Web, visitor: &SignedIn, standing: &Standing, zone: &Zone) -> Response {
    let name = name(&standing.to_do);
    let text = match words::next(standing, web.app.now()) {
        Some(at) => format!("“{name}” is saved. It goes out next on {}.", in_full(at, zone)),
        None if standing.to_do.paused_at.is_some() => format!("“{name}” is saved, and paused."),
        None => format!("“{name}” is saved."),
    };
    visitor.sent_to(web, &format!("/to-dos/{}", standing.to_do.id), &Flash::done(&text))
}
