//! How long a search takes over HTTP among many messages, by kind of query.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use backend::clock::{Clock as _, SystemClock};
use backend::store::{SqliteStore, Store as _};
use backend::token;
use clap::Args;
use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::fill;
use crate::http;
use crate::latency::Spread;
use crate::server::Site;

/// What is aimed at, at the 99th percentile.
const AIM: Duration = Duration::from_millis(50);

/// On what, and how often.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    seed: fill::Plan,
    /// How often each query is asked
    #[arg(long, default_value_t = 200)]
    times: usize,
}

/// A kind of query.
struct Kind {
    name: &'static str,
    /// Asked by who is in few conversations.
    is_quiet: bool,
    query: String,
}

/// Fills the folder if it is empty, starts the server on it and asks.
pub(crate) async fn run(program: &Path, plan: Plan) -> Result<bool> {
    if !fill::is_filled(&plan.seed.data) {
        println!("Filling {} first: some minutes.", plan.seed.data.display());
        fill::run(plan.seed.clone()).await?;
    }
    let (busy, quiet) = {
        let store = SqliteStore::open(&plan.seed.data, SystemClock.now())?;
        (sign_in(&store, fill::BUSY).await?, sign_in(&store, fill::QUIET).await?)
    };
    let server = Site::new(program, &plan.seed.data).start().await?;
    let mut is_quick = true;
    println!("{:<44} {:>5} {:>9} {:>9} {:>9}", "query", "hits", "p50", "p99", "most");
    for kind in kinds() {
        let token = if kind.is_quiet { &quiet } else { &busy };
        is_quick &= measure(server.address, token, &kind, plan.times).await?;
    }
    let millis = AIM.as_millis();
    println!(
        "{}",
        if is_quick {
            format!("all below {millis} ms at p99")
        } else {
            format!("NOT all below {millis} ms at p99")
        }
    );
    Ok(is_quick)
}

fn kinds() -> Vec<Kind> {
    let month = SystemClock.now().0 - 400 * 24 * 60 * 60 * 1_000;
    let kinds = [
        ("a very common character", false, "q=的".to_owned()),
        ("a common word", false, "q=我们".to_owned()),
        ("a rare word of two characters", false, "q=上海".to_owned()),
        ("a word that was said once", false, format!("q={}", fill::ONCE.1)),
        ("nothing: a character that nobody says", false, "q=龘".to_owned()),
        ("nothing: common characters, never so", false, "q=了的是在我的是你".to_owned()),
        ("nothing: two words, each common, of two languages", false, "q=のです 안녕하세요 ".to_owned()),
        ("a sentence", false, "q=我家在上海东边".to_owned()),
        ("two words", false, "q=会议 明天".to_owned()),
        ("English, a whole word", false, "q=the ".to_owned()),
        ("English, two letters of a word", false, "q=me".to_owned()),
        ("English, four letters of a word", false, "q=mess".to_owned()),
        ("Japanese", false, "q=カフェ".to_owned()),
        ("Korean", false, "q=안녕하세요".to_owned()),
        ("an emoji", false, "q=👍".to_owned()),
        ("links", false, "has=link".to_owned()),
        ("common, by one person", false, "q=的&from=1".to_owned()),
        ("common, by one who is nowhere near", false, "q=的&from=2".to_owned()),
        ("common, in one conversation", false, "q=的&in=2".to_owned()),
        ("common, more than a year ago", false, format!("q=的&before={month}")),
        ("rare, more than a year ago", false, format!("q=上海&before={month}")),
        ("in two small conversations: common character", true, "q=的".to_owned()),
        ("in two small conversations: common word", true, "q=我们".to_owned()),
        ("in two small conversations: rare word elsewhere", true, "q=上海".to_owned()),
        ("in two small conversations: beginning", true, "q=th".to_owned()),
        ("in two small conversations: links", true, "has=link".to_owned()),
    ];
    kinds.into_iter().map(|(name, is_quiet, query)| Kind { name, is_quiet, query }).collect()
}

async fn measure(address: SocketAddr, token: &str, kind: &Kind, times: usize) -> Result<bool> {
    let path = format!("/api/search?{}", escaped(&kind.query));
    let mut took = Vec::with_capacity(times);
    let mut hits = 0;
    for _ in 0..times {
        let asked = Instant::now();
        let (status, body) = http::ask(address, &path, Some(token)).await?;
        took.push(asked.elapsed());
        if status != 200 {
            return Err(Failure::Server(format!("answers {path} with {status}")));
        }
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        hits = answer["hits"].as_array().map_or(0, Vec::len);
    }
    let spread = Spread::of(took);
    let [half, most_of, most] =
        [spread.at(50), spread.at(99), spread.most()].map(|t| t.as_secs_f64() * 1_000.0);
    println!("{:<44} {hits:>5} {half:>6.2} ms {most_of:>6.2} ms {most:>6.2} ms", kind.name);
    Ok(spread.at(99) < AIM)
}

/// As it stands in an address: all but letters, digits and what parts the fields is escaped.
fn escaped(query: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'=' | b'&' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    query.bytes().map(escape).collect()
}

/// A token of this person's.
async fn sign_in(store: &SqliteStore, name: &str) -> Result<String> {
    let token = token::session()?;
    let person = store.credentials(name.try_into()?).await?.person;
    store.add_session(person.id, token::hash(&token), SystemClock.now()).await?;
    Ok(token)
}
