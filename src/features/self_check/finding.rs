//! What a self-check says about one thing.

use hosting::{Header, Part};

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It should be mended.
    Wrong,
    /// It cannot be judged from here.
    Unknown,
    /// As it should be.
    Right,
}

/// Things that belong together, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Headers of the console's own files.
    Headers,
    /// How the files come.
    Files,
    /// The connections.
    Platforms,
    /// The computer and the browser of the reader.
    Browser,
}

/// What was looked at, with what it takes to say it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A header of the console's own answers, by its name.
    Header(&'static str),
    /// Whether every file that the page names comes.
    Complete,
    /// The types of the files.
    Types,
    /// Whether files come packed: bytes over the network and unpacked, as far as the browser told.
    Packed(u64, u64),
    /// Whether what did not change is not sent again.
    Unchanged,
    /// What is answered for a hashed file that does not exist: the status, and whether with the console's own page.
    Missing(u16, bool),
    /// Whether the file that names the newest release is there.
    Release(ReleaseFile),
    /// A connection.
    Platform(String, Reach),
    /// The headers of a connection's answers.
    PlatformHeaders(String),
    /// The clock: how far ahead it is, in seconds.
    Clock(Option<i64>),
    /// The way the page came: whether it was encrypted.
    Way(bool),
    /// Who may frame the page: whether it stands in a frame now, and how many portals are named.
    Frames(bool, usize),
    /// Whether the policy is enforced.
    Enforced,
    /// Trusted Types.
    TrustedTypes,
    /// The tab's own storage.
    Session,
    /// Storage for later visits.
    Storage,
    /// The journal's database.
    Database,
    /// Locks between tabs.
    Locks,
    /// The clipboard.
    Clipboard,
}

impl Subject {
    /// Where it is told.
    #[must_use]
    pub fn group(&self) -> Group {
        match self {
            Self::Header(_) | Self::Frames(..) => Group::Headers,
            Self::Complete
            | Self::Types
            | Self::Packed(..)
            | Self::Unchanged
            | Self::Missing(..)
            | Self::Release(_) => Group::Files,
            Self::Platform(..) | Self::PlatformHeaders(_) => Group::Platforms,
            Self::Clock(_)
            | Self::Way(_)
            | Self::Enforced
            | Self::TrustedTypes
            | Self::Session
            | Self::Storage
            | Self::Database
            | Self::Locks
            | Self::Clipboard => Group::Browser,
        }
    }
}

/// How the file that names the newest release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseFile {
    /// It names the release of this page.
    Same,
    /// It names another: this page is older, or the files are of two releases.
    Other,
    /// It is not there or cannot be read.
    None,
    /// This build is no release.
    NoRelease,
}

/// What becomes of a call to a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The platform answers, and asks for a sign-in.
    Answers,
    /// Nothing answers at all.
    Nothing,
    /// The site answers itself: nothing is passed on at this path.
    NotPassedOn,
    /// It is passed on, and the platform is not reached.
    Unreached,
    /// It is led elsewhere.
    Redirected,
    /// It is answered without a sign-in.
    Open,
    /// The address is on another origin.
    Elsewhere,
    /// An answer that says none of this, with its status.
    Odd(u16),
}

/// What would mend something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// A header.
    Header(Header),
    /// The type of a file, by the file's name.
    Type(String),
    /// Packed files.
    Packed,
    /// Marks of versions.
    Marks,
    /// No page in the place of a file that is not there.
    Missing,
    /// A path that is passed on.
    Proxy(String),
    /// Nothing a server is told.
    None,
}

/// One thing that is not as it should be, in one part of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub part: Part,
    /// In which files; empty where the part is one.
    pub paths: Vec<String>,
    /// What was seen; blank for nothing.
    pub got: String,
    /// What would mend it.
    pub fix: Fix,
}

/// What is said about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub subject: Subject,
    /// How it stands.
    pub verdict: Verdict,
    /// Where it is not as it should be.
    pub faults: Vec<Fault>,
}

impl Finding {
    /// One that is as it should be, or not, with nothing to add.
    #[must_use]
    pub fn plain(subject: Subject, verdict: Verdict) -> Self {
        Self { subject, verdict, faults: Vec::new() }
    }

    /// One that is as it should be where there are no faults.
    #[must_use]
    pub fn of(subject: Subject, faults: Vec<Fault>) -> Self {
        let verdict = if faults.is_empty() { Verdict::Right } else { Verdict::Wrong };
        Self { subject, verdict, faults }
    }
}
