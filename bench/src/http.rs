//! One question over HTTP.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// `HTTP/1.1 200`: where the status ends.
const STATUS_LINE: usize = 12;

/// The status of the answer to `GET path`.
pub(crate) async fn get(address: SocketAddr, path: &str, token: Option<&str>) -> io::Result<u16> {
    Ok(ask(address, path, token).await?.0)
}

/// The status and the body of the answer to `GET path`.
pub(crate) async fn ask(address: SocketAddr, path: &str, token: Option<&str>) -> io::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(address).await?;
    let authorization = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{authorization}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let status = answer.get(9..STATUS_LINE).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
    let status =
        status.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "an answer that is no HTTP"))?;
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n").map_or(answer.len(), |end| end + 4);
    Ok((status, answer.split_off(head)))
}
