/* Keeps results up to date: one manifest for all, never an older result. */

const plans = {};
const region = document.body.appendChild(document.createElement("p"));
region.className = "result-news";
region.ariaLive = "polite";

const ask = async (address) => {
  const signal = AbortSignal.timeout(9000);
  const response = await fetch(address, { cache: "no-cache", credentials: "omit", signal });
  if (!response.ok) throw response;
  return response.text();
};

/* What is alike stays, with focus and selection. */
const patch = (old, next) => {
  if (old.isEqualNode(next)) return;
  if (old.nodeName != next.nodeName || old.data) {
    old.parentNode.classList.add("is-changed");
    return old.replaceWith(next);
  }
  for (const { name } of [...old.attributes]) next.hasAttribute(name) || old.removeAttribute(name);
  for (const { name, value } of next.attributes) old.setAttribute(name, value);
  const kept = [...old.childNodes];
  for (const child of [...next.childNodes]) kept[0] ? patch(kept.shift(), child) : old.append(child);
  for (const child of kept) child.remove();
};

const planFor = (manifest) => {
  const selector = `[data-manifest="${manifest}"]`;
  let asked = -1e9;
  let timer;

  const check = async () => {
    asked = performance.now();
    const answer = await ask(manifest).then(JSON.parse).catch(() => {});
    const members = [...document.querySelectorAll(selector)];
    await Promise.all(members.map((member) => member.follow(answer)));
    const news = [...new Set(members.map((member) => member.news))].join("");
    if (news) region.textContent = news;
    plan(Math.min(...members.map((member) => member.misses)));
  };

  /* Rests longer when hidden and after misses. */
  const plan = (misses) => {
    clearTimeout(timer);
    const live = document.querySelector(selector + ":not([data-final])");
    if (!live) return;
    const rest = (live.dataset.interval || 15) * (document.hidden ? 4 : 1) * 2 ** misses;
    const ms = Math.min(300, rest) * (800 + 400 * Math.random());
    timer = setTimeout(check, asked + ms - performance.now());
  };

  return plan;
};

class LiveResult extends HTMLElement {
  static ask = ask;
  static join = (manifest) => (plans[manifest] ||= planFor(manifest))(0);
  misses = 0;

  connectedCallback() {
    LiveResult.join(this.dataset.manifest);
    this.onanimationend = ({ target }) => (target.className = "");
  }

  /* A miss is whatever leaves the reader with an older result. */
  async follow(manifest) {
    const { contest, src } = this.dataset;
    const old = this.firstElementChild;
    this.news = "";
    try {
      const latest = manifest.versions[contest];
      if (latest > old.dataset.version) {
        const text = await ask(src + "?v=" + latest);
        const next = new DOMParser().parseFromString(text, "text/html").querySelector("section");
        if (+next.dataset.version > old.dataset.version) {
          if (old.dataset.news != next.dataset.news)
            for (const part of next.querySelectorAll("caption, .result-sentence"))
              this.news += part.textContent + ". ";
          patch(old, next);
        }
        if (latest > old.dataset.version) throw next;
      }
      if (manifest.final.includes(+contest)) this.dataset.final = "";
      this.misses = 0;
    } catch {
      this.misses++;
    }
    this.toggleAttribute("data-stale", this.misses > 2);
  }
}

customElements.define("live-result", LiveResult);
const wake = () => Object.values(plans).forEach((plan) => plan(0));
addEventListener("online", wake);
document.addEventListener("visibilitychange", wake);
