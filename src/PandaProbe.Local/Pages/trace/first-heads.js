// Asks for the heads of the trace while the other modules of the page are still on their way.
import { trace } from "../shared/api.js";
import { idOfPage } from "../shared/state.js";

export const firstHeads = trace(idOfPage());
// The page shows the problem. Until it waits for the answer, nobody does.
firstHeads.catch(() => {});
