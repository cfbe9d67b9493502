// The timeline: a histogram of exact bins under an axis that zooms and pans, brushed by pointer and by two native
// range inputs, and played. It knows days and bins, nothing of maps: `onChange` is told { from, to }, { axis }, { unit }
// or { dates } as they are in the page's state, `onTray("undated")` that the events without a date are wanted.

import { byId } from "./dom.js";
import { day, fromDay, number, range, toDay } from "./format.js";
import { say } from "./live.js";
import { Axis } from "./timeline-axis.js";
import { binOf, endOf, fittingUnit, labelOf, startOf } from "./timeline-bins.js";
import { wireKeys } from "./timeline-keys.js";
import { paintTimeline } from "./timeline-paint.js";
import { Player } from "./timeline-play.js";
import { TimelinePointer } from "./timeline-pointer.js";
import { TimelineTools } from "./timeline-tools.js";
import { barInWords, edgeInWords } from "./timeline-words.js";

const ZOOM_STEP = 0.5;
const HANDLE_PX = 24; // handles closer than this would lie on each other: they stand outside the window instead
const NO_BINS = { unit: "week", start: 0, counts: [], surely: [], possibly: [] };

export class Timeline {
  /** `days`: { first, last } of the whole store in ISO 8601, or null where nothing is dated. `state`: the page's; `calm`: wheels scroll. */
  constructor({ days, state, onChange, onTray, calm = false }) {
    this.onChange = onChange;
    this.calm = calm;
    this.bins = NO_BINS;
    this.chosen = null; // { from, to } as numbers of days, both included; null: all dates
    this.theme = "light";
    this.axis = new Axis();
    this.box = byId("hist");
    this.canvas = byId("bars");
    this.ends = [byId("t0"), byId("t1")];
    this.size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    this.player = new Player({ step: () => this._step(), speed: () => this.tools.speed, onPlaying: (playing) => this._showPlaying(playing) });
    this.tools = new TimelineTools(this, onTray);
    new TimelinePointer(this.box, this);
    wireKeys(this);
    this._extent(days, state);
    new ResizeObserver(() => this._measure()).observe(this.canvas);
  }

  /** The answer to a question of this page's state: its histogram, the store's first and last day, its undated events. */
  show(view, state, matched) {
    const { unit, start } = view.histogram;
    const none = state.types && !state.types.length; // the server reads "no type" as all of them
    const counts = none ? view.histogram.counts.map(() => 0) : view.histogram.counts;
    const { surely = counts, possibly = counts } = none ? {} : view.histogram;
    this.bins = { unit, start: start ? binOf(toDay(start), unit) : 0, counts, surely, possibly };
    this._extent(view.first ? view : null, state);
    this.chosen = state.from ? { from: toDay(state.from), to: toDay(state.to) } : null;
    this.surelyOnly = state.dates === "surely";
    this.matched = matched;
    this.tools.show(this, state, none ? 0 : view.undated);
    this.player.shown();
    this.draw();
  }

  /** Puts what the server is to count for this axis into `params`: the days in sight, and bins that `width` has room for. */
  ask(params, width = this.size.width) {
    const days = this.axis.days();
    if (days) params.set("axis", `${days.from}/${days.to}`);
    const unit = this.askedUnit || (this.axis.empty ? "" : fittingUnit(this.axis.span, width));
    if (unit) params.set("unit", unit);
  }

  setTheme(theme) {
    this.theme = theme;
    if (this.bins !== NO_BINS) this.draw(); // else it is drawn as soon as it has its size
  }

  // What is there

  get whole() {
    return !this.chosen;
  }

  /** The chosen days as [first, day after the last]; all there are where none are chosen. */
  get window() {
    return this.chosen ? [this.chosen.from, this.chosen.to + 1] : [this.axis.first, this.axis.last];
  }

  /** The bins of the first and of the last chosen day. */
  get windowBins() {
    const [from, end] = this.window;
    return [this.binOf(from), this.binOf(end - 1)];
  }

  binOf(number_) {
    return binOf(Math.floor(number_), this.bins.unit);
  }

