// A button that copies the text of the field it names; without a clipboard it stays away.
for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(field.value);
      button.nextElementSibling.textContent = button.dataset.done;
    } catch {
      field.select();
    }
  });
}
