//! What holds for every text.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use proptest::prelude::*;
use qql::{Clause, Expr, Kind, Name, Op, Value, ValueKind};

/// Pieces that the grammar gives a meaning to, and a few that it does not, so that random texts reach every branch.
const PIECES: &[&str] = &[
    "a",
    "b.c",
    "x9",
    "10",
    "7781808c",
    "and",
    "AND",
    "OR",
    "or",
    "NOT",
    "not",
    "&&",
    "||",
    "a:",
    "b:",
    "a: 1",
    "b:x",
    ":",
    "=",
    "!=",
    ">",
    "<",
    ">=",
    "<=",
    "(",
    ")",
    "[",
    "]",
    ",",
    "..",
    "\"",
    "'",
    "`",
    "\"q v\"",
    "'s'",
    "`e`",
    "“",
    "”",
    "‘",
    "’",
    "\u{feff}",
    "\u{1}",
    "-a",
    "!b",
    "a.",
    "a-b",
    "/*",
    "*/",
    " /* ",
    " */ ",
    " /* AND b: 2 */ ",
    "é",
    "\u{1f511}",
    " ",
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\t",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

/// Everything that must hold for any text at all.
#[track_caller]
fn check_text(text: &str) {
    let parse = qql::parse(text);
    assert_eq!(parse.text(), text, "printing the tree gives the text back");

    let mut end = 0;
    for leaf in parse.leaves() {
        assert_eq!(leaf.range().start, end, "leaves tile the text");
        assert!(!leaf.range().is_empty(), "no leaf is empty");
        end = leaf.range().end;
    }
    assert_eq!(end, text.len(), "leaves reach the end");
    check_node(parse.root());

    for error in parse.errors() {
        assert!(!error.range.is_empty(), "an error marks something: {error:?} in {text:?}");
        assert!(text.get(error.range.clone()).is_some(), "an error lies on character boundaries: {error:?}");
    }
    assert!(
        parse.errors().is_sorted_by_key(|error| error.range.start),
        "errors are in the order of the text"
    );
    assert_eq!(parse.query().is_none(), !parse.leaves().any(|leaf| !leaf.kind().is_trivia()));
    let is_readable = parse.errors().is_empty() && parse.query().is_some();
    assert_eq!(parse.expr().is_some(), is_readable, "no errors, no holes: {text:?}");
    assert!(parse.steps() <= 16 * text.len() + 16, "{} steps for {} bytes", parse.steps(), text.len());
}

/// Children lie in a row inside their parent, and nodes begin and end with text.
#[track_caller]
fn check_node(node: qql::Node<'_>) {
    let mut end = node.range().start;
    for child in node.children() {
        assert_eq!(child.range().start, end, "no gap between children");
        end = child.range().end;
        check_node(child);
    }
    if node.is_leaf() {
        return;
    }
    assert_eq!(end, node.range().end, "children fill their parent");
    if node.kind() != Kind::Query {
        assert!(!node.children().next().unwrap().kind().is_trivia(), "white space stays outside: {node:?}");
        assert!(!node.children().last().unwrap().kind().is_trivia(), "white space stays outside: {node:?}");
    }
}

/// A fix removes its error. In a query that was right before it was cut off (`is_strict`) it brings no other one
/// either; in a heap of random pieces, what was hidden behind one error may come to light.
#[track_caller]
fn check_fixes(text: &str, is_strict: bool) {
    let parse = qql::parse(text);
    for error in parse.errors() {
        let Some(fix) = &error.fix else { continue };
        let fixed = fix.apply(text);
        let after = qql::parse(&fixed);
        let of_kind =
            |errors: &[qql::SyntaxError]| errors.iter().filter(|other| other.kind == error.kind).count();
        let is_less = after.errors().len() < parse.errors().len();
        let is_less_of_kind = of_kind(after.errors()) < of_kind(parse.errors());
        let is_gone = if is_strict { is_less && is_less_of_kind } else { is_less || is_less_of_kind };
        let name = error.kind.code();
        assert!(is_gone, "{text:?} becomes {fixed:?} by the fix of {name}: {:?}", after.errors());
    }
}

/// Applying the first fix again and again comes to an end.
#[track_caller]
fn check_fixing_all(text: &str) {
    let mut text = text.to_owned();
    for _ in 0..=4 * text.len() {
        let parse = qql::parse(&text);
        let Some(fix) = parse.errors().iter().find_map(|error| error.fix.as_ref()) else { return };
        text = fix.apply(&text);
    }
    panic!("fixing does not end: {text:?}");
}

fn bare(text: &str) -> Name {
    Name { text: text.to_owned(), range: 0..0 }
}

fn value(kind: ValueKind) -> Value {
    Value { kind, range: 0..0 }
}

fn field() -> impl Strategy<Value = Name> {
    prop::sample::select(vec![
        "a",
        "activationKey.isDisabled",
        "qualys.agent.activationKey.id",
        "_x9",
        "andy",
        "nothing",
    ])
    .prop_map(bare)
}

fn op() -> impl Strategy<Value = Op> {
    prop::sample::select(Op::ALL.to_vec())
}

fn scalar() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "true",
        "10",
        "-5",
        "1.5",
        "two words",
        "three  plain words",
        "2018-10-10",
        "7781808c-1234",
        "now-7d",
        "O'Brien",
        "10:30",
        "http://x/y?z=1",
        "10=",
        "wild*card",
        "é",
        "C:\\x",
        "andy",
    ]);
    prop_oneof![
        words.prop_map(|text| value(ValueKind::Words(text.to_owned()))),
        "[^\"']{0,12}".prop_map(|text| value(ValueKind::Quoted(text))),
        "[^`]{0,12}".prop_map(|text| value(ValueKind::Exact(text))),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
            4 => scalar(),
            1 => prop::collection::vec(scalar(), 1..4).prop_map(|items| value(ValueKind::List(items))),
            1 => (scalar(), scalar(), any::<bool>()).prop_map(|(low, high, inclusive)| {
                // Behind a `(`, a name and a colon are the start of a nested query.
    let starts_nested = matches!(&low.kind, ValueKind::Words(text) if text.starts_with(['h', 'C']));
                let inclusive = inclusive || starts_nested;
                value(ValueKind::Range { low: Box::new(low), high: Box::new(high), inclusive })
            }),
        ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let clause = (field(), op(), any_value())
        .prop_map(|(field, op, value)| Expr::Clause(Clause { field, op, value, range: 0..0 }));
    clause.prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Or),
            inner.clone().prop_map(|inner| Expr::Not(Box::new(inner))),
            (field(), inner).prop_map(|(field, inner)| Expr::Nested {
                field,
                inner: Box::new(inner),
                range: 0..0
            }),
        ]
    })
}

