//! The data folder: made for this user alone, locked, and what tells its database file from a copy.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::OpenError;

/// Makes the folder where it is missing and locks it for this process.
pub(super) fn lock(folder: &Path) -> Result<File, OpenError> {
    let refused = |cause| OpenError::Folder { path: folder.to_owned(), cause };
    make(folder).map_err(refused)?;
    let file = make_file(&folder.join("lock")).map_err(refused)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(folder.to_owned())),
        Err(TryLockError::Error(cause)) => Err(refused(cause)),
    }
}

/// Makes a file where it is missing, for this user alone. What SQLite puts beside a database gets the rights of that.
pub(super) fn make_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// What no copy of the file shares with it, as far as the system tells. A moved file keeps it.
///
/// The number of a file that was deleted is soon given to another one, so the time of its making belongs to it.
#[cfg(unix)]
pub(super) fn identity(path: &Path) -> std::io::Result<Option<String>> {
    use std::os::unix::fs::MetadataExt as _;
    let file = std::fs::metadata(path)?;
    let made = file.created().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    Ok(Some(format!("{}:{}:{}", file.dev(), file.ino(), made.map_or(0, |made| made.as_nanos()))))
}

/// Elsewhere there is no such thing.
#[cfg(not(unix))]
pub(super) fn identity(_: &Path) -> std::io::Result<Option<String>> {
    Ok(None)
}

fn make(folder: &Path) -> std::io::Result<()> {
    let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let made: Vec<&Path> = folder.ancestors().take_while(missing).collect();
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    made.into_iter().filter_map(Path::parent).for_each(sync);
    Ok(())
}

/// A power cut could lose a new folder with all that was synced inside: SQLite syncs only the one that its files are in.
fn sync(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // Who may not read a folder cannot sync it; that is no reason not to serve.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use shared::id::Timestamp;

    use super::*;
    use crate::store::SqliteStore;

    fn mode(path: &Path) -> Option<u32> {
        Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o7777)
    }

    #[test]
    fn nobody_else_can_look_into_the_files_and_a_folder_of_somebody_elses_stays_as_it_is() {
        let above = tempfile::tempdir().unwrap();
        let check = |folder: &Path, expected: u32| {
            let _store = SqliteStore::open(folder, Timestamp(1)).unwrap();
            assert_eq!(mode(folder), Some(expected));
            for file in ["magpie.db", "magpie.db-wal", "magpie.db-shm", "lock"] {
                assert_eq!(mode(&folder.join(file)), Some(0o600), "{file}");
            }
        };
        check(&above.path().join("made/by the server"), 0o700);
        let open = above.path().join("open to all");
        std::fs::create_dir(&open).unwrap();
        std::fs::set_permissions(&open, PermissionsExt::from_mode(0o755)).unwrap();
        check(&open, 0o755);
    }
}
