// Chooses the asks of a page in this browser, in the head, so that nothing moves.
// Names: docs/how-to/ask-readers.md.
(() => {
  const root = document, now = Date.now(), day = 864e5, nav = navigator;
  const plan = JSON.parse(root.querySelector("meta[name=asks]")?.content || '{"q":[],"m":[]}');
  if (nav.globalPrivacyControl || nav.doNotTrack == 1) return;
  let me;
  const read = () => {
    me = { l: {}, o: {}, p: {}, t: {}, w: [], ...JSON.parse(localStorage.asks || "{}") };
    me.w = me.w.filter((at) => now - at < 7 * day);
    for (const page in me.p) if (now - me.p[page] > 30 * day) delete me.p[page];
  };
  const keep = (change) => {
    try { plan.s || (read(), change(), localStorage.asks = JSON.stringify(me)); } catch {}
  };
  try { read(); } catch { return; }
  if (plan.s) me = { l: {}, o: {}, p: {}, t: {}, w: [], s: plan.s, d: plan.s == "donor" && 9e15 };
  const visit = now - me.v?.[1] < 18e5 ? me.v[0] : now;
  const stories = Object.keys(me.p).filter((page) => page != plan.p).length;
  keep(() => {
    me.i ||= Math.random().toString(36).slice(2);
    me.v = [visit, now];
    if (plan.p) me.p[plan.p] = now;
  });
  const donor = me.d > now;
  const audiences = {
    everyone: true,
    anonymous: !me.s && !donor,
    pending: me.s == "pending",
    subscriber: me.s == "subscriber",
    donor,
  };
  const frequencies = {
    always: () => true,
    visit: (at) => !(at >= visit),
    week: (at) => !(now - at < 7 * day),
    once: (at) => !at,
  };
  const serves = (ask) => ask.k > 1
    ? !donor || ask.a == "donor"
    : !me.l[ask.l] && (!ask.k || !audiences.subscriber || ask.a == "subscriber");
  const draw = (text) => {
    let value = 2166136261;
    for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(), 16777619);
    value = Math.imul(value ^ value >>> 16, 0x85ebca6b);
    value = Math.imul(value ^ value >>> 13, 0xc2b2ae35);
    return (value ^ value >>> 16) >>> 0;
  };
  let left = Math.min(plan.m[0] - me.w.filter((at) => at >= visit).length, plan.m[1] - me.w.length);
  let rules = "";
  const taken = [];
  const show = (what, how) => rules += `#ask-${what}{display:${how}!important}`;
  for (const ask of [...plan.q].sort((a, b) => a.k - b.k || a.n - b.n)) {
    const [low, high] = ask.r || [0, 1e9];
    const fits = left > 0 && !taken[ask.k] && low <= stories && stories <= high &&
      audiences[ask.a] && frequencies[ask.f](me.o[ask.o]) && serves(ask);
    show(ask.n, fits ? "grid" : "none");
    if (!fits) continue;
    taken[ask.k] = ask;
    left--;
    if (!ask.v || !me.i) continue;
    const number = (arm) => draw(me.i + arm.replace("-", ""));
    show(ask.n + ">*", "none");
    show(`${ask.n}>[data-arm="${ask.v.reduce((a, b) => number(b) > number(a) ? b : a)}"]`, "grid");
  }
  const sheet = new CSSStyleSheet({ media: "screen" });
  sheet.replaceSync(rules);
  root.adoptedStyleSheets.push(sheet);

  const watch = (ask) => {
    const arm = [...root.getElementById("ask-" + ask.n)?.children || []].find((one) => one.offsetHeight);
    if (!arm) return;
    const tell = (kind) => plan.u && !plan.s && fetch(plan.u, {
      method: "POST", body: kind + " " + arm.dataset.place, keepalive: true, credentials: "omit",
    }).catch(() => {});
    let timer;
    const eye = new IntersectionObserver(([entry]) => {
      clearTimeout(timer);
      if (entry.isIntersecting) timer = setTimeout(() => {
        if (root.hidden) return;
        eye.disconnect();
        tell("impression");
        keep(() => {
          const test = ask.v && arm.dataset.arm.split("-")[0];
          if (test && !me.t[test]) tell("reader");
          me.t[test] = 1;
          me.w.push(me.o[ask.o] = Date.now());
        });
      }, 250);
    }, { threshold: .5 });
    eye.observe(arm);
    arm.addEventListener("click", (event) => event.target.closest("a") && tell("click"));
    arm.addEventListener("submit", () => {
      tell("click");
      keep(() => { me.l[ask.l] = 1; if (ask.k) me.s ||= "pending"; });
    });
  };
  addEventListener("DOMContentLoaded", () => {
    taken.forEach(watch);
    const told = root.querySelector("[data-newsletter-state],[data-donor-until]")?.dataset;
    if (told) keep(() => { me.s = told.newsletterState || me.s; me.d = +told.donorUntil || me.d; });
    root.querySelector("form[data-at-once]")?.requestSubmit();
  });
})();
