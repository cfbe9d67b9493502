// The canvases of the layer: one below the names of the basemap, one above. They move and grow with the map between two
// drawings, and what they showed can fade out over what replaces it.

import { worldPx } from "./mercator.js";

const PADDING = 0.15; // of the map's size, drawn beyond each edge so that a drag shows no bare strip
const FADE_MS = 160;
const PANES = [["events", 450], ["event-counts", 645]];
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Sheet {
  constructor(L, map) {
    this.L = L;
    this.map = map;
    this.canvases = PANES.map(([name, height]) => {
      const pane = map.getPane(name) || map.createPane(name);
      pane.style.zIndex = height;
      pane.style.pointerEvents = "none";
      return this._canvas(pane, "event-canvas");
    });
    this.ghosts = [];
    this.drawnAt = null; // { left, top, zoom } of the last drawing in pixels of the world, with its size and `view`
  }

  _canvas(pane, name) {
    const canvas = this.L.DomUtil.create("canvas", `${name} leaflet-zoom-animated`, pane);
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  }

  remove() {
    this._dropGhosts();
    for (const canvas of this.canvases) canvas.remove();
  }

  /** Lays the canvases over the map as it is now; gives where they are, and a cleared context of each. */
  start() {
    const { map } = this;
    const size = map.getSize();
    const origin = map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).round();
    const full = size.multiplyBy(1 + 2 * PADDING).round();
    const ratio = window.devicePixelRatio || 1;
    const corner = map.getPixelOrigin().add(origin);
    const inset = map.containerPointToLayerPoint([0, 0]).subtract(origin);
    this.drawnAt = {
      left: corner.x, top: corner.y, wide: full.x, high: full.y, zoom: map.getZoom(), ratio,
      view: { left: inset.x, top: inset.y, right: inset.x + size.x, bottom: inset.y + size.y },
    };
    this.scale = 1;
    this.position = origin;
    return this.canvases.map((canvas) => this._cleared(canvas, origin, full, ratio));
  }

  _cleared(canvas, origin, full, ratio) {
    this.L.DomUtil.setPosition(canvas, origin);
    const [wide, high] = [Math.round(full.x * ratio), Math.round(full.y * ratio)];
    if (canvas.width !== wide || canvas.height !== high) {
      [canvas.width, canvas.height] = [wide, high];
      canvas.style.width = `${full.x}px`;
      canvas.style.height = `${full.y}px`;
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, full.x, full.y);
    return context;
  }

  /** Moves what is drawn to where it belongs at another zoom and middle: larger or smaller, until it is drawn anew. */
  follow(zoom, center) {
    if (!this.drawnAt) return;
    const { left, top, zoom: drawnZoom } = this.drawnAt;
    this.scale = 2 ** (zoom - drawnZoom);
    const corner = this.L.point(left, top).multiplyBy(worldPx(zoom) / worldPx(drawnZoom));
    this.position = corner.subtract(this.map._getNewPixelOrigin(center, zoom));
    for (const canvas of this.canvases) this.L.DomUtil.setTransform(canvas, this.position, this.scale);
    this._dropGhosts(); // they would stay behind
  }

  /** A point of the map, in pixels of its box, as a point of the drawing. */
  inDrawing(containerPoint) {
    return this.map.containerPointToLayerPoint(containerPoint).subtract(this.position).divideBy(this.scale);
  }

  /** A point of the drawing as a point of the map's box. */
  inBox({ x, y }) {
    return this.map.layerPointToContainerPoint(this.L.point(x, y).multiplyBy(this.scale).add(this.position));
  }

  /** Leaves a copy of what is drawn above it, which fades; call it before `start`. */
  leaveGhost() {
    this._dropGhosts();
    if (still.matches || !this.drawnAt || document.hidden) return;
    for (const canvas of this.canvases) {
      const ghost = this._canvas(canvas.parentElement, "event-ghost");
      [ghost.width, ghost.height] = [canvas.width, canvas.height];
      ghost.getContext("2d").drawImage(canvas, 0, 0);
      ghost.style.width = canvas.style.width;
      ghost.style.height = canvas.style.height;
      this.L.DomUtil.setTransform(ghost, this.position, this.scale);
      const fading = ghost.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FADE_MS, fill: "forwards" });
      fading.onfinish = () => ghost.remove();
      this.ghosts.push(ghost);
    }
  }

  _dropGhosts() {
    for (const ghost of this.ghosts) ghost.remove();
    this.ghosts = [];
  }
}
