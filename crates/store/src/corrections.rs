//! Corrections of messages: the columns that they change, and each version that they replaced.

use domain::message::Correction;
use domain::{Message, MessageId, TenantId};
use sqlx::query;

use crate::rows::{all, insert, row, select, update};
use crate::{Link, Result};

row! { correction: Correction, "message_corrections"
    inserts { version, replaced, user_id, user_name, at }
}

/// Writes what a correction can change about a message, besides what any change does.
pub async fn write(link: Link<'_>, message: &Message) -> Result<()> {
    update!(link, "messages", [message], |message| {
        tenant_id = message.tenant_id, id = message.id,
    } set {
        phone_number = message.phone_number, extension = message.extension,
        first_name = message.first_name, last_name = message.last_name,
        company_name = message.company_name, content = message.content,
        user_id = message.user_id, contact_id = message.contact_id, phone = message.phone,
        email = message.email, sale_id = message.sale_id, address = message.address,
        address2 = message.address2, city = message.city, state = message.state,
        zip = message.zip, how_you_hear_about_us = message.how_you_hear_about_us,
        is_emergency = message.is_emergency, alt_phone = message.alt_phone,
        positive_data_dip = message.positive_data_dip, answers = message.answers,
        receiver_name = message.receiver_name, email_subject = message.email_subject,
        klass_names = message.klass_names,
    });
    Ok(())
}

/// Keeps a correction.
pub async fn insert(
    link: Link<'_>,
    tenant: TenantId,
    message: MessageId,
    correction: &Correction,
) -> Result<()> {
    insert!(link, "message_corrections", [correction], |correction| {
        tenant_id = tenant, message_id = message, ..correction
    });
    Ok(())
}

/// The corrections of a message, first to last.
pub async fn of_message(
    link: Link<'_>,
    tenant: TenantId,
    message: MessageId,
) -> Result<Vec<Correction>> {
    const SQL: &str =
        select!(Correction, " WHERE tenant_id = $1 AND message_id = $2 ORDER BY version");
    all!(Correction, link, query(SQL).bind(tenant.0).bind(message.0))
}
