//! The web client as the program serves it. What is built in depends on what trunk had built before.

use crate::harness::{Server, http};

/// The paths that a page loads.
fn loaded(page: &str) -> Vec<&str> {
    let quoted = page.split(['"', '\'']);
    quoted.filter(|text| text.starts_with('/') && text.contains('.') && !text.contains(' ')).collect()
}

#[tokio::test]
async fn every_page_has_a_nonce_of_its_own_and_loads_what_is_there() {
    let server = Server::start().await;
    let ask = async || http::send(server.address, "GET", "/", &[("accept", "text/html")], None).await;
    let (one, other) = (ask().await, ask().await);
    if one.status == 503 {
        assert!(one.text().contains("cargo xtask run"), "without a client the page says how to get one");
        return;
    }
    let policy = one.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert!(one.text().contains(&format!("nonce=\"{nonce}\"")) && !other.text().contains(nonce));
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    for path in loaded(&one.text()) {
        let file = server.get(path).await;
        assert_eq!(file.status, 200, "{path}");
        assert!(matches!(file.header("cache-control"), "no-cache" | "public, max-age=31536000, immutable"));
        let tag = [("if-none-match", file.header("etag"))];
        assert_eq!(http::send(server.address, "GET", path, &tag, None).await.status, 304, "{path}");
    }
}
