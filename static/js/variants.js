// A variant that has a photo of its own brings it up when it is chosen. Without this script the gallery shows them
// all, with captions: nothing is lost.
const gallery = document.querySelector("[data-gallery]");
const figures = gallery ? [...gallery.querySelectorAll("figure")] : [];

function bringUp(variant) {
  const shown = figures.find((figure) => (figure.dataset.variants ?? "").split(" ").includes(variant));
  const first = gallery.firstElementChild;
  if (!shown || shown === first) return;
  const [large, small] = [first.querySelector("img").sizes, shown.querySelector("img").sizes];
  first.querySelector("img").sizes = small;
  shown.querySelector("img").sizes = large;
  // The two change places, so that none of the others moves.
  const mark = document.createComment("");
  shown.replaceWith(mark);
  first.replaceWith(shown);
  mark.replaceWith(first);
}

for (const radio of document.querySelectorAll("input[type=radio][name=variant]")) {
  radio.addEventListener("change", () => bringUp(radio.value));
  if (radio.checked) bringUp(radio.value);
}
