// A page that says « we are at it »: it looks again by itself. Without this script a button does, or the browser.

const BETWEEN = 2500;
const MOST = 60;

let looked = 0;

async function look() {
  looked += 1;
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "XMLHttpRequest" } }).catch(() => null);
  if (answer?.ok) {
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = found.querySelector("main [role=status].desk-standing");
    const shown = document.querySelector("main [role=status].desk-standing");
    if (!now) return location.reload();
    if (now.textContent !== shown.textContent) shown.replaceChildren(...now.children);
  }
  if (looked < MOST) setTimeout(look, BETWEEN);
}

setTimeout(look, BETWEEN);
