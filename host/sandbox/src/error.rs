//! What can go wrong with a plugin, in classes that are stable.

use thiserror::Error;

/// Why a component is not admitted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
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
    #[error("this is not a WebAssembly component: {0}; build it with `reflow plugin build`")]
    NotComponent(String),
    /// No manifest, two of them, or an unreadable one.
    #[error("the manifest is not acceptable: {0}; write `plugin.toml` beside the source and build again")]
    Manifest(String),
    /// It imports something.
    #[error(
        "the component imports `{0}`, and plugins import no function; build for wasm32-unknown-unknown, or stub WASI out"
    )]
    Imports(String),
    /// It does not export the world that it says.
    #[error("the component does not fit the world `{world}`: {problem}")]
    World {
        /// The world.
        world: String,
        /// What does not fit.
        problem: String,
    },
    /// It could not be compiled or started within the limits.
    #[error("the component could not be compiled within the limits: {0}")]
    Compile(String),
    /// The child process failed.
    #[error("the admission process failed: {0}")]
    Child(String),
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
