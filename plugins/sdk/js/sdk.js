// All that a rule in JavaScript needs. A rule is one object with a function for what it is asked, in `src/rule.js`:
//
//   import { because, refused } from "../vendor/sdk.js";
//
//   export default {
//     judge(act) {
//       const late = act.commitments("promises").filter((promise) => act.isOverdue(promise)).length;
//       return late > 0 ? refused(because("late", late), { late }) : { late };
//     },
//   };
//
// What is asked for by a name that `plugin.toml` does not have is an error: nothing is decided on a misspelt word. Whatever
// is thrown becomes `unable`, with what it said. Numbers that are returned are whole and exact (below 2^53), or it is an
// error: what JavaScript would make of others in silence is somebody's money. There is no clock: `Date.now()` is `act.now`
// in milliseconds, the same for whoever asks again. `Math.random` draws from the seed that the network gives where something
// is drawn by lot; elsewhere it throws.
//
// Records are those of `wit/plugin.wit`, with names in camelCase; what is absent is `null`; an enum is its name, as in
// "transfer-custody"; a variant is `{ tag, val }`. A `u32` is a row of the table of its kind: `act.agentOf(row)`.

const DAY_US = 86_400_000_000;
export { DAY_US };

/** A reason, by its code in `plugin.toml`, with what stands in its text for {0}, {1} and so on. */
export function because(code, ...params) {
  return { code, params: params.map(asValue) };
}

/** A refusal: of a deal, or of an act beside its facts. */
export function refused(reason, facts) {
  return { refused: reason, facts };
}

/** No answer is possible. */
export function unable(reason) {
  return { unable: reason };
}

/** So many times an amount. */
export function times(quantity, n) {
  return { amount: exact(quantity.amount * n), unit: quantity.unit };
}

/** Such a share of an amount, as `share(price, 15, 100)`, rounded down to a whole smallest part. */
export function share(quantity, part, whole) {
  return { amount: Number((BigInt(quantity.amount) * BigInt(part)) / BigInt(whole)), unit: quantity.unit };
}

/** The sum of amounts of one unit; null of none. */
export function sum(quantities) {
  let all = null;
  for (const { amount, unit } of quantities) {
    if (all !== null && all.unit !== unit) throw new Error("a sum of two units");
    all = { amount: exact((all === null ? 0 : all.amount) + amount), unit };
  }
  return all;
}

/** An amount in shares by weight, which add up to it exactly: what is left over goes, a smallest part each, to the largest
 * remainders, to the first of equal ones. */
export function split(quantity, weights) {
  const all = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (all <= 0n) return weights.map(() => ({ amount: 0, unit: quantity.unit }));
  const whole = weights.map((weight) => BigInt(quantity.amount) * BigInt(weight));
  const floor = (n) => (n - (((n % all) + all) % all)) / all;
  const parts = whole.map(floor);
  let left = BigInt(quantity.amount) - parts.reduce((sum, part) => sum + part, 0n);
  const rest = (n) => whole[n] - parts[n] * all;
  const order = weights.map((_, n) => n).sort((a, b) => (rest(b) > rest(a) ? 1 : rest(b) < rest(a) ? -1 : a - b));
  for (const n of order) {
    if (left === 0n) break;
    parts[n] += 1n;
    left -= 1n;
  }
  return parts.map((part) => ({ amount: Number(part), unit: quantity.unit }));
}

/** Lines of a price: to be paid once, to be given back, or a rate for later. */
export const fee = (code, quantity, payee = null) => ({ code, kind: "fee", quantity, payee });
export const deposit = (code, quantity, payee = null) => ({ code, kind: "deposit", quantity, payee });
export const rate = (code, quantity, payee = null) => ({ code, kind: "rate", quantity, payee });

/** A promise that follows; what is not said is absent. */
export function promise(said) {
  const nothing = { stock: null, spec: null, quantity: null, effort: null, classes: [], agreement: null, due: null };
  return { tag: "commit", val: { ...nothing, ...said } };
}

/** To be asked again about the promise that fell due. */
export const again = (at) => ({ tag: "again", val: at });

function exact(n) {
  if (!Number.isSafeInteger(n)) throw new Error(`${n} is no whole number that is exact`);
  return n;
}

