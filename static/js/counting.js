// Counting without watching (docs/counting.md): that this page was seen, and that a number was called or a link
// followed; from which page of the portal, and which story led here. Without this script an image counts the page, and
// links count themselves.

const { seen } = document.getElementById("counting").dataset;
const before = document.referrer ? new URL(document.referrer) : null;
const isOurs = before?.origin === location.origin;
const cameFrom = isOurs ? before.pathname + (before.searchParams.get("q") ? "?q" : "") : "";

const visit = () => {
  try {
    return sessionStorage.getItem("de") || sessionStorage.getItem("v") || ""; // as credit.js keeps them
  } catch {
    return ""; // nothing may be kept in this browser
  }
};

const count = (address, headers) =>
  fetch(address, { headers: { "X-Came-From": cameFrom, ...headers }, keepalive: true }).catch(() => {});

const follow = ({ target }) => {
  const link = target.closest?.("a");
  if (link?.dataset.call) count(link.dataset.call, { "X-Credit": visit() });
  if (link?.pathname?.startsWith("/sortie/") && !link.search.includes("par=")) {
    const said = new URLSearchParams(link.search);
    said.set("par", cameFrom);
    if (visit()) said.set("visite", visit());
    link.search = said;
  }
};

document.addEventListener("click", follow);
document.addEventListener("auxclick", follow);
if (document.prerendering) document.addEventListener("prerenderingchange", () => count(seen), { once: true });
else count(seen);
