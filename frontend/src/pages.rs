//! The pages that the router leads to.

mod chat;
mod gate;
mod settings;
mod sign_in;
mod sign_up;

pub use chat::Chat;
pub use sign_in::SignIn;

use leptos::prelude::*;

use crate::later::later;
use settings::Settings;
use sign_up::SignUp;

later! {
    /// The settings.
    pub fn settings_page() in settings { view! { <Settings/> }.into_any() }
}

later! {
    /// Making an account.
    pub fn sign_up_page() in gate { view! { <SignUp/> }.into_any() }
}
