//! Finding messages: what is found by what, by whom, and never by whom.

use shared::frame::Deed;
use shared::http::{HITS, Moment, Results};
use shared::id::ConversationId;
use shared::message::Card;
use shared::model::List;

use crate::harness::socket::{Socket, new_id};
use crate::harness::{Person, Server, lobby, seq, two_people};

/// Brings a database to where the migration leaves one of before there was an index.
const UNREAD: &str =
    "UPDATE search SET done = 0; DELETE FROM days; INSERT INTO found (found) VALUES ('delete-all')";

/// A query as it stands in an address.
fn escaped(query: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'=' | b'&' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    query.bytes().map(escape).collect()
}

async fn results(who: &Person, query: &str) -> Results {
    let reply = who.ask("GET", &format!("/api/search?{}", escaped(query))).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    reply.json()
}

/// What the found messages say, the newest first.
async fn said(who: &Person, query: &str) -> Vec<String> {
    let hits = results(who, query).await.hits.into_vec();
    hits.into_iter().map(|hit| hit.entry.message().unwrap().body.to_string()).collect()
}

async fn refused(who: &Person, query: &str) -> (u16, String) {
    who.ask("GET", &format!("/api/search?{}", escaped(query))).await.refusal()
}

async fn leave(socket: &mut Socket, conversation: ConversationId) {
    socket.perform(new_id(), Deed::Leave { conversation }).await.unwrap();
}

#[tokio::test]
async fn what_was_just_said_is_found_by_its_words_the_newest_first_and_marked() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    for text in ["我家在上海东边", "see you at the CAFÉ", "上海見！後來呢"] {
        hers.say(lobby(), text).await;
    }
    assert_eq!(said(&lin, "q=上海").await, ["上海見！後來呢", "我家在上海东边"]);
    assert_eq!(said(&lin, "q=后来").await, ["上海見！後來呢"]);
    assert_eq!(said(&lin, "q=cafe").await, ["see you at the CAFÉ"]);
    assert_eq!(said(&lin, "q=se").await, ["see you at the CAFÉ"]);
    assert_eq!(said(&lin, "q=se ").await, [""; 0]);
    assert_eq!(said(&lin, "q=海上").await, [""; 0]);
    let found = results(&lin, "q=东边 上海").await;
    let hit = &found.hits[0];
    assert_eq!((hit.conversation, hit.entry.author, hit.entry.seq), (lobby(), mei.id, seq(3)));
    assert_eq!(hit.marks.to_vec(), [(3, 2), (5, 2)]);
    assert_eq!((found.hits.len(), found.next), (1, None));
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_see_nor_what_they_have_left() {
    let (server, mei, lin) = two_people().await;
    let wen = server.sign_up("wen").await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[&lin]).await;
    let secret = "the secret tea";
    hers.say(group, secret).await;
    assert_eq!(said(&lin, "q=secret").await, [secret]);
    for query in ["q=secret", "from=1&q=tea", "before=9999999999999"] {
        assert_eq!(said(&wen, query).await, [""; 0], "{query}");
    }
    assert_eq!(refused(&wen, &format!("q=tea&in={group}")).await, (404, "not_found".to_owned()));
    let cursor = format!("q=tea&cursor={group}.2");
    assert_eq!(refused(&wen, &cursor).await, (404, "not_found".to_owned()));
    leave(&mut his, group).await;
    hers.say(group, "more tea").await;
    assert_eq!(said(&lin, "q=tea").await, [""; 0]);
    assert_eq!(refused(&lin, &format!("q=tea&in={group}")).await, (404, "not_found".to_owned()));
    // Who comes back sees all of it again.
    hers.perform(new_id(), Deed::Add { conversation: group, user: lin.id }).await.unwrap();
    assert_eq!(said(&lin, "q=tea").await, ["more tea", secret]);
    let stranger = server.get("/api/search?q=tea").await;
    assert_eq!(stranger.refusal(), (401, "signed_out".to_owned()));
}

#[tokio::test]
async fn who_is_in_many_conversations_finds_what_lies_behind_many_that_are_not_theirs() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let mut groups = Vec::new();
    for _ in 0..12 {
        groups.push(his.make_group(&[]).await);
    }
    his.say(groups[3], "old tea").await;
    let private = hers.make_group(&[]).await;
    for number in 0..320 {
        hers.say(private, &format!("tea {number}")).await;
    }
    his.say(groups[7], "new tea").await;
    assert_eq!(said(&lin, "q=tea").await, ["new tea", "old tea"]);
}

