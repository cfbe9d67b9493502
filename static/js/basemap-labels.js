// Rules for the names of the basemap: towns with a dot beside the name, countries and regions in capitals, waters in
// italics. Earlier rules win a place over later ones.

const DOT_GAP = 6; // from a town's dot to its name, in pixels
const ROOM = 2; // kept free around a name
const FAMILY = "Inter, system-ui, sans-serif";

/** Label rules over protomaps-leaflet `p` in palette `t`. */
export function labelRules(p, t) {
  return [
    { id: "countries", dataLayer: "countries", minzoom: 2, symbolizer: countryName(p, t), filter: countryShown, sort: byRank },
    { id: "towns", dataLayer: "towns", minzoom: 3, symbolizer: townName(p, t), filter: townShown, sort: byRank },
    { id: "regions", dataLayer: "regions", minzoom: 5, symbolizer: regionName(p, t), filter: regionShown, sort: (a, b) => b.reach - a.reach },
    { id: "waters", dataLayer: "waters", minzoom: 2, symbolizer: waterName(p, t), filter: waterShown },
  ];
}

function byRank(a, b) {
  return a.rank - b.rank;
}

function countryShown(z, f) {
  return f.props.min_zoom <= z + 0.8 && z <= Math.min(7, f.props.max_zoom);
}

function townShown(z, f) {
  return f.props.min_zoom <= z;
}

function regionShown(z, f) {
  return f.props.min_zoom <= z && z <= f.props.min_zoom + 3;
}

function waterShown(z, f) {
  return f.props.min_zoom <= z + 0.5 && z <= f.props.max_zoom;
}

function countryName(p, t) {
  return new p.Padding(ROOM, lettered(new p.CenteredTextSymbolizer({
    labelProps: ["name"],
    fill: t.country,
    stroke: t.halo,
    width: 2,
    lineHeight: 1.4,
    maxLineChars: (z) => (z < 4 ? 9 : 14),
    textTransform: "uppercase",
    font: (z, f) => font(z < 4 ? (f.props.rank < 3 ? 10 : 9.5) : f.props.rank < 4 ? 12 : 11, 600),
  }), 0.9));
}

function townName(p, t) {
  const people = (f) => f.props.people * (f.props.capital ? 4 : 1);
  const size = (z, f) => Math.min(15, 11 + (people(f) > 3e5 ? 1 : 0) + (people(f) > 1e6 ? 1 : 0) + (z > 8 && people(f) > 2e4 ? 1 : 0));
  const text = new p.TextSymbolizer({
    labelProps: ["name"],
    maxLineChars: 24,
    lineHeight: 1.3,
    fill: (z, f) => (people(f) > 1e5 ? t.town : t.townSmall),
    stroke: t.halo,
    width: 2.2,
    font: (z, f) => font(size(z, f), f.props.capital || people(f) > 1e6 ? 600 : 500),
  });
  const dot = new p.CircleSymbolizer({
    radius: (z, f) => (f.props.capital ? 2.6 : 1.9),
    fill: (z, f) => (f.props.capital ? t.halo : t.dot),
    stroke: (z, f) => (f.props.capital ? t.town : t.halo),
    width: (z, f) => (f.props.capital ? 1.5 : 1),
  });
  return lettered({ place: (layout, geom, feature) => besideDot(layout, geom[0][0], feature, text, dot) });
}

/**
 * The word right of its dot, or left, above or below where that is taken; nothing where all are. (protomaps-leaflet's
 * own OffsetSymbolizer tries only the first of its placements.)
 */
function besideDot(layout, at, feature, text, dot) {
  const [word] = text.place(layout, [[{ x: 0, y: 0 }]], feature) ?? [];
  const [mark] = dot.place(layout, [[{ x: 0, y: 0 }]], feature);
  if (!word) return undefined;
  const { maxX: width, minY: top, maxY: bottom } = word.bboxes[0];
  const middle = -(top + bottom) / 2;
  for (const [x, y] of [
    [DOT_GAP, middle],
    [-DOT_GAP - width, middle],
    [-width / 2, -DOT_GAP - bottom],
    [-width / 2, DOT_GAP - top],
  ]) {
    const box = {
      minX: at.x + Math.min(x, -2) - ROOM,
      minY: at.y + Math.min(y + top, -2) - ROOM,
      maxX: at.x + Math.max(x + width, 2) + ROOM,
      maxY: at.y + Math.max(y + bottom, 2) + ROOM,
    };
    if (layout.index.bboxCollides(box, layout.order)) continue;
    const draw = (ctx) => {
      ctx.save();
      ctx.translate(x, y);
      word.draw(ctx);
      ctx.restore();
      mark.draw(ctx);
    };
    return [{ anchor: at, bboxes: [box], draw }];
  }
  return undefined;
}

function regionName(p, t) {
  return new p.Padding(5, lettered(new p.CenteredTextSymbolizer({
    labelProps: ["name"],
    fill: t.regionName,
    stroke: t.halo,
    width: 1.8,
    maxLineChars: 14,
    lineHeight: 1.5,
    textTransform: "uppercase",
    font: (z) => font(z > 7 ? 10.5 : 9.5, 500),
  }), 0.8));
}

function waterName(p, t) {
  return lettered(new p.CenteredTextSymbolizer({
    labelProps: ["name"],
    fill: t.water,
    stroke: t.waterHalo,
    width: 1.5,
    maxLineChars: 12,
    lineHeight: 1.25,
    font: (z, f) => font(f.props.lake ? 10.5 : z < 4 ? 11 : 12, 450, "italic "),
  }));
}

function font(size, weight, style = "") {
  return `${style}${weight} ${size}px ${FAMILY}`;
}

/** Measured and drawn unhinted, so that letters keep their distances, with `px` more between them. */
function lettered(symbolizer, px = 0) {
  const set = (ctx) => {
    ctx.textRendering = "geometricPrecision";
    ctx.letterSpacing = `${px}px`;
  };
  return {
    place(layout, geom, feature) {
      const { scratch } = layout;
      scratch.save();
      set(scratch);
      const labels = symbolizer.place(layout, geom, feature);
      scratch.restore();
      return labels?.map((label) => ({
        ...label,
        draw: (ctx, extra) => {
          set(ctx); // the painter restores the canvas after each label
          label.draw(ctx, extra);
        },
      }));
    },
  };
}
