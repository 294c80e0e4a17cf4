//! Where one is in a timeline, in pixels: what is being read stays where it is, whatever grows above or below it.
//!
//! The browser's own scroll anchoring is switched off: Safari has none, and the others' would work against this one.
//! Places are measured from the top of the content, so that they do not depend on how far one has scrolled since.

use js_sys::Reflect;
use shared::id::Seq;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlCollection, HtmlElement};

/// Whoever is so near to the end, in pixels, stays at the end.
const NEAR_BOTTOM: f64 = 40.0;
/// Where the divider stands after opening, in pixels below the top: clear of the floating date.
const FRESH_AT: f64 = 56.0;
/// Rows whose places are remembered: more than one, since the first may be the one that goes.
const HELD: u32 = 8;

/// The scrolling element of one timeline, and what was last seen in it.
pub(super) struct Scroll {
    view: HtmlElement,
    /// All rows, as a live list.
    rows: HtmlCollection,
    held: Vec<Held>,
    sticks: bool,
    newest: Option<String>,
    /// Whether the end of the content is the live end, with which one goes along.
    pub(super) is_live: bool,
    /// Heights of content and view when they were last looked at.
    sizes: (i32, i32),
}

/// A row on the screen, by its lower edge: its upper one moves when it loses or gains the author's name.
struct Held {
    key: String,
    bottom: f64,
}

impl Scroll {
    pub(super) fn new(view: HtmlElement) -> Self {
        let rows = view.get_elements_by_class_name("item");
        Self { view, rows, held: Vec::new(), sticks: false, newest: None, is_live: true, sizes: (0, 0) }
    }

    /// Goes to the divider of what is new, else to the end.
    pub(super) fn land(&mut self) {
        self.set_top(self.fresh_top().unwrap_or_else(|| self.lowest()));
        self.newest = self.newest_key();
        self.look();
    }

    /// Goes to the end.
    pub(super) fn jump(&mut self) {
        self.set_top(self.lowest());
        self.look();
    }

    /// Goes to the row of a place, or the first one after it: into the middle, or so that its lower edge stands where it
    /// stood.
    pub(super) fn go(&mut self, seq: Seq, bottom: Option<f64>) {
        let Some(row) = self.row_at(seq) else { return };
        let lower = self.bottom_of(&row);
        let height = row.get_bounding_client_rect().height();
        let middle = || (lower - height / 2.0 - self.height() / 2.0).min(lower - height - FRESH_AT);
        self.set_top(bottom.map_or_else(middle, |bottom| lower - bottom));
        self.newest = self.newest_key();
        self.look();
    }

    /// Whether a place has a row.
    pub(super) fn has(&self, seq: Seq) -> bool {
        self.view.query_selector(&format!("[data-seq=\"{seq}\"]")).is_ok_and(|row| row.is_some())
    }

    /// The first message in sight, and its lower edge from the top of the view.
    pub(super) fn place(&self) -> Option<(Seq, f64)> {
        let mut rows = (self.first_ending_after(self.top())..).map_while(|at| self.rows.item(at));
        rows.find_map(|row| Some((seq_of(&row)?, self.bottom_of(&row) - self.top())))
    }

    /// The place of the first message in sight.
    pub(super) fn first_seen(&self) -> Option<Seq> {
        self.place().map(|(seq, _)| seq)
    }

    /// Whether one goes along with what comes.
    pub(super) fn sticks(&self) -> bool {
        self.sticks
    }

    /// The view scrolled: remembers where one is. When it was no person, but the view settling while its size changed
    /// once more, it only settles again.
    pub(super) fn scrolled(&mut self, is_watched: bool) {
        if self.sizes == self.sizes_now() { self.look() } else { self.settle(is_watched) }
    }

    /// Rows or sizes changed: moves the content back to where it was, or on to its end for one who is there.
    pub(super) fn settle(&mut self, is_watched: bool) {
        let newest = self.newest_key();
        let has_just_spoken = newest != self.newest && self.newest_is_on_its_way();
        self.newest = newest;
        if has_just_spoken {
            // Whoever speaks sees it, and all that stands above it.
            self.sticks = true;
            self.set_top(self.lowest());
        } else if self.sticks && self.is_live {
            // What changes no size has moved nothing, and somebody may just be scrolling away.
            if self.sizes != self.sizes_now() {
                self.follow(is_watched);
            }
        } else {
            return self.put_back();
        }
        self.hold();
    }

    /// The place of the last message whose end is on the screen or above.
    pub(super) fn last_seen(&self) -> Option<Seq> {
        let end = self.top() + self.height() + 1.0;
        let mut rows = (0..self.first_ending_after(end)).rev().filter_map(|at| self.rows.item(at));
        rows.find_map(|row| seq_of(&row))
    }

    /// Whether it is time to fetch what is older: two screens ahead.
    pub(super) fn is_near_top(&self) -> bool {
        self.top() < 2.0 * self.height()
    }

