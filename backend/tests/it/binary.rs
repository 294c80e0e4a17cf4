//! The program as one starts it: what it says when it cannot, and that it ends when asked.

use std::net::TcpListener;
use std::path::Path;

use crate::harness::program::{fails, magpie, starts};
use crate::harness::{http, sign_up, within};

fn one_sentence(said: &str, parts: &[&str]) {
    assert_eq!(said.lines().count(), 1, "{said}");
    for part in parts {
        assert!(said.contains(part), "{said:?} lacks {part:?}");
    }
}

#[tokio::test]
async fn a_taken_port_is_named_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_magpie"));
    command
        .env_clear()
        .env("MAGPIE_DATA", folder.path())
        .env("MAGPIE_LISTEN", &address)
        .env("MAGPIE_LOG", "off");
    let (code, said) = fails(&mut command).await;
    assert_eq!(code, Some(1));
    one_sentence(&said, &[&address, "--listen"]);
}

#[tokio::test]
async fn a_folder_held_by_another_server_is_named_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let (_running, _) = starts(&mut magpie(folder.path())).await;
    let (code, said) = fails(&mut magpie(folder.path())).await;
    assert_eq!(code, Some(1));
    one_sentence(&said, &[folder.path().to_str().unwrap(), "another running Magpie", "--data"]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (code, said) = fails(&mut magpie(&file)).await;
    assert_eq!(code, Some(1));
    one_sentence(&said, &[file.to_str().unwrap(), "--data"]);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("magpie.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 9_999).unwrap();
    let (code, said) = fails(&mut magpie(folder.path())).await;
    assert_eq!(code, Some(1));
    one_sentence(&said, &["magpie.db", "newer version"]);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("magpie.db"),
        "not a database, but long enough to look at: ".repeat(40),
    )
    .unwrap();
    let (code, said) = fails(&mut magpie(folder.path())).await;
    assert_eq!(code, Some(1));
    one_sentence(&said, &["magpie.db", "backup"]);
}

#[tokio::test]
async fn settings_that_are_wrong_are_named_with_the_nearest_right_one() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("magpie.toml");
    std::fs::write(&settings, "registation = \"open\"\n").unwrap();
    let (code, said) = fails(magpie(folder.path()).arg("--config").arg(&settings)).await;
    assert_eq!(code, Some(1));
    one_sentence(&said, &["registation", settings.to_str().unwrap(), "did you mean registration?"]);
    let (code, said) = fails(magpie(folder.path()).env("MAGPIE_ORIGIN", "x")).await;
    assert_eq!(code, Some(1));
    one_sentence(&said, &["MAGPIE_ORIGIN ", "did you mean MAGPIE_ORIGINS?"]);
    let (code, said) = fails(magpie(folder.path()).arg("--registration=maybe")).await;
    assert_eq!(code, Some(1));
    one_sentence(&said, &["--registration", "open, invitation or closed"]);
    let (code, _) = fails(magpie(folder.path()).arg("--nonsense")).await;
    assert_eq!(code, Some(2));
}

#[tokio::test]
async fn a_check_finds_no_fault_in_a_running_server_and_names_the_first_of_a_damaged_one() {
    let folder = tempfile::tempdir().unwrap();
    let check = |folder: &Path| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_magpie"));
        command.env_clear().arg("check").arg("--data").arg(folder);
        command
    };
    let (mut child, address) = starts(&mut magpie(folder.path())).await;
    sign_up(address, "mei").await;
    let output = within(check(folder.path()).output()).await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    one_sentence(&said, &["1 conversations, 1 changes, 0 deeds, 1 people: no fault", "a server is running"]);
    assert_eq!(output.status.code(), Some(0));

    child.kill().await.unwrap();
    let database = rusqlite::Connection::open(folder.path().join("magpie.db")).unwrap();
    database.execute("UPDATE conversations SET head = 2", []).unwrap();
    drop(database);
    let output = within(check(folder.path()).output()).await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    one_sentence(&said, &["fault: the head of conversation 1 is 2, but its log ends at 1"]);
    assert_eq!(output.status.code(), Some(1));

    let (code, said) = fails(&mut check(&folder.path().join("nowhere"))).await;
    assert_eq!(code, Some(2));
    one_sentence(&said, &["there is no database", "--data"]);
}

#[cfg(unix)]
#[tokio::test]
async fn it_says_where_it_is_and_ends_in_peace_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, address) = starts(&mut magpie(folder.path())).await;
    assert_eq!(http::send(address, "GET", "/health", &[], None).await.status, 200);
    let process = child.id().unwrap().to_string();
    let asked = tokio::process::Command::new("kill").args(["-TERM", &process]).status().await.unwrap();
    assert!(asked.success());
    assert_eq!(within(child.wait()).await.unwrap().code(), Some(0));
}
