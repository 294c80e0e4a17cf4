//! Gathering the settings from flags, environment and file.

use std::collections::BTreeMap;

use super::keys::{Flags, KEYS, nearest, variable};
use super::{Config, ConfigError, values};

/// Variables that `cargo xtask` and the tests read, not the server.
const OTHERS: [&str; 2] = ["MAGPIE_BIN", "MAGPIE_TOOLS"];

/// A setting as it was written, and where.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) text: String,
    pub(super) place: String,
}

/// All settings that were given, each from the place that goes first.
pub(super) type Layers = BTreeMap<&'static str, Given>;

/// The settings from all places.
pub fn from_all(
    flags: Flags,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let environment = from_environment(environment)?;
    let file = flags.config.clone().or_else(|| environment.get("config").map(|given| given.text.clone()));
    let mut layers = file.map_or_else(|| Ok(Layers::new()), |path| from_file(&path))?;
    layers.extend(environment);
    layers.extend(flags.given().map(|(key, text)| (key, Given { text, place: format!("--{key}") })));
    values::read(&layers)
}

fn from_environment(all: impl Iterator<Item = (String, String)>) -> Result<Layers, ConfigError> {
    let known: Vec<(String, &'static str)> =
        KEYS.into_iter().chain(["config"]).map(|key| (variable(key), key)).collect();
    let mut layers = Layers::new();
    for (name, text) in
        all.filter(|(name, _)| name.starts_with("MAGPIE_") && !OTHERS.contains(&name.as_str()))
    {
        let Some((_, key)) = known.iter().find(|(variable, _)| *variable == name) else {
            let names = known.iter().map(|(variable, _)| variable.as_str());
            return Err(unknown("environment variable", &name, "the environment", names));
        };
        layers.insert(key, Given { text, place: name });
    }
    Ok(layers)
}

fn from_file(path: &str) -> Result<Layers, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError(format!("cannot read the settings file {path}: {error}")))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        ConfigError(format!("the settings file {path} is not TOML at line {line}: {}", error.message()))
    })?;
    let mut layers = Layers::new();
    for (name, value) in table {
        let Some(key) = KEYS.into_iter().find(|key| *key == name) else {
            return Err(unknown("setting", &name, path, KEYS.into_iter()));
        };
        let text = as_written(&value).ok_or_else(|| {
            ConfigError(format!(
                "the setting {key} in {path} must be a text, a number, true, false or a list of texts"
            ))
        })?;
        layers.insert(key, Given { text, place: format!("{key} in {path}") });
    }
    Ok(layers)
}

/// A TOML value as a flag would spell it.
fn as_written(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(yes) => Some(yes.to_string()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            Some(texts?.join(","))
        }
        _ => None,
    }
}

fn unknown<'a>(
    what: &str,
    name: &str,
    place: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> ConfigError {
    let way_out = match nearest(name, known.clone()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("there are {}.", known.collect::<Vec<_>>().join(", ")),
    };
    ConfigError(format!("unknown {what} {name} in {place}; {way_out}"))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn config(flags: &[&str], environment: &[(&str, &str)]) -> Result<Config, String> {
        let flags = Flags::parse_from(["magpie"].iter().chain(flags));
        let environment = environment.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        from_all(flags, environment).map_err(|error| error.to_string())
    }

    #[test]
    fn a_flag_goes_before_the_environment_and_that_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("magpie.toml");
        std::fs::write(
            &path,
            "listen = \"0.0.0.0:1\"\ndata = \"file\"\nconnections = 5\norigins = [\"https://a.example\"]\n",
        )
        .unwrap();
        let environment = [
            ("MAGPIE_LISTEN", "0.0.0.0:2"),
            ("MAGPIE_DATA", "environment"),
            ("MAGPIE_CONFIG", path.to_str().unwrap()),
            ("HOME", "/root"),
        ];
        let config = config(&["--listen", "0.0.0.0:3"], &environment).unwrap();
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.data.to_str(), Some("environment"));
        assert_eq!(config.connections, 5);
        assert!(config.secure_cookies, "all origins are https");
    }

    #[test]
    fn what_is_wrong_is_named_with_the_way_out() {
        let check = |flags: &[&str], environment: &[(&str, &str)], expected: &str| {
            let error = config(flags, environment).unwrap_err();
            assert!(error.contains(expected), "{error}");
        };
        check(
            &[],
            &[("MAGPIE_LISTEM", "x")],
            "MAGPIE_LISTEM in the environment; did you mean MAGPIE_LISTEN?",
        );
        check(&[], &[("MAGPIE_LISTEN", "8080")], "MAGPIE_LISTEN");
        check(&["--registration", "maybe"], &[], "--registration");
        check(&["--origins", "chat.example.org"], &[], "https://chat.example.org");
        check(&["--deed-burst", "0"], &[], "--deed-burst");
        check(&["--config", "/nowhere/magpie.toml"], &[], "/nowhere/magpie.toml");
    }

    #[test]
    fn a_file_that_is_wrong_names_the_key_or_the_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("magpie.toml");
        let check = |text: &str, expected: &str| {
            std::fs::write(&path, text).unwrap();
            let error = config(&["--config", path.to_str().unwrap()], &[]).unwrap_err();
            assert!(error.contains(expected), "{error}");
        };
        check("conections = 3", "did you mean connections?");
        check("colour = 3", "there are listen, data");
        check("listen = \"127.0.0.1:80\"\nlog = [", "at line 2");
        check("listen = 1.5", "the setting listen");
    }
}
