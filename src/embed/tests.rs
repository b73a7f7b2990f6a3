//! The contract as a whole, on a clock of its own.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::*;
use crate::domain::Timestamp;
use crate::platform::portal::Plain;

/// Now by the server, when the tests begin.
const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A contract with its clock.
struct Desk {
    contract: Contract,
    ms: f64,
    /// By how much the server is ahead of nothing in particular; `None` before any answer.
    server: Option<Timestamp>,
    said: Vec<Said>,
}

impl Desk {
    fn new() -> Self {
        Self { contract: Contract::new(), ms: 0.0, server: Some(NOW), said: Vec::new() }
    }

    /// After the welcome of a host that signs, with a token asked for.
    fn open() -> Self {
        let mut desk = Self::new();
        desk.hear(welcome());
        desk.need("a");
        desk
    }

    fn server_now(&self) -> Option<Timestamp> {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
        self.server.map(|it| Timestamp(it.0 + self.ms as i64))
    }

    fn keep(&mut self, all: Vec<Do>) -> usize {
        let count = all.len();
        self.said.extend(all.into_iter().filter_map(|it| match it {
            Do::Say(said) => Some(said),
            _ => None,
        }));
        count
    }

    fn hear(&mut self, message: Plain) -> Vec<Do> {
        self.contract.hear(message, self.ms)
    }

    fn need(&mut self, connection: &str) {
        self.contract.need(connection, "solifyn");
        self.wait(0.0);
    }

    /// Lets time pass, in steps of a second.
    fn wait(&mut self, secs: f64) {
        let end = self.ms + secs * 1_000.0;
        loop {
            let now = self.server_now();
            let all = self.contract.tick(self.ms, |_| now);
            self.keep(all);
            if self.ms >= end {
                return;
            }
            self.ms = (self.ms + 1_000.0).min(end);
        }
    }

    /// The newest request for a token, and how many there were.
    fn asked(&self) -> (String, Reason, usize) {
        let mut all = self.said.iter().filter_map(|it| match it {
            Said::TokenRequest { id, reason, .. } => Some((id.clone(), *reason)),
            _ => None,
        });
        let count = all.clone().count();
        let (id, reason) = all.next_back().expect("a request");
        (id, reason, count)
    }

    /// Answers the newest request with a token that lasts so long.
    fn give(&mut self, life: Life) {
        let (id, ..) = self.asked();
        let all = self.hear(token(&id));
        let [Do::Token { connection, .. }] = &*all else { panic!("{id} is no open request") };
        self.contract.took(connection, life, self.ms);
    }

    fn problems(&self) -> Vec<&'static str> {
        self.said
            .iter()
            .filter_map(|it| if let Said::Problem(code) = it { Some(*code) } else { None })
            .collect()
    }
}

