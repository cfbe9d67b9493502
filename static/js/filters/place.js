// "Where": a search of the gazetteer. A town gives "within 25 km" of it, a country or province itself.

import { ask, wasAborted } from "../api.js";
import { byId, h, settled } from "../dom.js";
import { country, distance, joined, number } from "../format.js";
import { circleBox } from "./circle.js";

const NEAR_KM = 25;
const KINDS = { country: "country", admin1: "province", admin2: "district", region: "region" };

export class PlaceFilter {
  /** `onChange(changes, box)`: the filter, and [w, s, e, n] of the place to move the map to, or null. */
  constructor(onChange) {
    this.onChange = onChange;
    this.field = byId("place");
    this.list = byId("place-found");
    this.found = [];
    this.at = -1;
    this.names = new Map(); // of circles, by their middle: chosen here, or asked of the gazetteer
    const search = settled((text) => this._search(text), 150);
    this.field.addEventListener("input", () => search(this.field.value.trim()));
    this.field.addEventListener("keydown", (event) => this._key(event));
    this.field.addEventListener("blur", () => this._show([]));
    byId("where").addEventListener("submit", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the keyboard
    byId("near-km").addEventListener("change", () => this._resize());
  }

  /** The circle's row, where there is one. */
  show({ near }) {
    this.near = near;
    byId("near-box").hidden = !near;
    if (!near) return;
    if (document.activeElement !== byId("near-km")) byId("near-km").value = String(near.km);
    byId("near-name").textContent = this.nameOf(near);
  }

  /** What the middle of a circle is called: a town's name, else its degrees. */
  nameOf({ lon, lat }) {
    return this.names.get(keyOf(lon, lat)) || `${lat.toFixed(3)}°, ${lon.toFixed(3)}°`;
  }

  /**
   * Asks the gazetteer what a link's circle is around, then `done()`. The name in the link is believed where the
   * gazetteer has a place so called there; else the nearest town tells where it is.
   */
  async learnName({ lon, lat, around }, done) {
    if (around) {
      const { places } = await ask(`/places?q=${encodeURIComponent(around)}&near=${lon},${lat}`, { kind: "near-name" });
      if (places.some(({ place }) => place.name === around && isAt(place, lon, lat))) {
        this.names.set(keyOf(lon, lat), around);
        done();
        return;
      }
    }
    const { place, away_m: away } = await ask(`/places/at?at=${lon},${lat}`, { kind: "near-name" });
    if (!place) return;
    this.names.set(keyOf(lon, lat), away < 1000 ? place.name : `a point ${distance(away)} from ${place.name}`);
    done();
  }

  _resize() {
    const km = Number(byId("near-km").value);
    if (!(km > 0 && km <= 20_000)) {
      byId("near-km").value = String(this.near.km);
      return;
    }
    const near = { ...this.near, km };
    this.onChange({ near }, circleBox(near));
  }

  async _search(text) {
    if (!text) {
      this._show([]);
      return;
    }
    try {
      const { places } = await ask(`/places?q=${encodeURIComponent(text)}`, { kind: "places" });
      if (document.activeElement === this.field) this._show(places.map((item) => item.place), text);
    } catch (error) {
      if (!wasAborted(error)) this._say(error.message);
    }
  }

  _show(places, text = "") {
    this.found = places;
    this.at = -1;
    this.list.replaceChildren(...places.map((place, at) => option(place, at, () => this._choose(place))));
    this.list.hidden = !places.length;
    this.field.setAttribute("aria-expanded", String(places.length > 0));
    this.field.removeAttribute("aria-activedescendant");
    this._say(text && !places.length ? "No such place in the gazetteer." : "");
  }

  _say(text) {
    byId("place-none").textContent = text;
    byId("place-none").hidden = !text;
  }

  _key(event) {
    const { length } = this.found;
    if (event.key === "Escape") {
      if (length) event.stopPropagation();
      this._show([]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (length) this._choose(this.found[Math.max(0, this.at)]);
      else this._search(this.field.value.trim());
    } else if (length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this._mark((this.at + (event.key === "ArrowDown" ? 1 : -1) + length + (this.at < 0 && event.key === "ArrowUp" ? 1 : 0)) % length);
    }
  }

  _mark(at) {
    this.at = at;
    [...this.list.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === at)));
    this.list.children[at].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", this.list.children[at].id);
  }

  _choose(place) {
    this.field.value = "";
    this._show([]);
    const { lon, lat, country: code, admin1, name, precision, radius_m: radius } = place;
    if ((precision === "country" || precision === "admin1") && code) {
      const province = precision === "admin1" ? admin1 || name : "";
      this.onChange({ near: null, country: [code], admin1: province }, circleBox({ lon, lat, km: Math.max(30, radius / 1000) }));
      return;
    }
    const near = { lon: rounded(lon), lat: rounded(lat), km: Math.max(NEAR_KM, Math.ceil(radius / 1000)), around: name };
    this.names.set(keyOf(near.lon, near.lat), name);
    this.onChange({ near, country: [], admin1: "" }, circleBox(near));
  }
}

const rounded = (degrees) => Number(degrees.toFixed(5)); // as the link keeps it
const isAt = (place, lon, lat) => Math.abs(place.lon - lon) < 1e-4 && Math.abs(place.lat - lat) < 1e-4;
const keyOf = (lon, lat) => `${lon.toFixed(5)} ${lat.toFixed(5)}`;

/** One place found: its name, what it is, and in which province and country it lies. */
function option(place, at, choose) {
  const kind = KINDS[place.precision] || (place.population ? `${number(place.population)} people` : "");
  const where = place.precision === "country" ? "" : joined([place.admin1 === place.name ? "" : place.admin1, country(place.country)]);
  return h("li", { role: "option", id: `place-${at}`, "aria-selected": "false", onclick: choose },
    h("b", { dir: "auto" }, place.name), h("span", {}, [kind, where].filter(Boolean).join(" · ")));
}
