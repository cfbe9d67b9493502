// Mouse, pen and fingers on the timeline: brushing, dragging edges and window, panning and zooming the axis.

import { BARS_PX } from "./timeline-paint.js";

const STILL_PX = 4; // a press that moves less is a click
const WHEEL = 0.0022; // per pixel of a wheel's turn: a notch of 100 shows a fifth less
const LINE_PX = 16;

/** What a pointer does to `timeline`; `box` is the element that holds bars and labels. */
export class TimelinePointer {
  constructor(box, timeline) {
    this.box = box;
    this.timeline = timeline;
    this.down = new Map(); // pointerId -> x of each finger that is down
    this.drag = null;
    box.addEventListener("pointerdown", (event) => this._press(event));
    box.addEventListener("pointermove", (event) => this._move(event));
    for (const name of ["pointerup", "pointercancel"]) box.addEventListener(name, (event) => this._release(event));
    box.addEventListener("pointerleave", () => timeline.hint(null));
    box.addEventListener("wheel", (event) => this._wheel(event), { passive: false });
    box.addEventListener("dblclick", (event) => this._zoomIn(event));
  }

  get width() {
    return this.box.clientWidth;
  }

  _x(event) {
    return event.clientX - this.box.getBoundingClientRect().left;
  }

  _dayAt(x) {
    return this.timeline.axis.at(Math.max(0, Math.min(this.width - 0.01, x)), this.width);
  }

  /** What a press at this event would take hold of: "first", "last", "window", "axis" (the labels) or "" (the bars). */
  _target(event) {
    const { axis, window, whole } = this.timeline;
    const x = this._x(event);
    const reach = event.pointerType === "touch" ? 22 : 10;
    const edges = window.map((number) => Math.max(0, Math.min(this.width, axis.x(number, this.width))));
    const off = edges.map((edge) => Math.abs(x - edge));
    if (event.clientY - this.box.getBoundingClientRect().top > BARS_PX && !axis.whole) return "axis";
    if (Math.min(...off) <= reach) return off[0] < off[1] || (off[0] === off[1] && x < edges[0]) ? "first" : "last";
    return !whole && x > edges[0] && x < edges[1] ? "window" : "";
  }

  _press(event) {
    const { timeline } = this;
    if (timeline.axis.empty || event.button > 0) return;
    if (event.pointerType !== "touch") event.preventDefault();
    timeline.stop();
    timeline.hint(null);
    this.down.set(event.pointerId, this._x(event));
    this.box.setPointerCapture(event.pointerId);
    if (this.down.size === 2) return this._pinch();
    const target = this._target(event);
    if (target === "first" || target === "last") timeline.focus(target);
    this.drag = { id: event.pointerId, target, x: this._x(event), day: this._dayAt(this._x(event)), still: true, before: timeline.chosen, axisFrom: timeline.axis.from };
    return undefined;
  }

  /** A second finger: what the first did is taken back, and the days under both stay under them. */
  _pinch() {
    if (this.drag && !this.drag.still) this.timeline.restore(this.drag.before);
    this.drag = null;
    const pixels = [...this.down.values()].sort((a, b) => a - b);
    this.held = pixels.map((x) => this.timeline.axis.at(x, this.width));
  }

  _move(event) {
    const x = this._x(event);
    if (this.down.has(event.pointerId)) this.down.set(event.pointerId, x);
    if (this.held) {
      if (this.down.size === 2) this.timeline.holdAxis(this.held, [...this.down.values()].sort((a, b) => a - b), this.width);
    } else if (this.drag?.id === event.pointerId) {
      this.drag.still &&= Math.abs(x - this.drag.x) < STILL_PX;
      if (!this.drag.still) this._drag(x);
    } else if (event.pointerType !== "touch" && !this.timeline.axis.empty) {
      this.box.dataset.at = this._target(event);
      this.timeline.hint(this._dayAt(x));
    }
  }

  _drag(x) {
    const { timeline, drag } = this;
    const number = this._dayAt(x);
    if (drag.target === "axis") timeline.panAxis(drag.axisFrom - ((x - drag.x) / this.width) * timeline.axis.span);
    else if (drag.target === "first") timeline.setFirst(number);
    else if (drag.target === "last") timeline.setLast(number);
    else if (drag.target === "window") timeline.slideFrom(drag.before, drag.day, number);
    else timeline.brush(drag.day, number);
  }

  _release(event) {
    this.down.delete(event.pointerId);
    if (this.held) {
      if (!this.down.size) this.held = null;
      return;
    }
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    this.drag = null;
    if (event.type === "pointercancel") this.timeline.restore(drag.before); // the browser scrolls the page with it
    else if (drag.still && (drag.target === "" || drag.target === "window")) this.timeline.brush(drag.day, drag.day);
  }

  /** A wheel zooms around the pointer; sideways, or with Shift, it pans. At the whole it lets a long page scroll on.
   *  A calm timeline, in a frame, leaves the wheel to the page around it unless Ctrl is held. */
  _wheel(event) {
    const { axis, calm } = this.timeline;
    if (axis.empty || (calm && !event.ctrlKey)) return;
    const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? this.width : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const sideways = event.shiftKey ? dy || dx : Math.abs(dx) > Math.abs(dy) ? dx : 0;
    if (axis.whole && (sideways || dy > 0)) return;
    event.preventDefault();
    this.timeline.stop();
    if (sideways) this.timeline.panAxis(axis.from + (sideways / this.width) * axis.span);
    else this.timeline.zoomAxis(Math.exp(dy * (event.ctrlKey ? 4 : 1) * WHEEL), this._dayAt(this._x(event)));
  }

  _zoomIn(event) {
    if (this.timeline.axis.empty || !["", "window"].includes(this._target(event))) return;
    this.timeline.fitAxis();
  }
}
