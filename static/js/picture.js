// The map view as a PNG file to take away: what is shown in a sentence, its dates, the map with a scale bar, the key, and
// whom to credit. It is put together from the canvases that are on the screen, so it shows what is seen.

import { ask } from "./api.js";
import { byId } from "./dom.js";
import { plural } from "./format.js";
import { INK } from "./layers/ink.js";
import { say } from "./live.js";
import { drawKey, keyHeight, keyItems, keyRows, wrapped } from "./picture-key.js";
import { drawMap, drawScale } from "./picture-map.js";
import { showsNone } from "./state.js";
import { theme } from "./theme.js";

const EDGE_PX = 18;
const FAMILY = "Inter, system-ui, sans-serif";
const FONTS = { title: `650 17px ${FAMILY}`, text: `500 13px ${FAMILY}`, small: `450 11px ${FAMILY}` };
const LINE_PX = { title: 23, small: 15 };
const MOST_TITLE_LINES = 4;
const PAPER = { light: { ground: "#ffffff", ink: "#1b1f23", faint: "#565e67", line: "#dcdfe3" }, dark: { ground: "#14191e", ink: "#eef1f4", faint: "#a9b4be", line: "#333c45" } };

export class Picture {
  /** `page`: { map, layer, state, styles, options: { basemap }, params(), view } with `view` the last answer for the map. */
  constructor(page) {
    this.page = page;
    this.button = byId("picture");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.save());
  }

  async save() {
    this.button.disabled = true;
    try {
      const { canvas, whole } = await this.compose();
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
      if (!blob) throw new Error("The browser could not make a picture of this size.");
      download(blob, this._name());
      say(whole ? "Picture saved." : "Picture saved without the online tiles: their server does not let pages copy them.");
    } catch (error) {
      say(`The picture could not be made: ${error.message}`);
    } finally {
      this.button.disabled = false;
    }
  }

  /** The picture as a canvas, as many pixels to a CSS pixel as the screen has; `whole`: nothing had to be left out. */
  async compose() {
    const { map } = this.page;
    const { x: wide, y: high } = map.getSize();
    const told = await this._told();
    const paper = PAPER[theme()];
    const measure = document.createElement("canvas").getContext("2d");
    const layout = this._layout(measure, told, wide);
    const ratio = window.devicePixelRatio || 1;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(wide * ratio);
    canvas.height = Math.round((layout.top + high + layout.bottom) * ratio);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.fillStyle = paper.ground;
    context.fillRect(0, 0, wide, canvas.height / ratio);
    context.save();
    context.translate(0, layout.top);
    context.beginPath();
    context.rect(0, 0, wide, high);
    context.clip();
    context.fillStyle = map.getContainer().style.background || getComputedStyle(map.getContainer()).backgroundColor;
    context.fillRect(0, 0, wide, high);
    const whole = await drawMap(context, map);
    const ink = INK[theme()];
    drawScale(context, map, EDGE_PX, high - 12, { ink: ink.plate, halo: ink.halo, font: FONTS.small });
    context.restore();
    this._write(context, layout, paper, high);
    return { canvas, whole };
  }

  /** What is said around the map. */
  async _told() {
    const { options, view } = this.page;
    const { attribution, note } = options.basemap;
    const described = await ask(`/map/describe?${this.page.params()}`, { kind: "picture" }).catch(() => null);
    const dates = byId("range").textContent;
    return {
      title: described?.sentence || `${plural(view.matched, "event")} on this map, ${dates}.`,
      dates,
      credits: [
        [attribution && `Map: ${attribution}`, "Leaflet", note].filter(Boolean).join(". "),
        described?.citation?.text || `${document.title}, ${location.host}, ${new Date().toISOString().slice(0, 10)}`,
      ],
    };
  }

  /** Lines and heights for a picture so wide. */
  _layout(context, { title, dates, credits }, wide) {
    const { state, styles, view, layer } = this.page;
    const room = wide - 2 * EDGE_PX;
    context.font = FONTS.title;
    const all = wrapped(context, title, room);
    const lines = all.length > MOST_TITLE_LINES ? [...all.slice(0, MOST_TITLE_LINES - 1), `${all[MOST_TITLE_LINES - 1]} …`] : all;
    const shown = Object.fromEntries(Object.entries(view.types).filter(([name]) => !state.types || state.types.includes(name)));
    context.font = FONTS.text;
    const rows = keyRows(context, keyItems({ styles, types: showsNone(state) ? {} : shown, theme: theme(), heat: layer.heatTop() }), room);
    context.font = FONTS.small;
    const small = credits.flatMap((text) => wrapped(context, text, room));
    const top = 14 + lines.length * LINE_PX.title + 24;
    return { lines, dates, rows, small, top, bottom: 14 + keyHeight(rows) + 8 + small.length * LINE_PX.small + 12, wide };
  }

  _write(context, { lines, dates, rows, small, top, wide }, paper, high) {
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillStyle = paper.ink;
    context.font = FONTS.title;
    lines.forEach((line, k) => context.fillText(line, EDGE_PX, 31 + k * LINE_PX.title));
    context.font = FONTS.text;
    context.fillStyle = paper.faint;
    context.fillText(dates, EDGE_PX, top - 13);
    context.fillStyle = paper.line;
    context.fillRect(0, top - 1, wide, 1);
    context.fillRect(0, top + high, wide, 1);
    drawKey(context, rows, EDGE_PX, top + high + 12, paper.ink);
    context.font = FONTS.small;
    context.fillStyle = paper.faint;
    context.textBaseline = "alphabetic";
    context.textAlign = "left";
    const first = top + high + 14 + keyHeight(rows) + 20;
    small.forEach((line, k) => context.fillText(line, EDGE_PX, first + k * LINE_PX.small));
  }

  _name() {
    const { from, to } = this.page.state;
    return from ? `dateline-${from}-to-${to}.png` : "dateline-map.png";
  }
}

function download(blob, name) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}
