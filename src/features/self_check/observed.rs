//! What was seen of a deployment, as plain data.

use hosting::Part;

use crate::http::probe::Sight;

/// A file that was looked at.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Below the folder of the console; blank for the page itself.
    pub path: String,
    /// What it is.
    pub part: Part,
    /// How it was answered; `None` without an answer.
    pub sight: Option<Sight>,
    /// The status for one who has this version already; `None` where that was not asked.
    pub again: Option<u16>,
    /// Bytes over the network and unpacked, when the browser loaded it.
    pub sizes: Option<(u64, u64)>,
}

/// A connection that was tried without a credential.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What readers call it.
    pub name: String,
    /// The folder it has on this origin; `None` for an address elsewhere, which the policy forbids to call.
    pub folder: Option<String>,
    /// How it was answered.
    pub sight: Option<Sight>,
    /// The answer asks for a sign-in, whatever its status says.
    pub refuses: bool,
}

/// What a browser lets the page do. Each is true where it can.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// Keep things for this tab.
    pub session: bool,
    /// Keep things for later visits.
    pub storage: bool,
    /// Keep the journal.
    pub database: bool,
    /// Locks between tabs.
    pub locks: bool,
    /// The clipboard.
    pub clipboard: bool,
    /// Trusted Types.
    pub trusted_types: bool,
}

/// Everything that a self-check looks at.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// The release the page belongs to; `None` for a build that is none.
    pub release: Option<String>,
    /// The page came over TLS.
    pub is_encrypted: bool,
    /// The browser trusts the way the page came.
    pub is_secure: bool,
    /// The page stands in a frame.
    pub is_framed: bool,
    /// Origins that may frame it, after `config.json`.
    pub portals: Vec<String>,
    /// The page, its settings and its hashed files.
    pub files: Vec<Seen>,
    /// A hashed file that does not exist.
    pub missing: Option<Sight>,
    /// The connections.
    pub connections: Vec<Tried>,
    /// The browser enforces the page's policy.
    pub enforces: bool,
    /// What the browser can.
    pub abilities: Abilities,
}

impl Observed {
    /// The answer with the page itself.
    #[must_use]
    pub fn page(&self) -> Option<&Sight> {
        self.files.iter().find(|it| it.part == Part::Page)?.sight.as_ref()
    }
}