fn fields(all: &[(&str, Plain)]) -> Plain {
    Plain::Fields(all.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

fn text(it: &str) -> Plain {
    Plain::Text(it.to_owned())
}

fn message(name: &str, more: &[(&str, Plain)]) -> Plain {
    fields(&[&[("v", Plain::Number(1.0)), ("type", text(name))], more].concat())
}

fn welcome() -> Plain {
    message("welcome", &[("sign_in", text("host"))])
}

fn token(id: &str) -> Plain {
    message("token", &[("id", text(id)), ("token", text("eyJ.a.b"))])
}

fn refusal(id: &str, reason: &str) -> Plain {
    message("token_refused", &[("id", text(id)), ("reason", text(reason))])
}

/// So many seconds from now, by the server.
fn until(desk: &Desk, secs: i64) -> Life {
    Life::Until(desk.server_now().expect("a server that told its time").plus_secs(secs))
}

#[test]
fn it_says_hello_ten_times_and_then_goes_on_by_itself() {
    let mut contract = Contract::new();
    let (mut greeted, mut gave_up) = (Vec::new(), Vec::new());
    for second in 0..60 {
        for it in contract.tick(f64::from(second) * 1_000.0, |_| None) {
            match it {
                Do::Greet => greeted.push(second),
                Do::GiveUp => gave_up.push(second),
                _ => panic!("nothing else happens without a host"),
            }
        }
    }
    assert_eq!((greeted, gave_up), ((0..10).collect(), vec![10]));
    // Whoever comes later finds nobody.
    assert!(contract.hear(welcome(), 60_000.0).is_empty() && contract.ignored() == 1);
}

#[test]
fn nothing_counts_before_the_welcome_and_no_second_one_does() {
    let mut desk = Desk::new();
    assert!(desk.hear(message("readonly", &[("on", Plain::Flag(true))])).is_empty());
    assert!(matches!(&*desk.hear(welcome()), [Do::Start(it)] if it.host_signs && !it.auto_height));
    assert!(desk.hear(welcome()).is_empty());
    assert_eq!(desk.contract.ignored(), 2);
}

#[test]
fn a_whole_welcome_is_read() {
    let theme = fields(&[("scheme", text("dark")), ("tokens", fields(&[("accent", text("#0b6e4f"))]))]);
    let all = message(
        "welcome",
        &[
            ("sign_in", text("own")),
            ("connection", text("eu1")),
            ("theme", theme),
            ("locale", text("de-CH")),
            ("readonly", Plain::Flag(true)),
            ("route", text("/?q=state:+active")),
            ("height", text("auto")),
            ("later", Plain::Other),
        ],
    );
    let want = Welcome {
        host_signs: false,
        connection: Some("eu1".to_owned()),
        theme: Some(ThemeWish {
            scheme: Scheme::Dark,
            tokens: vec![("accent".to_owned(), "#0b6e4f".to_owned())],
        }),
        locale: Some("de-CH".to_owned()),
        read_only: true,
        route: Some("/?q=state:+active".to_owned()),
        auto_height: true,
    };
    assert!(matches!(read(all), Some(Heard::Welcome(it)) if *it == want));
}

/// Each of these ended the handshake without a word, although the host's side took it.
#[test]
fn what_the_contract_allows_is_heard() {
    let route = ["/?q=", &"ß".repeat(2_044)].concat();
    let tag = "en-Latn-US-u-ca-gregory-co-phonebk-nu-latn-x-office";
    let font = "\u{1f511}".repeat(1_024);
    let theme = fields(&[("tokens", fields(&[("font", text(&font))]))]);
    let all = message(
        "welcome",
        &[("sign_in", text("host")), ("route", text(&route)), ("locale", text(tag)), ("theme", theme)],
    );
    assert!(matches!(read(all), Some(Heard::Welcome(it)) if it.route.as_ref() == Some(&route)
        && it.locale.as_deref() == Some(tag)));
    let longest = ["en", &"-abcdefgh".repeat(27), "-abcd-abcd"].concat();
    assert_eq!(longest.len(), 255);
    let longer = [&longest, "-x"].concat();
    for (tag, is_heard) in [(longest, true), (longer, false)] {
        assert_eq!(read(message("locale", &[("locale", text(&tag))])).is_some(), is_heard);
    }
    for wrong in [[&route, "x"].concat(), format!("/?q={}", "\u{1f511}".repeat(1_023))] {
        assert!(read(message("route", &[("route", text(&wrong))])).is_none());
    }
}

#[test]
fn a_message_of_another_shape_is_ignored_and_counted() {
    let long = "x".repeat(2_049);
    for wrong in [
        Plain::Other,
        text("sign_out"),
        fields(&[("type", text("sign_out"))]),
        fields(&[("v", Plain::Number(2.0)), ("type", text("sign_out"))]),
        fields(&[("v", text("1")), ("type", text("sign_out"))]),
        message("signout", &[]),
        message("readonly", &[("on", text("true"))]),
        message("readonly", &[]),
        message("leave", &[("id", Plain::Number(7.0))]),
        message("leave", &[("id", text(&long))]),
        message("locale", &[("locale", text("en_US"))]),
        message("locale", &[("locale", text("<script>"))]),
        message("route", &[("route", text("https://evil.example/"))]),
        message("route", &[("route", text("//evil.example/"))]),
        message("view", &[("top", Plain::Number(f64::NAN)), ("height", Plain::Number(1.0))]),
        message("view", &[("top", Plain::Number(-1.0)), ("height", Plain::Number(1.0))]),
        message("theme", &[("scheme", text("neon"))]),
        message("theme", &[("tokens", fields(&[("accent", Plain::Number(1.0))]))]),
        message("token", &[("id", text("1")), ("token", text(" "))]),
        message("token", &[("id", text("1")), ("token", text("x")), ("expires_in", Plain::Number(-5.0))]),
        refusal("1", "because"),
    ] {
        let mut desk = Desk::open();
        assert!(desk.hear(wrong.clone()).is_empty(), "{wrong:?}");
        assert_eq!(desk.contract.ignored(), 1, "{wrong:?}");
    }
}

#[test]
fn ignored_messages_are_counted_for_the_host_once_a_second_at_most() {
    let mut desk = Desk::open();
    let counts = |desk: &Desk| {
        let count = |it: &Said| if let Said::Ignored(count) = it { Some(*count) } else { None };
        desk.said.iter().filter_map(count).collect::<Vec<_>>()
    };
    for _ in 0..5 {
        desk.contract.ignore();
        desk.wait(0.0);
    }
    assert_eq!(counts(&desk), [1]);
    desk.wait(1.0);
    desk.wait(10.0);
    assert_eq!(counts(&desk), [1, 5]);
}

#[test]
fn the_next_token_is_asked_for_before_the_end_by_the_servers_clock() {
    for (life, at) in [(3_600, 3_240), (300, 240), (60, 30)] {
        let mut desk = Desk::open();
        assert_eq!(desk.asked(), ("1".to_owned(), Reason::Start, 1));
        let until = until(&desk, life);
        desk.give(until);
        desk.contract.accepted("a");
        desk.wait(f64::from(at) - 1.0);
        assert_eq!(desk.asked().2, 1, "{life}");
        desk.wait(1.0);
        assert_eq!(desk.asked(), ("2".to_owned(), Reason::Expiring, 2), "{life}");
    }
}

/// A host that keeps a token of four hours and gives it out until its end was once asked for it each second or two, as
/// soon as a tenth of the four hours was left.
#[test]
fn a_host_that_gives_the_same_token_for_as_long_as_it_is_good_is_not_stormed() {
    let mut desk = Desk::open();
    let end = desk.server_now().expect("a time").plus_secs(1_200);
    let mut at = Vec::new();
    desk.give(Life::Until(end));
    for second in 1..1_200 {
        desk.contract.accepted("a");
        let before = desk.asked().2;
        desk.wait(1.0);
        if desk.asked().2 > before {
            at.push(second);
            desk.give(Life::Until(end));
        }
    }
    // With two minutes left, then with one, and at halves.
    assert_eq!(at, [1_080, 1_140, 1_170, 1_185, 1_193, 1_198]);
}

#[test]
fn a_clock_that_is_off_changes_nothing() {
    // Before the first answer nobody knows the time, and nothing is over.
    let mut desk = Desk { server: None, ..Desk::open() };
    let end = NOW.plus_secs(600);
    desk.give(Life::Until(end));
    desk.wait(5_000.0);
    assert_eq!(desk.asked().2, 1);
    // What the host says in seconds needs no clock but a steady one.
    let mut desk = Desk { server: None, ..Desk::open() };
    desk.give(Life::For(600.0));
    desk.wait(539.0);
    assert_eq!(desk.asked().2, 1);
    desk.wait(1.0);
    assert_eq!(desk.asked().1, Reason::Expiring);
}

#[test]
fn a_host_that_never_answers_is_asked_again_more_and_more_seldom() {
    let mut desk = Desk::open();
    let mut at = Vec::new();
    for second in 0..300 {
        let before = desk.asked().2;
        desk.wait(1.0);
        if desk.asked().2 > before {
            at.push(second + 1);
        }
    }
    // 15 seconds of patience, then 1, 2, 4 … of rest, never more than 60.
    assert_eq!(at, [16, 33, 52, 75, 106, 153, 228]);
    assert_eq!(desk.contract.standing("a"), Standing::Retrying);
    assert!(desk.problems().iter().all(|it| *it == "token_timeout"));
}

#[test]
fn an_answer_to_an_older_request_is_ignored() {
    let mut desk = Desk::open();
    desk.wait(16.0);
    assert_eq!(desk.asked().0, "2");
    assert!(desk.hear(token("1")).is_empty());
    assert!(desk.hear(refusal("1", "signed_out")).is_empty());
    assert!(desk.hear(token("")).is_empty() && desk.hear(token("02")).is_empty());
    assert_eq!((desk.contract.ignored(), desk.contract.standing("a")), (4, Standing::Asking));
    desk.give(Life::Unknown);
    assert!(desk.hear(token("2")).is_empty(), "an answer counts once");
}

#[test]
fn a_refusal_is_followed_by_another_try_and_coming_online_by_one_at_once() {
    let mut desk = Desk::open();
    let all = desk.hear(refusal("1", "unavailable"));
    assert!(matches!(&*all, [Do::Say(Said::Problem("token_refused")), Do::Stands(_, Standing::Retrying)]));
    desk.wait(1.0);
    assert_eq!(desk.asked().0, "2");
    drop(desk.hear(refusal("2", "unavailable")));
    desk.contract.wake();
    desk.wait(0.0);
    assert_eq!(desk.asked().0, "3");
}

#[test]
fn a_host_nobody_is_signed_in_to_is_asked_when_the_reader_wants_it() {
    let mut desk = Desk::open();
    let all = desk.hear(refusal("1", "signed_out"));
    assert!(matches!(&*all, [_, Do::Stands(_, Standing::SignedOut)]));
    desk.contract.wake();
    desk.contract.need("a", "solifyn");
    desk.wait(600.0);
    assert_eq!(desk.asked().2, 1);
    desk.contract.ask_again("a");
    desk.wait(0.0);
    assert_eq!(desk.asked(), ("2".to_owned(), Reason::Start, 2));
}

#[test]
fn a_token_the_service_refuses_is_replaced_at_once_or_after_a_rest_if_it_never_was_good() {
    let mut desk = Desk::open();
    desk.give(Life::Unknown);
    desk.contract.accepted("a");
    desk.contract.rejected("a", desk.ms);
    desk.wait(0.0);
    assert_eq!(desk.asked(), ("2".to_owned(), Reason::Rejected, 2));
    let mut at = Vec::new();
    for _ in 0..4 {
        desk.give(Life::Unknown);
        desk.contract.rejected("a", desk.ms);
        let (began, count) = (desk.ms, desk.asked().2);
        while desk.asked().2 == count {
            desk.wait(1.0);
        }
        at.push(desk.ms - began);
    }
    assert_eq!(at, [1_000.0, 2_000.0, 4_000.0, 8_000.0]);
}

#[test]
fn a_token_that_is_over_when_it_comes_does_not_storm_the_host() {
    let mut desk = Desk::open();
    for _ in 0..60 {
        if desk.contract.standing("a") == Standing::Asking {
            let over = until(&desk, -10);
            desk.give(over);
        }
        desk.wait(1.0);
    }
    assert!(desk.asked().2 <= 7, "{:?}", desk.asked());
}

#[test]
fn each_connection_has_requests_of_its_own() {
    let mut desk = Desk::open();
    desk.need("b");
    assert_eq!(desk.asked().0, "2");
    drop(desk.hear(refusal("1", "signed_out")));
    assert_eq!(
        (desk.contract.standing("a"), desk.contract.standing("b")),
        (Standing::SignedOut, Standing::Asking)
    );
    desk.give(Life::Unknown);
    assert_eq!(desk.contract.standing("b"), Standing::Fine);
    let all = desk.hear(message("sign_out", &[]));
    assert_eq!((all.len(), desk.contract.standing("b")), (3, Standing::SignedOut));
}

/// Anything that another window could send, and what is nearly right.
fn anything() -> impl Strategy<Value = Plain> {
    let names = "(v|type|id|token|reason|on|route|scheme|tokens|[a-z_]{0,8})";
    let words =
        "(welcome|token|token_refused|theme|locale|readonly|route|leave|view|sign_out|host|[ -~]{0,12})";
    let leaf = prop_oneof![
        any::<bool>().prop_map(Plain::Flag),
        prop_oneof![Just(1.0), any::<f64>()].prop_map(Plain::Number),
        words.prop_map(Plain::Text),
        Just(Plain::Other),
    ];
    leaf.prop_recursive(2, 24, 6, move |inner| {
        proptest::collection::vec((names.prop_map(String::from), inner), 0..6).prop_map(Plain::Fields)
    })
}

/// Of the right version and a known type, with fields by chance.
fn nearly() -> impl Strategy<Value = Plain> {
    let word = "(welcome|token|token_refused|theme|locale|route|leave|view|readonly)";
    (word, anything()).prop_map(|(name, rest)| {
        let mut all = vec![("v".to_owned(), Plain::Number(1.0)), ("type".to_owned(), Plain::Text(name))];
        if let Plain::Fields(rest) = rest {
            all.extend(rest.into_iter().filter(|(name, _)| name != "v" && name != "type"));
        }
        Plain::Fields(all)
    })
}

#[test]
fn a_thousand_random_messages_change_nothing_and_are_counted() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut desk = Desk::open();
    let (mut count, mut tried) = (0, 0);
    while count < 1_000 {
        tried += 1;
        assert!(tried < 20_000, "too few of them are wrong");
        let strategy = prop_oneof![anything(), nearly()];
        let message = strategy.new_tree(&mut runner).expect("a message").current();
        if read(message.clone()).is_some() {
            // By chance it is one; what those do is tested elsewhere.
            continue;
        }
        count += 1;
        assert_eq!(desk.hear(message.clone()).len(), 0, "{message:?}");
        assert_eq!(desk.contract.ignored(), count, "{message:?}");
    }
    assert_eq!(desk.contract.standing("a"), Standing::Asking);
    desk.give(Life::Unknown);
    assert_eq!(desk.contract.standing("a"), Standing::Fine);
}

#[test]
fn what_is_said_has_the_form_of_the_contract() {
    let event = Event {
        name: "key.created",
        connection: "eu1".to_owned(),
        key: Some("123".to_owned()),
        count: None,
        at: "2027-01-15T08:00:00.000Z".to_owned(),
    };
    let want = message(
        "event",
        &[
            ("name", text("key.created")),
            ("connection", text("eu1")),
            ("at", text("2027-01-15T08:00:00.000Z")),
            ("key", text("123")),
        ],
    );
    assert_eq!(Said::Event(event).plain(), want);
    assert_eq!(Said::Dirty(true).plain(), message("dirty", &[("dirty", Plain::Flag(true))]));
    assert_eq!(
        hello("r1"),
        fields(&[
            ("latchkey", text("hello")),
            ("versions", Plain::Numbers(vec![1.0])),
            ("release", text("r1")),
        ])
    );
}
