// The two Leaflet layers of our own basemap, ground and names, as canvases as wide as a tile of data is on the page. (With
// protomaps-leaflet's own, a quarter as large, each outline was drawn four times, and the browser had forty canvases to
// put together at each frame.)

import { paintGround } from "./basemap-ground.js";
import { readTile } from "./basemap-tiles.js";

const TILE_PX = 512;
const MOST_RATIO = 2; // of the screen's pixels to the page's that flat colours are drawn at
const REACH_PX = 16; // names reach so far into a neighbouring tile at most
const LABELED_TILES = 64; // whose names are kept in place: as many tiles as protomaps-leaflet keeps
const SLICE_MS = 24; // of drawing in one go; then it is the turn of whatever else waits

let until = 0;
/** Goes on at once, or where others have waited for long after them. */
async function othersTurn() {
  if (performance.now() < until) return;
  await new Promise((resolve) => setTimeout(resolve));
  until = performance.now() + SLICE_MS;
}

/** Tiles at addresses: a pattern with {z}, {x} and {y}. */
export class Addressed {
  constructor(pattern) {
    this.pattern = pattern;
  }

  /** What protomaps-leaflet's PMTiles answers: { data }, or nothing where there is no such tile. */
  async getZxy(z, x, y, signal) {
    const answer = await fetch(this.pattern.replace("{z}", z).replace("{x}", x).replace("{y}", y), { signal });
    if (answer.status === 204) return undefined;
    if (!answer.ok) throw new Error(`A tile of the basemap cannot be had: the server answered ${answer.status}.`);
    return { data: await answer.arrayBuffer() };
  }
}

/**
 * Where protomaps-leaflet `p` gets tiles from: `file` gives their bytes (`getZxy`). Those of another zoom that are on their
 * way are called off.
 */
class Source {
  constructor(p, file) {
    this.file = file;
    this.Point = pointOf(p);
    this.zoom = null;
  }

  async get({ z, x, y }, size) {
    if (z !== this.zoom) {
      this.control?.abort();
      this.control = new AbortController();
      this.zoom = z;
    }
    const found = await this.file.getZxy(z, x, y, this.control.signal);
    return readTile(found ? found.data : new ArrayBuffer(0), size, this.Point);
  }
}

/** The class of protomaps-leaflet's points, which it does not export. */
function pointOf(p) {
  return new p.View({ tileSize: TILE_PX }, 0, 1).dataTileForDisplayTile({ z: 1, x: 0, y: 0 }).origin.constructor;
}

/** Tiles of `file` down to `depth`, kept for all layers over them; `source` is what parses them. */
export function tilesOf(p, file, depth) {
  const source = new Source(p, file);
  return { source, view: new p.View(new p.TileCache(source, TILE_PX), depth, 1) };
}

/** Leaflet's grid with a canvas a tile; `_paint(context, tile, zoom, corner)` draws. */
function canvasGrid(L) {
  return L.GridLayer.extend({
    options: { tileSize: TILE_PX, updateWhenIdle: false, keepBuffer: 0, ratio: Infinity },

    createTile(coords, done) {
      const canvas = L.DomUtil.create("canvas", "leaflet-tile");
      canvas.lang = "en"; // which shapes of letters a font gives
      canvas.key = this._tileCoordsToKey(coords);
      this._draw(coords, canvas).then((drawn) => drawn && done(null, canvas));
      return canvas;
    },

    _removeTile(name) {
      const canvas = this._tiles[name]?.el;
      L.GridLayer.prototype._removeTile.call(this, name);
      if (!canvas) return;
      canvas.key = "";
      canvas.width = canvas.height = 0; // its memory is free at once
    },

    /** Whether the tile was drawn: not where it went meanwhile, or the map to another zoom. */
    async _draw(coords, canvas) {
      const { key } = canvas;
      const outdated = () => !this._map || canvas.key !== key || this._tileZoom !== coords.z;
      const tile = await this._tile(coords);
      if (outdated()) return false;
      await this._ready(coords.z);
      if (outdated()) return false;
      this._take?.(tile, coords.z);
      await othersTurn();
      if (outdated()) return false;
      const ratio = Math.min(this.options.ratio, window.devicePixelRatio || 1);
      canvas.width = canvas.height = TILE_PX * ratio;
      const context = canvas.getContext("2d");
      context.scale(ratio, ratio);
      this._paint(context, tile, coords.z, { x: TILE_PX * coords.x, y: TILE_PX * coords.y });
      return true;
    },

    /** What protomaps-leaflet knows of the tile; null where it cannot be had. */
    async _tile({ x, y, z }) {
      try {
        return await this.options.view.getDisplayTile({ z, x: 2 * x, y: 2 * y });
      } catch (error) {
        if (error.name !== "AbortError") console.error(error);
        return null;
      }
    },

    async _ready() {},
  });
}

/** The ground: `options` { view, palette }. */
export function groundLayer(L, options) {
  const Ground = canvasGrid(L).extend({
    _paint(context, tile, zoom, corner) {
      const { palette } = this.options;
      context.fillStyle = palette.sea;
      context.fillRect(0, 0, TILE_PX, TILE_PX);
      if (!tile?.data.ground) return;
      const { scale, left, top } = tile.data.ground;
      context.translate(tile.origin.x - corner.x, tile.origin.y - corner.y);
      context.scale(tile.scale, tile.scale);
      context.translate(-left, -top);
      context.scale(scale, scale);
      paintGround(context, tile.data.ground, zoom, tile.scale * scale, palette);
    },
  });
  return new Ground({ ratio: MOST_RATIO, ...options });
}

/** The names: `options` { view, p, labelRules, pane, ready }, `ready(zoom)` a promise of what they wait for. */
export function namesLayer(L, options) {
  const Names = canvasGrid(L).extend({
    initialize(given) {
      L.Util.setOptions(this, given);
      this.labelRules = given.labelRules;
      const scratch = document.createElement("canvas").getContext("2d");
      this.labelers = new given.p.Labelers(scratch, given.labelRules, LABELED_TILES, (keys) => this._again(keys));
    },

    _ready(zoom) {
      return this.options.ready(zoom);
    },

    _take(tile, zoom) {
      if (tile) this.labelers.add(zoom, new Map([["", [tile]]]));
    },

    _paint(context, tile, zoom, { x, y }) {
      if (!tile) return;
      const box = { minX: x - REACH_PX, minY: y - REACH_PX, maxX: x + TILE_PX + REACH_PX, maxY: y + TILE_PX + REACH_PX };
      this.options.p.paint(context, zoom, new Map([["", [tile]]]), this.labelers.getIndex(zoom), [], box, { x, y }, false, "");
    },

    /**
     * A name that reaches into the next tiles, or gives way to a weightier one, has them drawn again; once for all names that
     * changed in one go. A tile that is not drawn yet need not be: all names of the view are laid out before the first
     * of its tiles is drawn.
     */
    _again(keys) {
      if (!this._changed) {
        this._changed = new Set();
        setTimeout(() => {
          const changed = this._changed;
          this._changed = null;
          for (const { el, coords, loaded } of Object.values(this._tiles)) {
            if (loaded && changed.has(el.key)) this._draw(this._wrapCoords(coords), el);
          }
        });
      }
      for (const key of keys) {
        const [x, y, z] = key.split(":");
        this._changed.add(`${x >> 1}:${y >> 1}:${z}`);
      }
    },
  });
  return new Names(options);
}
