// Pages are the same for everybody so that they can be cached: how many things are in the basket, and among the
// favourites, comes from readable cookies that hold the number and nothing else.
const places = { panier_n: "[data-basket-count]", favoris_n: "[data-favourites-count]" };

for (const [cookie, selector] of Object.entries(places)) {
  const found = document.cookie.match(`(?:^|;\\s*)${cookie}=(\\d+)`);
  const count = found ? Number(found[1]) : 0;
  for (const place of document.querySelectorAll(selector)) {
    place.textContent = count > 0 ? String(count) : "";
  }
}
