// Things on a plane in square buckets: what lies near a point is found without looking at everything.

export class PointGrid {
  /** `side` of a bucket in pixels; as large as the farthest that is usually asked for. */
  constructor(side) {
    this.side = side;
    this.buckets = new Map();
    this.reach = 0;
  }

  /** `reach`: how far from x, y the thing can be hit, in pixels. */
  add(x, y, thing, reach = 0) {
    const key = this._key(Math.floor(x / this.side), Math.floor(y / this.side));
    const bucket = this.buckets.get(key);
    const entry = { x, y, reach, thing };
    if (bucket) bucket.push(entry);
    else this.buckets.set(key, [entry]);
    if (reach > this.reach) this.reach = reach;
  }

  /** Calls `visit(thing, distance, reach)` for everything within `radius` of x, y and for all that reaches there. */
  near(x, y, radius, visit) {
    const far = Math.max(radius, this.reach);
    const [left, right] = [Math.floor((x - far) / this.side), Math.floor((x + far) / this.side)];
    const [top, bottom] = [Math.floor((y - far) / this.side), Math.floor((y + far) / this.side)];
    for (let column = left; column <= right; column += 1) {
      for (let row = top; row <= bottom; row += 1) {
        for (const entry of this.buckets.get(this._key(column, row)) || []) {
          const distance = Math.hypot(entry.x - x, entry.y - y);
          if (distance <= Math.max(radius, entry.reach)) visit(entry.thing, distance, entry.reach);
        }
      }
    }
  }

  _key(column, row) {
    return column * 1_048_576 + row; // screens and their margins are far smaller
  }
}
