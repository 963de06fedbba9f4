//! The versions of each account's forms, and drafts of the next ones. Sections are kept as JSON.

use domain::form::{Condition, Item, Pattern, Rules, Section};
use domain::{AccountId, DidId, Field, FieldKind, Form, FormId, Instant, TenantId};
use serde::{Deserialize, Serialize};
use sqlx::query;

use crate::cells::cells;
use crate::rows::{Row, all, change, insert, one, only, row, select, text};
use crate::{Error, Link, Result};

/// A form as it is kept: today's sections, or the questions of one section as they once were.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredForm {
    Sections { sections: Vec<StoredSection> },
    Fields(Vec<StoredField>),
}

/// A form as it is written.
#[derive(Serialize)]
struct FormJson {
    sections: Vec<StoredSection>,
}

#[derive(Serialize, Deserialize)]
struct StoredSection {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opens_when: Option<StoredCondition>,
    items: Vec<StoredItem>,
}

#[derive(Serialize, Deserialize)]
struct StoredCondition {
    field: String,
    any_of: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredItem {
    Prompt { prompt: String },
    Field(StoredField),
}

#[derive(Serialize, Deserialize)]
struct StoredField {
    name: String,
    label: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    hint: String,
    kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    options: Vec<String>,
    #[serde(default)]
    required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_chars: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_chars: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
}

fn corrupt() -> Error {
    Error::Corrupt("the fields of a form".to_owned())
}

fn sections(json: &str) -> Result<Vec<Section>> {
    match serde_json::from_str(json).map_err(|_| corrupt())? {
        StoredForm::Sections { sections } => sections.into_iter().map(section).collect(),
        StoredForm::Fields(fields) => {
            let fields: Result<Vec<Field>> = fields.into_iter().map(field).collect();
            Ok(vec![Section::of(fields?)])
        }
    }
}

fn section(kept: StoredSection) -> Result<Section> {
    let items = kept.items.into_iter().map(|item| match item {
        StoredItem::Prompt { prompt } => Ok(Item::Prompt(prompt)),
        StoredItem::Field(kept) => field(kept).map(Item::Field),
    });
    let opens_when = kept
        .opens_when
        .map(|condition| Condition { field: condition.field, any_of: condition.any_of });
    Ok(Section { title: kept.title, opens_when, items: items.collect::<Result<_>>()? })
}

fn field(kept: StoredField) -> Result<Field> {
    let pattern = match kept.pattern {
        Some(word) => Some(Pattern::parse(&word).ok_or_else(corrupt)?),
        None => None,
    };
    Ok(Field {
        kind: FieldKind::parse(&kept.kind, kept.options).ok_or_else(corrupt)?,
        name: kept.name,
        label: kept.label,
        hint: kept.hint,
        is_required: kept.required,
        rules: Rules { min_chars: kept.min_chars, max_chars: kept.max_chars, pattern },
    })
}

fn json(sections: &[Section]) -> Result<String> {
    let keep = |field: &Field| StoredField {
        name: field.name.clone(),
        label: field.label.clone(),
        hint: field.hint.clone(),
        kind: field.kind.as_str().to_owned(),
        options: field.kind.options().to_vec(),
        required: field.is_required,
        min_chars: field.rules.min_chars,
        max_chars: field.rules.max_chars,
        pattern: field.rules.pattern.map(|pattern| pattern.as_str().to_owned()),
    };
    let item = |item: &Item| match item {
        Item::Prompt(prompt) => StoredItem::Prompt { prompt: prompt.clone() },
        Item::Field(field) => StoredItem::Field(keep(field)),
    };
    let section = |section: &Section| StoredSection {
        title: section.title.clone(),
        opens_when: section.opens_when.as_ref().map(|condition| StoredCondition {
            field: condition.field.clone(),
            any_of: condition.any_of.clone(),
        }),
        items: section.items.iter().map(item).collect(),
    };
    let written = FormJson { sections: sections.iter().map(section).collect() };
    serde_json::to_string(&written).map_err(|error| Error::Corrupt(error.to_string()))
}

/// The line of a column; 0 is none.
fn line(id: i64) -> Option<DidId> {
    (id != 0).then_some(DidId(id))
}

fn cell(line: Option<DidId>) -> i64 {
    line.map_or(0, |did| did.0)
}

cells! { Vec<Section> as text made, sections, |sections| json(sections); }

row! { form: Form, "forms"
    reads { ; id }
    inserts {
        account_id, version, created_at, published_by;
        did_id = cell(form.did_id),
        fields = &form.sections,
    }
    with { id: Some(id), did_id: line(did_id), sections: fields }
}

/// Keeps a new version of a form; its id is ignored.
pub async fn insert(link: Link<'_>, tenant: TenantId, form: &Form) -> Result<FormId> {
    let id = insert!(link, "forms", [form], |form| {
        tenant_id = tenant, ..form
    }, " RETURNING id" => FormId)?;
    only(id)
}

/// The form that an account's call is taken with: the newest of the line that rings if it has one
/// of its own, else the newest of the account.
pub async fn newest(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    line: Option<DidId>,
) -> Result<Option<Form>> {
    const SQL: &str = select!(
        Form,
        " WHERE tenant_id = $1 AND account_id = $2 AND did_id IN (0, $3) \
        AND retired_at IS NULL ORDER BY did_id DESC, version DESC LIMIT 1"
    );
    one!(Form, link, query(SQL).bind(tenant.0).bind(account.0).bind(cell(line)))
}

/// The newest version of the form of every line of an account that has one of its own.
pub async fn of_lines(link: Link<'_>, tenant: TenantId, account: AccountId) -> Result<Vec<Form>> {
    const SQL: &str = select!(
        Form,
        " WHERE tenant_id = $1 AND account_id = $2 AND did_id <> 0 \
        AND retired_at IS NULL AND version = (SELECT max(version) FROM forms later \
        WHERE later.tenant_id = forms.tenant_id AND later.account_id = forms.account_id \
        AND later.did_id = forms.did_id) ORDER BY did_id"
    );
    all!(Form, link, query(SQL).bind(tenant.0).bind(account.0))
}

/// The number of an account's newest version, whatever line it is for; 0 if it has none.
pub async fn last_version(link: Link<'_>, tenant: TenantId, account: AccountId) -> Result<i64> {
    const SQL: &str = "SELECT coalesce(max(version), 0) FROM forms \
        WHERE tenant_id = $1 AND account_id = $2";
    Ok(one!(i64, link, query(SQL).bind(tenant.0).bind(account.0))?.unwrap_or(0))
}

/// The newest versions of the form of an account, or of one of its lines; newest first.
pub async fn versions(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    line: Option<DidId>,
    limit: i64,
) -> Result<Vec<Form>> {
    const SQL: &str = select!(
        Form,
        " WHERE tenant_id = $1 AND account_id = $2 AND did_id = $3 \
        ORDER BY version DESC LIMIT $4"
    );
    all!(Form, link, query(SQL).bind(tenant.0).bind(account.0).bind(cell(line)).bind(limit))
}

/// A version of a form.
pub async fn find(link: Link<'_>, tenant: TenantId, id: FormId) -> Result<Option<Form>> {
    const SQL: &str = select!(Form, " WHERE tenant_id = $1 AND id = $2");
    one!(Form, link, query(SQL).bind(tenant.0).bind(id.0))
}

/// Takes the form of a line out of use; its versions stay for the messages taken with them.
/// Whether there was one.
pub async fn retire(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    line: DidId,
    at: Instant,
) -> Result<bool> {
    const SQL: &str = "UPDATE forms SET retired_at = $4 WHERE tenant_id = $1 AND account_id = $2 \
        AND did_id = $3 AND retired_at IS NULL";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(account.0).bind(line.0).bind(at.as_ms())) > 0)
}

