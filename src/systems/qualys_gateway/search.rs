//! Search, with everything the documents leave open: which token spelling, which largest limit, and
//! whether page 2 can be asked for at all (reference `qualys.md`, 1.2, 1.6 and section 10).

use super::MANIFEST;
use super::calls::{Client, search_request};
use super::order::{ORDERS, word};
use super::paging::{FirstPage, Gathered, Paging, question};
use super::query::{self, Spelling};
use super::wire::{KeyWire, PageWire};
use crate::domain::{Coverage, Key, PageOf, order};
use crate::http::{ApiError, Cancel, ErrorKind};
use crate::platform::clock;
use crate::systems::held::sort;
use crate::systems::{Order, QuerySchema, SearchRequest};

/// One answer to one call.
struct Batch {
    rows: Vec<Key>,
    total: u64,
    /// The page size in force, which may be smaller than asked.
    size: u64,
}

impl Batch {
    fn ids(&self) -> Vec<String> {
        self.rows.iter().map(|it| it.id.0.clone()).collect()
    }

    fn into_page(self, page: u64) -> PageOf<Key> {
        PageOf { items: self.rows, total: self.total, page, size: self.size, coverage: Coverage::Exact }
    }
}

impl Client {
    /// A page of the service's own where it can answer the whole question, and else one worked out here.
    pub(super) async fn search_all(
        &self,
        request: &SearchRequest,
        cancel: &Cancel,
    ) -> Result<PageOf<Key>, ApiError> {
        if let Some(page) = self.held.answer(&MANIFEST, request) {
            return Ok(page);
        }
        // What has errors is the service's to refuse, in its own words.
        let rest = QuerySchema::of(&MANIFEST).split(&qql::parse(&request.query)).and_then(|it| it.rest);
        if rest.is_none() && word(request.order).is_some() {
            return self.search_pages(request, cancel).await;
        }
        self.held.search(&MANIFEST, self, self, request, cancel).await
    }

    pub(super) async fn search_pages(
        &self,
        request: &SearchRequest,
        cancel: &Cancel,
    ) -> Result<PageOf<Key>, ApiError> {
        let paging = self.learned.borrow().paging;
        if request.page == 0 {
            let batch = self.first_page(request, cancel).await?;
            if paging == Paging::Missing {
                // Kept rows would be stale beside this fresh first page.
                self.learned.borrow_mut().gathered = None;
                let whole = u64::try_from(batch.rows.len()).is_ok_and(|it| it >= batch.total);
                if !whole {
                    return self.gathered_page(request, cancel).await;
                }
            }
            return Ok(batch.into_page(0));
        }
        match paging {
            Paging::Honoured => {
                Ok(self.ask(request, Some(request.page), cancel).await?.into_page(request.page))
            }
            Paging::Missing => self.gathered_page(request, cancel).await,
            Paging::Unknown => self.try_page(request, cancel).await,
        }
    }

    async fn first_page(&self, request: &SearchRequest, cancel: &Cancel) -> Result<Batch, ApiError> {
        let batch = self.ask(request, None, cancel).await?;
        let first = FirstPage { question: question(request), ids: batch.ids() };
        self.learned.borrow_mut().first = Some(first);
        Ok(batch)
    }

    /// The first time a later page is asked for: is it another page than the first?
    async fn try_page(&self, request: &SearchRequest, cancel: &Cancel) -> Result<PageOf<Key>, ApiError> {
        let known = {
            let learned = self.learned.borrow();
            learned.first.as_ref().filter(|it| it.question == question(request)).map(|it| it.ids.clone())
        };
        let first = match known {
            Some(ids) => ids,
            None => self.first_page(&question(request), cancel).await?.ids(),
        };
        match self.ask(request, Some(request.page), cancel).await {
            Ok(batch) if batch.rows.is_empty() || batch.ids() != first => {
                if !batch.rows.is_empty() {
                    self.learned.borrow_mut().paging = Paging::Honoured;
                }
                Ok(batch.into_page(request.page))
            }
            // The same rows again: the page number is ignored.
            Ok(_) => self.without_pages(request, cancel).await,
            // The first page was answered, so it is the page number that is refused.
            Err(err) if err.kind == ErrorKind::Invalid => self.without_pages(request, cancel).await,
            Err(err) => Err(err),
        }
    }

