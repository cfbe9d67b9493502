// The switch of the heat map, what it asks the server for, and the key to its colours.

import { ask, callOff, wasAborted } from "../api.js";
import { byId, h } from "../dom.js";
import { shortNumber } from "../format.js";
import { showsNone } from "../state.js";
import { theme } from "../theme.js";
import { bboxOf } from "../view.js";
import { heatCells, marks } from "./heat.js";
import { ramp } from "./ramp.js";

const AROUND = 0.2; // of the view on each side: what lies just outside warms its edge
const PER_KM2_FROM = 20_000; // events per 100 km² from which the key counts by square kilometre

export const HEAT_NOTE = "where the place is known within 25 km";

export class HeatMode {
  /** `page`: { map, layer, state, params(bbox), change({ heat }), problem(error) }. */
  constructor(page) {
    this.page = page;
    this.box = byId("heat");
    this.box.addEventListener("change", () => this._switch(this.box.checked));
    byId("heat-box").hidden = false;
    this.key = h("figure", { class: "heat-key", id: "heat-key", hidden: true });
    byId("main").append(this.key);
    page.layer.on("heat", ({ top }) => this._showKey(top));
  }

  _switch(heat) {
    this.page.change({ heat });
    if (!heat) this.page.layer.setHeat(null);
  }

  /** The view has changed: the surface is asked for anew where it is on. */
  async refresh() {
    const { map, layer, state } = this.page;
    this.box.checked = state.heat;
    if (!state.heat || showsNone(state)) {
      callOff("grid");
      layer.setHeat(state.heat ? [] : null);
      return;
    }
    const asked = this.page.params(bboxOf({ getBounds: () => map.getBounds().pad(AROUND) }));
    asked.set("zoom", map.getZoom().toFixed(2));
    if (!asked.get("precision")) asked.set("precision", "near"); // an area's middle would be a hot spot where nothing is known to be
    try {
      layer.setHeat(heatCells(await ask(`/map/grid?${asked}`, { kind: "grid" })));
    } catch (error) {
      if (!wasAborted(error)) this.page.problem(error);
    }
  }

  _showKey(top) {
    this.key.hidden = !top;
    if (top) this.key.replaceChildren(...keyOf(top, theme()));
  }
}

/** Title, ramp and numbers of the key. */
function keyOf(top, now) {
  const { title, values } = heatScale(top);
  const strip = h("canvas", { width: 256, height: 1, "aria-hidden": "true" });
  paintStrip(strip.getContext("2d"), 0, 0, 256, 1, now);
  const numbers = values.map(({ text, share }) => {
    const mark = h("span", {}, text);
    mark.style.left = `${(share * 100).toFixed(1)}%`;
    return mark;
  });
  return [h("figcaption", {}, title, h("span", {}, HEAT_NOTE)), strip, h("div", { class: "heat-marks" }, ...numbers)];
}

/** What the key says: its title, and numbers with their share of the ramp. */
export function heatScale(top) {
  const fine = top >= PER_KM2_FROM;
  const values = marks(top).map(({ value, share }) => ({ text: written(fine ? value / 100 : value), share }));
  return { title: fine ? "Events per km²" : "Events per 100 km²", values };
}

const written = (value) => (value < 1 ? String(Number(value.toPrecision(1))) : shortNumber(value, 1000));

/** The ramp from left to right. */
export function paintStrip(context, x, y, wide, high, now) {
  const strip = document.createElement("canvas");
  [strip.width, strip.height] = [256, 1];
  const pixels = new ImageData(256, 1);
  ramp(now).forEach((colour, k) => pixels.data.set([...colour, 255], k * 4));
  strip.getContext("2d").putImageData(pixels, 0, 0);
  context.drawImage(strip, x, y, wide, high);
}
