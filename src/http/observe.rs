/// Why a call is not on its way yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Two calls to this host are in flight.
    Queue,
    /// The server asked to wait so many milliseconds.
    RateLimit(u32),
    /// The last attempt failed; the next follows in so many milliseconds.
    Retry(u32),
    /// The reader has to sign in.
    SignIn,
}

/// Watches calls, so that a screen can say "waiting 4 s for the rate limit".
pub trait Observer {
    /// The call waits. Each wait is told once, when it begins.
    fn waiting(&self, reason: Waiting);
    /// An attempt is on its way.
    fn started(&self);
    /// The call is over, well or not. It comes after a cancellation and a drop, too.
    fn finished(&self);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn waiting(&self, _reason: Waiting) {}
    fn started(&self) {}
    fn finished(&self) {}
}

/// Tells the end of a call however it ends.
pub(super) struct Ending<'a>(pub(super) &'a dyn Observer);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.finished();
    }
}
