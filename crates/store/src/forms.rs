//! The versions of each account's form. Fields are kept as one JSON array.

use domain::{AccountId, Field, FieldKind, Form, FormId, TenantId};
use serde::{Deserialize, Serialize};
use sqlx::query;

use crate::rows::{from_cells, instant, one};
use crate::{Error, Link, Result};

/// A field as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    label: String,
    kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    options: Vec<String>,
    #[serde(default)]
    required: bool,
}

fn fields(json: &str) -> Result<Vec<Field>> {
    let corrupt = || Error::Corrupt("the fields of a form".to_owned());
    let kept: Vec<Kept> = serde_json::from_str(json).map_err(|_| corrupt())?;
    let field = |kept: Kept| {
        let kind = FieldKind::parse(&kept.kind, kept.options)?;
        Some(Field { name: kept.name, label: kept.label, kind, is_required: kept.required })
    };
    kept.into_iter().map(|kept| field(kept).ok_or_else(corrupt)).collect()
}

fn json(fields: &[Field]) -> Result<String> {
    let keep = |field: &Field| Kept {
        name: field.name.clone(),
        label: field.label.clone(),
        kind: field.kind.as_str().to_owned(),
        options: field.kind.options().to_vec(),
        required: field.is_required,
    };
    let kept: Vec<Kept> = fields.iter().map(keep).collect();
    serde_json::to_string(&kept).map_err(|error| Error::Corrupt(error.to_string()))
}

from_cells!(Form, cells => Form {
    id: Some(FormId(cells.next()?)),
    account_id: AccountId(cells.next()?),
    version: cells.next()?,
    fields: fields(cells.next()?)?,
    created_at: instant(cells.next()?),
});

/// Keeps a new version of a form; its id is ignored.
pub async fn insert(link: Link<'_>, tenant: TenantId, form: &Form) -> Result<FormId> {
    const SQL: &str = "INSERT INTO forms (tenant_id, account_id, version, fields, created_at) \
        VALUES ($1, $2, $3, $4, $5) RETURNING id";
    let fields = json(&form.fields)?;
    let row = one!(
        (i64,),
        link,
        query(SQL)
            .bind(tenant.0)
            .bind(form.account_id.0)
            .bind(form.version)
            .bind(&fields)
            .bind(form.created_at.as_ms())
    )?;
    Ok(FormId(row.map_or(0, |(id,)| id)))
}

/// The newest version of an account's form.
pub async fn newest(link: Link<'_>, tenant: TenantId, account: AccountId) -> Result<Option<Form>> {
    const SQL: &str = "SELECT id, account_id, version, fields, created_at FROM forms \
        WHERE tenant_id = $1 AND account_id = $2 ORDER BY version DESC LIMIT 1";
    one!(Form, link, query(SQL).bind(tenant.0).bind(account.0))
}

/// A version of a form.
pub async fn find(link: Link<'_>, tenant: TenantId, id: FormId) -> Result<Option<Form>> {
    const SQL: &str = "SELECT id, account_id, version, fields, created_at FROM forms \
        WHERE tenant_id = $1 AND id = $2";
    one!(Form, link, query(SQL).bind(tenant.0).bind(id.0))
}
