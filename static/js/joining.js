// The page fills in as one types: what stands in a field is shown where it will stand. Without this, once it is sent.

for (const form of document.querySelectorAll("form[data-fills]")) {
  form.addEventListener("input", (event) => {
    const place = document.querySelector(`[data-shows="${CSS.escape(event.target.name)}"]`);
    if (place && event.target.value.trim()) place.textContent = event.target.value;
  });
}
