//! Making an escalation policy, changing one, or removing it.

use app::{Error, wishes};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::escalation::{Level, Policy};
use domain::limits::{self, MINUTE_MS};
use domain::user::Right;
use domain::{AccountId, Invalid, LevelId, Playbook, PolicyId};
use web::Web;

use super::listed::{Act, Focus};
use super::telling::{self, TellingFields};
use super::{Of, Removal, merged, words};
use crate::sample;
use crate::session::{Fields, Id, Ids, PageError, Posted, SignedIn, page};
use crate::ui::{Field, FieldKind, Flash, Place, Shell, blame, read_span, spoken_span, typed_span};

/// `GET /accounts/{id}/policies/new` → `POST /accounts/{id}/policies`;
/// `GET /accounts/{id}/policies/{policy}` → `POST` there, and to `…/remove`.
#[derive(Debug, Clone, Template)]
#[template(path = "delivery/policy.html")]
pub(crate) struct PolicyForm {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whose it is.
    pub(crate) of: Of,
    /// "Make an escalation policy", or "Change “Nights”".
    pub(crate) title: String,
    /// Where it posts to.
    pub(crate) action: String,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// What would go wrong just now, in sentences.
    pub(crate) warnings: Vec<String>,
    /// `name`.
    pub(crate) name: Field,
    /// The levels, in order.
    pub(crate) levels: Vec<LevelCard>,
    /// `rounds`, `ack_expires`.
    pub(crate) ends: Vec<Field>,
    /// It was changed here and is not kept yet.
    pub(crate) is_unsaved: bool,
    /// Where the cursor stands.
    pub(crate) focus: Focus,
    /// How it is removed; `None` for a new one.
    pub(crate) removal: Option<Removal>,
}

/// One level.
#[derive(Debug, Clone)]
pub(crate) struct LevelCard {
    /// Its place, from 0.
    pub(crate) at: usize,
    /// Its identifier, 0 for a new one.
    pub(crate) id: i64,
    /// Who is told, and how.
    pub(crate) telling: TellingFields,
    /// `levels.{i}.delay`.
    pub(crate) delay: Field,
}

/// A policy as it was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    name: String,
    rounds: String,
    ack_expires: String,
    levels: Vec<TypedLevel>,
}

#[derive(Clone, Debug)]
struct TypedLevel {
    id: i64,
    delay: String,
    telling: telling::Typed,
}

impl TypedLevel {
    fn new() -> Self {
        TypedLevel { id: 0, delay: typed_span(5 * MINUTE_MS), telling: telling::Typed::new() }
    }
}

impl Typed {
    fn new() -> Self {
        Typed { rounds: "1".to_owned(), levels: vec![TypedLevel::new()], ..Typed::default() }
    }

    fn of(policy: &Policy) -> Self {
        let level = |level: &Level| TypedLevel {
            id: level.id.0,
            delay: typed_span(level.delay_ms),
            telling: telling::Typed::of(&level.telling),
        };
        Typed {
            name: policy.name.clone(),
            rounds: policy.rounds.to_string(),
            ack_expires: policy.ack_expires_ms.map(typed_span).unwrap_or_default(),
            levels: policy.levels.iter().map(level).collect(),
        }
    }

    fn read(posted: &Fields) -> Self {
        let text = |name: &str| posted.text(name).to_owned();
        let level = |at: usize| TypedLevel {
            id: posted.text(&format!("levels.{at}.id")).parse().unwrap_or_default(),
            delay: text(&format!("levels.{at}.delay")),
            telling: telling::Typed::read(posted, &format!("levels.{at}")),
        };
        let count = super::entries(posted, "levels", "id", limits::LEVELS + 1);
        Typed {
            name: text("name"),
            rounds: text("rounds"),
            ack_expires: text("ack_expires"),
            levels: (0..count).map(level).collect(),
        }
    }

    /// What it means, and what of it cannot be read.
    fn policy(&self, account_id: AccountId, id: PolicyId) -> (Policy, Invalid) {
        const LIKE: &str = "must be like 5 min, 90 s or 1 h";
        let mut invalid = Invalid::new();
        let ack_expires_ms = match self.ack_expires.trim() {
            "" => None,
            text => Some(read_span(text).unwrap_or_else(|| {
                invalid.add("ack_expires", LIKE);
                MINUTE_MS
            })),
        };
        let mut levels = Vec::new();
        for (i, level) in self.levels.iter().enumerate() {
            let name = format!("levels.{i}");
            let delay_ms = read_span(&level.delay).unwrap_or_else(|| {
                invalid.add(format!("{name}.delay"), LIKE);
                MINUTE_MS
            });
            let telling = level.telling.telling(&name, &mut invalid);
            levels.push(Level { id: LevelId(level.id), delay_ms, telling });
        }
        let rounds = self.rounds.trim().parse().unwrap_or_default();
        let name = self.name.trim().to_owned();
        (Policy { id, account_id, name, levels, rounds, ack_expires_ms }, invalid)
    }
}

