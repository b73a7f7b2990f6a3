/// Bytes of a chunk. Text is added to the last chunk, so that growing never copies what is there.
const CHUNK: usize = 1 << 16;

/// Runs of bytes by number, one after the other. No `Debug`: they may be secrets.
#[derive(Default)]
pub(crate) struct Arena {
    chunks: Vec<Vec<u8>>,
    spans: Vec<Span>,
}

/// Where a run is.
#[derive(Clone, Copy)]
struct Span {
    /// The chunk in the upper half, the first byte in the lower.
    at: u32,
    len: u32,
}

impl Arena {
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.spans.len()).unwrap_or(u32::MAX)
    }

    /// Adds a run and gives its number. `None` when 4 GiB are full.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Option<u32> {
        let number = self.len();
        let len = u32::try_from(bytes.len()).ok()?;
        let has_room = self.chunks.last().is_some_and(|it| it.len() + bytes.len() <= CHUNK);
        if !has_room {
            // A longer run has a chunk of its own.
            self.chunks.push(Vec::with_capacity(bytes.len().max(CHUNK)));
        }
        let chunk = u32::try_from(self.chunks.len()).ok().filter(|it| *it <= 1 << 16)? - 1;
        let last = self.chunks.last_mut()?;
        let start = u32::try_from(last.len()).ok().filter(|it| *it < 1 << 16 || len == 0)?;
        last.extend_from_slice(bytes);
        self.spans.push(Span { at: chunk << 16 | start.min(0xffff), len });
        Some(number)
    }

    /// The run with a number; empty for one that there is not.
    pub(crate) fn get(&self, number: u32) -> &[u8] {
        self.find(number).unwrap_or_default()
    }

    fn find(&self, number: u32) -> Option<&[u8]> {
        let span = self.spans.get(usize::try_from(number).ok()?)?;
        let chunk = self.chunks.get(usize::try_from(span.at >> 16).ok()?)?;
        let start = usize::try_from(span.at & 0xffff).ok()?;
        chunk.get(start..start + usize::try_from(span.len).ok()?)
    }

    /// Bytes taken, about.
    pub(crate) fn size(&self) -> usize {
        let chunks: usize = self.chunks.iter().map(Vec::capacity).sum();
        chunks + self.spans.capacity() * size_of::<Span>()
    }
}
