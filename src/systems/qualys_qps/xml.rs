//! XML of the QPS API: answers as the tree that the API's own JSON mode would have sent, and requests
//! (reference `qualys.md`, 6.2).

use std::borrow::Cow;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::reader::Reader;
use quick_xml::writer::Writer;
use serde_json::{Map, Value};

use crate::platform::clock::Slices;

/// The deepest documented answer has 8 levels.
const DEEPEST: usize = 32;

/// A page of 1000 keys has some 30,000 elements, and more where each key lists its agents.
const MOST_ELEMENTS: usize = 2_000_000;

/// Bytes of an answer.
const LONGEST: usize = 64 * 1024 * 1024;

/// Pieces of a document between two looks at the clock.
const STEPS: usize = 500;

/// Elements whose children are a list; in JSON mode an array of objects with one field each.
const LISTS: [&str; 2] = ["list", "data"];

/// Read past, and not kept: a key lists every agent it has.
const UNUSED: [&str; 2] = ["agents", "binaryMappings"];

/// Why a text is no answer. Holds nothing of the text, which may be full of key values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Not well-formed, cut off, or text beside elements.
    NoXml,
    /// A document type, a processing instruction, or an entity that is none of the five of XML itself.
    NotTaken,
    /// Too long, too deep or too many elements.
    TooLarge,
}

impl Unreadable {
    /// A few words for those who look at the raw error.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::NoXml => "no XML",
            Self::NotTaken => "XML with a document type, an instruction or an entity",
            Self::TooLarge => "XML that is too large",
        }
    }
}

/// An element that is open.
struct Open {
    name: String,
    text: String,
    children: Vec<(String, Value)>,
    is_unused: bool,
}

/// Reads a document as the tree of the JSON mode: `{"ServiceResponse": {…, "data": [{"AgentActKey": {…}}]}}`. All
/// values are texts. Attributes say nothing here and are left out, as are prefixes of names.
///
/// # Errors
/// [`Unreadable`]: a good answer has nothing that could grow or reach out, so nothing of the kind is taken.
pub(super) fn read(text: &str) -> Result<Value, Unreadable> {
    let mut reading = Reading::of(text)?;
    while reading.step()? {}
    reading.tree()
}

/// [`read`] in slices between which the browser does what waits: an answer of 1,000 keys takes more than a frame.
pub(super) async fn read_in_slices(text: &str) -> Result<Value, Unreadable> {
    let (mut reading, mut slices) = (Reading::of(text)?, Slices::new());
    loop {
        for _ in 0..STEPS {
            if !reading.step()? {
                return reading.tree();
            }
        }
        slices.breathe().await;
    }
}

/// A document on its way to be a tree.
struct Reading<'a> {
    reader: Reader<&'a [u8]>,
    open: Vec<Open>,
    root: Option<(String, Value)>,
    count: usize,
}

