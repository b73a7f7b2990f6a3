//! Where a clause of a query runs, and why, in words.

use qql::{ClausePlace, Run, Split, Why};

use crate::i18n::t;

/// Who answers the query, in one line; `None` for one without clauses.
pub(super) fn summary(split: &Split, all_here: Option<&'static str>) -> Option<String> {
    // What nobody can answer is an error of the query and is said there.
    let clauses: Vec<&ClausePlace> = split.clauses.iter().filter(|it| it.run != Run::Nowhere).collect();
    let first = clauses.first()?;
    if let Some(all_here) = all_here {
        return Some(all_here.to_owned());
    }
    let runs_alike = clauses.iter().all(|it| it.run == first.run);
    let is_one_reason = clauses.iter().all(|it| it.why == first.why);
    Some(match (first.run, runs_alike, is_one_reason) {
        (Run::Server, true, _) => t::query_all_service().to_owned(),
        (Run::Both, true, true) => t::query_all_both(why(first.why)),
        (Run::Browser, true, true) => t::query_all_here(why(first.why)),
        (Run::Browser, true, false) => t::query_all_here_mixed().to_owned(),
        _ => t::query_mixed().to_owned(),
    })
}

/// Where one clause runs, as a sentence.
pub(super) fn reason(place: &ClausePlace) -> String {
    match place.run {
        Run::Server => t::query_clause_service().to_owned(),
        Run::Both => t::query_clause_both(why(place.why)),
        Run::Browser => t::query_clause_here(why(place.why)),
        Run::Nowhere => t::query_clause_nowhere(why(place.why)),
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::Field | Why::Problem => t::query_why_field(),
        Why::NoValues => t::query_problem_no_values(),
        Why::Operator | Why::Sent | Why::Unverified => t::query_why_operator(),
        Why::Negated => t::query_why_negated(),
        Why::Alternative => t::query_why_alternative(),
        Why::Taken => t::query_why_taken(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(run: Run, why: Why) -> ClausePlace {
        ClausePlace { range: 0..4, run, why }
    }

    fn said(clauses: Vec<ClausePlace>) -> Option<String> {
        summary(&Split { server: None, criteria: Vec::new(), rest: None, clauses }, None)
    }

    #[test]
    fn what_is_true_of_all_clauses_is_said_with_its_reason() {
        let two = |run, why| vec![place(run, why), place(run, why)];
        assert_eq!(said(two(Run::Server, Why::Sent)).as_deref(), Some(t::query_all_service()));
        let here = t::query_all_here(t::query_why_field());
        assert_eq!(said(two(Run::Browser, Why::Field)), Some(here));
        let both = t::query_all_both(t::query_why_negated());
        assert_eq!(said(two(Run::Both, Why::Negated)), Some(both));
    }

    #[test]
    fn clauses_that_run_in_different_places_are_one_line_and_each_has_its_reason() {
        let (sent, here) = (place(Run::Server, Why::Sent), place(Run::Browser, Why::Operator));
        assert_eq!(reason(&sent), t::query_clause_service());
        assert_eq!(reason(&here), t::query_clause_here(t::query_why_operator()));
        assert_eq!(said(vec![sent, here.clone()]).as_deref(), Some(t::query_mixed()));
        let other = place(Run::Browser, Why::Field);
        assert_eq!(said(vec![here, other]).as_deref(), Some(t::query_all_here_mixed()));
    }

    #[test]
    fn a_blank_query_and_what_nobody_answers_have_no_line() {
        assert_eq!(said(Vec::new()), None);
        assert_eq!(said(vec![place(Run::Nowhere, Why::Problem)]), None);
    }

    #[test]
    fn where_there_is_no_search_that_is_said_and_nothing_else() {
        let clauses = vec![place(Run::Browser, Why::Field), place(Run::Browser, Why::Operator)];
        let split = Split { server: None, criteria: Vec::new(), rest: None, clauses };
        assert_eq!(summary(&split, Some("all here")).as_deref(), Some("all here"));
    }
}
