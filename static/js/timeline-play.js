// Playing: the chosen window moves on by one bin at a time, and waits for the map to have caught up.

const STEP_MS = 800; // at single speed
const LONGEST_MS = 4000; // an answer that takes longer does not hold the play up

export class Player {
  /** `step()` moves on and says whether it could; `speed()` is 1, 2, 4; `onPlaying(playing)` is told of each change. */
  constructor({ step, speed, onPlaying }) {
    this.step = step;
    this.speed = speed;
    this.onPlaying = onPlaying;
    this.timer = null;
  }

  get playing() {
    return this.timer !== null;
  }

  start() {
    this.caughtUp = true;
    this.onPlaying(true);
    this._later(STEP_MS / this.speed());
  }

  /** The answer to the last step is on the page. */
  shown() {
    this.caughtUp = true;
  }

  stop() {
    if (!this.playing) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.onPlaying(false);
  }

  _later(wait) {
    this.timer = setTimeout(() => this._tick(), wait);
  }

  _tick() {
    if (!this.caughtUp && performance.now() - this.asked < LONGEST_MS) return this._later(30);
    this.caughtUp = false;
    this.asked = performance.now();
    if (this.step()) this._later(STEP_MS / this.speed());
    else this.stop();
    return undefined;
  }
}
