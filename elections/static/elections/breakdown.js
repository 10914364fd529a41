/* Sorts and pages places in place, and follows the result above. */

const load = async (address) => {
  const text = await (await fetch(address, { cache: "no-cache" })).text();
  const next = new DOMParser().parseFromString(text, "text/html").querySelector("#breakdown");
  document.querySelector("#breakdown").replaceWith(next);
  return next;
};

document.onclick = async (event) => {
  const link = event.target.closest("#breakdown [href^='?']");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  try {
    const next = await load(link.href);
    history.replaceState(0, "", link.href);
    const same = [...next.querySelectorAll("a")].find((one) => one.text == link.text);
    (same || next.querySelector("h2")).focus();
    document.querySelector("#breakdown + p").textContent = next.querySelector("caption").textContent;
  } catch {
    location = link.href;
  }
};

const result = document.querySelector("live-result section");
if (result) new MutationObserver(() => load(location)).observe(result, { attributeFilter: ["data-version"] });
