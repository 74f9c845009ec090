// Hearts stand in pages that are the same for everybody. What this visitor keeps is asked only where something is kept,
// and a tap answers without leaving the page. Without this script the button leads to the visitor's favourites.

const hearts = [...document.querySelectorAll("form[data-heart]")];
const kept = Number(document.cookie.match(/(?:^|;\s*)favoris_n=(\d+)/)?.[1] ?? 0);

function show(heart, isKept) {
  const word = heart.querySelector("[data-heart-word]");
  heart.toggleAttribute("data-kept", isKept);
  word.textContent = isKept ? word.dataset.kept : word.dataset.free;
}

function count(number) {
  for (const place of document.querySelectorAll("[data-favourites-count]")) {
    place.textContent = number > 0 ? String(number) : "";
  }
}

async function answer(address, options) {
  const response = await fetch(address, { ...options, headers: { Accept: "application/json" } });
  return { ok: response.ok, told: await response.json() };
}

async function press(heart) {
  const isKept = heart.hasAttribute("data-kept");
  const said = heart.querySelector(".heart-said");
  const { ok, told } = await answer(isKept ? heart.dataset.letGo : heart.action, {
    method: "POST",
    body: new FormData(heart),
  });
  said.textContent = told.dit;
  if (!ok) return;
  show(heart, !isKept);
  count(told.nombre);
}

for (const heart of hearts) {
  let isBusy = false;
  heart.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    try {
      await press(heart);
    } catch {
      heart.submit(); // no answer that a script can read: the page itself will say
    }
    isBusy = false;
  });
}

if (hearts.length > 0 && kept > 0) {
  const { ok, told } = await answer(hearts[0].dataset.state);
  if (ok) {
    for (const heart of hearts) show(heart, told[heart.dataset.heart].includes(Number(heart.dataset.key)));
    count(told.nombre);
  }
}
