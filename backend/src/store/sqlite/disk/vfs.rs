//! The disk under SQLite.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Result};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};
use sqlite_vfs::wip::{WalIndex, WalIndexLock};
use sqlite_vfs::{DatabaseHandle, LockKind, OpenAccess, OpenKind, OpenOptions, Vfs};

use super::{Disk, FileNumber, Step};

/// The bytes of one part of the index of a log, which connections share.
type Region = [u8; 32768];

/// A disk that is in a computer: what connections share while it runs is lost with the power.
#[derive(Default)]
pub(super) struct Running {
    pub(super) disk: Disk,
    connections: u64,
    locks: BTreeMap<(FileNumber, u64), LockKind>,
    regions: BTreeMap<u32, Box<Region>>,
    region_locks: BTreeMap<(u8, u64), WalIndexLock>,
}

pub(super) type Shared = Arc<Mutex<Running>>;

static DISKS: Mutex<BTreeMap<String, Shared>> = Mutex::new(BTreeMap::new());

/// Puts a disk in the place of this folder, for connections by [`connect`].
pub(super) fn mount(folder: &Path, disk: Disk) -> Shared {
    static REGISTERED: OnceLock<()> = OnceLock::new();
    REGISTERED.get_or_init(|| sqlite_vfs::register("disk", Disks, false).unwrap());
    let running = Arc::new(Mutex::new(Running { disk, ..Running::default() }));
    DISKS.lock().insert(folder.to_str().unwrap().to_owned(), Arc::clone(&running));
    running
}

/// A connection to a database on a disk that was mounted.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags_and_vfs(path, OpenFlags::default(), c"disk")
}

/// The disk of a path, and the name on it.
fn find(path: &str) -> Result<(Shared, &str)> {
    let (folder, name) = path.rsplit_once('/').ok_or(ErrorKind::NotFound)?;
    let disk = DISKS.lock().get(folder).cloned().ok_or(ErrorKind::NotFound)?;
    Ok((disk, name))
}

struct Disks;

impl Vfs for Disks {
    type Handle = Handle;

    fn open(&self, path: &str, options: OpenOptions) -> Result<Handle> {
        let (running, name) = find(path)?;
        let mut inside = running.lock();
        let may_make = matches!(options.access, OpenAccess::Create | OpenAccess::CreateNew);
        if !may_make && !inside.disk.names.contains_key(name) {
            return Err(ErrorKind::NotFound.into());
        }
        let file = inside.disk.open(name);
        inside.connections += 1;
        let number = inside.connections;
        drop(inside);
        // As SQLite does it on Unix: with the first sync of a journal the folder is synced, too.
        let syncs_folder = may_make && matches!(options.kind, OpenKind::Wal | OpenKind::MainJournal);
        Ok(Handle { running, file, number, syncs_folder })
    }

    fn delete(&self, path: &str) -> Result<()> {
        let (running, name) = find(path)?;
        let deleted = running.lock().disk.delete(name);
        if deleted { Ok(()) } else { Err(ErrorKind::NotFound.into()) }
    }

    fn exists(&self, path: &str) -> Result<bool> {
        let (running, name) = find(path)?;
        Ok(running.lock().disk.names.contains_key(name))
    }

    fn temporary_name(&self) -> String {
        // Nothing we ask of SQLite needs a temporary file; it has no disk.
        String::new()
    }

    fn random(&self, buffer: &mut [i8]) {
        buffer.fill_with(|| fastrand::i8(..));
    }

    fn sleep(&self, duration: Duration) -> Duration {
        std::thread::yield_now();
        duration
    }
}

/// An open file.
struct Handle {
    running: Shared,
    file: FileNumber,
    number: u64,
    syncs_folder: bool,
}

impl DatabaseHandle for Handle {
    type WalIndex = Index;

    fn size(&self) -> Result<u64> {
        Ok(self.running.lock().disk.files[self.file].len() as u64)
    }

