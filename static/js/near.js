// « Près de moi »: the browser is asked where it is after a tap, never before. The address gets it to about a hundred
// metres, and nobody keeps it. Without this script a postal code or a sector does the same.

const place = document.querySelector("[data-near]");
const TEN_SECONDS = 10_000;
const FIVE_MINUTES = 300_000;

if (place && "geolocation" in navigator) {
  const button = place.querySelector("button");
  const told = place.querySelector("[role=status]");

  const found = ({ coords }) => {
    const address = new URL(location.href);
    address.searchParams.set("pres", `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`);
    address.searchParams.delete("page");
    address.hash = "";
    location.assign(address);
  };
  const refused = () => {
    told.textContent = place.dataset.refused;
    button.disabled = false;
  };

  place.hidden = false;
  button.addEventListener("click", () => {
    told.textContent = place.dataset.busy;
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(found, refused, { timeout: TEN_SECONDS, maximumAge: FIVE_MINUTES });
  });
}
