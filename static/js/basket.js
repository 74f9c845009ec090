// Pages are the same for everybody so that they can be cached: the number in the basket comes from a readable
// cookie that holds the number and nothing else.
const found = document.cookie.match(/(?:^|;\s*)panier_n=(\d+)/);
const count = found ? Number(found[1]) : 0;

for (const place of document.querySelectorAll("[data-basket-count]")) {
  place.textContent = count > 0 ? String(count) : "";
}
