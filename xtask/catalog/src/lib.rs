//! The exercises of the course, as their folders say.
//!
//! A crate of its own, because two programs read them: the exercises' runner, and the builder of the
//! book.

pub mod exercise;
pub mod known;
