//! A policy, a group or a closing action group of an account: made, changed and removed alike.

use std::future::Future;
use std::sync::Arc;

use app::{Actor, App, Error};
use askama::Template;
use axum::extract::State;
use domain::{AccountId, Instant, Invalid, Playbook};
use web::Web;

use crate::form::{Answer, Ask, Editor, Form, ListFocus};
use crate::session::{Fields, Ids, PageError, Posted};
use crate::ui::{Flash, Place, Shell};

/// One of several things of a kind in a playbook, changed by a form of its own.
pub(crate) trait PlaybookPart: Clone + Send + Sync + 'static {
    /// What their addresses are called: `policies`.
    const PATH: &'static str;
    /// "Make an escalation policy".
    const MAKE: &'static str;
    /// What it is for, in a sentence.
    const ABOUT: &'static str;
    /// "Remove the policy", and what that does.
    const REMOVE: [&'static str; 2];
    /// The list that it has.
    const LIST: Option<(&'static str, usize)> = None;

    /// All of a playbook.
    fn all(book: &Playbook) -> &[Self];
    /// Its identifier.
    fn id(&self) -> i64;
    /// What people call it.
    fn name(&self) -> &str;
    /// What the form of a new one opens with.
    fn blank(book: &Playbook) -> Fields;
    /// What somebody would have typed to make it.
    fn typed(&self) -> Fields;
    /// The form with these texts.
    fn form(book: &Playbook, typed: &Fields) -> Form;
    /// A new entry of a kind for its list.
    fn entry(_kind: &str) -> Fields {
        Fields::default()
    }
    /// What was typed, and what of it cannot be read.
    fn read(typed: &Fields, account: AccountId, id: i64) -> (Self, Invalid);
    /// Whether it fits the playbook.
    fn check(&self, book: &Playbook) -> Result<(), Invalid>;
    /// Writes it down.
    fn keep(self, app: &App, actor: &Actor) -> impl Future<Output = app::Result<Self>> + Send;
    /// What is said once it is written down.
    fn kept(&self) -> String;
    /// Takes it out of the playbook.
    fn remove(&self, app: &App, actor: &Actor) -> impl Future<Output = app::Result<()>> + Send;
    /// What is said once it is gone.
    fn gone(&self) -> String {
        format!("“{}” is gone.", self.name())
    }
    /// What would go wrong just now, in sentences.
    fn warnings(&self, _book: &Playbook, _now: Instant) -> Vec<String> {
        Vec::new()
    }
}

/// `GET /accounts/{id}/policies/new` → `POST /accounts/{id}/policies`;
/// `GET /accounts/{id}/policies/{policy}` → `POST` there, and to `…/remove`.
#[derive(Debug, Template)]
#[template(path = "delivery/part.html")]
pub(crate) struct PartPage {
    shell: Shell,
    book: Arc<Playbook>,
    /// `policies`.
    path: &'static str,
    title: String,
    about: &'static str,
    /// Where it posts to.
    action: String,
    warnings: Vec<String>,
    form: Form,
    /// The name of what may be removed, "Remove the policy", and what that does.
    removal: Option<(String, [&'static str; 2])>,
}

/// A playbook, the part of it that is changed, and the time.
pub(crate) type PartGround<P> = (Arc<Playbook>, Option<P>, Instant);

fn find<P: PlaybookPart>(book: &Playbook, id: i64) -> Result<P, Error> {
    P::all(book).iter().find(|part| part.id() == id).cloned().ok_or(Error::NotFound)
}

impl<P: PlaybookPart> Editor for P {
    const PLACE: Place = Place::Accounts;
    type Ground = PartGround<P>;
    type Page = PartPage;

    async fn ground(ask: Ask<'_>) -> Result<PartGround<P>, PageError> {
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        let book = app::playbooks::find(app, actor, AccountId(ask.id(0))).await?;
        let known = if ask.subject.is_new { None } else { Some(find(&book, ask.id(1))?) };
        Ok((book, known, app.now()))
    }

    fn opened((book, known, _): &PartGround<P>) -> Option<Fields> {
        Some(known.as_ref().map_or_else(|| P::blank(book), P::typed))
    }

    fn form((book, ..): &PartGround<P>, typed: Option<&Fields>) -> Form {
        let none = Fields::default();
        <P as PlaybookPart>::form(book, typed.unwrap_or(&none)).filled(typed)
    }

    fn draw(shell: Shell, (book, known, now): &PartGround<P>, form: Form) -> PartPage {
        let list = format!("/accounts/{}/{}", book.account.id, P::PATH);
        let (title, action) = match known {
            Some(known) => (format!("Change “{}”", known.name()), format!("{list}/{}", known.id())),
            None => (P::MAKE.to_owned(), list),
        };
        PartPage {
            shell,
            book: Arc::clone(book),
            path: P::PATH,
            title,
            about: P::ABOUT,
            action,
            warnings: known.as_ref().map(|part| part.warnings(book, *now)).unwrap_or_default(),
            form,
            removal: known.as_ref().map(|part| (part.name().to_owned(), P::REMOVE)),
        }
    }

    async fn save(ask: Ask<'_>, (book, known, _): &PartGround<P>, typed: &Fields) -> Answer {
        let id = known.as_ref().map_or(0, PlaybookPart::id);
        let (part, mut faults) = P::read(typed, book.account.id, id);
        if let Err(more) = part.check(book) {
            more.faults().for_each(|(path, rule)| faults.add(path, rule));
        }
        faults.or(())?;
        let kept = part.keep(&ask.web.app, &ask.visitor.actor).await?;
        let path = format!("/accounts/{}/delivery#{}", book.account.id, P::PATH);
        ask.done(&path, &kept.kept())
    }

    fn step(_: &PartGround<P>, typed: &mut Fields) -> Option<ListFocus> {
        let (list, most) = P::LIST?;
        typed.step(list, most, P::entry)
    }
}

/// `POST /accounts/{id}/policies/{policy}/remove`, and so for the others.
pub(crate) async fn remove<P: PlaybookPart>(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, .. }: Posted,
) -> Answer {
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let part: P = find(&book, id)?;
    let flash = match part.remove(&web.app, &visitor.actor).await {
        Ok(()) => Flash::done(&part.gone()),
        Err(Error::Invalid(faults)) => {
            let why: Vec<&str> = faults.faults().map(|(_, rule)| rule).collect();
            let (name, why) = (part.name(), why.join(" "));
            Flash::warning(&format!("“{name}” {why}. Change that first."))
        }
        Err(error) => return Err(error.into()),
    };
    Ok(visitor.sent_to(&web, &format!("/accounts/{account}/delivery#{}", P::PATH), &flash))
}
