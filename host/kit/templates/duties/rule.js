// Whoever got a thing promises some work in return.
import { DAY_US, promise } from "../vendor/sdk.js";

export default {
  happened(cause, event) {
    // What is brought back goes to an organization.
    const isPerson = event.receiver !== null && !cause.agentOf(event.receiver).organization;
    if (event.action !== "transfer-custody" || event.provider === null || !isPerson) return [];
    return [
      promise({
        action: "work",
        provider: event.receiver,
        receiver: event.provider,
        effort: cause.setting("work"),
        classes: ["thanks"],
        agreement: event.agreement,
        due: cause.now + cause.setting("days") * DAY_US,
      }),
    ];
  },
};
