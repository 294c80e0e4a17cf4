//! What the tests take from the system; on Debian and its kin it can be installed by apt-get.

use std::env;
use std::process::Command;

use super::version_of;
use crate::shell::{self, Failure, Result};

/// Something of the system, how it is recognised, and the packages that bring it.
pub(super) struct Thing {
    name: &'static str,
    is_there: fn() -> bool,
    packages: &'static [&'static str],
}

pub(super) const BROWSER: Thing =
    Thing { name: "Chromium", is_there: || browser().is_some(), packages: &["chromium"] };
pub(super) const BROWSER_DRIVER: Thing =
    Thing { name: "ChromeDriver", is_there: || browser_driver().is_some(), packages: &["chromium-driver"] };
pub(super) const NODE: Thing = Thing {
    name: "Node.js with npm",
    is_there: || version_of("node").is_some() && version_of("npm").is_some(),
    packages: &["nodejs", "npm"],
};
pub(super) const PYTHON: Thing =
    Thing { name: "Python 3", is_there: || version_of("python3").is_some(), packages: &["python3"] };
pub(super) const PIP: Thing = Thing {
    name: "pip for Python 3",
    is_there: || shell::ask(Command::new("python3").args(["-m", "pip", "--version"])).is_some(),
    packages: &["python3", "python3-pip"],
};
pub(super) const FONTS: Thing = Thing {
    name: "fonts for Chinese and emoji",
    is_there: has_fonts,
    packages: &["fonts-noto-cjk", "fonts-noto-color-emoji", "fontconfig"],
};

/// The browser to test with: CHROMIUM if it is set, otherwise one on the PATH.
pub(crate) fn browser() -> Option<String> {
    working("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])
}

/// What steers it: CHROMEDRIVER if it is set, otherwise the one on the PATH.
pub(crate) fn browser_driver() -> Option<String> {
    working("CHROMEDRIVER", &["chromedriver"])
}

/// The full path of the first program that works.
fn working(variable: &str, names: &[&str]) -> Option<String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let preset = env::var_os(variable).into_iter().map(Into::into);
    let found = names.iter().flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)));
    let program = preset.chain(found).find(|program| program.is_file() && version_of(program).is_some())?;
    Some(program.to_string_lossy().into_owned())
}

fn has_fonts() -> bool {
    let fonts = shell::ask(Command::new("fc-list").args([":", "family"])).unwrap_or_default();
    fonts.contains("Noto Sans CJK") && fonts.contains("Noto Color Emoji")
}

/// apt-get, which reads its lists once before it first installs something.
#[derive(Default)]
pub(super) struct Apt {
    is_fresh: bool,
}

impl Apt {
    pub(super) fn ensure(&mut self, thing: &Thing) -> Result<()> {
        if (thing.is_there)() {
            return Ok(());
        }
        let packages = thing.packages.join(" ");
        if version_of("apt-get").is_none() {
            return Err(Failure::new(format!(
                "the tests need {}; please install it ({packages})",
                thing.name
            )));
        }
        let advice =
            || Failure::new(format!("{} is missing: run `apt-get install {packages}` as root", thing.name));
        let root = Root::find().ok_or_else(advice)?;
        eprintln!("Installing {} by apt-get ({packages}): about a minute, only this once.", thing.name);
        if !self.is_fresh {
            // Old lists may do; if not, installing says so.
            let _ = shell::run(root.apt_get().args(["update", "--quiet"]));
            self.is_fresh = true;
        }
        let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
        shell::run(root.apt_get().args(install).args(thing.packages)).map_err(|_| advice())?;
        if (thing.is_there)() { Ok(()) } else { Err(advice()) }
    }
}

/// How we may do what only root may.
#[derive(Clone, Copy)]
enum Root {
    Ourselves,
    Sudo,
}

impl Root {
    fn find() -> Option<Self> {
        if shell::ask(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
            return Some(Self::Ourselves);
        }
        // A sudo that asks for a password counts as none: nobody may be there to give it.
        shell::ask(Command::new("sudo").args(["-n", "true"])).map(|_| Self::Sudo)
    }

    fn apt_get(self) -> Command {
        let mut command = match self {
            Self::Ourselves => Command::new("env"),
            Self::Sudo => Command::new("sudo"),
        };
        if matches!(self, Self::Sudo) {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    }
}
