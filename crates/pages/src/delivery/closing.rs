//! Making a closing action group, changing one, or removing it.

use app::{Error, wishes};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::closing::{Action, ClosingGroup, Timing, Usage};
use domain::user::Right;
use domain::{AccountId, ClosingGroupId, Invalid, Playbook, PolicyId, Time, limits};
use web::Web;

use super::listed::{Act, Focus};
use super::telling::{self, TellingFields};
use super::{Of, Removal, merged, words};
use crate::sample;
use crate::session::{Fields, Id, Ids, PageError, Posted, SignedIn, page};
use crate::ui::{Choice, Field, FieldKind, Flash, Place, Shell, blame};

/// `GET /accounts/{id}/closings/new` → `POST /accounts/{id}/closings`;
/// `GET /accounts/{id}/closings/{closing}` → `POST` there, and to `…/remove`.
#[derive(Debug, Clone, Template)]
#[template(path = "delivery/closing.html")]
pub(crate) struct ClosingForm {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whose it is.
    pub(crate) of: Of,
    /// "Make a closing action group", or "Change “Every message”".
    pub(crate) title: String,
    /// Where it posts to.
    pub(crate) action: String,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// `name`, `usage`.
    pub(crate) fields: Vec<Field>,
    /// `timing`.
    pub(crate) timing: Field,
    /// `times`.
    pub(crate) times: Field,
    /// The actions, in order.
    pub(crate) actions: Vec<ActionCard>,
    /// There is a policy to escalate by.
    pub(crate) has_policies: bool,
    /// It was changed here and is not kept yet.
    pub(crate) is_unsaved: bool,
    /// Where the cursor stands.
    pub(crate) focus: Focus,
    /// How it is removed; `None` for a new one.
    pub(crate) removal: Option<Removal>,
}

/// One action.
#[derive(Debug, Clone)]
pub(crate) struct ActionCard {
    /// Its place, from 0.
    pub(crate) at: usize,
    /// `tell`, `copy`, `escalate`.
    pub(crate) kind: String,
    /// "Tell people", "Copy to the office", "Escalate".
    pub(crate) title: &'static str,
    /// For `tell`.
    pub(crate) telling: Option<TellingFields>,
    /// For the others: `actions.{i}.address` or `actions.{i}.policy`.
    pub(crate) field: Option<Field>,
}

/// A group as it was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    name: String,
    usage: String,
    timing: String,
    times: String,
    actions: Vec<TypedAction>,
}

#[derive(Clone, Debug, Default)]
struct TypedAction {
    kind: String,
    telling: telling::Typed,
    address: String,
    policy: String,
}

impl TypedAction {
    fn new(kind: &str) -> Self {
        let telling = telling::Typed::new();
        TypedAction { kind: kind.to_owned(), telling, ..TypedAction::default() }
    }

    fn of(action: &Action) -> Self {
        match action {
            Action::Tell(it) => {
                TypedAction { telling: telling::Typed::of(it), ..TypedAction::new("tell") }
            }
            Action::Copy(address) => {
                TypedAction { address: address.clone(), ..TypedAction::new("copy") }
            }
            Action::Escalate(id) => {
                TypedAction { policy: id.to_string(), ..TypedAction::new("escalate") }
            }
        }
    }

    fn action(&self, name: &str, invalid: &mut Invalid) -> Action {
        match self.kind.as_str() {
            "copy" => Action::Copy(self.address.trim().to_owned()),
            "escalate" => Action::Escalate(PolicyId(self.policy.parse().unwrap_or_default())),
            _ => Action::Tell(self.telling.telling(name, invalid)),
        }
    }
}

impl Typed {
    fn new(book: &Playbook) -> Self {
        let has_usual = book.closings.iter().any(|group| group.usage == Usage::Usual);
        let usage = if has_usual { Usage::Chosen } else { Usage::Usual };
        Typed {
            usage: usage.as_str().to_owned(),
            timing: "at_once".to_owned(),
            actions: vec![TypedAction::new("tell")],
            ..Typed::default()
        }
    }

