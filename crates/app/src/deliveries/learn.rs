//! What carriers report later about something that they took.

use domain::delivery::{Learned, Reach};
use domain::{ActivityKind, Instant, JobKind};
use store::Tx;
use store::jobs::NewJob;
use store::references::EarlyReport;

use super::tell::{DeliveryNews, tell_all};
use super::write::DeliveryRows;
use crate::{App, Result};

/// What a carrier reports: how far something got, or why it will get no further.
type Report = std::result::Result<Reach, String>;

/// Takes in what a carrier reports about something that it took, by its own id of it. False if that
/// is nothing new: reports come late, twice and out of order. One that comes before we know the id
/// is kept until we do.
#[crate::boxed]
pub async fn learn(app: &App, carrier: &str, reference: &str, report: &Report) -> Result<bool> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let is_news = match from_report(app, &mut tx, carrier, reference, report, now).await? {
        Some(is_news) => is_news,
        None => {
            let (carrier, id) = (carrier.to_owned(), reference.to_owned());
            let early = EarlyReport { carrier, id, report: written(report) };
            store::references::keep_early(tx.link(), &early, now).await?;
            false
        }
    };
    tx.commit().await?;
    Ok(is_news)
}

/// Takes in a report in the caller's transaction. `None` if nobody knows the id that it names.
pub(super) async fn from_report(
    app: &App,
    tx: &mut Tx,
    carrier: &str,
    reference: &str,
    report: &Report,
    now: Instant,
) -> Result<Option<bool>> {
    let Some((tenant, id)) = store::references::find(tx.link(), carrier, reference).await? else {
        return Ok(None);
    };
    let delivery = store::deliveries::find_to_change(tx.link(), tenant, id).await?;
    let Some(mut delivery) = delivery.filter(|delivery| delivery.carrier == carrier) else {
        return Ok(Some(false));
    };
    if report.as_ref().is_ok_and(|reach| *reach == Reach::Handset) {
        // A long text has arrived when all of its parts have.
        let parts = store::references::arrive(tx.link(), carrier, reference, (tenant, id)).await?;
        if parts > 0 {
            return Ok(Some(false));
        }
    }
    let mut pages = DeliveryRows::default();
    let activity = match delivery.learn(report, now) {
        Learned::Nothing => return Ok(Some(false)),
        Learned::Reached => ActivityKind::Reached,
        Learned::Failed => {
            let why = delivery.detail.clone();
            pages.fail(tenant, &mut delivery, why, now);
            ActivityKind::Failed
        }
        Learned::Again(due_at) => {
            let (kind, subject_id) = (JobKind::Deliver(delivery.channel), delivery.id.0);
            let job = NewJob { tenant_id: tenant, kind, subject_id, due_at };
            store::jobs::set(tx.link(), job).await?;
            pages.reopen(tenant, &delivery);
            ActivityKind::Retrying
        }
    };
    pages.deliveries.push((tenant, delivery.clone()));
    pages.write(tx, now).await?;
    tell_all(app, tx, vec![DeliveryNews { tenant, delivery, activity }], now).await?;
    Ok(Some(true))
}

/// A report in the words that it is kept in: how far, or `!` and the reason.
fn written(report: &Report) -> String {
    match report {
        Ok(reach) => reach.as_str().to_owned(),
        Err(reason) => format!("!{reason}"),
    }
}

/// A report from the words that it was kept in.
pub(super) fn read(text: &str) -> Report {
    match text.strip_prefix('!') {
        Some(reason) => Err(reason.to_owned()),
        None => Ok(Reach::parse(text).unwrap_or(Reach::Carrier)),
    }
}