  _extent(days, state) {
    this.extent = days ? { first: days.first, last: days.last } : null;
    this.askedUnit = state.unit;
    const span = days ? toDay(days.last) - toDay(days.first) + 1 : 0;
    const whole = !state.axis && this.axis.whole;
    const unit = state.unit || (whole ? fittingUnit(span, this.size.width) : this.bins.unit);
    this.axis.setExtent(days?.first, days?.last, unit);
    const now = this.axis.days();
    if (now?.from !== state.axis?.from || now?.to !== state.axis?.to) this.axis.show(state.axis);
  }

  // Choosing days

  /** Chooses days, both included; all there are is "all dates", unless `keep`. */
  choose(from, to, { keep = false } = {}) {
    if (this.axis.empty) return;
    const [first, last] = [this.axis.first, this.axis.last - 1];
    const whole = from <= first && to >= last && !keep;
    this.restore(whole ? null : { from: Math.max(first, from), to: Math.min(last, to) });
  }

  /** Chooses what was chosen before, null for all dates. */
  restore(chosen) {
    const same = chosen?.from === this.chosen?.from && chosen?.to === this.chosen?.to;
    this.chosen = chosen;
    this.draw();
    if (!same) this.onChange(chosen ? { from: fromDay(chosen.from), to: fromDay(chosen.to) } : { from: null, to: null });
  }

  /** Chooses the bins from that of one day to that of another. */
  brush(one, other) {
    const bins = [this.binOf(one), this.binOf(other)].sort((a, b) => a - b);
    this.choose(startOf(bins[0], this.bins.unit), endOf(bins[1], this.bins.unit));
  }

  setFirst(number_) {
    const to = this.window[1] - 1;
    this.choose(startOf(Math.min(this.binOf(number_), this.binOf(to)), this.bins.unit), to);
  }

  setLast(number_) {
    const [from] = this.window;
    this.choose(from, endOf(Math.max(this.binOf(number_), this.binOf(from)), this.bins.unit));
  }

  /** Moves a window that was `before` by as many bins as lie between two days; it keeps its bins inside the data. */
  slideFrom(before, one, other) {
    const size = this.binOf(before.to) - this.binOf(before.from);
    const wanted = this.binOf(before.from) + this.binOf(other) - this.binOf(one);
    const a = Math.max(this.binOf(this.axis.first), Math.min(this.binOf(this.axis.last - 1) - size, wanted));
    this.choose(startOf(a, this.bins.unit), endOf(a + size, this.bins.unit), { keep: true });
  }

  focus(edge) {
    this.ends[edge === "first" ? 0 : 1].focus({ preventScroll: true });
  }

  // The axis

  /** The length of the bars: a unit, or "" for what the width has room for. */
  setUnit(unit) {
    this.stop();
    this.askedUnit = unit;
    this.onChange({ unit });
  }

  zoomAxis(factor, around) {
    this.axis.zoom(factor, around);
    this._axisMoved();
  }

  /** One press of a button or key: around an edge, else around what is chosen and in sight. */
  zoomBy(direction, around) {
    const [from, end] = this.window;
    const middle = Math.max(this.axis.from, Math.min(this.axis.to, (from + end) / 2));
    this.zoomAxis(direction > 0 ? ZOOM_STEP : 1 / ZOOM_STEP, around ?? (this.chosen ? middle : undefined));
  }

  panAxis(from) {
    this.axis.pan(from - this.axis.from);
    this._axisMoved();
  }

  holdAxis(days, pixels, width) {
    this.axis.hold(days, pixels, width);
    this._axisMoved();
  }

  /** What is chosen fills the axis. */
  fitAxis() {
    if (this.chosen) this.axis.fit(...this.window);
    this._axisMoved();
  }

  /** All dates, on the whole axis. */
  reset() {
    this.stop();
    this.axis.show(null);
    this.chosen = null;
    this.draw();
    this.onChange({ from: null, to: null, axis: null });
  }

  _axisMoved() {
    this.draw();
    this.onChange({ axis: this.axis.days() });
  }

  /** Pans as far as brings a day into sight. */
  reveal(number_) {
    if (number_ >= this.axis.from && number_ <= this.axis.to) return;
    this.axis.reveal(number_);
    this._axisMoved();
  }

  // Showing

