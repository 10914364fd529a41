/* For other sites: puts results into frames that are as high as what is in them. */

(() => {
  const places = document.querySelectorAll("[data-newsroom-result]:not([data-newsroom-framed])");

  for (const place of places) {
    const frame = place.matches("iframe") ? place : document.createElement("iframe");
    if (frame !== place) {
      frame.src = place.dataset.newsroomResult;
      frame.title = place.textContent;
      frame.height = 480;
      place.replaceWith(frame);
    }
    frame.dataset.newsroomResult = frame.dataset.newsroomFramed = "";
    frame.style.cssText += "inline-size: 100%; max-inline-size: 44rem; border: 0";

    addEventListener("message", ({ data, origin, source }) => {
      const isOurs = source === frame.contentWindow && origin === new URL(frame.src).origin;
      if (isOurs && data?.type === "newsroom-result" && data.height > 0)
        frame.height = Math.min(Math.ceil(data.height), 5000);
    });
  }
})();
