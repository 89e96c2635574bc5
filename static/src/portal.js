// The merchant portal's server-rendered pages.
import htmx from "htmx.org";
import { forgetMendedProblems } from "./kit/problems.js";
import { solveProofs } from "./kit/proof.js";
import { offerToShowSecrets } from "./kit/secrets.js";
import { askBeforeLosing } from "./kit/unsaved.js";
import { offerPickers } from "./pickers/pickers.js";

// The pages' content-security policy allows neither eval nor inline styles.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
window.htmx = htmx;

htmx.onLoad(offerPickers);
// What was told of the act before is not true of this one.
htmx.on("htmx:afterSwap", () => document.querySelectorAll(".flash").forEach((told) => told.remove()));
// What opens at the end of a page would otherwise open under the bar below it.
document.addEventListener("toggle", (event) => event.target.open && event.target.scrollIntoView({ block: "nearest" }), true);
offerToShowSecrets();
solveProofs();
forgetMendedProblems();
askBeforeLosing();
