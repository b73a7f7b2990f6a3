use super::Deployment;
use crate::Site;
pub(super) fn headers_file(_: &str, _: &Site) -> String {
    String::new()
}
pub(super) fn redirects_file(_: &Deployment) -> String {
    String::new()
}
pub(super) fn worker(_: &Deployment) -> String {
    String::new()
}
pub(super) fn edge(_: &Deployment) -> String {
    String::new()
}
