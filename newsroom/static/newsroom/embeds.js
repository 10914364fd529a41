// <other-site>: shows a frame of another site once the reader wants it. Until then nothing is
// loaded from there. "Always" is kept in this browser, site by site.
const KEY = "newsroom-other-sites";

function wanted() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || [];
  } catch {
    return [];
  }
}

customElements.define("other-site", class extends HTMLElement {
  connectedCallback() {
    const { host } = this.dataset;
    if (wanted().includes(host)) return this.show();
    const [button, label] = this.querySelectorAll("button, label");
    button.hidden = label.hidden = false;
    button.onclick = () => {
      if (label.firstElementChild.checked) {
        try {
          localStorage.setItem(KEY, JSON.stringify([...wanted(), host]));
        } catch {
          // A browser that keeps nothing asks again.
        }
      }
      this.show().focus();
    };
  }

  show() {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.allowFullscreen = true;
    frame.title = this.dataset.title;
    frame.src = this.dataset.src;
    this.replaceChildren(frame);
    return frame;
  }
});
