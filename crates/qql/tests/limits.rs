//! Long and deep texts.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use qql::{ErrorKind, Expr, MAX_DEPTH};

const MIB: usize = 1024 * 1024;

fn levels(n_levels: usize) -> String {
    ["(".repeat(n_levels), "a: 1".to_owned(), ")".repeat(n_levels)].concat()
}

#[track_caller]
fn check_deep(text: &str) {
    let parse = qql::parse(text);
    assert_eq!(parse.text(), text);
    assert_eq!(parse.errors().iter().filter(|error| error.kind == ErrorKind::TooDeep).count(), 1);
    assert!(parse.expr().is_none());
    assert!(parse.query().unwrap().term().is_some());
}

#[test]
fn the_depth_limit_is_exact() {
    assert!(qql::parse(&levels(MAX_DEPTH)).expr().is_some());
    check_deep(&levels(MAX_DEPTH + 1));
    let nots = |n_nots: usize| ["NOT ".repeat(n_nots), "a: 1".to_owned()].concat();
    assert!(qql::parse(&nots(MAX_DEPTH)).expr().is_some());
    check_deep(&nots(MAX_DEPTH + 1));
}

#[test]
fn very_deep_texts_do_not_overflow_the_stack() {
    check_deep(&levels(100_000));
    check_deep(&"(".repeat(100_000));
    check_deep(&"NOT ".repeat(100_000));
    check_deep(&"a: (".repeat(100_000));
    check_deep(&"NOT (a:(".repeat(100_000));
}

#[test]
fn the_parts_around_a_deep_part_are_still_read() {
    let text = [&levels(100_000), " OR b: 2 )"].concat();
    let kinds: Vec<ErrorKind> = qql::parse(&text).errors().iter().map(|error| error.kind).collect();
    assert_eq!(kinds, [ErrorKind::TooDeep, ErrorKind::UnopenedParen]);
}

/// The fix once put a `)` at the end, where it closed one of the skipped parentheses: the error stayed.
#[test]
fn an_unclosed_group_around_a_deep_part_has_no_fix() {
    let parse = qql::parse(&"(".repeat(MAX_DEPTH + 2));
    assert_eq!(
        parse.errors().iter().filter(|error| error.kind == ErrorKind::UnclosedParen).count(),
        MAX_DEPTH
    );
    assert!(parse.errors().iter().all(|error| error.fix.is_none()));
    let closed = ["(", &levels(MAX_DEPTH)].concat();
    let fix = qql::parse(&closed).errors().iter().find_map(|error| error.fix.clone()).unwrap();
    let n_errors = |text: &str| qql::parse(text).errors().len();
    assert_eq!(n_errors(&fix.apply(&closed)), n_errors(&closed) - 1);
}

#[test]
fn the_deepest_query_can_be_read_and_dropped_on_a_small_stack() {
    // Less than the 1 MiB of a browser program, although a test build needs more than twice as much as a release.
    let small = std::thread::Builder::new().stack_size(768 * 1024);
    let deepest = ["a: 1 OR b: 2 AND n: (".repeat(MAX_DEPTH), "c: 3".to_owned(), ")".repeat(MAX_DEPTH)];
    let expr: Option<Expr> =
        small.spawn(move || qql::parse(&deepest.concat()).expr()).unwrap().join().unwrap();
    assert!(expr.is_some());
}

/// A megabyte of `piece` costs no more per byte than a little of it.
#[track_caller]
fn check_linear(piece: &str) {
    let text = piece.repeat(MIB / piece.len());
    let parse = qql::parse(&text);
    assert!(parse.steps() <= 16 * text.len(), "{} steps for a MiB of {piece:?}", parse.steps());
    assert_eq!(parse.text(), text);
    assert!(parse.errors().len() <= qql::MAX_ERRORS);
}

