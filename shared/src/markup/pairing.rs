//! Which signs belong together, and the tree that comes of it.

use super::inline::{Run, Token};
use super::steps::step;
use super::{Inline, MAX_DEPTH, Style};

/// Finds for each run that ends a style the nearest one before it that begins it: `CommonMark`'s algorithm, linear
/// because a place where nothing was found is not searched again.
pub(super) fn pair(tokens: &mut [Token<'_>]) {
    let mut open = Openers::default();
    // What stands in a link has no partner outside it.
    let mut outside = Openers::default();
    for at in 0..tokens.len() {
        step(1);
        match &tokens[at] {
            Token::Open(Some(_)) => outside = std::mem::take(&mut open),
            Token::Close(_) => open = std::mem::take(&mut outside),
            Token::Run(_) => open.meet(tokens, at),
            Token::Open(None) | Token::Piece(_) => {}
        }
    }
}

/// Runs that wait for their end.
#[derive(Default)]
struct Openers {
    /// Their tokens, the nearest last.
    stack: Vec<usize>,
    /// For each sort of run that found no partner: none of its partners stands before this token.
    searched: [usize; 24],
}

impl Openers {
    /// The run at `at` ends what it can, and waits if it begins something.
    fn meet(&mut self, tokens: &mut [Token<'_>], at: usize) {
        let Some(sort) = run(&tokens[at]).map(sort) else { return };
        while let Some(place) = self.partner(tokens, at, sort) {
            self.stack.truncate(place + 1);
            self.join(tokens, place, at);
        }
        let Some(run) = run(&tokens[at]) else { return };
        if run.closes && run.left > 0 {
            self.searched[sort] = at;
        }
        if run.opens && run.left > 0 {
            self.stack.push(at);
        }
    }

    /// The place on the stack of the nearest run that begins what the run at `at` ends.
    fn partner(&self, tokens: &[Token<'_>], at: usize, sort: usize) -> Option<usize> {
        let end = run(&tokens[at]).filter(|end| end.closes && end.left > 0)?;
        let (text, opens) = (end.text, end.opens);
        for (place, begin) in self.stack.iter().enumerate().rev() {
            step(1);
            if *begin < self.searched[sort] {
                return None;
            }
            let begin = run(&tokens[*begin])?;
            let sum = begin.text.len() + text.len();
            // `**a*b**` is bold with a star in it: three signs that may begin and end do not pair up.
            let is_odd = (begin.closes || opens) && sum % 3 == 0 && text.len() % 3 != 0;
            if begin.text.as_bytes()[0] == text.as_bytes()[0] && !(is_odd && is_nested(text)) {
                return Some(place);
            }
        }
        None
    }

    /// One style from the run at this place of the stack to the run at `at`.
    fn join(&mut self, tokens: &mut [Token<'_>], place: usize, at: usize) {
        let begin = self.stack[place];
        let left = |token| run(token).map_or(0, |run| run.left);
        let width = left(&tokens[begin]).min(left(&tokens[at])).min(2);
        if let Some(run) = run_mut(&mut tokens[begin]) {
            run.left -= width;
            run.begun.push(width);
            if run.left == 0 {
                self.stack.pop();
            }
        }
        if let Some(run) = run_mut(&mut tokens[at]) {
            run.left -= width;
            run.ended.push(width);
        }
    }
}

fn run<'t, 'a>(token: &'t Token<'a>) -> Option<&'t Run<'a>> {
    if let Token::Run(run) = token { Some(run) } else { None }
}

fn run_mut<'t, 'a>(token: &'t mut Token<'a>) -> Option<&'t mut Run<'a>> {
    if let Token::Run(run) = token { Some(run) } else { None }
}

/// Signs of which one and two mean different things.
fn is_nested(text: &str) -> bool {
    text.starts_with(['*', '_'])
}

/// Runs that have the same partners: 24 sorts.
fn sort(run: &Run<'_>) -> usize {
    let sign = match run.text.as_bytes()[0] {
        b'*' => 0,
        b'_' => 1,
        b'~' => 2,
        _ => 3,
    };
    sign * 6 + usize::from(run.opens) * 3 + run.text.len() % 3
}

/// The tree. Styles deeper than [`MAX_DEPTH`] stay as they were typed.
pub(super) fn build(tokens: Vec<Token<'_>>) -> Vec<Inline<'_>> {
    let mut tree = Tree { levels: vec![(Level::Line, Vec::new())], beyond: 0 };
    for token in tokens {
        match token {
            Token::Piece(piece) => tree.push(piece),
            Token::Open(None) => tree.push(Inline::Text("[")),
            Token::Open(Some(href)) => tree.open("[", Level::Link(href)),
            Token::Close(text) => tree.close(text),
            Token::Run(run) => tree.run(run),
        }
    }
    tree.levels.pop().map(|(_, pieces)| pieces).unwrap_or_default()
}

/// What a level of the tree becomes when it ends.
enum Level {
    Line,
    Link(String),
    Style(Style),
}

struct Tree<'a> {
    levels: Vec<(Level, Vec<Inline<'a>>)>,
    /// How many levels are open that are too deep.
    beyond: usize,
}

impl<'a> Tree<'a> {
    fn push(&mut self, piece: Inline<'a>) {
        let is_in_link = self.levels.iter().any(|(level, _)| matches!(level, Level::Link(_)));
        let Some((_, pieces)) = self.levels.last_mut() else { return };
        match piece {
            // No link stands in a link.
            Inline::Link { inside, .. } if is_in_link => pieces.extend(inside),
            piece => pieces.push(piece),
        }
    }

    fn open(&mut self, text: &'a str, level: Level) {
        if self.beyond > 0 || self.levels.len() > MAX_DEPTH {
            self.beyond += 1;
            self.push(Inline::Text(text));
        } else {
            self.levels.push((level, Vec::new()));
        }
    }

    fn close(&mut self, text: &'a str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            self.push(Inline::Text(text));
            return;
        }
        match self.levels.pop() {
            Some((Level::Style(style), inside)) => self.push(Inline::Styled(style, inside)),
            Some((Level::Link(href), inside)) => {
                if let Some((_, pieces)) = self.levels.last_mut() {
                    pieces.push(Inline::Link { href, inside });
                }
            }
            // Whatever ends has begun, so the line itself never does.
            Some(line) => self.levels.push(line),
            None => {}
        }
    }

    fn run(&mut self, run: Run<'a>) {
        for width in run.ended {
            self.close(&run.text[..width]);
        }
        if run.left > 0 {
            self.push(Inline::Text(&run.text[..run.left]));
        }
        for width in run.begun.into_iter().rev() {
            let style = match (run.text.as_bytes()[0], width) {
                (b'~', _) => Style::Struck,
                (b'|', _) => Style::Spoiler,
                (_, 1) => Style::Emphasis,
                (_, _) => Style::Strong,
            };
            self.open(&run.text[..width], Level::Style(style));
        }
    }
}