    fn of(group: &ClosingGroup) -> Self {
        let (timing, times) = match &group.timing {
            Timing::AtOnce => ("at_once", String::new()),
            Timing::Digest(minutes) => {
                let times: Vec<String> = minutes.iter().copied().map(words::time).collect();
                ("digest", times.join(", "))
            }
        };
        Typed {
            name: group.name.clone(),
            usage: group.usage.as_str().to_owned(),
            timing: timing.to_owned(),
            times,
            actions: group.actions.iter().map(TypedAction::of).collect(),
        }
    }

    fn read(posted: &Fields) -> Self {
        let text = |name: &str| posted.text(name).to_owned();
        let action = |at: usize| TypedAction {
            kind: text(&format!("actions.{at}.kind")),
            telling: telling::Typed::read(posted, &format!("actions.{at}")),
            address: text(&format!("actions.{at}.address")),
            policy: text(&format!("actions.{at}.policy")),
        };
        let count = super::entries(posted, "actions", "kind", limits::ACTIONS + 1);
        Typed {
            name: text("name"),
            usage: text("usage"),
            timing: text("timing"),
            times: text("times"),
            actions: (0..count).map(action).collect(),
        }
    }

    /// What it means, and what of it cannot be read.
    fn group(&self, account_id: AccountId, id: ClosingGroupId) -> (ClosingGroup, Invalid) {
        let mut invalid = Invalid::new();
        let usage = Usage::parse(&self.usage).unwrap_or_else(|| {
            invalid.add("usage", "must be chosen");
            Usage::Chosen
        });
        let timing = match self.timing.as_str() {
            "at_once" => Timing::AtOnce,
            "digest" => Timing::Digest(minutes(&self.times, &mut invalid)),
            _ => {
                invalid.add("timing", "must be chosen");
                Timing::AtOnce
            }
        };
        let actions = self.actions.iter().enumerate();
        let actions = actions.map(|(i, it)| it.action(&format!("actions.{i}"), &mut invalid));
        let actions = actions.collect();
        let name = self.name.trim().to_owned();
        (ClosingGroup { id, account_id, name, usage, timing, actions }, invalid)
    }
}

/// Times of day, separated by commas, as sorted minutes from midnight.
fn minutes(text: &str, invalid: &mut Invalid) -> Vec<u16> {
    let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let times: Vec<Option<Time>> = parts.map(Time::parse).collect();
    let is_read = times.iter().all(Option::is_some);
    invalid.require(is_read, "times", "must be times of day such as 12:00 PM, 5:00 PM");
    let mut minutes: Vec<u16> = times.into_iter().flatten().map(Time::minute_of_day).collect();
    minutes.sort_unstable();
    minutes
}

