//! The pages that the router leads to.

mod chat;
mod gate;
mod settings;
mod sign_in;
mod sign_up;

pub use sign_in::SignIn;

use leptos::prelude::*;

use crate::later::later;
use chat::Chat;
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

later! {
    /// The conversations: whoever signs in has time to load them meanwhile.
    pub fn chat_page() in chat { view! { <Chat/> }.into_any() }
}