/// A spelling of a query. `style` gives the free choices: case of keywords, kind of quote, white space.
struct Printer {
    text: String,
    style: u64,
}

impl Printer {
    fn choose<'a>(&mut self, options: &[&'a str]) -> &'a str {
        // A linear congruence is random enough to vary a spelling.
        self.style =
            self.style.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        options[usize::try_from(self.style >> 33).unwrap() % options.len()]
    }

    fn push(&mut self, options: &[&str]) {
        let text = self.choose(options);
        self.text.push_str(text);
    }

    fn blank(&mut self) {
        self.push(&["", " ", "  ", "\n", "\u{a0}"]);
    }

    fn gap(&mut self) {
        self.push(&[" ", "  ", "\t", "\r\n"]);
    }

    /// `level`: 0 in an `OR`, 1 in an `AND`, 2 behind a `NOT`. Chains get parentheses where they would melt into
    /// the chain around them.
    fn expr(&mut self, expr: &Expr, level: u8) {
        match expr {
            Expr::Or(terms) if level < 1 => self.chain(terms, &[" OR ", " or ", "\tOr\n"], 1),
            Expr::And(terms) if level < 2 => self.chain(terms, &[" AND ", " and ", "\tAnd\n"], 2),
            Expr::Or(_) | Expr::And(_) => self.group(expr),
            Expr::Not(inner) => {
                self.push(&["NOT", "not"]);
                self.gap();
                self.expr(inner, 2);
            }
            Expr::Nested { field, inner, .. } => {
                self.text.push_str(&field.text);
                self.blank();
                self.text.push(':');
                self.blank();
                self.group(inner);
            }
            Expr::Clause(Clause { field, op, value, .. }) => {
                self.text.push_str(&field.text);
                self.blank();
                self.text.push_str(op.symbol());
                self.blank();
                self.value(value);
            }
        }
    }

    fn chain(&mut self, terms: &[Expr], joins: &[&str], level: u8) {
        for (term_idx, term) in terms.iter().enumerate() {
            if term_idx > 0 {
                self.push(joins);
            }
            self.expr(term, level);
        }
    }

    fn group(&mut self, inner: &Expr) {
        self.text.push('(');
        self.blank();
        self.expr(inner, 0);
        self.blank();
        self.text.push(')');
    }

    fn value(&mut self, value: &Value) {
        match &value.kind {
            ValueKind::Words(text) => self.text.push_str(text),
            ValueKind::Quoted(text) => {
                let quote = self.choose(&["\"", "'"]);
                self.text.push_str(&[quote, text, quote].concat());
            }
            ValueKind::Exact(text) => self.text.push_str(&["`", text, "`"].concat()),
            ValueKind::List(items) => {
                self.text.push('[');
                for (item_idx, item) in items.iter().enumerate() {
                    if item_idx > 0 {
                        self.push(&[",", ", ", " ,\n"]);
                    }
                    self.value(item);
                }
                self.text.push(']');
            }
            ValueKind::Range { low, high, inclusive } => {
                self.text.push(if *inclusive { '[' } else { '(' });
                self.value(low);
                self.push(&["..", " .. ", " ..\n"]);
                self.value(high);
                self.text.push(if *inclusive { ']' } else { ')' });
            }
        }
    }
}

