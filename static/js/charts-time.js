// Events per bin by type: a row of bars for each type, all types stacked, or all in one hue.

import { Days, bars, dayLabels, drawing, svg } from "./charts-svg.js";
import { h } from "./dom.js";
import { number, plural } from "./format.js";
import { swatch } from "./shapes.js";
import { endOf, labelOf, startOf } from "./timeline-bins.js";

const ROW_PX = 30;
const WHOLE_PX = 120;
const LABELS_PX = 18;
export const WAYS = { types: "By type", stacked: "Stacked", whole: "One hue" };

/**
 * `bins`: { unit, start (number of the first bin), counts, types: [{ style, counts, total }] }; `chosen`: [day, day
 * after the last] or null; `onBin(bin)`, `onType(name)` are told of a click.
 */
export class TimeChart {
  constructor({ onBin, onType }) {
    this.onBin = onBin;
    this.onType = onType;
    this.way = "types";
    this.ways = h("select", { class: "slim", "aria-label": "How events over time are drawn", onchange: (event) => this._turn(event.target.value) },
      ...Object.entries(WAYS).map(([value, text]) => h("option", { value }, text)));
  }

  /** What has to be said of the height of the bars. */
  get scale() {
    return this.way === "types" ? "Each type has a scale of its own." : "";
  }

  draw(bins, chosen, theme, width) {
    Object.assign(this, { bins, chosen, theme });
    this.days = new Days(startOf(bins.start, bins.unit), startOf(bins.start + bins.counts.length, bins.unit), width);
    this.tip = h("div", { class: "tip chart-tip", hidden: true });
    const parts = this.way === "types" ? bins.types.map((type) => this._row(type)) : [this._whole()];
    const labels = drawing(width, LABELS_PX, dayLabels(this.days, LABELS_PX));
    return h("div", { class: `chart-time ${this.way}` }, ...parts, labels, this.way === "stacked" ? this._key() : null, this.tip);
  }

  _turn(way) {
    this.way = way;
    this.onWay();
  }

  _colour(style) {
    return this.theme === "dark" ? style.colour_dark : style.colour;
  }

  /** One type on a scale of its own, which is said. */
  _row({ style, counts, total }) {
    const most = Math.max(...counts, 1);
    const tallest = (count) => (count ? Math.max(1.5, (count / most) * (ROW_PX - 2)) : 0);
    const list = counts.map((count, k) => this._bar(k, 0, tallest(count)));
    const only = h("button", { type: "button", class: "chart-name", title: `Show only ${style.name}`, onclick: () => this.onType(style.name) }, swatch(style, this.theme), h("span", { class: "name" }, style.name), h("span", { class: "chart-total" }, number(total)));
    const peak = h("span", { class: "chart-peak" }, `most ${number(most)}`);
    return h("div", { class: "chart-row" }, h("div", { class: "chart-line" }, only, peak), this._plot(ROW_PX, [...this._inks(list, ROW_PX, this._colour(style))], (k) => `${plural(counts[k], "event")}, ${style.name}`));
  }

  _whole() {
    const { counts, types } = this.bins;
    const most = Math.max(...counts, 1);
    const high = (count) => (count / most) * (WHOLE_PX - 16);
    const drawn = this.way === "stacked" ? this._stacks(types, high) : [...this._inks(counts.map((count, k) => this._bar(k, 0, count ? Math.max(1.5, high(count)) : 0)), WHOLE_PX, "var(--accent)")];
    const scale = svg("text", { x: 0, y: 10, class: "chart-scale" });
    scale.textContent = `most ${number(most)}`;
    const words = (k) => (this.way === "stacked" ? [plural(counts[k], "event"), ...types.filter((type) => type.counts[k]).map((type) => `${number(type.counts[k])} ${type.style.name}`)].join("\n") : plural(counts[k], "event"));
    return this._plot(WHOLE_PX, [svg("path", { d: `M0 15.5h${this.days.width}`, class: "chart-grid" }), ...drawn, scale], words);
  }

  _stacks(types, high) {
    const tops = this.bins.counts.map(() => 0);
    return types.flatMap(({ style, counts }) => {
      const list = counts.map((count, k) => this._bar(k, tops[k], (tops[k] += high(count))));
      return [...this._inks(list, WHOLE_PX, this._colour(style))];
    });
  }

  /** The bars of the chosen days in full colour, the others pale. */
  *_inks(list, height, colour) {
    const inside = ({ day }) => !this.chosen || (day >= this.chosen[0] && day < this.chosen[1]);
    const pale = bars(list.filter((bar) => !inside(bar)), height, colour);
    pale.setAttribute("opacity", ".35");
    yield pale;
    yield bars(list.filter(inside), height, colour);
  }

  _bar(k, low, high) {
    const { start, unit } = this.bins;
    const day = startOf(start + k, unit);
    return { day, from: this.days.x(day), to: this.days.x(startOf(start + k + 1, unit)), low, high };
  }

  /** The drawing, with a tip at the pointer's bin and a click that chooses it. */
  _plot(height, parts, words) {
    const plot = drawing(this.days.width, height, svg("rect", { width: this.days.width, height, fill: "transparent" }), ...parts, svg("path", { d: `M0 ${height - 0.5}h${this.days.width}`, class: "chart-base" }));
    const binAt = (event) => {
      const day = this.days.at(event.clientX - plot.getBoundingClientRect().left);
      const k = this.bins.counts.findIndex((_, at) => endOf(this.bins.start + at, this.bins.unit) >= Math.floor(day));
      return Math.max(0, k);
    };
    plot.addEventListener("click", (event) => this.onBin(this.bins.start + binAt(event)));
    plot.addEventListener("pointermove", (event) => event.pointerType !== "touch" && this._hint(plot, binAt(event), words));
    plot.addEventListener("pointerleave", () => (this.tip.hidden = true));
    return plot;
  }

  _hint(plot, k, words) {
    const { start, unit } = this.bins;
    this.tip.hidden = false;
    this.tip.textContent = `${labelOf(start + k, unit)}: ${words(k)}`;
    const share = this.days.x((startOf(start + k, unit) + startOf(start + k + 1, unit)) / 2) / this.days.width;
    this.tip.style.left = `${share * 100}%`;
    this.tip.style.transform = `translateX(${-share * 100}%)`;
    this.tip.style.top = `${plot.getBoundingClientRect().bottom - plot.parentElement.closest(".chart-time").getBoundingClientRect().top + 4}px`;
  }

  _key() {
    return h("ul", { class: "chart-key" }, ...this.bins.types.map(({ style }) => h("li", {}, swatch(style, this.theme), style.name)));
  }
}
