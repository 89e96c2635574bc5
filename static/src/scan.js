// The till. States are in scan/machine.js, what they look like in scan/views.js; here is what they make happen.
import { get, post, Refused } from "./scan/api.js";
import { Camera, problemText, readPhoto } from "./scan/camera.js";
import { Day } from "./scan/day.js";
import { makeDecoder } from "./scan/decode.js";
import { allowSound, feedback } from "./scan/feedback.js";
import { newKey, PendingIntents } from "./scan/intents.js";
import { next, READY } from "./scan/machine.js";
import { isAboutSpoken, VIEWS } from "./scan/views.js";
import { insideWechat, scanWithWechat } from "./scan/wechat.js";
import { untilDecided } from "./scan/waiting.js";
import { listenToWedge } from "./scan/wedge.js";

const $ = (id) => document.getElementById(id);
const till = $("till");
const stage = $("stage");
const pending = new PendingIntents(till.dataset.store);
const SOUND_OF = {
  done: "done", undone: "done", points_done: "done", refused: "refused", points_over: "refused", unsure: "unsure", unreachable: "unsure",
};

const CHANGES_DAY = new Set(["done", "undone", "points_done", "points_over", "points_waiting"]);

let state = READY;
let shownAt = 0; // since when the page shows this state, by the clock of its events
let decoder = null;
let wedge = null;
let lastWay = null; // how the last code came in: "camera", "keys", "photo" or "spoken"; the next scan starts the same way

const getDecoder = () => (decoder ??= makeDecoder(till.dataset.wasm));
const camera = new Camera($("video"), getDecoder);
const day = new Day({
  figures: $("figures"),
  uses: $("uses"),
  onUndo: (intent) => send({ type: "undo_asked", intent }),
  onOpen: (payment) => send({ type: "reopen", payment }),
});

// Every event goes through here: new state, its picture, what it makes happen.
function send(event) {
  if (event.type === "decide") return decide(event);
  if (event.type === "undo_decided") return decideUndo(event.intent);
  if (event.type === "points_decided") return decidePoints(event);
  if (event.type === "again") return startAgain();
  if (event.type === "reset") pending.clear();
  const before = state;
  state = next(state, event);
  if (state !== before) enter(state, { isBack: event.type === "keep" });
  if (before.name === "unsure" && state === READY) refreshDay();
}

function decide({ coupon, spendFen }) {
  const body = { code: coupon.code, spend_fen: spendFen };
  send({ type: "confirm", intent: { kind: "redeem", key: newKey(), body, title: coupon.title } });
}

function decidePoints({ purse, points, title }) {
  send({ type: "confirm", intent: { kind: "points", key: newKey(), body: { member: purse.member, points }, title } });
}

function decideUndo(intent) {
  send({ type: "undo", intent: { ...intent, key: newKey(), body: {} } });
}

function startAgain() {
  const isMisheard = state.name === "refused" && isAboutSpoken(state.refusal);
  const tail = $("spoken-tail").value;
  send({ type: "reset" });
  if (isMisheard) showSpoken(true, tail);
  else if (lastWay === "camera") startScan();
  // On a phone a focused field brings its keyboard, which only somebody who typed wants again.
  else $(lastWay === "keys" ? "typed-code" : "scan-button").focus();
}

const EFFECTS = {
  looking: async ({ asked }) => {
    if (lastWay === "keys") await new Promise((resolve) => setTimeout(resolve, wedge.restMs()));
    return { type: "found", answer: await post(asked.code ? "/lookups" : "/lookups/spoken", asked) };
  },
  redeeming: async ({ intent }) => ({ type: "done", answer: await settle("/redemptions", intent) }),
  undoing: async ({ intent }) => ({ type: "undone", answer: await settle(undoPath(intent), intent) }),
  asking: async ({ intent }) => ({ type: "asked", answer: await settle("/points/payments", intent) }),
  points_waiting: async (entered) => {
    const answer = await untilDecided(entered.payment, () => get(paymentPath(entered)), () => state === entered);
    return answer && { type: "polled", answer };
  },
  withdrawing: async (entered) => ({ type: "polled", answer: await post(`${paymentPath(entered)}/withdraw`, {}, newKey()) }),
};

function paymentPath({ payment }) {
  return `/points/payments/${payment.id}`;
}

function undoPath(intent) {
  return intent.of === "points" ? `/points/payments/${intent.id}/undo` : `/redemptions/${intent.id}/undo`;
}

async function enter(entered, { isBack = false } = {}) {
  stage.dataset.state = entered.name;
  stage.replaceChildren(...VIEWS[entered.name](entered, send));
  till.dataset.busy = String(entered.name in EFFECTS && entered.name !== "points_waiting");
  if (SOUND_OF[entered.name] && !isBack) feedback(SOUND_OF[entered.name]);
  focusOn(entered);
  shownAt = performance.now();
  if (CHANGES_DAY.has(entered.name)) refreshDay();
  if (!(entered.name in EFFECTS)) return;
  const event = await outcome(entered);
  // An answer to a state that is over is nobody's any more.
  if (state === entered && event) send(event);
}

