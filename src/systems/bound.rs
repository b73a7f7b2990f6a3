/// Calls of one loop at most. The largest accounts need fewer by far.
const MOST_CALLS: usize = 4_000;

/// Answers without anything new, one after the other, that end a loop. One alone may be: what was on the next page went
/// away in between.
const MOST_IDLE: usize = 2;

/// Ends a loop over the pages of a service that would lead on for ever: always to a new place and to nothing new, or
/// simply on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bound {
    calls: usize,
    idle: usize,
}

impl Bound {
    /// Counts one answer, which brought so many new things. Whether the next may be asked for.
    #[must_use]
    pub fn goes_on(&mut self, n_new: usize) -> bool {
        self.calls += 1;
        self.idle = if n_new == 0 { self.idle + 1 } else { 0 };
        self.calls < MOST_CALLS && self.idle < MOST_IDLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_goes_on_while_it_brings_something() {
        let mut bound = Bound::default();
        for n_new in [5, 0, 1, 0, 3, 0] {
            assert!(bound.goes_on(n_new));
        }
        assert!(!bound.goes_on(0), "twice nothing new");
    }

    #[test]
    fn no_loop_goes_on_for_ever() {
        let mut bound = Bound::default();
        let calls = (0..).take_while(|_| bound.goes_on(1)).count();
        assert_eq!(calls + 1, MOST_CALLS);
    }
}
