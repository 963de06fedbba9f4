//! Serving: everything wired together, until the process is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use axum::Router;
use axum::serve::ListenerExt;
use clap::ValueEnum;
use domain::Channel;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use web::{Bounces, ServedChannel, Streams, Web};
use wire::Secret;
use worker::{Settings, Worker};

use crate::carriers::{self, Opened};
use crate::config::{self, Config};
use crate::house::House;
use crate::probes::Probes;
use crate::{Failure, figures, logging, system};

/// How often what is kept for a time only is looked through.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Answers requests only.
    Web,
    /// Does what is due only; it still answers /healthz, /readyz and /metrics.
    Worker,
    /// Both.
    All,
}

/// Serves until SIGTERM or SIGINT; then takes nothing more, and ends when what is under way has,
/// or its time is over.
pub(crate) async fn serve(config: &Config, role: Role) -> Result<(), Failure> {
    let listed = carriers::listed(config);
    // Refused before anything is begun, whoever is to use them.
    for carrier in &listed {
        carriers::checked(carrier)?;
    }
    config.webhooks.poster()?;
    logging::begin(&config.log);
    let figures =
        figures::begin().map_err(|error| Failure::run("metrics cannot be kept", error))?;
    let house = House::open(config).await?;
    house.require_tables().await?;
    let audio = house.audio(config)?;
    let served: Vec<ServedChannel> = listed.iter().flat_map(served).collect();
    let sends_mail = served.iter().any(|it| it.channel == Channel::Email);

    let mut streams = None;
    let mut router =
        Probes::new(house.app.clone(), audio.clone(), figures, config.metrics_token.clone())
            .router();
    if role != Role::Worker {
        let settings = settings(config, &house).await?;
        let mut doors = Web::new(house.app.clone(), audio.clone(), settings);
        doors.served = Arc::new(served);
        doors.callbacks = Arc::new(config.callbacks());
        doors.hook_guard = Arc::new(config.webhooks.guard()?);
        doors.bounces = bounces(config, &listed).map(Arc::new);
        streams = Some(doors.streams.clone());
        router = router.merge(crate::doors::router(doors));
    }
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| Failure::Run(format!("Cannot listen on {}: {error}.", config.listen)))?;
    let mut background = JoinSet::new();
    background.spawn(house.clock.clone().keep(house.db.clone()));
    let (mut worker, mut running) = (None, None);
    if role != Role::Web {
        let (carriers, open) = Opened::begin(config, &listed)?.run(&house.app);
        let drain_ms = u64::try_from(config.drain().as_millis()).unwrap_or(u64::MAX);
        let settings = Settings { concurrency: config.worker.concurrency, drain_ms };
        let poster = config.webhooks.poster()?;
        let new = Worker::new(house.app.clone(), audio, carriers, settings);
        worker = Some(new.posting(poster));
        running = Some(open);
        background.spawn(upkeep(house.app.clone()));
    }
    let listen = listener.local_addr().unwrap_or(config.listen);
    tracing::info!(
        %listen,
        role = ?role,
        version = env!("CARGO_PKG_VERSION"),
        mail = if sends_mail { "smtp" } else { "captured" },
        carriers = listed.len(),
        "serving"
    );
    until_stopped(config, listener, router, worker.clone(), streams).await?;
    background.shutdown().await;
    if let Some(running) = running {
        running.close().await;
    }
    // Trunks and what they still say end with the worker's carriers, and not before.
    drop(worker);
    // What still holds a connection has been cut off; nothing waits for it.
    let _ = timeout(config.drain(), house.db.close()).await;
    tracing::info!("stopped");
    Ok(())
}

/// What a carrier serves.
fn served(carrier: &config::Carrier) -> impl Iterator<Item = ServedChannel> {
    let tenants = carrier.tenants.clone();
    let of = move |channel| ServedChannel { channel, tenants: tenants.clone() };
    carrier.channels().into_iter().map(of)
}

/// Where mail that came back is handed in, if the operator has set a token for that.
fn bounces(config: &Config, listed: &[config::Carrier]) -> Option<Bounces> {
    let token = config.bounces_token.as_ref()?;
    let by_mail = |carrier: &&config::Carrier| carrier.channels().contains(&Channel::Email);
    let carriers = listed.iter().filter(by_mail).map(|carrier| carrier.name.clone()).collect();
    Some(Bounces { carriers, token: Secret::new(token.reveal()) })
}

/// Forgets what is kept for a time only, again and again, until it is aborted.
async fn upkeep(app: App) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = app::upkeep::sweep(&app).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "what is over was not forgotten");
        }
    }
}

/// How the doors are reached. Where no default tenant is set, it is the oldest.
async fn settings(config: &Config, house: &House) -> Result<web::Settings, Failure> {
    let mut default_tenant = config.default_tenant.clone();
    if default_tenant.is_none() {
        let tenants = app::tenants::list(&house.app).await?;
        default_tenant = tenants.first().map(|tenant| tenant.subdomain.clone());
        if default_tenant.is_none() {
            tracing::warn!("there is no tenant yet: liberty tenant create, then start again");
        }
    }
    Ok(web::Settings {
        base_domain: config.base_domain.clone(),
        default_tenant,
        is_https: config.https,
        trusted_proxies: config.trusted_proxies.clone(),
    })
}

async fn until_stopped(
    config: &Config,
    listener: TcpListener,
    router: Router,
    worker: Option<Worker>,
    streams: Option<Streams>,
) -> Result<(), Failure> {
    let (stop, stopped) = watch::channel(false);
    let mut requests = tokio::spawn({
        let stopped = wait(stopped.clone());
        // Without delay: an answer is written whole, and waiting for more only makes it late.
        let listener = listener.tap_io(|stream| {
            if stream.set_nodelay(true).is_err() {
                tracing::debug!("a connection was gone before it began");
            }
        });
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        async move { axum::serve(listener, service).with_graceful_shutdown(stopped).await }
    });
    let mut jobs = tokio::spawn({
        let stopped = wait(stopped);
        async move {
            match worker {
                Some(worker) => worker.run(stopped).await,
                None => stopped.await,
            }
        }
    });
    tokio::select! {
        signal = system::told_to_stop() => {
            let signal = signal.map_err(|error| Failure::run("no signals", error))?;
            tracing::info!(signal, "stopping");
        }
        ended = &mut requests => {
            let why = format!("{ended:?}");
            return Err(Failure::Run(format!("The server ended by itself: {why}.")));
        }
        _ = &mut jobs => {
            return Err(Failure::Run("The worker ended by itself.".to_owned()));
        }
    }
    stop.send_replace(true);
    // What the console shows goes on for ever, so it has to be told.
    if let Some(streams) = streams {
        streams.close();
    }
    let drained = timeout(config.drain(), async { tokio::join!(&mut requests, &mut jobs) }).await;
    if drained.is_err() {
        tracing::warn!("what was still under way was cut off");
        requests.abort();
        jobs.abort();
    }
    Ok(())
}

async fn wait(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop too.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
