/* Tells the page around the frame how high the result is. Nothing else is told. */

const tell = () =>
  parent.postMessage({ type: "newsroom-result", height: document.body.offsetHeight }, "*");

if (parent !== window) new ResizeObserver(tell).observe(document.body);
