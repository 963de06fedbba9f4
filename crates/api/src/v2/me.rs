//! `/me`: whom a token stands for, and what it may see.

use domain::{Account, Tenant};

use crate::auth::Caller;
use crate::bodies::answer;
use crate::{Data, ReadRefusals, Result};

answer! {
    /// Whom a token stands for.
    #[schema(as = Me)]
    pub(crate) struct MeBody(caller: Caller, accounts: Vec<Account>) {
        /// The user's id.
        id: i64 = caller.actor.user_id.0,
        /// The user's name.
        name: String = caller.actor.name,
        /// The address that the user signs in with; `X-API-EMAIL` of version 1.
        email: String = caller.actor.email,
        /// `owner`, `supervisor`, `agent` or `client`.
        role: &'static str = caller.actor.role.as_str(),
        /// The answering service.
        tenant: TenantBody = TenantBody::new(caller.tenant),
        /// The accounts whose messages and recordings it sees, by name.
        accounts: Vec<AccountBody> = accounts.into_iter().map(AccountBody::new).collect(),
    }
}

answer! {
    /// An answering service.
    #[schema(as = Tenant)]
    struct TenantBody(tenant: Tenant) {
        /// The first label of its host name.
        subdomain: String = tenant.subdomain,
        /// What it is called.
        name: String = tenant.name,
        /// The IANA time zone of its days.
        time_zone: String = tenant.zone.name().to_owned(),
    }
}

answer! {
    /// A client of the answering service.
    #[schema(as = Account)]
    struct AccountBody(account: Account) {
        /// Its id, the `account_id` of its messages.
        id: i64 = account.id.0,
        /// The number that lists are narrowed by.
        account_number: String = account.number,
        /// What the client is called.
        name: String = account.name,
        /// The IANA time zone of its days.
        time_zone: String = account.zone.name().to_owned(),
    }
}

/// Who am I
///
/// Whom the token stands for, and the accounts that it sees.
#[utoipa::path(
    get, path = "/me", operation_id = "get_me", tag = "Me",
    responses((status = 200, description = "Whom the token stands for", body = Data<MeBody>),
        ReadRefusals),
)]
pub(crate) async fn find(caller: Caller) -> Result<Data<MeBody>> {
    let accounts = app::accounts::list(&caller.web.app, &caller.actor).await?;
    Ok(Data { data: MeBody::new(caller, accounts) })
}