/** Every number in an answer is whole and exact, and none that points at a row is below nothing. */
function checked(answer) {
  if (typeof answer === "number") return exact(answer);
  if (Array.isArray(answer)) answer.forEach(checked);
  else if (answer !== null && typeof answer === "object") {
    for (const [name, value] of Object.entries(answer)) {
      checked(value);
      if (typeof value === "number" && value < 0 && ROWS.has(name)) throw new Error(`${name} is ${value}, which is no row`);
    }
  }
  return answer;
}

const ROWS = new Set(
  "provider receiver stock spec agreement unit payee candidate offer need choice".split(" "),
);

/** A value as the host reads it; what its kind is follows from what it is. */
function asValue(value) {
  if (value === null || value === undefined) return { tag: "absent" };
  if (typeof value === "number") return { tag: "number", val: exact(value) };
  if (typeof value === "boolean") return { tag: "yes-no", val: value };
  if (typeof value === "string") return { tag: "text", val: value };
  if (typeof value.tag === "string") return value;
  if (typeof value.amount === "number") return { tag: "amount", val: value };
  throw new Error("a parameter is a number, a text, yes or no, or an amount");
}

/** Of each kind of fact: its tag, and what it is in JavaScript. */
const KINDS = {
  number: ["number", (it) => typeof it === "number"],
  flag: ["yes-no", (it) => typeof it === "boolean"],
  text: ["text", (it) => typeof it === "string"],
  amount: ["amount", (it) => typeof it.amount === "number" && typeof it.unit === "number"],
  instant: ["instant", (it) => typeof it === "number"],
  agents: ["agents", (it) => Array.isArray(it) && it.every((row) => typeof row === "number")],
};

/** Facts in the order of `plugin.toml`, each of its kind. */
function inOrder(declared, facts) {
  const said = { ...facts };
  const values = declared.map(({ name, kind, optional }) => {
    const value = said[name];
    delete said[name];
    if (value === null || value === undefined) {
      if (optional) return { tag: "absent" };
      throw new Error(`the fact ${name} is missing, which plugin.toml does not let be absent`);
    }
    const [tag, fits] = KINDS[kind];
    if (!fits(value)) throw new Error(`the fact ${name} is not of its kind, ${kind}`);
    return { tag, val: value };
  });
  const [other] = Object.keys(said);
  if (other !== undefined) throw new Error(`plugin.toml has no fact ${other}`);
  return values;
}

