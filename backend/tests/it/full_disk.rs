//! The real program on a disk that is full: it refuses with a code, goes on reading, and goes on writing once there is
//! room again. The disk is a small tmpfs of the program's own. Where there is no right to mount one, the same story is
//! told of the store alone, on a disk in memory (`store::sqlite::disk::full`), as it is everywhere.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use shared::code::Code;
use shared::frame::{ClientFrame, Deed, ServerFrame};
use shared::id::{ClientId, Seq};
use tokio::process::{Child, Command};

use crate::harness::program::{magpie, starts};
use crate::harness::socket::{Socket, new_id};
use crate::harness::{PASSWORD, http, lobby, sign_up};

/// Bytes of the disk. SQLite's index of the log takes 32 KiB of them, some messages the rest.
const SIZE: usize = 4 * 1024 * 1024;
/// Bytes that something else takes up, until it is deleted.
const BALLAST: usize = 2 * 1024 * 1024;

/// A program with a disk of its own, which goes when it goes.
struct Magpie {
    child: Child,
    address: SocketAddr,
    /// The disk as it is seen from outside.
    disk: PathBuf,
}

/// Ways to a mount that nobody else sees: as root, and as somebody who may be root in a world of their own.
const WAYS: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
const MOUNT: &str = r#"mount -t tmpfs -o "size=$1" magpie "$2" && shift 2 && exec "$@""#;

/// `None` where nobody may mount anything.
async fn on_a_small_disk(place: &Path) -> Option<Magpie> {
    let wrap = |way: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(way).args(["sh", "-c", MOUNT, "sh", &SIZE.to_string()]).arg(place).kill_on_drop(true);
        command
    };
    for way in WAYS {
        let tried = wrap(way).arg("true").output().await;
        if tried.is_ok_and(|output| output.status.success()) {
            let program = magpie(&place.join("data"));
            let program = program.as_std();
            let mut command = wrap(way);
            command.arg(program.get_program()).args(program.get_args());
            command.args(["--deeds-per-second", "100000", "--deed-burst", "100000"]);
            let (child, address) = starts(&mut command).await;
            let disk = format!("/proc/{}/root{}", child.id().unwrap(), place.display());
            return Some(Magpie { child, address, disk: disk.into() });
        }
    }
    None
}

/// Sends a long message: its place, or the code of the refusal and when to try again.
async fn say(socket: &mut Socket, id: ClientId) -> Result<Seq, (Code, Option<u32>)> {
    let deed = Deed::post(lobby(), "满".repeat(3_000).try_into().unwrap());
    socket.send(&ClientFrame::Do { client_id: id, deed }).await;
    socket
        .wait_for(|frame| match frame {
            ServerFrame::Done { client_id, seq, .. } if *client_id == id => Some(Ok(*seq)),
            ServerFrame::Refused { client_id: Some(refused), code, retry_after, .. } if *refused == id => {
                Some(Err((*code, *retry_after)))
            }
            _ => None,
        })
        .await
}

/// Every deed in the Lobby, in the order of its log.
async fn all(socket: &mut Socket) -> Vec<Option<ClientId>> {
    let (mut log, mut before) = (Vec::new(), None);
    loop {
        let (from, _, entries) = socket.page(lobby(), before, 100).await;
        log.splice(0..0, entries.into_iter().map(|entry| entry.client_id));
        if from == Seq::ZERO.next() {
            return log;
        }
        before = Some(from);
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_recovers_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut magpie) = on_a_small_disk(folder.path()).await else {
        eprintln!("SKIPPED on a tmpfs: there is no right to mount one here");
        return;
    };
    let ballast = magpie.disk.join("ballast");
    std::fs::write(&ballast, vec![0; BALLAST]).unwrap();
    let mei = sign_up(magpie.address, "mei").await;
    let mut socket = mei.connect().await;
    // The first entry is of her coming in.
    let mut log = vec![None];
    let (refused, (code, retry_after)) = loop {
        let id = new_id();
        match say(&mut socket, id).await {
            Ok(seq) => {
                log.push(Some(id));
                assert_eq!(seq.get(), log.len() as u64);
            }
            Err(refusal) => break (id, refusal),
        }
    };
    assert_eq!(code, Code::StorageFull);
    assert!(retry_after.is_some_and(|millis| millis > 0));
    assert!(log.len() > 20, "it was full from the beginning");

    for _ in 0..20 {
        assert!(matches!(say(&mut socket, refused).await, Err((Code::StorageFull, Some(_)))));
    }
    assert_eq!(all(&mut socket).await, log, "what was answered can be read, and nothing else is there");
    assert_eq!(http::send(magpie.address, "GET", "/health", &[], None).await.status, 200);
    // A row of an account may find a gap that a message does not: then it is made, and otherwise nothing is.
    let wanted = serde_json::json!({ "name": "lin", "display": "林", "password": PASSWORD });
    let reply = http::send(magpie.address, "POST", "/api/accounts", &[], Some(wanted.clone())).await;
    let came_in = reply.status == 201;
    if came_in {
        log.push(None);
    } else {
        assert_eq!(reply.refusal(), (507, "storage_full".to_owned()));
    }

    std::fs::remove_file(ballast).unwrap();
    let seq = say(&mut socket, refused).await.unwrap();
    log.push(Some(refused));
    assert_eq!(seq.get(), log.len() as u64);
    assert_eq!(say(&mut socket, refused).await, Ok(seq));
    if !came_in {
        let reply = http::send(magpie.address, "POST", "/api/accounts", &[], Some(wanted)).await;
        assert_eq!(reply.status, 201, "the name was taken though nobody came in");
        log.push(None);
    }
    assert_eq!(all(&mut socket).await, log);
    assert!(magpie.child.try_wait().unwrap().is_none(), "it was not the same program all along");
    // Nobody writes now. A copy, for SQLite would not find the files under the path that leads into the other's world.
    let copy = tempfile::tempdir().unwrap();
    for file in ["magpie.db", "magpie.db-wal"] {
        std::fs::copy(magpie.disk.join("data").join(file), copy.path().join(file)).unwrap();
    }
    assert_eq!(backend::store::check(copy.path()).unwrap().changes, log.len() as u64);
}
