//! A message as version 1 writes it: 19 keys, then each custom field once more by itself.

use domain::form::humanised;
use domain::{Account, Form, Message};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::Utc;
use crate::bodies::described;
use crate::words::MessageStatus;

/// A message of version 1. Each pair of `content_with_additional_details_table` also stands by
/// itself as `content_with_additional_details_table__{label}`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MessageV1)]
pub(crate) struct LegacyBody<'a> {
    /// The account's number.
    account_number: &'a str,
    /// Always `message`.
    resource: &'static str,
    /// The message's id.
    message_id: i64,
    /// The message itself.
    content: &'a str,
    /// The caller's name, or else the number.
    from: String,
    /// The caller's first name.
    first_name: &'a str,
    /// The caller's last name.
    last_name: &'a str,
    /// When it was taken, in the account's zone: `01/21/2025 05:08 PM`.
    #[schema(example = "01/21/2025 05:08 PM")]
    created_at: String,
    /// When it was taken: `2025-01-21 22:08:20 UTC`.
    #[schema(example = "2025-01-21 22:08:20 UTC")]
    utc_created_at: String,
    /// When it was taken.
    raw_created_at: Utc,
    /// Where it stands.
    status: MessageStatus,
    /// As taken in the form.
    phone: &'a str,
    /// The caller's number as the switch gave it.
    caller_id: &'a str,
    /// As taken in the form.
    company_name: &'a str,
    /// Whether it is an emergency.
    is_emergency: bool,
    /// Its last delivery.
    #[schema(required)]
    delivered_at: Option<Utc>,
    /// The address of its last delivery, `""` if none is known.
    delivered_to: &'a str,
    /// The content, then a line `Label: value` for each custom field that is filled.
    content_with_additional_details: String,
    /// The custom fields.
    content_with_additional_details_table: LabelledTexts<'a>,
    #[serde(flatten)]
    #[schema(ignore)]
    each_by_itself: LabelledTexts<'a>,
}

impl<'a> LegacyBody<'a> {
    /// A message, with the account and the form that some of its keys are made from.
    pub(crate) fn new(
        message: &'a Message,
        account: Option<&'a Account>,
        form: Option<&Form>,
    ) -> Self {
        let label =
            |name: &str| form.and_then(|form| form.label(name)).unwrap_or_else(|| humanised(name));
        let table: Vec<_> =
            message.answers.custom().map(|(name, text)| (label(name), text)).collect();
        let by_itself = |(label, text): &(String, &'a str)| {
            (format!("content_with_additional_details_table__{label}"), *text)
        };
        let clock = |account: &Account| account.zone.us_clock(message.created_at).to_string();
        LegacyBody {
            account_number: account.map_or("", |account| &account.number),
            resource: "message",
            message_id: message.id.0,
            content: &message.content,
            from: message.caller(),
            first_name: &message.first_name,
            last_name: &message.last_name,
            created_at: account.map(clock).unwrap_or_default(),
            utc_created_at: message.created_at.utc_seconds().to_string(),
            raw_created_at: Utc(message.created_at),
            status: MessageStatus(message.status),
            phone: &message.phone,
            caller_id: &message.caller_id,
            company_name: &message.company_name,
            is_emergency: message.is_emergency,
            delivered_at: message.delivered_at.map(Utc),
            delivered_to: message.delivered_to.as_deref().unwrap_or_default(),
            content_with_additional_details: details(&message.content, &table),
            each_by_itself: LabelledTexts(table.iter().map(by_itself).collect()),
            content_with_additional_details_table: LabelledTexts(table),
        }
    }
}

fn details(content: &str, table: &[(String, &str)]) -> String {
    let filled = table.iter().filter(|(_, text)| !text.is_empty());
    let lines = filled.map(|(label, text)| format!("{label}: {text}"));
    let content = Some(content.to_owned()).filter(|content| !content.is_empty());
    content.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// Texts by their labels, in the form's order.
#[derive(Debug)]
struct LabelledTexts<'a>(Vec<(String, &'a str)>);

impl Serialize for LabelledTexts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(label, text)| (label, text)))
    }
}

described!(LabelledTexts<'_>, "LabelledTexts", {
    "type": "object", "additionalProperties": {"type": "string"},
    "description": "The custom fields: label to value.",
});
