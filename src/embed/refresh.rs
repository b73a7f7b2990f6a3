//! When the host is asked for a token of one connection: at the start, before its end by the server's clock, after it
//! was refused, and again after every failure.

use crate::domain::Timestamp;

/// How long the host may take for an answer, in milliseconds.
const PATIENCE_MS: f64 = 15_000.0;

/// The first and the longest wait after a failure, in milliseconds; it doubles in between.
const FIRST_WAIT_MS: f64 = 1_000.0;
const LONGEST_WAIT_MS: f64 = 60_000.0;

/// The next token is asked for when so much is left of this one, in milliseconds, or a tenth of its life.
const LEAD_MS: f64 = 60_000.0;

/// A token that is over so soon after it came is a failure, or the host would be asked without end.
const BRIEF_MS: f64 = 5_000.0;

/// What time it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// On a clock that never jumps, in milliseconds.
    pub(super) steady_ms: f64,
    /// By the server, once an answer told.
    pub(super) server: Option<Timestamp>,
}

/// Why a token is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There was none.
    Start,
    /// It is over soon.
    Expiring,
    /// The service refused it.
    Rejected,
}

impl Reason {
    /// As the contract calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Expiring => "expiring",
            Self::Rejected => "rejected",
        }
    }
}

/// How long a token lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Life {
    /// Until this moment of the server's clock.
    Until(Timestamp),
    /// So many seconds from its arrival on.
    For(f64),
    /// Nobody knows: until the service refuses it.
    Unknown,
}

/// Where a connection stands with the host, for the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// There is a token, or none was needed yet.
    #[default]
    Fine,
    /// The host was asked.
    Asking,
    /// The host did not answer or had none; it is asked again.
    Retrying,
    /// Nobody is signed in to the host: it is asked again when the reader wants it.
    SignedOut,
}

/// What comes of a look at the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Ask the host under this number.
    Ask { id: u64, reason: Reason },
    /// It did not answer in time.
    TimedOut,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// Nobody needed a token yet.
    Unneeded,
    /// To be asked for at the next look at the clock.
    Due(Reason),
    Asked {
        id: u64,
        since_ms: f64,
        reason: Reason,
    },
    /// There is one.
    Resting,
    /// After a failure.
    Waiting {
        until_ms: f64,
        reason: Reason,
    },
    /// Only the reader starts it again.
    Stopped,
}

/// The tokens of one connection.
#[derive(Debug)]
pub(super) struct Refresh {
    stage: Stage,
    /// Failures since the last token.
    tries: u32,
    /// Tokens in a row that were of no use.
    useless: u32,
    /// The service took the present token.
    proven: bool,
    since_ms: f64,
    life: Life,
    /// What was left of it at the first look, in milliseconds. What it had before says nothing: a host may give a
    /// token that it has for a while, and gives the same one again for as long as it is good.
    whole_ms: Option<f64>,
}

impl Refresh {
    pub(super) fn new() -> Self {
        Self {
            stage: Stage::Unneeded,
            tries: 0,
            useless: 0,
            proven: false,
            since_ms: 0.0,
            life: Life::Unknown,
            whole_ms: None,
        }
    }

    pub(super) fn standing(&self) -> Standing {
        match self.stage {
            Stage::Unneeded | Stage::Resting => Standing::Fine,
            Stage::Due(_) | Stage::Asked { .. } => Standing::Asking,
            Stage::Waiting { .. } => Standing::Retrying,
            Stage::Stopped => Standing::SignedOut,
        }
    }

    /// A token is needed for the first time.
    pub(super) fn need(&mut self) {
        if self.stage == Stage::Unneeded {
            self.stage = Stage::Due(Reason::Start);
        }
    }

    /// The reader wants the host to be asked, whatever it said before.
    pub(super) fn ask_again(&mut self) {
        if matches!(self.stage, Stage::Stopped | Stage::Waiting { .. } | Stage::Resting) {
            (self.tries, self.useless) = (0, 0);
            self.stage = Stage::Due(Reason::Start);
        }
    }

