/* Live entries. */
const home = document.querySelector(".live-news");
const [said, bar, list] = home.children;
const old = ({ id }) => document.getElementById(id);
let misses = 0;
let next;

const show = () => {
  bar.hidden = true;
  list.dataset.version = next.dataset.version;
  list.replaceChildren(...[...next.children].map((entry) => old(entry) || entry));
};

const take = () => {
  let news = 0;
  for (const entry of next.children)
    if (!old(entry)) news++;
    else if (!old(entry).isEqualNode(entry)) old(entry).replaceWith(entry.cloneNode(true));
  bar.hidden = !news;
  if (news) said.textContent = bar.textContent = `${bar.title}: ${news}`;
  if (!news || (list.getBoundingClientRect().top > 0 && !list.matches(":focus-within"))) show();
};

const ask = async () => {
  try {
    const answer = await fetch(home.dataset.src, { cache: "no-cache", credentials: "omit" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    next = page.querySelector("ol");
    if (+next.dataset.version > list.dataset.version) take();
    if (next.dataset.over) return;
    misses = 0;
  } catch {
    misses++;
  }
  plan();
};

const plan = () => setTimeout(ask, (16e3 + 8e3 * Math.random()) * 2 ** Math.min(misses, 4));

bar.onclick = () => {
  show();
  list.firstElementChild.focus();
};
plan();
