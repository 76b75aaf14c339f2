//! What can go wrong with a plugin, in classes that are stable.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::laws::Broken;

/// Why a component is not admitted.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum AdmissionError {
    /// Over the size limit.
    #[error("the component has {bytes} bytes; the limit is {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Not a component.
    #[error("this is not a WebAssembly component: {0}")]
    NotComponent(String),
    /// No manifest, two of them, or an unreadable one.
    #[error("the manifest is not acceptable: {0}")]
    Manifest(String),
    /// It imports something.
    #[error("the component imports `{0}`, and plugins import no function")]
    Imports(String),
    /// It does not export the world that it says.
    #[error("the component does not fit the world `{world}`: {problem}")]
    World {
        /// The world.
        world: String,
        /// What does not fit.
        problem: String,
    },
    /// It was built before the interface was frozen.
    #[error("the component was built for the interface as it was before 0.1.0")]
    Older,
    /// There is more of something in it than is compiled.
    #[error("the component has {found} {what}; the limit is {limit}")]
    TooComplex {
        /// Of what.
        what: String,
        /// How much.
        found: u64,
        /// The limit.
        limit: u64,
    },
    /// It does not start, or does not answer nothing with nothing.
    #[error("the component failed its trial, an empty batch: {0}")]
    Trial(String),
    /// It breaks a law of its world, or one that it claims.
    #[error("the component breaks the law `{}`: {}", .0.law, .0.says)]
    Law(Box<Broken>),
    /// It could not be compiled within the limits.
    #[error("the component could not be compiled within the limits: {0}")]
    Compile(String),
    /// The child process failed.
    #[error("the admission process failed: {0}")]
    Child(String),
}

impl AdmissionError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            AdmissionError::TooLarge { .. } => "component-too-large",
            AdmissionError::NotComponent(_) => "not-a-component",
            AdmissionError::Manifest(_) => "bad-manifest",
            AdmissionError::Imports(_) => "imports-function",
            AdmissionError::World { .. } => "wrong-world",
            AdmissionError::Older => "older-interface",
            AdmissionError::TooComplex { .. } => "too-complex",
            AdmissionError::Trial(_) => "failed-trial",
            AdmissionError::Law(_) => "breaks-law",
            AdmissionError::Compile(_) => "not-compiled",
            AdmissionError::Child(_) => "admission-failed",
        }
    }

    /// What its author can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            AdmissionError::TooLarge { .. } => {
                "Build it for size: `opt-level = \"s\"`, `lto = true` and `strip = true` under `[profile.release]`."
            }
            AdmissionError::NotComponent(_) => "Build it with `reflow plugin build FOLDER`.",
            AdmissionError::Manifest(_) => "Write `plugin.toml` beside the source and build again.",
            AdmissionError::Imports(_) => {
                "Build for wasm32-unknown-unknown, where there is nothing to import, or stub WASI out."
            }
            AdmissionError::Older => "Build it again with this program's `plugin build`.",
            AdmissionError::World { .. } => {
                "Export the interface of the world that `plugin.toml` names, as wit/plugin.wit has it."
            }
            AdmissionError::TooComplex { .. } => "Make it smaller, or make two plugins of it.",
            AdmissionError::Trial(_) => {
                "Answer no items with no verdicts; there are no settings then either."
            }
            AdmissionError::Law(_) => {
                "Look at the smallest case that breaks it, with `reflow plugin laws FILE`, and mend the rule."
            }
            AdmissionError::Compile(_) => "Make it smaller: long functions take longest to compile.",
            AdmissionError::Child(_) => {
                "Try again; what stands in the way is this machine and not the component."
            }
        }
    }
}

/// The class of a failed call. All but `time` and `stack` would fail the same way anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureClass {
    /// Out of fuel.
    Fuel,
    /// Wanted more memory than it may have.
    Memory,
    /// Ran out of stack.
    Stack,
    /// Trapped.
    Trap,
    /// Cut off by the wall clock.
    Time,
    /// Answered more than may be answered.
    TooLarge,
    /// Answered in another shape than its manifest says.
    WrongShape,
    /// Said itself that no answer is possible.
    Unable,
}

impl FailureClass {
    /// Whether it could have come out otherwise on another machine: the wall clock and the native stack are nothing that
    /// a decision is made of.
    pub fn is_of_the_machine(self) -> bool {
        matches!(self, FailureClass::Time | FailureClass::Stack)
    }

    /// As it stands in journals.
    pub fn as_str(self) -> &'static str {
        match self {
            FailureClass::Fuel => "fuel",
            FailureClass::Memory => "memory",
            FailureClass::Stack => "stack",
            FailureClass::Trap => "trap",
            FailureClass::Time => "time",
            FailureClass::TooLarge => "too-large",
            FailureClass::WrongShape => "wrong-shape",
            FailureClass::Unable => "unable",
        }
    }
}

/// A call without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the plugin `{plugin}` failed ({}): {detail}", .class.as_str())]
pub struct CallError {
    /// Which plugin.
    pub plugin: String,
    /// The class.
    pub class: FailureClass,
    /// For the operator; never part of a receipt.
    pub detail: String,
}
