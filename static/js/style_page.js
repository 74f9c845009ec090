// The contrast of every pair of colours shown, as WCAG counts it, from what the browser paints in each theme.
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

function painted(color) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function light(color) {
    const [red, green, blue] = painted(color).map(value => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

for (const words of document.querySelectorAll("[data-contrast]")) {
    const pair = words.closest(".style-pair");
    const lights = [getComputedStyle(words).color, getComputedStyle(words.parentElement).backgroundColor].map(light);
    const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    pair.querySelector("[data-ratio]").textContent = `${ratio.toFixed(1).replace(".", ",")} : 1`;
}
