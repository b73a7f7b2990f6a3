//! Calls as the vendor's own tool would be told them (reference `qlik.md`, section 8; seed 004).

use super::wire::{ApiKeyBody, config_patch};
use super::{CREATED_BY, INTERVAL, RETRY, STATUS, SUB};
use crate::domain::{FieldId, Fields, Value};
use crate::i18n::t;
use crate::systems::shell::Shell;
use crate::systems::{Act, Call, Change, CommandLine, SearchRequest};

/// What a command needs besides the call.
pub(super) struct Where<'a> {
    /// The base URL of the connection, with its origin.
    pub(super) base: &'a str,
    /// The tenant, where it is known.
    pub(super) tenant: &'a str,
    /// The filters the service answers, and whether they are all of the question.
    pub(super) filters: &'a [(&'static str, String)],
    /// Whether the service's part is all of a search.
    pub(super) is_whole: bool,
}

/// One argument: a word of ours as it stands, or a text in quotes.
enum Arg {
    Plain(&'static str),
    Text(String),
}

/// The commands for a call, one a shell; none for what the tool cannot do.
pub(super) fn lines(call: &Call, at: &Where<'_>) -> Vec<CommandLine> {
    let Some(args) = args(call, at) else { return Vec::new() };
    let line = |shell: Shell| {
        let word = |it: &Arg| match it {
            Arg::Plain(word) => Some((*word).to_owned()),
            Arg::Text(text) => shell.word(text),
        };
        let mut words = vec!["qlik".to_owned(), "api-key".to_owned()];
        words.extend(args.iter().map(word).collect::<Option<Vec<_>>>()?);
        words.extend(["--server".to_owned(), shell.word(at.base.trim_end_matches('/'))?]);
        words.extend(["--headers".to_owned(), shell.with_token("Authorization=Bearer ")]);
        let name = match shell {
            Shell::Posix => t::qlik_cli_posix(),
            Shell::PowerShell => t::qlik_cli_powershell(),
        };
        Some(CommandLine { name: name.to_owned(), text: words.join(" ") })
    };
    Shell::ALL.into_iter().filter_map(line).collect()
}

fn args(call: &Call, at: &Where<'_>) -> Option<Vec<Arg>> {
    use Arg::{Plain, Text};
    Some(match call {
        Call::Create(new) => create(new),
        Call::Get(id) => vec![Plain("get"), Text(id.0.clone())],
        Call::Delete(id) => vec![Plain("rm"), Text(id.0.clone())],
        Call::Update(id, change) => {
            let Some(Value::Text(title)) = change.set(FieldId::TITLE) else { return None };
            let value = Text(title.clone());
            let patch = [
                Plain("--op"),
                Plain("replace"),
                Plain("--path"),
                Plain("/description"),
                Plain("--value"),
                value,
            ];
            [Plain("patch"), Text(id.0.clone())].into_iter().chain(patch).collect()
        }
        Call::Act(Act::SetSettings(change)) => settings(change, at),
        Call::Search(search) if at.is_whole => list(search, at),
        // There is no such command.
        Call::Search(_) | Call::Switch(..) | Call::Act(_) => return None,
    })
}

fn create(new: &Fields) -> Vec<Arg> {
    let ApiKeyBody { description, expiry, sub, sub_type } = ApiKeyBody::of(new);
    let mut res = vec![Arg::Plain("create"), Arg::Plain("--description"), Arg::Text(description.to_owned())];
    for (flag, text) in [("--expiry", expiry), ("--sub", sub), ("--subType", sub_type)] {
        if !text.is_empty() {
            res.extend([Arg::Plain(flag), Arg::Text(text.to_owned())]);
        }
    }
    let retries = new.number(RETRY).filter(|it| *it > 0);
    for (flag, number) in
        [("--retry", retries), ("--interval", new.number(INTERVAL).and(retries).and(new.number(INTERVAL)))]
    {
        if let Some(number) = number {
            res.extend([Arg::Plain(flag), Arg::Text(number.to_string())]);
        }
    }
    res
}

/// The tool takes several operations as one body.
fn settings(change: &Change, at: &Where<'_>) -> Vec<Arg> {
    let tenant = Arg::Text(at.tenant.to_owned());
    let body = Arg::Text(config_patch(change).to_string());
    vec![Arg::Plain("config"), Arg::Plain("patch"), tenant, Arg::Plain("--body"), body]
}

fn list(search: &SearchRequest, at: &Where<'_>) -> Vec<Arg> {
    let mut res = vec![Arg::Plain("ls")];
    for (name, value) in at.filters {
        let flag = match *name {
            "status" => "--status",
            "sub" => "--sub",
            _ => "--createdByUser",
        };
        res.extend([Arg::Plain(flag), Arg::Text(value.clone())]);
    }
    let column = match search.order.0 {
        FieldId::TITLE => "description",
        FieldId::CREATED => "created",
        // Of the order by state and by name the tool has a rough one: by the words and ids themselves.
        STATUS | FieldId::STATE => "status",
        SUB | FieldId::OWNER => "sub",
        CREATED_BY | FieldId::CREATOR => "createdByUser",
        _ => return res,
    };
    let sign = if search.descending { "-" } else { "+" };
    res.extend([Arg::Plain("--sort"), Arg::Text([sign, column].concat())]);
    res
}
