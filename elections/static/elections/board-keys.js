/* The keys of the desk's screen. They do nothing in a field, in a dialog, or with Ctrl, Alt or ⌘. */

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

function races(root) {
  return [...root.querySelectorAll("[data-race-link]")];
}

function rowOf(root) {
  return root.contains(document.activeElement) && document.activeElement.closest("[data-race]");
}

function move(root, step) {
  const links = races(root);
  const row = rowOf(root);
  const here = row ? links.indexOf(row.querySelector("[data-race-link]")) : -1;
  const next = here === -1 && step < 0 ? 0 : Math.min(Math.max(here + step, 0), links.length - 1);
  links[next]?.focus();
  links[next]?.closest("[data-race]").scrollIntoView({ block: "nearest" });
}

function press(root, key) {
  const target = rowOf(root)?.querySelector(`[data-key="${key}"]`);
  target?.click();
  return Boolean(target);
}

const KEYS = {
  j: (root) => move(root, 1),
  k: (root) => move(root, -1),
  c: (root) => press(root, "c"),
  h: (root) => press(root, "h"),
  b: (root) => press(root, "b"),
  d: (root) => press(root, "d"),
  t: (root) => press(root, "t"),
  x: (root) => press(root, "x"),
  r: (root) => root.dispatchEvent(new CustomEvent("board:refresh")),
  "/": (root) => root.querySelector("input[type=search]").focus(),
  "?": (root) => root.querySelector("[data-board-keys]").showModal(),
};

function listen(root) {
  const opener = root.querySelector("[data-board-open-keys]");
  opener.hidden = false;
  opener.addEventListener("click", () => KEYS["?"](root));
  // Wagtail listens on the document for some of the same keys; on this screen they are the desk's.
  window.addEventListener(
    "keydown",
    (event) => {
      const isForOthers = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
      if (isForOthers || !KEYS[event.key] || document.querySelector("dialog[open]")) return;
      if (event.target.closest?.(TYPING)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      KEYS[event.key](root);
    },
    true,
  );
}

for (const root of document.querySelectorAll('[data-board][data-keys="on"]')) listen(root);
