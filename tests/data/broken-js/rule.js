import { because, refused, split, sum, times } from "../vendor/sdk.js";

const unit = 0;
const modes = {
  throws: () => {
    throw new Error("as it likes");
  },
  "throws-nothing": () => {
    throw undefined;
  },
  "reads-nothing": (act) => ({ count: act.nothing.there }),
  "not-a-number": () => ({ count: Number("ladder") }),
  fraction: () => ({ count: 0.5 }),
  huge: () => ({ count: 2 ** 53 }),
  "row-not-a-number": () => ({ count: 1, people: [NaN] }),
  "row-below-nothing": () => ({ count: 1, fee: { amount: 1, unit: -1 } }),
  "row-far-away": () => ({ count: 1, people: [7] }),
  "fact-missing": () => ({}),
  "fact-unknown": () => ({ count: 1, other: 2 }),
  "fact-of-another-kind": () => ({ count: "one" }),
  "need-unknown": (act) => ({ count: act.commitments("promises").length }),
  "setting-unknown": (act) => ({ count: act.setting("most") }),
  "by-lot": () => ({ count: Math.floor(Math.random() * 6) }),
  "two-units": () => ({ count: 1, fee: sum([{ amount: 1, unit }, { amount: 1, unit: 1 }]) }),
  overflows: () => ({ count: 1, fee: times({ amount: Number.MAX_SAFE_INTEGER, unit }, 2) }),
  "for-ever": () => {
    for (;;);
  },
  deep: () => {
    const down = (n) => down(n + 1) + 1;
    return { count: down(0) };
  },
  hoards: () => {
    const all = [];
    for (;;) all.push(new Uint8Array(1 << 20));
  },
  // What is in order.
  clock: (act) => ({ count: Date.now() * 1000 - act.now + (new Date().getTime() * 1000 - act.now), when: act.now }),
  splits: () => ({ count: split({ amount: 100, unit }, [1, 1, 1]).map((part) => part.amount).join("") - 0 }),
  nothing: () => ({ count: 0, fee: sum([]) }),
  refuses: () => refused(because("no", "really", 3), { count: 2 }),
};

export default {
  check: (settings) => (settings.setting("mode") in modes ? null : because("no")),
  judge: (act) => modes[act.setting("mode")](act),
};
