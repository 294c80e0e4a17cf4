//! Puts the built client where the server embeds it from, also compressed.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What trunk builds, from here.
const BUILT: &str = "../dist";
/// What is worth compressing.
const COMPRESSED: [&str; 9] = ["css", "html", "js", "json", "pack", "svg", "txt", "wasm", "webmanifest"];

fn main() -> Result<(), Box<dyn Error>> {
    let client = PathBuf::from(std::env::var("OUT_DIR")?).join("client");
    if client.exists() {
        fs::remove_dir_all(&client)?;
    }
    fs::create_dir_all(&client)?;
    // An empty folder, so that cargo has something to watch before the client is first built.
    fs::create_dir_all(BUILT)?;
    println!("cargo:rerun-if-changed={BUILT}");
    println!("cargo:rerun-if-changed=build.rs");
    copy(Path::new(BUILT), &client)
}

fn copy(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            // trunk gathers the next build in a hidden folder beside the last one.
            if !entry.file_name().to_string_lossy().starts_with('.') {
                fs::create_dir_all(&target)?;
                copy(&entry.path(), &target)?;
            }
            continue;
        }
        let bytes = fs::read(entry.path())?;
        fs::write(&target, &bytes)?;
        let extension = target.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        // The page itself is filled in for each answer.
        if COMPRESSED.contains(&extension) && entry.file_name() != "index.html" {
            let mut name = target.into_os_string();
            name.push(".br");
            fs::write(name, squeeze(&bytes)?)?;
        }
    }
    Ok(())
}

/// Brotli at its highest quality: it is done once and read often.
fn squeeze(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 11, 24);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}
