//! Running other programs: aloud, silently, or aloud while listening.

use std::fmt;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

/// Why a command of xtask could not be carried out: a sentence for the person who gave it.
#[derive(Debug, Clone)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// What a program printed, without colours, and whether it ended well.
pub(crate) struct Heard {
    pub(crate) text: String,
    pub(crate) success: bool,
}

/// Runs `command` with our own input and output, and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(ended_badly(command, status)) }
}

/// What `command` prints on its standard output, if it can be started and ends well.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs `command`, passing on what it prints while keeping a copy.
pub(crate) fn listen(command: &mut Command) -> Result<Heard> {
    if std::io::stderr().is_terminal() {
        // The pipes would make these programs leave their colours out.
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_start(command, &error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let text = thread::scope(|scope| {
        let stdout = scope.spawn(|| stdout.map(|pipe| pass_on(pipe, std::io::stdout())));
        let stderr = scope.spawn(|| stderr.map(|pipe| pass_on(pipe, std::io::stderr())));
        [stdout, stderr].map(|pipe| pipe.join().ok().flatten().unwrap_or_default()).concat()
    });
    let status = child.wait().map_err(|error| cannot_start(command, &error))?;
    Ok(Heard { text: without_colours(&text), success: status.success() })
}

fn pass_on(pipe: impl Read, mut to: impl Write) -> String {
    let mut pipe = BufReader::new(pipe);
    let (mut heard, mut line) = (String::new(), Vec::new());
    while pipe.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // Whoever reads us may be gone; the program is heard to its end all the same.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        heard.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    heard
}

fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // A sequence ends at its first letter.
        let end = part.find(|c: char| c.is_ascii_alphabetic()).map_or(part.len(), |letter| letter + 1);
        plain.push_str(&part[end..]);
    }
    plain
}

/// The command as a person would have typed it.
fn typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` could not be started: {error}", typed(command)))
}

fn ended_badly(command: &Command, status: ExitStatus) -> Failure {
    Failure::new(format!("`{}` failed ({status})", typed(command)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out_and_words_stay() {
        assert_eq!(without_colours("\u{1b}[32;1m  Summary\u{1b}[0m 2 tests"), "  Summary 2 tests");
        assert_eq!(without_colours("plain [text]"), "plain [text]");
        assert_eq!(without_colours("cut off \u{1b}[3"), "cut off ");
    }

    #[test]
    fn a_failing_program_is_heard_and_known_to_have_failed() {
        let heard = listen(Command::new("cargo").arg("no-such-command-at-all")).expect("cargo starts");
        assert!(!heard.success);
        assert!(heard.text.contains("no-such-command-at-all"));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = run(Command::new("no-such-program").arg("--now")).expect_err("it is not there");
        assert!(failure.to_string().starts_with("`no-such-program --now` could not be started"));
    }
}