impl<'a> Reading<'a> {
    fn of(text: &'a str) -> Result<Self, Unreadable> {
        if text.len() > LONGEST {
            return Err(Unreadable::TooLarge);
        }
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, open: Vec::new(), root: None, count: 0 })
    }

    fn tree(self) -> Result<Value, Unreadable> {
        match self.root {
            Some((name, value)) if self.open.is_empty() => Ok(object(vec![(name, value)])),
            _ => Err(Unreadable::NoXml),
        }
    }

    /// Takes one piece. Whether there may be another.
    fn step(&mut self) -> Result<bool, Unreadable> {
        let Self { reader, open, root, count } = self;
        let piece = match reader.read_event().map_err(|_| Unreadable::NoXml)? {
            Event::Start(start) => {
                *count += 1;
                if open.len() == DEEPEST || *count > MOST_ELEMENTS {
                    return Err(Unreadable::TooLarge);
                }
                if root.is_some() {
                    return Err(Unreadable::NoXml);
                }
                let name = start.local_name().as_ref().to_owned();
                let is_unused = open.last().is_some_and(|it| it.is_unused) || UNUSED.contains(&name.as_str());
                open.push(Open { name, text: String::new(), children: Vec::new(), is_unused });
                return Ok(true);
            }
            Event::End(_) => {
                // The reader has compared the names already.
                let closed = open.pop().ok_or(Unreadable::NoXml)?;
                let keep = !closed.is_unused;
                let (name, value) = closed.close()?;
                match open.last_mut() {
                    Some(parent) if keep => parent.children.push((name, value)),
                    Some(_) => {}
                    None => *root = Some((name, value)),
                }
                return Ok(true);
            }
            Event::Text(text) => text.xml10_content(),
            Event::CData(text) => text.xml10_content(),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(letter)) => Cow::Owned(letter.to_string()),
                Ok(None) => {
                    let found = resolve_predefined_entity(&reference.xml10_content());
                    Cow::Borrowed(found.ok_or(Unreadable::NotTaken)?)
                }
                Err(_) => return Err(Unreadable::NoXml),
            },
            Event::DocType(_) | Event::PI(_) => return Err(Unreadable::NotTaken),
            Event::Decl(_) | Event::Comment(_) => return Ok(true),
            // The reader makes pairs of them, as it was told above.
            Event::Empty(_) => return Err(Unreadable::NoXml),
            Event::Eof => return Ok(false),
        };
        match open.last_mut() {
            Some(it) if it.is_unused => {}
            Some(it) => it.text.push_str(&piece),
            None if piece.trim().is_empty() => {}
            None => return Err(Unreadable::NoXml),
        }
        Ok(true)
    }
}

impl Open {
    fn close(self) -> Result<(String, Value), Unreadable> {
        let is_list = LISTS.contains(&self.name.as_str());
        if (is_list || !self.children.is_empty()) && !self.text.trim().is_empty() {
            return Err(Unreadable::NoXml);
        }
        let value = if is_list {
            Value::Array(self.children.into_iter().map(|it| object(vec![it])).collect())
        } else if self.children.is_empty() {
            Value::String(self.text)
        } else {
            object(self.children)
        };
        Ok((self.name, value))
    }
}

fn object(fields: Vec<(String, Value)>) -> Value {
    let mut res = Map::new();
    res.extend(fields);
    Value::Object(res)
}

/// A request on its way to be text. Indented: administrators read it before they send it, and copy it.
pub(super) struct Out(Writer<Vec<u8>>);

impl Out {
    /// A `ServiceRequest` with what `fill` puts into it; without anything an empty one.
    pub(super) fn request(fill: impl FnOnce(&mut Self)) -> String {
        let mut out = Self(Writer::new_with_indent(Vec::new(), b' ', 2));
        out.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        out.within("ServiceRequest", fill);
        String::from_utf8(out.0.into_inner()).unwrap_or_default()
    }

    /// An element with what `fill` puts into it.
    pub(super) fn within(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        self.put(Event::Start(BytesStart::new(name)));
        fill(self);
        self.put(Event::End(BytesEnd::new(name)));
    }

    /// An element with a text.
    pub(super) fn leaf(&mut self, name: &str, text: &str) {
        self.element(BytesStart::new(name), text);
    }

    /// One condition of a search.
    pub(super) fn criterion(&mut self, field: &str, operator: &str, value: &str) {
        let attributes = [("field", field), ("operator", operator)];
        self.element(BytesStart::new("Criteria").with_attributes(attributes), value);
    }

    fn element(&mut self, start: BytesStart<'_>, text: &str) {
        let end = start.to_end().into_owned();
        self.put(Event::Start(start));
        self.put(Event::Text(BytesText::new(text)));
        self.put(Event::End(end));
    }

    /// Writing to memory cannot fail.
    fn put(&mut self, event: Event<'_>) {
        self.0.write_event(event).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, want: Result<Value, Unreadable>) {
        assert_eq!(read(text), want, "{text:.80}");
    }

