// The timeline: a histogram on a canvas, brushed by pointer and by two native range inputs, and played.
// It knows bins and days, nothing of maps: it calls `onChange({ from, to })`, both null for all dates.

import { byId } from "./dom.js";
import { day, fromDay, month, number, plural, range, toDay } from "./format.js";

const BARS_PX = 56; // height of the tallest bar; the axis stands below
const STILL_PX = 4; // a press that moves less is a click
const INK = {
  light: { on: "#0b5cad", off: "#a7b6c6", axis: "#7d858d", text: "#565e67" },
  dark: { on: "#7cb8f5", off: "#44566a", axis: "#78838d", text: "#a9b4be" },
};

export class Timeline {
  constructor({ onChange, onUnit }) {
    this.onChange = onChange;
    this.bins = { unit: "week", start: null, counts: [] };
    this.window = null; // [first bin, last bin], or null for all dates
    this.theme = "light";
    this.box = byId("hist");
    this.canvas = byId("bars");
    this.ends = [byId("t0"), byId("t1")];
    this._wire(onUnit);
  }

  /** New counts; `from`, `to` are the days chosen, or null. */
  show(histogram, from, to, matched) {
    this.bins = histogram;
    const last = this.count() - 1;
    const clamp = (bin) => Math.max(0, Math.min(last, bin));
    this.window = from && last >= 0 ? [clamp(this._binOf(from)), clamp(this._binOf(to))] : null;
    this.days = from ? { from, to } : null;
    this.matched = matched;
    this.draw();
  }

  setTheme(theme) {
    this.theme = theme;
    this.draw();
  }

  count() {
    return this.bins.start ? this.bins.counts.length : 0;
  }

  /** The first day of a bin; the bin after the last ends it. */
  startOf(bin) {
    const { start, unit } = this.bins;
    if (unit === "month" || unit === "year") {
      const months = Number(start.slice(0, 4)) * 12 + Number(start.slice(5, 7)) - 1 + bin * (unit === "year" ? 12 : 1);
      return `${String(Math.floor(months / 12)).padStart(4, "0")}-${String((months % 12) + 1).padStart(2, "0")}-01`;
    }
    return fromDay(toDay(start) + bin * (unit === "week" ? 7 : 1));
  }

  endOf(bin) {
    return fromDay(toDay(this.startOf(bin + 1)) - 1);
  }

