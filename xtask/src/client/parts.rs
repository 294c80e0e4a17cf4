//! Cuts the built client into the program that the first page needs and parts that are loaded when they are first
//! wanted: after trunk, which builds it whole, and before anybody sees `dist`.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::packs::{self, PACK};
use crate::shell::{self, Failure, Result};
use crate::tools::Toolbox;
use crate::workspace::Workspace;

/// Told to the build script of `frontend`, so that the linker keeps what cutting takes.
pub(super) const VARIABLE: &str = "MAGPIE_SPLIT";
/// What trunk, wasm-bindgen and we call the program.
const NAME: &str = "frontend";
/// What the splitter calls the script that loads the parts.
pub(super) const LOADER: &str = "__wasm_split.js";
/// How long the hash in the name of an import is.
const HASH: usize = 16;
/// As in index.html.
const WASM_OPT: [&str; 6] = ["--quiet", "-Oz", "--flatten", "--rereloop", "-Oz", "--low-memory-unused"];

/// A file of the client, under its name in `dist`.
pub(super) struct File {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Puts the program in parts into `dist`, instead of the whole one that trunk put there.
pub(super) fn cut(workspace: &Workspace, toolbox: &Toolbox, optimised: bool) -> Result<()> {
    let folder = workspace.wasm_target().join("parts");
    // What a build before this one left there would be taken for parts of this one.
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| cannot("remove", &folder, &error))?;
    }
    let whole = workspace.wasm_target().join("wasm32-unknown-unknown/wasm-release/frontend.wasm");
    shell::run(toolbox.command("wasm-split-cli").arg(whole).arg(&folder).args(["--out-name", NAME]))?;
    bind(toolbox, &folder)?;
    let mut files = Vec::new();
    for path in list(&folder)? {
        if optimised && is_a("wasm", &path) {
            shell::run(toolbox.command("wasm-opt").args(WASM_OPT).arg(&path).arg("--output").arg(&path))?;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push(File { name, bytes: read(&path)? });
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    number_names(&mut files);
    let files = packs::pack(files)?;
    put(&workspace.root().join("dist"), files)
}

/// Joins the program with its JavaScript. Parts need none: they reach it through the program.
fn bind(toolbox: &Toolbox, folder: &Path) -> Result<()> {
    let program = folder.join(format!("{NAME}.wasm"));
    let mut bindgen = toolbox.command("wasm-bindgen");
    // The linker's exports are what the parts hold on to.
    bindgen.args([
        "--target",
        "web",
        "--no-typescript",
        "--keep-lld-exports",
        "--out-name",
        NAME,
        "--out-dir",
    ]);
    shell::run(bindgen.arg(folder).arg(&program))?;
    fs::remove_file(&program).map_err(|error| cannot("remove", &program, &error))
}

/// What the program imports from its script has a hash in each name, which cannot be compressed: they become numbers of
/// the same length.
fn number_names(files: &mut [File]) {
    let script_name = format!("{NAME}.js");
    let Some(script) = files.iter().find(|file| file.name == script_name) else { return };
    let text = String::from_utf8_lossy(&script.bytes).into_owned();
    let is_hash = |word: &&str| word.len() == HASH && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let hashes: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_hash).collect();
    let hashes: Vec<&[u8]> = hashes.into_iter().map(str::as_bytes).collect();
    for file in files.iter_mut().filter(|file| file.name.starts_with(NAME)) {
        let mut at = 0;
        while let Some(word) = file.bytes.get(at..at + HASH) {
            let known = hashes.binary_search(&word).ok();
            if let Some(number) = known {
                file.bytes[at..at + HASH].copy_from_slice(format!("{number:0HASH$}").as_bytes());
                at += HASH;
            } else {
                at += 1;
            }
        }
    }
}

/// Gives all files one hash of all of them, since each fits only these others, and tells the page.
fn put(dist: &Path, files: Vec<File>) -> Result<()> {
    let page = dist.join("index.html");
    let html = text(read(&page)?, &page)?;
    let old = named(&html)
        .ok_or_else(|| Failure::new(format!("{} names no {NAME}; trunk has changed", page.display())))?
        .to_owned();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        (&file.name, &file.bytes).hash(&mut hasher);
    }
    let new = format!("{NAME}-{:016x}", hasher.finish());

    for gone in list(dist)? {
        if gone.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&old)) {
            fs::remove_file(&gone).map_err(|error| cannot("remove", &gone, &error))?;
        }
    }
    let parts = files.iter().filter(|file| is_part(&file.name)).map(|file| file.name.clone());
    let parts: Vec<String> = parts.collect();
    for File { name, mut bytes } in files {
        if is_a("js", &name) {
            let script = text(bytes, Path::new(&name))?;
            bytes = renamed(&script, &new, &parts).into_bytes();
        }
        let path = dist.join(file_name(&new, &name));
        fs::write(&path, bytes).map_err(|error| cannot("write", &path, &error))?;
    }
    let html = html.replace(&old, &new).replacen("</head>", &(links(&new, &parts) + "</head>"), 1);
    fs::write(&page, html).map_err(|error| cannot("write", &page, &error))
}

/// `frontend-HASH`, as the page calls what trunk built.
fn named(html: &str) -> Option<&str> {
    let start = html.find(&format!("/{NAME}-"))? + 1;
    let rest = &html[start..];
    let dash = NAME.len() + 1;
    let digits = rest[dash..].bytes().take_while(u8::is_ascii_hexdigit).count();
    (digits > 0).then(|| &rest[..dash + digits])
}

