//! Secrets that this server gives out: 256 random bits, of which only a hash is kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::store::SecretHash;

/// Letters and digits that nobody takes for each other when reading them aloud.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters of an invitation code; 5 bits each.
const CODE_CHARS: usize = 20;

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

/// The secret of a signed-in device, as its owner keeps it: 43 characters of base64url.
pub fn session() -> Result<String, NoRandomness> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// The secret of an invitation: 20 letters and digits, 100 bits.
pub fn invitation() -> Result<String, NoRandomness> {
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
    Ok(random::<CODE_CHARS>()?.iter().map(letter).collect())
}

/// A value that a page's scripts must show to run: 128 bits.
pub fn nonce() -> Result<String, NoRandomness> {
    Ok(URL_SAFE_NO_PAD.encode(random::<16>()?))
}

/// What the store keeps of a secret. The secret is random, so nothing slower than SHA-256 is needed.
pub fn hash(secret: &str) -> SecretHash {
    SecretHash(Sha256::digest(secret.as_bytes()).into())
}

fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_their_length_and_differ() {
        let (one, other) = (session().unwrap(), session().unwrap());
        assert_eq!((one.len(), other.len()), (43, 43));
        assert_ne!(hash(&one), hash(&other));
        assert!(shared::http::InvitationCode::try_from(invitation().unwrap()).is_ok());
    }
}
