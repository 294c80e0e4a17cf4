//! Closures of views behind one type for what they give: what leptos makes of a closure is compiled anew for each type
//! that it meets. ARCHITECTURE.md has what the page where one talks weighs with it; what it saves alone was not measured.

use leptos::prelude::*;

/// What is shown, and shown anew whenever what it reads changes.
pub fn live<V: IntoAny>(mut make: impl FnMut() -> V + Send + 'static) -> AnyView {
    let make: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || make().into_any());
    make.into_any()
}

/// A value that is made of others, and known to have changed only when it is another one.
pub fn memo<T: PartialEq + Send + Sync + 'static>(
    make: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let make: Make<T> = Box::new(make);
    Memo::new(make)
}

/// What makes the next value of the one before.
type Make<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

/// Does something to the world outside, and again whenever what it reads changes.
pub fn effect(act: impl FnMut() + 'static) {
    let mut act: Box<dyn FnMut()> = Box::new(act);
    Effect::new(move |_| act());
}

/// Shows its children while this holds.
#[component]
pub fn Show(#[prop(into)] when: Signal<bool>, children: ChildrenFn) -> impl IntoView {
    let holds = memo(move |_| when.get());
    live(move || holds.get().then(|| children()))
}
