// Light or dark: the system's until a person chooses. The button names the theme that it leads to.

const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

/** "light" or "dark": what is shown now. */
export function theme() {
  return root.dataset.theme || (system.matches ? "dark" : "light");
}

/** Calls `listener(theme)` at each change. */
export function onTheme(listener) {
  document.addEventListener("dateline:theme", () => listener(theme()));
}

function announce() {
  const button = document.getElementById("theme");
  if (button) {
    const other = theme() === "dark" ? "Light" : "Dark";
    document.getElementById("theme-name").textContent = other;
    button.setAttribute("aria-label", `${other} theme`);
    button.hidden = false;
  }
  document.dispatchEvent(new Event("dateline:theme"));
}

function swap() {
  root.dataset.theme = theme() === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("dateline-theme", root.dataset.theme);
  } catch {
    // Storage is forbidden: the choice lasts as long as the page.
  }
  announce();
}

system.addEventListener("change", announce);
document.getElementById("theme")?.addEventListener("click", swap);
announce();
