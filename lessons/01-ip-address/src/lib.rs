//! Dotted decimal and the 32 bits behind it.
