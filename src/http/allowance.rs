use std::cell::Cell;
use std::rc::Rc;

use super::ResponseHeaders;

/// The share of a limit that is left to what the reader does: a tenth, and one call at least.
const KEPT_SHARE: u32 = 10;

/// What the server last said of its limit on calls, so that a long load leaves room for others. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Allowance(Rc<Cell<Option<Told>>>);

#[derive(Clone, Copy)]
struct Told {
    limit: u32,
    remaining: u32,
    window_ms: f64,
    /// When the first answer of this window came, on the steady clock: the window began no later.
    since_ms: f64,
}

impl Told {
    fn ends_ms(self) -> f64 {
        self.since_ms + self.window_ms
    }
}

impl Allowance {
    /// Notes what an answer says. One that says nothing changes nothing: not all calls are limited.
    pub(super) fn learn(&self, headers: &ResponseHeaders, now_ms: f64) {
        let number = |name| headers.number(name);
        let (Some(limit), Some(remaining), Some(window)) =
            (number("x-ratelimit-limit"), number("x-ratelimit-remaining"), number("x-ratelimit-window-sec"))
        else {
            return;
        };
        let window_ms = f64::from(window) * 1_000.0;
        // What is left grows where a new window begins, and nowhere else.
        let same =
            self.0.get().filter(|it| it.limit == limit && remaining <= it.remaining && now_ms < it.ends_ms());
        let since_ms = same.map_or(now_ms, |it| it.since_ms);
        self.0.set(Some(Told { limit, remaining, window_ms, since_ms }));
    }

    /// How long a call that can wait should: until the window has passed, once little is left of it. `None` when it
    /// need not.
    pub(super) fn wait_ms(&self, now_ms: f64) -> Option<u32> {
        let told = self.0.get()?;
        let kept = (told.limit / KEPT_SHARE).max(1);
        let left_ms = told.ends_ms() - now_ms;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and saturates"
        )]
        let wait = (left_ms.ceil()) as u32;
        (told.remaining <= kept && left_ms > 0.0).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(it: &Allowance, remaining: u32, now_ms: f64) {
        let pairs = [("limit", 120), ("remaining", remaining), ("window-sec", 60)];
        let pairs = pairs.map(|(name, value)| (format!("X-RateLimit-{name}"), value.to_string()));
        it.learn(&ResponseHeaders::new(pairs.into()), now_ms);
    }

    #[test]
    fn the_last_tenth_is_left_to_others() {
        let it = Allowance::default();
        assert_eq!(it.wait_ms(0.0), None, "nothing was told");
        learn(&it, 119, 1_000.0);
        assert_eq!(it.wait_ms(1_000.0), None);
        learn(&it, 13, 20_000.0);
        assert_eq!(it.wait_ms(20_000.0), None);
        learn(&it, 12, 21_000.0);
        assert_eq!(it.wait_ms(21_000.0), Some(40_000), "until the window has passed");
        it.learn(&ResponseHeaders::default(), 22_000.0);
        assert_eq!(it.wait_ms(22_000.0), Some(39_000), "an answer that says nothing changes nothing");
        assert_eq!(it.wait_ms(61_000.0), None);
    }

    #[test]
    fn a_new_window_counts_from_its_own_first_answer() {
        let it = Allowance::default();
        learn(&it, 10, 0.0);
        learn(&it, 119, 30_000.0);
        assert_eq!(it.wait_ms(30_000.0), None);
        learn(&it, 5, 40_000.0);
        assert_eq!(it.wait_ms(40_000.0), Some(50_000));
        // A window that has passed is not gone on with, whatever is left of the next.
        learn(&it, 5, 95_000.0);
        assert_eq!(it.wait_ms(95_000.0), Some(60_000));
    }
}
