//! The few things of the browser that are neither DOM nor network: clock, calendar, dice, and the small storage.

use std::cell::Cell;

use js_sys::{Date, Intl, Math, Object, Reflect};
use shared::id::Timestamp;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::prefs::Language;

const DAY_MS: f64 = 86_400_000.0;

/// This device's clock.
pub fn now() -> Timestamp {
    timestamp(Date::now())
}

/// Sixty-four bits for the back-off; nothing secret depends on them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2^53 and not negative")]
pub fn random() -> u64 {
    (Math::random() * 9_007_199_254_740_992.0) as u64
}

/// A number for this page: any 64 bits, so that no two pages have the same.
pub fn page_number() -> u64 {
    random() ^ (random() << 32)
}

/// What this build of the client is called: its program carries a hash in its name. Empty while it is tested.
pub fn build() -> String {
    let program = leptos::prelude::document().query_selector("link[rel=modulepreload]");
    program.ok().flatten().and_then(|link| link.get_attribute("href")).unwrap_or_default()
}

/// Tenths of a millisecond since the page was opened, for measuring.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "wraps after five days of one page"
)]
pub fn tenths() -> u32 {
    window().performance().map_or(0, |clock| (clock.now() * 10.0) as u64 as u32)
}

/// The number of the day a moment belongs to, where this device is.
#[expect(clippy::cast_possible_truncation, reason = "days since 1970 fit in 32 bits for millions of years")]
pub fn day_of(at: Timestamp) -> i32 {
    let date = date(at);
    ((date.get_time() - date.get_timezone_offset() * 60_000.0) / DAY_MS).floor() as i32
}

/// The time of day, as in "14:02".
pub fn time_of_day(at: Timestamp) -> String {
    let date = date(at);
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// The moment for the list: the time today, the weekday within a week, else the date.
pub fn short_when(at: Timestamp, language: Language) -> String {
    match day_of(now()) - day_of(at) {
        i32::MIN..=0 => time_of_day(at),
        1..=6 => formatted(at, language, &[("weekday", "short")]),
        _ => formatted(at, language, &[("day", "numeric"), ("month", "short")]),
    }
}

/// The same for what may be years old: the year stands there when it is another.
pub fn found_when(at: Timestamp, language: Language) -> String {
    if date(at).get_full_year() == date(now()).get_full_year() {
        return short_when(at, language);
    }
    formatted(at, language, &[("day", "numeric"), ("month", "short"), ("year", "numeric")])
}

/// The day for the floating date: the weekday and the date, and the year when it is another.
pub fn day_name(at: Timestamp, language: Language) -> String {
    let mut parts = vec![("weekday", "long"), ("day", "numeric"), ("month", "long")];
    if date(at).get_full_year() != date(now()).get_full_year() {
        parts.push(("year", "numeric"));
    }
    formatted(at, language, &parts)
}

/// The day and the time of a moment to come, as in "Tuesday 5 March, 09:00".
pub fn day_and_time(at: Timestamp, language: Language) -> String {
    let joint = if language == Language::En { ", " } else { " " };
    format!("{}{joint}{}", day_name(at, language), time_of_day(at))
}

/// This hour and minute of the day that is `days` after today here.
pub fn on_day(days: u32, hour: u32, minute: u32) -> Timestamp {
    let at = date(now());
    at.set_date(at.get_date() + days);
    at.set_hours(hour);
    at.set_minutes(minute);
    at.set_seconds(0);
    at.set_milliseconds(0);
    timestamp(at.get_time())
}

/// A moment as a field for date and time writes it, in the time of this device: `2026-03-05T09:07`.
pub fn to_field(at: Timestamp) -> String {
    let at = date(at);
    let (month, day) = (at.get_month() + 1, at.get_date());
    format!("{:04}-{month:02}-{day:02}T{:02}:{:02}", at.get_full_year(), at.get_hours(), at.get_minutes())
}

/// What such a field says.
pub fn from_field(text: &str) -> Option<Timestamp> {
    let millis = Date::parse(text);
    (millis > 0.0).then(|| timestamp(millis))
}

/// The date with its year.
pub fn date_of(at: Timestamp, language: Language) -> String {
    formatted(at, language, &[("day", "numeric"), ("month", "long"), ("year", "numeric")])
}

/// A day as a date field says it, as in "2026-03-01".
pub fn field_of(at: Timestamp) -> String {
    to_field(at).split('T').next().unwrap_or_default().to_owned()
}

/// The first moment of the day that a date field says, where this device is.
pub fn day_in_field(text: &str) -> Option<Timestamp> {
    from_field(&format!("{text}T00:00"))
}

/// The browser's languages, the most wanted first.
pub fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|language| language.as_string()).collect()
}

/// Name and port of this server, as the address bar shows them.
pub fn host() -> String {
    window().location().host().unwrap_or_default()
}

/// The address of this server, as in `https://chat.example.org`.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Whether the person can be looking at this page.
pub fn is_watched() -> bool {
    let document = leptos::prelude::document();
    !document.hidden() && document.has_focus().unwrap_or(false)
}

