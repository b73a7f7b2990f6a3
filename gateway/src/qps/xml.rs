//! A small XML tree and its reader, which takes nothing that could grow or reach out.
//!
//! Refused: a document type (so there are no entities to expand and nothing to fetch), entities beyond the five of
//! XML itself, processing instructions, encodings other than UTF-8, deep nesting, very many elements.
//! The size of the text is bounded by the body limit of the gate.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// The deepest meaningful document has 7 levels.
const DEEPEST: usize = 32;
/// The longest meaningful document has some hundred elements.
const MOST_ELEMENTS: usize = 20_000;
/// The reader compares each attribute with all before it, so they must be few.
const MOST_ATTRIBUTES: usize = 16;

/// One element. Names are without a namespace prefix, as the API uses no namespace on the wire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Node {
    /// The local name.
    pub(super) name: String,
    /// Name and value of each attribute.
    pub(super) attributes: Vec<(String, String)>,
    /// The text; empty for an element with children.
    pub(super) text: String,
    /// The elements inside, in their order.
    pub(super) children: Vec<Self>,
}

impl Node {
    /// The first child with a name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The text without the blanks around it: numbers, dates, booleans and names of things.
    pub(super) fn word(&self) -> &str {
        self.text.trim()
    }
}

/// Reads a whole document.
///
/// # Errors
/// A sentence that says what is not taken.
pub(super) fn read(bytes: &[u8]) -> Result<Node, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "The request is not UTF-8.".to_owned())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let (mut open, mut root, mut count) = (Vec::<Node>::new(), None, 0_usize);
    loop {
        let event = reader.read_event().map_err(|error| format!("The request is no XML: {error}."))?;
        match event {
            Event::Start(start) => {
                count += 1;
                if root.is_some() {
                    return Err("The request has more than one root element.".to_owned());
                }
                if open.len() == DEEPEST || count > MOST_ELEMENTS {
                    return Err("The request is nested too deep or has too many elements.".to_owned());
                }
                open.push(element(&start)?);
            }
            Event::End(_) => {
                // The reader has compared the names already.
                let Some(node) = open.pop() else { return Err(unclosed()) };
                if !node.children.is_empty() && !node.text.trim().is_empty() {
                    return Err("The request has text between elements.".to_owned());
                }
                match open.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => root = Some(node),
                }
            }
            Event::Text(text) => append(&mut open, text.xml10_content())?,
            Event::CData(text) => append(&mut open, text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let resolved = reference.resolve_char_ref();
                let resolved = resolved.map_err(|_| "The request has an unusable character.".to_owned())?;
                let text = match resolved {
                    Some(letter) => Cow::Owned(letter.to_string()),
                    None => match resolve_predefined_entity(&reference.xml10_content()) {
                        Some(text) => Cow::Borrowed(text),
                        None => return Err("The request names an entity that XML itself lacks.".to_owned()),
                    },
                };
                append(&mut open, text)?;
            }
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().and_then(Result::ok);
                if encoding.is_some_and(|name| !name.eq_ignore_ascii_case("utf-8")) {
                    return Err("The request is not UTF-8.".to_owned());
                }
            }
            Event::Comment(_) => {}
            Event::DocType(_) => return Err("A document type is not taken.".to_owned()),
            Event::PI(_) => return Err("A processing instruction is not taken.".to_owned()),
            // The reader makes pairs of them, as it was told above.
            Event::Empty(_) => return Err(unclosed()),
            Event::Eof => break,
        }
    }
    match root {
        Some(root) if open.is_empty() => Ok(root),
        Some(_) | None => Err(unclosed()),
    }
}

fn unclosed() -> String {
    "The request ends early.".to_owned()
}

fn element(start: &BytesStart<'_>) -> Result<Node, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let unusable = |_| "The request has an unusable attribute.".to_owned();
        let attribute = attribute.map_err(|_| "The request has an unusable attribute.".to_owned())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(unusable)?;
        if attributes.len() == MOST_ATTRIBUTES {
            return Err("The request has an element with too many attributes.".to_owned());
        }
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    Ok(Node { name: start.local_name().as_ref().to_owned(), attributes, ..Node::default() })
}

fn append(open: &mut [Node], text: Cow<'_, str>) -> Result<(), String> {
    match open.last_mut() {
        Some(node) => node.text.push_str(&text),
        None if text.trim().is_empty() => {}
        None => return Err("The request has text outside of its root element.".to_owned()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that meets the unexpected shall fail at that place")]

    use super::{DEEPEST, MOST_ELEMENTS, read};

    fn check_refused(text: &str, reason: &str) {
        let refusal = read(text.as_bytes()).unwrap_err();
        assert!(refusal.contains(reason), "{text:.60}: `{refusal}` does not say `{reason}`");
    }

    #[test]
    fn text_is_put_together_from_all_its_forms() {
        let root = read(
            b"<?xml version='1.0' encoding='UTF-8'?>\n<a b='1 &lt; 2'>x &amp; <![CDATA[<y>]]>&#x41;</a>\n",
        )
        .unwrap();
        assert_eq!(root.attribute("b"), Some("1 < 2"));
        assert_eq!(root.text, "x & <y>A");
    }

    #[test]
    fn empty_elements_and_prefixes() {
        let root = read(b"<q:a xmlns:q='urn:x'> <q:b/> <!-- no --> <c></c> </q:a>").unwrap();
        assert_eq!(root.name, "a");
        let names: Vec<&str> = root.children.iter().map(|child| child.name.as_str()).collect();
        assert_eq!(names, ["b", "c"]);
        assert!(root.children.iter().all(|child| child.text.is_empty()));
    }

    #[test]
    fn what_could_grow_or_reach_out_is_refused() {
        check_refused("<!DOCTYPE a [<!ENTITY b 'bbbb'>]><a>&b;</a>", "document type");
        check_refused("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "document type");
        check_refused("<a>&b;</a>", "entity");
        check_refused("<a b='&c;'/>", "attribute");
        check_refused("<?xml-stylesheet href='x'?><a/>", "processing instruction");
        check_refused("<?xml version='1.0' encoding='UTF-16'?><a/>", "UTF-8");
        let deep = format!("{}{}", "<a>".repeat(DEEPEST + 1), "</a>".repeat(DEEPEST + 1));
        check_refused(&deep, "too deep");
        check_refused(&format!("<a>{}</a>", "<b/>".repeat(MOST_ELEMENTS)), "too many");
        let attributes: String = (0..100_000).map(|idx| format!(" a{idx}=''")).collect();
        check_refused(&format!("<a{attributes}/>"), "too many attributes");
        check_refused("<a b='1' b='2'/>", "attribute");
        assert!(read(&[b'<', b'a', 0xff, b'>']).unwrap_err().contains("UTF-8"));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in [
            "",
            "  ",
            "x",
            "<a>",
            "<a><b></a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>x",
            "<a>x<b/></a>",
            "<a b=c/>",
            "<a>&#0;</a>",
            "<a",
        ] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