    /// The same below, where the content ends before the live end.
    pub(super) fn is_near_end(&self) -> bool {
        self.lowest() - self.top() < 2.0 * self.height()
    }

    pub(super) fn is_at_bottom(&self) -> bool {
        self.lowest() - self.top() < NEAR_BOTTOM
    }

    /// To the end; but for one who looks elsewhere, no further than to the first message they have not seen.
    fn follow(&self, is_watched: bool) {
        let end = self.lowest();
        let target = if is_watched { end } else { self.fresh_top().map_or(end, |fresh| fresh.min(end)) };
        if target > self.top() || is_watched {
            self.set_top(target);
        }
    }

    /// Remembers where one is, and whether that is the end.
    pub(super) fn look(&mut self) {
        self.sticks = self.is_live && self.is_at_bottom();
        self.hold();
    }

    /// Moves the content back to where it was. The same rows are held on: what came between them may still grow or
    /// shrink before it is painted.
    fn put_back(&mut self) {
        let held = self.held.iter().filter_map(|held| Some((self.row(&held.key)?, held)));
        let held: Vec<(Element, &Held)> = held.collect();
        let Some((first, was)) = held.first() else { return self.hold() };
        let moved = self.bottom_of(first) - was.bottom;
        if moved.abs() >= 0.5 {
            self.set_top(self.top() + moved);
        }
        let held = held.iter().map(|(row, held)| Held { key: held.key.clone(), bottom: self.bottom_of(row) });
        self.held = held.collect();
        self.sizes = self.sizes_now();
    }

    fn row(&self, key: &str) -> Option<Element> {
        self.view.query_selector(&format!("[data-key=\"{key}\"]")).ok()?
    }

    fn hold(&mut self) {
        self.sizes = self.sizes_now();
        let first = self.first_ending_after(self.top());
        let rows = (first..first + HELD).map_while(|at| self.rows.item(at));
        let held = rows.filter_map(|row| {
            let key = row.get_attribute("data-key")?;
            Some(Held { key, bottom: self.bottom_of(&row) })
        });
        self.held = held.collect();
    }

    fn newest_key(&self) -> Option<String> {
        self.last_row()?.get_attribute("data-key")
    }

    /// What was just said here has no place in the log yet.
    fn newest_is_on_its_way(&self) -> bool {
        self.last_row()
            .is_some_and(|row| row.class_list().contains("is-mine") && !row.has_attribute("data-seq"))
    }

    fn last_row(&self) -> Option<Element> {
        self.rows.item(self.rows.length().checked_sub(1)?)
    }

    /// The first row whose lower edge lies below `y`; rows stand in order, so halving finds it.
    fn first_ending_after(&self, y: f64) -> u32 {
        let (mut low, mut high) = (0, self.rows.length());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.rows.item(middle).is_some_and(|row| self.bottom_of(&row) <= y) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Rows stand in the order of the log; the divider and what is on its way have no place in it.
    pub(super) fn row_at(&self, seq: Seq) -> Option<Element> {
        let rows = (0..self.rows.length()).filter_map(|at| self.rows.item(at));
        let mut last = None;
        for row in rows {
            if let Some(place) = seq_of(&row) {
                let is_there = place >= seq;
                last = Some(row);
                if is_there {
                    break;
                }
            }
        }
        last
    }

    fn fresh_top(&self) -> Option<f64> {
        let fresh = self.view.query_selector(".fresh").ok()??;
        let top = fresh.get_bounding_client_rect().top() - self.view.get_bounding_client_rect().top();
        Some((top + self.top() - FRESH_AT).max(0.0).min(self.lowest()))
    }

    fn bottom_of(&self, row: &Element) -> f64 {
        row.get_bounding_client_rect().bottom() - self.view.get_bounding_client_rect().top() + self.top()
    }

    /// How far down one can scroll.
    fn lowest(&self) -> f64 {
        f64::from(self.view.scroll_height() - self.view.client_height()).max(0.0)
    }

    fn sizes_now(&self) -> (i32, i32) {
        (self.view.scroll_height(), self.view.client_height())
    }

    fn height(&self) -> f64 {
        f64::from(self.view.client_height())
    }

    /// With its fraction, which `scroll_top` of web-sys drops.
    fn top(&self) -> f64 {
        Reflect::get(&self.view, &"scrollTop".into()).ok().and_then(|top| top.as_f64()).unwrap_or(0.0)
    }

    fn set_top(&self, top: f64) {
        // Every element takes it.
        let _ = Reflect::set(&self.view, &"scrollTop".into(), &JsValue::from_f64(top));
    }
}

/// The place in the log that a row shows.
pub(super) fn seq_of(row: &Element) -> Option<Seq> {
    row.get_attribute("data-seq")?.parse::<u64>().ok()?.try_into().ok()
}
