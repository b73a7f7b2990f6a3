//! Throws random texts at everything that the crate does, and checks what has to hold for each.
//!
//! `fuzz [--runs N] [--seed S]`. Says the seed of the run and the text when something does not hold.

#[path = "fuzz/check.rs"]
mod check;

use std::cell::RefCell;
use std::io::Write as _;
use std::process::ExitCode;

/// Real-looking queries to start from.
const CORPUS: &str = include_str!("../tests/corpus/queries.txt");

/// Pieces that the grammar gives a meaning to, and a few that it does not.
const PIECES: &[&str] = &[
    "a",
    "title",
    "tags",
    "expires",
    "activationKey",
    "10",
    "web",
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
    "title: ",
    "a: 1",
    "b:x",
    "tags: (",
    ":",
    "=",
    "!=",
    ">",
    "<",
    ">=",
    "<=",
    "(",
    ")",
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
    "é",
    "\u{1f511}",
    " ",
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\t",
    "/*",
    "*/",
    "/* ",
    " */",
    "/* AND ",
    " OR */",
    "/* a: 1 */",
    "in 30 days",
    "today",
    "now-1d",
    " AND ",
    " OR ",
    " AND a: 1",
    " OR b: 2",
];

thread_local! {
    /// The run, and its text.
    static CURRENT: RefCell<(u64, String)> = const { RefCell::new((0, String::new())) };
}

fn main() -> ExitCode {
    let (mut runs, mut seed) = (1_000_000_u64, 1_u64);
    let args: Vec<String> = std::env::args().skip(1).collect();
    for pair in args.chunks(2) {
        let value = pair.get(1).and_then(|it| it.parse().ok());
        match (pair.first().map(String::as_str), value) {
            (Some("--runs"), Some(value)) => runs = value,
            (Some("--seed"), Some(value)) => seed = value,
            _ => return say("usage: fuzz [--runs N] [--seed S]\n", ExitCode::from(2)),
        }
    }
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        told(info);
        CURRENT.with_borrow(|(seed, text)| {
            // The process ends anyway.
            say(&format!("repeat with --runs 1 --seed {seed}: {text:?}\n"), ExitCode::FAILURE);
        });
    }));
    let lines: Vec<&str> = CORPUS.lines().collect();
    let mut n_bytes = 0;
    for run in 0..runs {
        let seed = seed.wrapping_add(run);
        let mut random = Random::new(seed);
        let text = random.text(&lines);
        n_bytes += text.len();
        CURRENT.set((seed, text.clone()));
        check::check(&text, random.next());
    }
    say(&format!("{runs} texts with {n_bytes} bytes from seed {seed} on: all well\n"), ExitCode::SUCCESS)
}

/// Says something, and gives `code` back.
fn say(text: &str, code: ExitCode) -> ExitCode {
    match std::io::stderr().write_all(text.as_bytes()) {
        Ok(()) => code,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Random numbers, the same ones for the same seed (SplitMix64).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let it = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all.get(self.below(all.len())).copied().unwrap_or("")
    }

    fn text(&mut self, lines: &[&str]) -> String {
        match self.below(16) {
            0..3 => self.bytes(),
            3..9 => self.soup(),
            9..15 => self.mutant(lines),
            _ => self.deep(),
        }
    }

    fn bytes(&mut self) -> String {
        let len = self.below(48);
        let bytes: Vec<u8> = (0..len).map(|_| self.next().to_le_bytes()[0]).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn soup(&mut self) -> String {
        let len = self.below(20);
        (0..len).map(|_| self.of(PIECES)).collect()
    }

    /// A line of the corpus, often with another one behind it, with a few changes.
    fn mutant(&mut self, lines: &[&str]) -> String {
        let mut text = self.of(lines).to_owned();
        if self.below(3) == 0 {
            text.push_str(self.of(&[" AND ", " OR ", " ", "\n"]));
            text.push_str(self.of(lines));
        }
        for _ in 0..self.below(4) {
            let (start, end) = (self.place(&text), self.place(&text));
            let range = start.min(end)..start.max(end);
            match self.below(4) {
                0 => text.replace_range(range, ""),
                1 => text.insert_str(start, self.of(PIECES)),
                2 => {
                    let part = text.get(range).unwrap_or("").to_owned();
                    let place = self.place(&text);
                    text.insert_str(place, &part);
                }
                _ => text.truncate(end),
            }
        }
        text
    }

    fn place(&mut self, text: &str) -> usize {
        text.floor_char_boundary(self.below(text.len() + 1))
    }

    /// Many levels, closed or not.
    fn deep(&mut self) -> String {
        let open = self.of(&[
            "(",
            "NOT ",
            "tags: (",
            "a: 1 OR (",
            "/* ",
            "NOT (",
            "a: 1 AND NOT (",
            "[",
            "/* AND (",
        ]);
        let close = self.of(&[")", " )", ") AND b: 2", " */", "", ") */", "]"]);
        // Mostly a few of them: the cost of an edit grows with the text.
        let levels = if self.below(50) == 0 { 150 } else { 10 };
        let (n_open, n_close) = (self.below(levels), self.below(levels));
        [&open.repeat(n_open), "a: 1", &close.repeat(if self.below(2) == 0 { n_open } else { n_close })]
            .concat()
    }
}
