//! The web client, which is inside the program.

use std::io::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::{EmbeddedFile, RustEmbed};
use shared::code::Code;

use crate::app::App;
use crate::error::Error;
use crate::token;

/// Where a built client comes from.
trait Files {
    fn get(path: &str) -> Option<EmbeddedFile>;
}

/// What the build script put aside.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/client"]
struct Client;

impl Files for Client {
    fn get(path: &str) -> Option<EmbeddedFile> {
        <Self as RustEmbed>::get(path)
    }
}

/// Where trunk leaves room for the nonce of one answer.
const NONCE: &str = "{{__TRUNK NONCE__}}";
/// The service worker: what it fetches are files of this server.
const WORKER: &str = "sw.js";
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'";
/// Files with a hash in their name never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Other files are asked about each time.
const ASK: &str = "no-cache";
/// Said when the program was built without the client.
const NO_CLIENT: &str = "<!doctype html><meta charset=utf-8><title>Magpie</title>
<h1>This Magpie was built without its web client</h1>
<p>The server runs, and programs can use it. To have the pages too, start it with <code>cargo xtask run</code>,
or build the client with <code>trunk build --release</code> and then the server again.</p>
<p lang=zh>此服务端构建时没有包含网页客户端。请用 <code>cargo xtask run</code> 启动，或先运行 <code>trunk build --release</code> 再重新构建服务端。</p>
";

/// A file of the client, or its page for any path that a person may have in the address bar.
pub(super) async fn serve(
    State(_): State<Arc<App>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if method != Method::GET && method != Method::HEAD {
        return Err(Error::NoSuchMethod);
    }
    answer::<Client>(uri.path(), &headers)
}

fn answer<F: Files>(path: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let path = path.trim_start_matches('/');
    if path != "index.html"
        && let Some(response) = file::<F>(path, headers)
    {
        return Ok(response);
    }
    if accepts(headers, &header::ACCEPT, "text/html") {
        page::<F>(headers)
    } else {
        Err(Error::Refused(Code::NotFound))
    }
}

fn page<F: Files>(asked: &HeaderMap) -> Result<Response, Error> {
    let Some(page) = F::get("index.html") else {
        return Ok((StatusCode::SERVICE_UNAVAILABLE, Html(NO_CLIENT)).into_response());
    };
    let nonce = token::nonce()?;
    let html = String::from_utf8_lossy(&page.data).replace(NONCE, &nonce);
    let policy = HeaderValue::try_from(policy(&nonce)).map_err(|error| Error::Fault(error.to_string()))?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, HeaderValue::from_static(ASK)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    if !accepts(asked, &header::ACCEPT_ENCODING, "br") {
        return Ok((headers, Html(html)).into_response());
    }
    let encoding = [(header::CONTENT_ENCODING, HeaderValue::from_static("br"))];
    Ok((headers, encoding, Html(squeeze(html.as_bytes())?)).into_response())
}

/// Brotli at a quality that takes some hundred microseconds: the page differs in each answer by its nonce.
fn squeeze(page: &[u8]) -> Result<Vec<u8>, Error> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4 * 1024, 5, 18);
    writer.write_all(page).map_err(|error| Error::Fault(error.to_string()))?;
    Ok(writer.into_inner())
}

/// Only our own files, and of inline scripts only those with this answer's nonce. Text on the page is built of nodes.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; \
         manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

fn file<F: Files>(path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = F::get(path)?;
    let squeezed = F::get(&format!("{path}.br"));
    let has_squeezed = squeezed.is_some();
    let squeezed = squeezed.filter(|_| accepts(headers, &header::ACCEPT_ENCODING, "br"));
    let is_squeezed = squeezed.is_some();
    let tag = tag(&plain, is_squeezed);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let mut response = if known.is_some_and(|tags| tags.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = plain.metadata.mimetype().to_owned();
        let data = squeezed.unwrap_or(plain).data;
        ([(header::CONTENT_TYPE, kind)], data).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::try_from(tag).ok()?);
    let caching = if has_hash(path) { FOR_EVER } else { ASK };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if path == WORKER {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY));
    }
    if has_squeezed {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if is_squeezed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    Some(response)
}

fn tag(file: &EmbeddedFile, is_squeezed: bool) -> String {
    let hash = file.metadata.sha256_hash();
    let hash = URL_SAFE_NO_PAD.encode(hash);
    if is_squeezed { format!("\"{hash}-br\"") } else { format!("\"{hash}\"") }
}

/// Whether a list such as `gzip, br;q=0.9` names this.
fn accepts(headers: &HeaderMap, list: &header::HeaderName, wanted: &str) -> bool {
    let lines = headers.get_all(list).iter().filter_map(|line| line.to_str().ok());
    let mut items = lines.flat_map(|line| line.split(','));
    items.any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some(wanted) && parts.all(|part| part != "q=0")
    })
}

