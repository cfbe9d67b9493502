// The place names of a story: a list to add events from, in the open where no event was found.

import { h } from "./dom.js";
import { plural } from "./format.js";

/** The list, or null where there is nothing to say. `add(toponym)` is called for the one that is chosen. */
export function placeNames(toponyms, empty, add) {
  if (!toponyms.length) {
    return empty ? h("p", { class: "empty" }, "No event was found, and no place name. Select words in the text, or use “Add an event”.") : null;
  }
  const items = namedPlaces(toponyms).map(({ item, times }) => {
    const words = item.place && item.place.name !== item.text ? `${item.text} (${item.place.name})` : item.text;
    return h("li", {}, h("button", {
      type: "button", class: "button small", "aria-label": `Add an event in ${item.text}`, onclick: () => add(item),
    }, `+ ${words}${times > 1 ? ` ×${times}` : ""}`));
  });
  const list = h("ul", { class: "place-names" }, ...items);
  if (empty) {
    return h("div", { class: "empty" },
      h("p", {}, `No event was found, but ${plural(toponyms.length, "place name")}. Choose one to add an event there, or select words in the text.`), list);
  }
  return h("details", { class: "all-places" }, h("summary", {}, `All ${plural(toponyms.length, "place name")} of the story`), list);
}

/** The places of the story, each with its first mention and how many there are. */
export function namedPlaces(toponyms) {
  const found = new Map();
  for (const item of toponyms) {
    const key = `${item.text}\n${item.place?.place_id || item.place?.name || ""}`;
    const before = found.get(key);
    if (before) before.times += 1;
    else found.set(key, { item, times: 1 });
  }
  return [...found.values()];
}