#[tokio::test]
async fn conditions_narrow_what_is_found() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[&lin]).await;
    hers.say(group, "tea at https://example.com/tea").await;
    his.say(group, "tea for two").await;
    his.say(lobby(), "tea for all").await;
    let all = results(&mei, "q=tea").await.hits;
    assert_eq!(said(&mei, &format!("q=tea&from={}", lin.id)).await, ["tea for all", "tea for two"]);
    assert_eq!(
        said(&mei, &format!("q=tea&in={group}")).await,
        ["tea for two", "tea at https://example.com/tea"]
    );
    assert_eq!(said(&mei, &format!("q=tea&in={group}&from={}", lin.id)).await, ["tea for two"]);
    assert_eq!(said(&mei, "has=link").await, ["tea at https://example.com/tea"]);
    assert_eq!(said(&mei, "has=file&q=tea").await, [""; 0]);
    let (first, last) = (all[2].entry.at.0, all[0].entry.at.0);
    assert_eq!(said(&mei, &format!("q=tea&before={first}")).await, [""; 0]);
    assert_eq!(said(&mei, &format!("q=tea&after={}", last + 1)).await, [""; 0]);
    assert_eq!(said(&mei, &format!("after={first}&before={}", last + 1)).await.len(), 3);
    assert_eq!(said(&mei, "after=0&before=1").await, [""; 0]);
    assert_eq!(said(&mei, "q=").await, [""; 0]);
    assert_eq!(said(&mei, "q=……&after=0").await, [""; 0]);
}

#[tokio::test]
async fn what_is_said_otherwise_is_found_by_the_new_words_and_what_is_taken_back_not_at_all() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[&lin]).await;
    let tea = hers.say(group, "green tea").await;
    let milk = hers.say(group, "cold milk").await;
    let edit =
        |target, text: &str| Deed::Edit { conversation: group, target, body: text.try_into().unwrap() };
    hers.perform(new_id(), edit(tea, "black coffee")).await.unwrap();
    assert_eq!(said(&lin, "q=tea").await, [""; 0]);
    assert_eq!(said(&lin, "q=coffee").await, ["black coffee"]);
    let react = Deed::React { conversation: group, target: tea, emoji: "👍".try_into().unwrap(), on: true };
    hers.perform(new_id(), react).await.unwrap();
    let hit = &results(&lin, "q=black coffee").await.hits[0];
    assert_eq!((hit.entry.seq, hit.marks.to_vec()), (tea, vec![(0, 5), (6, 6)]));
    assert!(hit.entry.more.as_ref().unwrap().edited.is_some());
    hers.perform(new_id(), Deed::Recall { conversation: group, target: tea }).await.unwrap();
    assert_eq!(said(&lin, "after=0").await, ["cold milk"]);
    assert_eq!(said(&lin, "q=coffee").await, [""; 0]);
    // At the same time, which may be one reading of the log.
    tokio::join!(
        async { hers.perform(new_id(), edit(milk, "warm milk")).await.unwrap() },
        his.say(group, "more milk"),
    );
    assert_eq!(said(&lin, "q=milk").await, ["more milk", "warm milk"]);
}

#[tokio::test]
async fn who_was_called_finds_it_and_choices_are_found_too() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[&lin]).await;
    hers.say(group, "@林雯 tea?").await;
    hers.say(group, "@all cake!").await;
    his.say(group, "@mei yes").await;
    hers.say(group, "nobody in particular").await;
    assert_eq!(said(&lin, "mentions=me").await, ["@all cake!", "@林雯 tea?"]);
    assert_eq!(said(&mei, "mentions=me").await, ["@mei yes"]);
    assert_eq!(said(&lin, "mentions=me&q=tea").await, ["@林雯 tea?"]);
    let choices = ["火锅", "pizza"].map(|choice| choice.try_into().unwrap());
    let card = Some(Card::Poll { choices: List::first(choices), many: false });
    let body = "lunch?".try_into().unwrap();
    let poll = Deed::Post { conversation: group, body, reply: None, thread: None, card };
    hers.perform(new_id(), poll).await.unwrap();
    assert_eq!(said(&lin, "q=火锅").await, ["lunch?"]);
    assert_eq!(said(&lin, "q=火锅 pizza").await, ["lunch?"]);
    assert_eq!(said(&lin, "q=\"火锅 pizza\"").await, [""; 0]);
}

#[tokio::test]
async fn times_that_went_back_hide_nothing() {
    let (server, mei, _) = two_people().await;
    let mut hers = mei.connect().await;
    for day in [20_000_u64, 20_002, 19_990, 20_001] {
        hers.say(lobby(), &format!("day {day}")).await;
        let at = day * 24 * 60 * 60 * 1_000 + 5;
        // As if the server's clock had been set so when this was said.
        let set = "UPDATE changes SET at = ?1 WHERE rowid = (SELECT max(rowid) FROM changes)";
        let database = server.database();
        database.execute(set, [at.cast_signed()]).unwrap();
    }
    let folder = server.stop().await;
    let database = rusqlite::Connection::open(folder.path().join("magpie.db")).unwrap();
    database.execute_batch(UNREAD).unwrap();
    drop(database);
    let server = Server::on(folder, |_| {}).await;
    let mei = mei.at(&server);
    mei.finds_once_indexed("q=day", 4).await;
    let day = |day: u64| day * 24 * 60 * 60 * 1_000;
    assert_eq!(said(&mei, &format!("q=day&before={}", day(20_000))).await, ["day 19990"]);
    assert_eq!(said(&mei, &format!("q=day&after={}", day(20_001))).await, ["day 20001", "day 20002"]);
    let between = format!("q=day&after={}&before={}", day(20_000), day(20_001) + 6);
    assert_eq!(said(&mei, &between).await, ["day 20001", "day 20000"]);
}