/** An item of a batch, with what is known about it. It reads like the item itself. */
class Asked {
  #at;
  constructor(ctx, item, at) {
    Object.assign(this, item);
    this.ctx = ctx;
    this.now = ctx.now;
    this.#at = at;
  }
  /** The rows that a need found, and whether there was more than its `most`. */
  rows(need) {
    const found = this.ctx.found.find((found) => found.need === need);
    if (found === undefined) throw new Error(`plugin.toml has no need ${need}`);
    return found.rows.slice(found.starts[this.#at], found.starts[this.#at + 1]);
  }
  isCut(need) {
    return this.ctx.found.some((found) => found.need === need && found.cut.includes(this.#at));
  }
  /** A setting: a number, a text, yes or no, an amount, or a row. */
  setting(name) {
    return setting(this.ctx.settings, name);
  }
  /** Whether a promise is not kept, and its day has passed. */
  isOverdue(promise) {
    return !promise.finished && promise.due !== null && promise.due < this.now;
  }
}

function setting(settings, name) {
  const found = settings.find((setting) => setting.name === name);
  if (found === undefined) throw new Error(`plugin.toml has no setting ${name}`);
  return found.value.tag === "absent" ? null : found.value.val;
}

for (const table of ["commitments", "events", "intents", "agreements", "stocks", "memberships"]) {
  /** The records that a need found. */
  Asked.prototype[table] = function (need) {
    return this.rows(need).map((row) => this.ctx[table][row]);
  };
}
for (const [name, table] of Object.entries({
  agentOf: "agents", specOf: "specs", stockOf: "stocks", agreementOf: "agreements", commitmentOf: "commitments",
  eventOf: "events", intentOf: "intents", unitOf: "units",
})) {
  /** The record in a row; null for none. */
  Asked.prototype[name] = function (row) {
    return row === null || row === undefined ? null : (this.ctx[table][row] ?? null);
  };
}

/** Numbers by lot, from the seed that the network gives: the same for whoever asks again. */
function lots(seed) {
  const bytes = Uint8Array.from(seed);
  if (bytes.length < 16) {
    return () => {
      throw new Error("nothing is drawn by lot here");
    };
  }
  const view = new DataView(bytes.buffer);
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
  return () => {
    // sfc32
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
}

/** When it is, in milliseconds: of the item that is asked about. */
let nowMs = 0;
const Calendar = Date;
globalThis.Date = class extends Calendar {
  constructor(...said) {
    super(...(said.length === 0 ? [nowMs] : said));
  }
  static now() {
    return nowMs;
  }
};

/** The world's interface around a rule. */
function world(rule, call, answer) {
  const within = (ctx, item, at) => {
    try {
      Math.random = lots(ctx.seed);
      nowMs = Math.floor(ctx.now / 1000);
      return checked(answer(new Asked(ctx, item, at)));
    } catch (error) {
      return { tag: "unable", val: because("error", String(error?.message ?? error)) };
    }
  };
  return {
    checkSettings(settings, units) {
      if (rule.check === undefined) return null;
      return rule.check({ setting: (name) => setting(settings, name), units }) ?? null;
    },
    [call]: (ctx, items) => items.map((item, at) => within(ctx, item, at)),
  };
}

const isUnable = (said) => said !== null && typeof said === "object" && said.unable !== undefined;
const unanswered = () => unable(because("not-answered"));

/** World `access`: `judge(act)` gives facts as an object, or `refused(because(…), facts)`. */
export function access(rule, manifest) {
  const declared = manifest.facts?.facts ?? [];
  return world(rule, "judge", (act) => {
    const said = rule.judge(act);
    if (isUnable(said)) return { tag: "unable", val: said.unable };
    if (said.refused === undefined) return { tag: "facts", val: inOrder(declared, said) };
    return { tag: "refused", val: { facts: inOrder(declared, said.facts ?? {}), because: said.refused } };
  });
}

/** World `pricing`: `quote(deal)` gives lines, or `refused(because(…))`. */
export function pricing(rule) {
  return world(rule, "quote", (deal) => {
    const said = rule.quote(deal);
    if (isUnable(said)) return { tag: "unable", val: said.unable };
    return said.refused === undefined ? { tag: "quoted", val: said } : { tag: "refused", val: said.refused };
  });
}

/** World `duties`: `happened(cause, event)`, `promised(cause, promise)`, `fellDue(cause, promise, at)` give a list of
 * `promise({…})` and `again(at)`. Nothing follows from what a rule does not answer. */
export function duties(rule) {
  return world(rule, "oblige", (cause) => {
    const said = () => {
      switch (cause.tag) {
        case "happened":
          return rule.happened?.(cause, cause.eventOf(cause.val));
        case "promised":
          return rule.promised?.(cause, cause.commitmentOf(cause.val));
        default:
          return rule.fellDue?.(cause, cause.commitmentOf(cause.val.promise), cause.val.at);
      }
    };
    const duties = said() ?? [];
    return isUnable(duties) ? { tag: "unable", val: duties.unable } : { tag: "duties", val: duties };
  });
}

/** World `matching`: `rank(ask, wish)` gives `[{ candidate, because }]`, `whyNot(ask, doubt)` a reason,
 * `allocate(ask, round)` `{ grants, left }`. */
export function matching(rule) {
  return world(rule, "answer", (ask) => {
    const [name, tag] = { rank: ["rank", "ranking"], "why-not": ["whyNot", "why"], allocate: ["allocate", "allocated"] }[
      ask.tag
    ];
    const said = rule[name] === undefined ? unanswered() : rule[name](ask, ask.val);
    return isUnable(said) ? { tag: "unable", val: said.unable } : { tag, val: said };
  });
}

/** World `tally`: `count(poll)` gives `{ outcome, numbers, because }`; an outcome is `{ tag: "accepted", val: choice }`,
 * `{ tag: "rejected" }`, `{ tag: "no-quorum" }` or `{ tag: "tied", val: choices }`. */
export function tally(rule) {
  return world(rule, "count", (poll) => {
    const said = rule.count(poll);
    return isUnable(said) ? { tag: "unable", val: said.unable } : { tag: "counted", val: said };
  });
}
