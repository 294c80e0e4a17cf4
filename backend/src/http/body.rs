//! The JSON body of a request, and what is wrong with it when it is not as it must be.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::code::Code;
use shared::http::{InvitationCode, SignIn, SignUp};
use shared::text::{DisplayName, Password, TextError, UserName};

use crate::error::Error;

/// Largest body, in bytes.
const BYTES: usize = 64 * 1024;

/// What a field must be; says what is wrong with it.
type Rule = fn(&str) -> Option<TextError>;

/// A request that knows the rules of its fields.
pub(super) trait Fields: DeserializeOwned {
    /// Each field and its rule, in the order in which a form shows them.
    const FIELDS: &'static [(&'static str, Rule)];
}

impl Fields for SignUp {
    const FIELDS: &'static [(&'static str, Rule)] = &[
        ("name", |text| UserName::try_from(text).err()),
        ("display", |text| DisplayName::try_from(text).err()),
        ("password", |text| Password::try_from(text.to_owned()).err()),
        ("invitation", |text| InvitationCode::try_from(text.to_owned()).err()),
    ];
}

impl Fields for SignIn {
    const FIELDS: &'static [(&'static str, Rule)] = &[
        ("name", |text| UserName::try_from(text).err()),
        ("password", |text| Password::try_from(text.to_owned()).err()),
    ];
}

/// A request's body, read and checked.
pub(super) struct Sent<T>(pub(super) T);

impl<T: Fields, S: Sync> FromRequest<S> for Sent<T> {
    type Rejection = Error;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Error> {
        if !request.headers().contains_key(header::CONTENT_TYPE) {
            return Err(Error::NotJson);
        }
        let bytes = to_bytes(request.into_body(), BYTES).await.map_err(|_| Error::Refused(Code::TooLarge))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| diagnose::<T>(&bytes))
    }
}

/// Lets no form through: a page elsewhere can send one without asking. Compressed bodies are not read, either.
pub(super) async fn only_json(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if headers.contains_key(header::CONTENT_ENCODING) || is_other_type(headers) {
        return Error::NotJson.into_response();
    }
    next.run(request).await
}

fn is_other_type(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(header::CONTENT_TYPE) else { return false };
    let essence = content_type.to_str().ok().and_then(|text| text.split(';').next()).unwrap_or_default();
    !essence.trim().eq_ignore_ascii_case("application/json")
}

fn diagnose<T: Fields>(bytes: &[u8]) -> Error {
    let body: Value = serde_json::from_slice(bytes).unwrap_or(Value::Null);
    let wrong = T::FIELDS.iter().find_map(|(field, rule)| {
        let cause = rule(body.get(field)?.as_str()?)?;
        Some(Error::Field { field, cause })
    });
    wrong.unwrap_or(Error::Refused(Code::Malformed))
}
