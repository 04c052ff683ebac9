//! TCP and UDP: the differences seen, not told.