  /** The size is kept: asking for it in every move of a brush would lay the page out each time. */
  _measure() {
    this.size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    this.draw();
  }

  draw() {
    const chosen = this.chosen && this.window;
    paintTimeline(this.canvas, this.axis, this.bins, chosen, { ...this.size, theme: this.theme, surelyOnly: this.surelyOnly && Boolean(this.chosen) });
    const share = (number_) => Math.max(0, Math.min(100, this.axis.x(number_, 100)));
    const [from, end] = this.window;
    const brush = byId("brush");
    brush.hidden = this.axis.empty || end <= this.axis.from || from >= this.axis.to;
    brush.style.left = `${share(from)}%`;
    brush.style.width = `${share(end) - share(from)}%`;
    brush.classList.toggle("whole", !this.chosen);
    this._showEnds(share);
    byId("range").textContent = this._range();
    this.tools.draw(this);
  }

  /** The first and the last day chosen, in ISO 8601; where none are, those of the data, not of the bars around them. */
  get edges() {
    return this.chosen ? [fromDay(this.chosen.from), fromDay(this.chosen.to)] : [this.extent.first, this.extent.last];
  }

  _range() {
    return this.axis.empty ? "No dated events" : range(...this.edges);
  }

  /** Each input is its own handle, set on the edge of its bin: bins share the axis by days, a slider's steps do not. */
  _showEnds(share) {
    const [from, end] = this.window;
    const [least, most] = [this.binOf(this.axis.first), this.binOf(this.axis.last - 1)];
    this.box.classList.toggle("narrow", ((share(end) - share(from)) / 100) * this.size.width < HANDLE_PX);
    this.ends.forEach((input, k) => {
      const at = k ? end : from;
      input.max = String(most - least);
      input.value = String(this.windowBins[k] - least);
      input.disabled = this.axis.empty;
      input.setAttribute("aria-valuetext", this.axis.empty ? "no dates" : edgeInWords(day(this.edges[k]), this));
      input.style.left = `${share(at)}%`;
      input.classList.toggle("off", at < this.axis.from || at > this.axis.to);
    });
  }

  /** Says the bar of a day beside it; null: none. */
  hint(number_) {
    const tip = byId("hist-tip");
    const bin = number_ === null ? 0 : this.binOf(number_);
    const k = bin - this.bins.start;
    tip.hidden = number_ === null || k < 0 || k >= this.bins.counts.length;
    if (tip.hidden) return;
    tip.textContent = `${labelOf(bin, this.bins.unit)}: ${barInWords(this.bins, k)}`;
    const middle = (startOf(bin, this.bins.unit) + endOf(bin, this.bins.unit) + 1) / 2;
    const share = Math.max(0, Math.min(1, this.axis.x(middle, 1)));
    tip.style.left = `${share * 100}%`;
    tip.style.transform = `translateX(${-share * 100}%)`;
  }

  // Playing

  /** From the first bin in sight where all dates are chosen (a twelfth of those in sight), or where the end is reached. */
  play() {
    if (this.axis.empty) return;
    const [least, most] = [this.binOf(this.axis.first), this.binOf(this.axis.last - 1)];
    const [a, b] = this.windowBins;
    if (!this.chosen || b >= most) {
      const seen = this.binOf(this.axis.to - 1) - this.binOf(this.axis.from) + 1;
      const size = this.chosen ? b - a : Math.max(0, Math.round(seen / 12) - 1);
      const first = this.chosen ? least : this.binOf(this.axis.from);
      this.choose(startOf(first, this.bins.unit), endOf(first + size, this.bins.unit), { keep: true });
    }
    this.player.start();
  }

  stop() {
    this.player.stop();
  }

  _step() {
    const [a, b] = this.windowBins;
    if (!this.chosen || b >= this.binOf(this.axis.last - 1)) return false;
    this.choose(startOf(a + 1, this.bins.unit), endOf(b + 1, this.bins.unit), { keep: true });
    if (this.window[1] > this.axis.to) this.panAxis(this.window[0]);
    return true;
  }

  _showPlaying(playing) {
    this.tools.showPlaying(playing);
    this.box.classList.toggle("playing", playing);
    if (!playing) say(`${number(this.matched || 0)} events, ${byId("range").textContent}`);
  }
}
