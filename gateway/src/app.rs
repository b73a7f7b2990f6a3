//! What all handlers share, and the account.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::access_log::AccessLog;
use crate::cli::Options;
use crate::faults::Faults;
use crate::qlik::{self, Qlik};
use crate::qps;
use crate::qualys_gateway;
use crate::rate_limit::RateLimit;
use crate::request_log::RequestLog;
use crate::secrets::{self, Issued};
use crate::served::Served;
use crate::solifyn;
use crate::store::{Store, meta, set_meta};
use crate::switches::Switches;
use crate::token::{Claims, Issue, Refused, Signer};

/// What all handlers share.
#[derive(Debug)]
pub struct App {
    /// The data.
    pub(crate) store: Store,
    /// The faults to inject; only `/_control` adds any.
    pub(crate) faults: Faults,
    /// The requests received.
    pub(crate) log: RequestLog,
    /// What tests change in the headers of the site.
    pub(crate) served: Served,
    /// The same as a server in front would log them, files included.
    pub(crate) access: AccessLog,
    /// The tokens issued.
    pub(crate) issued: Issued,
    /// The count of calls in the current window.
    pub(crate) rate: RateLimit,
    /// The same for the QPS API, which is on another host of the vendor's.
    pub(crate) qps_rate: RateLimit,
    /// The count of Solifyn calls in the current window.
    pub(crate) solifyn_rate: solifyn::Rate,
    /// The Qlik tenant: its clock, its counted calls, its token secret.
    pub(crate) qlik: Qlik,
    /// The start options.
    pub(crate) options: Options,
    switches: RwLock<Switches>,
    signer: Signer,
    token_round: AtomicU64,
    /// Ends idle connections when it changes.
    recycle: watch::Sender<u64>,
}

impl App {
    /// Opens the store, fills a new one with demo keys, and reads the token secret.
    ///
    /// # Errors
    /// What the database says.
    pub fn open(options: &Options) -> rusqlite::Result<Arc<Self>> {
        let store = Store::open(&options.store)?;
        store.write_now(|transaction| {
            qualys_gateway::prepare(transaction, options.keys, options.seed, today())?;
            solifyn::prepare(transaction, options, today())
        })?;
        let qlik = Qlik::open(&store, options.keys, options.seed, today())?;
        let signer = Signer::of(&store)?;
        if options.control {
            store.read_now(secrets::keep_gone)?;
        }
        let round = store.read_now(|connection| meta(connection, TOKEN_ROUND))?;
        let round = round.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()).map_or(0, u64::from_be_bytes);
        Ok(Arc::new(Self {
            store,
            faults: Faults::default(),
            log: RequestLog::default(),
            served: Served::default(),
            access: AccessLog::default(),
            issued: Issued::default(),
            rate: RateLimit::default(),
            qps_rate: RateLimit::default(),
            solifyn_rate: solifyn::Rate::default(),
            qlik,
            switches: RwLock::new(options.switches.clone()),
            options: options.clone(),
            signer,
            token_round: AtomicU64::new(round),
            recycle: watch::Sender::new(0),
        }))
    }

    /// The switches as they stand now.
    #[must_use]
    pub(crate) fn switches(&self) -> Switches {
        self.switches.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the switches; the rate window starts afresh.
    pub(crate) fn set_switches(&self, switches: Switches) {
        *self.switches.write().unwrap_or_else(PoisonError::into_inner) = switches;
        self.rate.clear();
        self.qps_rate.clear();
        self.solifyn_rate.clear();
        self.qlik.clear_limits();
    }

    /// Makes a sign-in token for the account.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub(crate) fn issue_token(&self, with_permissions: bool) -> Result<String, getrandom::Error> {
        let res = self.signer.issue(&Issue {
            user: &self.options.account.user,
            now: Timestamp::now().as_second(),
            lifetime: self.switches().token_lifetime,
            round: self.token_round.load(Ordering::Relaxed),
            with_permissions,
        })?;
        self.issued.add(&res);
        Ok(res)
    }

    /// Checks a sign-in token.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) fn check_token(&self, token: &str) -> Result<Claims, Refused> {
        self.signer.check(token, Timestamp::now().as_second(), self.token_round.load(Ordering::Relaxed))
    }

    /// The current round of tokens; those of an older one are expired.
    pub(crate) fn token_round(&self) -> u64 {
        self.token_round.load(Ordering::Relaxed)
    }

    /// Makes every token issued so far an expired one.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn expire_tokens(&self) -> rusqlite::Result<()> {
        let round = self.token_round.fetch_add(1, Ordering::Relaxed) + 1;
        self.store.write(move |transaction| set_meta(transaction, TOKEN_ROUND, &round.to_be_bytes())).await
    }

    /// Ends idle connections now, and busy ones after their answer.
    ///
    /// A browser silently repeats a request, even a POST, when a *reused* connection dies before any answer.
    /// A dropped answer is only seen as a failure when its connection carried nothing before.
    pub(crate) fn recycle_connections(&self) {
        self.recycle.send_modify(|round| *round += 1);
    }

    /// Tells a connection when to end.
    #[must_use]
    pub(crate) fn recycling(&self) -> watch::Receiver<u64> {
        self.recycle.subscribe()
    }

    /// The API path in a request path, without the prefix; `None` when the path is not the API's.
    #[must_use]
    pub(crate) fn api_path<'a>(&self, path: &'a str) -> Option<&'a str> {
        let is_api = |path: &str| {
            ["/auth", "/caui"].iter().any(|&root| {
                path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        if is_api(path) || qps::owns(path) || solifyn::owns(path) || qlik::owns(path) {
            return Some(path);
        }
        let rest = |prefix: &String| path.strip_prefix(prefix.as_str()).filter(|rest| rest.starts_with('/'));
        self.options.prefixes.iter().find_map(rest)
    }
}

const TOKEN_ROUND: &str = "token-round";

/// Today in UTC; all dates of the systems are UTC.
#[must_use]
pub(crate) fn today() -> jiff::civil::Date {
    Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The only account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's name.
    pub user: String,
    /// The password; never printed.
    pub password: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("user", &self.user).finish_non_exhaustive()
    }
}

impl FromStr for Account {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some((user, password)) if !user.is_empty() && !password.is_empty() => {
                Ok(Self { user: user.to_owned(), password: password.to_owned() })
            }
            _ => Err("expected USER:PASSWORD"),
        }
    }
}

/// An API key of the start options; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct StartKey(String);

impl StartKey {
    /// The key's text.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StartKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StartKey(…)")
    }
}

impl FromStr for StartKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_usable = !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
        if is_usable { Ok(Self(text.to_owned())) } else { Err("expected a key without blanks") }
    }
}
