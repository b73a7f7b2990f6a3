//! `GET /qps/rest/portal/version`: a good first call of a connection (reference, section 6).

use super::answer::{Answer, Part};

/// Two groups of versions, as recorded; the numbers are the gateway's own but for the Cloud Agent's, which is the first
/// that has both APIs.
pub(super) async fn version() -> Answer {
    let group = |versions: &[(&'static str, &'static str)]| {
        Part::Fields(versions.iter().map(|(name, version)| (*name, Part::word(*version))).collect())
    };
    let portal = group(&[
        ("PortalApplication-VERSION", concat!("latchkey-gateway ", env!("CARGO_PKG_VERSION"))),
        ("CA-VERSION", "2.5.0.0"),
        ("ITAM-VERSION", "2.9.0.0-1"),
        ("VM-VERSION", "1.0.3"),
        ("PM-VERSION", "1.6.0.1-4"),
        ("FIM-VERSION", "3.4.0.0-18"),
        ("UD-VERSION", "1.6.0"),
    ]);
    let web = group(&[
        ("WEB-VERSION", "10.18.2.0-2"),
        ("SCANNER-VERSION", "12.10.24-1"),
        ("VULNSIGS-VERSION", "2.5.484-3"),
    ]);
    Answer {
        schema: "version",
        count: Some(1),
        page: None,
        data: Some(Part::Fields(vec![("Portal-Version", portal), ("QWeb-Version", web)])),
        is_committed: false,
    }
}
