// The page of likely duplicates: one pair at a time, decided by a click or a key, each decision taken back by another.

import { ask, wasAborted } from "./api.js";
import { byId, h } from "./dom.js";
import { number, plural } from "./format.js";
import { pairTable, reasonsBox } from "./duplicates-pair.js";
import { keyHelp, listenForKeys } from "./page-keys.js";
import { say } from "./story-dom.js";
import { smallMap } from "./story-map.js";
import { onTheme } from "./theme.js";

const page = JSON.parse(byId("pair-page").textContent);
page.styles = new Map(page.types.map((type) => [type.name, type]));
const ENOUGH = 3; // fewer pairs waiting than this: more are asked for
const keyOf = (pair) => pair.events.map((event) => event.id).sort().join("\n");
const skipped = new Set();
const decided = []; // what can be taken back, the latest last: { text, undo() }
let waiting = [];
let total = 0;
let shown = null; // { pair, stays, table, map }
let busy = false;

/** More pairs, past those skipped, or from the start: a new pair may be likelier than what was skipped. */
async function load(offset = skipped.size, limit = 10) {
  const params = new URLSearchParams({ limit: String(limit), offset: String(offset) });
  if (page.event) params.set("event", page.event);
  const answer = await ask(`/duplicates/pairs.json?${params}`, { kind: "pairs" });
  total = answer.count;
  const known = new Set([...waiting.map(keyOf), ...skipped, ...(shown ? [keyOf(shown.pair)] : [])]);
  waiting.push(...answer.pairs.filter((pair) => !known.has(keyOf(pair))));
  showMerges(answer.merges);
  showLooking(answer.left);
  return answer.left;
}

/** The next pair, asking for more where few are left; the empty state where there is none. */
async function next() {
  endMap();
  shown = null;
  try {
    let left = waiting.length < ENOUGH ? await load() : 0;
    while (!waiting.length && left) left = await load();
    if (!waiting.length && skipped.size && total > skipped.size) await load(0, 50);
    byId("pair-problem").hidden = true;
  } catch (error) {
    return complain(error);
  }
  const pair = waiting.shift();
  byId("pair").hidden = !pair;
  byId("pair-empty").hidden = Boolean(pair);
  document.body.dataset.ready = "1";
  if (pair) show(pair, 0);
  else showEmpty();
}

function show(pair, stays, focus = true) {
  endMap();
  const table = pairTable(pair, stays, page, (at) => show(pair, at, false));
  const map = h("div", { class: "mini-map", role: "region", "aria-label": "Map of the two places" });
  const placed = pair.events.some((event) => event.lon !== null);
  const heading = h("h2", { id: "pair-title", tabindex: "-1" }, "Is this one event?", h("span", { class: "muted small-text" }, ` ${plural(Math.max(1, total - skipped.size), "pair")} to look at`));
  const button = (text, key, kind, act) => h("button", { type: "button", class: `button ${kind}`, "data-act": key, onclick: act }, text, h("kbd", { "aria-hidden": "true" }, key));
  byId("pair").replaceChildren(
    h("div", { class: "pair-head" }, heading),
    h("div", { class: "pair-top" }, reasonsBox(pair), placed ? map : h("p", { class: "muted" }, "Neither report has a place.")),
    table.node,
    h("p", { class: "field-problem", id: "pair-wrong", role: "alert", hidden: true }),
    h("div", { class: "pair-actions" },
      button("Merge", "m", "primary", merge), button("Not the same", "n", "", different), button("Skip", "s", "", skip),
      button("Swap A and B", "x", "", swap)));
  shown = { pair, stays, table, map: placed ? drawMap(map, pair) : null };
  if (focus) heading.focus({ preventScroll: true });
  else byId("pair").querySelector(`input[name="stays"][value="${stays}"]`)?.focus({ preventScroll: true });
}

function drawMap(node, pair) {
  const map = smallMap(node, page.basemap);
  if (!map) return null;
  const items = pair.events.map((event, at) => ({ event, at })).filter(({ event }) => event.lon !== null);
  map.draw(items.map(({ event, at }) => ({
    key: at, label: "AB"[at], name: `${"AB"[at]}: ${event.place}`, type: page.styles.get(event.type),
    place: { lat: event.lat, lon: event.lon, radius_m: event.precision === "exact" ? 0 : event.radius_m },
  })));
  map.fit();
  return map;
}

function endMap() {
  shown?.map?.remove();
  if (shown) shown.map = null;
}