impl ClosingForm {
    fn draw(shell: Shell, book: &Playbook, typed: &Typed, id: Option<ClosingGroupId>) -> Self {
        let of = Of::new(book);
        let known = book.closings.iter().find(|group| Some(group.id) == id);
        let (title, action) = match known {
            Some(known) => (
                format!("Change “{}”", known.name),
                format!("/accounts/{}/closings/{}", of.account, known.id),
            ),
            None => (
                "Make a closing action group".to_owned(),
                format!("/accounts/{}/closings", of.account),
            ),
        };
        let usages = Usage::ALL.map(|it| Choice::new(it.as_str(), words::usage(it))).to_vec();
        let timings = vec![
            Choice::new("at_once", "As soon as the agent has finished"),
            Choice::new("digest", "Together, in a digest at set times"),
        ];
        let card = |(at, it): (usize, &TypedAction)| ActionCard::draw(book, at, it);
        let removal = known.map(|known| Removal {
            action: format!("{action}/remove"),
            title: format!("Remove “{}”?", known.name),
            text: "Messages that wait for its digest go out when it would have been due. Others \
                   stay as they are."
                .to_owned(),
            label: "Remove the group".to_owned(),
        });
        ClosingForm {
            shell,
            title,
            action,
            error: None,
            fields: vec![
                Field::new(FieldKind::Text, "name", "Name")
                    .required()
                    .value(&typed.name)
                    .max_length(120)
                    .hint("What agents choose it by, such as Urgent, or No hurry."),
                Field::new(FieldKind::Radio, "usage", "Which messages it is for")
                    .choices(usages)
                    .value(&typed.usage)
                    .wide(),
            ],
            timing: Field::new(FieldKind::Radio, "timing", "When")
                .choices(timings)
                .value(&typed.timing),
            times: Field::new(FieldKind::Text, "times", "Times of the digest")
                .value(&typed.times)
                .max_length(400)
                .hint("By the account's clock, such as 12:00 PM, 5:00 PM."),
            actions: typed.actions.iter().enumerate().map(card).collect(),
            has_policies: !book.policies.is_empty(),
            is_unsaved: false,
            focus: Focus::None,
            removal,
            of,
        }
    }

    fn blame(&mut self, faults: &Invalid) {
        let all: Vec<(String, String)> =
            faults.faults().map(|(path, rule)| (path.to_owned(), rule.to_owned())).collect();
        let mut shown = Vec::new();
        for telling in self.actions.iter_mut().filter_map(|card| card.telling.as_mut()) {
            shown.extend(telling.blame(&all));
        }
        let mut rest = Invalid::new();
        for (path, rule) in all.into_iter().filter(|(path, _)| !shown.contains(path)) {
            rest.add(path, rule);
        }
        let of_actions = self.actions.iter_mut().filter_map(|card| card.field.as_mut());
        let fields = self.fields.iter_mut().chain([&mut self.timing, &mut self.times]);
        let others = blame(fields.chain(of_actions), &rest, str::to_owned);
        self.error = (!others.is_empty()).then(|| others.join(" "));
    }

    /// Whether it is the last action.
    pub(crate) fn is_last(&self, at: &usize) -> bool {
        at + 1 == self.actions.len()
    }
}

impl ActionCard {
    fn draw(book: &Playbook, at: usize, typed: &TypedAction) -> Self {
        let name = format!("actions.{at}");
        let (title, telling, field) = match typed.kind.as_str() {
            "copy" => {
                let field = Field::new(FieldKind::Email, &format!("{name}.address"), "E-mail")
                    .required()
                    .value(&typed.address)
                    .hint("Somebody who only keeps it: this copy cannot acknowledge.");
                ("Copy to the office", None, Some(field))
            }
            "escalate" => {
                let mut field =
                    Field::choice(&format!("{name}.policy"), "By", &[("", "Choose a policy")])
                        .required()
                        .value(&typed.policy)
                        .hint("Goes on until somebody acknowledges. Not in a digest.");
                let choice =
                    |it: &domain::escalation::Policy| Choice::new(&it.id.to_string(), &it.name);
                field.choices.extend(book.policies.iter().map(choice));
                ("Escalate", None, Some(field))
            }
            _ => ("Tell people", Some(typed.telling.fields(book, &name, true)), None),
        };
        ActionCard { at, kind: typed.kind.clone(), title, telling, field }
    }
}

/// `GET /accounts/{id}/closings/new`.
pub(crate) async fn new(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(account): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &ClosingForm::draw(shell, &book, &Typed::new(&book), None)))
}

fn find(book: &Playbook, id: ClosingGroupId) -> Result<&ClosingGroup, Error> {
    book.closings.iter().find(|group| group.id == id).ok_or(Error::NotFound)
}

/// `GET /accounts/{id}/closings/{closing}`.
pub(crate) async fn edit(
    visitor: SignedIn,
    State(web): State<Web>,
    Ids(account, id): Ids,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let group = find(&book, ClosingGroupId(id))?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    let form = ClosingForm::draw(shell, &book, &Typed::of(group), Some(group.id));
    Ok(page(StatusCode::OK, &form))
}

