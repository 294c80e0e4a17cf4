//! Where counts go in a build without a page for them: nowhere.

pub(super) const fn count(_: &'static str) {}

pub(super) const fn count_by(_: &'static str, _: &'static str, _: &'static str) {}

pub(super) const fn level(_: &'static str, _: f64) {}

pub(super) const fn sample(_: &'static str, _: f64) {}
