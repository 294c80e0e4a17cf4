//! How many connections the system has files for.

/// Files that are open beside the connections: the database, the lock, the client's, the runtime's own.
const OTHERS: usize = 64;

/// As many connections as were set, or as many as there can be once the system's limit is raised as far as it goes.
pub fn connections(wanted: usize) -> usize {
    let Some(files) = raise() else { return wanted };
    let possible = possible(wanted, files);
    if possible < wanted {
        tracing::warn!(
            files,
            "the system lets Magpie open {files} files, so there can be {possible} connections at once, not {wanted}"
        );
    }
    possible
}

fn possible(wanted: usize, files: u64) -> usize {
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    wanted.min(files.saturating_sub(OTHERS).max(1))
}

/// Sockets are no files elsewhere.
fn raise() -> Option<u64> {
    if !cfg!(unix) {
        return None;
    }
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) => Some(files),
        Err(error) => {
            tracing::warn!(%error, "cannot raise the limit on open files: {error}");
            rlimit::getrlimit(rlimit::Resource::NOFILE).ok().map(|(soft, _)| soft)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_no_more_connections_than_files_for_them() {
        assert_eq!(possible(20_000, 1_048_576), 20_000);
        assert_eq!(possible(20_000, 1_024), 960);
        assert_eq!(possible(20_000, u64::MAX), 20_000);
        assert_eq!(possible(20_000, 10), 1);
    }
}
