//! Memory and processor time of a process, as Linux tells them; elsewhere they read as nothing.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

/// Ticks a second in which Linux tells processor time to programs, on every architecture.
const TICKS: u64 = 100;

/// What a process uses, or has used up to now.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Memory that is resident, in KiB.
    pub(crate) memory: u64,
    /// The most memory that ever was, in KiB.
    pub(crate) peak: u64,
    /// Time on processors.
    pub(crate) processor: Duration,
}

impl Usage {
    /// Of the process with this id, or of our own.
    pub(crate) fn of(process: Option<u32>) -> Self {
        let folder = process.map_or_else(|| "/proc/self".to_owned(), |id| format!("/proc/{id}"));
        let status = fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
        let stat = fs::read_to_string(format!("{folder}/stat")).unwrap_or_default();
        Self { memory: field(&status, "VmRSS:"), peak: field(&status, "VmHWM:"), processor: processor(&stat) }
    }
}

/// Bytes that the system holds, on both sides, for sockets of the server at this address: sent and not taken, and taken
/// and not read.
pub(crate) fn held(address: SocketAddr) -> u64 {
    held_in(&fs::read_to_string("/proc/net/tcp").unwrap_or_default(), address.port())
}

/// `0: 0100007F:1F90 0100007F:C350 01 00000010:00000000 …`: from, to, state, and bytes to send and to read.
fn held_in(table: &str, port: u16) -> u64 {
    let is_server =
        |end: &str| end.rsplit_once(':').is_some_and(|(_, end)| u16::from_str_radix(end, 16) == Ok(port));
    let bytes = |number: &str| u64::from_str_radix(number, 16).unwrap_or_default();
    let held = table.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, from, to, _, queues, ..] = words[..] else { return None };
        let (to_send, to_read) = queues.split_once(':')?;
        let from_server = if is_server(from) { bytes(to_send) } else { 0 };
        Some(from_server + if is_server(to) { bytes(to_read) } else { 0 })
    });
    held.sum()
}

/// `VmRSS:   10240 kB`
fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// User and system time are the 14th and 15th field; the second, a name in parentheses, may hold anything.
fn processor(stat: &str) -> Duration {
    let behind_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: u64 =
        behind_name.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * (1_000 / TICKS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_says_is_understood() {
        let status = "Name:\tmagpie\nVmHWM:\t   20480 kB\nVmRSS:\t   10240 kB\n";
        assert_eq!(
            (field(status, "VmRSS:"), field(status, "VmHWM:"), field(status, "VmSwap:")),
            (10_240, 20_480, 0)
        );
        let stat = "4711 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20";
        assert_eq!(processor(stat), Duration::from_secs(3));
        assert_eq!(processor(""), Duration::ZERO);
    }

    #[test]
    fn what_sockets_hold_is_added_up_for_both_ends() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr\n\
               0: 0100007F:1F90 0100007F:C350 01 00000100:00000007 00:0\n\
               1: 0100007F:C350 0100007F:1F90 01 00000007:00000010 00:0\n\
               2: 0100007F:C351 0100007F:1F91 01 00000100:00000100 00:0\n";
        assert_eq!(held_in(table, 8080), 0x110);
    }
}
