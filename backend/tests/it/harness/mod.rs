//! A server on a free port, people who use it, and their sockets.

pub(crate) mod device;
pub(crate) mod http;
pub(crate) mod program;
pub(crate) mod socket;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use backend::app::App;
use backend::clock::{Clock as _, SystemClock};
use backend::config::Config;
use backend::listen;
use backend::store::SqliteStore;
use serde_json::json;
use shared::http::SignedIn;
use shared::id::{ConversationId, UserId};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use http::Reply;
use socket::Socket;

/// Everything that is waited for happens within this time, or the test fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);
/// What everyone signs in with.
pub(crate) const PASSWORD: &str = "correct horse";

/// A server that runs.
pub(crate) struct Server {
    pub(crate) app: Arc<App>,
    pub(crate) address: SocketAddr,
    folder: TempDir,
    running: JoinHandle<()>,
}

impl Server {
    /// With default settings, but nobody is slowed down, and nothing is checked.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(set: impl FnOnce(&mut Config)) -> Self {
        Self::on(tempfile::tempdir().unwrap(), set).await
    }

    pub(crate) async fn on(folder: TempDir, set: impl FnOnce(&mut Config)) -> Self {
        let unlimited = NonZeroU32::new(100_000).unwrap();
        let mut config = Config {
            data: folder.path().to_owned(),
            deeds_per_second: unlimited,
            deed_burst: unlimited,
            // What comes by itself would only be in the way.
            check_every: Duration::from_hours(1),
            ..Config::default()
        };
        set(&mut config);
        let store = SqliteStore::open(&config.data, SystemClock.now()).unwrap();
        let app = App::new(config, Arc::new(store)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let running =
            TaskTracker::new().spawn(listen::run(Arc::clone(&app), backend::http::router(&app), listener));
        Self { app, address, folder, running }
    }

    /// Stops as a signal would, and starts again on the same folder.
    pub(crate) async fn restart(self) -> Self {
        Self::on(self.stop().await, |_| {}).await
    }

    /// Stops as a signal would; what is left is the folder.
    pub(crate) async fn stop(self) -> TempDir {
        let Self { app, folder, running, .. } = self;
        app.stop.cancel();
        within(running).await.unwrap();
        folder
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A second connection to the database, to look behind the scenes or to damage something.
    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder().join("magpie.db")).unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        http::send(self.address, "GET", path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: serde_json::Value) -> Reply {
        http::send(self.address, "POST", path, &[], Some(body)).await
    }

    pub(crate) async fn sign_up(&self, name: &str) -> Person {
        sign_up(self.address, name).await
    }
}

/// Makes an account with a name and the usual password.
pub(crate) async fn sign_up(address: SocketAddr, name: &str) -> Person {
    let wanted = json!({ "name": name, "display": name, "password": PASSWORD });
    let reply = http::send(address, "POST", "/api/accounts", &[], Some(wanted)).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    Person::of(address, &reply)
}

/// A server with two people on it.
pub(crate) async fn two_people() -> (Server, Person, Person) {
    let server = Server::start().await;
    let (mei, lin) = (server.sign_up("mei").await, server.sign_up("林雯").await);
    (server, mei, lin)
}

/// Someone who is signed in, in a browser.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) address: SocketAddr,
    pub(crate) id: UserId,
    pub(crate) cookie: String,
}

impl Person {
    /// Who an answer signed in.
    pub(crate) fn of(address: SocketAddr, reply: &Reply) -> Self {
        let signed_in: SignedIn = reply.json();
        let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
        Self { address, id: signed_in.me.id, cookie }
    }

    /// The same person on a server at another address.
    pub(crate) fn at(&self, server: &Server) -> Self {
        Self { address: server.address, ..self.clone() }
    }

    pub(crate) async fn ask(&self, method: &str, path: &str) -> Reply {
        http::send(self.address, method, path, &[("cookie", &self.cookie)], None).await
    }

    pub(crate) async fn connect(&self) -> Socket {
        Socket::hello(self, None, &[]).await
    }
}

/// The channel that everyone is in.
pub(crate) fn lobby() -> ConversationId {
    conversation(1)
}

pub(crate) fn conversation(number: u64) -> ConversationId {
    ConversationId::try_from(number).unwrap()
}

pub(crate) fn seq(number: u64) -> shared::id::Seq {
    shared::id::Seq::try_from(number).unwrap()
}

/// Waits, but not for ever.
pub(crate) async fn within<T>(wanted: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, wanted).await.expect("it did not happen in time")
}
