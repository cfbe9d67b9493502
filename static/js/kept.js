// What a tab keeps until it is saved; a browser that forbids storage, or has no room, loses only this.

/** Keeps `value` as JSON under `key`; null takes it out. */
export function keep(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch (error) {
    console.info("not kept in the tab:", error.message);
  }
}

/** What was kept under `key`, or null. */
export function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}
