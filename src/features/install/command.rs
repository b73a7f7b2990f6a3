//! The commands as people run them (reference `qualys.md`, section 8), with every value quoted.

use crate::http::curl;

/// Stands where a value is still missing.
const NO_CUSTOMER: &str = "CUSTOMER_ID";
const NO_HOST: &str = "AGENT_HOST";

/// Where the agent is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Windows, in a command prompt run as administrator.
    Windows,
    /// Linux with rpm packages.
    Rpm,
    /// Linux with deb packages.
    Deb,
    /// macOS.
    Mac,
}

/// What the commands need besides the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `CustomerId`; blank when unknown.
    pub customer_id: String,
    /// The host agents report to, such as `qg1.apps.qualys.eu`, without `qagpublic.`; blank when unknown.
    pub agent_host: String,
}

/// The commands for one platform; `value` is the key, or its masked form for the screen.
///
/// `None` when a value holds something that cannot be written safely for that platform's shell.
#[must_use]
pub fn command(target: Target, value: &str, settings: &Settings) -> Option<String> {
    let customer = or(&settings.customer_id, NO_CUSTOMER);
    match target {
        Target::Windows => {
            let uri = agent_uri(or(&settings.agent_host, NO_HOST));
            // The braces belong to the values.
            let customer = windows("CustomerId", &["{", customer, "}"].concat())?;
            let value = windows("ActivationId", &["{", value, "}"].concat())?;
            Some(["QualysCloudAgent.exe", &customer, &value, &windows("WebServiceUri", &uri)?].join(" "))
        }
        Target::Rpm => unix("rpm -ivh QualysCloudAgent.rpm", LINUX, value, customer, settings),
        Target::Deb => unix("dpkg --install QualysCloudAgent.deb", LINUX, value, customer, settings),
        Target::Mac => {
            unix("installer -pkg ./QualysCloudAgent.pkg -target /", MAC, value, customer, settings)
        }
    }
}

const LINUX: &str = "/usr/local/qualys/cloud-agent/bin/qualys-cloud-agent.sh";
const MAC: &str = "/Applications/QualysCloudAgent.app/Contents/MacOS/qualys-cloud-agent.sh";

/// Two lines: install the package, then tell the agent whose it is.
fn unix(install: &str, script: &str, value: &str, customer: &str, settings: &Settings) -> Option<String> {
    let mut parts = vec![
        ["sudo ", install, "\nsudo ", script].concat(),
        posix("ActivationId", value)?,
        posix("CustomerId", customer)?,
    ];
    // The agent knows its default server; only another one has to be named.
    if !settings.agent_host.trim().is_empty() {
        parts.push(posix("ServerUri", &agent_uri(settings.agent_host.trim()))?);
    }
    Some(parts.join(" "))
}

fn agent_uri(host: &str) -> String {
    ["https://qagpublic.", host, "/CloudAgent/"].concat()
}

fn or<'a>(text: &'a str, placeholder: &'a str) -> &'a str {
    let text = text.trim();
    if text.is_empty() { placeholder } else { text }
}

/// Letters, digits and marks that no shell gives a meaning. The dot of a masked value is one of them.
fn is_plain(it: char) -> bool {
    it.is_ascii_alphanumeric() || "-._:/•".contains(it)
}

/// `name=value` as one word of a POSIX shell.
fn posix(name: &str, value: &str) -> Option<String> {
    if value.chars().all(is_plain) {
        return Some([name, "=", value].concat());
    }
    Some([name, "=", &curl::quoted(value)?].concat())
}

