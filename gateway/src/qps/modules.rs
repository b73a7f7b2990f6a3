//! Licence codes of both APIs (reference, section 7). Codes that no page names pass through as they are.

use crate::qualys_gateway::licences;
use crate::switches::LicenceSubstitution;

/// Gateway code and QPS code where they differ. `PC` is an older name of `PA`.
const NAMES: [(&str, &str); 4] =
    [("VM", "VM_LICENSE"), ("PA", "PC_LICENSE"), ("PC", "PC_LICENSE"), ("SwCA", "SWCA")];

/// The code of a stored licence in QPS.
pub(super) fn to_qps(code: &str) -> &str {
    NAMES.iter().find(|(gateway, _)| *gateway == code).map_or(code, |(_, qps)| qps)
}

/// The stored code of a licence in QPS.
pub(super) fn from_qps(code: &str) -> &str {
    NAMES.iter().find(|(_, qps)| *qps == code).map_or(code, |(gateway, _)| gateway)
}

/// Codes as they are stored: each once, in the order of the printed replies.
pub(super) fn stored(codes: impl IntoIterator<Item = String>) -> Vec<String> {
    licences::stored(codes, LicenceSubstitution::None)
}