    async fn without_pages(&self, request: &SearchRequest, cancel: &Cancel) -> Result<PageOf<Key>, ApiError> {
        self.learned.borrow_mut().paging = Paging::Missing;
        self.gathered_page(request, cancel).await
    }

    /// A page cut from all rows that can be reached without turning pages.
    async fn gathered_page(&self, request: &SearchRequest, cancel: &Cancel) -> Result<PageOf<Key>, ApiError> {
        let kept = self.learned.borrow().gathered.as_ref().is_some_and(|it| it.question == question(request));
        if !kept {
            let gathered = self.gather(request, cancel).await?;
            self.learned.borrow_mut().gathered = Some(gathered);
        }
        let learned = self.learned.borrow();
        let Some(gathered) = &learned.gathered else {
            let call = search_request(request, "", request.size, None);
            return Err(ApiError::without_answer(ErrorKind::Cancelled, &call, false));
        };
        let skip = usize::try_from(request.page.saturating_mul(request.size)).unwrap_or(usize::MAX);
        let take = usize::try_from(request.size).unwrap_or(usize::MAX);
        Ok(PageOf {
            items: gathered.rows.iter().skip(skip).take(take).cloned().collect(),
            total: gathered.total,
            page: request.page,
            size: request.size.max(1),
            coverage: Coverage::Gathered { gathered: u64::try_from(gathered.rows.len()).unwrap_or(u64::MAX) },
        })
    }

    /// Reaches as many rows as it can: first by asking for all of them at once, then from both ends of
    /// every order, then the same for the enabled and the disabled half.
    async fn gather(&self, request: &SearchRequest, cancel: &Cancel) -> Result<Gathered, ApiError> {
        let base = question(request);
        let first = self.ask(&base, None, cancel).await?;
        let total = first.total;
        let mut rows: Vec<Key> = Vec::new();
        merge(&mut rows, first.rows);
        let is_whole = |rows: &[Key]| u64::try_from(rows.len()).is_ok_and(|it| it >= total);
        if !is_whole(&rows) {
            match self.ask_limit(&base, total, None, cancel).await {
                Ok(batch) => merge(&mut rows, batch.rows),
                Err(err) if err.kind == ErrorKind::Invalid => {}
                Err(err) => return Err(err),
            }
        }
        // So far the rows stand in the service's own order, the first page at their head. The rest gets an order
        // like it; sorting all of them could move a key over the end of a page that was shown already.
        let known = rows.len();
        let widest = SearchRequest { size: super::paging::MAX_LIMIT, ..base.clone() };
        for part in parts(&base.query) {
            for order in ORDERS.map(|(field, _)| Order(field)) {
                for descending in [false, true] {
                    if is_whole(&rows) {
                        break;
                    }
                    let query = part.clone();
                    let step = SearchRequest { query, order, descending, ..widest.clone() };
                    merge(&mut rows, self.ask(&step, None, cancel).await?.rows);
                }
            }
        }
        let rest = rows.split_off(known.min(rows.len()));
        rows.extend(sort(&rest, base.order, base.descending, clock::now()));
        Ok(Gathered { question: base, rows, total })
    }

