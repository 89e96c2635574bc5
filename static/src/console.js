// The mall console: htmx for lists, the phone's menu, and charts that pages describe as data.
import htmx from "htmx.org";
import { drawCharts, resizeCharts } from "./console/charts.js";
import { copy, offerCopies } from "./console/copy.js";
import { onPictureChosen, showLook } from "./console/faces.js";
import { onKey, tellKeys } from "./console/keys.js";
import { closeMenus, onTick } from "./console/lists.js";
import { offerMoves } from "./console/moves.js";
import { closeNav, toggleNav } from "./console/nav.js";
import { offerPhotos } from "./console/photo-view.js";
import { previewOffers } from "./console/offer-preview.js";
import { showCurrentTab } from "./console/tabs.js";
import { upload } from "./console/upload.js";
import { forgetMendedProblems } from "./kit/problems.js";
import { solveProofs } from "./kit/proof.js";
import { offerToShowSecrets } from "./kit/secrets.js";
import { askBeforeLosing } from "./kit/unsaved.js";
import { offerPickers } from "./pickers/pickers.js";

// The pages' content-security policy allows neither eval nor inline styles. Pages hold members' data, so none is kept
// in the browser's storage: going back loads the page anew.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;

htmx.onLoad(drawCharts);
htmx.onLoad(offerCopies);
htmx.onLoad(offerMoves);
htmx.onLoad(offerPhotos);
htmx.onLoad(offerPickers);
htmx.onLoad(tellKeys);
htmx.onLoad(() => document.querySelectorAll("[data-look]").forEach(showLook));
htmx.onLoad(previewOffers);
htmx.onLoad(showCurrentTab);
offerToShowSecrets();
solveProofs();
forgetMendedProblems();
askBeforeLosing();
window.addEventListener("resize", resizeCharts);
document.addEventListener("submit", upload);

// A question about a form comes when the form could be sent.
document.addEventListener("click", (event) => {
  const asker = event.target.closest("button[popovertarget]:not([popovertargetaction])");
  if (asker?.form && !asker.form.reportValidity()) event.preventDefault();
});
document.addEventListener("change", (event) => onTick(event.target));
document.addEventListener("click", (event) => {
  closeMenus(event.target);
  if (event.target.closest("[data-copy]")) copy(event.target.closest("[data-copy]"));
  else if (event.target.closest("[data-nav-toggle]")) toggleNav();
  else if (!event.target.closest(".malls")) document.querySelector(".malls[open]")?.removeAttribute("open");
});
document.addEventListener("input", (event) => {
  const look = event.target.closest("[data-look]");
  if (look) showLook(look);
  else if (event.target.matches("[data-picture] input[type=file]")) onPictureChosen(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeNav();
  else onKey(event);
});
