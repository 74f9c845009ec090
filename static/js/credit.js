// What led to this visit (a story, a campaign, a letter, a poster in a window) goes along to the basket, until the tab
// is closed, four hours at most. It names a page, never who reads. Without this script the address of the page from
// which something is put in the basket says it.

const VISIT_MS = 4 * 60 * 60 * 1000;
const WORDS = ["affiche", "infolettre"];
const asked = new URLSearchParams(location.search);
const signed = asked.get("de") ?? "";
const named = signed.includes(".") ? signed : ""; // the search has a « de » of its own, which is a word
const word = WORDS.includes(asked.get("v")) ? asked.get("v") : "";

function carried() {
  if (named || word) {
    sessionStorage.setItem("de", named);
    sessionStorage.setItem("v", word);
    sessionStorage.setItem("depuis", String(Date.now()));
  } else if (Date.now() - Number(sessionStorage.getItem("depuis")) > VISIT_MS) {
    for (const name of ["de", "v", "depuis"]) sessionStorage.removeItem(name);
  }
  return { de: sessionStorage.getItem("de") ?? "", v: sessionStorage.getItem("v") ?? "" };
}

try {
  for (const [name, said] of Object.entries(carried())) {
    for (const field of document.querySelectorAll(`input[type=hidden][name=${name}]`)) field.value ||= said;
  }
} catch {
  // nothing may be kept in this browser
}
