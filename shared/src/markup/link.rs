//! Addresses in running text, also right beside Chinese.

use super::steps::step;

/// Longest part of a mail address before its `@` (RFC 5321, 4.5.3.1).
const LOCAL_BYTES: usize = 64;

/// Where an address leads, if it is one that may be opened.
pub(super) fn href(address: &str) -> Option<String> {
    let is_whole = !address.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_whole && begins(address, &["https://", "http://", "mailto:"])).then(|| address.to_owned())
}

/// Whether a text begins with one of these schemes and something behind it.
fn begins(text: &str, schemes: &[&str]) -> bool {
    let rest = schemes.iter().find_map(|scheme| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['))
}

/// The web address at the start of a text that begins with a word. `mailto:` is one only where it is marked as one.
pub(super) fn web(text: &str) -> Option<&str> {
    if !begins(text, &["https://", "http://"]) {
        return None;
    }
    let address = trimmed(balanced(text));
    href(address).map(|_| address)
}

/// Up to the first character that no address has, or a bracket that was not opened in it.
fn balanced(text: &str) -> &str {
    let (mut round, mut square) = (0_i32, 0_i32);
    let end = text.bytes().position(|byte| {
        match byte {
            b'(' => round += 1,
            b')' => round -= 1,
            b'[' => square += 1,
            b']' => square -= 1,
            _ => {}
        }
        let is_out = !byte.is_ascii_graphic()
            || matches!(byte, b'<' | b'>' | b'"' | b'`' | b'\\' | b'^' | b'{' | b'}' | b'|');
        is_out || round < 0 || square < 0
    });
    let end = end.unwrap_or(text.len());
    step(end);
    &text[..end]
}

/// Without what belongs to the sentence rather than to the address.
fn trimmed(address: &str) -> &str {
    address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', '(', '['])
}

/// The mail address at the start of a text that begins with a word.
pub(super) fn mail(text: &str) -> Option<&str> {
    let local = text.bytes().take_while(|byte| is_in_local(*byte)).take(LOCAL_BYTES + 1).count();
    step(local);
    let domain = text.get(local..)?.strip_prefix('@').filter(|_| local <= LOCAL_BYTES)?;
    let end = domain.bytes().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'-'));
    let end = end.unwrap_or(domain.len());
    step(end);
    let domain = domain[..end].trim_end_matches(['.', '-']);
    let (_, top) = domain.rsplit_once('.')?;
    let is_domain = top.len() > 1 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_named = domain.split('.').all(|label| label.starts_with(|c: char| c.is_ascii_alphanumeric()));
    (is_domain && is_named).then(|| &text[..local + 1 + domain.len()])
}

fn is_in_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'%')
}

/// What stands between `<` and `>`, and where it leads, if it is an address.
pub(super) fn angled(text: &str) -> Option<(&str, String)> {
    let inside = text.strip_prefix('<')?;
    let end = inside.find(['>', '<', ' ']);
    step(end.unwrap_or(inside.len()));
    let end = end?;
    let (inside, rest) = inside.split_at(end);
    let leads = href(inside).or_else(|| (mail(inside) == Some(inside)).then(|| format!("mailto:{inside}")));
    leads.filter(|_| rest.starts_with('>')).map(|leads| (inside, leads))
}

/// The `](address)` at the start of a text, whole, and where it leads. It has no square bracket inside, so that
/// looking for many of them never looks at a character twice.
pub(super) fn target(text: &str) -> Option<(&str, String)> {
    let inside = text.strip_prefix("](")?;
    let mut open = 1;
    let end = inside.bytes().position(|byte| {
        match byte {
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        open == 0 || matches!(byte, b'[' | b']' | b' ' | b'<' | b'>')
    });
    step(end.unwrap_or(inside.len()));
    let end = end?;
    let leads = href(&inside[..end]).filter(|_| open == 0)?;
    Some((&text[..=2 + end], leads))
}
