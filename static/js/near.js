// « Près de moi »: the browser is asked where it is after a tap, never before. The address gets it to about a hundred
// metres, and nobody keeps it. ``data-near`` is the list to lead to, where that is another page than this one.
// Without this script a postal code or a sector does the same.

const button = document.querySelector("[data-near]");
const told = document.querySelector("[data-near-told]");
const TEN_SECONDS = 10_000;
const FIVE_MINUTES = 300_000;

if (button && "geolocation" in navigator) {
  const found = ({ coords }) => {
    const address = new URL(button.dataset.near || location.href, location.href);
    address.searchParams.set("pres", `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`);
    address.searchParams.delete("page");
    address.hash = "";
    location.assign(address);
  };
  const refused = () => {
    told.textContent = button.dataset.refused;
    document.querySelector(".place-forms")?.setAttribute("open", "");
    button.disabled = false;
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    told.textContent = button.dataset.busy;
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(found, refused, { timeout: TEN_SECONDS, maximumAge: FIVE_MINUTES });
  });
}