/// The same query with all positions forgotten.
fn without_ranges(expr: Expr) -> Expr {
    let name = |name: Name| bare(&name.text);
    match expr {
        Expr::Clause(Clause { field, op, value, .. }) => {
            Expr::Clause(Clause { field: name(field), op, value: value_without_ranges(value), range: 0..0 })
        }
        Expr::And(terms) => Expr::And(terms.into_iter().map(without_ranges).collect()),
        Expr::Or(terms) => Expr::Or(terms.into_iter().map(without_ranges).collect()),
        Expr::Not(inner) => Expr::Not(Box::new(without_ranges(*inner))),
        Expr::Nested { field, inner, .. } => {
            Expr::Nested { field: name(field), inner: Box::new(without_ranges(*inner)), range: 0..0 }
        }
    }
}

fn value_without_ranges(it: Value) -> Value {
    value(match it.kind {
        ValueKind::List(items) => ValueKind::List(items.into_iter().map(value_without_ranges).collect()),
        ValueKind::Range { low, high, inclusive } => ValueKind::Range {
            low: Box::new(value_without_ranges(*low)),
            high: Box::new(value_without_ranges(*high)),
            inclusive,
        },
        single => single,
    })
}

/// A pasted query can hold characters that nobody sees. They were once words of a value, and the query found nothing.
#[test]
fn invisible_characters_are_errors() {
    for c in ['\u{feff}', '\u{200b}', '\u{202e}', '\u{0}', '\u{7f}'] {
        let text = format!("a: 1{c} AND b: 2");
        let parse = qql::parse(&text);
        assert_eq!(parse.errors().len(), 1);
        let error = &parse.errors()[0];
        assert_eq!(
            (error.kind, error.range.clone()),
            (qql::ErrorKind::UnexpectedCharacter, 4..4 + c.len_utf8())
        );
        assert_eq!(error.fix.as_ref().unwrap().apply(&text), "a: 1 AND b: 2");
    }
}

/// Once found by chance: without the dots the slash and the star open a comment.
#[test]
fn a_fix_opens_no_comment() {
    check_fixes("../*a:' */ :and:]", false);
    check_fixes("OR../*\n!=`<[ \n\" */ ‘ :> /* not /* \"q v\"]", false);
    check_fixing_all("../*a:' */ :and:]");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back(text in any::<String>()) {
        check_text(&text);
    }

    #[test]
    fn any_soup_comes_back(text in soup()) {
        check_text(&text);
    }

    #[test]
    fn fixes_remove_their_errors(text in soup()) {
        check_fixes(&text, false);
        check_fixing_all(&text);
    }

    #[test]
    fn fixes_repair_broken_queries(expr in expr(), style in any::<u64>(), cut in any::<prop::sample::Index>()) {
        // A query cut off anywhere is what a person sees while typing.
        let mut printer = Printer { text: String::new(), style };
        printer.expr(&expr, 0);
        let n_chars = printer.text.chars().count();
        let cut: String = printer.text.chars().take(cut.index(n_chars + 1)).collect();
        check_text(&cut);
        check_fixes(&cut, true);
        check_fixing_all(&cut);
    }

    #[test]
    fn any_query_is_read_as_meant(expr in expr(), style in any::<u64>()) {
        let mut printer = Printer { text: String::new(), style };
        printer.expr(&expr, 0);
        let text = printer.text;
        check_text(&text);
        let parse = qql::parse(&text);
        prop_assert_eq!(parse.errors(), &[], "{}", text);
        prop_assert_eq!(parse.expr().map(without_ranges), Some(expr), "{}", text);
    }
}
