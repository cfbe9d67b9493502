// The stretch of days that the timeline shows, inside the days that there are: zoomed and panned.
// Days are numbers and may be broken while an axis moves; `to` is where the last day ends.

import { fromDay, toDay } from "./format.js";
import { binOf, endOf, startOf } from "./timeline-bins.js";

const LEAST_DAYS = 7;

export class Axis {
  constructor() {
    this.first = 0;
    this.last = 0; // the day after the last
    this.from = 0;
    this.to = 0;
    this.whole = true;
  }

  /** The days that there are, first and last both included; ISO text, or null where nothing is dated. */
  setExtent(first, last, unit) {
    this.first = first ? startOf(binOf(toDay(first), unit), unit) : 0;
    this.last = last ? endOf(binOf(toDay(last), unit), unit) + 1 : 0;
    if (this.whole) this._set(this.first, this.last);
    else this._set(this.from, this.to);
  }

  get empty() {
    return this.last <= this.first;
  }

  /** Whether nothing closer can be seen. */
  get narrowest() {
    return this.span <= Math.min(LEAST_DAYS, this.last - this.first) + 1e-6;
  }

  get span() {
    return this.to - this.from;
  }

  /** Shows the days of { from, to }, ISO text, both included; null: the whole extent. */
  show(days) {
    if (days) this._set(toDay(days.from), toDay(days.to) + 1);
    else this._set(this.first, this.last);
  }

  /** { from, to } of the days in sight, broken ones included; null for the whole. */
  days() {
    return this.whole ? null : { from: fromDay(Math.floor(this.from)), to: fromDay(Math.ceil(this.to) - 1) };
  }

  /** Where a day begins, in pixels of `width`. */
  x(number, width) {
    return ((number - this.from) / this.span) * width;
  }

  /** The day at a pixel, broken. */
  at(x, width) {
    return this.from + (x / width) * this.span;
  }

  /** Makes `factor` times as many days visible; the one at `around` stays where it is. */
  zoom(factor, around = (this.from + this.to) / 2) {
    const span = Math.max(LEAST_DAYS, Math.min(this.last - this.first, this.span * factor));
    const share = (around - this.from) / this.span;
    this._set(around - share * span, around + (1 - share) * span);
  }

  pan(days) {
    this._set(this.from + days, this.to + days);
  }

  /** Shows these days with a little room on both sides. */
  fit(from, to) {
    const room = Math.max((to - from) * 0.08, (LEAST_DAYS - (to - from)) / 2);
    this._set(from - room, to + room);
  }

  /** Puts two days under two pixels: what a pinch does. */
  hold(days, pixels, width) {
    const perPixel = (days[1] - days[0]) / (pixels[1] - pixels[0]);
    if (!Number.isFinite(perPixel) || perPixel <= 0) return;
    const from = days[0] - pixels[0] * perPixel;
    this._set(from, from + width * perPixel);
  }

  /** Pans as little as brings a day into sight. */
  reveal(number) {
    const room = this.span * 0.05;
    if (number < this.from) this.pan(number - room - this.from);
    else if (number > this.to) this.pan(number + room - this.to);
  }

  /** Keeps the length inside the extent; what is as long as the extent, is the whole of it. */
  _set(from, to) {
    const all = this.last - this.first;
    const span = Math.min(all, Math.max(to - from, Math.min(LEAST_DAYS, all)));
    this.whole = this.empty || span >= all - 0.5;
    this.from = this.whole ? this.first : Math.max(this.first, Math.min(this.last - span, from));
    this.to = this.whole ? this.last : this.from + span;
  }
}
