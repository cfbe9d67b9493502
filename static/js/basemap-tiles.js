// A vector tile of our own basemap, read once for both of its layers: what is drawn as ground becomes paths, which the
// browser's own code keeps and draws, and only what is written becomes features, as protomaps-leaflet's labels want them.
// (Its own reader makes an object of each corner, and reads each feature five times over.)

const GROUND = new Set(["land", "lakes", "rivers", "region_lines", "borders"]);
const [MOVE_TO, CLOSE] = [1, 7]; // commands of a geometry: Mapbox Vector Tile specification 2.1, section 4.3.3
const EXTENT = 4096; // where a layer does not say its own: section 4.1
const INT32_BITS = 28; // from here on the next seven bits do not fit a number that is shifted

/** Reads a protocol buffer: fields one after the other. */
class Reader {
  constructor(bytes, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += shift < INT32_BITS ? (byte & 127) << shift : (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  /** A number that may be below zero. */
  signed() {
    const value = this.number();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  /** The stretch that begins here, as a reader of its own. */
  part() {
    const size = this.number();
    this.at += size;
    return new Reader(this.bytes, this.at - size, this.at);
  }

  text() {
    const { at, end } = this.part();
    return new TextDecoder().decode(this.bytes.subarray(at, end));
  }

  float(size) {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, size);
    this.at += size;
    return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }

  /** Reads all fields: `takers[field]()` reads one, of a field without a taker nothing is read. */
  fields(takers) {
    while (this.at < this.end) {
      const head = this.number();
      const take = takers[head >> 3];
      if (take) take();
      else this._skip(head & 7);
    }
  }

  _skip(wire) {
    if (wire === 0) this.number();
    else this.at += wire === 1 ? 8 : wire === 5 ? 4 : this.part() && 0;
  }
}

/**
 * A tile's layers of names by name, each a list of features { id, geomType, geom, bbox, props, numVertices } in pixels of a tile
 * that is `size` wide; and as `ground` the paths of what is drawn, by layer and then by the property min_zoom, and where
 * they lie in the tile. `Point` makes the corners of features.
 */
export function readTile(buffer, size, Point) {
  const found = new Map();
  found.ground = { paths: new Map(), scale: 1, left: 0, top: 0 };
  const tile = new Reader(new Uint8Array(buffer));
  tile.fields({ 3: () => readLayer(tile.part(), found, size, Point) });
  return found;
}

function readLayer(layer, found, size, Point) {
  const features = [];
  const keys = [];
  const values = [];
  let name = "";
  let extent = EXTENT;
  layer.fields({
    1: () => (name = layer.text()),
    2: () => features.push(layer.part()),
    3: () => keys.push(layer.text()),
    4: () => values.push(readValue(layer.part())),
    5: () => (extent = layer.number()),
  });
  const read = features.map((feature) => readFeature(feature, keys, values));
  const scale = size / extent;
  if (GROUND.has(name)) found.ground.paths.set(name, pathsOf(read, scale));
  else found.set(name, read.map((feature) => placed(feature, scale, Point)));
}

function readValue(value) {
  let found = null;
  value.fields({
    1: () => (found = value.text()),
    2: () => (found = value.float(4)),
    3: () => (found = value.float(8)),
    4: () => (found = value.number()),
    5: () => (found = value.number()),
    6: () => (found = value.signed()),
    7: () => (found = value.number() > 0),
  });
  return found;
}

function readFeature(feature, keys, values) {
  const props = {};
  const found = { id: undefined, type: 0, props, shape: null };
  feature.fields({
    1: () => (found.id = feature.number()),
    2: () => {
      const tags = feature.part();
      while (tags.at < tags.end) props[keys[tags.number()]] = values[tags.number()];
    },
    3: () => (found.type = feature.number()),
    4: () => (found.shape = feature.part()),
  });
  return found;
}

/** One path for all features that are drawn alike. */
function pathsOf(features, scale) {
  const paths = new Map();
  for (const { shape, props } of features) {
    const from = props.min_zoom ?? 0;
    let path = paths.get(from);
    if (!path) paths.set(from, (path = new Path2D()));
    if (shape) walk(shape, scale, (x, y) => path.moveTo(x, y), (x, y) => path.lineTo(x, y), () => path.closePath());
  }
  return paths;
}

/** Goes along a geometry: `begin` at the first point of each of its parts, `go` to the others, `close` back to the first. */
function walk(shape, scale, begin, go, close) {
  let x = 0;
  let y = 0;
  while (shape.at < shape.end) {
    const head = shape.number();
    const command = head & 7;
    if (command === CLOSE) close();
    else {
      const act = command === MOVE_TO ? begin : go;
      for (let left = head >> 3; left > 0; left -= 1) {
        x += shape.signed();
        y += shape.signed();
        act(x * scale, y * scale);
      }
    }
  }
}

function placed({ id, type, props, shape }, scale, Point) {
  const geom = [];
  const bbox = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  let numVertices = 0;
  const add = (x, y) => {
    geom.at(-1).push(new Point(x, y));
    numVertices += 1;
    bbox.minX = Math.min(bbox.minX, x);
    bbox.minY = Math.min(bbox.minY, y);
    bbox.maxX = Math.max(bbox.maxX, x);
    bbox.maxY = Math.max(bbox.maxY, y);
  };
  const begin = (x, y) => {
    geom.push([]);
    add(x, y);
  };
  if (shape) walk(shape, scale, begin, add, () => add(geom.at(-1)[0].x, geom.at(-1)[0].y));
  return { id, geomType: type, geom, bbox, props, numVertices };
}
