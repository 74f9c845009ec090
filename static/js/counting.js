// Counting without watching (docs/counting.md): that this page was seen, and that a number was called or a link
// followed; from which page of the portal, and which story led here. Nothing is kept but the story's mark, until the
// tab is closed. Without this script an image counts the page, and links count themselves.

const CREDIT = "de";
const { seen } = document.getElementById("counting").dataset;
const before = document.referrer ? new URL(document.referrer) : null;
const isOurs = before?.origin === location.origin;
const cameFrom = isOurs ? before.pathname + (before.searchParams.get("q") ? "?q" : "") : "";

const visit = () => {
  const said = new URLSearchParams(location.search).get(CREDIT);
  try {
    if (said) sessionStorage.setItem(CREDIT, said);
    return sessionStorage.getItem(CREDIT) ?? "";
  } catch {
    return said ?? ""; // nothing may be kept in this browser
  }
};
const credit = visit();

const count = (address, headers) =>
  fetch(address, { headers: { "X-Came-From": cameFrom, ...headers }, keepalive: true }).catch(() => {});

const follow = ({ target }) => {
  const link = target.closest?.("a");
  if (link?.dataset.call) count(link.dataset.call, { "X-Credit": credit });
  if (link?.pathname.startsWith("/sortie/") && !link.search.includes("par=")) {
    const said = new URLSearchParams(link.search);
    said.set("par", cameFrom);
    if (credit) said.set("visite", credit);
    link.search = said;
  }
};

for (const field of document.querySelectorAll(`input[type=hidden][name=${CREDIT}]`)) field.value ||= credit;
document.addEventListener("click", follow);
document.addEventListener("auxclick", follow);
if (document.prerendering) document.addEventListener("prerenderingchange", () => count(seen), { once: true });
else count(seen);
