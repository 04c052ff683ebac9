//! Builds, checks and serves the book *Layer by Layer*.
//!
//! mdBook turns Markdown into pages. This crate adds what the course needs: terminals filled from
//! the snapshots of real runs ([`terminals`]), sequence diagrams of what crossed the wire
//! ([`picture`]), code cut out of the files that compile ([`listing`]), and plans for teachers
//! ([`plan`]). [`site`] puts them together.

pub mod chapter;
pub mod check;
pub mod command;
pub mod directive;
pub mod exercises;
pub mod expand;
pub mod explorer;
pub mod fault;
pub mod flakes;
pub mod fuzzed;
pub mod hostile;
pub mod html;
pub mod layout;
pub mod listing;
pub mod measured;
pub mod moments;
pub mod picture;
pub mod plan;
mod quiet;
pub mod record;
pub mod serve;
pub mod site;
pub mod summary;
pub mod terminals;
