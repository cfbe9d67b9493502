// Colours of the heat map: even steps of lightness as the eye sees them (OKLab, Björn Ottosson 2020), from what lies close to
// the ground's own lightness to what stands farthest from it.

const STEPS = 256;
// Lightness, chroma and hue (degrees) at both ends and in the middle; hue and chroma bend, lightness goes straight.
const STOPS = {
  light: [[0.9, 0.075, 98], [0.655, 0.165, 52], [0.41, 0.155, 12]],
  dark: [[0.36, 0.1, -35], [0.635, 0.165, 32], [0.91, 0.11, 96]],
};
const made = new Map();

/** 256 colours as [r, g, b], faint to dense, for "light" or "dark". */
export function ramp(theme) {
  if (!made.has(theme)) made.set(theme, Array.from({ length: STEPS }, (_, k) => colourAt(STOPS[theme], k / (STEPS - 1))));
  return made.get(theme);
}

function colourAt([first, middle, last], share) {
  const [from, to, part] = share < 0.5 ? [first, middle, share * 2] : [middle, last, share * 2 - 1];
  const lightness = first[0] + (last[0] - first[0]) * share;
  const [chroma, hue] = [1, 2].map((k) => from[k] + (to[k] - from[k]) * part);
  return rgb(lightness, chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180));
}

/** OKLab to sRGB, 0 to 255. */
function rgb(lightness, a, b) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((value) => Math.round(255 * Math.max(0, Math.min(1, value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055))));
}
