//! Coming back: with cursors, after a hole, after a restart.

use shared::frame::{ClientFrame, ServerFrame};
use shared::id::{Epoch, Seq};
use uuid::Uuid;

use crate::harness::socket::Socket;
use crate::harness::{Server, lobby, seq, two_people};

#[tokio::test]
async fn a_cursor_gets_exactly_what_was_missed() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let head = hers.list[0].head;
    for number in 0..300 {
        hers.say(lobby(), &number.to_string()).await;
    }
    let mut his = Socket::hello(&lin, hers.epoch, &[(lobby(), seq(head.get() + 100))]).await;
    assert_eq!(his.list[0].since, seq(head.get() + 100));
    hers.say(lobby(), "live").await;
    for place in head.get() + 101..=head.get() + 301 {
        assert_eq!(his.change(lobby()).await.seq, seq(place));
    }
    assert!(his.so_far().await.is_empty());
}

#[tokio::test]
async fn a_cursor_that_means_nothing_here_starts_at_the_head() {
    let (_server, mei, _) = two_people().await;
    let mut hers = mei.connect().await;
    for number in 0..1_001 {
        hers.say(lobby(), &number.to_string()).await;
    }
    let head = hers.page(lobby(), None, 1).await.1;
    let check = async |epoch: Option<Epoch>, cursor: Seq| {
        let socket = Socket::hello(&mei, epoch, &[(lobby(), cursor)]).await;
        assert_eq!(socket.list[0].since, head, "for {cursor} of {epoch:?}");
        assert_eq!(socket.epoch, hers.epoch);
    };
    check(Some(Epoch(Uuid::nil())), seq(1_000)).await;
    check(None, seq(1_000)).await;
    check(hers.epoch, seq(2)).await;
    check(hers.epoch, seq(head.get() + 1)).await;
}

#[tokio::test]
async fn whoever_sees_a_hole_asks_and_gets_everything_after_it_once_more() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let first = hers.say(lobby(), "0").await;
    for number in 1..20 {
        hers.say(lobby(), &number.to_string()).await;
    }
    his.sees(lobby(), "19").await;
    his.so_far().await;
    his.send(&ClientFrame::CatchUp { conversation: lobby(), after: first }).await;
    for number in 1..20 {
        assert_eq!(his.change(lobby()).await.seq, seq(first.get() + number));
    }
}

#[tokio::test]
async fn a_second_hole_right_after_the_first_is_mended_too() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let first = hers.say(lobby(), "0").await;
    for number in 1..20 {
        hers.say(lobby(), &number.to_string()).await;
    }
    his.sees(lobby(), "19").await;
    his.so_far().await;
    let last = seq(first.get() + 19);
    for after in [seq(first.get() + 15), seq(first.get() + 10), first] {
        his.send(&ClientFrame::CatchUp { conversation: lobby(), after }).await;
        if after > seq(first.get() + 10) {
            while his.change(lobby()).await.seq != last {}
        }
    }
    // Within the second: both wait, and the lower one says from where.
    for place in first.get() + 1..=last.get() {
        assert_eq!(his.change(lobby()).await.seq, seq(place));
    }
}

#[tokio::test]
async fn a_restart_keeps_everything_and_the_epoch_and_says_come_back() {
    let (server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let said = hers.say(lobby(), "before").await;
    let epoch = hers.epoch;
    let idle = lin.connect().await;
    let server = server.restart().await;
    assert_eq!(idle.closed().await, Some(1012));
    let (mei, lin) = (mei.at(&server), lin.at(&server));
    let mut his = Socket::hello(&lin, epoch, &[(lobby(), seq(said.get() - 1))]).await;
    assert_eq!(his.epoch, epoch);
    assert_eq!(his.sees(lobby(), "before").await.seq, said);
    assert_eq!(mei.connect().await.say(lobby(), "after").await, seq(said.get() + 1));
    his.sees(lobby(), "after").await;
}

/// A copy of all files in a folder, as a backup makes it.
#[cfg(unix)]
fn copy(folder: &std::path::Path) -> tempfile::TempDir {
    let backup = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), backup.path().join(file.file_name())).unwrap();
    }
    backup
}

#[cfg(unix)]
#[tokio::test]
async fn a_restored_backup_has_an_epoch_of_its_own_so_that_nobody_goes_on_from_what_it_never_had() {
    let (server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    hers.say(lobby(), "in the backup").await;
    let epoch = hers.epoch;
    let folder = server.stop().await;
    let restored = Server::on(copy(folder.path()), |_| {}).await;
    let mut elsewhere = mei.at(&restored).connect().await;
    assert_ne!(elsewhere.epoch, epoch);
    let head = elsewhere.say(lobby(), "at a place that had another message").await;
    let his = Socket::hello(&lin.at(&restored), epoch, &[(lobby(), seq(head.get() - 1))]).await;
    assert_eq!(his.list[0].since, head, "a cursor of before does not count");
    let own = elsewhere.epoch;
    let restored = restored.restart().await;
    assert_eq!(mei.at(&restored).connect().await.epoch, own, "it is a copy only once");
    let moved = tempfile::tempdir().unwrap();
    std::fs::rename(folder.path(), moved.path()).unwrap();
    let server = Server::on(moved, |_| {}).await;
    assert_eq!(mei.at(&server).connect().await.epoch, epoch, "a moved folder is no copy");
}

#[tokio::test]
async fn a_backup_that_is_written_over_the_database_has_an_epoch_of_its_own_too() {
    let (server, mei, _) = two_people().await;
    let mut hers = mei.connect().await;
    hers.say(lobby(), "in the backup").await;
    let folder = server.stop().await;
    let file = folder.path().join("magpie.db");
    let backup = std::fs::read(&file).unwrap();
    let server = Server::on(folder, |_| {}).await;
    let mut hers = mei.at(&server).connect().await;
    hers.say(lobby(), "lost").await;
    let epoch = hers.epoch;
    let folder = server.stop().await;
    // It is the same file still, as the system sees it.
    std::fs::write(&file, backup).unwrap();
    let server = Server::on(folder, |_| {}).await;
    let own = mei.at(&server).connect().await.epoch;
    assert_ne!(own, epoch);
    let server = server.restart().await;
    assert_eq!(mei.at(&server).connect().await.epoch, own, "it is older only once");
}

#[tokio::test]
async fn events_that_come_out_of_order_or_not_at_all_leave_no_hole() {
    use backend::bus::Event;
    let (server, mei, lin) = two_people().await;
    let mut his = lin.connect().await;
    let head = his.list[0].head;
    // Stored past the actions, so that the bus is told late, in the wrong order, and not of all.
    let mut changes = Vec::new();
    for number in 0..6 {
        let new = backend::store::NewChange {
            author: mei.id,
            client_id: crate::harness::socket::new_id(),
            at: server.app.clock.now(),
        };
        let body = shared::text::Body::try_from(number.to_string()).unwrap().into();
        changes.push(server.app.store.post(new, lobby(), body).await.unwrap().change.unwrap());
    }
    for place in [1, 0, 5, 3] {
        server.app.bus.publish(Event::Changed(changes[place].clone())).await;
    }
    for place in 1..=6 {
        assert_eq!(his.change(lobby()).await.seq, seq(head.get() + place));
    }
    assert!(his.so_far().await.iter().all(|frame| !matches!(frame, ServerFrame::Changed { .. })));
}
