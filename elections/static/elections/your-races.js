// The races a reader keeps on top: a list of ids in this browser, which no server ever sees stored.
(() => {
  const bar = document.querySelector(".your-races");
  const list = document.querySelector(".race-list");
  const key = `newsroom-races-${bar.dataset.election}`;
  const buttons = [...list.querySelectorAll(".keep-race")];
  const [link, clear] = bar.children;
  const named = link.textContent;
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(key) || "[]").filter(Number.isInteger);
  } catch {
    return;
  }
  const show = () => {
    bar.hidden = !kept.length;
    link.href = `?races=${kept}`;
    link.textContent = `${named} (${kept.length})`;
    buttons.forEach((button) => button.setAttribute("aria-pressed", kept.includes(+button.value)));
  };
  const keep = (ids) => {
    kept = ids.slice(-60);
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {}
    show();
  };
  clear.onclick = () => keep([]);
  buttons.reverse().forEach((button) => {
    const id = +button.value;
    button.hidden = false;
    button.onclick = () => keep(kept.includes(id) ? kept.filter((other) => other !== id) : [...kept, id]);
    if (kept.includes(id)) list.prepend(button.parentNode);
  });
  show();
})();
