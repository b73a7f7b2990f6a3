//! Large answers, read in slices between which the browser does what waits.

use serde_json::Value as Json;

use super::wire::{AnswerWire, PageWire, decoded};
use super::xml;
use crate::platform::clock::Slices;

/// Things of an answer between two looks at the clock.
const ITEMS: usize = 20;

/// The page in an answer.
///
/// # Errors
/// As [`decoded`].
pub(super) async fn decoded_page(body: &str) -> Result<PageWire, String> {
    if body.trim_start().starts_with('{') {
        return decoded::<AnswerWire>(body).map(|it| it.response);
    }
    let mut tree = xml::read_in_slices(body).await.map_err(|it| it.words().to_owned())?;
    let data = tree.get_mut("ServiceResponse").and_then(|it| it.get_mut("data"));
    let items = match data {
        Some(Json::Array(items)) => std::mem::take(items),
        _ => Vec::new(),
    };
    let unexpected = |_| "unexpected XML".to_owned();
    let AnswerWire { response: mut page } = serde_json::from_value(tree).map_err(unexpected)?;
    let mut slices = Slices::new();
    for (at, item) in items.into_iter().enumerate() {
        if at % ITEMS == 0 {
            slices.breathe().await;
        }
        let item = serde_json::from_value(item).map_err(unexpected)?;
        page.data.get_or_insert_default().push(item);
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use futures_executor::block_on;

    use super::*;

    fn answer(keys: usize) -> String {
        let key =
            |it: usize| format!("<AgentActKey><id>{it}</id><title>key {it} &amp; more</title></AgentActKey>");
        let keys: String = (0..keys).map(key).collect();
        ["<ServiceResponse><responseCode>SUCCESS</responseCode><count>9</count><hasMoreRecords>true</hasMoreRecords>\
          <lastId>8</lastId><data>", &keys, "</data></ServiceResponse>"].concat()
    }

    /// The ids of the keys, whether there are more, and after which.
    fn plain(page: PageWire) -> (Vec<String>, Option<String>) {
        let next = page.next().map(str::to_owned);
        let keys = page.data.into_iter().flatten().filter_map(|it| it.key);
        (keys.map(|it| it.into_key().unwrap().id.0).collect(), next)
    }

    #[test]
    fn slices_make_the_whole() {
        for n in [0, 1, 1_000] {
            let body = answer(n);
            let whole = decoded::<AnswerWire>(&body).unwrap().response;
            let sliced = block_on(decoded_page(&body)).unwrap();
            assert_eq!(plain(sliced), plain(whole));
        }
        let json = r#"{"ServiceResponse":{"responseCode":"SUCCESS","data":[{"AgentActKey":{"id":7}}]}}"#;
        assert_eq!(plain(block_on(decoded_page(json)).unwrap()), (vec!["7".to_owned()], None));
    }

    #[test]
    fn what_is_broken_is_refused_wherever_it_breaks() {
        let body = answer(900);
        for end in [0, 40, body.len() / 2, body.len() - 1] {
            assert!(block_on(decoded_page(body.get(..end).unwrap())).is_err());
        }
        let wrong = body.replacen("<id>700</id>", "<id><x/></id>", 1);
        assert!(block_on(decoded_page(&wrong)).is_err());
        assert!(decoded::<AnswerWire>(&wrong).is_err());
    }
}
