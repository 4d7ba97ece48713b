"use strict";
// Colours as the page needs them: hex, Oklab, and CIELAB's order of hues.

/** "#abc", "aabbcc" or "#aabbccff" as [r, g, b, a], or null. */
export function parseHex(text) {
  const digits = text.trim().replace(/^#|^0x/i, "").toLowerCase();
  if (!/^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(digits)) return null;
  const long = digits.length < 6 ? [...digits].map((d) => d + d).join("") : digits;
  const [r, g, b, a = 255] = long.match(/../g).map((pair) => parseInt(pair, 16));
  return [r, g, b, a];
}

export const toHex = (...samples) =>
  `#${samples.map((sample) => Math.round(sample).toString(16).padStart(2, "0")).join("")}`;

export const rgbOf = (hex) => parseHex(hex) ?? [0, 0, 0, 255];

export const linear = (sample) => {
  const v = sample / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
};

/** Oklab (B. Ottosson) of 8-bit sRGB. */
export function oklab(red, green, blue) {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** A number to sort by: greys from dark to light, then red to purple. */
export function hueOrder(hex) {
  const [L, a, b] = oklab(...rgbOf(hex));
  if (Math.hypot(a, b) < 0.02) return L - 10;
  const hue = (Math.atan2(b, a) * 180) / Math.PI;
  return (hue + 360) % 360;
}

export const lightness = (hex) => oklab(...rgbOf(hex))[0];

/** The number of the colour of `list` ({hex}) nearest to `hex`; -1 if there is none. */
export function nearest(list, hex) {
  const to = oklab(...rgbOf(hex));
  let best = -1;
  let least = Infinity;
  list.forEach((one, number) => {
    if (one.alpha === 0) return;
    const from = oklab(...rgbOf(one.hex));
    const distance = (from[0] - to[0]) ** 2 + (from[1] - to[1]) ** 2 + (from[2] - to[2]) ** 2;
    if (distance < least) [best, least] = [number, distance];
  });
  return best;
}
