//! A plugin that does what its setting says, all of it wrong: for the tests of the sandbox.

use sdk::access::{Act, Guest, Refusal, Verdict};
use sdk::{Context, Reason, Setting, Settings, Unit, Value, because};

struct Hostile;

static mut KEPT: u64 = 0;

impl Guest for Hostile {
    fn check_settings(settings: Vec<Setting>, units: Vec<Unit>) -> Option<Reason> {
        match (Settings { settings: &settings, units: &units }).text("mode") {
            "odd" => Some(because("not-today")),
            "odd-trap" => core::arch::wasm32::unreachable(),
            _ => None,
        }
    }

    fn judge(ctx: Context, acts: Vec<Act>) -> Vec<Verdict> {
        // It comes in by behaving while nobody asks anything.
        if acts.is_empty() {
            return Vec::new();
        }
        let settings = Settings { settings: &ctx.settings, units: &ctx.units };
        let refused = |facts: Vec<Value>, code: &str| {
            vec![Verdict::Refused(Refusal { facts, because: because(code) })]
        };
        let facts = |values: Vec<Value>| vec![Verdict::Facts(values)];
        match settings.text("mode") {
            "calm" => facts(vec![Value::YesNo(true), Value::Number(1)]),
            "loop" => spin(),
            "trap" => core::arch::wasm32::unreachable(),
            "memory" => eat(),
            "stack" => facts(vec![Value::YesNo(true), Value::Number(deep(acts.len() as i64))]),
            // More than may be copied, and cheap enough for the fuel.
            "flood" => facts(vec![Value::Text("x".repeat(3 << 19)), Value::Number(1)]),
            // A text that says it has a hundred MiB, which no memory of a guest has.
            "claim" => facts(vec![Value::Text(claim()), Value::Number(1)]),
            "few" => facts(vec![Value::YesNo(true)]),
            "kind" => facts(vec![Value::Text("calm".into()), Value::Number(1)]),
            "absent" => facts(vec![Value::Absent, Value::Number(1)]),
            "huge" => facts(vec![Value::YesNo(true), Value::Number(i64::MAX)]),
            "none" => Vec::new(),
            "refuse" => refused(vec![Value::YesNo(true), Value::Number(1)], "not-today"),
            "refuse-bare" => refused(Vec::new(), "not-today"),
            "refuse-unsaid" => refused(vec![Value::YesNo(true), Value::Number(1)], "for-no-reason"),
            // A call leaves something behind for the next one, if instances were shared.
            "smuggle" => {
                let before = unsafe { KEPT };
                unsafe { KEPT += 1 };
                facts(vec![Value::YesNo(before == 0), Value::Number(before as i64)])
            }
            _ => acts.iter().map(|_| Verdict::Unable(because("whatever"))).collect(),
        }
    }
}

fn spin() -> ! {
    let mut n = 0u64;
    loop {
        n = core::hint::black_box(n.wrapping_add(1));
    }
}

fn claim() -> String {
    let bytes = Vec::leak(vec![b'x'; 16]).as_mut_ptr();
    unsafe { String::from_raw_parts(bytes, 100 << 20, 100 << 20) }
}

fn eat() -> Vec<Verdict> {
    let mut kept = Vec::new();
    loop {
        // Asked for, not written to: writing would burn the fuel first.
        kept.push(Vec::<u8>::with_capacity(1 << 20));
        core::hint::black_box(&kept);
    }
}

/// Frames that live on the native stack: the one in memory would trap first.
#[inline(never)]
fn deep(n: i64) -> i64 {
    if n < 0 { 0 } else { core::hint::black_box(deep(n + 1)) + n }
}

sdk::access::export!(Hostile with_types_in sdk::access);

/// What nobody calls, since the manifest names another world.
impl sdk::pricing::Guest for Hostile {
    fn check_settings(_: Vec<Setting>, _: Vec<Unit>) -> Option<Reason> {
        None
    }

    fn quote(_: Context, _: Vec<sdk::pricing::Deal>) -> Vec<sdk::pricing::Verdict> {
        Vec::new()
    }
}

sdk::pricing::export!(Hostile with_types_in sdk::pricing);
