// Chooses asks before anything is painted. Names: docs/how-to/ask-readers.md.
(() => {
  const root = document, now = Date.now(), day = 864e5, week = now - 7 * day, nav = navigator;
  if (nav.globalPrivacyControl || nav.doNotTrack == 1) return;
  const plan = JSON.parse(root.querySelector("[name=asks]")?.content || '{"q":[],"m":[]}');
  let me, stories;
  const keep = (change) => {
    try {
      me = { l: {}, o: {}, r: [], t: {}, w: [], ...plan.s || JSON.parse(localStorage.asks || "{}") };
      change();
      if (!plan.s) localStorage.asks = JSON.stringify(me);
    } catch { me = 0; }
  };
  keep(() => {
    me.v = [now - me.v?.[1] < 18e5 ? me.v[0] : now, now];
    me.w = me.w.filter((at) => at > week);
    me.r = me.r.filter(([page, at]) => page != plan.p && now - at < 30 * day);
    stories = me.r.length;
    if (plan.p) me.r.push([plan.p, now]);
    for (const ask of plan.q) for (const arm of ask.v) me.t[arm] ||= Math.random();
  });
  if (!me) return;
  const visit = me.v[0], donor = me.d > now;
  const audiences = {
    everyone: true,
    anonymous: !me.s && !donor,
    pending: me.s == "pending",
    subscriber: me.s == "subscriber",
    donor,
  };
  // Whoever has seen it since then does not see it.
  const frequencies = {
    always: NaN,
    visit,
    week,
    once: 1,
  };
  const serves = (ask) => ask.k > 1
    ? !donor || ask.a == "donor"
    : (!me.l[ask.l] || ask.a == "pending") && (!ask.k || !audiences.subscriber || ask.a == "subscriber");
  let left = Math.min(plan.m[0] - me.w.filter((at) => at >= visit).length, plan.m[1] - me.w.length);
  const taken = [], sheet = new CSSStyleSheet({ media: "screen" });
  const show = (what, how) => sheet.insertRule(what + `{display:${how}!important}`);
  show(".call-to-action", "none");
  for (const ask of plan.q) {
    if (left < 1 || taken[ask.k] || stories < ask.r[0] || stories > ask.r[1] || !audiences[ask.a] ||
      me.o[ask.o] >= frequencies[ask.f] || !serves(ask)) continue;
    taken[ask.k] = ask;
    left--;
    ask.n = "#ask-" + ask.n;
    show(ask.n, "grid");
    if (!ask.v[0]) continue;
    show(ask.n + ">*", "none");
    show(ask.n + `>[data-arm="${ask.v.reduce((a, b) => me.t[b] > me.t[a] ? b : a)}"]`, "grid");
  }
  root.adoptedStyleSheets.push(sheet);

  const watch = (ask) => {
    const arm = [...root.querySelectorAll(ask.n + ">*")].find((one) => one.offsetHeight);
    if (!arm) return;
    const tell = (kind) => plan.u && fetch(plan.u, {
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
          const test = arm.dataset.arm.split("-")[0];
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
