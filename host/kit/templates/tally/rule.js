// A majority of those who say yes or no, if enough say anything.
import { because } from "../vendor/sdk.js";

export default {
  count(poll) {
    const of = (...tags) => poll.casts.filter((cast) => tags.includes(cast.ballot.tag)).length;
    const pro = of("yes");
    const con = of("no", "object");
    const voted = poll.casts.length - of("advise");
    const enough = voted * 100 >= poll.electorate.length * poll.setting("quorum");
    const outcome = !enough ? { tag: "no-quorum" } : pro > con ? { tag: "accepted", val: 0 } : { tag: "rejected" };
    const numbers = poll.choices === 1 ? [pro] : Array(poll.choices).fill(0);
    return { outcome, numbers, because: [because("heads", pro, con)] };
  },
};
