//! Signing up, in and out; inviting.

use std::sync::Arc;
use std::time::Duration;

use shared::code::Code;
use shared::http::{Invitation, Registration, SignIn, SignUp, SignedIn};
use shared::id::{SessionId, Timestamp};
use shared::model::Person;
use shared::permission::Act;

use crate::access;
use crate::app::App;
use crate::bus::Event;
use crate::error::Error;
use crate::limits::Network;
use crate::meter;
use crate::store::{Admission, NewAccount, SecretHash, Session, SignedUp, StoreError};
use crate::token;

/// How long a session lasts after it was last used: 90 days, in milliseconds.
pub const SESSION_LASTS: u64 = 90 * DAY;
/// How long an invitation can be used: 7 days, in milliseconds.
const INVITATION_LASTS: u64 = 7 * DAY;
/// That a session was used is noted once an hour: nothing depends on minutes here.
const NOTED_EVERY: u64 = 60 * 60 * 1_000;
const DAY: u64 = 24 * 60 * 60 * 1_000;

/// A new session and its secret, which is shown this once.
pub struct NewSession {
    /// Whose, and which.
    pub signed_in: SignedIn,
    /// The secret.
    pub token: String,
}

/// Makes an account and signs it in.
pub async fn sign_up(app: &Arc<App>, wanted: SignUp, from: Network) -> Result<NewSession, Error> {
    let now = app.clock.now();
    app.sign_ups.begin(from, now).map_err(too_fast)?;
    let made = make_account(app, wanted).await;
    if made.is_err() {
        app.sign_ups.take_back(&from, now);
    }
    made
}

async fn make_account(app: &Arc<App>, wanted: SignUp) -> Result<NewSession, Error> {
    let admission = match app.config.registration {
        Registration::Open => Admission::Open,
        Registration::Invitation => {
            Admission::Invitation(wanted.invitation.as_ref().map(|code| token::hash(code.as_str())))
        }
        Registration::Closed => Admission::Closed,
    };
    // Asked again within the transaction; here it only saves the hashing.
    if matches!(admission, Admission::Closed) && app.store.is_owned().await? {
        return Err(StoreError::RegistrationClosed.into());
    }
    let password = app.passwords.hash(wanted.password).await?;
    let token = token::session()?;
    let account = NewAccount {
        name: wanted.name,
        display: wanted.display,
        password,
        token: token::hash(&token),
        at: app.clock.now(),
    };
    let app = Arc::clone(app);
    // A task of its own: who hangs up in the middle must not keep the others from hearing of the new account.
    let work = app.tasks.clone().spawn(async move {
        let signed_up = app.store.sign_up(account, admission).await?;
        let SignedUp { person: me, session, changes } = signed_up;
        for change in changes {
            app.bus.publish(Event::Changed(change)).await;
            meter::published();
        }
        tracing::info!(user.id = %me.id, "made account {}", me.id);
        Ok(NewSession { signed_in: SignedIn { me, session }, token })
    });
    work.await.map_err(|error| Error::Fault(error.to_string()))?
}

/// Checks name and password and signs a device in.
pub async fn sign_in(app: &App, wanted: SignIn, from: Network) -> Result<NewSession, Error> {
    let (who, now) = ((wanted.name.clone(), from), app.clock.now());
    // Noted before the hashing, which takes a while: many at once would all find room otherwise.
    app.sign_ins_in_all.begin(from, now).map_err(too_fast)?;
    if let Err(wait) = app.sign_ins.begin(who.clone(), now) {
        app.sign_ins_in_all.take_back(&from, now);
        return Err(too_fast(wait));
    }
    match recognise(app, wanted).await {
        Ok(Some(person)) => {
            app.sign_ins.forgive(&who);
            app.sign_ins_in_all.take_back(&from, now);
            begin_session(app, person).await
        }
        Ok(None) => {
            meter::sign_in_failed();
            Err(Error::Refused(Code::WrongCredentials))
        }
        Err(error) => {
            app.sign_ins.take_back(&who, now);
            app.sign_ins_in_all.take_back(&from, now);
            Err(error)
        }
    }
}

/// Whose name and password these are.
async fn recognise(app: &App, wanted: SignIn) -> Result<Option<Person>, Error> {
    let known = match app.store.credentials(wanted.name).await {
        Ok(known) => Some(known),
        Err(StoreError::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let (person, stored) = known.map(|known| (known.person, known.password)).unzip();
    let matches = app.passwords.matches(wanted.password, stored).await?;
    Ok(person.filter(|_| matches))
}

fn too_fast(wait: Duration) -> Error {
    Error::TooFast(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).max(1))
}

/// The session that this token belongs to.
pub async fn session(app: &App, token: SecretHash) -> Result<Session, Error> {
    let now = app.clock.now();
    let seen_after = Timestamp(now.0.saturating_sub(SESSION_LASTS));
    let session = match app.store.session(token, seen_after).await {
        Err(StoreError::NotFound) => return Err(Error::Refused(Code::SignedOut)),
        other => other?,
    };
    if now.since(session.seen_at) > NOTED_EVERY {
        // Whoever only reads must not be shut out by a disk that is full.
        if let Err(error) = app.store.touch_session(session.id, now).await {
            tracing::error!(%error, "could not note that a session was used: {error}");
        }
    }
    Ok(session)
}

/// Signs a device out and closes its sockets.
pub async fn sign_out(app: &Arc<App>, session: SessionId) -> Result<(), Error> {
    let app = Arc::clone(app);
    // A task of its own: who hangs up in the middle must not leave sockets open that nobody can close any more.
    let work = app.tasks.clone().spawn(async move {
        app.store.end_session(session).await?;
        app.bus.publish(Event::Revoked { session }).await;
        Ok(())
    });
    work.await.map_err(|error| Error::Fault(error.to_string()))?
}

/// Makes an invitation for one account.
pub async fn invite(app: &App, by: &Person) -> Result<Invitation, Error> {
    access::allowed(by, Act::Invite)?;
    let code = token::invitation()?;
    let expires_at = app.clock.now().after(INVITATION_LASTS);
    app.store.invite(by.id, token::hash(&code), expires_at).await?;
    let code = code.try_into().map_err(|_| Error::Fault("made a code that is none".to_owned()))?;
    Ok(Invitation { code, expires_at })
}

async fn begin_session(app: &App, me: Person) -> Result<NewSession, Error> {
    let token = token::session()?;
    let session = app.store.add_session(me.id, token::hash(&token), app.clock.now()).await?;
    Ok(NewSession { signed_in: SignedIn { me, session }, token })
}