/// Whether a part of the path ends in a hash, as trunk names files: `client-0123456789abcdef_bg.wasm`.
fn has_hash(path: &str) -> bool {
    path.split('/').any(|part| {
        part.split('-').skip(1).any(|tail| {
            let digits = tail.bytes().take_while(u8::is_ascii_hexdigit).count();
            digits >= 12 && tail[digits..].chars().next().is_none_or(|next| matches!(next, '.' | '_'))
        })
    })
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    /// A client as trunk builds one, in small.
    #[derive(RustEmbed)]
    #[folder = "$CARGO_MANIFEST_DIR/tests/client"]
    struct Planted;

    impl Files for Planted {
        fn get(path: &str) -> Option<EmbeddedFile> {
            <Self as RustEmbed>::get(path)
        }
    }

    /// No client was built.
    struct Nothing;

    impl Files for Nothing {
        fn get(_: &str) -> Option<EmbeddedFile> {
            None
        }
    }

    fn asking(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    fn said<'a>(response: &'a Response, name: &header::HeaderName) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    async fn text(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), 100_000).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn every_page_has_a_nonce_of_its_own_whatever_its_address() {
        let mut nonces = std::collections::HashSet::new();
        for path in ["/", "/c/7", "/index.html"] {
            let page = answer::<Planted>(path, &asking(header::ACCEPT, "text/html")).unwrap();
            assert_eq!((page.status(), said(&page, &header::CACHE_CONTROL)), (StatusCode::OK, ASK));
            let policy = said(&page, &header::CONTENT_SECURITY_POLICY).to_owned();
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
            assert!(text(page).await.contains(&format!("nonce=\"{nonce}\"")), "{path}");
            assert!(nonces.insert(nonce.to_owned()));
        }
        assert!(answer::<Planted>("/c/7", &HeaderMap::new()).is_err(), "a program asked for no page");
    }

    #[tokio::test]
    async fn a_file_is_compressed_for_who_can_read_that_and_not_sent_twice() {
        const PATH: &str = "/magpie-0123456789abcdef.js";
        let plain = answer::<Planted>(PATH, &HeaderMap::new()).unwrap();
        assert_eq!(said(&plain, &header::CONTENT_TYPE), "text/javascript");
        assert_eq!(said(&plain, &header::CACHE_CONTROL), FOR_EVER);
        let tag = said(&plain, &header::ETAG).to_owned();
        assert_eq!(text(plain).await, "caw();\n");
        let squeezed = answer::<Planted>(PATH, &asking(header::ACCEPT_ENCODING, "gzip, br")).unwrap();
        assert_eq!(said(&squeezed, &header::CONTENT_ENCODING), "br");
        assert_eq!(said(&squeezed, &header::VARY), "accept-encoding");
        assert_ne!(said(&squeezed, &header::ETAG), tag);
        let again = answer::<Planted>(PATH, &asking(header::IF_NONE_MATCH, &tag)).unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(text(again).await, "");
    }

    #[test]
    fn the_service_worker_is_asked_about_each_time_and_may_fetch_from_this_server_only() {
        let worker = answer::<Planted>("/sw.js", &HeaderMap::new()).unwrap();
        assert_eq!(said(&worker, &header::CONTENT_TYPE), "text/javascript");
        assert_eq!(said(&worker, &header::CACHE_CONTROL), ASK);
        assert_eq!(said(&worker, &header::CONTENT_SECURITY_POLICY), WORKER_POLICY);
        let other = answer::<Planted>("/magpie-0123456789abcdef.js", &HeaderMap::new()).unwrap();
        assert_eq!(said(&other, &header::CONTENT_SECURITY_POLICY), "");
    }

    #[tokio::test]
    async fn the_page_is_compressed_with_its_nonce_for_who_can_read_that() {
        let mut asked = asking(header::ACCEPT, "text/html");
        asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, br"));
        let page = answer::<Planted>("/c/7", &asked).unwrap();
        assert_eq!(said(&page, &header::CONTENT_ENCODING), "br");
        let policy = said(&page, &header::CONTENT_SECURITY_POLICY).to_owned();
        let bytes = axum::body::to_bytes(page.into_body(), 1_000_000).await.unwrap();
        let mut html = String::new();
        std::io::Read::read_to_string(&mut brotli::Decompressor::new(&bytes[..], 4_096), &mut html).unwrap();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert!(html.contains(nonce) && !html.contains(NONCE));
    }

    #[tokio::test]
    async fn without_a_client_the_page_says_how_to_get_one() {
        let page = answer::<Nothing>("/c/7", &asking(header::ACCEPT, "text/html")).unwrap();
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        let text = text(page).await;
        assert!(text.contains("cargo xtask run") && text.contains("lang=zh"));
        assert!(answer::<Nothing>("/favicon.svg", &HeaderMap::new()).is_err());
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for hashed in [
            "frontend-8d1c5e1f3b2a9c70.js",
            "frontend-8d1c5e1f3b2a9c70_bg.wasm",
            "snippets/leptos-8d1c5e1f3b2a9c70/inline0.js",
        ] {
            assert!(has_hash(hashed), "{hashed}");
        }
        for plain in ["index.html", "favicon.svg", "apple-touch-icon.png", "a-deadbeef.js", "-.js"] {
            assert!(!has_hash(plain), "{plain}");
        }
    }

    #[test]
    fn a_list_of_what_is_accepted_is_read_item_by_item() {
        let check = |list: &'static str, expected: bool| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(list))]);
            assert_eq!(accepts(&headers, &header::ACCEPT_ENCODING, "br"), expected, "{list}");
        };
        check("gzip, deflate, br, zstd", true);
        check("br;q=0.5", true);
        check("br;q=0", false);
        check("gzip, brotli", false);
    }
}
