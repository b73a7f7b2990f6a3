use super::Deployment;
pub(super) fn text(_: &Deployment) -> String {
    String::new()
}
