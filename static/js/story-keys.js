// Keys of the review. One-letter keys can be switched off (WCAG 2.2, success criterion 2.1.4) and rest while typing.

import { h } from "./dom.js";

const SETTING = "dateline-story-keys";
const FIELDS = "input, select, textarea, [contenteditable]";

const allowed = () => {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
};

/** Moves and decides by key in `review` as long as it is shown, until `signal` ends it. */
export function listenForKeys(review, signal) {
  document.addEventListener("keydown", (press) => {
    if (review.node.hidden || press.ctrlKey || press.metaKey || press.target.closest(FIELDS)) return;
    const arrow = press.altKey && { ArrowDown: "j", ArrowUp: "k" }[press.key];
    const key = arrow || (press.altKey || press.shiftKey || !allowed() ? "" : press.key);
    if (!["j", "k", "a", "x"].includes(key) || !review.events.length) return;
    press.preventDefault();
    act(review, key);
  }, { signal });
}

function act(review, key) {
  const last = review.events.length - 1;
  const at = review.current;
  if (key === "j") return review.open(at === null ? 0 : Math.min(last, at + 1), true);
  if (key === "k") return review.open(at === null ? last : Math.max(0, at - 1), true);
  if (at === null) return review.open(0, true);
  const wanted = key === "a" ? "reviewed" : "rejected";
  review.decide(at, review.events[at].status === wanted ? "draft" : wanted);
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
  const keys = [["j", "next event (or Alt ↓)"], ["k", "previous event (or Alt ↑)"], ["a", "accept, or take that back"], ["x", "discard, or keep again"]];
  return h("details", { class: "keys" }, h("summary", { class: "button small" }, "Keys"),
    h("div", { class: "keys-box" },
      h("dl", {}, ...keys.flatMap(([key, text]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)])),
      h("label", { for: box.id, class: "keys-switch" }, box, "One-letter keys")));
}
