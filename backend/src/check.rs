//! `magpie check`: says whether the database in the data folder can be trusted.

use std::io::Write;
use std::path::Path;

use crate::store::{self, CheckError, Checked};

/// How a check ended; also the code that the program ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Verdict {
    /// There is no fault.
    Sound = 0,
    /// There is one.
    Faulty = 1,
    /// The database could not be looked at.
    Unknown = 2,
}

/// Checks the database in this folder; says on `out` what was found, on `err` why nothing could be.
pub fn run(folder: &Path, out: &mut impl Write, err: &mut impl Write) -> std::io::Result<Verdict> {
    match store::check(folder) {
        Ok(checked) => {
            writeln!(out, "{}", in_words(checked))?;
            Ok(Verdict::Sound)
        }
        Err(CheckError::Fault(fault)) => {
            writeln!(out, "fault: {fault}")?;
            Ok(Verdict::Faulty)
        }
        Err(error) => {
            writeln!(err, "magpie: {error}")?;
            Ok(Verdict::Unknown)
        }
    }
}

fn in_words(checked: Checked) -> String {
    let Checked { conversations, changes, deeds, people, in_use } = checked;
    let moment = if in_use { "; a server is running on it, this is how it was a moment ago" } else { "" };
    format!(
        "checked {conversations} conversations, {changes} changes, {deeds} deeds, {people} people: no fault{moment}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_database_is_not_called_sound() {
        let folder = tempfile::tempdir().unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        assert_eq!(run(folder.path(), &mut out, &mut err).unwrap(), Verdict::Unknown);
        let said = String::from_utf8(err).unwrap();
        assert!(said.starts_with("magpie: there is no database") && said.contains("--data"), "{said}");
        assert!(out.is_empty());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it made something");
    }
}
