// The races a reader keeps on top, and the place chosen last: in this browser, which no server
// ever sees stored.
(() => {
  const bar = document.querySelector(".your-races");
  const list = document.querySelector(".race-list");
  const key = `newsroom-races-${bar.dataset.election}`;
  const buttons = [...list.querySelectorAll(".keep-race")];
  const [link, clear, there] = bar.children;
  const place = document.querySelector("[name=place]");
  const named = link.textContent;
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(key) || "[]").filter(Number.isInteger);
  } catch {
    return;
  }
  const show = () => {
    link.hidden = !kept.length;
    bar.hidden = link.hidden && there.hidden;
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
  const offerPlace = () => {
    const asked = new URLSearchParams(location.search).get("place");
    try {
      if (asked !== null) localStorage.setItem(`${key}-place`, asked);
    } catch {}
    const value = localStorage.getItem(`${key}-place`);
    const known = value && [...place.options].find((option) => option.value === value);
    there.hidden = !known || asked === value;
    if (known) there.href = `?place=${encodeURIComponent(value)}`;
    if (known) there.append(`: ${known.text}`);
  };
  clear.onclick = () => {
    localStorage.removeItem(`${key}-place`);
    there.hidden = true;
    keep([]);
  };
  if (place) offerPlace();
  buttons.reverse().forEach((button) => {
    const id = +button.value;
    button.hidden = false;
    button.onclick = () => keep(kept.includes(id) ? kept.filter((other) => other !== id) : [...kept, id]);
    if (kept.includes(id)) list.prepend(button.parentNode);
  });
  show();
})();
