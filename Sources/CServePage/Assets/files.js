"use strict";
// Palettes as text to copy, and which files hold palettes; the server reads them.

/** Whether a name is that of a palette; swatches in pictures are imported by the button. */
export const isPalette = (name) => /\.(gpl|hex|txt|s?css|json|act|ase|pal)$/i.test(name);

const identifier = (name) =>
  name.trim().replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-+|-+$/g, "").replace(/^(\d)/, "c$1");

export const hexList = (colors) => colors.map(({ hex }) => hex).join("\n") + "\n";

/** Custom properties; colours without a name, or with one that is taken, get a number. */
export function styleSheet(colors) {
  const taken = new Set();
  const lines = colors.map(({ hex, name }, i) => {
    let title = identifier(name ?? "");
    if (title === "" || taken.has(title)) title = `color-${i + 1}`;
    taken.add(title);
    return `  --${title}: ${hex};`;
  });
  return `:root {\n${lines.join("\n")}\n}\n`;
}
