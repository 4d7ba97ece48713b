"use strict";
// Small helpers. All text goes in as text: nothing here parses HTML.

export const byId = (id) => document.getElementById(id);

/** element("li", {className: "x", data: {entry: 3}, aria: {label: "y"}}, "text", child) */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { data, aria, ...others } = properties;
  Object.assign(made, others);
  Object.assign(made.dataset, data);
  for (const [key, value] of Object.entries(aria ?? {})) {
    made.setAttribute(`aria-${key}`, value);
  }
  made.append(...children);
  return made;
}

/** The same for SVG, with attributes only. */
export function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * A button that can do nothing now keeps the focus and is still heard, so it is
 * not `disabled`. Its listeners ask isOff().
 */
export function setOff(button, off) {
  button.setAttribute("aria-disabled", String(Boolean(off)));
}
export const isOff = (button) => button.getAttribute("aria-disabled") === "true";

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** Numbers as they are read: 1,234 pixels, 34.56 dB, 75.9 kB. */
export const whole = (value) => Math.round(value).toLocaleString("en-GB");
export const fixed = (value, digits) =>
  value === null || value === undefined || Number.isNaN(value) ? "–" : value.toFixed(digits);
export const size = (bytes) => {
  if (bytes === null || bytes === undefined) return "–";
  return bytes < 1e6 ? `${fixed(bytes / 1e3, 1)} kB` : `${fixed(bytes / 1e6, 2)} MB`;
};
export const percent = (share) => {
  if (share >= 0.0995) return `${(share * 100).toFixed(0)} %`;
  return share > 0 && share < 0.001 ? "< 0.1 %" : `${(share * 100).toFixed(1)} %`;
};

/** Copies text, also where the page has no secure context (http in a local network). */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element("textarea", { value: text, className: "hidden" });
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus();
    return done;
  }
}

/** Says on a button for a moment that it worked. */
export function flash(button, text) {
  button.dataset.text ??= button.textContent;
  button.textContent = text;
  clearTimeout(button.flashTimer);
  button.flashTimer = setTimeout(() => (button.textContent = button.dataset.text), 1500);
}

/** Tells the page that something went wrong, in one line; "" takes it away. */
export function problem(text) {
  const line = byId("problem");
  line.textContent = text;
  line.hidden = text === "";
}

/** Tells a screen reader, and nobody else. */
export function say(text) {
  byId("said").textContent = text;
}
