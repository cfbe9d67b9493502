// Asking the server. An outdated question of the same kind is called off; an error carries the server's own
// words and `status`.

const running = new Map();

/** The JSON at `url`. `kind`: a later call of the same kind aborts this one (the promise rejects with AbortError). */
export async function ask(url, { kind = "", method = "GET", body = null } = {}) {
  running.get(kind)?.abort();
  const control = new AbortController();
  if (kind) running.set(kind, control);
  const options = { method, signal: control.signal, headers: { Accept: "application/json" } };
  if (body) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server does not answer. Is it still running?", { cause: error });
  }
  const answer = await response.json().catch((error) => {
    if (error.name === "AbortError") throw error;
    return null;
  });
  if (!response.ok) throw Object.assign(new Error(answer?.detail || `The server answered ${response.status}.`), { status: response.status });
  return answer;
}

/** Calls off what `ask` of this kind has under way. */
export const callOff = (kind) => running.get(kind)?.abort();

export const wasAborted = (error) => error?.name === "AbortError";

/**
 * Runs `task` for each call, one run at a time: calls during a run become one run after it, so that what is shown keeps up
 * with a brush that moves. A run that keeps others waiting for `patience` milliseconds is called off by `cancel`.
 * Each call gives a promise of the end of the last run.
 */
export function oneAtATime(task, cancel, patience) {
  let running = null;
  let since = null; // when the run under way began; null before the first
  let again = false;
  let timer = 0;
  const runs = async () => {
    since = null;
    await null; // calls of one go are one run
    try {
      do {
        again = false;
        clearTimeout(timer);
        since = performance.now();
        await task();
      } while (again);
    } finally {
      clearTimeout(timer);
      running = null;
    }
  };
  return () => {
    if (!running) {
      running = runs();
    } else if (since !== null) {
      again = true;
      clearTimeout(timer);
      timer = setTimeout(cancel, Math.max(0, since + patience - performance.now()));
    }
    return running;
  };
}
