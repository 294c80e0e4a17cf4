//! Puts parts that are always loaded together into one file: it travels in fewer bytes than they do by themselves, and
//! what one of them says is compressed by what another one says.

use std::collections::BTreeMap;

use super::parts::{File, LOADER};
use crate::shell::{Failure, Result};

/// The parts that are whole pages. All others are wanted on the page of conversations only, once that is there.
const PAGES: [&str; 3] = ["chat", "gate", "settings"];
/// The page whose own part goes into the file with what it shares.
const LARGEST: &str = "chat";
/// What such a file is called at its end.
pub(super) const PACK: &str = "pack";
/// What fetches such a file, and makes of it what the splitter makes of one part: nothing of it is there unless all is.
const FETCH: &str = r"
function fetchPack(url, lengths) {
    const src = fetch(url).then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new TypeError(`Failed to fetch ${url}`))));
    src.catch(() => {});
    return async (imports) => {
        const bytes = await src;
        let at = 0;
        const parts = lengths.map((length) => new Uint8Array(bytes, (at += length) - length, length));
        const modules = await Promise.all(parts.map((part) => WebAssembly.compile(part)));
        await Promise.all(modules.map((module) => WebAssembly.instantiate(module, imports)));
    };
}
";

/// Packs what several parts share by the pages that it is needed on. What a page and the parts of the conversations share
/// comes with the page, so that each of these files is either needed at once or not at all.
pub(super) fn pack(mut files: Vec<File>) -> Result<Vec<File>> {
    let found = loader(&files)?;
    let mut script = found.clone();
    for (pages, chunks) in groups(&found) {
        let mut names: Vec<String> = chunks.iter().map(|chunk| format!("{chunk}.wasm")).collect();
        let own = format!("split_{LARGEST}.wasm");
        if pages == [LARGEST] {
            names.push(own.clone());
        }
        if names.len() < 2 {
            continue;
        }
        let name =
            format!("pack_{}.{PACK}", if pages.is_empty() { "rest".to_owned() } else { pages.join("_") });
        let mut bytes = Vec::new();
        let mut lengths = Vec::new();
        for name in &names {
            let part = take(&mut files, name)?;
            lengths.push(part.len().to_string());
            bytes.extend(part);
        }
        files.push(File { name: name.clone(), bytes });
        let fetch =
            format!("() => fetchPack(new URL(\"./{name}\", import.meta.url), [{}])", lengths.join(", "));
        let [first, others @ ..] = chunks.as_slice() else { continue };
        script = replaced(&script, &fetcher(&format!("{first}.wasm")), &fetch)?;
        for chunk in others {
            let alone = format!("makeLoad({}\n, [])", fetcher(&format!("{chunk}.wasm")));
            script = replaced(&script, &alone, &format!("__{first}"))?;
        }
        if pages == [LARGEST] {
            script = replaced(&script, &fetcher(&own), "() => async () => {}")?;
        }
    }
    script.push_str(FETCH);
    take(&mut files, LOADER)?;
    files.push(File { name: LOADER.to_owned(), bytes: script.into_bytes() });
    Ok(files)
}

fn loader(files: &[File]) -> Result<String> {
    let file = files.iter().find(|file| file.name == LOADER);
    let script = file.and_then(|file| String::from_utf8(file.bytes.clone()).ok());
    script.ok_or_else(|| Failure::new("the splitter wrote no loader"))
}

fn take(files: &mut Vec<File>, name: &str) -> Result<Vec<u8>> {
    let at = files.iter().position(|file| file.name == name);
    let at = at.ok_or_else(|| Failure::new(format!("the splitter wrote no {name}")))?;
    Ok(files.remove(at).bytes)
}

/// The chunks by the pages among those that share them, in the order of the script.
fn groups(script: &str) -> BTreeMap<Vec<&str>, Vec<&str>> {
    let mut groups: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
    let lines: Vec<&str> = script.lines().collect();
    for pair in lines.windows(2) {
        let users = pair[0].strip_prefix("/* ").and_then(|line| line.strip_suffix(" */"));
        let chunk = pair[1].strip_prefix("const __").and_then(|line| line.split_once(" = "));
        if let (Some(users), Some((chunk, _))) = (users, chunk) {
            let pages = users.split(", ").filter(|user| PAGES.contains(user)).collect();
            groups.entry(pages).or_default().push(chunk);
        }
    }
    groups
}

/// How the splitter writes what fetches a file.
fn fetcher(name: &str) -> String {
    format!(
        "() => {{\n    const src = fetch(new URL(\"./{name}\", import.meta.url));\n    src.catch(() => {{}});\n    \
         return async (imports) => (WebAssembly.instantiateStreaming(src, imports));\n}}"
    )
}

fn replaced(script: &str, old: &str, new: &str) -> Result<String> {
    if script.contains(old) {
        Ok(script.replacen(old, new, 1))
    } else {
        Err(Failure::new(format!("the loader has no `{old}`; the splitter has changed")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> File {
        File { name: name.to_owned(), bytes: bytes.to_vec() }
    }

    #[test]
    fn what_is_loaded_together_is_one_file_and_the_rest_stays() {
        let chunk = |name: &str, users: &str| {
            format!("/* {users} */\nconst __{name} = makeLoad({}\n, []);\n", fetcher(&format!("{name}.wasm")))
        };
        let script = [
            chunk("chunk_1", "chat, messages"),
            chunk("chunk_2", "chat, emoji"),
            chunk("chunk_3", "chat, settings"),
            format!(
                "export const load_chat = wrapAsyncCb(makeLoad({}\n, [__chunk_1, __chunk_2, __chunk_3]));\n",
                fetcher("split_chat.wasm")
            ),
        ]
        .concat();
        let files = vec![
            file(LOADER, script.as_bytes()),
            file("chunk_1.wasm", b"one"),
            file("chunk_2.wasm", b"second"),
            file("chunk_3.wasm", b"three"),
            file("split_chat.wasm", b"chat"),
        ];
        let packed = pack(files).expect("the loader is understood");

        let said = |name: &str| {
            let file = packed.iter().find(|file| file.name == name).expect("the file is there");
            String::from_utf8_lossy(&file.bytes).into_owned()
        };
        assert_eq!(packed.len(), 3);
        assert_eq!(said("pack_chat.pack"), "onesecondchat");
        assert_eq!(said("chunk_3.wasm"), "three");
        let script = said(LOADER);
        assert!(script.contains(
            "const __chunk_1 = makeLoad(() => fetchPack(new URL(\"./pack_chat.pack\", import.meta.url), [3, 6, 4])\n, []);"
        ));
        assert!(script.contains("const __chunk_2 = __chunk_1;"));
        assert!(
            script
                .contains("wrapAsyncCb(makeLoad(() => async () => {}\n, [__chunk_1, __chunk_2, __chunk_3]))")
        );
        assert!(script.contains("fetch(new URL(\"./chunk_3.wasm\""));
    }

    #[test]
    fn a_loader_of_another_form_is_refused() {
        let script = "/* chat, emoji */\nconst __chunk_1 = load(\"./chunk_1.wasm\");\n";
        let files = vec![
            file(LOADER, script.as_bytes()),
            file("chunk_1.wasm", b"one"),
            file("split_chat.wasm", b"chat"),
        ];
        assert!(pack(files).is_err());
    }
}