    #[test]
    fn a_document_reads_as_the_json_mode_has_it() {
        check(
            "<?xml version='1.0' encoding='UTF-8'?>\n<R xmlns:xsi='urn:x' xsi:noNamespaceSchemaLocation='y'>\n \
             <responseCode>SUCCESS</responseCode>\n <data>\n <K><id>1</id><tags><list>\n\
             <Tag><id>7</id></Tag><Tag><id>8</id></Tag></list></tags></K><K><id>2</id></K>\n</data>\n</R>\n",
            Ok(json!({ "R": {
                "responseCode": "SUCCESS",
                "data": [
                    { "K": { "id": "1", "tags": { "list": [{ "Tag": { "id": "7" } }, { "Tag": { "id": "8" } }] } } },
                    { "K": { "id": "2" } },
                ],
            } })),
        );
    }

    #[test]
    fn text_is_put_together_from_all_its_forms() {
        check(
            "<a>x &amp; <![CDATA[<y> & ]]>&#x41;&lt;&gt;&quot;&apos; ü</a>",
            Ok(json!({ "a": "x & <y> & A<>\"' ü" })),
        );
        check("<a><![CDATA[]]></a>", Ok(json!({ "a": "" })));
    }

    #[test]
    fn nothing_there_is_an_empty_list_or_an_empty_text() {
        check(
            "<R><data/><title/><tags><list></list></tags></R>",
            Ok(json!({
                "R": { "data": [], "title": "", "tags": { "list": [] } }
            })),
        );
        check("\u{feff}<q:R xmlns:q='urn:x'><q:b/></q:R>", Ok(json!({ "R": { "b": "" } })));
    }

    #[test]
    fn agents_are_read_past() {
        check(
            "<K><agents><list><AgentAsset><id>1</id><name>a &amp; b</name></AgentAsset></list></agents><id>2</id></K>",
            Ok(json!({ "K": { "id": "2" } })),
        );
        check("<K><agents><list></agents></K>", Err(Unreadable::NoXml));
    }

    #[test]
    fn what_could_grow_or_reach_out_is_refused() {
        check("<!DOCTYPE a [<!ENTITY b 'bbbb'>]><a>&b;</a>", Err(Unreadable::NotTaken));
        check("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", Err(Unreadable::NotTaken));
        check("<a>&b;</a>", Err(Unreadable::NotTaken));
        check("<?xml-stylesheet href='x'?><a/>", Err(Unreadable::NotTaken));
        let deep = |levels: usize| ["<a>".repeat(levels), "</a>".repeat(levels)].concat();
        assert!(read(&deep(DEEPEST)).is_ok());
        check(&deep(DEEPEST + 1), Err(Unreadable::TooLarge));
        check(&"<a>".repeat(DEEPEST + 1), Err(Unreadable::TooLarge));
        check(&["<a>", &" ".repeat(LONGEST), "</a>"].concat(), Err(Unreadable::TooLarge));
        check(&["<a>", &"<b/>".repeat(MOST_ELEMENTS), "</a>"].concat(), Err(Unreadable::TooLarge));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in [
            "",
            " ",
            "x",
            "<a>",
            "<a><b></a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>x",
            "<a>x<b/></a>",
            "<a>&#0;</a>",
            "<a",
            "<data>x</data>",
            "<a>&amp</a>",
            "{\"a\":1}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_request_is_escaped_and_reads_back() {
        let text = "a <b> & \"c\" 'd' ]]> ü\n e";
        let request = Out::request(|out| {
            out.within("filters", |out| out.criterion("id", "GREATER", "7"));
            out.within("data", |out| out.within("AgentActKey", |out| out.leaf("title", text)));
        });
        assert_eq!(
            read(&request),
            Ok(json!({ "ServiceRequest": {
                "filters": { "Criteria": "7" },
                "data": [{ "AgentActKey": { "title": text } }],
            } }))
        );
        assert!(request.contains("<Criteria field=\"id\" operator=\"GREATER\">7</Criteria>"), "{request}");
    }

    #[test]
    fn a_request_for_nothing_in_particular_is_empty() {
        let want = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ServiceRequest>\n</ServiceRequest>";
        assert_eq!(Out::request(|_| ()), want);
    }
}
