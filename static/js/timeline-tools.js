// The row above the bars: play and speed, what is chosen, the key of the bars, the unit, zoom, and back to all dates.

import { byId } from "./dom.js";
import { number, shortNumber } from "./format.js";

export class TimelineTools {
  constructor(timeline, onTray) {
    this.play = byId("play");
    this.play.addEventListener("click", () => (timeline.player.playing ? timeline.stop() : timeline.play()));
    byId("all-dates").addEventListener("click", () => timeline.reset());
    byId("unit").addEventListener("change", (event) => timeline.setUnit(event.target.value));
    byId("surely").addEventListener("change", (event) => timeline.onChange({ dates: event.target.checked ? "surely" : "" }));
    byId("axis-in").addEventListener("click", () => timeline.zoomBy(1));
    byId("axis-out").addEventListener("click", () => timeline.zoomBy(-1));
    byId("time-undated").addEventListener("click", () => onTray("undated"));
    byId("time-more").addEventListener("click", () => this._fold());
  }

  get speed() {
    return Number(byId("speed").value);
  }

  /** After an answer: what of the row depends on the data. */
  show({ bins }, state, undated) {
    const doubtful = bins.possibly.some((count, k) => count !== bins.surely[k]);
    byId("time-doubt").hidden = !doubtful && state.dates !== "surely";
    byId("surely").checked = state.dates === "surely";
    byId("time-undated").hidden = !undated;
    byId("time-undated").textContent = `${shortNumber(undated, 1000)} undated`;
    byId("time-undated").setAttribute("aria-label", `List the ${number(undated)} events without a date`);
  }

  /** After every move: what can be pressed. */
  draw({ axis, chosen, player }) {
    byId("all-dates").disabled = !chosen && axis.whole;
    byId("axis-out").disabled = axis.whole;
    byId("axis-in").disabled = axis.empty || axis.narrowest;
    this.play.disabled = axis.empty && !player.playing;
    byId("surely").disabled = !chosen;
  }

  showPlaying(playing) {
    this.play.setAttribute("aria-label", playing ? "Pause" : "Play through time");
    this.play.classList.toggle("playing", playing);
  }

  _fold() {
    const open = byId("time-tools").classList.toggle("open");
    byId("time-more").setAttribute("aria-expanded", String(open));
  }
}
