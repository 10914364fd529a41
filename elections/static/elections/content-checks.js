/* In a preview: finds the sentences that its races do not allow, for Wagtail's content checks. */
(() => {
  const KINDS = ["told-as-decided", "told-as-apparent", "told-as-counted", "number-untrue", "number-unchecked"];
  const found = new Map();

  /* Figures are no part of the sentences that are looked for: they change by themselves. */
  const wordsOf = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll("live-figure").forEach((figure) => figure.remove());
    return copy.textContent.replace(/\s+/g, " ");
  };

  const innermost = (nodes) => nodes.find((node) => !nodes.some((other) => other !== node && node.contains(other)));

  const placesOf = ({ places, remarks }) => {
    const nodes = [...document.querySelectorAll(places)];
    const holding = (words) => innermost(nodes.filter((node) => wordsOf(node).includes(words)));
    return remarks.map(({ said, piece }) => holding(said) || holding(piece));
  };

  const isFine = (kind) => (node, options) => {
    if (!found.has(kind)) found.set(kind, new Set(placesOf(options)));
    return !found.get(kind).has(node);
  };

  for (const kind of KINDS) window.wagtail.userbar.registerCheck(`race-${kind}-check`, isFine(kind));
})();
