// Whoever has promised least so far is asked first.
import { because } from "../vendor/sdk.js";

/** How much whoever offers something has promised. */
function promised(ask, offer) {
  const giver = ask.intentOf(offer)?.provider ?? null;
  return ask.commitments("promises").filter((promise) => giver !== null && promise.provider === giver).length;
}

export default {
  rank(ask, wish) {
    const order = wish.candidates.map((candidate) => ({ candidate, n: promised(ask, candidate) }));
    // Of two who have promised as much, the row decides: the same for whoever asks.
    order.sort((a, b) => a.n - b.n || a.candidate - b.candidate);
    return order.slice(0, wish.most).map(({ candidate, n }) => ({ candidate, because: because("promised", n) }));
  },
  whyNot(ask, doubt) {
    return because("promised", promised(ask, doubt.about));
  },
};