#[tokio::test]
async fn paging_through_what_was_found_gives_each_message_once() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let many = 2 * HITS + 7;
    for number in 0..many {
        hers.say(lobby(), &format!("tea {number}")).await;
    }
    let (mut places, mut next) = (Vec::new(), None);
    loop {
        let cursor = next.map_or_else(String::new, |next| format!("&cursor={next}"));
        let page = results(&lin, &format!("q=tea{cursor}")).await;
        assert!(page.hits.len() <= HITS);
        places.extend(page.hits.iter().map(|hit| hit.entry.seq));
        // What is said meanwhile is newer than the first page.
        hers.say(lobby(), "more tea").await;
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(places.len(), many);
    assert!(places.windows(2).all(|pair| pair[0] > pair[1]));
}

#[tokio::test]
async fn people_and_channels_are_found_beside_messages_unless_a_condition_is_set() {
    let (server, mei, lin) = two_people().await;
    server.sign_up("tealeaf").await;
    let mut hers = mei.connect().await;
    hers.perform(new_id(), Deed::MakeChannel { title: "Tea 茶".try_into().unwrap() }).await.unwrap();
    let found = results(&lin, "q=tea").await;
    assert_eq!((found.people.len(), found.channels.len(), found.hits.len()), (1, 1, 0));
    assert!(!found.channels[0].joined);
    let narrowed = results(&lin, "q=tea&after=0").await;
    assert_eq!((narrowed.people.len(), narrowed.channels.len()), (0, 0));
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused_and_signs_of_the_index_mean_nothing() {
    let (_server, mei, _) = two_people().await;
    let malformed = (400, "malformed".to_owned());
    for query in ["in=0", "in=x", "from=-1", "has=wings", "before=soon", "q=a&cursor=7", "q=a&cursor=x.y"] {
        assert_eq!(refused(&mei, query).await, malformed, "{query}");
    }
    assert_eq!(refused(&mei, &format!("q={}", "x".repeat(513))).await.1, "too_long");
    mei.connect().await.say(lobby(), "NEAR AND words OR tea*").await;
    for query in [
        "q=\"",
        "q=_any",
        "q=tea NOT words",
        "q=words:tea",
        "q=NEAR(tea",
        "q=^x",
        "q=_c1",
        "q=_u1",
        "q=(",
        "q=tea\0x",
    ] {
        assert_eq!(said(&mei, query).await, [""; 0], "{query}");
    }
    assert_eq!(said(&mei, "q=NEAR AND OR").await.len(), 1);
    assert_eq!(said(&mei, "q=tea*").await.len(), 1);
    assert_eq!(said(&mei, "q=words_OR tea").await.len(), 1);
}

#[tokio::test]
async fn a_database_of_before_is_read_into_the_index_while_people_write() {
    let (server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    for number in 0..1_500 {
        hers.say(lobby(), &format!("old tea {number}")).await;
    }
    let folder = server.stop().await;
    let database = rusqlite::Connection::open(folder.path().join("magpie.db")).unwrap();
    database.execute_batch(UNREAD).unwrap();
    drop(database);
    let server = Server::on(folder, |_| {}).await;
    let (mei, lin) = (mei.at(&server), lin.at(&server));
    mei.connect().await.say(lobby(), "new tea").await;
    lin.finds_once_indexed("q=new tea", 1).await;
    lin.finds_once_indexed("q=tea 0 ", 1).await;
    let folder = server.stop().await;
    let checked = backend::store::check(folder.path()).unwrap();
    assert!(checked.changes > 1_500);
}

#[tokio::test]
async fn a_moment_leads_to_the_first_place_at_or_after_it() {
    let (server, mei, lin) = two_people().await;
    let wen = server.sign_up("wen").await;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[&lin]).await;
    for number in 0..50 {
        hers.say(group, &number.to_string()).await;
    }
    server
        .database()
        .execute(
            "UPDATE changes SET at = 1000 + seq * 10 WHERE conversation = ?",
            [group.get().cast_signed()],
        )
        .unwrap();
    let path = |time: u64| format!("/api/conversations/{group}/at?time={time}");
    for (time, place) in [(0, 1), (1_010, 1), (1_011, 2), (1_250, 25), (1_255, 26), (1_510, 51), (9_999, 51)]
    {
        let reply = lin.ask("GET", &path(time)).await;
        assert_eq!(reply.json::<Moment>().seq, seq(place), "{time}");
    }
    assert_eq!(wen.ask("GET", &path(0)).await.refusal(), (404, "not_found".to_owned()));
    assert_eq!(lin.ask("GET", &format!("/api/conversations/{group}/at")).await.refusal().1, "malformed");
}

impl Person {
    /// Waits until the index has been read that far; it does so by itself.
    async fn finds_once_indexed(&self, query: &str, many: usize) {
        crate::harness::within(async {
            while results(self, query).await.hits.len() != many {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}
