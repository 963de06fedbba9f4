//! A line of an account: added, taken away.

use app::accounts;
use axum::extract::State;
use domain::{AccountId, DidId};
use web::Web;

use super::account::{AccountGround, AccountPage, ground};
use super::fields;
use crate::form::{Answer, Ask, Editor, Form};
use crate::session::{Fields, Ids, PageError, Posted};
use crate::ui::{Place, Shell, phone};

/// `POST /accounts/{id}/lines`, from the account's page.
#[derive(Debug)]
pub(crate) struct LineEditor;

impl Editor for LineEditor {
    const PLACE: Place = Place::Accounts;
    type Ground = AccountGround;
    type Page = AccountPage;

    async fn ground(ask: Ask<'_>) -> Result<AccountGround, PageError> {
        ground(ask.web, ask.visitor, AccountId(ask.id(0))).await
    }

    fn form(_: &AccountGround, typed: Option<&Fields>) -> Form {
        fields::line(typed)
    }

    fn draw(shell: Shell, ground: &AccountGround, form: Form) -> AccountPage {
        AccountPage::draw(shell, ground, form, fields::contact(None))
    }

    async fn save(ask: Ask<'_>, ground: &AccountGround, typed: &Fields) -> Answer {
        let (app, actor, id) = (&ask.web.app, &ask.visitor.actor, ground.book.account.id);
        let (number, label) = (typed.text("number"), typed.text("line_label"));
        let line = accounts::add_did(app, actor.tenant_id, Some(actor), id, number, label).await?;
        let text = format!("{} now opens this account.", phone(&line.number));
        ask.done(&format!("/accounts/{id}#lines"), &text)
    }
}

/// `POST /accounts/{id}/lines/{line}/remove`.
pub(crate) async fn remove(
    State(web): State<Web>,
    Ids(id, line): Ids,
    Posted { visitor, .. }: Posted,
) -> Answer {
    let id = AccountId(id);
    accounts::remove_did(&web.app, &visitor.actor, id, DidId(line)).await?;
    let text = "The line no longer opens this account.";
    Ok(visitor.done(&web, &format!("/accounts/{id}#lines"), text))
}
