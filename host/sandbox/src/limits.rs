//! The named limits of the sandbox, each with its reason.

/// Largest component, bytes: a rule in Rust is 40 KB, in an interpreted language under 2 MB.
pub const COMPONENT_BYTES_MAX: usize = 4 << 20;
/// Largest manifest section, bytes.
pub const MANIFEST_BYTES_MAX: usize = 64 << 10;
/// Memory of one instance, bytes, all of its memories together: sixteen times what a thousand rows need.
pub const MEMORY_BYTES_MAX: usize = 16 << 20;
/// Table elements of one instance.
pub const TABLE_ELEMENTS_MAX: usize = 10_000;
/// Bytes that one call may make the host copy: answers are small.
pub const HOSTCALL_BYTES_MAX: usize = 1 << 20;
/// Native stack of a guest, bytes: deep enough for any honest rule; running out is never an answer.
pub const STACK_BYTES_MAX: usize = 1 << 20;
/// Fuel for a call before its first item: instantiation and the tables.
pub const FUEL_BASE: u64 = 2_000_000;
/// Fuel for each item: the dearest rule of ours burns a fiftieth of it.
pub const FUEL_PER_ITEM: u64 = 200_000;
/// The same of an interpreted rule, which burns some forty times as much for the same work.
pub const INTERPRETED_FUEL_BASE: u64 = 40_000_000;
/// See [`INTERPRETED_FUEL_BASE`].
pub const INTERPRETED_FUEL_PER_ITEM: u64 = 8_000_000;
/// How often the ticker ticks, milliseconds.
pub const TICK_MS: u64 = 10;
/// Ticks after which a call is cut off: a second of wall clock, a net under the fuel.
pub const TICKS_MAX: u64 = 100;
/// Most instances alive at once, over all lanes.
pub const INSTANCES_MAX: u32 = 64;
/// Most items in one call.
pub const ITEMS_MAX: usize = 1_000;
/// Most duties or lines in one answer.
pub const ANSWER_LIST_MAX: usize = 64;
/// Compiling: seconds of processor time and of wall clock, and address space, in the child.
pub const COMPILE_CPU_S_MAX: u64 = 20;
/// See [`COMPILE_CPU_S_MAX`].
pub const COMPILE_WALL_S_MAX: u64 = 40;
/// See [`COMPILE_CPU_S_MAX`]. The engine reserves address space that it never touches.
pub const COMPILE_SPACE_BYTES_MAX: u64 = 8 << 30;
/// Most needs, facts, settings in one manifest.
pub const MANIFEST_LIST_MAX: usize = 32;
/// Most rows that one need may ask for, for one item.
pub const NEED_ROWS_MAX: u32 = 1_000;
/// Most days that a need may look back: ten years.
pub const NEED_DAYS_MAX: u32 = 3_660;
/// Cases that a law is tried with at admission: enough to find what is broken for one in twenty.
pub const LAW_CASES: u32 = 96;
/// Cases of which an interpreter is asked, too, which takes some ten times as long.
pub const TWO_ENGINES_CASES: u32 = 8;
/// Made-up settings that may be turned away by the plugin's own check before a law is given up on.
pub const LAW_REJECTS_MAX: u32 = 4_096;
/// Steps in making a case smaller.
pub const LAW_SHRINKS_MAX: u32 = 2_048;
/// Cases that fuel is fitted to.
pub const FIT_CASES: usize = 16;
/// Bytes that the child may write to any one file: initial memories lie in a file without a name.
pub const COMPILE_FILE_BYTES_MAX: u64 = 64 << 20;
/// Bytes of report and compiled code that the child may answer with.
pub const ARTEFACT_BYTES_MAX: u64 = 128 << 20;
/// Most core modules in a component: the rule itself and the two or three that wrapping adds; of an interpreted one there
/// are eleven.
pub const MODULES_MAX: u64 = 16;
/// Most functions with a body: an interpreted language's engine has some thousands.
pub const FUNCTIONS_MAX: u64 = 20_000;
/// Most bytes of code in one function: compiling takes more than its share of a long one. The main loop of an
/// interpreter has a hundred thousand.
pub const CODE_BYTES_MAX: u64 = 512 << 10;
/// Most locals in one function: each takes native stack, which is not counted in fuel.
pub const LOCALS_MAX: u64 = 2_000;
/// Most bytes of data that an instance begins with: they are mapped for each call. An interpreted rule has one and a
/// half million.
pub const DATA_BYTES_MAX: u64 = 2 << 20;
/// Most memories in a component, and in one instance of it: an interpreted rule has three. They share what one instance
/// may have.
pub const MEMORIES_MAX: u32 = 4;
/// Most tables in a component, and in one instance of it.
pub const TABLES_MAX: u32 = 8;
/// Most levels of components and modules within one another.
pub const NESTING_MAX: u64 = 4;
