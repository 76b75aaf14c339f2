// A price for each day begun.
import { DAY_US, because, fee, refused, times } from "../vendor/sdk.js";

export default {
  quote(deal) {
    const days = Math.ceil((deal.ends - deal.begins) / DAY_US);
    const most = deal.setting("days-most");
    if (days > most) return refused(because("too-long", most));
    return [fee("days", times(deal.setting("day"), days))];
  },
};
