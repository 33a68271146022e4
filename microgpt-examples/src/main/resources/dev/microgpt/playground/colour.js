// The colours of pictures: shares of a colour on the card, and text on them that can be read.

export const colours = { 0: "var(--gold)", 1: "var(--rust)", 2: "var(--violet)", 3: "var(--green)", 4: "var(--teal)", 5: "var(--blue)", early: "var(--ink)" };

const bounded = (share) => Math.min(1, Math.max(0, share));

/** A share of a colour on the card, for heat maps: 0 is the card itself. */
export const tint = (colour, share) => `color-mix(in oklab, ${colour} ${(100 * bounded(share)).toFixed(1)}%, var(--card))`;

const strength = (value, largest) => Math.abs(value) / (largest || 1) * 0.92 + 0.03;
const side = (value) => (value < 0 ? "var(--rust)" : "var(--blue)");

/** Blue above 0, rust below; strength by the share of the largest. */
export const signed = (value, largest) => tint(side(value), strength(value, largest));

/** The colour of text on a signed cell. */
export const onSigned = (value, largest) => onTint(side(value), strength(value, largest));

const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);

/** The cube roots of the cone responses, of which oklab is a linear map: what is mixed in oklab is mixed in them. */
function cones(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => linear(parseInt(hex.slice(i, i + 2), 16) / 255));
  return [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]
    .map(([x, y, z]) => Math.cbrt(x * r + y * g + z * b));
}

function luminance([l, m, s]) {
  const [l3, m3, s3] = [l ** 3, m ** 3, s ** 3];
  const r = 4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3;
  const g = -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3;
  const b = -0.0041960863 * l3 - 0.7034186147 * m3 + 1.707614701 * s3;
  return 0.2126 * bounded(r) + 0.7152 * bounded(g) + 0.0722 * bounded(b);
}

const known = new Map();

/** Black or white, whichever can be read on this tint: one of the two has a contrast of 4.5 on any colour. */
export function onTint(colour, share) {
  const key = `${document.documentElement.dataset.theme} ${colour} ${bounded(share).toFixed(3)}`;
  if (!known.has(key)) {
    const style = getComputedStyle(document.documentElement);
    const [above, below] = [colour.slice(4, -1), "--card"].map((name) => cones(style.getPropertyValue(name).trim()));
    known.set(key, luminance(above.map((c, i) => bounded(share) * c + (1 - bounded(share)) * below[i])) > 0.179 ? "#000" : "#fff");
  }
  return known.get(key);
}
