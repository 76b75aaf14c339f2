// How often somebody has borrowed something lately, as a fact for policies; and nobody borrows more than the rules say.
import { because, refused } from "../vendor/sdk.js";

export default {
  judge(act) {
    // Whoever borrows a thing promises to bring it back.
    const lately = act.commitments("promises").filter((promise) => promise.action === "transfer-custody").length;
    const most = act.setting("most");
    return lately < most ? { lately } : refused(because("enough", lately, most), { lately });
  },
};
