// Keys of the review. One-letter keys can be switched off (WCAG 2.2, success criterion 2.1.4) and rest while typing; Escape
// leads out of every field, back to the event's head.

import { h } from "./dom.js";
import { say } from "./story-dom.js";

const SETTING = "dateline-story-keys";
const TYPING = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";
const FIELDS = { e: "title", t: "type", d: "date", p: "place", w: "actors", f: "deaths" };

const HELP = [
  ["a", "accept, and on to the next"], ["x", "discard, and on to the next"], ["u", "take the decision back"],
  ["j", "next event (or Alt ↓)"], ["k", "previous event (or Alt ↑)"], ["n", "next that needs a look"],
  ["1 – 9", "choose the place with this number"], ["p", "another place: search, or point on the map"],
  ["d", "date"], ["t", "type"], ["e", "title"], ["w", "actors"], ["f", "deaths"],
  ["Esc", "out of a field"], ["Ctrl ↵", "save"], ["?", "these keys"],
];

const allowed = () => {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
};

const lastDecided = new WeakMap(); // review -> the event that a key decided last: the review has gone on to the next

/** Moves and decides by key in `review` as long as it is shown, until `signal` ends it. */
export function listenForKeys(review, signal) {
  document.addEventListener("keydown", (press) => {
    if (review.node.hidden || press.defaultPrevented) return;
    if (press.key === "Enter" && (press.ctrlKey || press.metaKey)) {
      press.preventDefault();
      return review.save();
    }
    if (press.ctrlKey || press.metaKey) return;
    if (press.key === "Escape") return leave(review, press);
    if (press.target.closest(TYPING)) return;
    const arrow = press.altKey && { ArrowDown: "j", ArrowUp: "k" }[press.key];
    const key = arrow || (press.altKey || !allowed() ? "" : press.key);
    if (act(review, key)) press.preventDefault();
  }, { signal });
}

/** Out of the keys' list, or out of a field to the head of its card. */
function leave(review, press) {
  const help = review.node.querySelector(".keys[open]");
  const card = press.target.closest(".card");
  if (help) {
    help.open = false;
    help.querySelector("summary").focus();
  } else if (card) card.querySelector(".card-open").focus();
  else return;
  press.preventDefault();
}

/** Does what a key means; whether it means anything. */
function act(review, key) {
  if (key === "?") {
    const help = review.node.querySelector(".keys");
    help.open = !help.open;
    help.querySelector("summary").focus();
    return true;
  }
  if (!review.events.length) return false;
  const last = review.events.length - 1;
  const at = review.current;
  if (key === "j") review.open(at === null ? 0 : Math.min(last, at + 1), true);
  else if (key === "k") review.open(at === null ? last : Math.max(0, at - 1), true);
  else if (key === "n") nextLook(review);
  else if (key === "u") takeBack(review, at);
  else if (key === "a" || key === "x") decide(review, key, at);
  else if (key in FIELDS) edit(review, FIELDS[key], at);
  else if (/^[1-9]$/.test(key)) take(review, Number(key), at);
  else return false;
  return true;
}

/** The first such key only opens an event: nothing is decided unseen. */
function decide(review, key, at) {
  if (at === null || !review.cards[at].isOpen) return review.open(at ?? 0, true);
  const status = { a: "reviewed", x: "rejected" }[key];
  if (review.events[at].status !== status) review.decide(at, status);
  lastDecided.set(review, review.events[at]);
  review.advance(at);
}

/** Makes the open event a draft again; where it is one, goes back to the event that was decided last by a key. */
function takeBack(review, at) {
  const last = review.events.indexOf(lastDecided.get(review));
  const index = at !== null && review.events[at].status !== "draft" ? at : last;
  if (index < 0 || review.events[index].status === "draft") return say("Nothing to take back.");
  review.decide(index, "draft");
  review.open(index, true);
}

function edit(review, field, at) {
  const index = at ?? 0;
  if (!review.cards[index].isOpen) review.open(index, true);
  review.cards[index].edit(field);
}

function take(review, number, at) {
  if (at === null || !review.cards[at].isOpen) return;
  if (!review.cards[at].take(number)) say(`There is no place with the number ${number}.`);
}

function nextLook(review) {
  const from = review.current ?? -1;
  const found = review.following(from, (at) => review.cards[at].looks.length > 0);
  if (found === null) say("No event needs a look.");
  else review.open(found, true);
}

/** The list of keys, and the switch for the one-letter ones. */
export function keyHelp() {
  const box = h("input", { type: "checkbox", id: "story-keys" });
  box.checked = allowed();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(SETTING, box.checked ? "on" : "off");
    } catch {
      // Storage is forbidden: the switch holds no longer than the page.
    }
  });
  return h("details", { class: "keys" }, h("summary", { class: "button small" }, "Keys"),
    h("div", { class: "keys-box" },
      h("dl", {}, ...HELP.map(([key, text]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)))),
      h("label", { for: box.id, class: "keys-switch" }, box, "One-letter and number keys")));
}

/** The most used keys, in the footer, where there is a keyboard. */
export function keyHints() {
  const hints = [["a", "accept"], ["x", "discard"], ["j", "next"], ["n", "next in doubt"], ["?", ""]];
  return h("p", { class: "foot-keys small-text muted", "aria-hidden": "true" }, ...hints.flatMap(([key, text]) => [h("kbd", {}, key), text ? ` ${text} ` : ""]));
}
