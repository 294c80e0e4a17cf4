//! From settings to a running server, and what to say when that fails.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::app::App;
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Config, ConfigError};
use crate::http;
use crate::limits;
use crate::listen;
#[cfg(feature = "metrics")]
use crate::meter::Page;
use crate::store::{OpenError, SqliteStore, StoreError};

/// Why the server does not start. Each is one sentence that names the thing and the way out.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Somebody else listens there.
    #[error("another program already listens on {0}; stop it, or choose another address with {1}")]
    Taken(SocketAddr, &'static str),
    /// Listening is not possible there.
    #[error("cannot listen on {address}: {cause}; choose another address with {setting}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Which setting names it.
        setting: &'static str,
        /// What the system said.
        cause: io::Error,
    },
    /// The database was opened but does not answer.
    #[error("cannot read the database: {0}; restore a backup, or name another folder with --data")]
    Store(#[from] StoreError),
    /// The system gives no threads or signals.
    #[error("the system does not give what a server needs: {0}; look at its limits on processes and files")]
    System(#[from] io::Error),
}

/// Serves until a signal says stop; calls `ready` with the address once people can come.
pub async fn serve(mut config: Config, ready: impl FnOnce(SocketAddr)) -> Result<(), StartError> {
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.map_err(|cause| no_place(config.listen, "--listen", cause))?;
    let address = listener.local_addr()?;
    #[cfg(feature = "metrics")]
    let page = page(&config).await?;
    let store = SqliteStore::open(&config.data, SystemClock.now())?;
    config.connections = limits::connections(config.connections);
    let app = App::new(config, Arc::new(store)).await?;
    #[cfg(feature = "metrics")]
    if let Some(page) = page {
        app.tasks.spawn(page.run(Arc::clone(&app)));
    }
    let stop = app.stop.clone();
    let signal = signal()?;
    app.tasks.spawn(async move {
        signal.await;
        tracing::info!("asked to stop");
        stop.cancel();
    });
    tracing::info!(%address, "listening on {address}");
    ready(address);
    let router = http::router(&app);
    listen::run(app, router, listener).await;
    tracing::info!("stopped");
    Ok(())
}

fn no_place(address: SocketAddr, setting: &'static str, cause: io::Error) -> StartError {
    match cause.kind() {
        io::ErrorKind::AddrInUse => StartError::Taken(address, setting),
        _ => StartError::Listen { address, setting, cause },
    }
}

/// The page of counts, if one is wanted: opened before anything happens that would be counted.
#[cfg(feature = "metrics")]
async fn page(config: &Config) -> Result<Option<Page>, StartError> {
    let Some(address) = config.metrics else { return Ok(None) };
    let page = Page::open(address).await.map_err(|cause| no_place(address, "--metrics", cause))?;
    let address = page.address()?;
    tracing::info!(%address, "counts are at http://{address}/metrics");
    Ok(Some(page))
}

/// Comes to its end with the first SIGINT or SIGTERM.
#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Comes to its end with the first Ctrl-C.
#[cfg(not(unix))]
fn signal() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
