// The tiles of the basemap that a file carries. Where it has none of a zoom, those of a lower one are shown larger.

const DEPTH = 24; // no tile is asked for that lies deeper

export class FileTiles {
  /** `tiles`: { "z/x/y": base64 of a vector tile, gzipped or not }. */
  constructor(tiles) {
    this.tiles = new Map(Object.entries(tiles));
  }

  /** What protomaps-leaflet asks of a PMTiles file. */
  async getZxy(z, x, y) {
    const text = this.tiles.get(`${z}/${x}/${y}`);
    return text ? { data: await inflated(bytesOf(text)) } : undefined;
  }

  /** The tile at or above z/x/y that is here, with how many zooms it lies above; null where none is. */
  nearest({ z, x, y }) {
    for (let up = 0; up <= Math.min(z, DEPTH); up += 1) {
      const at = { z: z - up, x: x >> up, y: y >> up };
      if (this.tiles.has(`${at.z}/${at.x}/${at.y}`)) return { at, up };
    }
    return null;
  }

  /** Makes `source`, which parses tiles, cut what is not here out of the nearest tile above. */
  fill(source) {
    const get = source.get.bind(source);
    source.get = async (tile, size) => {
      const found = this.nearest(tile);
      if (!found) return new Map();
      const layers = await get(found.at, size);
      return found.up ? enlarged(layers, tile, found.up, size) : layers;
    };
  }
}

/** The features of a tile that reach into one of those below it, in that one's pixels. */
function enlarged(layers, { x, y }, up, size) {
  const scale = 2 ** up;
  const left = (x % scale) * size;
  const top = (y % scale) * size;
  const move = (point) => Object.assign(Object.create(Object.getPrototypeOf(point)), point, { x: point.x * scale - left, y: point.y * scale - top });
  const inside = ({ minX, minY, maxX, maxY }) => maxX >= 0 && maxY >= 0 && minX <= size && minY <= size;
  const found = new Map();
  for (const [name, features] of layers) {
    found.set(name, features.flatMap((feature) => {
      const { minX, minY, maxX, maxY } = feature.bbox;
      const bbox = { minX: minX * scale - left, minY: minY * scale - top, maxX: maxX * scale - left, maxY: maxY * scale - top };
      return inside(bbox) ? [{ ...feature, bbox, geom: feature.geom.map((line) => line.map(move)) }] : [];
    }));
  }
  if (layers.ground) found.ground = { ...layers.ground, scale, left, top };
  return found;
}

/** The bytes that base64 text stands for. */
export function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let k = 0; k < binary.length; k += 1) bytes[k] = binary.charCodeAt(k);
  return bytes;
}

/** Bytes as they were before gzip; those that were not packed as they are. */
export async function inflated(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.buffer;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
