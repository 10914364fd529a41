// While an import is being worked on, its page looks again by itself. Without it one reloads.
class NewsroomProgress extends HTMLElement {
  connectedCallback() {
    if (this.hasAttribute("busy")) this.timer = setTimeout(() => this.look(), 2000);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  async look() {
    try {
      const response = await fetch(location.href);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const news = page.querySelector("newsroom-progress");
      if (!news) return;
      if (!news.hasAttribute("busy")) return location.reload();
      this.innerHTML = news.innerHTML;
    } catch {
      // The next look may reach the site again.
    }
    this.timer = setTimeout(() => this.look(), 2000);
  }
}

customElements.define("newsroom-progress", NewsroomProgress);
