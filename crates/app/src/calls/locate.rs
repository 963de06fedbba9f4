//! Finding the account and the line that a switch means.

use domain::account::phone_digits;
use domain::{Call, Invalid};
use store::Tx;

use crate::{Error, Result};

/// Finds the account and the line of a reported call.
pub(crate) async fn locate(tx: &mut Tx, call: &mut Call) -> Result<()> {
    let digits = phone_digits(&call.did_number);
    let did = store::accounts::did_by_number(tx.link(), call.tenant_id, &digits).await?;
    call.did_id = did.as_ref().map(|did| did.id);
    if call.account_number.is_empty() {
        let did = did.ok_or_else(|| unknown("did_number", "must be a line of an account"))?;
        call.account_id = did.account_id;
        return Ok(());
    }
    let number = &call.account_number;
    let account = store::accounts::by_number(tx.link(), call.tenant_id, number).await?;
    let account = account.ok_or_else(|| unknown("account_number", "must be an account's"))?;
    call.account_id = account.id;
    Ok(())
}

fn unknown(path: &str, rule: &str) -> Error {
    Invalid::field(path, rule).into()
}
