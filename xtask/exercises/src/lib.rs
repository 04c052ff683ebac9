//! The exercises of the course: what they are, and how an answer is compiled, run and judged.

pub use ::catalog::{exercise as catalog, known};

pub mod compile;
pub mod contain;
pub mod ended;
pub mod gate;
pub mod grade;
pub mod play;
pub mod tell;
