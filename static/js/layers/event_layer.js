// One Leaflet layer on two canvases: clusters as circles with a ring of their types, single events in their own shape,
// places that are not exact with the circle that they can lie in. Nothing here makes an element per event.
// The names of the basemap lie above the first canvas (pane "place-names"), the counts of clusters above the names.

import { shortNumber } from "../format.js";
import { drawShape } from "../shapes.js";
import { holds, metresPerPixel } from "../view.js";
import { merged } from "./merge.js";

const PADDING = 0.15; // of the map's size, drawn beyond each edge so that a drag shows no bare strip
const HIT_PX = 12;
const LARGE_PX = 150; // larger circles are outlines until they are chosen: a tint over half the map says nothing
const INK = {
  light: { halo: "#ffffff", disc: "rgba(255,255,255,.72)", plate: "#2b3138", plateText: "#ffffff", accent: "#0b5cad", other: "#565e67" },
  dark: { halo: "#12181d", disc: "rgba(20,25,30,.72)", plate: "#dfe5ea", plateText: "#12181d", accent: "#7cb8f5", other: "#a9b4be" },
};

/** The layer's class, made once Leaflet is there. Events on it: `pick` {item}, `over` {item, point} (item may be null). */
export function eventLayerClass(L) {
  return L.Layer.extend({
    initialize(styles) {
      this._styles = styles;
      this._items = [];
      this._theme = "light";
    },

    onAdd(map) {
      this._canvases = [["events", 450], ["event-counts", 645]].map(([name, height]) => {
        const pane = map.getPane(name) || map.createPane(name);
        pane.style.zIndex = height;
        pane.style.pointerEvents = "none";
        const canvas = L.DomUtil.create("canvas", "event-canvas leaflet-zoom-animated", pane);
        canvas.setAttribute("aria-hidden", "true");
        return canvas;
      });
      map.on("moveend viewreset resize", this.redraw, this);
      map.on("zoomanim", this._animate, this);
      map.on("click", this._click, this);
      map.on("mousemove", this._hover, this);
      map.on("mouseout", this._leave, this);
      this.redraw();
    },

    onRemove(map) {
      for (const canvas of this._canvases) canvas.remove();
      map.off("moveend viewreset resize", this.redraw, this);
      map.off("zoomanim", this._animate, this);
      map.off("click", this._click, this);
      map.off("mousemove", this._hover, this);
      map.off("mouseout", this._leave, this);
    },

    /** What to draw: clusters and events as `/map/view` answers them. */
    setData(clusters, events) {
      const placed = events.filter((event) => event.lon !== null);
      const crowded = this._map.getSize().x < 500 || this._map.getZoom() < 3; // many lands on few pixels
      const apart = merged(clusters, placed, (lon, lat) => this._map.project([lat, lon]), crowded ? 13 : 20);
      this._items = [
        ...apart.events.map((event) => ({ kind: "event", event, lon: event.lon, lat: event.lat })),
        ...apart.clusters.map((cluster) => ({ kind: "cluster", cluster, lon: cluster.lon, lat: cluster.lat, radius: cluster.radius })),
      ];
      this.redraw();
    },

    setTheme(theme) {
      this._theme = theme;
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

    redraw() {
      const map = this._map;
      if (!map || map._animatingZoom) return;
      const size = map.getSize();
      const origin = map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).round();
      const full = size.multiplyBy(1 + 2 * PADDING).round();
      const ratio = window.devicePixelRatio || 1;
      this._origin = origin;
      this._center = map.getCenter();
      this._zoom = map.getZoom();
      this._place(full);
      const [below, above] = this._canvases.map((canvas) => this._cleared(canvas, origin, full, ratio));
      this._paint(below);
      for (const drawn of this._drawn) if (drawn.item.kind === "cluster") this._paintCount(above, drawn, INK[this._theme]);
    },

    _cleared(canvas, origin, full, ratio) {
      L.DomUtil.setPosition(canvas, origin);
      if (canvas.width !== Math.round(full.x * ratio) || canvas.height !== Math.round(full.y * ratio)) {
        canvas.width = Math.round(full.x * ratio);
        canvas.height = Math.round(full.y * ratio);
        canvas.style.width = `${full.x}px`;
        canvas.style.height = `${full.y}px`;
      }
      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, full.x, full.y);
      return context;
    },

    /** Screen positions of everything that can be seen, in each copy of the world that shows. */
    _place(full) {
      const map = this._map;
      const bounds = map.getBounds().pad(PADDING);
      const [first, last] = [bounds.getWest(), bounds.getEast()].map((lon) => Math.floor((lon + 180) / 360));
      this._drawn = [];
      for (let copy = first; copy <= last; copy += 1) {
        for (const item of this._items) {
          const point = this._point(item.lon + copy * 360, item.lat);
          if (point.x > -60 && point.y > -60 && point.x < full.x + 60 && point.y < full.y + 60) {
            this._drawn.push({ item, x: point.x, y: point.y });
          }
        }
      }
    },

    _point(lon, lat) {
      return this._map.latLngToLayerPoint([lat, lon]).subtract(this._origin);
    },

    _paint(context) {
      const ink = INK[this._theme];
      const radius = this._symbolRadius();
      const areas = new Set();
      for (const { item, x, y } of this._drawn) {
        if (item.kind === "event") this._paintArea(context, item.event, x, y, areas, ink);
      }
      for (const event of [this._hinted, this._chosen]) {
        if (!event || this._alone(event)) continue; // inside a cluster: its doubt shows all the same
        const { x, y } = this._nearest(event);
        this._paintArea(context, event, x, y, areas, ink);
      }
      for (const { item, x, y } of this._drawn) {
        if (item.kind !== "event") continue;
        const { event } = item;
        drawShape(context, this._shape(event.type), x, y, radius, this._colour(event.type, ink), ink.halo, event.status === "draft");
      }
      for (const drawn of this._drawn) if (drawn.item.kind === "cluster") this._paintCluster(context, drawn, ink);
      for (const [event, width] of [[this._hinted, 2], [this._chosen, 3]]) {
        if (event) this._paintRing(context, event, radius + 6, width, ink);
      }
    },

    _symbolRadius() {
      return this._zoom < 6 ? 5 : this._zoom < 9 ? 6 : 7;
    },

    /** The circle that an inexact place can lie in, once for each place and type; left out where it is but a dot. */
    _paintArea(context, event, x, y, areas, ink) {
      const radius = event.radius_m / metresPerPixel(event.lat, this._zoom);
      const key = `${Math.round(x)} ${Math.round(y)} ${event.type}`;
      const chosen = this._chosen?.id === event.id || this._hinted?.id === event.id;
      if (radius < this._symbolRadius() + 3 || (areas.has(key) && !chosen)) return;
      areas.add(key);
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = context.strokeStyle = this._colour(event.type, ink);
      context.globalAlpha = chosen ? 0.14 : 0.07;
      if (chosen || radius < LARGE_PX) context.fill();
      context.globalAlpha = chosen ? 0.9 : radius < LARGE_PX ? 0.5 : 0.28;
      context.lineWidth = chosen ? 1.8 : 1.1;
      context.setLineDash([4, 4]);
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    },

    _paintCluster(context, { item, x, y }, ink) {
      const { cluster, radius } = item;
      const ring = Math.max(4, radius * 0.2);
      context.beginPath();
      context.arc(x, y, radius + 1.5, 0, 2 * Math.PI);
      context.lineWidth = 2;
      context.strokeStyle = ink.halo;
      context.stroke();
      context.beginPath();
      context.arc(x, y, radius - ring + 0.5, 0, 2 * Math.PI);
      context.fillStyle = ink.disc;
      context.fill();
      const inOrder = [...this._styles.keys(), ...Object.keys(cluster.types).filter((name) => !this._styles.has(name))];
      let angle = -Math.PI / 2;
      for (const name of inOrder) {
        if (!cluster.types[name]) continue;
        const next = angle + (cluster.types[name] / cluster.count) * 2 * Math.PI;
        context.beginPath();
        context.arc(x, y, radius - ring / 2, angle, next);
        context.strokeStyle = this._colour(name, ink);
        context.lineWidth = ring;
        context.stroke();
        angle = next;
      }
    },

    /** The count in a small plate on top of the ring, where it hides neither the place's dot nor its name. */
    _paintCount(context, { item, x, y }, ink) {
      const text = shortNumber(item.cluster.count);
      context.font = `650 ${item.radius > 22 ? 13 : 12}px Inter, system-ui, sans-serif`;
      const width = context.measureText(text).width + 11;
      const top = y - item.radius;
      context.beginPath();
      context.roundRect(x - width / 2, top - 9, width, 18, 9);
      context.fillStyle = ink.plate;
      context.fill();
      context.strokeStyle = ink.halo;
      context.lineWidth = 1.5;
      context.stroke();
      context.fillStyle = ink.plateText;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(text, x, top + 0.5);
    },

    _paintRing(context, event, radius, width, ink) {
      let { x, y } = this._nearest(event);
      const around = this._clusterOf(event, x, y);
      if (around) ({ x, y, radius } = { x: around.x, y: around.y, radius: around.item.radius + 5 });
      for (const [colour, line] of [[ink.halo, width + 3], [ink.accent, width]]) {
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.strokeStyle = colour;
        context.lineWidth = line;
        context.stroke();
      }
    },

    /** Where an event is in the copy of the world that brings it nearest to the middle of the map. */
    _nearest(event) {
      return this._point(event.lon + Math.round((this._center.lng - event.lon) / 360) * 360, event.lat);
    },

    /** Whether an event is drawn by itself. */
    _alone(event) {
      return this._drawn.some(({ item }) => item.kind === "event" && item.event.id === event.id);
    },

    /** The cluster that holds an event which is not drawn by itself: of those whose box holds it, the nearest. */
    _clusterOf(event, x, y) {
      if (this._alone(event)) return null;
      const holding = this._drawn.filter(({ item }) => item.kind === "cluster" && holds(item.cluster.bbox, event));
      const near = (drawn) => Math.hypot(drawn.x - x, drawn.y - y);
      return holding.sort((one, other) => near(one) - near(other))[0] || null;
    },

    _shape(type) {
      return this._styles.get(type)?.shape || "circle";
    },

    _colour(type, ink) {
      const style = this._styles.get(type);
      if (!style) return ink.other;
      return this._theme === "dark" ? style.colour_dark : style.colour;
    },

    /** What is drawn at a point of the map, the topmost first; null where nothing is. */
    itemAt(containerPoint) {
      const at = this._map.containerPointToLayerPoint(containerPoint).subtract(this._origin);
      let best = null;
      let bestDistance = Infinity;
      for (const { item, x, y } of this._drawn || []) {
        const distance = Math.hypot(x - at.x, y - at.y);
        const reach = item.kind === "cluster" ? item.radius + 8 : HIT_PX;
        if (distance <= reach && distance < bestDistance) [best, bestDistance] = [item, distance];
      }
      return best;
    },

    _animate(event) {
      const scale = this._map.getZoomScale(event.zoom, this._zoom);
      const offset = this._map._latLngToNewLayerPoint(this._map.layerPointToLatLng(this._origin), event.zoom, event.center);
      for (const canvas of this._canvases) L.DomUtil.setTransform(canvas, offset, scale);
    },

    _click(event) {
      const item = this.itemAt(event.containerPoint);
      if (item) this.fire("pick", { item });
    },

    _hover(event) {
      const item = this.itemAt(event.containerPoint);
      this._map.getContainer().classList.toggle("over-event", Boolean(item));
      this.fire("over", { item, point: event.containerPoint });
    },

    _leave() {
      this.fire("over", { item: null, point: null });
    },
  });
}
