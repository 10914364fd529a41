/* A number inside a sentence, kept up to date with the results. Those of one race share an answer.
   Comes after live-result.js, which asks for the manifest. */

const { ask, join } = customElements.get("live-result");
const told = {};

class LiveFigure extends HTMLElement {
  misses = 0;
  news = "";

  connectedCallback() {
    join(this.dataset.manifest);
    this.onanimationend = () => (this.className = "");
  }

  async follow(manifest) {
    const { contest, src, figure } = this.dataset;
    try {
      const latest = manifest.versions[contest];
      if (latest > this.dataset.version) {
        const address = src + "?v=" + latest;
        const next = await (told[address] ||= ask(address).then(JSON.parse)).catch((error) => {
          delete told[address];
          throw error;
        });
        if (next.version > this.dataset.version) {
          this.dataset.version = next.version;
          const text = next.figures[figure];
          if (text && text != this.textContent) {
            this.textContent = text;
            this.className = "is-changed";
          }
        }
        if (latest > next.version) {
          delete told[address];
          throw next;
        }
      }
      if (manifest.final.includes(+contest)) this.dataset.final = "";
      this.misses = 0;
    } catch {
      this.misses++;
    }
  }
}

customElements.define("live-figure", LiveFigure);