    /// One call for a page of the size in force, in the spelling that works here.
    async fn ask(
        &self,
        request: &SearchRequest,
        page_number: Option<u64>,
        cancel: &Cancel,
    ) -> Result<Batch, ApiError> {
        let before = self.learned.borrow().limit;
        loop {
            let limit = self.learned.borrow().limit_for(request.size);
            match self.ask_limit(request, limit, page_number, cancel).await {
                Err(err) if limit > 1 && may_be_the_limit(request, page_number, &err) => {
                    self.learned.borrow_mut().limit = Some(limit / 2);
                }
                Err(err) => {
                    // No limit was small enough, so it was not the limit: nothing was learned.
                    self.learned.borrow_mut().limit = before;
                    return Err(err);
                }
                Ok(batch) => return Ok(batch),
            }
        }
    }

    async fn ask_limit(
        &self,
        request: &SearchRequest,
        limit: u64,
        page_number: Option<u64>,
        cancel: &Cancel,
    ) -> Result<Batch, ApiError> {
        let known = self.learned.borrow().spelling;
        let spelling = known.unwrap_or(Spelling::Old);
        let res = self.ask_spelled(request, spelling, limit, page_number, cancel).await;
        if known.is_some() || !query::has_token(&request.query) {
            return res;
        }
        let doubtful = match &res {
            Ok(batch) => !query::is_plausible(&request.query, &batch.rows),
            Err(err) => err.kind == ErrorKind::Invalid,
        };
        if !doubtful {
            if res.as_ref().is_ok_and(|it| !it.rows.is_empty()) {
                self.learned.borrow_mut().spelling = Some(spelling);
            }
            return res;
        }
        let other = self.ask_spelled(request, spelling.other(), limit, page_number, cancel).await;
        match other {
            Ok(batch) if query::is_plausible(&request.query, &batch.rows) => {
                self.learned.borrow_mut().spelling = Some(spelling.other());
                Ok(batch)
            }
            // Neither works, so it is not the spelling: the first answer is the one to show.
            _ => res,
        }
    }

    async fn ask_spelled(
        &self,
        request: &SearchRequest,
        spelling: Spelling,
        limit: u64,
        page_number: Option<u64>,
        cancel: &Cancel,
    ) -> Result<Batch, ApiError> {
        let query = query::respell(&request.query, spelling);
        let call = search_request(request, &query, limit, page_number);
        let response = self.http.send(&call, cancel).await?;
        let (page, content): (PageWire, Vec<KeyWire>) = response.json_list(&call, "content").await?;
        let unreadable = |field| ApiError::malformed(&call, response.status, field);
        let total = page.total_count.ok_or("totalCount").map_err(unreadable)?;
        let size = page.page_size.filter(|it| (1..=limit).contains(it)).unwrap_or(limit);
        if !page.content.is_empty() {
            return Err(unreadable("content"));
        }
        let mut rows = Vec::with_capacity(content.len());
        for wire in content {
            rows.push(wire.into_key().map_err(unreadable)?);
        }
        Ok(Batch { rows, total, size })
    }
}

/// Whether a smaller limit could help. The documents name no largest one, so a refusal that speaks of the
/// limit, or one of a call that asks for nothing else, is taken for it.
fn may_be_the_limit(request: &SearchRequest, page_number: Option<u64>, err: &ApiError) -> bool {
    let named = err.message.as_deref().is_some_and(|it| it.to_lowercase().contains("limit"));
    let plain = request.query.trim().is_empty() && page_number.is_none();
    err.kind == ErrorKind::Invalid && (named || plain)
}

/// The question itself, then its enabled and its disabled half.
fn parts(query: &str) -> [String; 3] {
    let half = |disabled: &str| {
        let clause = ["activationKey.isDisabled: ", disabled].concat();
        if query.trim().is_empty() { clause } else { ["(", query, ") AND ", &clause].concat() }
    };
    [query.to_owned(), half("false"), half("true")]
}

/// Adds rows that are not there yet.
fn merge(rows: &mut Vec<Key>, more: Vec<Key>) {
    let known = order::set(rows.iter().map(|it| it.id.clone()));
    rows.extend(more.into_iter().filter(|it| !known.contains(&it.id)));
}