function showEmpty() {
  const text = skipped.size ? `You have skipped ${plural(skipped.size, "pair")}.` : page.event
    ? "No other event is likely the same as this one."
    : "Every event of the stories here seems to be its own. New stories are compared as they come in.";
  byId("pair-empty-text").textContent = text;
  byId("pair-again").hidden = !skipped.size;
  if (decided.length) byId("pair-empty-title").focus();
}

function showLooking(left) {
  byId("pair-looking").hidden = !left;
  byId("pair-looking").textContent = left ? `Still comparing: ${number(left)} changes to go. More pairs may come.` : "";
}

function showMerges(merges) {
  byId("pair-merges").hidden = !merges.length;
  byId("pair-merges-count").textContent = number(merges.length);
  byId("pair-merges-list").replaceChildren(...merges.map((item) => h("li", {},
    h("span", { dir: "auto" }, item.title),
    h("a", { href: `/?event=${encodeURIComponent(item.survivor)}`, class: "small-text", "aria-label": `See the event that holds ${item.title}` }, "See it"),
    h("button", { type: "button", class: "button small", "aria-label": `Undo the merge of ${item.title}`, onclick: () => takeBack(() => undoMerge(item.merge_id)) }, "Undo"))));
}

async function decide(text, act, undo) {
  if (busy || !shown) return;
  busy = true;
  try {
    const answer = await act();
    total = answer.count ?? total;
    decided.push({ text, undo: () => undo(answer) });
    showDone(text);
    say(text);
    await next();
  } catch (error) {
    complain(error);
  } finally {
    busy = false;
  }
}

function merge() {
  if (!shown || busy) return;
  const { pair, stays, table } = shown;
  const wrong = table.problem();
  byId("pair-wrong").textContent = wrong;
  byId("pair-wrong").hidden = !wrong;
  if (wrong) return;
  const [survivor, merged] = [pair.events[stays].id, pair.events[1 - stays].id];
  const body = { survivor, merged, changes: table.changes() };
  decide("Merged. All sources and quotes are kept.", async () => {
    const answer = await ask("/duplicates/merge", { method: "POST", body });
    waiting = waiting.filter((other) => other.events.every((event) => ![survivor, merged].includes(event.id))); // they changed
    return answer;
  }, (answer) => undoMerge(answer.merge_id));
}

const undoMerge = (mergeId) => ask("/duplicates/undo", { method: "POST", body: { merge_id: mergeId } });

function different() {
  if (!shown) return;
  const [first, second] = shown.pair.events.map((event) => event.id);
  const tell = (verdict) => ask("/duplicates/different", { method: "POST", body: { first, second, different: verdict } });
  decide("Kept apart. This pair will not be suggested again.", () => tell(true), () => tell(false));
}

function skip() {
  if (!shown) return;
  const { pair } = shown;
  skipped.add(keyOf(pair));
  decide("Skipped.", async () => pair, async () => skipped.delete(keyOf(pair)));
}

function swap() {
  if (shown && !busy) show(shown.pair, 1 - shown.stays, false);
}

function showDone(text) {
  byId("pair-done").hidden = !decided.length;
  byId("pair-done-text").textContent = text;
}

function undoLast() {
  const last = decided.at(-1);
  if (last) takeBack(async () => { await last.undo(); decided.pop(); });
}

async function takeBack(act) {
  if (busy) return;
  busy = true;
  try {
    await act();
    waiting = [];
    showDone(decided.at(-1)?.text || "");
    say("Taken back.");
    await next();
  } catch (error) {
    complain(error);
  } finally {
    busy = false;
  }
}

/** What went wrong; of a pair that is no longer as it was shown, the next is one click away. */
function complain(error) {
  if (wasAborted(error)) return;
  byId("pair-problem-text").textContent = error.message;
  byId("pair-problem").hidden = false;
}

byId("pair-retry").addEventListener("click", () => { waiting = []; byId("pair-problem").hidden = true; next(); });
byId("pair-undo").addEventListener("click", undoLast);
byId("pair-again").addEventListener("click", () => { skipped.clear(); next(); });
const KEYS = { m: merge, n: different, s: skip, x: swap, u: undoLast };
listenForKeys(KEYS);
byId("pair-keys").append(keyHelp([["m", "merge"], ["n", "not the same"], ["s", "skip"], ["x", "swap which one stays"], ["u", "undo the last"]]));
onTheme(() => shown && show(shown.pair, shown.stays, false));
next();
