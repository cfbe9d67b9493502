// The foot of the review: what is still to be decided, what keeps the story from being saved, and the button that saves.

import { h } from "./dom.js";
import { plural } from "./format.js";
import { keyHelp, keyHints } from "./story-keys.js";

export class ReviewFoot {
  constructor(save) {
    this.line = h("p", { class: "foot-line" });
    this.problem = h("div", { class: "banner bad", role: "alert", tabindex: "-1", hidden: true });
    this.button = h("button", { type: "button", class: "button primary", onclick: save });
    this.node = h("div", { class: "review-foot" }, this.problem, h("div", { class: "foot-row" }, keyHints(), keyHelp(), this.line, this.button));
  }

  /** `looks`: how many drafts need a look. */
  draw(events, looks) {
    const kept = events.filter((event) => event.status !== "rejected");
    const checked = kept.filter((event) => event.status === "reviewed").length;
    this.words = saveWords(events.length, kept.length);
    if (!this.isBusy) this.button.textContent = this.words;
    const drafts = kept.length - checked;
    this.line.textContent = [
      checked ? `${checked} reviewed` : "",
      drafts ? `${drafts} ${drafts === 1 ? "stays a draft" : "stay drafts"}${checked ? "" : " until accepted"}` : "",
      looks ? `${looks} ${looks === 1 ? "needs" : "need"} a look` : "",
    ].filter(Boolean).join(", ");
  }

  get isBusy() {
    return this.button.disabled;
  }

  busy(yes) {
    this.button.disabled = yes;
    this.button.textContent = yes ? "Saving…" : this.words;
  }

  focus() {
    this.button.focus();
  }

  complain(text) {
    this.problem.replaceChildren(h("p", {}, text));
    this.problem.hidden = false;
    this.problem.focus();
  }

  hush() {
    this.problem.hidden = true;
  }
}

function saveWords(all, kept) {
  if (!all) return "Save the story without events";
  const gone = all - kept;
  return [
    kept ? `Save ${plural(kept, "event")}` : "",
    gone ? `${kept ? "discard" : "Discard"} ${gone}` : "",
  ].filter(Boolean).join(", ");
}

/** Lines that tell which events have no date or no place; `open(at)` is called for the one that is chosen. */
export function lackTrays(events, open) {
  const lacks = [["without a date", (event) => !event.start], ["without a place", (event) => !event.place]];
  return lacks.flatMap(([label, without]) => {
    const found = events.flatMap((event, at) => (without(event) && event.status !== "rejected" ? [at] : []));
    if (!found.length) return [];
    const chip = (at) => h("button", { type: "button", class: "chip", "aria-label": `Event ${at + 1}, ${label}`, onclick: () => open(at) }, String(at + 1));
    return [h("span", { class: "tray" }, `${plural(found.length, "event")} ${label}`, ...found.map(chip))];
  });
}
