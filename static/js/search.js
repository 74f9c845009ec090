// What is offered while one types in a search box: a list to go down with the arrows (the combobox of ARIA 1.2).
// Without it the box searches all the same.

const PAUSE = 120;
const known = new Map();

for (const form of document.querySelectorAll("form[data-suggestions]:not([data-suggests])")) {
  form.dataset.suggests = "yes";
  suggestIn(form, form.querySelector("input[name=q]"));
}

function suggestIn(form, input) {
  const place = form.querySelector(".search-box-line");
  const told = document.createElement("span");
  let list = null;
  let chosen = -1;
  let waiting = 0;
  let asked = "";

  told.setAttribute("role", "status");
  told.className = "visually-hidden";
  place.after(told);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" }))
    input.setAttribute(name, value);

  const options = () => (list ? [...list.children] : []);

  function close() {
    list?.remove();
    list = null;
    chosen = -1;
    told.textContent = "";
    input.setAttribute("aria-expanded", "false");
    for (const name of ["aria-controls", "aria-activedescendant"]) input.removeAttribute(name);
  }

  function show(html) {
    close();
    if (!html.trim() || document.activeElement !== input) return;
    place.insertAdjacentHTML("beforeend", html);
    list = place.lastElementChild;
    told.textContent = list.dataset.told;
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", list.id);
  }

  function choose(number) {
    const all = options();
    if (!all.length) return;
    chosen = (number + all.length + 1) % (all.length + 1);
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    const now = all[chosen];
    if (now) input.setAttribute("aria-activedescendant", now.id);
    else input.removeAttribute("aria-activedescendant");
    now?.scrollIntoView({ block: "nearest" });
  }

  function go(option) {
    if (option.dataset.url) return location.assign(option.dataset.url);
    input.value = option.dataset.words;
    close();
    form.requestSubmit();
  }

  async function ask() {
    const words = input.value.trim();
    asked = words;
    if (words.length < 2) return close();
    if (!known.has(words)) {
      const answer = await fetch(`${form.dataset.suggestions}?q=${encodeURIComponent(words)}`).catch(() => null);
      if (!answer?.ok) return close();
      known.set(words, await answer.text());
    }
    if (asked === words) show(known.get(words));
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    if (event.key === "Escape" && list) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && all.length) {
      event.preventDefault();
      choose(chosen + 1);
    } else if (event.key === "ArrowUp" && all.length) {
      event.preventDefault();
      choose(chosen < 0 ? all.length - 1 : chosen - 1);
    } else if (event.key === "Enter" && all[chosen]) {
      event.preventDefault();
      go(all[chosen]);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  place.addEventListener("pointerdown", (event) => event.target.closest("[role=option]") && event.preventDefault());
  place.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
}
