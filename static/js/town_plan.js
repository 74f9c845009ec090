// The map on demand. The page brings it drawn, with its links: here it learns to move and to come closer, and a row and
// its pin light each other. What the drawing's links say, the map's say: they are the same.

const plan = document.querySelector("[data-town-plan]");
const sheet = plan.querySelector(".town-plan-sheet");
const drawing = sheet.querySelector("svg");
const PIN = 30;
const ROUNDS = 60;
const WEIGHTS = { sector: 2, fleuve: 1.1, rivieres: 2.5 };

const place = (link) => link.dataset.at.split(",").map(Number);
const pinsOf = (number) => plan.querySelectorAll(`[data-pin="${number}"]`);
const rowOf = (number) => document.querySelector(`[data-row="${number}"]`);

function light(number, on) {
  for (const pin of pinsOf(number)) pin.classList.toggle("is-lit", on);
  rowOf(number)?.classList.toggle("is-lit", on);
}

function lightEachOther(part, number) {
  for (const [name, on] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) {
    part.addEventListener(name, () => light(number, on));
  }
}

// A pin leads to its row, and the row's name is where the keyboard goes on.
function leadToRow(pin) {
  pin.addEventListener("click", (event) => {
    event.preventDefault();
    const row = rowOf(pin.dataset.pin);
    row.scrollIntoView();
    row.querySelector("h2 a").focus({ preventScroll: true });
  });
}

function sign(link, text) {
  const copy = document.createElement("a");
  copy.href = link.getAttribute("href");
  copy.className = link.getAttribute("class");
  copy.textContent = text;
  copy.title = link.getAttribute("aria-label");
  copy.setAttribute("aria-label", copy.title);
  if (link.dataset.pin) copy.dataset.pin = link.dataset.pin;
  copy.id = link.id;
  return copy;
}

// Signs that would hide each other step aside, as in the drawing.
function apart(points) {
  for (let round = 0, moved = true; moved && round < ROUNDS; round += 1) {
    moved = false;
    points.forEach((one, n) => points.slice(0, n).forEach((other, m) => {
      const gap = Math.hypot(one.x - other.x, one.y - other.y);
      if (gap >= PIN * 0.98) return;
      const turn = gap > 0.5 ? Math.atan2(one.y - other.y, one.x - other.x) : 2.4 * (n + m);
      const step = (PIN - gap) / 2;
      one.x += step * Math.cos(turn); one.y += step * Math.sin(turn);
      other.x -= step * Math.cos(turn); other.y -= step * Math.sin(turn);
      moved = true;
    }));
  }
}

async function outlineOf() {
  if (!plan.dataset.outline) return null;
  const answer = await fetch(plan.dataset.outline).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

function addTown(L, map, outline) {
  const sectors = Object.fromEntries([...drawing.querySelectorAll("[data-sector]")].map((a) => [a.dataset.sector, a]));
  const className = ({ properties: { kind, sector } }) =>
    kind === "sector" ? `town-plan-sector sector-${sector}${sectors[sector] ? "" : " is-empty"}` : `town-plan-${kind}`;
  return L.geoJSON(outline, {
    style: (feature) => ({ className: className(feature), weight: WEIGHTS[feature.properties.kind] }),
    filter: ({ properties }) => properties.kind !== "contour",
    interactive: true,
    onEachFeature: ({ properties }, layer) => {
      const link = sectors[properties.sector];
      if (!link) return;
      layer.bindTooltip(link.querySelector("title").textContent, { sticky: true });
      layer.on("click", () => location.assign(link.getAttribute("href")));
    },
  }).addTo(map);
}

function iconOf(L, html) {
  return L.divIcon({ html, className: "town-plan-sign", iconSize: null });
}

function signsOf(L, map) {
  return [...drawing.querySelectorAll("a[data-at]")].map((link) => {
    const copy = sign(link, link.dataset.pin ?? link.textContent.trim());
    if (link.dataset.pin) {
      lightEachOther(copy, copy.dataset.pin);
      leadToRow(copy);
    }
    const marker = L.marker(place(link), { icon: iconOf(L, copy), keyboard: false }).addTo(map);
    return { at: L.latLng(place(link)), marker, isPin: Boolean(link.dataset.pin) };
  });
}

// Signs step aside at each distance anew, on a line from where they belong.
function keepApart(L, map, signs) {
  const leads = L.layerGroup().addTo(map);
  const arrange = () => {
    const points = signs.map(({ at }) => map.latLngToLayerPoint(at));
    apart(points);
    leads.clearLayers();
    signs.forEach(({ at, marker, isPin }, n) => {
      const shown = map.layerPointToLatLng(points[n]);
      marker.setLatLng(shown);
      if (isPin) L.polyline([at, shown], { className: "town-plan-lead", weight: 1.2, interactive: false }).addTo(leads);
    });
  };
  map.on("zoomend", arrange);
  arrange();
}

function addHere(L, map) {
  const here = drawing.querySelector(".town-plan-here");
  if (!here) return [];
  const mark = document.createElement("span");
  mark.className = "town-plan-here";
  L.marker(place(here), { icon: iconOf(L, mark), interactive: false, keyboard: false }).addTo(map);
  return [L.latLng(place(here))];
}

function styled() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = plan.dataset.leafletStyle;
  document.head.append(link);
  return new Promise((come, fail) => { link.onload = come; link.onerror = fail; });
}

async function come() {
  const [, outline] = await Promise.all([import(plan.dataset.leaflet), outlineOf(), styled()]);
  const { L } = window;
  const stage = document.createElement("div");
  stage.className = "town-plan-stage";
  stage.setAttribute("role", "group");
  stage.setAttribute("aria-label", drawing.getAttribute("aria-label"));
  sheet.append(stage);
  const map = L.map(stage, {
    attributionControl: Boolean(plan.dataset.tiles), zoomControl: false, scrollWheelZoom: false,
    dragging: !L.Browser.mobile, zoomSnap: 0.05, maxZoom: 18,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  L.control.zoom({ zoomInTitle: plan.dataset.zoomIn, zoomOutTitle: plan.dataset.zoomOut }).addTo(map);
  map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
  if (plan.dataset.tiles) {
    L.tileLayer(plan.dataset.tiles, { attribution: plan.dataset.tilesFrom, maxZoom: 18 }).addTo(map);
    map.attributionControl.setPrefix(false);
    plan.classList.add("has-tiles");
  }
  const town = outline && addTown(L, map, outline);
  const isClose = drawing.viewBox.baseVal.width < 800;
  const here = addHere(L, map);
  const signs = signsOf(L, map);
  const pins = L.latLngBounds([...here, ...signs.filter(({ isPin }) => isPin).map(({ at }) => at)]);
  map.fitBounds(town && (!isClose || !pins.isValid()) ? town.getBounds() : pins, { padding: [20, 20], maxZoom: 16 });
  keepApart(L, map, signs);
  drawing.remove();
}

for (const pin of drawing.querySelectorAll("[data-pin]")) {
  lightEachOther(pin, pin.dataset.pin);
  leadToRow(pin);
}
for (const row of document.querySelectorAll("[data-row]")) lightEachOther(row, row.dataset.row);
come();
