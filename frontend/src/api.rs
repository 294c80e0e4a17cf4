//! What is asked over HTTP, and the connection test.

use gloo_net::http::{Request, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::code::Code;
use shared::http::{
    Channels, Invitation, Moment, People, Pins, Refusal, Replies, Results, Server, SignIn, SignUp, SignedIn,
    Versions,
};
use shared::id::{ConversationId, Seq, Timestamp};
use shared::json;

/// What this server says of itself to anyone.
pub async fn server() -> Result<Server, Refusal> {
    get("/api/server", &[]).await
}

/// Who is signed in on this device.
pub async fn session() -> Result<SignedIn, Refusal> {
    get("/api/session", &[]).await
}

/// Signs in.
pub async fn sign_in(request: &SignIn) -> Result<SignedIn, Refusal> {
    post("/api/sessions", request).await
}

/// Makes an account and signs it in.
pub async fn sign_up(request: &SignUp) -> Result<SignedIn, Refusal> {
    post("/api/accounts", request).await
}

/// Signs this device out.
pub async fn sign_out() -> Result<(), Refusal> {
    sent(Request::delete("/api/session")).await.map(drop)
}

/// People whose names contain a text.
pub async fn people(query: &str) -> Result<People, Refusal> {
    get("/api/people", &[("q", query)]).await
}

/// Channels whose names contain a text.
pub async fn channels(query: &str) -> Result<Channels, Refusal> {
    get("/api/channels", &[("q", query)]).await
}

/// Who is in a conversation.
pub async fn members(conversation: ConversationId) -> Result<People, Refusal> {
    get(&format!("/api/conversations/{conversation}/members"), &[]).await
}

/// What is found under these conditions.
pub async fn search(query: &[(&str, &str)]) -> Result<Results, Refusal> {
    get("/api/search", query).await
}

/// The first place of a conversation at or after a moment.
pub async fn first_at(conversation: ConversationId, time: Timestamp) -> Result<Moment, Refusal> {
    get(&format!("/api/conversations/{conversation}/at"), &[("time", &time.0.to_string())]).await
}

/// What a message said before, and says now.
pub async fn versions(conversation: ConversationId, seq: Seq) -> Result<Versions, Refusal> {
    get(&format!("/api/conversations/{conversation}/messages/{seq}/versions"), &[]).await
}

/// What is pinned to a conversation.
pub async fn pins(conversation: ConversationId) -> Result<Pins, Refusal> {
    get(&format!("/api/conversations/{conversation}/pins"), &[]).await
}

/// The newest replies in a thread before a place, or of all.
pub async fn replies(
    conversation: ConversationId,
    thread: Seq,
    before: Option<Seq>,
) -> Result<Replies, Refusal> {
    let before = before.map(|before| before.to_string());
    let query = before.as_deref().map(|before| ("before", before));
    get(&format!("/api/conversations/{conversation}/threads/{thread}"), query.as_slice()).await
}

/// The newest messages with links in a conversation.
pub async fn links(conversation: ConversationId) -> Result<Results, Refusal> {
    get("/api/search", &[("in", &conversation.to_string()), ("has", "link")]).await
}

/// A request that says nothing.
#[derive(Serialize)]
struct Nothing {}

/// An invitation for one new person.
pub async fn invite() -> Result<Invitation, Refusal> {
    post("/api/invitations", &Nothing {}).await
}

async fn get<T: DeserializeOwned>(path: &str, query: &[(&str, &str)]) -> Result<T, Refusal> {
    read(sent(Request::get(path).query(query.iter().copied())).await?).await
}

async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, Refusal> {
    let body = json::write(body).map_err(|_| refusal(Code::Malformed))?;
    let request = Request::post(path).header("Content-Type", "application/json").body(body);
    let request = request.map_err(|_| refusal(Code::Malformed))?;
    let response = request.send().await.map_err(|_| unreachable())?;
    read(checked(response).await?).await
}

async fn sent(request: RequestBuilder) -> Result<Response, Refusal> {
    checked(request.send().await.map_err(|_| unreachable())?).await
}

async fn checked(response: Response) -> Result<Response, Refusal> {
    if response.ok() {
        return Ok(response);
    }
    let said = response.text().await.unwrap_or_default();
    Err(json::read(&said).unwrap_or_else(|_| unreachable()))
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Refusal> {
    let said = response.text().await.map_err(|_| refusal(Code::Malformed))?;
    json::read(&said).map_err(|_| refusal(Code::Malformed))
}

/// No answer, or one that no server of ours gives: try again later.
fn unreachable() -> Refusal {
    refusal(Code::Unreachable)
}

fn refusal(code: Code) -> Refusal {
    Refusal { code, field: None, retry_after: None }
}
