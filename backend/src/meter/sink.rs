//! Where counts go: to the recorder of the page, if there is one.

pub(super) fn count(name: &'static str) {
    metrics::counter!(name).increment(1);
}

pub(super) fn count_by(name: &'static str, label: &'static str, value: &'static str) {
    metrics::counter!(name, label => value).increment(1);
}

pub(super) fn level(name: &'static str, by: f64) {
    metrics::gauge!(name).increment(by);
}

pub(super) fn sample(name: &'static str, value: f64) {
    metrics::histogram!(name).record(value);
}
