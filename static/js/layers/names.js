// Where the names of the basemap stand, so that counts are not written over them. protomaps-leaflet keeps each name's box
// in pixels of the world at the zoom of its tiles.

import { PointGrid } from "./grid.js";

const FAR_PX = 64; // no two boxes whose middles are farther apart than this overlap
const ANY_RULE = Infinity;

export class PlaceNames {
  /** `onChange()` is called when names have come or gone. */
  constructor(map, onChange) {
    this.map = map;
    this.layer = null;
    this.onChange = onChange;
    this.onAdd = ({ layer }) => this._take(layer);
    map.on("layeradd", this.onAdd);
    map.eachLayer((layer) => this._take(layer));
  }

  remove() {
    this.map.off("layeradd", this.onAdd);
    this.layer?.off("load", this.onChange);
  }

  _take(layer) {
    if (!layer.labelers || !layer.labelRules?.length) return;
    this.layer?.off("load", this.onChange);
    this.layer = layer.on("load", this.onChange);
  }

  /** A function (left, top, right, bottom) of pixels of the world at `zoom`: whether no name stands there. */
  at(zoom) {
    const index = this.layer?.labelers?.getIndex(zoom);
    const dim = 256 * 2 ** zoom;
    if (!index) return () => true;
    return (left, top, right, bottom) => {
      const turn = Math.floor(left / dim) * dim; // names are kept for one copy of the world
      return !index.bboxCollides({ minX: left - turn, minY: top, maxX: right - turn, maxY: bottom }, ANY_RULE);
    };
  }
}

/** What room is left on a canvas beside names and what was written before. `named(left, top, right, bottom)` of the canvas. */
export class Room {
  constructor(named) {
    this.named = named;
    this.boxes = new PointGrid(64);
  }

  take(left, top, right, bottom) {
    this.boxes.add((left + right) / 2, (top + bottom) / 2, { left, top, right, bottom });
  }

  free(left, top, right, bottom) {
    if (!this.named(left, top, right, bottom)) return false;
    let found = true;
    this.boxes.near((left + right) / 2, (top + bottom) / 2, FAR_PX, (box) => {
      if (box.left < right && box.right > left && box.top < bottom && box.bottom > top) found = false;
    });
    return found;
  }
}