impl PolicyForm {
    fn draw(shell: Shell, book: &Playbook, typed: &Typed, id: Option<PolicyId>) -> Self {
        let of = Of::new(book);
        let title = match id.and_then(|id| book.policy(id)) {
            Some(policy) => format!("Change “{}”", policy.name),
            None => "Make an escalation policy".to_owned(),
        };
        let action = match id {
            Some(id) => format!("/accounts/{}/policies/{id}", of.account),
            None => format!("/accounts/{}/policies", of.account),
        };
        let level = |(at, level): (usize, &TypedLevel)| {
            let name = format!("levels.{at}");
            let delay = Field::new(FieldKind::Text, &format!("{name}.delay"), "Then wait")
                .required()
                .value(&level.delay)
                .max_length(40)
                .hint("For an acknowledgement, before the next level: 5 min, 90 s, 1 h.");
            LevelCard { at, id: level.id, telling: level.telling.fields(book, &name, true), delay }
        };
        let number = |name, label, value: &str| {
            Field::new(FieldKind::Text, name, label).value(value).max_length(40)
        };
        PolicyForm {
            shell,
            title,
            action,
            error: None,
            warnings: Vec::new(),
            name: Field::new(FieldKind::Text, "name", "Name")
                .required()
                .value(&typed.name)
                .max_length(120)
                .hint("Such as Nights and weekends."),
            levels: typed.levels.iter().enumerate().map(level).collect(),
            ends: vec![
                number("rounds", "How often all levels are gone through", &typed.rounds)
                    .required()
                    .hint("After the last time it goes to the agents' queue, loudly."),
                number("ack_expires", "An acknowledgement holds for", &typed.ack_expires).hint(
                    "Such as 2 h: if the message is not closed by then, it goes on. Empty: for good.",
                ),
            ],
            is_unsaved: false,
            focus: Focus::None,
            removal: None,
            of,
        }
    }

    /// What it does as it is kept: warnings, and how it is removed.
    fn kept(mut self, book: &Playbook, policy: &Policy, now: domain::Instant) -> Self {
        self.warnings = book.warnings(policy, now);
        self.removal = Some(Removal {
            action: format!("{}/remove", self.action),
            title: format!("Remove “{}”?", policy.name),
            text: "Messages that it escalates just now go to the agents' queue. What it did stays \
                   in their logs."
                .to_owned(),
            label: "Remove the policy".to_owned(),
        });
        self
    }

    fn blame(&mut self, faults: &Invalid) {
        let all: Vec<(String, String)> =
            faults.faults().map(|(path, rule)| (path.to_owned(), rule.to_owned())).collect();
        let mut shown = Vec::new();
        for level in &mut self.levels {
            shown.extend(level.telling.blame(&all));
        }
        let mut rest = Invalid::new();
        for (path, rule) in all.into_iter().filter(|(path, _)| !shown.contains(path)) {
            rest.add(path, rule);
        }
        let delays = self.levels.iter_mut().map(|level| &mut level.delay);
        let fields = [&mut self.name].into_iter().chain(delays).chain(&mut self.ends);
        let others = blame(fields, &rest, str::to_owned);
        let is_known = shown.is_empty() || !others.is_empty();
        self.error = is_known.then(|| others.join(" ")).filter(|text| !text.is_empty());
    }

    /// What its levels come to, in words.
    pub(crate) fn is_first(&self, at: &usize) -> bool {
        *at == 0
    }

    /// Whether it is the last level.
    pub(crate) fn is_last(&self, at: &usize) -> bool {
        at + 1 == self.levels.len()
    }
}

/// `GET /accounts/{id}/policies/new`.
pub(crate) async fn new(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(account): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &PolicyForm::draw(shell, &book, &Typed::new(), None)))
}

/// `GET /accounts/{id}/policies/{policy}`.
pub(crate) async fn edit(
    visitor: SignedIn,
    State(web): State<Web>,
    Ids(account, id): Ids,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let policy = book.policy(PolicyId(id)).ok_or(Error::NotFound)?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    let form = PolicyForm::draw(shell, &book, &Typed::of(policy), Some(policy.id));
    Ok(page(StatusCode::OK, &form.kept(&book, policy, web.app.now())))
}

/// `POST /accounts/{id}/policies`.
pub(crate) async fn create(
    State(web): State<Web>,
    Id(account): Id,
    form: Posted,
) -> Result<Response, PageError> {
    posted(web, AccountId(account), None, form).await
}

/// `POST /accounts/{id}/policies/{policy}`.
pub(crate) async fn change(
    State(web): State<Web>,
    Ids(account, id): Ids,
    form: Posted,
) -> Result<Response, PageError> {
    posted(web, AccountId(account), Some(PolicyId(id)), form).await
}

