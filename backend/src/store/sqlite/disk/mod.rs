//! A disk that remembers in which order it was written and synced, so that its power can be cut at any moment; and one
//! that can be full.

mod full;
mod power;
mod vfs;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use fastrand::Rng;

/// A sector is written whole or not at all.
const SECTOR: usize = 512;

/// What lies in the folder: names and contents.
type Image = BTreeMap<String, Vec<u8>>;

/// A file by the order in which it was made: one that is deleted and one made after it under the same name are two.
type FileNumber = usize;

/// What was done to the disk. The folder is a thing of its own that has to be synced, as on Unix.
#[derive(Debug)]
enum Step {
    Made { name: String, file: FileNumber },
    Deleted { name: String },
    Wrote { file: FileNumber, at: usize, bytes: Vec<u8> },
    Resized { file: FileNumber, len: usize },
    Synced { file: FileNumber },
    SyncedFolder,
}

/// A folder with files.
#[derive(Debug, Default)]
struct Disk {
    /// What was on it for good when this life began; its files have the first numbers.
    before: Image,
    steps: Vec<Step>,
    names: BTreeMap<String, FileNumber>,
    files: Vec<Vec<u8>>,
    /// Bytes that still fit; `None` for as many as one likes.
    room: Option<usize>,
}

impl Disk {
    /// A disk after the power has come back.
    fn holding(before: Image) -> Self {
        let names = before.keys().cloned().zip(0..).collect();
        let files = before.values().cloned().collect();
        Self { before, names, files, ..Self::default() }
    }

    /// The file of this name, made where it is missing.
    fn open(&mut self, name: &str) -> FileNumber {
        if let Some(file) = self.names.get(name) {
            return *file;
        }
        let file = self.files.len();
        self.files.push(Vec::new());
        self.names.insert(name.to_owned(), file);
        self.steps.push(Step::Made { name: name.to_owned(), file });
        file
    }

    fn delete(&mut self, name: &str) -> bool {
        let was_there = self.names.remove(name).is_some();
        if was_there {
            self.steps.push(Step::Deleted { name: name.to_owned() });
        }
        was_there
    }

    /// Whether there was room for it.
    fn write(&mut self, file: FileNumber, at: usize, bytes: &[u8]) -> bool {
        let more = (at + bytes.len()).saturating_sub(self.files[file].len());
        match &mut self.room {
            Some(room) if *room < more => return false,
            Some(room) => *room -= more,
            None => {}
        }
        let step = Step::Wrote { file, at, bytes: bytes.to_vec() };
        apply(&step, &mut self.files[file], |_| true);
        self.steps.push(step);
        true
    }

    fn resize(&mut self, file: FileNumber, len: usize) {
        let step = Step::Resized { file, len };
        apply(&step, &mut self.files[file], |_| true);
        self.steps.push(step);
    }

    /// What is on the disk if the power goes after this many steps. What was synced is there; of the rest each write is
    /// there as a whole, in some of its sectors, or not at all.
    fn cut(&self, after: usize, dice: &mut Rng) -> Image {
        let mut files: Vec<(Vec<u8>, Vec<&Step>)> =
            self.before.values().map(|bytes| (bytes.clone(), Vec::new())).collect();
        let mut names: BTreeMap<&str, FileNumber> = self.before.keys().map(String::as_str).zip(0..).collect();
        let mut in_folder = Vec::new();
        for step in &self.steps[..after] {
            match step {
                Step::Made { .. } => {
                    files.push((Vec::new(), Vec::new()));
                    in_folder.push(step);
                }
                Step::Deleted { .. } => in_folder.push(step),
                Step::Wrote { file, .. } | Step::Resized { file, .. } => files[*file].1.push(step),
                Step::Synced { file } => {
                    let (bytes, waiting) = &mut files[*file];
                    waiting.drain(..).for_each(|step| apply(step, bytes, |_| true));
                }
                Step::SyncedFolder => in_folder.drain(..).for_each(|step| rename(step, &mut names)),
            }
        }
        // File systems keep the order of what they do to a folder.
        in_folder.truncate(dice.usize(..=in_folder.len()));
        for step in in_folder {
            rename(step, &mut names);
        }
        for (bytes, waiting) in &mut files {
            let luck = *dice.choice(&[0.0, 0.5, 0.9, 1.0]).unwrap_or(&0.5);
            for step in waiting.drain(..) {
                survive(step, bytes, luck, dice);
            }
        }
        names.into_iter().map(|(name, file)| (name.to_owned(), files[file].0.clone())).collect()
    }
}

/// Does to a folder what a step does.
fn rename<'step>(step: &'step Step, names: &mut BTreeMap<&'step str, FileNumber>) {
    match step {
        Step::Made { name, file } => drop(names.insert(name, *file)),
        Step::Deleted { name } => drop(names.remove(name.as_str())),
        _ => {}
    }
}

/// Does to a file what a step that was not synced does, with this much luck; a third of the unlucky ones are torn.
fn survive(step: &Step, bytes: &mut Vec<u8>, luck: f64, dice: &mut Rng) {
    if dice.f64() < luck {
        apply(step, bytes, |_| true);
    } else if dice.u8(..3) == 0 && matches!(step, Step::Wrote { .. }) {
        let lost: BTreeSet<usize> = (0..256).filter(|_| dice.bool()).collect();
        apply(step, bytes, |sector| !lost.contains(&(sector % 256)));
    }
}

/// Does to a file what a step does, in those of its sectors that `reach` the disk.
fn apply(step: &Step, file: &mut Vec<u8>, reach: impl Fn(usize) -> bool) {
    match step {
        Step::Wrote { at, bytes, .. } => {
            let end = at + bytes.len();
            for sector in at / SECTOR..end.div_ceil(SECTOR) {
                let (from, to) = ((sector * SECTOR).max(*at), ((sector + 1) * SECTOR).min(end));
                if reach(sector) {
                    file.resize(file.len().max(to), 0);
                    file[from..to].copy_from_slice(&bytes[from - at..to - at]);
                }
            }
        }
        Step::Resized { len, .. } => file.resize(*len, 0),
        _ => {}
    }
}
