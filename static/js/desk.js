// A merchant's forms: the photo that was chosen is shown, and what was typed survives a dead connection.
// Without this script all of it works; one only sees the photo later.

const DRAFTS = "brouillon:";
const SENT = "envoye";
const typed = (form) =>
  [...form.elements].filter((field) => field.name && !["hidden", "file", "submit", "password"].includes(field.type));

const read = (store, key) => { try { return store.getItem(key); } catch { return null; } };
const write = (store, key, value) => { try { store.setItem(key, value); } catch { /* a full or closed store: no draft */ } };
const drop = (store, key) => { try { store.removeItem(key); } catch { /* nothing was kept */ } };

function keep(form) {
  const answers = typed(form).map((field) => [field.name, field.value, field.checked ?? null]);
  write(localStorage, DRAFTS + form.dataset.draft, JSON.stringify(answers));
}

function restore(form) {
  const kept = JSON.parse(read(localStorage, DRAFTS + form.dataset.draft) ?? "null");
  for (const [name, value, checked] of kept ?? []) {
    const field = typed(form).find((one) => one.name === name && (one.type !== "radio" || one.value === value));
    if (!field) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = checked;
    else field.value = value;
  }
}

// What was sent and answered by another page than the form has arrived.
const sent = read(sessionStorage, SENT);
const forms = [...document.querySelectorAll("form[data-draft]")];
if (sent && !forms.some((form) => form.dataset.draft === sent)) drop(localStorage, DRAFTS + sent);
drop(sessionStorage, SENT);

for (const form of forms) {
  const wasAnswered = sent === form.dataset.draft || document.querySelector("#erreurs");
  if (wasAnswered && !document.querySelector("#erreurs")) drop(localStorage, DRAFTS + form.dataset.draft);
  if (!wasAnswered) restore(form);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("submit", () => write(sessionStorage, SENT, form.dataset.draft));
}

for (const pick of document.querySelectorAll(".desk-pick")) {
  const place = pick.querySelector("[data-preview]");
  const inputs = [...pick.querySelectorAll("input[type=file]")];
  for (const input of inputs) {
    input.addEventListener("change", async () => {
      const file = input.files[0];
      for (const other of inputs) if (other !== input) other.value = "";
      place.replaceChildren();
      if (!file) return;
      const name = document.createElement("p");
      name.textContent = file.name;
      place.append(name);
      // A canvas, for no picture may be loaded but from here; what a browser cannot draw has its name at least.
      const picture = await createImageBitmap(file, { resizeWidth: 320, resizeQuality: "medium" }).catch(() => null);
      if (!picture || input.files[0] !== file) return;
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [picture.width, picture.height];
      canvas.getContext("2d").drawImage(picture, 0, 0);
      canvas.setAttribute("role", "presentation");
      place.prepend(canvas);
    });
  }
}