    fn read_exact_at(&mut self, buffer: &mut [u8], at: u64) -> Result<()> {
        let inside = self.running.lock();
        let rest = inside.disk.files[self.file].get(place(at)?..).unwrap_or_default();
        let there = rest.len().min(buffer.len());
        buffer[..there].copy_from_slice(&rest[..there]);
        buffer[there..].fill(0);
        if there == buffer.len() { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
    }

    fn write_all_at(&mut self, bytes: &[u8], at: u64) -> Result<()> {
        let written = self.running.lock().disk.write(self.file, place(at)?, bytes);
        // What SQLite is told is that the disk is full.
        if written { Ok(()) } else { Err(ErrorKind::WriteZero.into()) }
    }

    fn sync(&mut self, _data_only: bool) -> Result<()> {
        let steps = &mut self.running.lock().disk.steps;
        steps.push(Step::Synced { file: self.file });
        if std::mem::take(&mut self.syncs_folder) {
            steps.push(Step::SyncedFolder);
        }
        Ok(())
    }

    fn set_len(&mut self, len: u64) -> Result<()> {
        self.running.lock().disk.resize(self.file, place(len)?);
        Ok(())
    }

    fn lock(&mut self, wanted: LockKind) -> Result<bool> {
        let mut inside = self.running.lock();
        let others =
            inside.locks.iter().filter(|((file, number), _)| *file == self.file && *number != self.number);
        let strongest = others.map(|(_, kind)| *kind).max_by(|one, other| one.partial_cmp(other).unwrap());
        let strongest = strongest.unwrap_or(LockKind::None);
        let free = match wanted {
            LockKind::None => true,
            LockKind::Shared => strongest < LockKind::Pending,
            LockKind::Reserved | LockKind::Pending => strongest < LockKind::Reserved,
            LockKind::Exclusive => strongest == LockKind::None,
        };
        if free {
            inside.locks.insert((self.file, self.number), wanted);
        }
        Ok(free)
    }

    fn reserved(&mut self) -> Result<bool> {
        let inside = self.running.lock();
        Ok(inside.locks.iter().any(|((file, _), kind)| *file == self.file && *kind >= LockKind::Reserved))
    }

    fn current_lock(&self) -> Result<LockKind> {
        Ok(self.running.lock().locks.get(&(self.file, self.number)).copied().unwrap_or_default())
    }

    fn wal_index(&self, _readonly: bool) -> Result<Index> {
        Ok(Index { running: Arc::clone(&self.running), number: self.number })
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.running.lock().locks.remove(&(self.file, self.number));
    }
}

fn empty() -> Box<Region> {
    // The library hands regions about by value.
    #[expect(clippy::large_stack_arrays, reason = "a test's stack has room for it")]
    Box::new([0; 32768])
}

fn place(at: u64) -> Result<usize> {
    usize::try_from(at).map_err(Error::other)
}

/// One connection's view of the index of the log.
struct Index {
    running: Shared,
    number: u64,
}

impl WalIndex for Index {
    fn map(&mut self, region: u32) -> Result<Region> {
        Ok(**self.running.lock().regions.entry(region).or_insert_with(empty))
    }

    fn lock(&mut self, wanted: Range<u8>, lock: WalIndexLock) -> Result<bool> {
        let locks = &mut self.running.lock().region_locks;
        let in_the_way = |other: WalIndexLock| match lock {
            WalIndexLock::None => false,
            WalIndexLock::Shared => other == WalIndexLock::Exclusive,
            WalIndexLock::Exclusive => true,
        };
        let others =
            locks.iter().filter(|((slot, number), _)| wanted.contains(slot) && *number != self.number);
        if others.map(|(_, other)| *other).any(in_the_way) {
            return Ok(false);
        }
        for slot in wanted {
            match lock {
                WalIndexLock::None => drop(locks.remove(&(slot, self.number))),
                _ => drop(locks.insert((slot, self.number), lock)),
            }
        }
        Ok(true)
    }

    fn delete(self) -> Result<()> {
        self.running.lock().regions.clear();
        Ok(())
    }

    fn pull(&mut self, region: u32, bytes: &mut Region) -> Result<()> {
        if let Some(shared) = self.running.lock().regions.get(&region) {
            bytes.copy_from_slice(&**shared);
        }
        Ok(())
    }

    fn push(&mut self, region: u32, bytes: &Region) -> Result<()> {
        self.running.lock().regions.insert(region, Box::new(*bytes));
        Ok(())
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.running.lock().region_locks.retain(|(_, number), _| *number != self.number);
    }
}
