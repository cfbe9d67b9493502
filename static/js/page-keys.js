// One-letter keys of a page. They can be switched off (WCAG 2.2, success criterion 2.1.4) and rest while typing; the
// switch is the one of the story page.

import { h } from "./dom.js";

const SETTING = "dateline-story-keys";
const TYPED = "input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]";

function allowed() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

/** Calls `acts[key]()` for a press of that key alone. */
export function listenForKeys(acts) {
  document.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey || press.shiftKey || press.repeat) return;
    if (!Object.hasOwn(acts, press.key) || !allowed() || press.target.closest(TYPED)) return;
    press.preventDefault();
    acts[press.key]();
  });
}

/** The list of keys [[key, what it does]], and the switch. */
export function keyHelp(keys) {
  const box = h("input", { type: "checkbox", id: "page-keys" });
  box.checked = allowed();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(SETTING, box.checked ? "on" : "off");
    } catch {
      // Storage is forbidden: the keys stay as they are.
    }
  });
  return h("details", { class: "keys" }, h("summary", { class: "button small" }, "Keys"),
    h("div", { class: "keys-box" },
      h("dl", {}, ...keys.flatMap(([key, text]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)])),
      h("label", { for: box.id, class: "keys-switch" }, box, "One-letter keys")));
}
