//! One account: its facts, lines, contacts and the form that agents fill in.

use std::sync::Arc;

use app::{messages, sending};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::form::{Section, condition_in_words};
use domain::sending::Rules;
use domain::{AccountId, Playbook};
use web::Web;

use super::fields;
use crate::form::{Answer, Form};
use crate::session::{Id, PageError, SignedIn, page};
use crate::ui::{Place, Shell};

/// `GET /accounts/{id}`; adds with `POST /accounts/{id}/lines` and `…/contacts`.
#[derive(Debug, Template)]
#[template(path = "accounts/account.html")]
pub(crate) struct AccountPage {
    shell: Shell,
    ground: AccountGround,
    new_line: Form,
    new_contact: Form,
}

/// An account, the form that its agents fill in, how many messages it has, its rules for sending.
#[derive(Clone, Debug)]
pub(crate) struct AccountGround {
    pub(crate) book: Arc<Playbook>,
    pub(crate) form: domain::Form,
    pub(crate) messages: i64,
    pub(crate) rules: Rules,
}

impl AccountPage {
    /// The page with both of its forms.
    pub(crate) fn draw(
        shell: Shell,
        ground: &AccountGround,
        new_line: Form,
        new_contact: Form,
    ) -> Self {
        Self { shell, ground: ground.clone(), new_line, new_contact }
    }

    /// The title of a section of the form, and when it is asked; empty where it always is.
    fn heading(&self, section: &Section) -> String {
        let when = section.opens_when.as_ref();
        let when = when.map(|when| condition_in_words(when, &self.ground.form.sections));
        let titles = [section.title.clone(), when.unwrap_or_default()];
        titles.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(". ")
    }
}

/// Loads an account with all that its page shows.
pub(crate) async fn ground(
    web: &Web,
    visitor: &SignedIn,
    id: AccountId,
) -> Result<AccountGround, PageError> {
    let book = app::playbooks::find(&web.app, &visitor.actor, id).await?;
    let form = app::forms::of_line(&web.app, &visitor.actor, id, None).await?;
    let account_numbers = vec![book.account.number.clone()];
    let query = messages::MessageQuery { account_numbers, ..messages::MessageQuery::default() };
    let filter = messages::filter(&web.app, &visitor.actor, query).await?;
    let messages = messages::count(&web.app, &visitor.actor, &filter).await?;
    let rules = sending::rules(&web.app, &visitor.actor, id).await?;
    Ok(AccountGround { book, form, messages, rules })
}

/// `GET /accounts/{id}`.
pub(crate) async fn show(visitor: SignedIn, State(web): State<Web>, Id(id): Id) -> Answer {
    let ground = ground(&web, &visitor, AccountId(id)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    let (line, contact) = (fields::line(None), fields::contact(None));
    Ok(page(StatusCode::OK, &AccountPage::draw(shell, &ground, line, contact)))
}