  _binOf(iso) {
    const { start, unit } = this.bins;
    const months = (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
    if (unit === "year") return Number(iso.slice(0, 4)) - Number(start.slice(0, 4));
    if (unit === "month") return months(iso) - months(start);
    return Math.floor((toDay(iso) - toDay(start)) / (unit === "week" ? 7 : 1));
  }

  /** Chooses bins a..b and says so; the whole width is "all dates". */
  choose(a, b, { keep = false } = {}) {
    const last = this.count() - 1;
    if (last < 0) return;
    const [first, second] = a <= b ? [a, b] : [b, a];
    const whole = first <= 0 && second >= last && !keep;
    this.window = whole ? null : [Math.max(0, first), Math.min(last, second)];
    this.days = whole ? null : { from: this.startOf(this.window[0]), to: this.endOf(this.window[1]) };
    this.draw();
    this.onChange(this.days || { from: null, to: null });
  }

  label(bin) {
    if (this.bins.unit === "day") return day(this.startOf(bin));
    if (this.bins.unit === "month") return month(this.startOf(bin));
    if (this.bins.unit === "year") return this.startOf(bin).slice(0, 4);
    return range(this.startOf(bin), this.endOf(bin));
  }

  draw() {
    const last = Math.max(0, this.count() - 1);
    const [a, b] = this.window || [0, last];
    this._paint(a, b);
    const width = 100 / (last + 1);
    const brush = byId("brush");
    brush.hidden = !this.count();
    brush.style.left = `${a * width}%`;
    brush.style.width = `${(b - a + 1) * width}%`;
    brush.classList.toggle("whole", !this.window);
    for (const [input, bin, edge] of [[this.ends[0], a, "startOf"], [this.ends[1], b, "endOf"]]) {
      input.max = String(last);
      input.value = String(bin);
      input.disabled = !this.count();
      input.setAttribute("aria-valuetext", this.count() ? day(this[edge](bin)) : "no dates");
      // The input is its own handle, set on the edge of its bin: bins share the width equally, a slider's steps do not.
      input.style.left = `${(edge === "startOf" ? a : b + 1) * width}%`;
    }
    this._say();
  }

  _say() {
    const all = this.count() ? range(this.startOf(0), this.endOf(this.count() - 1)) : "No dated events";
    byId("range").textContent = this.days ? range(this.days.from, this.days.to) : all;
    byId("all-dates").disabled = !this.days;
    byId("play").disabled = this.count() < 2;
  }

  _paint(a, b) {
    const ink = INK[this.theme];
    const width = this.canvas.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    if (!width) return;
    this.canvas.width = width * ratio;
    this.canvas.height = this.canvas.clientHeight * ratio;
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    const counts = this.bins.counts;
    const tallest = Math.max(1, ...counts);
    const step = width / Math.max(1, counts.length);
    const gap = step > 5 ? 1 : step > 3 ? 0.5 : 0;
    counts.forEach((count, bin) => {
      if (!count) return;
      const height = Math.max(2, (count / tallest) * (BARS_PX - 6));
      context.fillStyle = bin >= a && bin <= b ? ink.on : ink.off;
      context.fillRect(bin * step + gap, BARS_PX - height, Math.max(1.5, step - 2 * gap), height);
    });
    context.fillStyle = ink.axis;
    context.fillRect(0, BARS_PX, width, 1);
    this._paintAxis(context, width, step, ink);
  }

  /** Years, and months between them where there is room; no label touches the one before. */
  _paintAxis(context, width, step, ink) {
    context.font = "12px Inter, system-ui, sans-serif";
    let free = -Infinity;
    let year = "";
    for (let bin = 0; bin < this.count(); bin += 1) {
      const start = this.startOf(bin);
      const text = this._tick(start, step, year);
      const x = bin * step;
      if (!text || x < free || x + context.measureText(text).width > width) continue;
      context.fillStyle = ink.axis;
      context.fillRect(x, BARS_PX, 1, 4);
      context.fillStyle = ink.text;
      context.fillText(text, x, BARS_PX + 15);
      free = x + context.measureText(text).width + 18;
      year = start.slice(0, 4);
    }
  }

  _tick(start, step, lastYear) {
    const { unit } = this.bins;
    const year = start.slice(0, 4);
    if (unit === "year") return year;
    if (unit === "day" && step > 12) return day(start);
    if (lastYear === "") return month(start);
    if (year !== lastYear) return year;
    const monthsWide = unit === "month" ? step : unit === "week" ? step * 4.35 : step * 30;
    return monthsWide > 24 ? month(start).slice(0, 3) : "";
  }

  _wire(onUnit) {
    const [first, second] = this.ends;
    first.addEventListener("input", () => this._byKey(Math.min(+first.value, +second.value), +second.value));
    second.addEventListener("input", () => this._byKey(+first.value, Math.max(+first.value, +second.value)));
    byId("all-dates").addEventListener("click", () => {
      this.stop();
      this.choose(0, this.count() - 1);
    });
    byId("unit").addEventListener("change", (event) => onUnit(event.target.value));
    byId("play").addEventListener("click", () => (this.timer ? this.stop() : this.play()));
    this.box.addEventListener("pointerdown", (event) => this._grab(event));
    this.box.addEventListener("pointermove", (event) => this._hover(event));
    this.box.addEventListener("pointerleave", () => (byId("hist-tip").hidden = true));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  _byKey(a, b) {
    this.stop();
    this.choose(a, b);
  }

  _binAt(event) {
    const box = this.box.getBoundingClientRect();
    const bin = Math.floor(((event.clientX - box.left) / box.width) * this.count());
    return Math.max(0, Math.min(this.count() - 1, bin));
  }

  /** 0 or 1 where the pointer is on an edge of the window (the nearer one), else null. */
  _edgeAt(event) {
    const box = this.box.getBoundingClientRect();
    const [a, b] = this.window || [0, this.count() - 1];
    const reach = event.pointerType === "touch" ? 22 : 10;
    const off = [a, b + 1].map((bin) => Math.abs(event.clientX - box.left - (bin / this.count()) * box.width));
    if (Math.min(...off) > reach) return null;
    return off[0] < off[1] ? 0 : 1;
  }

  /**
   * A press on an edge moves that edge, inside the chosen window moves it whole, elsewhere begins a new one. A press
   * that does not move chooses its bin.
   */
  _grab(event) {
    if (!this.count() || event.button > 0) return;
    event.preventDefault();
    this.stop();
    const from = this._binAt(event);
    const [a, b] = this.window || [0, this.count() - 1];
    const edge = this._edgeAt(event);
    const inside = edge === null && this.window && from >= a && from <= b;
    if (edge !== null) this.ends[edge].focus();
    let still = true;
    const move = (later) => {
      still &&= Math.abs(later.clientX - event.clientX) < STILL_PX;
      if (inside && still) return;
      const bin = this._binAt(later);
      if (edge === 0) this.choose(Math.min(bin, b), b);
      else if (edge === 1) this.choose(a, Math.max(bin, a));
      else if (inside) this._slide(a, b, bin - from);
      else this.choose(from, bin);
    };
    const release = ({ type }) => {
      if (inside && still && type === "pointerup") this.choose(from, from);
      this.box.removeEventListener("pointermove", move);
      this.box.removeEventListener("pointerup", release);
      this.box.removeEventListener("pointercancel", release);
    };
    this.box.setPointerCapture(event.pointerId);
    this.box.addEventListener("pointermove", move);
    this.box.addEventListener("pointerup", release);
    this.box.addEventListener("pointercancel", release);
    if (edge === null && !inside) this.choose(from, from);
  }

  _slide(a, b, by) {
    const first = Math.max(0, Math.min(this.count() - 1 - (b - a), a + by));
    this.choose(first, first + b - a, { keep: true });
  }

  _hover(event) {
    const tip = byId("hist-tip");
    if (!this.count() || event.pointerType === "touch") return;
    const bin = this._binAt(event);
    this.box.dataset.at = this._edgeAt(event) !== null ? "edge" : this.window && bin >= this.window[0] && bin <= this.window[1] ? "window" : "";
    tip.hidden = false;
    tip.textContent = `${this.label(bin)}: ${plural(this.bins.counts[bin], "event")}`;
    const share = (bin + 0.5) / this.count();
    tip.style.left = `${share * 100}%`;
    tip.style.transform = `translateX(${-share * 100}%)`;
  }

  /** Moves the window one bin at a time; where all dates are chosen, a twelfth of them from the start. */
  play() {
    const size = this.count();
    if (size < 2) return;
    if (!this.window || this.window[1] >= size - 1) {
      const length = this.window ? this.window[1] - this.window[0] : Math.max(0, Math.round(size / 12) - 1);
      this.choose(0, Math.min(length, size - 2), { keep: true });
    }
    const tick = () => {
      const [a, b] = this.window || [0, 0];
      if (b >= this.count() - 1) return this.stop();
      this.choose(a + 1, b + 1, { keep: true });
      this.timer = setTimeout(tick, 800 / Number(byId("speed").value));
      return undefined;
    };
    this.timer = setTimeout(tick, 800 / Number(byId("speed").value));
    this._showPlaying(true);
  }

  stop() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = null;
    this._showPlaying(false);
  }

  _showPlaying(playing) {
    const button = byId("play");
    button.setAttribute("aria-label", playing ? "Pause" : "Play through time");
    button.classList.toggle("playing", playing);
    if (!playing) byId("live").textContent = `${number(this.matched || 0)} events, ${byId("range").textContent}`;
  }
}
