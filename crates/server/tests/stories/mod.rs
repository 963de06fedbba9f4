//! Stories of the real binary: started, asked, stopped, killed.

mod canaries;
mod carriers;
mod cli;
mod commands;
mod demo;
mod documents;
mod fields;
mod killed;
mod live;
mod probes;
mod stopping;
mod two_nodes;
