//! The usual addresses of a form: opened, saved, refused, its list changed, previewed.

use std::future::{Future, ready};

use app::Error;
use askama::Template;
use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use domain::{Account, Invalid};
use web::origin::of_host;
use web::{Web, tenant};

use super::{Form, ListFocus};
use crate::session::{Fields, PageError, Posted, SignedIn, page};
use crate::ui::{Place, Shell};

/// Which thing a form is about.
#[derive(Clone, Debug)]
pub(crate) struct FormSubject {
    /// The numbers of its address, in order.
    pub(crate) ids: Vec<i64>,
    /// It is made, not changed; the last number is then what it belongs to.
    pub(crate) is_new: bool,
    /// What the address asks for.
    pub(crate) asked: Fields,
    /// How whoever asks reached us.
    pub(crate) origin: String,
}

impl FromRequestParts<Web> for FormSubject {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        let origin = of_host(&tenant::host(parts), web);
        let asked = Fields::of_query(parts.uri.query());
        let path = RawPathParams::from_request_parts(parts, &()).await;
        let path = path.map_err(|_| Error::NotFound)?;
        let ids: Option<Vec<i64>> = path.iter().map(|(_, text)| text.parse().ok()).collect();
        Ok(FormSubject { ids: ids.ok_or(Error::NotFound)?, is_new: false, asked, origin })
    }
}

/// Who asks for a form, or sends one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) web: &'a Web,
    pub(crate) visitor: &'a SignedIn,
    pub(crate) subject: &'a FormSubject,
    /// What was typed, once something was.
    pub(crate) typed: Option<&'a Fields>,
}

impl Ask<'_> {
    /// A number of the address, by its place; 0, which nobody has, where there is none.
    pub(crate) fn id(&self, at: usize) -> i64 {
        self.subject.ids.get(at).copied().unwrap_or(0)
    }

    /// The account that something new is for, by its number; the only one, where there is one.
    pub(crate) fn account(&self, accounts: &[Account]) -> Option<Account> {
        let number = self.typed.unwrap_or(&self.subject.asked).text("account_number").trim();
        let chosen = accounts.iter().find(|account| account.number == number);
        let only = accounts.first().filter(|_| accounts.len() == 1 && number.is_empty());
        chosen.or(only).cloned()
    }

    /// Sends the browser on to a page of ours, which says what was done.
    pub(crate) fn done(&self, path: &str, text: &str) -> Result<Response, PageError> {
        Ok(self.visitor.done(self.web, path, text))
    }
}

/// What a handler answers.
pub(crate) type Answer = Result<Response, PageError>;

/// A form that makes or changes one thing.
pub(crate) trait Editor: 'static {
    /// Where its page stands.
    const PLACE: Place;
    /// All that the page is drawn from.
    type Ground: Send + Sync;
    /// The page.
    type Page: Template;

    /// Loads the ground; refuses what whoever asks may not see.
    fn ground(ask: Ask<'_>) -> impl Future<Output = Result<Self::Ground, PageError>> + Send;

    /// What somebody would have typed to make what is there; `None` where it opens as declared.
    fn opened(_ground: &Self::Ground) -> Option<Fields> {
        None
    }

    /// The form with these texts, or as it opens.
    fn form(ground: &Self::Ground, typed: Option<&Fields>) -> Form;

    /// The page around the form.
    fn draw(shell: Shell, ground: &Self::Ground, form: Form) -> Self::Page;

    /// Reads what was typed and does it. The faults of [`Error::Invalid`] are shown in the form.
    fn save(
        ask: Ask<'_>,
        ground: &Self::Ground,
        typed: &Fields,
    ) -> impl Future<Output = Answer> + Send;

    /// Does what a button of a list says, named by `act`; `None` where it is the one that saves.
    fn step(_ground: &Self::Ground, _typed: &mut Fields) -> Option<ListFocus> {
        None
    }

    /// Finds out what a page would show beside the form; answers what is wrong with that.
    fn look_ahead(
        _ask: Ask<'_>,
        _ground: &mut Self::Ground,
        _typed: Option<&Fields>,
    ) -> impl Future<Output = Result<Invalid, PageError>> + Send {
        ready(Ok(Invalid::new()))
    }
}