/// `name=value` as one word of the Windows command line. A quote, a percent sign or a line break has no
/// spelling there that every shell reads alike, and PowerShell looks for `$` and backticks between double quotes.
fn windows(name: &str, value: &str) -> Option<String> {
    if value.chars().all(|it| is_plain(it) || "{}".contains(it)) {
        return Some([name, "=", value].concat());
    }
    let safe = !value.contains(|it: char| "\"%!$`“”„".contains(it) || it.is_control() || curl::is_unsafe(it));
    safe.then(|| [name, "=\"", value, "\""].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "12ba12bc-effd-12e3-1234-12345ac12345";

    fn settings() -> Settings {
        Settings { customer_id: "aaaa-1111".to_owned(), agent_host: "qg1.apps.qualys.eu".to_owned() }
    }

    #[test]
    fn commands_are_those_people_run() {
        let check = |target: Target, want: &str| {
            assert_eq!(command(target, KEY, &settings()).as_deref(), Some(want), "{target:?}");
        };
        check(
            Target::Windows,
            "QualysCloudAgent.exe CustomerId={aaaa-1111} ActivationId={12ba12bc-effd-12e3-1234-12345ac12345} \
             WebServiceUri=https://qagpublic.qg1.apps.qualys.eu/CloudAgent/",
        );
        let tail = "ActivationId=12ba12bc-effd-12e3-1234-12345ac12345 CustomerId=aaaa-1111 \
                    ServerUri=https://qagpublic.qg1.apps.qualys.eu/CloudAgent/";
        let linux = ["sudo /usr/local/qualys/cloud-agent/bin/qualys-cloud-agent.sh ", tail].concat();
        check(Target::Rpm, &["sudo rpm -ivh QualysCloudAgent.rpm\n", &linux].concat());
        check(Target::Deb, &["sudo dpkg --install QualysCloudAgent.deb\n", &linux].concat());
        let mac = "sudo installer -pkg ./QualysCloudAgent.pkg -target /\n\
                   sudo /Applications/QualysCloudAgent.app/Contents/MacOS/qualys-cloud-agent.sh ";
        check(Target::Mac, &[mac, tail].concat());
    }

    #[test]
    fn what_is_missing_is_a_placeholder() {
        let none = Settings::default();
        let windows = command(Target::Windows, KEY, &none).unwrap_or_default();
        assert!(windows.contains("{CUSTOMER_ID}") && windows.contains("qagpublic.AGENT_HOST/"), "{windows}");
        let linux = command(Target::Rpm, KEY, &none).unwrap_or_default();
        assert!(linux.ends_with("CustomerId=CUSTOMER_ID"), "{linux}");
    }

    #[test]
    fn no_value_becomes_shell_code() {
        let odd = Settings { customer_id: "a'; rm -rf / #$(id)".to_owned(), ..settings() };
        let line = command(Target::Deb, "x y", &odd).unwrap_or_default();
        assert!(line.contains("ActivationId='x y' CustomerId='a'\\''; rm -rf / #$(id)'"), "{line}");
        let line = command(Target::Windows, "x & y", &settings()).unwrap_or_default();
        assert!(line.contains("ActivationId=\"{x & y}\""), "{line}");
        for odd in ["%PATH%", "$(calc)", "a`b", "$env:TOKEN", "a“b", "two\nlines", "a\u{202e}b"] {
            assert_eq!(command(Target::Windows, odd, &settings()), None, "{odd}");
        }
    }

    #[test]
    fn what_a_terminal_acts_on_is_in_no_command() {
        for target in [Target::Windows, Target::Rpm, Target::Deb, Target::Mac] {
            for odd in ["a\u{1b}[201~b", "a\rb", "a\u{2066}b"] {
                assert_eq!(command(target, odd, &settings()), None, "{target:?} {odd:?}");
                let customer = Settings { customer_id: odd.to_owned(), ..settings() };
                assert_eq!(command(target, KEY, &customer), None, "{target:?} {odd:?}");
            }
        }
    }

    #[test]
    fn a_masked_key_needs_no_quotes() {
        let line = command(Target::Rpm, "12ba••••••••2345", &settings()).unwrap_or_default();
        assert!(line.contains("ActivationId=12ba••••••••2345 "), "{line}");
    }
}