fn is_part(name: &str) -> bool {
    (is_a("wasm", name) || is_a(PACK, name)) && !name.starts_with(NAME)
}

fn is_a(extension: &str, name: impl AsRef<Path>) -> bool {
    name.as_ref().extension().is_some_and(|found| found == extension)
}

/// Under which name a file is served: `frontend-HASH.js`, `frontend-HASH_bg.wasm`, `frontend-HASH_split_gate.wasm`.
fn file_name(new: &str, name: &str) -> String {
    match name.strip_prefix(NAME) {
        Some(rest) => format!("{new}{rest}"),
        None => format!("{new}_{}", name.trim_start_matches('_')),
    }
}

/// A script that calls the other files by their new names.
fn renamed(script: &str, new: &str, parts: &[String]) -> String {
    let script_names = [format!("{NAME}.js"), LOADER.to_owned()];
    parts.iter().chain(&script_names).fold(script.to_owned(), |script, name| {
        // An import of the program keeps its name: there it is no file.
        script
            .replace(&format!("from \"./{name}\""), &format!("from \"./{}\"", file_name(new, name)))
            .replace(&format!("URL(\"./{name}\""), &format!("URL(\"./{}\"", file_name(new, name)))
    })
}

/// The loader is wanted at once; the parts are only named, for the service worker to keep them.
fn links(new: &str, parts: &[String]) -> String {
    let loader = format!(
        "<link nonce=\"{{{{__TRUNK NONCE__}}}}\" crossorigin href=/{} rel=modulepreload>",
        file_name(new, LOADER)
    );
    let later = parts.iter().map(|part| format!("<meta name=later content=/{}>", file_name(new, part)));
    later.fold(loader, |links, link| links + &link)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| cannot("read", folder, &error))?;
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| cannot("read", path, &error))
}

fn text(bytes: Vec<u8>, path: &Path) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Failure::new(format!("{} is no text", path.display())))
}

fn cannot(verb: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot {verb} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head><script nonce=\"{{__TRUNK NONCE__}}\" type=module>import init from '/frontend-5d.js';\
        await init('/frontend-5d_bg.wasm');</script></head><body></body>";
    const PROGRAM: &str =
        "import * as import1 from \"./__wasm_split.js\"\nreturn { \"./__wasm_split.js\": import1 };";
    const LOADER_SCRIPT: &str = "import { initSync } from \"./frontend.js\";\nfetch(new URL(\"./split_gate.wasm\", import.meta.url));";

    fn file(name: &str, text: &str) -> File {
        File { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn hashes_in_names_become_numbers_in_script_and_program() {
        let mut files = vec![
            file("frontend.js", "return { __wbg_now_0123456789abcdef, __wbg_log_fedcba9876543210 };"),
            file("frontend_bg.wasm", "..__wbg_log_fedcba9876543210__wbg_now_0123456789abcdef"),
            file("split_gate.wasm", "fedcba9876543210"),
        ];
        number_names(&mut files);
        let texts: Vec<_> =
            files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
        assert_eq!(texts[0], "return { __wbg_now_0000000000000000, __wbg_log_0000000000000001 };");
        assert_eq!(texts[1], "..__wbg_log_0000000000000001__wbg_now_0000000000000000");
        assert_eq!(texts[2], "fedcba9876543210");
    }

    #[test]
    fn page_and_scripts_call_each_file_by_the_name_that_it_has() {
        let dist = std::env::temp_dir().join(format!("magpie-parts-{}", std::process::id()));
        fs::create_dir_all(&dist).expect("a folder can be made");
        for (name, text) in
            [("index.html", PAGE), ("frontend-5d.js", "whole"), ("frontend-5d_bg.wasm", "whole")]
        {
            fs::write(dist.join(name), text).expect("a file can be written");
        }
        let files = vec![
            file("__wasm_split.js", LOADER_SCRIPT),
            file("frontend.js", PROGRAM),
            file("frontend_bg.wasm", "main"),
            file("split_gate.wasm", "part"),
        ];
        put(&dist, files).expect("the files fit");

        let said = |name: &str| fs::read_to_string(dist.join(name)).expect("the file is there");
        let html = said("index.html");
        let new = named(&html).expect("the page names the program").to_owned();
        assert_ne!(new, "frontend-5d");
        assert_eq!(list(&dist).expect("the folder is there").len(), 5);
        assert_eq!(said(&format!("{new}_bg.wasm")), "main");
        assert_eq!(said(&format!("{new}_split_gate.wasm")), "part");
        let program = said(&format!("{new}.js"));
        assert!(program.contains(&format!("from \"./{new}_wasm_split.js\"")));
        assert!(
            program.contains("{ \"./__wasm_split.js\": import1 }"),
            "what the program imports keeps its name"
        );
        let loader = said(&format!("{new}_wasm_split.js"));
        assert!(loader.contains(&format!("from \"./{new}.js\"")));
        assert!(loader.contains(&format!("URL(\"./{new}_split_gate.wasm\"")));
        assert!(!html.contains("frontend-5d") && html.contains(&format!("href=/{new}_wasm_split.js")));
        assert!(html.contains(&format!("content=/{new}_split_gate.wasm")));
        fs::remove_dir_all(&dist).expect("the folder can be removed");
    }
}