async function outcome(entered) {
  try {
    return await EFFECTS[entered.name](entered);
  } catch (error) {
    if (!(error instanceof Refused)) return { type: "unreachable" };
    if (goAway(error)) return null;
    return { type: "refused", refusal: { code: error.code, message: error.message, fields: error.fields } };
  }
}

// The intent is kept until the server has answered it, whether with yes or with no.
async function settle(path, intent) {
  pending.keep(intent);
  try {
    const answer = await post(path, intent.body, intent.key);
    pending.clear();
    return answer;
  } catch (error) {
    if (error instanceof Refused && !isAboutSession(error)) pending.clear();
    throw error;
  }
}

function isAboutSession(error) {
  return error.status === 401 || ["csrf_failed", "store_required", "password_temporary"].includes(error.code);
}

// Signed out, page too old, or no store: another page settles that; an intent waits in the browser meanwhile.
function goAway(error) {
  if (!isAboutSession(error)) return false;
  location.assign("/portal");
  return true;
}

function focusOn({ name }) {
  if (name === "ready") return;
  const target = stage.querySelector("#spend[placeholder^='必填']") ?? stage.querySelector(".button-big") ?? stage;
  target.focus({ preventScroll: true });
}

function takeCode(way, code) {
  const text = code?.trim();
  if (!text) return;
  lookUp(way, { code: text.slice(0, 400) });
}

function lookUp(way, asked) {
  lastWay = way;
  tellProblem("");
  camera.close();
  send({ type: "code", asked });
}

// What a member says: the last digits of their phone, and the six that their phone shows. The former stay for a second
// try, which starts from the refusal.
function takeSpoken(event) {
  event.preventDefault();
  const [tail, digits] = [$("spoken-tail").value, $("spoken-digits").value.replaceAll(" ", "")];
  $("spoken-digits").value = "";
  showSpoken(false);
  lookUp("spoken", { phone_tail: tail, digits });
}

function showSpoken(isShown, tail = "") {
  if (isShown) $("spoken-tail").value = tail;
  $("spoken").hidden = !isShown;
  $("spoken-open").setAttribute("aria-expanded", String(isShown));
  if (isShown) $($("spoken-tail").value ? "spoken-digits" : "spoken-tail").focus();
}

async function startScan() {
  tellProblem("");
  if (insideWechat) {
    try {
      return takeCode("camera", await scanWithWechat(till.dataset.wechatSdk));
    } catch {
      // WeChat's scanner is not to be had here; the camera may be.
    }
  }
  await scanWithCamera();
}

async function scanWithCamera() {
  if (camera.isOpen) return;
  $("finder").dataset.open = "true";
  try {
    takeCode("camera", await camera.scan());
  } catch (error) {
    tellProblem(problemText(error));
  } finally {
    $("finder").dataset.open = "false";
  }
}

async function scanPhoto(input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  tellProblem("正在识别照片…");
  const code = await readPhoto(file, await getDecoder()).catch(() => null);
  tellProblem(code ? "" : "照片里没有识别到券码：请拍清楚、让二维码占画面一半以上再试。");
  takeCode("photo", code);
}

function tellProblem(text) {
  $("camera-problem").textContent = text;
  $("camera-problem").hidden = text === "";
}

async function refreshDay() {
  try {
    await day.refresh();
  } catch (error) {
    goAway(error);
  }
}

function start() {
  allowSound();
  wedge = listenToWedge({
    onCode: (code) => takeCode("keys", code),
    onUnread: () => tellProblem("输入法占用了扫码枪的按键，没有读到内容：请切换到英文输入法后重新扫码。"),
    shownAt: () => shownAt,
  });
  $("scan-button").addEventListener("click", startScan);
  $("close-camera").addEventListener("click", () => camera.close());
  $("photo").addEventListener("change", (event) => scanPhoto(event.target));
  $("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    takeCode("keys", $("typed-code").value);
    $("typed-code").value = "";
  });
  $("spoken-open").addEventListener("click", () => showSpoken($("spoken").hidden));
  $("spoken").addEventListener("submit", takeSpoken);
  document.addEventListener("visibilitychange", () => (document.hidden ? camera.close() : refreshDay()));
  window.addEventListener("online", refreshDay);
  // Until here a quick clerk's Enter would have sent the form as a page, and the code would be gone.
  for (const control of document.querySelectorAll("[data-wait]")) control.disabled = false;
  enter(READY);
  const intent = pending.load();
  if (intent) send({ type: "resume", intent });
  refreshDay();
}

start();
