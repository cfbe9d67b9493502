// Choosing a place: the candidates with their reasons, numbered alike in the list and on a small map; a search of the
// gazetteer; or a point on the map. What is chosen for a name can be remembered for the project.

import { ask, wasAborted } from "./api.js";
import { h, settled } from "./dom.js";
import { distance, number } from "./format.js";
import { freshId, placeContext, say } from "./story-dom.js";
import { smallMap } from "./story-map.js";

const keyOf = (place) => place.place_id || `${place.name}/${place.lon}/${place.lat}`;

/**
 * The picker of one event. `given`: { event, words, type, basemap, near: [lon, lat] or null }.
 * `choose(place)` is called at each choice, `close()` when the person is done, `kept()` when remembering is switched.
 */
export function placePicker(given, { choose, close, kept }) {
  const { event, words } = given;
  const group = freshId("place");
  const list = h("ul", { class: "places" });
  const state = h("p", { class: "muted small-text", role: "status" });
  const search = h("input", {
    type: "search", id: freshId("search"), autocomplete: "off", placeholder: "Another place, in any spelling", maxlength: "200",
  });
  const canvas = h("div", { class: "mini-map", role: "group", "aria-label": "Map of the places to choose from, numbered as in the list" });
  const pointer = h("button", { type: "button", class: "button small", "aria-pressed": "false", onclick: () => startPointing(!pointing) },
    "Point on the map");
  const how = h("p", { class: "hint", role: "status", hidden: true },
    "Click the place, or move the map with the arrow keys and press Enter for its middle.");
  const node = h("div", { class: "picker", role: "group", "aria-label": "Choose a place" },
    h("div", { class: "picker-columns" },
      h("div", { class: "picker-list" }, h("label", { for: search.id }, "Search the gazetteer"), search, state, list),
      h("div", { class: "picker-map" }, canvas, h("div", { class: "picker-tools" }, pointer, how))),
    h("div", { class: "picker-end" }, rememberBox(),
      h("button", { type: "button", class: "button small", onclick: close }, "Done")));

  let options = [];
  let radios = [];
  let map = null;
  let pointing = false;

  function show(candidates, heading) {
    options = candidates;
    state.textContent = heading;
    const chosen = event.place ? keyOf(event.place) : "";
    radios = [];
    list.replaceChildren(...candidates.map((item, at) => option(item, at, keyOf(item.place) === chosen)));
    map?.draw(options.map(({ place }, at) => ({
      key: keyOf(place), label: String(at + 1), name: `${at + 1}: ${place.name}`, place, type: given.type, spot: true, square: true,
    })));
    map?.fit({ whole: true });
    map?.light(chosen || null);
  }

  function option(item, at, checked) {
    const { place } = item;
    // onclick too: choosing the place that is chosen already is a word as well
    const radio = h("input", { type: "radio", name: group, id: freshId("option"), onclick: () => pick(place), onchange: () => pick(place) });
    radio.checked = checked;
    radio.addEventListener("focus", () => map?.light(keyOf(place)));
    radios.push(radio);
    const people = place.population ? `${number(place.population)} people` : "";
    const facts = [placeContext(place), item.reasons.includes(people) ? "" : people].filter(Boolean);
    return h("li", {
      onmouseenter: () => map?.light(keyOf(place)),
      onmouseleave: () => map?.light(event.place ? keyOf(event.place) : null),
    },
    h("label", { for: radio.id, class: "place-option" },
      radio,
      h("span", { class: "pin square", "aria-hidden": "true" }, String(at + 1)),
      h("span", { class: "place-words" },
        h("span", { class: "place-top" }, h("strong", {}, place.name), share(item)),
        h("span", { class: "muted" }, facts.join(" · ")),
        item.reasons.length ? h("span", { class: "reasons" }, item.reasons.join("; ")) : null)));
  }

  /** How likely the reading took a candidate to be; a place found by searching has no such number. */
  const share = (item) => (event.candidates.includes(item) && event.candidates.length > 1
    ? h("span", { class: "place-share" }, `${Math.max(1, Math.round(item.score * 100))} %`) : null);

  function pick(place) {
    if (event.chosen === place) return;
    event.chosen = place;
    const near = event.place?.precision === "near" && place.precision === "exact"; // the text still says "near"
    choose(near ? { ...place, precision: "near", radius_m: event.place.radius_m } : { ...place });
    map?.light(keyOf(place));
    say(`${place.name}, ${placeContext(place)} chosen`);
  }

  function rememberBox() {
    if (!words) return h("span", {});
    const box = h("input", { type: "checkbox", id: freshId("remember") });
    box.checked = event.remember !== false;
    box.addEventListener("change", () => { event.remember = box.checked; kept(); });
    return h("label", { for: box.id, class: "picker-remember" }, box,
      h("span", {}, "Remember for this project: ", h("q", {}, words), " means the place I choose. ",
        h("a", { href: "/choices", target: "_blank", rel: "noopener" }, "All remembered places")));
  }

  function startPointing(on) {
    pointing = on && Boolean(map);
    pointer.setAttribute("aria-pressed", String(pointing));
    how.hidden = !pointing;
    map?.point(pointing ? pointed : null);
    if (pointing) canvas.focus({ preventScroll: true });
  }

  /** A point has the country and the areas of the nearest town, and the name that the text gives it. */
  async function pointed(lon, lat) {
    try {
      const { place: town, away_m: away } = await ask(`/places/at?at=${lon},${lat}`, { kind: `${group}-at` });
      const near = town ? { country: town.country, admin1: town.admin1, admin2: town.admin2 } : { country: "", admin1: "", admin2: "" };
      const place = {
        place_id: "", name: words || town?.name || "A point on the map", lon, lat, precision: "exact", radius_m: 0, feature: "",
        population: 0, ...near,
      };
      startPointing(false);
      const reason = town ? `pointed on the map, ${distance(away)} from ${town.name}` : "pointed on the map";
      const rest = options.filter((item) => !item.pointed);
      pick(place);
      show([...rest, { place, reasons: [reason], score: 1, pointed: true }], state.textContent);
      radios.at(-1).focus({ preventScroll: true });
    } catch (error) {
      if (!wasAborted(error)) state.textContent = error.message;
    }
  }

  const look = settled(async () => {
    const text = search.value.trim();
    if (!text) return start();
    const near = given.near ? `&near=${given.near.join(",")}` : "";
    try {
      const found = await ask(`/places?q=${encodeURIComponent(text)}${near}`, { kind: group });
      const heading = found.places.length ? `Found for “${text}”` : `Nothing in the gazetteer for “${text}”. Try another spelling, or point on the map.`;
      show(found.places, heading);
    } catch (error) {
      if (!wasAborted(error)) state.textContent = error.message;
    }
  }, 250);

  function start() {
    const named = words ? `Places that “${words}” can mean` : "The place chosen";
    const listed = [...event.candidates];
    if (event.place && !listed.some((item) => keyOf(item.place) === keyOf(event.place))) {
      listed.unshift({ place: event.place, reasons: ["chosen now"], score: 1 });
    }
    if (event.candidates.length) return show(listed, named);
    if (event.place) return show(listed, "The place chosen. Search for another.");
    show([], words ? `Nothing found for “${words}”. Search for the place, or point on the map.` : "Type the place's name, or point on the map.");
  }

  search.addEventListener("input", look);
  search.addEventListener("keydown", (press) => {
    if (press.key === "Enter") press.preventDefault();
    if (press.key === "ArrowDown" && radios.length) {
      press.preventDefault();
      (radios.find((radio) => radio.checked) || radios[0]).focus();
    }
  });
  node.addEventListener("keydown", (press) => {
    if (press.key !== "Escape") return;
    press.stopPropagation();
    if (pointing) {
      startPointing(false);
      pointer.focus();
    } else close();
  });
  return {
    node,
    /** Once it is in the page: the map needs its size. */
    begin(focus) {
      map = smallMap(canvas, given.basemap, {
        keyboard: true,
        open: (key) => radios[options.findIndex((item) => keyOf(item.place) === key)]?.click(),
        light: (key) => radios.forEach((radio, at) => radio.closest("label").classList.toggle("lit", key === keyOf(options[at].place))),
      });
      start();
      if (focus) search.focus({ preventScroll: true });
    },
    focus: () => search.focus(),
    /** Shows the candidates that have become known since, unless the person searches for something else. */
    renew: () => search.value.trim() || start(),
    /** Chooses the place with this number, from 1; false where there is none. */
    take(at) {
      radios[at - 1]?.click();
      return at <= radios.length;
    },
    end: () => map?.remove(),
  };
}
