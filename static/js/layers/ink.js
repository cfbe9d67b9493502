// The colours that the layer draws with besides those of the types. Grounds: static/js/basemap-palette.js.

import { compact } from "../format.js";

export const INK = {
  light: { halo: "#ffffff", disc: "rgba(255,255,255,.72)", plate: "#2b3138", plateText: "#ffffff", accent: "#0b5cad", other: "#565e67", faint: "#444b51" },
  dark: { halo: "#12181d", disc: "rgba(20,25,30,.72)", plate: "#dfe5ea", plateText: "#12181d", accent: "#7cb8f5", other: "#a9b4be", faint: "#b9c3cb" },
};
export const FONT = "Inter, system-ui, sans-serif";

/** "842", "4.2k", "62k", "1M": as much as fits a small circle. */
export const tinyNumber = (value) => compact(value, value < 9950 ? 1 : 0);

/** What every painter needs: `theme` "light" or "dark", and `styles`, the types by name in the order of the legend. */
export class Inks {
  constructor(styles, theme) {
    this.styles = styles;
    this.theme = theme;
    this.ink = INK[theme];
  }

  colour(type) {
    const style = this.styles.get(type);
    if (!style) return this.ink.other;
    return this.theme === "dark" ? style.colour_dark : style.colour;
  }

  shape(type) {
    return this.styles.get(type)?.shape || "circle";
  }

  /** The types that `counts` has, in the order of the legend, so that a ring reads the same everywhere. */
  inOrder(counts) {
    return [...this.styles.keys(), ...Object.keys(counts).filter((name) => !this.styles.has(name))].filter((name) => counts[name]);
  }
}
