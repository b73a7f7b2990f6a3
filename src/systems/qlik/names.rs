//! Names of people and identity providers: keys tell ids alone.

use super::calls::{Client, PROVIDERS_PATH, USERS_PATH};
use super::people::{IDS_A_CALL, ids_filter};
use super::wire::{PageWire, ProviderWire, UserWire};
use crate::http::{ApiError, Cancel, ErrorKind, Method, Request, percent_encoded};

/// Pages of identity providers that are read at most; a tenant has a handful.
const PROVIDER_PAGES: usize = 10;

impl Client {
    pub(super) async fn learn(&self, subs: &[&str], cancel: &Cancel) {
        let unknown = self.people.borrow().unknown(subs.iter().copied());
        for ids in unknown.chunks(IDS_A_CALL) {
            let path = [USERS_PATH, "?limit=100&filter=", &percent_encoded(&ids_filter(ids))].concat();
            let found: Result<PageWire<UserWire>, _> =
                self.ask(&Request::read(Method::Get, path), cancel).await;
            match found {
                Ok(page) => self.people.borrow_mut().learn(ids, &page.data),
                // Who may not look up people is not asked again for the same ones.
                Err(err) if matches!(err.kind, ErrorKind::Forbidden | ErrorKind::Invalid) => {
                    self.people.borrow_mut().learn(ids, &[]);
                }
                Err(_) => return,
            }
        }
        if self.people.borrow().wants_providers(subs.iter().copied()) {
            match self.providers(cancel).await {
                Ok(found) => self.people.borrow_mut().learn_providers(found),
                Err(err) if err.kind == ErrorKind::Forbidden => {
                    self.people.borrow_mut().learn_providers(Vec::new())
                }
                Err(_) => {}
            }
        }
    }

    pub(super) async fn providers(&self, cancel: &Cancel) -> Result<Vec<ProviderWire>, ApiError> {
        let mut res = Vec::new();
        let mut path = [PROVIDERS_PATH, "?active=true&limit=100"].concat();
        for _ in 0..PROVIDER_PAGES {
            let request = Request::read(Method::Get, path);
            let page: PageWire<ProviderWire> = self.ask(&request, cancel).await?;
            let next = self.next_path(&request, &page)?;
            res.extend(page.data);
            let Some(next) = next else { break };
            path = next;
        }
        Ok(res)
    }
}
