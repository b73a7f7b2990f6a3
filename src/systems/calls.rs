use futures_util::future::{FutureExt as _, LocalBoxFuture};

use super::act::{Act, Member, Offer, Picker, Removal, Who};
use super::{Call, Held, ImportProblem, Imported, Maximum, SearchRequest, Source};
use crate::domain::{Fields, Key, KeyId, PageOf};
use crate::http::{self, ApiError, Cancel, Http, Request};

/// A promise of what a call answers.
pub type Answer<'a, T> = LocalBoxFuture<'a, Result<T, ApiError>>;

/// A new key as the system answered it. `key.value` is there if the answer held it, which with one system
/// happens this once.
pub struct Created {
    /// The key.
    pub key: Key,
    /// The answer as it came, with the key's value taken out; for those who want to see it.
    pub raw: String,
}

impl Created {
    /// A key and the answer that told it, which is kept without the key's value, however it is spelled there.
    #[must_use]
    pub fn of(key: Key, answer: &str) -> Self {
        let raw = match &key.value {
            Some(value) => http::without(answer, value.expose(), &value.masked()),
            None => answer.to_owned(),
        };
        Self { key, raw }
    }
}

/// The calls of one system. What a system has not got, its manifest does not offer, so its calls are never made;
/// they answer as unsupported.
///
/// Reads may be sent again by the HTTP layer; writes are sent once. Writes are called by the journal alone.
pub trait Calls {
    /// Calls through here; for what all systems do in the same way.
    fn http(&self) -> &Http;

    /// The request of a call, exactly as it is sent.
    fn request(&self, call: &Call) -> Request;

    /// Asks for a page of keys.
    fn search<'a>(&'a self, request: &'a SearchRequest, cancel: &'a Cancel) -> Answer<'a, PageOf<Key>>;

    /// Reads one key, with everything the API tells. `NotFound` for an unknown key.
    fn get<'a>(&'a self, id: &'a KeyId, cancel: &'a Cancel) -> Answer<'a, Key>;

    /// The newest keys first, at most `count`: to look up what became of a create. Never from a cache.
    fn newest<'a>(&'a self, count: u64, cancel: &'a Cancel) -> Answer<'a, Vec<Key>>;

    /// Creates a key.
    fn create<'a>(&'a self, new: &'a Fields) -> Answer<'a, Created>;

    /// Carries out an update, a switch, a removal or an act. What the answer says is not read: what counts is the
    /// status and what is read back.
    fn write<'a>(&'a self, call: &'a Call) -> Answer<'a, ()>;

    /// Rows that are loaded whole and kept, where this system needs that.
    fn held(&self) -> Option<&Held> {
        None
    }

    /// Whoever gives all rows of a question, for those.
    fn source(&self) -> Option<&dyn Source> {
        None
    }

    /// What deleting this key would do.
    fn removal(&self, _key: &Key) -> Removal {
        Removal::Delete
    }

    /// Who is signed in.
    fn who<'a>(&'a self, _cancel: &'a Cancel) -> Answer<'a, Who> {
        async { Ok(Who::default()) }.boxed_local()
    }

    /// What a picker offers for what was typed.
    fn offers<'a>(&'a self, _picker: Picker, _typed: &'a str, _cancel: &'a Cancel) -> Answer<'a, Vec<Offer>> {
        unsupported()
    }

    /// What a key has enrolled.
    fn members<'a>(&'a self, _id: &'a KeyId, _cancel: &'a Cancel) -> Answer<'a, Vec<Member>> {
        unsupported()
    }

    /// How many things a key has enrolled, where that can be told without listing them.
    fn count_members<'a>(&'a self, id: &'a KeyId, cancel: &'a Cancel) -> Answer<'a, u64> {
        async move { Ok(u64::try_from(self.members(id, cancel).await?.len()).unwrap_or(u64::MAX)) }
            .boxed_local()
    }

    /// The version the service says it has; blank if it says none.
    fn version<'a>(&'a self, _cancel: &'a Cancel) -> Answer<'a, String> {
        async { Ok(String::new()) }.boxed_local()
    }

    /// Whether an act has come about, as far as a look can tell. Asked after its answer was lost, and after it
    /// was given.
    fn has_happened<'a>(&'a self, _act: &'a Act, _cancel: &'a Cancel) -> Answer<'a, bool> {
        unsupported()
    }

    /// Whether a key is valid for a product; the texts are what the reader typed. In words of the system's own.
    fn verify<'a>(&'a self, _typed: &'a Fields, _cancel: &'a Cancel) -> Answer<'a, Verdict> {
        unsupported()
    }

    /// Settings of the whole account.
    fn settings<'a>(&'a self, _cancel: &'a Cancel) -> Answer<'a, Fields> {
        unsupported()
    }

    /// The largest values that the account allows for fields of a new key, where the service tells them.
    fn limits<'a>(&'a self, _cancel: &'a Cancel) -> Answer<'a, Vec<Maximum>> {
        async { Ok(Vec::new()) }.boxed_local()
    }

    /// The form of a new key, from the body of such a call in a file.
    ///
    /// # Errors
    /// Everything in it that cannot be taken.
    fn import_draft(&self, _text: &str) -> Result<Imported, Vec<ImportProblem>> {
        Err(vec![ImportProblem::Unsupported])
    }

    /// The change as the service's own command line tool would be told it, if it has one: for POSIX shells, and for
    /// PowerShell.
    fn command_lines(&self, _call: &Call) -> Vec<CommandLine> {
        Vec::new()
    }
}

/// What a check of a key said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// It is valid.
    pub valid: bool,
    /// Why, or what the service said about it.
    pub why: String,
    /// The key's id, where it is told.
    pub key: Option<KeyId>,
}

/// A command for a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// What it is for, as in "qlik-cli, PowerShell".
    pub name: String,
    /// The command, with a placeholder where a secret belongs.
    pub text: String,
}

fn unsupported<'a, T>() -> Answer<'a, T> {
    async { Err(ApiError::unsupported()) }.boxed_local()
}
