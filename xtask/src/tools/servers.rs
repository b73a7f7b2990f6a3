//! The web servers that the generated configurations are tried on: nginx, Caddy and Apache, as Debian packages them.
//!
//! The tests start each of them themselves, in the foreground, on the loopback address, with files of their own. The
//! packages' services are neither started nor left to start with the machine.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::is_root;
use crate::process::{self, Call};
use crate::say;

/// The programs, each where it was found.
pub(crate) struct Servers {
    /// nginx, with its module for files that were compressed with brotli beforehand.
    pub(crate) nginx: PathBuf,
    /// The folder of nginx's modules.
    pub(crate) nginx_modules: PathBuf,
    /// Caddy.
    pub(crate) caddy: PathBuf,
    /// Apache's httpd.
    pub(crate) apache: PathBuf,
    /// The folder of Apache's modules.
    pub(crate) apache_modules: PathBuf,
    /// OpenSSL, which makes the certificates of the tests.
    pub(crate) openssl: PathBuf,
}

/// `apache2-bin` is Apache without its service.
const PACKAGES: &[&str] = &["nginx", "libnginx-mod-http-brotli-static", "caddy", "apache2-bin", "openssl"];

/// What these packages would start with the machine.
const SERVICES: &[&str] = &["nginx.service", "caddy.service"];

/// Asked by Debian's packages before they start a service; 101 means no.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Our answer. It says whose it is, so that one that an interrupted installation left behind is known.
const SILENCE: &str = "#!/bin/sh\n# Of `cargo xtask` of Latchkey, while it installs web servers.\nexit 101\n";

/// What to tell a person on a machine where we cannot install.
const HELP: &str = "nginx (with its static brotli module), Caddy, Apache or OpenSSL was not found, and cannot be installed \
                    from here. Install them (Debian: the packages `nginx`, `libnginx-mod-http-brotli-static`, `caddy`, \
                    `apache2-bin` and `openssl`), or name them in NGINX, NGINX_MODULES, CADDY, APACHE, APACHE_MODULES \
                    and OPENSSL";

/// The servers; installed first on a Debian where we are root.
///
/// # Errors
/// If one is missing and cannot be installed: the message says what to install.
pub(crate) fn ensure() -> Result<Servers> {
    if let Some(found) = look() {
        return Ok(found);
    }
    let Some(apt) = process::find("apt-get").filter(|_| is_root()) else { bail!(HELP) };
    say::step("Install nginx, Caddy and Apache (apt-get)", || install(&apt)).context(HELP)?;
    look().context(HELP)
}

fn install(apt: &Path) -> Result<()> {
    let apt = |args: &[&str]| Call::new(apt, args).env("DEBIAN_FRONTEND", "noninteractive").quiet();
    let present: Vec<&str> = SERVICES.iter().copied().filter(|it| is_unit(it)).collect();
    apt(&["update"])?;

    let quiet = Silence::begin(Path::new(POLICY))?;
    let installed = apt(&[&["install", "--yes", "--no-install-recommends"], PACKAGES].concat());
    quiet.end()?;
    installed?;

    // Whoever had a server of his own keeps it as it was.
    let fresh: Vec<&str> =
        SERVICES.iter().copied().filter(|it| is_unit(it) && !present.contains(it)).collect();
    match process::find("systemctl") {
        Some(systemctl) if !fresh.is_empty() => {
            Call::new(systemctl, &[&["disable", "--quiet"], fresh.as_slice()].concat()).quiet()
        }
        _ => Ok(()),
    }
}

fn is_unit(service: &str) -> bool {
    ["/lib/systemd/system", "/usr/lib/systemd/system"].iter().any(|it| Path::new(it).join(service).exists())
}

/// While it lasts, no package starts a service. A policy of the machine's own stays as it is.
struct Silence<'a> {
    ours: Option<&'a Path>,
}

impl<'a> Silence<'a> {
    fn begin(policy: &'a Path) -> Result<Self> {
        if policy.exists() && !fs::read_to_string(policy).is_ok_and(|it| it == SILENCE) {
            return Ok(Self { ours: None });
        }
        fs::write(policy, SILENCE).with_context(|| format!("cannot write {}", policy.display()))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(policy, fs::Permissions::from_mode(0o755))?;
        }
        Ok(Self { ours: Some(policy) })
    }

    fn end(self) -> Result<()> {
        match self.ours {
            Some(policy) => {
                fs::remove_file(policy).with_context(|| format!("cannot remove {}", policy.display()))
            }
            None => Ok(()),
        }
    }
}

/// What the environment names, else the programs on `PATH` and where Debian puts what only root's `PATH` has.
fn look() -> Option<Servers> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|it| it.exists());
    let program = |variable: &str, names: &[&str]| {
        let found = || names.iter().find_map(|it| process::find(it));
        let aside = || names.iter().map(|it| Path::new("/usr/sbin").join(it)).find(|it| it.is_file());
        set(variable).or_else(found).or_else(aside)
    };
    let folder = |variable: &str, usual: &str, module: &str| {
        let dir = set(variable).unwrap_or_else(|| PathBuf::from(usual));
        dir.join(module).is_file().then_some(dir)
    };
    Some(Servers {
        nginx: program("NGINX", &["nginx"])?,
        nginx_modules: folder("NGINX_MODULES", "/usr/lib/nginx/modules", "ngx_http_brotli_static_module.so")?,
        caddy: program("CADDY", &["caddy"])?,
        apache: program("APACHE", &["apache2", "httpd"])?,
        apache_modules: folder("APACHE_MODULES", "/usr/lib/apache2/modules", "mod_proxy_http.so")?,
        openssl: program("OPENSSL", &["openssl"])?,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_policy_is_there_while_packages_are_installed_and_gone_afterwards() {
        let policy = std::env::temp_dir().join(format!("latchkey-policy-{}", std::process::id()));
        let silence = Silence::begin(&policy).unwrap();
        assert!(Call::new(&policy, &[]).quiet().unwrap_err().to_string().contains("101"));
        silence.end().unwrap();
        assert!(!policy.exists());
    }

    #[test]
    fn a_policy_that_an_interrupted_installation_left_is_gone_after_the_next() {
        let policy = std::env::temp_dir().join(format!("latchkey-policy-left-{}", std::process::id()));
        // Its program ends here, before it could tidy up.
        Silence::begin(&policy).unwrap();
        assert!(policy.exists());
        Silence::begin(&policy).unwrap().end().unwrap();
        assert!(!policy.exists());
    }

    #[test]
    fn a_policy_of_the_machine_stays() {
        let policy = std::env::temp_dir().join(format!("latchkey-policy-kept-{}", std::process::id()));
        fs::write(&policy, "theirs").unwrap();
        Silence::begin(&policy).unwrap().end().unwrap();
        assert_eq!(fs::read_to_string(&policy).unwrap(), "theirs");
        fs::remove_file(&policy).unwrap();
    }
}
