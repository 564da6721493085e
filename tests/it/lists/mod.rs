//! Lists that take criteria, whichever resource they are of.

mod custom;
mod indexes;
mod language;
mod nulls;
