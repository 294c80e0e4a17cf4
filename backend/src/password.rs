//! Hashing passwords with argon2id, two at a time, away from the async threads.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use argon2::password_hash::{
    Error as HashError, PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString,
};
use argon2::{Algorithm, Argon2, Params, Version};
use shared::text::Password;
use tokio::sync::Semaphore;

/// 46 MiB, one pass, one lane: a set of parameters that OWASP recommends.
const MEMORY_KIB: u32 = 46 * 1024;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many are hashed at once: 92 MiB and two threads at most.
const AT_ONCE: usize = 2;

/// Why nothing was hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many others are waiting.
    #[error("too many passwords at once")]
    Busy,
    /// A stored hash that cannot be read, or no randomness.
    #[error("cannot hash a password: {0}")]
    Fault(String),
}

/// Hashes and compares, with a bound on how many at once.
pub struct Passwords {
    turns: Arc<Semaphore>,
    nobody: Arc<OnceLock<String>>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), nobody: Arc::default() }
    }
}

impl Passwords {
    /// The hash of a password as a PHC string.
    pub async fn hash(&self, password: Password) -> Result<String, PasswordError> {
        self.in_turn(move || hash(password.reveal())).await
    }

    /// Whether `password` has this hash. Without one (an unknown name) it takes as long and says no.
    pub async fn matches(&self, password: Password, stored: Option<String>) -> Result<bool, PasswordError> {
        let nobody = Arc::clone(&self.nobody);
        self.in_turn(move || {
            if let Some(stored) = stored {
                return verify(password.reveal(), &stored);
            }
            let stored = nobody.get_or_init(|| hash("nobody").unwrap_or_default());
            verify(password.reveal(), stored).map(|_| false)
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(PasswordError::Busy) };
        let working = tokio::task::spawn_blocking(move || {
            // Held until the work is done, also when nobody waits for it any more.
            let _turn = turn;
            work()
        });
        working.await.map_err(|error| PasswordError::Fault(error.to_string()))?
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params =
        Params::new(MEMORY_KIB, 1, 1, None).map_err(|error| PasswordError::Fault(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, PasswordError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| PasswordError::Fault(error.to_string()))?;
    let salt = SaltString::encode_b64(&salt).map_err(fault)?;
    Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(fault)?.to_string())
}

fn verify(password: &str, stored: &str) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(fault)?;
    match argon2()?.verify_password(password.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(HashError::Password) => Ok(false),
        Err(error) => Err(fault(error)),
    }
}

fn fault(error: HashError) -> PasswordError {
    PasswordError::Fault(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_and_nothing_else() {
        let passwords = Passwords::default();
        let secret = || Password::try_from("correct horse".to_owned()).unwrap();
        let stored = passwords.hash(secret()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
        assert!(passwords.matches(secret(), Some(stored.clone())).await.unwrap());
        let other = Password::try_from("battery staple".to_owned()).unwrap();
        assert!(!passwords.matches(other, Some(stored)).await.unwrap());
        assert!(!passwords.matches(secret(), None).await.unwrap());
    }
}
