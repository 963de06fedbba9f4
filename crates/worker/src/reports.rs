//! What carriers tell by themselves over their own connections: receipts, and texts from people.

use app::App;
use app::texts::Inbound;
use tokio::sync::mpsc;
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

impl Reports {
    /// Takes in reports until the carrier is closed. One that cannot be written down is logged and
    /// lost: the carrier was told that we have it.
    pub async fn take_in(mut self, app: App) {
        while let Some(report) = self.receiver.recv().await {
            if let Err(error) = take_in(&app, &self.carrier, &self.tenants, report).await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, carrier = self.carrier, "a report was lost");
            }
        }
    }
}

/// Takes in one report of a carrier.
async fn take_in(app: &App, carrier: &str, tenants: &[String], report: Report) -> app::Result<()> {
    match report {
        Report::Progress { reference, result } => {
            app::deliveries::learn(app, carrier, &reference, &result).await?;
        }
        Report::Inbound { from, to, text, reference } => {
            let inbound = Inbound { from, to, text, reference };
            app::texts::receive(app, carrier, tenants, &inbound).await?;
        }
    }
    Ok(())
}