/// A form as it stands on its page before anybody typed.
pub(crate) fn fresh<E: Editor>(ground: &E::Ground) -> Form {
    E::form(ground, E::opened(ground).as_ref())
}

async fn opened<E: Editor>(
    State(web): State<Web>,
    visitor: SignedIn,
    subject: FormSubject,
) -> Answer {
    let ask = Ask { web: &web, visitor: &visitor, subject: &subject, typed: None };
    let mut ground = E::ground(ask).await?;
    let typed = E::opened(&ground);
    E::look_ahead(ask, &mut ground, typed.as_ref()).await?;
    let shell = visitor.shell(&web, E::PLACE).await?;
    Ok(page(StatusCode::OK, &E::draw(shell, &ground, E::form(&ground, typed.as_ref()))))
}

async fn sent<E: Editor>(
    State(web): State<Web>,
    subject: FormSubject,
    Posted { visitor, fields: mut typed }: Posted,
    is_try: bool,
) -> Answer {
    let before = typed.clone();
    let ask = Ask { web: &web, visitor: &visitor, subject: &subject, typed: Some(&before) };
    let mut ground = E::ground(ask).await?;
    let step = E::step(&ground, &mut typed);
    let is_shown = step.is_some() || is_try;
    let mut faults = Invalid::new();
    if !is_shown {
        match E::save(ask, &ground, &typed).await {
            Err(PageError::Refused(Error::Invalid(found))) => faults = found,
            other => return other,
        }
    }
    let foreseen = E::look_ahead(ask, &mut ground, Some(&typed)).await?;
    let mut form = E::form(&ground, Some(&typed));
    (form.is_unsaved, form.focus) = (true, step.unwrap_or_default());
    form.blame(if is_try { &foreseen } else { &faults });
    if is_try {
        form.unfocus();
    }
    let shell = visitor.shell(&web, E::PLACE).await?;
    let status = if is_shown { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(status, &E::draw(shell, &ground, form)))
}

impl From<Invalid> for PageError {
    fn from(faults: Invalid) -> Self {
        PageError::Refused(faults.into())
    }
}

/// Opens the form of something new.
pub(crate) async fn new<E: Editor>(by: SignedIn, web: State<Web>, of: FormSubject) -> Answer {
    opened::<E>(web, by, FormSubject { is_new: true, ..of }).await
}

/// Opens the form of what is there.
pub(crate) async fn edit<E: Editor>(by: SignedIn, web: State<Web>, of: FormSubject) -> Answer {
    opened::<E>(web, by, of).await
}

/// Makes something, or shows the form again.
pub(crate) async fn create<E: Editor>(web: State<Web>, of: FormSubject, by: Posted) -> Answer {
    sent::<E>(web, FormSubject { is_new: true, ..of }, by, false).await
}

/// Changes what is there, or shows the form again.
pub(crate) async fn update<E: Editor>(web: State<Web>, of: FormSubject, by: Posted) -> Answer {
    sent::<E>(web, of, by, false).await
}

/// Shows what something new would do, and keeps nothing.
pub(crate) async fn preview_new<E: Editor>(web: State<Web>, of: FormSubject, by: Posted) -> Answer {
    sent::<E>(web, FormSubject { is_new: true, ..of }, by, true).await
}

/// Shows what a change would do, and keeps nothing.
pub(crate) async fn preview<E: Editor>(web: State<Web>, of: FormSubject, by: Posted) -> Answer {
    sent::<E>(web, of, by, true).await
}

/// A page that is nothing but a form.
#[derive(Debug, Clone, Template)]
#[template(path = "form/page.html")]
pub(crate) struct FormPage {
    pub(crate) shell: Shell,
    /// "Add an account", or "Change Northwind Heating & Air".
    pub(crate) title: String,
    /// Where it posts to.
    pub(crate) action: String,
    /// Where cancelling leads.
    pub(crate) back: String,
    pub(crate) form: Form,
}

/// What would happen with a form as it stands, beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preview {
    /// The rule in a sentence, `""` while there is none.
    pub(crate) sentence: String,
    /// What is next, written out: dates, or people and dates.
    pub(crate) coming: Vec<String>,
    /// When nobody would be on call.
    pub(crate) gaps: Vec<String>,
    /// Under which clock its times stand, or what is missing.
    pub(crate) notes: Vec<String>,
}
