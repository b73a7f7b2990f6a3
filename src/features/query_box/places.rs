//! Where each clause of a query runs, in words.

use qql::{ClausePlace, Run, Split, Why};

use crate::i18n::t;

/// Characters of a clause that are repeated below the box.
const MOST: usize = 60;

/// One line below the query: the clause it is about, if it is not about all of them, and what is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) clause: String,
    pub(super) said: String,
}

/// Who answers what: one line for all clauses where the same is true of them, else one each.
pub(super) fn lines(split: &Split, text: &str, all_here: Option<&'static str>) -> Vec<Line> {
    // What nobody can answer is an error of the query and is said there.
    let clauses: Vec<&ClausePlace> = split.clauses.iter().filter(|it| it.run != Run::Nowhere).collect();
    let Some(first) = clauses.first() else { return Vec::new() };
    let all = |said: String| vec![Line { clause: String::new(), said }];
    if let Some(all_here) = all_here {
        return all(all_here.to_owned());
    }
    if clauses.iter().all(|it| it.run == first.run && it.why == first.why) {
        return all(match first.run {
            Run::Server => t::query_all_service().to_owned(),
            Run::Both => t::query_all_both(why(first.why)),
            Run::Browser | Run::Nowhere => t::query_all_here(why(first.why)),
        });
    }
    clauses.into_iter().map(|it| Line { clause: shortened(text, it), said: said(it) }).collect()
}

fn said(place: &ClausePlace) -> String {
    match place.run {
        Run::Server => t::query_clause_service().to_owned(),
        Run::Both => t::query_clause_both(why(place.why)),
        Run::Browser | Run::Nowhere => t::query_clause_here(why(place.why)),
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::Field | Why::NoValues | Why::Problem => t::query_why_field(),
        Why::Operator | Why::Sent | Why::Unverified => t::query_why_operator(),
        Why::Negated => t::query_why_negated(),
        Why::Alternative => t::query_why_alternative(),
        Why::Taken => t::query_why_taken(),
    }
}

fn shortened(text: &str, place: &ClausePlace) -> String {
    let clause = text.get(place.range.clone()).unwrap_or_default().trim();
    match clause.char_indices().nth(MOST) {
        None => clause.to_owned(),
        Some((at, _)) => [clause.get(..at).unwrap_or_default(), "…"].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(clauses: Vec<(std::ops::Range<usize>, Run, Why)>) -> Split {
        let clauses = clauses.into_iter().map(|(range, run, why)| ClausePlace { range, run, why }).collect();
        Split { server: None, criteria: Vec::new(), rest: None, clauses }
    }

    fn said(clauses: Vec<(std::ops::Range<usize>, Run, Why)>, text: &str) -> Vec<String> {
        lines(&split(clauses), text, None).into_iter().map(|it| [it.clause, it.said].join("|")).collect()
    }

    #[test]
    fn what_is_true_of_all_clauses_is_said_once() {
        let text = "a: 1 AND b: 2";
        let both = |run, why| vec![(0..4, run, why), (9..13, run, why)];
        assert_eq!(said(both(Run::Server, Why::Sent), text), [["|", t::query_all_service()].concat()]);
        let here = t::query_all_here(t::query_why_field());
        assert_eq!(said(both(Run::Browser, Why::Field), text), [["|", &here].concat()]);
    }

    #[test]
    fn clauses_that_run_in_different_places_are_told_apart() {
        let text = "a: 1 AND b: 2";
        let lines = said(vec![(0..4, Run::Server, Why::Sent), (9..13, Run::Browser, Why::Operator)], text);
        let here = t::query_clause_here(t::query_why_operator());
        assert_eq!(lines, [["a: 1|", t::query_clause_service()].concat(), ["b: 2|", &here].concat()]);
    }

    #[test]
    fn a_blank_query_and_what_nobody_answers_have_no_line() {
        assert!(said(Vec::new(), "").is_empty());
        assert!(said(vec![(0..4, Run::Nowhere, Why::NoValues)], "a: 1").is_empty());
    }

    #[test]
    fn a_long_clause_is_cut_between_characters() {
        let text = ["title: ", &"ü".repeat(100)].concat();
        let place = ClausePlace { range: 0..text.len(), run: Run::Browser, why: Why::Field };
        assert_eq!(shortened(&text, &place).chars().count(), MOST + 1);
    }
}
