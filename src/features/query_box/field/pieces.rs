//! The text of a query in coloured pieces.

use std::ops::Range;

use qql::{Kind, Node, Parse};

/// Bytes above which a text has no colours: drawing thousands of pieces with each letter takes too long.
const MOST: usize = 5_000;

/// Whether a text is shown as it is.
pub(super) fn is_plain(text: &str) -> bool {
    MOST < text.len()
}

/// What a piece is, as the class of its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Plain,
    Field,
    Op,
    Join,
    Value,
    Exact,
    Bracket,
    Comment,
}

impl Colour {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Plain => "qt",
            Self::Field => "qt qt-field",
            Self::Op => "qt qt-op",
            Self::Join => "qt qt-join",
            Self::Value => "qt qt-value",
            Self::Exact => "qt qt-exact",
            Self::Bracket => "qt qt-bracket",
            Self::Comment => "qt qt-comment",
        }
    }
}

/// A run of text that is drawn alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) colour: Colour,
    /// There is something wrong with it.
    pub(super) is_wrong: bool,
    pub(super) text: String,
}

/// The pieces of a text, which tile it; none where it is plain. `wrong` are the bytes that are underlined.
pub(super) fn pieces(parse: &Parse, text: &str, wrong: &[Range<usize>]) -> Vec<Piece> {
    if is_plain(text) {
        return Vec::new();
    }
    let mut res: Vec<Piece> = Vec::new();
    let mut push = |range: Range<usize>, colour: Option<Colour>| {
        let Some(part) = text.get(range.clone()).filter(|it| !it.is_empty()) else { return };
        let is_wrong = wrong.iter().any(|it| it.start < range.end && range.start < it.end);
        match (res.last_mut(), colour) {
            // White space has no colour of its own.
            (Some(last), None) if last.is_wrong == is_wrong => last.text.push_str(part),
            (Some(last), Some(it)) if last.is_wrong == is_wrong && last.colour == it => {
                last.text.push_str(part)
            }
            _ => res.push(Piece { colour: colour.unwrap_or(Colour::Plain), is_wrong, text: part.to_owned() }),
        }
    };
    let mut walk = vec![(parse.root(), None)];
    while let Some((node, parent)) = walk.pop() {
        if node.is_leaf() {
            let (range, colour) = (node.range(), colour(node, parent));
            let mut from = range.start;
            // A fault may begin or end inside of a token.
            let mut cuts: Vec<usize> = wrong.iter().flat_map(|it| [it.start, it.end]).collect();
            cuts.retain(|it| range.start < *it && *it < range.end);
            cuts.sort_unstable();
            for cut in cuts {
                push(from..cut, colour);
                from = cut;
            }
            push(from..range.end, colour);
            continue;
        }
        let children: Vec<Node<'_>> = node.children().collect();
        walk.extend(children.into_iter().rev().map(|it| (it, Some(node.kind()))));
    }
    res
}

/// The colour of a token; none for white space.
fn colour(leaf: Node<'_>, parent: Option<Kind>) -> Option<Colour> {
    Some(match leaf.kind() {
        Kind::Space => return None,
        _ if parent == Some(Kind::Field) => Colour::Field,
        Kind::And | Kind::Or | Kind::Not => Colour::Join,
        kind if kind.is_comparison() => Colour::Op,
        Kind::Exact => Colour::Exact,
        Kind::Quoted | Kind::Word => Colour::Value,
        Kind::LeftParen | Kind::RightParen | Kind::LeftBracket | Kind::RightBracket => Colour::Bracket,
        Kind::Comma | Kind::Dots => Colour::Bracket,
        kind if kind.is_trivia() && leaf.text().starts_with("/*") => Colour::Comment,
        _ => Colour::Plain,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, wrong: Option<Range<usize>>) -> String {
        let wrong: Vec<Range<usize>> = wrong.into_iter().collect();
        let pieces = pieces(&qql::parse(text), text, &wrong);
        assert_eq!(pieces.iter().map(|it| it.text.as_str()).collect::<String>(), text);
        let one = |it: &Piece| format!("{:?}{}<{}>", it.colour, if it.is_wrong { "!" } else { "" }, it.text);
        pieces.iter().map(one).collect()
    }

    #[test]
    fn tokens_have_their_colours() {
        assert_eq!(
            drawn("title: two words AND (id: [`a`, 2])", None),
            "Field<title>Op<: >Value<two words >Join<AND >Bracket<(>Field<id>Op<: >Bracket<[>Exact<`a`>\
             Bracket<, >Value<2>Bracket<])>"
        );
        assert_eq!(drawn("", None), "");
    }

    #[test]
    fn faults_are_underlined_at_their_bytes() {
        assert_eq!(drawn("a: x AND", Some(5..8)), "Field<a>Op<: >Value<x >Join!<AND>");
        assert_eq!(drawn("title: ü", Some(2..4)), "Field<ti>Field!<tl>Field<e>Op<: >Value<ü>");
    }

    #[test]
    fn a_very_long_text_is_not_drawn() {
        let text = "a: 1 OR ".repeat(MOST / 4);
        assert!(is_plain(&text) && pieces(&qql::parse(&text), &text, &[]).is_empty());
    }
}
