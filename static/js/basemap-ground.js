// The ground of our own basemap: land, waters, borders, drawn from the paths of a tile (basemap-tiles.js).

/** What is drawn in palette `t`, the lowest first. A line's `width(zoom, from)`: none, where it is not drawn. */
function rules(t) {
  return [
    { layer: "land", fill: t.land },
    { layer: "rivers", least: 3, colour: t.river, width: (zoom, from) => (from <= zoom + 1 ? riverWidth(zoom, from) : 0) },
    { layer: "lakes", fill: t.sea },
    { layer: "region_lines", least: 4, colour: t.region, dash: [3, 2.5], width: (zoom, from) => (from > zoom ? 0 : zoom < 6 ? 0.6 : 0.9) },
    { layer: "borders", least: 4, colour: t.borderCase, width: (zoom) => (zoom < 7 ? 2.6 : 4) },
    { layer: "borders", colour: t.border, width: (zoom) => (zoom < 4 ? 0.8 : zoom < 7 ? 1.1 : 1.5) },
  ];
}

function riverWidth(zoom, from) {
  return Math.min(2.4, 0.5 + 0.22 * Math.max(0, zoom - from));
}

/** Draws `ground` of a tile for a zoom on `context`, where a pixel of the tile is `scale` of the context's wide. */
export function paintGround(context, ground, zoom, scale, t) {
  context.lineJoin = context.lineCap = "round";
  for (const { layer, fill, least = 0, colour, width, dash = [] } of rules(t)) {
    if (zoom < least) continue;
    for (const [from, path] of ground.paths.get(layer) ?? []) {
      if (fill) {
        context.fillStyle = fill;
        context.fill(path);
        continue;
      }
      const wide = width(zoom, from);
      if (!wide) continue;
      context.strokeStyle = colour;
      context.lineWidth = wide / scale;
      context.setLineDash(dash.map((length) => length / scale));
      context.stroke(path);
    }
  }
}
