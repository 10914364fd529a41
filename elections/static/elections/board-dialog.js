/* Opens an action's own page in a dialog over the desk's screen, and its forms with it. */

const PARTS = "main .nice-padding";

class Dialog {
  constructor(root) {
    this.root = root;
    this.dialog = root.querySelector("[data-board-dialog]");
    this.title = this.dialog.querySelector("[data-board-dialog-title]");
    this.body = this.dialog.querySelector("[data-board-dialog-body]");
    this.trouble = this.dialog.querySelector("[data-board-dialog-trouble]");
    root.addEventListener("click", (event) => this.onClick(event));
    this.dialog.addEventListener("submit", (event) => this.onSubmit(event));
    root.querySelector("[data-board-bulk]")?.addEventListener("submit", (event) => {
      event.preventDefault();
      const url = new URL(event.submitter.formAction, location);
      url.search = new URLSearchParams(new FormData(event.target));
      this.opener = event.submitter;
      this.open(url);
    });
    this.dialog.addEventListener("cancel", (event) => {
      if (!this.mayLeave()) event.preventDefault();
    });
    this.dialog.addEventListener("input", () => {
      this.isTyped = true;
    });
  }

  onClick(event) {
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
    const link = event.target.closest("a[data-board-open]");
    if (link && isPlain) {
      event.preventDefault();
      this.opener = link;
      this.open(link.href);
      return;
    }
    if (event.target.closest("[data-board-close]")) {
      const dialog = event.target.closest("dialog");
      if (dialog !== this.dialog || this.mayLeave()) dialog.close();
      return;
    }
    const back = this.body.contains(event.target) && event.target.closest("a[href]");
    if (back && isPlain && this.isHome(back.href)) {
      event.preventDefault();
      if (this.mayLeave()) this.dialog.close();
    }
  }

  mayLeave() {
    return !this.isTyped || window.confirm(this.root.dataset.saidLeave);
  }

  isHome(address) {
    return new URL(address, location).pathname === location.pathname;
  }

  async open(address) {
    const url = new URL(address, location);
    url.searchParams.set("next", location.pathname + location.search);
    try {
      await this.show(await fetch(url, { cache: "no-store" }));
      this.isTyped = false;
    } catch {
      location.assign(url);
    }
  }

  async onSubmit(event) {
    const form = event.target;
    if (form.method === "dialog") return;
    event.preventDefault();
    const button = event.submitter;
    const address = new URL(button?.getAttribute("formaction") || form.getAttribute("action") || this.address, location);
    const data = new FormData(form, button);
    const isGet = form.method === "get";
    if (isGet) address.search = new URLSearchParams(data);
    if (button) button.disabled = true;
    try {
      await this.show(await fetch(address, isGet ? {} : { method: "POST", body: data }));
    } catch {
      this.trouble.textContent = this.root.dataset.saidFailed;
      this.trouble.hidden = false;
    } finally {
      if (button) button.disabled = false;
    }
  }

  async show(answer) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) throw new Error(String(answer.status));
    if (answer.redirected && this.isHome(answer.url)) {
      this.finish(page);
      return;
    }
    const content = page.querySelector(PARTS);
    if (!content) throw new Error("This is not a page of the admin.");
    this.address = answer.url;
    this.trouble.hidden = true;
    this.title.textContent = page.querySelector("main h1")?.textContent.trim() ?? page.title;
    this.body.replaceChildren(...messages(page), ...document.importNode(content, true).childNodes);
    if (!this.dialog.open) this.dialog.showModal();
    this.title.focus();
    this.dialog.scrollTop = 0;
  }

  finish(page) {
    this.isTyped = false;
    this.dialog.close();
    const said = messages(page).map((one) => one.textContent.trim());
    this.root.querySelector("[data-board-done]").textContent = said.join(" ");
    this.root.dispatchEvent(new CustomEvent("board:refresh"));
    const race = this.opener?.closest("[data-race]")?.dataset.race;
    this.root.querySelector(`[data-race="${race}"] [data-race-link]`)?.focus();
  }
}

/* What Wagtail said on top of a page, as paragraphs. */
function messages(page) {
  return [...page.querySelectorAll("main .messages > ul > li")].map((item) => {
    const paragraph = document.createElement("p");
    paragraph.className = "board__message";
    paragraph.textContent = [...item.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent.trim())
      .join(" ");
    return paragraph;
  });
}

for (const root of document.querySelectorAll("[data-board]")) new Dialog(root);
