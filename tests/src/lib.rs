//! Plays the book's terminal sessions against the real programs.