/// `POST /accounts/{id}/closings`.
pub(crate) async fn create(
    State(web): State<Web>,
    Id(account): Id,
    form: Posted,
) -> Result<Response, PageError> {
    posted(web, AccountId(account), None, form).await
}

/// `POST /accounts/{id}/closings/{closing}`.
pub(crate) async fn change(
    State(web): State<Web>,
    Ids(account, id): Ids,
    form: Posted,
) -> Result<Response, PageError> {
    posted(web, AccountId(account), Some(ClosingGroupId(id)), form).await
}

async fn posted(
    web: Web,
    account: AccountId,
    id: Option<ClosingGroupId>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, account).await?;
    if let Some(id) = id {
        find(&book, id)?;
    }
    let mut typed = Typed::read(&fields);
    let act = Act::read(fields.text("act"));
    if act != Act::Save {
        let focus = act.apply(&mut typed.actions, limits::ACTIONS, TypedAction::new);
        let shell = visitor.shell(&web, Place::Accounts).await?;
        let mut form = ClosingForm::draw(shell, &book, &typed, id);
        (form.is_unsaved, form.focus) = (true, focus);
        return Ok(page(StatusCode::OK, &form));
    }
    let (group, unread) = typed.group(account, id.unwrap_or(ClosingGroupId(0)));
    let faults = merged(unread, book.check_closing(&group));
    let kept = match faults.is_empty() {
        true => wishes::keep_closing(&web.app, &visitor.actor, group).await,
        false => Err(faults.into()),
    };
    match kept {
        Ok(group) => {
            let text = format!("“{}” holds from the next message on.", group.name);
            let path = format!("/accounts/{account}/delivery#closings");
            Ok(visitor.sent_to(&web, &path, &Flash::done(&text)))
        }
        Err(Error::Invalid(faults)) => {
            let shell = visitor.shell(&web, Place::Accounts).await?;
            let mut form = ClosingForm::draw(shell, &book, &typed, id);
            form.blame(&faults);
            form.is_unsaved = true;
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /accounts/{id}/closings/{closing}/remove`.
pub(crate) async fn remove(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (account, id, actor) = (AccountId(account), ClosingGroupId(id), &visitor.actor);
    let book = app::playbooks::find(&web.app, actor, account).await?;
    let group = find(&book, id)?;
    wishes::remove_closing(&web.app, actor, account, id).await?;
    let flash = Flash::done(&format!("“{}” is gone.", group.name));
    Ok(visitor.sent_to(&web, &format!("/accounts/{account}/delivery#closings"), &flash))
}

impl ClosingForm {
    /// A group with an action of each kind.
    pub(crate) fn sample() -> Self {
        let book = sample::book();
        let group = &book.closings[0];
        Self::draw(Shell::sample(Place::Accounts), &book, &Typed::of(group), Some(group.id))
    }

    /// A digest.
    pub(crate) fn sample_digest() -> Self {
        let book = sample::book();
        let group = &book.closings[1];
        Self::draw(Shell::sample(Place::Accounts), &book, &Typed::of(group), Some(group.id))
    }

    /// Refused, with every fault beside its field.
    pub(crate) fn sample_error() -> Self {
        let mut form = Self::sample();
        let mut faults = Invalid::field("name", "is taken");
        for (path, rule) in [
            ("usage", "is what another group is for already"),
            ("times", "must be times of day such as 12:00 PM, 5:00 PM"),
            ("actions.0.targets", "must be 1 to 50"),
            ("actions.1.address", "must be an e-mail address"),
            ("actions.2.policy", "must not stand in a digest"),
            ("actions", "must be 1 to 20"),
        ] {
            faults.add(path, rule);
        }
        form.blame(&faults);
        form.is_unsaved = true;
        form
    }
}
