//! The query language of the console: text in, lossless tree out.
//!
//! [`parse`] never fails and never panics.
//! It gives a [`Parse`], which holds every byte of the text in a tree, the list of [`SyntaxError`]s with byte ranges,
//! a typed view over the tree ([`Parse::query`]) and an owned plain form for evaluators ([`Parse::expr`]).
//!
//! Rules that hold everywhere in this crate:
//!
//! - It depends on `core` and `alloc` only. It knows no field list, no provider and no screen.
//! - The leaves of the tree tile the text: printing the tree gives the text back, byte by byte.
//! - The depth of the tree is bounded by [`MAX_DEPTH`], so that recursion over it cannot overflow a stack.
//!   The tree itself lies in one flat vector, so that dropping it does not recurse at all.
//! - The work is linear in the length of the text ([`Parse::steps`] counts it).
//!
//! A [`Schema`] of the caller says what the fields are. [`check`] compares a query with it, [`Filter`] asks it of records,
//! and [`split()`] shares it out between a server and the browser. [`outline()`] shows it as rows and groups, which
//! [`Edit`]s change in place, and [`explain()`] says it in words.
//!
//! Suggested reading order: `kind`, `lexer`, `parser`, `node`, `ast`, `expr`; then `schema`, `compile`, `test`, `split`;
//! then `outline`, `edit` (its `level` first), `explain`.

#![no_std]

extern crate alloc;

pub mod ast;
mod compile;
pub mod cursor;
mod date;
mod edit;
mod error;
mod eval;
mod explain;
mod expr;
mod kind;
mod lexer;
mod nearest;
mod node;
mod outline;
mod parser;
mod problem;
mod quote;
mod record;
mod schema;
mod split;
mod test;
mod words;

pub use self::ast::Query;
pub use self::date::{Span, Unit, parse_date};
pub use self::edit::{Edit, NewClause, NewValue};
pub use self::error::{ErrorKind, Expected, Fix, MAX_ERRORS, SyntaxError};
pub use self::eval::{Filter, check};
pub use self::explain::{Phrase, Phrases, explain};
pub use self::expr::{Clause, Expr, Join, Name, Op, Value, ValueKind};
pub use self::kind::Kind;
pub use self::node::{Node, Parse};
pub use self::outline::{Item, ItemId, ItemKind, Outline, outline};
pub use self::parser::{MAX_DEPTH, parse};
pub use self::problem::{Problem, ProblemKind};
pub use self::quote::{is_field_name, quote_exact, quote_value};
pub use self::record::{Clock, Record, Records, ValueRef, Values};
pub use self::schema::{FieldSpec, FieldType, Ops, Place, Schema};
pub use self::split::{ClausePlace, Criterion, CriterionOp, Logic, Run, Split, Why, split};
