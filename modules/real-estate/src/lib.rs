//! The real-estate vertical.
