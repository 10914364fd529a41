/* The desk's screen: asks for its rows again and swaps what changed, under nobody's hands. */

const EVERY = 10_000;
const EVERY_HIDDEN = 60_000;
const PATIENCE = 15_000;
const SAID_AT_MOST = 5;
const FOCUSABLE = "a[href], button, input, select, textarea, summary";

class Board {
  constructor(root) {
    this.root = root;
    this.rows = root.querySelector("[data-board-rows]");
    this.clock = root.querySelector("[data-board-clock]");
    this.trouble = root.querySelector("[data-board-trouble]");
    this.said = root.querySelector("[data-board-said]");
    this.etag = root.dataset.etag;
    this.answeredAt = this.clock.textContent.trim();
    root.querySelector("[data-board-refresh]").addEventListener("click", (event) => {
      event.preventDefault();
      this.refresh();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.wait();
      else this.refresh();
    });
    root.addEventListener("board:refresh", () => this.refresh());
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), document.hidden ? EVERY_HIDDEN : EVERY);
  }

  async refresh() {
    clearTimeout(this.timer);
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      await this.ask();
    } catch {
      this.tell("saidLost");
    } finally {
      this.isAsking = false;
      this.wait();
    }
  }

  async ask() {
    const answer = await fetch(this.root.dataset.rowsUrl + location.search, {
      headers: { "If-None-Match": this.etag, "X-Requested-With": "XMLHttpRequest" },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const clock = answer.headers.get("X-Desk-Clock");
    if (answer.status !== 304 && (!answer.ok || !clock)) {
      const isLoggedOut = answer.redirected || answer.status === 401 || answer.status === 403;
      this.tell(isLoggedOut ? "saidLoggedOut" : "saidLost");
      return;
    }
    if (answer.status !== 304) {
      this.swap(await answer.text());
      this.etag = answer.headers.get("ETag");
    }
    if (clock) {
      this.answeredAt = clock;
      this.clock.textContent = fill(this.root.dataset.saidUpdated, { clock });
    }
    this.trouble.hidden = true;
    this.root.classList.remove("board--lost");
  }

  tell(key) {
    const sentence = fill(this.root.dataset[key], { clock: this.answeredAt });
    if (this.trouble.hidden || this.trouble.textContent !== sentence) {
      this.trouble.textContent = sentence;
      this.trouble.hidden = false;
    }
    this.root.classList.add("board--lost");
  }

  swap(html) {
    const fresh = document.createElement("div");
    fresh.innerHTML = html;
    const news = changes(this.rows, fresh, this.root.dataset);
    const place = holdPlace(this.rows);
    exchange(this.rows, fresh);
    place();
    if (news.length > 0) this.say(news);
    this.rows.dispatchEvent(new CustomEvent("board:swapped", { bubbles: true }));
  }

  say(news) {
    const more = news.length - SAID_AT_MOST;
    const text = news.slice(0, SAID_AT_MOST).join("; ");
    this.said.textContent = more > 0 ? `${text}; +${more}` : `${text}.`;
  }
}

/* Put named facts into a translated sentence. */
export function fill(sentence, facts) {
  return sentence.replace(/%\((\w+)\)s/g, (whole, name) => facts[name] ?? whole);
}

function byRace(rows) {
  return new Map([...rows.querySelectorAll("[data-race]")].map((row) => [row.dataset.race, row]));
}

/* What an editor would want to hear of the difference between two states of the rows. */
export function changes(before, after, words) {
  const news = [];
  const old = byRace(before);
  let counts = 0;
  for (const [race, now] of byRace(after)) {
    const was = old.get(race)?.dataset;
    if (!was) continue;
    const facts = { race: now.dataset.name, state: now.dataset.state, flags: now.dataset.flags };
    if (now.dataset.hold && now.dataset.hold !== was.hold) news.push(fill(words.saidHold, facts));
    if (was.hold && !now.dataset.hold) news.push(fill(words.saidDecided, facts));
    if (was.lead && was.lead !== now.dataset.lead) news.push(fill(words.saidLead, facts));
    if (was.state !== now.dataset.state) news.push(fill(words.saidState, facts));
    if (now.dataset.flags && was.flags !== now.dataset.flags)
      news.push(fill(words.saidFlags, facts));
    if (was.votes !== now.dataset.votes) counts += 1;
  }
  if (counts > 0) news.push(fill(words.saidCounts, { count: counts }).replace(/\.$/, ""));
  return news;
}

/* Remember where somebody is, and return what brings them back there. */
function holdPlace(rows) {
  const active = rows.contains(document.activeElement) ? document.activeElement : null;
  const row = active?.closest("[data-race]");
  const race = row?.dataset.race;
  const index = row ? [...row.querySelectorAll(FOCUSABLE)].indexOf(active) : -1;
  const label = active?.getAttribute("aria-label") || active?.textContent;
  const top = row?.getBoundingClientRect().top;
  return () => {
    if (!race) return;
    const now = byRace(rows).get(race);
    if (!now) return;
    const candidates = [...now.querySelectorAll(FOCUSABLE)];
    const same = candidates.find((one) => (one.getAttribute("aria-label") || one.textContent) === label);
    const target = same || candidates[index] || candidates[0];
    if (target && document.activeElement !== target) target.focus({ preventScroll: true });
    window.scrollBy(0, now.getBoundingClientRect().top - top);
  };
}

/* Give the rows their new content; what reads the same stays the very same element. */
function exchange(rows, fresh) {
  const old = byRace(rows);
  const isSameOrder = order(rows) === order(fresh);
  for (const cell of rows.querySelectorAll(".is-changed")) cell.classList.remove("is-changed");
  for (const [race, now] of byRace(fresh)) {
    const was = old.get(race);
    if (!was) continue;
    keepHands(was, now);
    if (!was.isEqualNode(now)) patchRow(was, now);
    if (!isSameOrder) now.replaceWith(was);
  }
  if (!isSameOrder) rows.replaceChildren(...fresh.childNodes);
  else patchRest(rows, fresh);
}

/* Which races stand in which groups, in what order. */
function order(rows) {
  const lines = rows.querySelectorAll("[data-group], [data-race]");
  return [...lines].map((line) => line.dataset.race ?? `group ${line.dataset.group}`).join();
}

/* Carry ticks and open lists over. */
function keepHands(was, now) {
  for (const open of was.querySelectorAll("details[open][data-keep]")) {
    now.querySelector(`details[data-keep="${open.dataset.keep}"]`)?.setAttribute("open", "");
  }
}

function patchRow(was, now) {
  for (const { name, value } of now.attributes) was.setAttribute(name, value);
  [...now.cells].forEach((next, index) => {
    const cell = was.cells[index];
    if (cell.isEqualNode(next)) return;
    const isNews = cell.textContent.trim() !== next.textContent.trim();
    const ticked = [...cell.querySelectorAll("input:checked")].map((box) => box.value);
    cell.replaceChildren(...next.childNodes);
    for (const box of cell.querySelectorAll("input")) box.checked = ticked.includes(box.value);
    cell.classList.toggle("is-changed", isNews);
  });
}

/* The sums, the headings' counts and the ways to further pages. */
function patchRest(rows, fresh) {
  for (const part of [".board__sum", ".board__pages", ".board__group"]) {
    const next = [...fresh.querySelectorAll(part)];
    [...rows.querySelectorAll(part)].forEach((old, index) => {
      if (next[index] && !old.isEqualNode(next[index])) old.replaceChildren(...next[index].childNodes);
    });
  }
}

for (const root of document.querySelectorAll("[data-board]")) new Board(root);
