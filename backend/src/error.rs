//! What went wrong, and the one place that knows which code and HTTP status that is.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::code::Code;
use shared::http::Refusal;
use shared::text::TextError;

use crate::meter;
use crate::password::PasswordError;
use crate::store::StoreError;
use crate::token::NoRandomness;

/// Why a request or deed was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No password was hashed or compared.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// There was no randomness for a secret.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// A rule of ours says no.
    #[error("refused: {0:?}")]
    Refused(Code),
    /// A field of the request is not as it must be.
    #[error("refused because of {field}: {cause}")]
    Field {
        /// Which one.
        field: &'static str,
        /// What is wrong with it.
        cause: TextError,
    },
    /// Too many tries; seconds until the next.
    #[error("too many tries")]
    TooFast(u32),
    /// The answer took too long.
    #[error("not answered in time")]
    Late,
    /// A body that is not said to be JSON.
    #[error("the body is not application/json")]
    NotJson,
    /// This path does not take this method.
    #[error("no such method here")]
    NoSuchMethod,
    /// A socket that offers subprotocols, and ours is not among them.
    #[error("the socket offers other subprotocols than magpie.v1")]
    NoSubprotocol,
    /// A plain request where a WebSocket upgrade is wanted.
    #[error("not a WebSocket upgrade")]
    NoUpgrade,
    /// Something that cannot happen did; the text is for the log.
    #[error("fault: {0}")]
    Fault(String),
}

impl Error {
    /// What the one who asked is told.
    pub fn code(&self) -> Code {
        match self {
            Self::Store(error) => match error {
                StoreError::NotFound => Code::NotFound,
                StoreError::TooMany => Code::TooLarge,
                StoreError::TooFew => Code::TooShort,
                StoreError::NameTaken => Code::NameTaken,
                StoreError::RegistrationClosed => Code::RegistrationClosed,
                StoreError::InvitationNeeded => Code::InvitationNeeded,
                StoreError::NotAllowed | StoreError::TooManyConversations => Code::NotAllowed,
                StoreError::TooLate => Code::TooLate,
                StoreError::Full => Code::StorageFull,
                StoreError::Fault(_) => Code::Internal,
            },
            Self::Password(PasswordError::Busy) | Self::Late => Code::Busy,
            Self::Password(PasswordError::Fault(_)) | Self::NoRandomness(_) | Self::Fault(_) => {
                Code::Internal
            }
            Self::Refused(code) => *code,
            Self::Field { cause, .. } => (*cause).into(),
            Self::TooFast(_) => Code::TooFast,
            Self::NotJson | Self::NoSuchMethod | Self::NoSubprotocol | Self::NoUpgrade => Code::Malformed,
        }
    }

    /// Milliseconds until a new try makes sense, for codes that pass.
    pub fn retry_after_ms(&self) -> Option<u32> {
        match self {
            Self::TooFast(seconds) => Some(seconds.saturating_mul(1_000)),
            other => other.code().is_passing().then_some(2_000),
        }
    }

    /// Writes the cause to the log, if it is a fault of ours for someone to act on.
    pub fn log(&self) {
        if matches!(self.code(), Code::Internal | Code::StorageFull) {
            tracing::error!(error = %self, "could not do what was asked: {self}");
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Late => StatusCode::REQUEST_TIMEOUT,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NoSuchMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoUpgrade => StatusCode::UPGRADE_REQUIRED,
            other => status(other.code()),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Field { field, .. } => Some(field),
            Self::NoSubprotocol => Some("sec-websocket-protocol"),
            Self::NotJson => Some("content-type"),
            Self::Store(StoreError::NameTaken) => Some("name"),
            Self::Store(StoreError::InvitationNeeded) => Some("invitation"),
            _ => None,
        }
    }
}

const fn status(code: Code) -> StatusCode {
    match code {
        Code::Malformed | Code::UnknownKind => StatusCode::BAD_REQUEST,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::Empty | Code::TooShort | Code::TooLong | Code::BadCharacter => StatusCode::UNPROCESSABLE_ENTITY,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::NotAllowed | Code::RegistrationClosed | Code::InvitationNeeded | Code::BadOrigin => {
            StatusCode::FORBIDDEN
        }
        Code::NameTaken | Code::TooLate => StatusCode::CONFLICT,
        Code::WrongCredentials | Code::SignedOut => StatusCode::UNAUTHORIZED,
        Code::TooFast => StatusCode::TOO_MANY_REQUESTS,
        Code::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Code::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        Code::Internal | Code::Unreachable | Code::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        meter::refused(self.code());
        let retry_after = self.retry_after_ms().map(|millis| millis.div_ceil(1_000));
        let refusal = Refusal { code: self.code(), field: self.field().map(ToOwned::to_owned), retry_after };
        let mut response = (self.status(), Json(refusal)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
