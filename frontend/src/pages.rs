//! The pages that the router leads to.

mod chat;
mod gate;
mod settings;
mod sign_in;
mod sign_up;

pub use chat::Chat;
pub use settings::Settings;
pub use sign_in::SignIn;
pub use sign_up::SignUp;
