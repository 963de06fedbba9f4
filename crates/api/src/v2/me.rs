//! `/me`: whom a token stands for, and what it may see.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use web::Web;
use web::refusal::Refusal;

use crate::auth::Caller;
use crate::{Data, ReadRefusals};

/// Whom a token stands for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub(crate) struct MeBody {
    /// The user's id.
    id: i64,
    /// The user's name.
    name: String,
    /// The address that the user signs in with; `X-API-EMAIL` of version 1.
    email: String,
    /// `owner`, `supervisor`, `agent` or `client`.
    role: &'static str,
    /// The answering service.
    tenant: TenantBody,
    /// The accounts whose messages and recordings it sees, by name.
    accounts: Vec<AccountBody>,
}

/// An answering service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tenant)]
struct TenantBody {
    /// Its subdomain.
    subdomain: String,
    /// Its name.
    name: String,
    /// Its IANA time zone.
    time_zone: String,
}

/// A client of the answering service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
struct AccountBody {
    /// Its id, the `account_id` of its messages.
    id: i64,
    /// Its number.
    account_number: String,
    /// Its name.
    name: String,
    /// Its IANA time zone.
    time_zone: String,
}

/// Who am I
///
/// Whom the token stands for, and the accounts that it sees.
#[utoipa::path(
    get, path = "/me", operation_id = "get_me", tag = "Me",
    responses((status = 200, description = "Whom the token stands for", body = Data<MeBody>),
        ReadRefusals),
    security(("bearer" = [])),
)]
pub(crate) async fn find(State(web): State<Web>, caller: Caller) -> Result<Data<MeBody>, Refusal> {
    let accounts = app::accounts::list(&web.app, &caller.actor).await?;
    let accounts = accounts.into_iter().map(|account| AccountBody {
        id: account.id.0,
        account_number: account.number,
        name: account.name,
        time_zone: account.zone.name().to_owned(),
    });
    Ok(Data {
        data: MeBody {
            id: caller.actor.user_id.0,
            name: caller.actor.name,
            email: caller.actor.email,
            role: caller.actor.role.as_str(),
            tenant: TenantBody {
                subdomain: caller.tenant.subdomain,
                name: caller.tenant.name,
                time_zone: caller.tenant.zone.name().to_owned(),
            },
            accounts: accounts.collect(),
        },
    })
}
