// Colours of the basemap: grey enough that any event's colour stands out. Town names keep 7:1 against the land, the
// fainter names of regions and waters 4.5:1.

const PALETTES = {
  light: {
    sea: "#d3e1e8",
    land: "#f6f5f1",
    coast: "#b4c6cf",
    river: "#b3cedb",
    region: "#c9c4ba",
    border: "#948d82",
    borderCase: "#ebe7df",
    town: "#2d3236",
    townSmall: "#444b51",
    dot: "#5b636a",
    country: "#5c564d",
    regionName: "#76705f",
    water: "#41697d",
    halo: "#fbfaf7",
    waterHalo: "#d3e1e8",
  },
  dark: {
    sea: "#10161c",
    land: "#1e252c",
    coast: "#33414c",
    river: "#274252",
    region: "#3b4650",
    border: "#7b8894",
    borderCase: "#262e36",
    town: "#dbe2e8",
    townSmall: "#b9c3cb",
    dot: "#94a1ac",
    country: "#9fabb5",
    regionName: "#8b96a0",
    water: "#7ea5ba",
    halo: "#161c22",
    waterHalo: "#10161c",
  },
};

/** The colours of "light" or "dark". */
export function palette(theme) {
  return PALETTES[theme] ?? PALETTES.light;
}
