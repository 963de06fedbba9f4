//! What carriers tell by themselves over their own connections: receipts, and texts from people.

use std::future::pending;
use std::time::Duration;

use app::App;
use app::texts::Inbound;
use domain::delivery::Reach;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use wire::Report;

/// What a carrier reports over its own connection, and for whom it carries.
#[derive(Debug)]
pub struct Reports {
    /// The carrier's name.
    pub carrier: String,
    /// The subdomains of the tenants that it serves; empty for all.
    pub tenants: Vec<String>,
    /// The reports.
    pub receiver: mpsc::Receiver<Report>,
}

/// Pauses before a report is tried again that says something about nothing we know: a receipt can
/// be faster than the transaction that writes down what it is about.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
];
/// Reports that are to be tried again; what comes beyond is tried once.
const EARLY_MAX: usize = 1_000;

/// How far something got, by the carrier's own id of it.
type Progress = (String, Result<Reach, String>);

impl Reports {
    /// Takes in reports until the carrier is closed. One that cannot be written down is logged and
    /// lost: the carrier was told that we have it.
    pub async fn take_in(mut self, app: App) {
        let mut early = JoinSet::new();
        while let Some(report) = self.receiver.recv().await {
            while early.try_join_next().is_some() {}
            match take_in(&app, &self.carrier, &self.tenants, report).await {
                Ok(Some(progress)) if early.len() < EARLY_MAX => {
                    early.spawn(try_again(app.clone(), self.carrier.clone(), progress));
                }
                Ok(_) => {}
                Err(error) => lost(&self.carrier, &error),
            }
        }
    }
}

/// Takes in one report of a carrier; gives it back where it is about nothing we know, or nothing
/// new.
async fn take_in(
    app: &App,
    carrier: &str,
    tenants: &[String],
    report: Report,
) -> app::Result<Option<Progress>> {
    match report {
        Report::Progress { reference, result } => {
            let is_new = app::deliveries::learn(app, carrier, &reference, &result).await?;
            Ok((!is_new).then_some((reference, result)))
        }
        Report::Inbound { from, to, text, reference } => {
            let inbound = Inbound { from, to, text, reference };
            app::texts::receive(app, carrier, tenants, &inbound).await?;
            Ok(None)
        }
    }
}

/// Takes a report in as soon as it is about something we know.
async fn try_again(app: App, carrier: String, (reference, result): Progress) {
    for pause in PAUSES {
        // Nobody ever wakes it: it is the pause.
        let _ = timeout(pause, pending::<()>()).await;
        match app::deliveries::learn(&app, &carrier, &reference, &result).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => lost(&carrier, &error),
        }
    }
}

fn lost(carrier: &str, error: &app::Error) {
    let error = error as &dyn std::error::Error;
    tracing::error!(error, carrier, "a report was lost");
}
