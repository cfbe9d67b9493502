// What was saved, in words: the events that are kept, and the names whose meaning is remembered, each with undo.

import { ask } from "./api.js";
import { byId, h } from "./dom.js";
import { plural } from "./format.js";
import { placeContext, say } from "./story-dom.js";

/** The choices to be remembered: one for each name, the last one made. `points` cuts the text. */
export function choicesOf(events, points) {
  const found = new Map();
  for (const event of events) {
    if (!event.chosen || event.remember === false || !event.place_span || event.status === "rejected") continue;
    found.set(points.of(event.place_span), { span: event.place_span, place: event.chosen });
  }
  return [...found.values()];
}

/** Fills the last step of the page with what the server answered. */
export function showSaved(done) {
  const lines = [
    done.kept ? `${plural(done.kept, "event")} kept: ${done.reviewed} reviewed, ${plural(done.draft, "draft")}.` : "The story is kept; no event of it is.",
    done.rejected ? `${plural(done.rejected, "event")} discarded; reading the story again does not bring ${done.rejected === 1 ? "it" : "them"} back.` : "",
    done.undated ? `${plural(done.undated, "event")} without a date: in the map's tray of undated events.` : "",
    done.unplaced ? `${plural(done.unplaced, "event")} without a place: in the map's tray of unplaced events.` : "",
    ...done.receipt.notes,
    ...done.receipt.problems,
  ].filter(Boolean);
  byId("story-saved").replaceChildren(...[
    h("h1", { id: "saved-title", tabindex: "-1" }, "Saved"),
    h("ul", { class: "saved-lines" }, ...lines.map((line) => h("li", {}, line))),
    remembered(done.remembered),
    h("p", { class: "saved-actions" },
      h("a", { class: "button primary", href: done.map_url, id: "saved-map" }, "Show them on the map"),
      h("a", { class: "button", href: `/stories/${encodeURIComponent(done.doc_id)}` }, "Open the story again"),
      h("a", { class: "button", href: "/stories/new" }, "Add another story")),
  ].filter(Boolean));
  byId("saved-map").focus();
  say(lines.join(" "));
}

function remembered(choices) {
  if (!choices.length) return null;
  return h("section", { class: "remembered", "aria-labelledby": "remembered-title" },
    h("h2", { id: "remembered-title" }, "Remembered for this project"),
    h("ul", { class: "remembered-list" }, ...choices.map(line)),
    h("p", { class: "hint" }, "Later stories and tables heed it, unless their own words say otherwise. ", h("a", { href: "/choices" }, "All remembered places")));
}

function line(choice) {
  const undo = h("button", { type: "button", class: "button small", "aria-label": `Undo: forget what “${choice.name}” means` }, "Undo");
  const words = h("span", {}, h("q", {}, choice.name), " means ", h("strong", {}, choice.place.name), ` ${placeContext(choice.place)}`);
  const item = h("li", {}, words, undo);
  undo.addEventListener("click", async () => {
    undo.disabled = true;
    try {
      const { choice: now } = await ask(`/choices/${choice.choice_id}/undo`, { method: "POST", body: {} });
      const told = now ? `“${choice.name}” means ${now.place.name} ${placeContext(now.place)} again.` : `What “${choice.name}” means is forgotten.`;
      item.replaceChildren(h("span", { class: "muted" }, told));
      say(told);
    } catch (error) {
      undo.disabled = false;
      words.append(` ${error.message}`);
    }
  });
  return item;
}
