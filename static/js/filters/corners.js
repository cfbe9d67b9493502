// The drawn area as text: one corner a line. The keyboard's way to draw, and the way for areas of many corners.

import { byId } from "../dom.js";
import { brought, ringOf, whyNot } from "./ring.js";

const SHAPE = "accepted: longitude, latitude in degrees, as 30.52, 50.45";

export class CornersDialog {
  /** `onDone(corners)`. */
  constructor(onDone) {
    this.dialog = byId("corners-dialog");
    this.text = byId("corners-text");
    byId("corners-form").addEventListener("submit", (event) => {
      event.preventDefault();
      try {
        const ring = cornersOf(this.text.value);
        this.dialog.close();
        onDone(ring);
      } catch (error) {
        this._complain(error.message);
      }
    });
    byId("corners-cancel").addEventListener("click", () => this.dialog.close());
  }

  open(ring) {
    this.text.value = (ring || []).map(([lon, lat]) => `${lon}, ${lat}`).join("\n");
    this._complain("");
    this.dialog.showModal();
    this.text.focus();
  }

  _complain(text) {
    byId("corners-problem").textContent = text;
    byId("corners-problem").hidden = !text;
    this.text.setAttribute("aria-invalid", String(Boolean(text)));
  }
}

/** The ring that a text of lines means; an Error names the line that is wrong. */
export function cornersOf(text) {
  const lines = text.split(/[\n;]/).map((line) => line.trim());
  const corners = [];
  lines.forEach((line, at) => {
    if (!line) return;
    const numbers = line.split(/[\s,]+/).filter(Boolean).map(Number);
    const [lon, lat] = numbers;
    if (numbers.length !== 2 || !numbers.every(Number.isFinite)) throw new Error(`Line ${at + 1}, “${line.slice(0, 40)}”: ${SHAPE}.`);
    if (Math.abs(lat) > 90 || Math.abs(lon) > 360) {
      const swapped = Math.abs(lon) <= 90 && Math.abs(lat) <= 180 ? " Are they swapped? Longitude comes first." : "";
      throw new Error(`Line ${at + 1}, “${line.slice(0, 40)}”, is off the map.${swapped}`);
    }
    corners.push([lon, lat]);
  });
  const ring = ringOf(corners.flat());
  if (!ring) throw new Error(whyNot(corners) || "An area has at least three corners.");
  return brought(ring);
}