#[test]
fn a_mebibyte_takes_linear_work() {
    let pieces = [
        "a: 1 AND ",
        "a: 1 OR NOT b: [1, 2] AND (c: 3) OR ",
        "a: x ",
        "word ",
        "a",
        " ",
        "(",
        ")",
        "()",
        "[",
        "]",
        "[,",
        "a:[",
        "a:(",
        "a:((",
        "a:(1 ",
        "a:(b ",
        "(b",
        "a: (1 .. ",
        "a: [1 .. ",
        "NOT ",
        "AND ",
        "OR ",
        "a ",
        "a: ",
        ":",
        ": ",
        "a:b:",
        "=",
        "!=",
        "..",
        "...",
        ",",
        "\"",
        "\"\" ",
        "'",
        "`",
        "“",
        "‘",
        "“‘",
        "”",
        "\u{feff}",
        "\u{1} ",
        "a:\"x\" ",
        "a AND ",
        "a: [x AND b: ",
        "[a AND ",
        "-a: 1 ",
        "&& ",
        "é",
        "\u{1f511}",
        "a:x,",
        "a.",
        "10:",
        "a: http://",
        "/* ",
        "*/ ",
        "/*",
        "*/",
        "/* */",
        "/**/ ",
        "a: 1 /* AND b: 2 */ ",
        "/* a: 1 AND */ b: 2 AND ",
        "/* /* */ ",
        "/* \"*/ ",
        "(/* ",
        "[/*",
        "a/* ",
    ];
    for piece in pieces {
        check_linear(piece);
    }
    check_linear(&["(", &"x".repeat(1000)].concat());
    check_linear(&["a: (", &"x ".repeat(1000)].concat());
}

/// What nothing closes is looked for once, and comments in comments are read a few levels deep.
#[test]
fn a_mebibyte_of_comments_takes_linear_work() {
    let half = MIB / 6;
    for text in [
        ["/* ".repeat(half), " */".repeat(half)].concat(),
        ["/* a: 1 ".repeat(MIB / 8), "*/".to_owned()].concat(),
        ["a: 1 AND ", &"/* ".repeat(half), &"*/ ".repeat(half), "b: 2"].concat(),
    ] {
        let parse = qql::parse(&text);
        assert!(parse.steps() <= 16 * text.len(), "{} steps for {} bytes", parse.steps(), text.len());
        assert_eq!(parse.text(), text);
    }
}

/// Work that grew with the square of the length would take hours here.
#[test]
fn a_mebibyte_has_an_outline_and_can_be_edited() {
    let half = MIB / 6;
    for text in [
        "a: 1 /* AND b: 2 */ AND (c: 3 OR /* d: 4 OR */ e: 5 AND f: 6) AND ".repeat(MIB / 66) + "g: 7",
        "a: 1 OR b: 2 AND ".repeat(MIB / 17) + "c: 3",
        "/* a: 1 AND */ ".repeat(MIB / 15) + "b: 2",
        ["/* ".repeat(half), " */".repeat(half)].concat(),
        ["(".repeat(MIB / 2), ")".repeat(MIB / 2)].concat(),
        "a: ".repeat(MIB / 3),
    ] {
        let parse = qql::parse(&text);
        let view = qql::outline(&parse);
        let (id, item) = view.items().last().unwrap();
        assert!(item.range.end <= text.len());
        for edit in [
            view.mute(&parse, id),
            view.remove(&parse, id),
            view.set_join(&parse, view.root(), qql::Join::Or),
        ] {
            let Some(edit) = edit else { continue };
            assert!(edit.focus.end <= edit.apply(&text).len());
        }
    }
}

#[test]
fn the_deepest_query_has_an_outline_on_a_small_stack() {
    let small = std::thread::Builder::new().stack_size(768 * 1024);
    let deepest =
        ["a: 1 OR b: 2 AND n: (".repeat(MAX_DEPTH), "c: 3".to_owned(), ")".repeat(MAX_DEPTH)].concat();
    // One in the comment of another, each as deep as it can be.
    let text = (0..3).fold(deepest.clone(), |text, _| [deepest.as_str(), " /* AND ", &text, " */"].concat());
    let n_items =
        small.spawn(move || qql::outline(&qql::parse(&text)).items().count()).unwrap().join().unwrap();
    assert!(n_items > 4 * 3 * MAX_DEPTH, "{n_items} items");
}
