// The shape of each event type, as a path around 0,0 with a half-width of about 1, for canvas and for SVG alike.

const polygon = (points) => `M${points.map(([x, y]) => `${x.toFixed(3)} ${y.toFixed(3)}`).join("L")}Z`;
const regular = (corners, radius, turn = 0) =>
  Array.from({ length: corners }, (_, k) => {
    const angle = turn + (k / corners) * 2 * Math.PI - Math.PI / 2;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
const starPoints = Array.from({ length: 10 }, (_, k) => {
  const angle = (k / 10) * 2 * Math.PI - Math.PI / 2;
  const radius = k % 2 ? 0.58 : 1.25;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
});
const A = 0.4;
const B = 1.08;
const plusPoints = [[-A, -B], [A, -B], [A, -A], [B, -A], [B, A], [A, A], [A, B], [-A, B], [-A, A], [-B, A], [-B, -A], [-A, -A]];
const turned = ([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2];

export const PATHS = {
  circle: "M-1 0A1 1 0 1 0 1 0A1 1 0 1 0 -1 0Z",
  square: polygon([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
  diamond: polygon(regular(4, 1.25)),
  triangle: polygon([[0, -1.15], [1.14, 0.88], [-1.14, 0.88]]),
  triangle_down: polygon([[0, 1.15], [1.14, -0.88], [-1.14, -0.88]]),
  plus: polygon(plusPoints),
  cross: polygon(plusPoints.map(turned)),
  star: polygon(starPoints),
  pentagon: polygon(regular(5, 1.12)),
  hexagon: polygon(regular(6, 1.08, Math.PI / 6)),
  chevron: polygon([[-1, -0.9], [0, -0.2], [1, -0.9], [1, 0.25], [0, 0.95], [-1, 0.25]]),
  drop: "M0 -1.3C0.5 -0.5 0.95 -0.1 0.95 0.4A0.95 0.85 0 0 1 -0.95 0.4C-0.95 -0.1 -0.5 -0.5 0 -1.3Z",
};
const paths = new Map();

/** Draws one shape at x, y. Filled: `colour` inside a thin halo. Hollow (a draft): the halo inside a line of `colour`. */
export function drawShape(context, shape, x, y, radius, colour, halo, hollow) {
  if (!paths.has(shape)) paths.set(shape, new Path2D(PATHS[shape] || PATHS.circle));
  const path = paths.get(shape);
  context.save();
  context.translate(x, y);
  context.scale(radius, radius);
  context.lineJoin = "round";
  context.strokeStyle = halo;
  context.lineWidth = (hollow ? 5 : 3) / radius;
  context.stroke(path);
  context.fillStyle = hollow ? halo : colour;
  context.fill(path);
  if (hollow) {
    context.strokeStyle = colour;
    context.lineWidth = 2.2 / radius;
    context.stroke(path);
  }
  context.restore();
}

/** A swatch for the legend and the lists, decorative: the name stands beside it. */
export function swatch(style, theme, hollow = false) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const colour = theme === "dark" ? style.colour_dark : style.colour;
  for (const [name, value] of [["viewBox", "-1.7 -1.7 3.4 3.4"], ["class", "swatch"], ["aria-hidden", "true"], ["focusable", "false"]]) {
    svg.setAttribute(name, value);
  }
  path.setAttribute("d", PATHS[style.shape] || PATHS.circle);
  path.setAttribute("fill", hollow ? "none" : colour);
  path.setAttribute("stroke", colour);
  path.setAttribute("stroke-width", hollow ? "0.42" : "0");
  path.setAttribute("stroke-linejoin", "round");
  svg.append(path);
  return svg;
}
