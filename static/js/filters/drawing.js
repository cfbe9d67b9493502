// Drawing an area: corners by click or tap, or by Enter for the middle of the map; handles to move, add and remove them.

import { byId } from "../dom.js";
import { plural } from "../format.js";
import { outline } from "./area.js";
import { MOST_CORNERS, brought, whyNot } from "./ring.js";

const MOST_HANDLES = 120; // a ring of more corners is edited as text
const CLOSE_PX = 14; // a click this near to the first corner closes the ring
const HINTS = {
  draw: "Click or tap the corners. By keyboard: move the map with the arrow keys, Enter adds its middle.",
  edit: "Drag a corner to move it, a small one to add it; double-click or Delete removes it.",
};

export class Drawing {
  /** `onDone(corners or null)`: the new ring, null where it was called off. */
  constructor(map, onDone) {
    this.map = map;
    this.onDone = onDone;
    this.mode = "";
    this.corners = [];
    this.bar = byId("draw-bar");
    byId("draw-undo").addEventListener("click", () => this._undo());
    byId("draw-done").addEventListener("click", () => this.finish());
    byId("draw-cancel").addEventListener("click", () => this.stop(null));
    this.acts = {
      click: (event) => this._click(event),
      dblclick: () => this.finish(),
      mousemove: (event) => this._sketch(event.latlng),
    };
    this.onKey = (event) => this._key(event);
  }

  /** Begins a new ring, or lets the corners of one be moved. */
  start(corners = null) {
    if (this.mode) this.stop(null);
    const { L } = window;
    this.mode = corners ? "edit" : "draw";
    this.before = document.activeElement;
    this.corners = (corners || []).map((corner) => [...corner]);
    this.group = L.layerGroup().addTo(this.map);
    this.renderer = L.svg({ pane: "filter-area", padding: 0.3 });
    this.map.doubleClickZoom.disable();
    document.addEventListener("keydown", this.onKey, true);
    if (this.mode === "draw") this.map.on(this.acts);
    this.map.getContainer().classList.toggle("drawing", this.mode === "draw");
    this.bar.hidden = false;
    byId("draw-undo").hidden = byId("draw-cross").hidden = this.mode !== "draw";
    this._paint();
    this._intoSight();
    if (this.mode === "draw") this.map.getContainer().focus({ preventScroll: true });
  }

  /** On a phone the map has scrolled away when the panel is read: whoever draws needs it. */
  _intoSight() {
    const { top } = this.map.getContainer().getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) this.map.getContainer().scrollIntoView({ block: "start" });
  }

  finish() {
    const ring = brought(this.corners);
    const wrong = whyNot(ring);
    if (wrong) this._say(wrong);
    else this.stop(ring);
  }

  /** Ends with a ring, or with null: all as before. */
  stop(ring) {
    if (!this.mode) return;
    this.mode = "";
    this.group.remove();
    this.renderer.remove();
    this.map.off(this.acts);
    setTimeout(() => this.map.doubleClickZoom.enable(), 0); // not for the click that ends it
    document.removeEventListener("keydown", this.onKey, true);
    this.map.getContainer().classList.remove("drawing");
    this.bar.hidden = byId("draw-cross").hidden = true;
    this.onDone(ring);
    if (this.before?.isConnected && this.before.offsetParent) this.before.focus({ preventScroll: true });
    else this.map.getContainer().focus({ preventScroll: true });
  }

  _click({ latlng, containerPoint }) {
    const [first] = this.corners;
    const away = first && this.map.latLngToContainerPoint([first[1], first[0]]).distanceTo(containerPoint);
    if (this.corners.length >= 3 && away < CLOSE_PX) this.finish();
    else this._add([latlng.lng, latlng.lat]);
  }

  _add(corner) {
    const last = this.corners.at(-1);
    if (last && last[0] === corner[0] && last[1] === corner[1]) return; // the second half of a double click
    if (this.corners.length >= MOST_CORNERS) {
      this._say(`An area has at most ${MOST_CORNERS} corners.`);
      return;
    }
    this.corners.push(corner);
    this._paint();
  }

  _undo() {
    this.corners.pop();
    this._paint();
  }

  _key(event) {
    const onMap = this.map.getContainer() === document.activeElement;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.stop(null);
    } else if (onMap && this.mode === "draw" && event.key === "Enter") {
      event.preventDefault();
      const { lng, lat } = this.map.getCenter();
      this._add([lng, lat]);
    } else if (onMap && this.mode === "draw" && event.key === "Backspace") {
      event.preventDefault();
      this._undo();
    }
  }

  _say(text) {
    byId("draw-hint").textContent = text;
  }

  _paint() {
    const { L } = window;
    this.group.clearLayers();
    this.sketch = null;
    const { length } = this.corners;
    const count = length ? `${plural(length, "corner")}. ` : "";
    this._say(count + (length > MOST_HANDLES && this.mode === "edit" ? "Too many to drag: edit them as text." : HINTS[this.mode]));
    byId("draw-done").disabled = length < 3;
    byId("draw-undo").disabled = !length;
    if (length > 2) this.group.addLayer(outline(this.corners, 0, this.renderer));
    if (this.mode === "edit") this._handles();
    else {
      if (length === 2) this.group.addLayer(L.polyline(this.corners.map(toLatLng), this._line()));
      for (const corner of this.corners) this.group.addLayer(L.circleMarker(toLatLng(corner), { ...this._line(), className: "filter-corner", radius: 5 }));
    }
  }

  _line() {
    return { renderer: this.renderer, pane: "filter-area", className: "filter-sketch", interactive: false };
  }

  /** The line from the last corner to the pointer, and back to the first. */
  _sketch(latlng) {
    if (!this.corners.length) return;
    const places = [this.corners.at(-1), [latlng.lng, latlng.lat], ...(this.corners.length > 1 ? [this.corners[0]] : [])].map(toLatLng);
    if (this.sketch) this.sketch.setLatLngs(places);
    else this.group.addLayer((this.sketch = window.L.polyline(places, this._line())));
  }

  /** A handle on each corner, and a small one in the middle of each side that becomes a corner. */
  _handles() {
    const { length } = this.corners;
    if (length > MOST_HANDLES) return;
    this.corners.forEach((corner, at) => {
      const next = this.corners[(at + 1) % length];
      this._handle(corner, `Corner ${at + 1}`, (place) => (this.corners[at] = place), () => length > 3 && this.corners.splice(at, 1));
      const middle = [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2];
      this._handle(middle, "", (place) => this.corners.splice(at + 1, 0, place), null);
    });
  }

  _handle([lon, lat], name, moved, remove) {
    const { L } = window;
    const side = name ? 16 : 12;
    const icon = L.divIcon({ className: name ? "area-handle" : "area-handle new", html: false, iconSize: [side, side] });
    const handle = L.marker([lat, lon], { draggable: true, icon, keyboard: Boolean(name), title: name, alt: name, autoPan: true });
    handle.on("dragend", () => {
      const place = handle.getLatLng();
      moved([place.lng, place.lat]);
      this._paint();
    });
    if (remove) {
      const drop = () => remove() && this._paint();
      handle.on("dblclick", drop);
      handle.on("keydown", ({ originalEvent }) => ["Delete", "Backspace"].includes(originalEvent.key) && drop());
    }
    this.group.addLayer(handle);
  }
}

const toLatLng = ([lon, lat]) => [lat, lon];
