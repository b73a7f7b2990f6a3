//! Platforms a connection can be pointed at. Names as in reference `qualys.md`, section 4: gathered from
//! public clients, so they fill a form in and are never used unseen.

/// A Qualys platform. All its hosts speak https.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Its short name.
    pub id: &'static str,
    /// The host of the older API.
    pub api_host: &'static str,
    /// The host of the gateway API.
    pub gateway_host: &'static str,
    /// The host agents report to, without `qagpublic.` in front, where it is known.
    pub agent_host: Option<&'static str>,
}

const fn platform(
    id: &'static str,
    api_host: &'static str,
    gateway_host: &'static str,
    agent_host: Option<&'static str>,
) -> Platform {
    Platform { id, api_host, gateway_host, agent_host }
}

/// Every platform known, in the order of the reference.
#[rustfmt::skip]
pub const PLATFORMS: [Platform; 14] = [
    platform("US1", "qualysapi.qualys.com", "gateway.qg1.apps.qualys.com", Some("qg1.apps.qualys.com")),
    platform("US2", "qualysapi.qg2.apps.qualys.com", "gateway.qg2.apps.qualys.com", Some("qg2.apps.qualys.com")),
    platform("US3", "qualysapi.qg3.apps.qualys.com", "gateway.qg3.apps.qualys.com", Some("qg3.apps.qualys.com")),
    platform("US4", "qualysapi.qg4.apps.qualys.com", "gateway.qg4.apps.qualys.com", Some("qg4.apps.qualys.com")),
    platform("GOV1", "qualysapi.gov1.qualys.us", "gateway.gov1.qualys.us", None),
    platform("EU1", "qualysapi.qualys.eu", "gateway.qg1.apps.qualys.eu", Some("qg1.apps.qualys.eu")),
    platform("EU2", "qualysapi.qg2.apps.qualys.eu", "gateway.qg2.apps.qualys.eu", Some("qg2.apps.qualys.eu")),
    platform("EU3", "qualysapi.qg3.apps.qualys.it", "gateway.qg3.apps.qualys.it", Some("qg3.apps.qualys.it")),
    platform("IN1", "qualysapi.qg1.apps.qualys.in", "gateway.qg1.apps.qualys.in", Some("qg1.apps.qualys.in")),
    platform("CA1", "qualysapi.qg1.apps.qualys.ca", "gateway.qg1.apps.qualys.ca", Some("qg1.apps.qualys.ca")),
    platform("AE1", "qualysapi.qg1.apps.qualys.ae", "gateway.qg1.apps.qualys.ae", Some("qg1.apps.qualys.ae")),
    platform("UK1", "qualysapi.qg1.apps.qualys.co.uk", "gateway.qg1.apps.qualys.co.uk", Some("qg1.apps.qualys.co.uk")),
    platform("AU1", "qualysapi.qg1.apps.qualys.com.au", "gateway.qg1.apps.qualys.com.au", Some("qg1.apps.qualys.com.au")),
    platform("KSA1", "qualysapi.qg1.apps.qualysksa.com", "gateway.qg1.apps.qualysksa.com", Some("qg1.apps.qualysksa.com")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::base_url;

    #[test]
    fn every_preset_is_a_base_url_of_its_own() {
        let mut seen = Vec::new();
        for platform in PLATFORMS {
            for host in [platform.api_host, platform.gateway_host] {
                let url = format!("https://{host}/");
                assert_eq!(base_url::read(&url), Ok(url.clone()));
                assert!(!seen.contains(&url), "{url} stands twice");
                seen.push(url);
            }
        }
    }

    /// The one rule that holds for all hosts of the reference but GOV1's, whose agent host is unknown.
    #[test]
    fn gateways_stand_before_their_agent_host() {
        for platform in PLATFORMS {
            let Some(agent_host) = platform.agent_host else { continue };
            assert_eq!(platform.gateway_host.strip_prefix("gateway."), Some(agent_host), "{}", platform.id);
        }
    }
}
