//! Registering with a trunk, and staying registered.

use std::sync::Arc;
use std::time::Duration;

use rsipstack::dialog::registration::{Registration, backoff_interval, refresh_interval};
use rsipstack::sip::StatusCodeKind;
use rsipstack::sip::typed::Contact;
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::line::{self, SipLine};
use super::refusal;
use super::settings::{SipSettings, in_address};
use crate::outcome::Refused;
use crate::pause;

/// How long a registration is asked for, in seconds; the trunk may grant less.
const LASTS_S: u32 = 600;

/// Registers, again before each registration ends, and after a failure again: a second later, then
/// after two, four, up to a minute. Ends when it is aborted.
pub(super) async fn keep(settings: Arc<SipSettings>, cell: Arc<OnceCell<SipLine>>) {
    let mut failures = 0;
    let mut registration = None;
    loop {
        let registered = match SipLine::of(&settings, &cell).await {
            Ok(line) => register(&settings, line, &mut registration).await,
            Err(refused) => Err(refused),
        };
        let wait = match registered {
            Ok(granted) => {
                failures = 0;
                granted
            }
            Err(_) => {
                failures += 1;
                backoff_interval(failures - 1)
            }
        };
        pause(wait).await;
    }
}

/// Registers now, and says when it is time to do it again.
pub(super) async fn once(settings: &SipSettings, line: &SipLine) -> Result<Duration, Refused> {
    register(settings, line, &mut None).await
}

async fn register(
    settings: &SipSettings,
    line: &SipLine,
    kept: &mut Option<Registration>,
) -> Result<Duration, Refused> {
    let registrar = format!("sip:{}{}", in_address(settings.domain()), line::parameter(settings));
    let registrar = line::uri(&registrar)?;
    let destination = line::destination(settings).await?;
    let destination = destination.get_socketaddr().map_err(|e| refusal::of_fault(&e))?;
    let contact = Contact { display_name: None, uri: line.contact(settings)?, params: vec![] };
    let registration =
        kept.get_or_insert_with(|| Registration::new(line.endpoint(), line::credential(settings)));
    registration.outbound_proxy = Some(destination);
    registration.contact = Some(contact);
    let answered =
        timeout(settings.answer_timeout, registration.register(registrar, Some(LASTS_S))).await;
    let answer = match answered {
        Err(_) => return Err(line::silent(settings)),
        Ok(answer) => answer.map_err(|error| refusal::of_fault(&error))?,
    };
    if answer.status_code.kind() != StatusCodeKind::Successful {
        return Err(refusal::of_check(&answer));
    }
    let granted = registration.granted_expires.filter(|granted| *granted > 0);
    Ok(refresh_interval(granted.unwrap_or(LASTS_S)))
}
