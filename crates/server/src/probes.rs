//! What a supervisor asks: does it live, can it serve, and its figures. No tenant is involved.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::App;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, FORWARDED};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use blobs::{Blobs, Key};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use crate::config::Hidden;

/// How long each part may take to answer before it counts as away.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// How long an answer about readiness is repeated: a probe writes to the disk.
const FRESH: Duration = Duration::from_secs(1);

/// What the probes look at.
#[derive(Clone)]
pub(crate) struct Probes(Arc<ProbeParts>);

struct ProbeParts {
    app: App,
    blobs: Blobs,
    probe: Key,
    figures: PrometheusHandle,
    metrics_token: Option<Hidden>,
    last: Mutex<Option<(Instant, Readiness)>>,
}

/// Whether this process can serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// It can.
    Ready,
    /// The database does not answer.
    Database,
    /// The tables are not those of this version.
    Tables,
    /// The audio folder cannot be written.
    Audio,
    /// The audio folder's disk is full.
    AudioFull,
}

impl Readiness {
    /// The word for it in the answer.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Readiness::Ready => "ready",
            Readiness::Database => "database",
            Readiness::Tables => "tables",
            Readiness::Audio => "audio",
            Readiness::AudioFull => "audio_full",
        }
    }
}

/// The key of this process's own probe: processes that share a folder must not read each other's.
pub(crate) fn probe_key(app: &App) -> Key {
    let name = app.entropy().uuid();
    #[expect(clippy::expect_used, reason = "a UUID has only letters, digits and hyphens")]
    Key::of("probes", &[&name]).expect("a UUID makes a key")
}

/// Whether the audio folder can be written, read and cleared.
pub(crate) async fn audio(blobs: &Blobs, probe: &Key) -> Readiness {
    match timeout(PATIENCE, blobs.check(probe)).await {
        Ok(Ok(())) => Readiness::Ready,
        Ok(Err(blobs::PutError::Full(_))) => Readiness::AudioFull,
        Ok(Err(_)) | Err(_) => Readiness::Audio,
    }
}

impl Probes {
    /// Probes of an application and its audio.
    pub(crate) fn new(
        app: App,
        blobs: Blobs,
        figures: PrometheusHandle,
        metrics_token: Option<Hidden>,
    ) -> Self {
        let probe = probe_key(&app);
        let last = Mutex::new(None);
        Probes(Arc::new(ProbeParts { app, blobs, probe, figures, metrics_token, last }))
    }

    /// `/healthz`, `/readyz` and `/metrics`.
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/healthz", get(async || "ok\n"))
            .route("/readyz", get(readyz))
            .route("/metrics", get(figures))
            .with_state(self)
    }

    /// Whether this process can serve, as it was at most a second ago.
    async fn readiness(&self) -> Readiness {
        let last = *self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, readiness)) = last
            && at.elapsed() < FRESH
        {
            return readiness;
        }
        let readiness = self.look().await;
        if last.is_none_or(|(_, before)| before != readiness) {
            tracing::info!(readiness = readiness.as_str(), "readiness changed");
        }
        let mut last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((Instant::now(), readiness));
        readiness
    }

    async fn look(&self) -> Readiness {
        match timeout(PATIENCE, self.0.app.is_ready()).await {
            Ok(Ok(true)) => audio(&self.0.blobs, &self.0.probe).await,
            Ok(Ok(false)) => Readiness::Tables,
            Ok(Err(_)) | Err(_) => Readiness::Database,
        }
    }

    /// With a token: whoever has it. Without: this machine, unless a proxy passed it on.
    fn shows_figures_to(&self, peer: SocketAddr, headers: &HeaderMap) -> bool {
        let Some(token) = &self.0.metrics_token else {
            let passed_on = headers.contains_key(FORWARDED)
                || headers.keys().any(|name| name.as_str().starts_with("x-forwarded-"));
            return peer.ip().to_canonical().is_loopback() && !passed_on;
        };
        let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        // Hashes are compared, so that nothing secret is compared byte by byte.
        Sha256::digest(given) == Sha256::digest(token.reveal())
    }
}

async fn readyz(State(probes): State<Probes>) -> Response {
    let readiness = probes.readiness().await;
    if readiness == Readiness::Ready {
        return Json(json!({ "ready": true })).into_response();
    }
    let body = Json(json!({ "ready": false, "reason": readiness.as_str() }));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}

async fn figures(
    State(probes): State<Probes>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if !probes.shows_figures_to(peer, &headers) {
        return (StatusCode::FORBIDDEN, "/metrics is not for you; see metrics_token.\n")
            .into_response();
    }
    let is_ready = probes.readiness().await == Readiness::Ready;
    metrics::gauge!("liberty_ready").set(u8::from(is_ready));
    if let Ok(jobs) = app::jobs::count(&probes.0.app).await {
        metrics::gauge!("liberty_jobs_waiting").set(jobs as f64);
    }
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, probes.0.figures.render()).into_response()
}
