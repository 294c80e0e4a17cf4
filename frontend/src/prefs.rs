//! What a person likes, kept in this browser: theme, language, and whether Enter sends.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::json;

use crate::browser;

/// The colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The languages of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// The tag for `lang` attributes and for `Intl`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-Hans",
        }
    }

    /// The first of the browser's languages that is spoken here.
    fn of_browser() -> Self {
        let spoken = |tag: String| match tag.to_ascii_lowercase().get(..2) {
            Some("zh") => Some(Self::Zh),
            Some("en") => Some(Self::En),
            _ => None,
        };
        browser::languages().into_iter().find_map(spoken).unwrap_or_default()
    }
}

/// All preferences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prefs {
    /// The colours.
    pub theme: Theme,
    /// The language of the interface.
    pub language: Language,
    /// Whether Enter sends; otherwise Ctrl-Enter does.
    pub enter_sends: bool,
    /// Whether messages that come while nobody looks are shown by the system.
    #[serde(default)]
    pub notifies: bool,
}

const KEY: &str = "magpie.prefs";

impl Prefs {
    /// What was kept, or what the browser suggests.
    pub fn load() -> Self {
        let default = Self {
            theme: Theme::System,
            language: Language::of_browser(),
            enter_sends: true,
            notifies: false,
        };
        browser::kept(KEY).and_then(|json| json::read(&json).ok()).unwrap_or(default)
    }

    /// Keeps every change, and shows it on the page's root: its language and its colours.
    pub fn follow(prefs: RwSignal<Self>) {
        Effect::new(move |before: Option<Self>| {
            let prefs = prefs.get();
            browser::set_root("lang", Some(prefs.language.tag()));
            browser::set_root(
                "data-theme",
                match prefs.theme {
                    Theme::System => None,
                    Theme::Light => Some("light"),
                    Theme::Dark => Some("dark"),
                },
            );
            if before.is_some_and(|before| before != prefs)
                && let Ok(json) = json::write(&prefs)
            {
                browser::keep(KEY, &json);
            }
            prefs
        });
    }
}