/// Whether this is used with a finger.
pub fn is_touched() -> bool {
    let query = window().match_media("(pointer: coarse)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Whether the page shows one pane at a time.
pub fn is_narrow() -> bool {
    let query = window().match_media("(width < 720px)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Whether this is a Mac, where ⌘ does what Ctrl does elsewhere.
pub fn is_mac() -> bool {
    window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"))
}

/// Loads the page anew.
pub fn reload() {
    // A page that cannot be reloaded by itself still can be by hand.
    let _ = window().location().reload();
}

/// Asks the browser not to clear what is stored here when its disk is full; some ask the person. Once for each page.
pub async fn ask_for_durable_storage() {
    if IS_DURABLE_ASKED.replace(true) {
        return;
    }
    if let Some(asked) = storage_of_site().and_then(|storage| storage.persist().ok()) {
        // A refusal is no error: `is_durable` tells.
        let _ = JsFuture::from(asked).await;
    }
}

/// Whether the browser promises not to clear what is stored here.
pub async fn is_durable() -> bool {
    let Some(asked) = storage_of_site().and_then(|storage| storage.persisted().ok()) else { return false };
    JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy())
}

/// Puts text on the clipboard. Answers whether it is there: without TLS a browser has none to offer.
pub async fn copy(text: &str) -> bool {
    if !has_in_navigator("clipboard") {
        return false;
    }
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}

/// Selects all of an element's text, to be copied by hand.
pub fn select(element: &web_sys::Node) {
    if let Ok(Some(selection)) = window().get_selection() {
        // An element in the document can be selected; one that has just gone need not be.
        let _ = selection.select_all_children(element);
    }
}

/// What is kept under a key in this browser.
pub fn kept(key: &str) -> Option<String> {
    small_storage()?.get_item(key).ok()?
}

/// Forgets everything kept under keys that begin so.
pub fn forget_all(prefix: &str) {
    let Some(storage) = small_storage() else { return };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|n| storage.key(n).ok().flatten());
    for key in keys.filter(|key| key.starts_with(prefix)).collect::<Vec<_>>() {
        let _ = storage.remove_item(&key);
    }
}

/// Keeps a short text in this browser. A browser that refuses storage forgets it with the page.
pub fn keep(key: &str, text: &str) {
    if let Some(storage) = small_storage() {
        let _ = if text.is_empty() { storage.remove_item(key) } else { storage.set_item(key, text) };
    }
}

thread_local! {
    static IS_DURABLE_ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Sets or removes an attribute of the page's root element.
pub fn set_root(name: &str, value: Option<&str>) {
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// A line in the console that shows only where debug lines are asked for.
pub fn debug(line: &str) {
    web_sys::console::debug_1(&JsValue::from_str(line));
}

fn window() -> web_sys::Window {
    leptos::prelude::window()
}

/// What only a page that counts as safe is given.
fn has_in_navigator(name: &str) -> bool {
    Reflect::get(&window().navigator(), &name.into()).is_ok_and(|found| found.is_object())
}

fn storage_of_site() -> Option<web_sys::StorageManager> {
    has_in_navigator("storage").then(|| window().navigator().storage())
}

fn small_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clocks after 1970 and below 2^53"
)]
fn timestamp(millis: f64) -> Timestamp {
    Timestamp(millis as u64)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds below 2^53")]
fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.0 as f64))
}

fn formatted(at: Timestamp, language: Language, parts: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (name, value) in parts {
        // A plain object takes every property.
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    // English as the date stands in a sentence: the day before the month, as the clock has 24 hours.
    let locale = if language == Language::En { "en-GB" } else { language.tag() };
    let locales = js_sys::Array::of1(&locale.into());
    let formatter = Intl::DateTimeFormat::new(&locales, &options);
    let written = formatter.format().call1(&JsValue::UNDEFINED, &date(at));
    written.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Does something when the browser has nothing else to do; at once where it does not tell.
pub fn when_idle(act: fn()) {
    if js_sys::Reflect::has(&window(), &"requestIdleCallback".into()).unwrap_or(false) {
        leptos::leptos_dom::helpers::request_idle_callback(act);
    } else {
        act();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// A moment of this device's own calendar.
    fn local(year: u32, month: i32, day: i32, hour: i32, minute: i32) -> Timestamp {
        let date = Date::new_with_year_month_day_hr_min(year, month - 1, day, hour, minute);
        timestamp(date.get_time())
    }

    #[wasm_bindgen_test]
    fn days_change_at_midnight_here() {
        let evening = day_of(local(2026, 3, 3, 23, 59));
        assert_eq!(day_of(local(2026, 3, 3, 0, 0)), evening);
        assert_eq!(day_of(local(2026, 3, 4, 0, 0)), evening + 1);
    }

    #[wasm_bindgen_test]
    fn times_and_dates_read_as_people_write_them() {
        let at = local(2024, 3, 5, 9, 7);
        assert_eq!(time_of_day(at), "09:07");
        // Versions of the Unicode data differ in the comma.
        assert_eq!(day_name(at, Language::En).replace(',', ""), "Tuesday 5 March 2024");
        assert_eq!(day_name(at, Language::Zh), "2024年3月5日星期二");
        assert_eq!(date_of(at, Language::Zh), "2024年3月5日");
        assert_eq!(short_when(at, Language::En), "5 Mar");
        assert_eq!(short_when(now(), Language::En), time_of_day(now()));
        assert_eq!(to_field(at), "2024-03-05T09:07");
        assert_eq!(from_field("2024-03-05T09:07"), Some(at));
        assert_eq!(from_field("soon"), None);
        assert_eq!(time_of_day(on_day(1, 9, 0)), "09:00");
        assert_eq!(day_of(on_day(1, 9, 0)), day_of(now()) + 1);
    }
}
