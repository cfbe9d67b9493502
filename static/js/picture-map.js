// The map as it is seen, on one canvas: the tiles of ground and names, the layer's canvases, areas drawn as filters, and a scale bar.

const { L } = window;
const BAR_PX = 110;

/**
 * Draws what `map` shows on `context` (in CSS pixels, its origin at the map's corner). True where all of it could be
 * drawn; online tiles whose server does not let pages copy them are left out.
 */
export async function drawMap(context, map) {
  const box = map.getContainer().getBoundingClientRect();
  const panes = Object.values(map.getPanes()).filter((pane) => pane.parentElement === map.getPane("mapPane"));
  panes.sort((one, other) => (Number(getComputedStyle(one).zIndex) || 0) - (Number(getComputedStyle(other).zIndex) || 0));
  let whole = true;
  for (const pane of panes) {
    for (const element of pane.querySelectorAll("canvas:not(.event-ghost), img.leaflet-tile, svg")) {
      whole = (await drawElement(context, element, box, map)) && whole;
    }
  }
  return whole;
}

async function drawElement(context, element, box, map) {
  if (element.tagName === "svg") {
    map.eachLayer((layer) => layer instanceof L.Path && layer._renderer?._container === element && drawPath(context, layer, map));
    return true;
  }
  const { left, top, width, height } = element.getBoundingClientRect();
  if (!width || !element.width) return true;
  const source = element.tagName === "IMG" ? await copyable(element) : element;
  if (source) context.drawImage(source, left - box.left, top - box.top, width, height);
  return Boolean(source);
}

/** The same picture, asked for so that a canvas may be read after it is drawn; null where its server forbids that. */
function copyable(image) {
  if (new URL(image.src, location.href).origin === location.origin) return Promise.resolve(image);
  return new Promise((resolve) => {
    const copy = new Image();
    copy.crossOrigin = "anonymous";
    copy.onload = () => resolve(copy);
    copy.onerror = () => resolve(null);
    copy.src = image.src;
  });
}

/** A polygon or line of Leaflet's, such as a filter's area. */
function drawPath(context, path, map) {
  if (!path.getLatLngs) return;
  const style = getComputedStyle(path.getElement()); // the page's style sheet has the last word on colours
  context.save();
  context.beginPath();
  for (const ring of rings(path.getLatLngs())) {
    ring.forEach((at, k) => {
      const { x, y } = map.latLngToContainerPoint(at);
      if (k) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    if (path instanceof L.Polygon) context.closePath();
  }
  if (style.fill !== "none") {
    context.globalAlpha = Number(style.fillOpacity);
    context.fillStyle = style.fill;
    context.fill("evenodd");
  }
  if (style.stroke !== "none") {
    context.globalAlpha = Number(style.strokeOpacity);
    context.strokeStyle = style.stroke;
    context.lineWidth = Number.parseFloat(style.strokeWidth);
    context.setLineDash(style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(/[ ,]+/).map(Number.parseFloat));
    context.stroke();
  }
  context.restore();
}

const rings = (given) => (given[0]?.lat === undefined && !Array.isArray(given[0]) ? [] : given[0]?.lat === undefined ? given.flatMap(rings) : [given]);

/** A bar of 1, 2 or 5 times a power of ten, for the ground in the middle of the map; its lower left corner at x, y. */
export function drawScale(context, map, x, y, { ink, halo, font }) {
  const { x: wide, y: high } = map.getSize();
  const metres = map.containerPointToLatLng([wide / 2, high / 2]).distanceTo(map.containerPointToLatLng([wide / 2 + 1, high / 2]));
  const power = 10 ** Math.floor(Math.log10(metres * BAR_PX));
  const length = [5, 2, 1].map((times) => times * power).find((nice) => nice <= metres * BAR_PX);
  const text = length >= 1000 ? `${(length / 1000).toLocaleString("en-GB")} km` : `${length} m`;
  const end = x + length / metres;
  context.lineJoin = "round";
  context.lineCap = "butt";
  for (const [colour, line] of [[halo, 4], [ink, 1.5]]) {
    context.beginPath();
    context.moveTo(x, y - 6);
    context.lineTo(x, y);
    context.lineTo(end, y);
    context.lineTo(end, y - 6);
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.stroke();
  }
  context.font = font;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.lineWidth = 3;
  context.strokeStyle = halo;
  context.strokeText(text, x + 5, y - 5);
  context.fillStyle = ink;
  context.fillText(text, x + 5, y - 5);
}