async fn posted(
    web: Web,
    account: AccountId,
    id: Option<PolicyId>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, account).await?;
    let before = match id {
        Some(id) => Some(book.policy(id).ok_or(Error::NotFound)?),
        None => None,
    };
    let mut typed = Typed::read(&fields);
    let act = Act::read(fields.text("act"));
    let drawn = |shell: Shell, typed: &Typed| {
        let form = PolicyForm::draw(shell, &book, typed, id);
        match before {
            Some(policy) => form.kept(&book, policy, web.app.now()),
            None => form,
        }
    };
    if act != Act::Save {
        let focus = act.apply(&mut typed.levels, limits::LEVELS, |_| TypedLevel::new());
        let mut form = drawn(visitor.shell(&web, Place::Accounts).await?, &typed);
        (form.is_unsaved, form.focus) = (true, focus);
        return Ok(page(StatusCode::OK, &form));
    }
    let (policy, unread) = typed.policy(account, id.unwrap_or(PolicyId(0)));
    let faults = merged(unread, book.check_policy(&policy));
    let kept = match faults.is_empty() {
        true => wishes::keep_policy(&web.app, &visitor.actor, policy).await,
        false => Err(faults.into()),
    };
    match kept {
        Ok(policy) => {
            let text = format!("“{}” holds from now on, also for what it escalates.", policy.name);
            let path = format!("/accounts/{account}/delivery#policies");
            Ok(visitor.sent_to(&web, &path, &Flash::done(&text)))
        }
        Err(Error::Invalid(faults)) => {
            let mut form = drawn(visitor.shell(&web, Place::Accounts).await?, &typed);
            form.blame(&faults);
            form.is_unsaved = true;
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /accounts/{id}/policies/{policy}/remove`.
pub(crate) async fn remove(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (account, id, actor) = (AccountId(account), PolicyId(id), &visitor.actor);
    let book = app::playbooks::find(&web.app, actor, account).await?;
    let policy = book.policy(id).ok_or(Error::NotFound)?;
    let path = format!("/accounts/{account}/delivery#policies");
    let flash = match wishes::remove_policy(&web.app, actor, account, id).await {
        Ok(()) => Flash::done(&format!("“{}” is gone.", policy.name)),
        Err(Error::Invalid(faults)) => {
            let why: Vec<&str> = faults.faults().map(|(_, rule)| rule).collect();
            Flash::warning(&format!("“{}” {}. Change that first.", policy.name, why.join(" ")))
        }
        Err(error) => return Err(error.into()),
    };
    Ok(visitor.sent_to(&web, &path, &flash))
}

impl PolicyForm {
    /// A policy with two levels, of which one would tell nobody.
    pub(crate) fn sample() -> Self {
        let book = sample::book();
        let policy = &book.policies[0];
        let shell = Shell::sample(Place::Accounts);
        let form = PolicyForm::draw(shell, &book, &Typed::of(policy), Some(policy.id));
        let mut form = form.kept(&book, policy, sample::now());
        form.warnings = vec!["Level 2 would tell nobody now. Nobody is on call in Nights.".into()];
        form
    }

    /// A new one, empty.
    pub(crate) fn sample_new() -> Self {
        let (shell, book) = (Shell::sample(Place::Accounts), sample::book());
        PolicyForm::draw(shell, &book, &Typed::new(), None)
    }

    /// Refused, with every fault beside its field.
    pub(crate) fn sample_error() -> Self {
        let mut form = Self::sample();
        form.levels[0].delay.value = "soon".to_owned();
        let mut faults = Invalid::field("name", "must not be empty");
        faults.add("levels.0.delay", "must be like 5 min, 90 s or 1 h");
        faults.add("levels.1.targets", "must be 1 to 50");
        faults.add("levels.1.manner", "must be chosen");
        faults.add("rounds", "must be 1 to 20");
        faults.add("levels", "must be 1 to 20");
        form.blame(&faults);
        form.is_unsaved = true;
        form
    }
}

/// What a policy does, in sentences: each level, what comes after, how long it holds.
pub(crate) fn summary(book: &Playbook, policy: &Policy) -> Vec<String> {
    let levels = policy.levels.iter().enumerate();
    let mut lines: Vec<String> =
        levels.map(|(i, level)| format!("{}.", words::level(book, i + 1, level))).collect();
    lines.push(words::end(policy));
    lines.push(words::holds(policy));
    lines
}

/// How long all rounds of a policy take, in words.
pub(crate) fn whole(policy: &Policy) -> String {
    let once: i64 = policy.levels.iter().map(|level| level.delay_ms).sum();
    spoken_span(once.saturating_mul(policy.rounds))
}