/// The next version of a form while it is being built. It need not be sound.
#[derive(Clone, Debug, PartialEq)]
pub struct FormDraft {
    /// The account that it is for.
    pub account_id: AccountId,
    /// The line that it is for; `None`: the account.
    pub did_id: Option<DidId>,
    /// What the form is to ask, section by section.
    pub sections: Vec<Section>,
    /// Grows with every change.
    pub revision: i64,
    /// The name of whoever changed it last.
    pub changed_by: String,
    /// When it was changed last.
    pub changed_at: Instant,
}

row! { draft: FormDraft, "form_drafts"
    inserts { account_id; did_id = cell(draft.did_id) }
    updates { revision, changed_by, changed_at; fields = &draft.sections }
    with { did_id: line(did_id), sections: fields }
}

/// The draft of the form of an account, or of one of its lines.
pub async fn draft(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    line: Option<DidId>,
) -> Result<Option<FormDraft>> {
    const SQL: &str =
        select!(FormDraft, " WHERE tenant_id = $1 AND account_id = $2 AND did_id = $3");
    one!(FormDraft, link, query(SQL).bind(tenant.0).bind(account.0).bind(cell(line)))
}

/// Keeps a draft whose revision is one above the one that it replaces, 1 for the first; `false`
/// if another one stands there.
pub async fn set_draft(link: Link<'_>, tenant: TenantId, draft: &FormDraft) -> Result<bool> {
    const REPLACED: &str = text!(
        " ON CONFLICT (tenant_id, account_id, did_id) DO UPDATE SET ",
        FormDraft::REPLACED,
        " WHERE form_drafts.revision = excluded.revision - 1"
    );
    let kept = insert!(link, "form_drafts", [draft], |draft| {
        tenant_id = tenant, ..draft
    }, REPLACED);
    Ok(kept > 0)
}

/// Throws a draft away, whatever its revision or only at this one. Whether there was one.
pub async fn delete_draft(
    link: Link<'_>,
    tenant: TenantId,
    account: AccountId,
    line: Option<DidId>,
    revision: Option<i64>,
) -> Result<bool> {
    const SQL: &str = "DELETE FROM form_drafts WHERE tenant_id = $1 AND account_id = $2 \
        AND did_id = $3 AND revision = coalesce($4, revision)";
    Ok(change!(link, query(SQL).bind(tenant.0).bind(account.0).bind(cell(line)).bind(revision)) > 0)
}
