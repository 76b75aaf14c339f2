//! One binary for all tests that drive the node from outside.

#[path = "../faults/mod.rs"]
mod faults;
#[path = "../walks/governance.rs"]
mod governance;
#[path = "../walks/loan_by_door.rs"]
mod loan_by_door;
#[path = "../walks/tool_library.rs"]
mod tool_library;

use tests::founded;

mod acting_for;
mod actions;
mod browser;
mod conformance;
mod console;
mod counting;
mod deadlines;
mod desk;
mod doors;
mod dry_run;
mod edits;
mod erasure;
mod files;
mod flow;
mod frozen;
mod governing;
mod graphql;
mod graphql_hostile;
mod graphql_streams;
mod handbook;
mod holding_up;
mod hooks;
mod hostile_connections;
mod hostile_input;
mod hostile_rules;
mod in_german;
mod keeping;
mod keys;
mod kit;
mod laws;
mod letters;
mod lines;
mod notices;
mod old_databases;
mod operations;
mod operator;
mod outages;
mod packages;
mod pages;
mod photos;
mod plans;
mod plugins;
mod printed;
mod receipts;
mod refused_files;
mod registries;
mod reports;
mod rest;
mod revoked;
mod rounds;
mod rules_change;
mod rules_desk;
mod ruleset;
mod settling;
mod signing_in;
mod taking_part;
mod tampering;
mod through;
mod tidy;
mod what_if;
