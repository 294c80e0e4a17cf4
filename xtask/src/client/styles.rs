//! Joins the style sheets, which are one for each block, into a single one: together they travel in half the bytes.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::shell::{Failure, Result};
use crate::workspace::Workspace;

const START: &str = "<link href=/";
const END: &str = ".css rel=stylesheet>";

/// Puts one sheet into `dist` instead of those that trunk put there, in their order.
pub(super) fn join(workspace: &Workspace) -> Result<()> {
    let dist = workspace.root().join("dist");
    let failed = |name: &str, error: &std::io::Error| Failure::new(format!("dist/{name}: {error}"));
    let page = fs::read_to_string(dist.join("index.html")).map_err(|error| failed("index.html", &error))?;
    let (names, rest) = taken(&page);
    let mut all = String::new();
    for name in &names {
        let name = format!("{name}.css");
        all += &fs::read_to_string(dist.join(&name)).map_err(|error| failed(&name, &error))?;
        fs::remove_file(dist.join(&name)).map_err(|error| failed(&name, &error))?;
    }
    let mut hasher = DefaultHasher::new();
    all.hash(&mut hasher);
    let name = format!("styles-{:016x}", hasher.finish());
    let html = rest.replacen("</head>", &format!("{START}{name}{END}</head>"), 1);
    fs::write(dist.join(format!("{name}.css")), all).map_err(|error| failed(&name, &error))?;
    fs::write(dist.join("index.html"), html).map_err(|error| failed("index.html", &error))
}

/// The names of the sheets, and the page without them.
fn taken(page: &str) -> (Vec<&str>, String) {
    let (mut names, mut rest) = (Vec::new(), String::new());
    for (number, piece) in page.split(START).enumerate() {
        match piece.split_once(END) {
            Some((name, behind)) if number > 0 && !name.contains(['<', ' ']) => {
                names.push(name);
                rest += behind;
            }
            _ if number > 0 => {
                rest.push_str(START);
                rest.push_str(piece);
            }
            _ => rest += piece,
        }
    }
    (names, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sheets_are_taken_and_in_their_order() {
        let page = "<head><link href=/a-1.css rel=stylesheet><link href=/b.svg rel=icon><link href=/b-2.css rel=stylesheet></head>";
        let (names, rest) = taken(page);
        assert_eq!(names, ["a-1", "b-2"]);
        assert_eq!(rest, "<head><link href=/b.svg rel=icon></head>");
    }
}