    /// The browser came back, from a sleep or from offline: no waiting any more.
    pub(super) fn wake(&mut self) {
        if let Stage::Waiting { reason, .. } = self.stage {
            self.stage = Stage::Due(reason);
        }
    }

    /// Nobody is signed in any more.
    pub(super) fn stop(&mut self) {
        if self.stage != Stage::Unneeded {
            self.stage = Stage::Stopped;
        }
    }

    /// Whether this is the request that is open.
    pub(super) fn awaits(&self, wanted: &str) -> bool {
        matches!(self.stage, Stage::Asked { id, .. } if id.to_string() == wanted)
    }

    /// The token that was asked for.
    pub(super) fn got(&mut self, life: Life, steady_ms: f64) {
        self.stage = Stage::Resting;
        self.tries = 0;
        (self.proven, self.life, self.whole_ms) = (false, life, None);
        self.since_ms = steady_ms;
    }

    /// The host has none, or gave what is none.
    pub(super) fn failed(&mut self, steady_ms: f64) {
        if let Stage::Asked { reason, .. } = self.stage {
            self.tries = self.tries.saturating_add(1);
            self.rest(self.tries, reason, steady_ms);
        }
    }

    /// The service took the token.
    pub(super) fn accepted(&mut self) {
        self.proven = true;
        self.useless = 0;
    }

    /// The service refused the token.
    pub(super) fn rejected(&mut self, steady_ms: f64) {
        // Whatever is under way already brings a newer one.
        match self.stage {
            Stage::Resting if self.proven => self.stage = Stage::Due(Reason::Rejected),
            Stage::Resting => self.useless(Reason::Rejected, steady_ms),
            _ => {}
        }
    }

    /// What the time makes necessary.
    pub(super) fn tick(&mut self, now: Clock, next: &mut u64) -> Option<Step> {
        let ends_soon = self.stage == Stage::Resting && self.ends_soon(now);
        match self.stage {
            Stage::Due(reason) => Some(self.ask(reason, now, next)),
            Stage::Waiting { until_ms, reason } if until_ms <= now.steady_ms => {
                Some(self.ask(reason, now, next))
            }
            Stage::Asked { since_ms, .. } if now.steady_ms - since_ms >= PATIENCE_MS => {
                self.failed(now.steady_ms);
                Some(Step::TimedOut)
            }
            Stage::Resting if ends_soon => {
                if now.steady_ms - self.since_ms < BRIEF_MS {
                    self.useless(Reason::Expiring, now.steady_ms);
                    return None;
                }
                Some(self.ask(Reason::Expiring, now, next))
            }
            _ => None,
        }
    }

    fn ask(&mut self, reason: Reason, now: Clock, next: &mut u64) -> Step {
        *next += 1;
        self.stage = Stage::Asked { id: *next, since_ms: now.steady_ms, reason };
        Step::Ask { id: *next, reason }
    }

    fn useless(&mut self, reason: Reason, steady_ms: f64) {
        self.useless = self.useless.saturating_add(1);
        self.rest(self.useless, reason, steady_ms);
    }

    fn rest(&mut self, failures: u32, reason: Reason, steady_ms: f64) {
        let doubled = FIRST_WAIT_MS * f64::from(1_u32 << failures.saturating_sub(1).min(10));
        self.stage = Stage::Waiting { until_ms: steady_ms + doubled.min(LONGEST_WAIT_MS), reason };
    }

    fn ends_soon(&mut self, now: Clock) -> bool {
        let Some(left) = self.left_ms(now) else { return false };
        let whole = *self.whole_ms.get_or_insert(left.max(0.0));
        left <= LEAD_MS.max(whole / 10.0).min(whole / 2.0)
    }

    fn left_ms(&self, now: Clock) -> Option<f64> {
        match self.life {
            Life::Until(end) => {
                #[expect(clippy::cast_precision_loss, reason = "the rest of a life")]
                let left = end.0.saturating_sub(now.server?.0) as f64;
                Some(left)
            }
            Life::For(secs) => Some(secs * 1_000.0 - (now.steady_ms - self.since_ms)),
            Life::Unknown => None,
        }
    }
}
