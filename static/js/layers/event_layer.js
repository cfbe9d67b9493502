// The layer of events on two canvases: clusters as circles with a ring of their types, single events in their own shape,
// areas as their extent. Nothing here makes an element per event. This file is the layer's life on the map and what is
// pointed at; scene.js knows what there is and where, sheet.js the canvases, the painters how it looks.

import { holds, metresPerPixel } from "../view.js";
import { paintAreas, paintBadge, paintDot, paintLitArea } from "./areas.js";
import { paintCluster, paintCount } from "./clusters.js";
import { surface } from "./heat.js";
import { Inks } from "./ink.js";
import { Keys } from "./keys.js";
import { PlaceNames, Room } from "./names.js";
import { Stamps, paintDoubts, paintExtent, symbolRadius } from "./points.js";
import { Scene } from "./scene.js";
import { Sheet } from "./sheet.js";

const PATIENCE_MS = 700; // an old drawing is shown larger or smaller for so long; then it is drawn anew as it is

/**
 * The layer's class, made once Leaflet is there. Events on it: `pick` {item}, `over` {item, point} (item may be null).
 * An item is { kind: "cluster", cluster }, { kind: "event", event } or { kind: "area", area }.
 */
export function eventLayerClass(L) {
  return L.Layer.extend({
    initialize(styles) {
      this._inks = new Inks(styles, "light");
      this._scene = new Scene();
      this._stamps = new Stamps();
      this._keys = new Keys(this);
    },

    onAdd(map) {
      this._sheet = new Sheet(L, map);
      this._names = new PlaceNames(map, () => this.redraw());
      map.on(this._listeners(), this);
      this._keys.attach(map);
      this.redraw();
    },

    onRemove(map) {
      map.off(this._listeners(), this);
      this._keys.detach();
      this._names.remove();
      this._sheet.remove();
    },

    _listeners() {
      return { move: this._dragged, moveend: this._moved, resize: this.redraw, zoom: this._zoomed, zoomanim: this._animate, click: this._click, mousemove: this._hover, mouseout: this._leave };
    },

    /** What to draw: clusters and events as `/map/view` answers them. */
    setData(clusters, events) {
      const map = this._map;
      this._filled = true;
      this._scene.fill(clusters, events, map.getZoom(), map.getSize());
      if (map._animatingZoom || this._heat) return; // on its way to another zoom, or its grid is: what is drawn stays until then
      if (this._sheet.drawnAt?.zoom !== map.getZoom()) this._sheet.leaveGhost();
      this.redraw();
      this._keys.renewed();
    },

    /** Shows a heat map of these cells (heat.js) in place of circles and shapes; null: shows those again. */
    setHeat(cells) {
      if (!cells && !this._heat) return;
      this._heat = cells;
      if (!this._map) return;
      if (!cells) this.fire("heat", { top: 0 });
      if (this._sheet.drawnAt?.zoom !== this._map.getZoom()) this._sheet.leaveGhost();
      this.redraw();
    },

    /** The density at the end of the heat map's ramp, in events per 100 km²; 0 where none is shown. */
    heatTop() {
      return this._heat ? this._heatTop : 0;
    },

    setTheme(theme) {
      this._inks = new Inks(this._inks.styles, theme);
      this.redraw();
    },

    /** Marks one event (an object with lon and lat) as chosen, or none. */
    setChosen(event) {
      this._chosen = event && event.lon !== null ? event : null;
      this.redraw();
    },

    /** Marks one event lightly, while the list points at it. */
    setHinted(event) {
      this._hinted = event && event.lon !== null ? event : null;
      this.redraw();
    },

    /** The item that the keyboard is on, or null; drawn with a ring. */
    setFocused(drawn) {
      this._focused = drawn;
      this.redraw();
    },

    redraw() {
      const map = this._map;
      if (!map || map._animatingZoom || !(this._filled || this._heat)) return;
      clearTimeout(this._late);
      const contexts = this._sheet.start();
      const room = new Room(this._named());
      if (this._heat) this._scene.empty();
      else this._scene.place(this._sheet.drawnAt, room);
      if (this._focused) this._focused = this._scene.drawn.find(({ item, turn }) => item === this._focused.item && turn === this._focused.turn) || null;
      if (this._heat) this._paintHeat(...contexts);
      else this._paint(...contexts, room);
    },

    /** Whether a box of the canvas (left, top, right, bottom) is free of the basemap's names. */
    _named() {
      const { zoom, left, top } = this._sheet.drawnAt;
      const named = this._names.at(zoom);
      return (west, north, east, south) => named(west + left, north + top, east + left, south + top);
    },

    _paint(below, above, room) {
      const { drawn } = this._scene;
      const { zoom, ratio } = this._sheet.drawnAt;
      const inks = this._inks;
      const radius = symbolRadius(zoom);
      const stamp = (context) => (event, x, y, size = radius) => this._stamps.draw(context, inks, event, x, y, size, ratio);
      paintAreas(below, drawn, inks);
      paintDoubts(below, drawn, inks, zoom);
      if (this._lit?.item.kind === "area") paintLitArea(below, this._lit, inks);
      for (const event of [this._hinted, this._chosen]) if (event) this._paintDoubtOf(below, event);
      for (const { item, hit } of drawn) if (item.kind === "area" && hit.dot) paintDot(below, item.area, hit, inks);
      for (const { item, x, y } of drawn) if (item.kind === "event") stamp(below)(item.event, x, y);
      for (const one of drawn) if (one.item.kind === "cluster") paintCluster(below, one, inks);
      for (const one of drawn) if (one.item.kind === "cluster") paintCount(above, one, inks, room);
      for (const one of drawn) if (one.item.kind === "area" && !one.hit.dot) paintBadge(above, one, inks, stamp(above));
      for (const [event, width] of [[this._hinted, 2], [this._chosen, 3]]) {
        if (event) this._paintRing(below, this._around(event), width);
      }
      if (this._focused) this._paintFocus(above, this._focused);
    },

    _paintHeat(below) {
      const found = surface(this._heat, this._sheet.drawnAt, this._inks.theme);
      if (found) {
        below.imageSmoothingQuality = "high";
        below.drawImage(found.canvas, 0, 0, found.wide, found.high);
      }
      for (const [event, width] of [[this._hinted, 2], [this._chosen, 3]]) {
        if (event) this._paintRing(below, this._around(event), width);
      }
      this._heatTop = found?.top || 0;
      this.fire("heat", { top: this._heatTop });
    },

    /** The circle that one event can lie in, in full, be it alone or inside a cluster. */
    _paintDoubtOf(context, event) {
      const { zoom } = this._sheet.drawnAt;
      const size = event.radius_m / metresPerPixel(event.lat, zoom);
      if (size < symbolRadius(zoom) + 3) return;
      const { x, y } = this._pointOf(event);
      paintExtent(context, x, y, size, this._inks.colour(event.type), 0.14, 0.9, 1.8);
    },

    _paintRing(context, { x, y, radius }, width) {
      for (const [colour, line] of [[this._inks.ink.halo, width + 3], [this._inks.ink.accent, width]]) {
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.strokeStyle = colour;
        context.lineWidth = line;
        context.stroke();
      }
    },

    _paintFocus(context, { item, hit }) {
      const radius = item.kind === "cluster" ? item.radius + 5 : item.kind === "area" ? hit.wide / 2 + 4 : symbolRadius(this._sheet.drawnAt.zoom) + 6;
      this._paintRing(context, { ...hit, radius }, 3);
    },

    _pointOf(event) {
      return this._scene.point(event.lon, event.lat, this._sheet.drawnAt, this._map.getCenter().lng);
    },

    /** The ring around an event: around itself, or around the nearest cluster whose box holds it. */
    _around(event) {
      const { x, y } = this._pointOf(event);
      const alone = { x, y, radius: symbolRadius(this._sheet.drawnAt.zoom) + 6 };
      const { drawn } = this._scene;
      if (drawn.some(({ item }) => (item.kind === "event" ? item.event.id : item.area?.event?.id) === event.id)) return alone;
      const holding = drawn.filter(({ item }) => item.kind === "cluster" && holds(item.cluster.bbox, event));
      const near = (one) => Math.hypot(one.x - x, one.y - y);
      const [first] = holding.sort((one, other) => near(one) - near(other));
      return first ? { x: first.x, y: first.y, radius: first.item.radius + 5 } : alone;
    },

    /** What is drawn at a point of the map's box; null where nothing is. */
    itemAt(containerPoint) {
      return this._drawnAt(containerPoint)?.item || null;
    },

    _drawnAt(containerPoint) {
      if (!this._sheet.drawnAt) return null; // before the first answer
      const { x, y } = this._sheet.inDrawing(containerPoint);
      return this._scene.at(x, y);
    },

    /** All that is drawn inside the map's box, each { item, point } with its point of the box. */
    visible() {
      const { x: wide, y: high } = this._map.getSize();
      return this._scene.drawn
        .map((drawn) => ({ drawn, item: drawn.item, point: this._sheet.inBox(drawn.hit) }))
        .filter(({ point }) => point.x >= 0 && point.y >= 0 && point.x <= wide && point.y <= high);
    },

    _moved() {
      const map = this._map;
      if (this._sheet.drawnAt?.zoom === map.getZoom()) {
        this.redraw();
        return;
      }
      this._zoomed(); // larger or smaller, until the answer for this zoom is there
      clearTimeout(this._late);
      this._late = setTimeout(() => this.redraw(), PATIENCE_MS);
    },

    /** A drag past the margin of the drawing, or over the edge of the world, where the map jumps to the next copy. */
    _dragged() {
      const { drawnAt } = this._sheet;
      if (this._map._animatingZoom || drawnAt?.zoom !== this._map.getZoom()) return;
      const { x, y } = this._sheet.inDrawing([0, 0]);
      const size = this._map.getSize();
      if (x < 0 || y < 0 || x + size.x > drawnAt.wide || y + size.y > drawnAt.high) this.redraw();
    },

    _zoomed() {
      const map = this._map;
      if (!map._animatingZoom && this._sheet.drawnAt?.zoom !== map.getZoom()) this._sheet.follow(map.getZoom(), map.getCenter());
    },

    _animate({ zoom, center }) {
      this._sheet.follow(zoom, center);
    },

    _click(event) {
      const item = this.itemAt(event.containerPoint);
      if (item) this.fire("pick", { item });
    },

    _hover(event) {
      const drawn = this._drawnAt(event.containerPoint);
      this._map.getContainer().classList.toggle("over-event", Boolean(drawn));
      this._light(drawn);
      this.fire("over", { item: drawn?.item || null, point: event.containerPoint });
    },

    _leave() {
      this._light(null);
      this.fire("over", { item: null, point: null });
    },

    /** An area shows all of its extent while it is pointed at. */
    _light(drawn) {
      const lit = drawn?.item.kind === "area" ? drawn : null;
      if (lit?.item === this._lit?.item) return;
      this._lit = lit;
      this.redraw();
    },
  });
}
