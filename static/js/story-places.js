// Choosing a place: the candidates with their reasons on a small map, and a search of the gazetteer.

import { ask, wasAborted } from "./api.js";
import { h, settled } from "./dom.js";
import { number } from "./format.js";
import { freshId, placeContext, say } from "./story-dom.js";
import { smallMap } from "./story-map.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const keyOf = (place) => place.place_id || `${place.name}/${place.lon}/${place.lat}`;

/**
 * The picker of one event. `given`: { event, words, type, basemap, near: [lon, lat] or null }.
 * `choose(place)` is called at each choice, `close()` when the person is done.
 */
export function placePicker(given, choose, close) {
  const { event } = given;
  const group = freshId("place");
  const list = h("ul", { class: "places" });
  const state = h("p", { class: "muted small-text", role: "status" });
  const search = h("input", {
    type: "search", id: freshId("search"), autocomplete: "off", placeholder: "Another place, in any spelling", maxlength: "200",
  });
  const canvas = h("div", { class: "mini-map", role: "group", "aria-label": "Map of the places to choose from" });
  const done = h("button", { type: "button", class: "button small", onclick: close }, "Done");
  const node = h("div", { class: "picker", role: "group", "aria-label": "Choose a place" },
    h("div", { class: "picker-columns" },
      h("div", { class: "picker-list" },
        h("label", { for: search.id }, "Search the gazetteer"), search, state, list),
      canvas),
    h("div", { class: "picker-end" }, done));

  let options = [];
  let map = null;

  function show(candidates, heading) {
    options = candidates;
    state.textContent = heading;
    const chosen = event.place ? keyOf(event.place) : "";
    list.replaceChildren(...candidates.map((item, at) => option(item, at, keyOf(item.place) === chosen)));
    draw();
  }

  function draw() {
    map?.draw(options.slice(0, LETTERS.length).map((item, at) => ({
      key: keyOf(item.place), label: LETTERS[at], name: item.place.name, place: item.place, type: given.type,
    })));
    map?.fit();
    map?.light(event.place ? keyOf(event.place) : null);
  }

  function option(item, at, checked) {
    const { place } = item;
    const radio = h("input", { type: "radio", name: group, id: freshId("option"), onchange: () => pick(place) });
    radio.checked = checked;
    const people = place.population ? `${number(place.population)} people` : "";
    const facts = [placeContext(place), item.reasons.includes(people) ? "" : people].filter(Boolean);
    return h("li", { onmouseenter: () => map?.light(keyOf(place)) },
      h("label", { for: radio.id, class: "place-option" },
        radio,
        h("span", { class: "place-letter", "aria-hidden": "true" }, LETTERS[at] || ""),
        h("span", { class: "place-words" },
          h("strong", {}, place.name),
          h("span", { class: "muted" }, facts.join(" · ")),
          item.reasons.length ? h("span", { class: "reasons" }, item.reasons.join("; ")) : null)));
  }

  function pick(place) {
    const near = event.place?.precision === "near" && place.precision === "exact"; // the text still says "near"
    choose(near ? { ...place, precision: "near", radius_m: event.place.radius_m } : { ...place });
    map?.light(keyOf(place));
    say(`${place.name}, ${placeContext(place)} chosen`);
  }

  const look = settled(async () => {
    const text = search.value.trim();
    if (!text) return show([...event.candidates], "Type the place's name.");
    const near = given.near ? `&near=${given.near.join(",")}` : "";
    try {
      const found = await ask(`/places?q=${encodeURIComponent(text)}${near}`, { kind: group });
      const heading = found.places.length ? `Found for “${text}”` : `Nothing in the gazetteer for “${text}”. Try another spelling.`;
      show(found.places, heading);
    } catch (error) {
      if (!wasAborted(error)) state.textContent = error.message;
    }
  }, 250);

  function start() {
    const named = given.words ? `Places that “${given.words}” can mean` : "The place chosen";
    const listed = [...event.candidates];
    if (event.place && !listed.some((item) => keyOf(item.place) === keyOf(event.place))) {
      listed.unshift({ place: event.place, reasons: ["chosen now"], score: 1 });
    }
    if (event.candidates.length) return show(listed, named);
    if (given.words && !search.value) { // a kept story: its candidates are looked up again
      search.value = given.words;
      show(listed, "Searching…");
      return look();
    }
    if (event.place) return show(listed, "The place chosen. Search for another.");
    show([], given.words ? `Nothing found for “${given.words}”. Search for the place.` : "Type the place's name.");
  }

  search.addEventListener("input", look);
  search.addEventListener("keydown", (press) => {
    if (press.key === "Enter") press.preventDefault();
  });
  node.addEventListener("keydown", (press) => {
    if (press.key !== "Escape") return;
    press.stopPropagation();
    close();
  });
  return {
    node,
    /** Once it is in the page: the map needs its size. */
    begin() {
      map = smallMap(canvas, given.basemap);
      start();
      search.focus({ preventScroll: true });
    },
    end: () => map?.remove(),
  };
}
