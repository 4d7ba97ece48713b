"use strict";
// Palette files, read in the browser: hex, Paint.NET text, GIMP, style sheets, JSON.
import { parseHex, toHex } from "./colors.js";

export const isPalette = (name) => /\.(gpl|hex|txt|s?css|json)$/i.test(name);
const most = 4096;

const color = ([r, g, b, a = 255], name = "") => ({ hex: toHex(r, g, b), alpha: a, name });
const isByte = (value) => Number.isInteger(value) && value >= 0 && value <= 255;

/** GIMP: "r g b  name", after a header that may say that there is alpha. */
function parseGPL(lines) {
  const hasAlpha = lines.some((line) => /^channels:\s*rgba/i.test(line));
  const found = [];
  for (const line of lines) {
    const parts = /^\s*(\d+)\s+(\d+)\s+(\d+)(?:\s+(.*))?$/.exec(line);
    if (!parts) continue;
    let rest = (parts[4] ?? "").trim();
    let alpha = 255;
    if (hasAlpha && /^\d+/.test(rest)) {
      alpha = Number.parseInt(rest, 10);
      rest = rest.replace(/^\d+\s*/, "");
    }
    const samples = [parts[1], parts[2], parts[3]].map(Number).concat(alpha);
    if (!samples.every(isByte)) throw new Error(`“${line.trim()}” is not a colour; samples are 0 to 255.`);
    found.push(color(samples, /^untitled$/i.test(rest) ? "" : rest));
  }
  return found;
}

/** Paint.NET: aarrggbb, and comments after a semicolon. */
function parseText(lines) {
  const found = [];
  for (const line of lines) {
    const text = line.split(";")[0].trim();
    if (text === "") continue;
    const samples = parseHex(text);
    if (!samples) throw new Error(`“${text}” is not a colour.`);
    const isLong = text.replace("#", "").length === 8;
    found.push(color(isLong ? [...samples.slice(1), samples[0]] : samples));
  }
  return found;
}

function parseLines(lines) {
  const found = [];
  for (const line of lines) {
    const text = line.trim();
    if (text === "" || /^(;|\/\/|#(?![0-9a-f]{3,8}\b))/i.test(text)) continue;
    const parts = /^(#?[0-9a-f]+)(?:\s+(.*))?$/i.exec(text);
    const samples = parts && parseHex(parts[1]);
    if (!samples) throw new Error(`“${text.slice(0, 40)}” is not a colour; each line is rrggbb.`);
    found.push(color(samples, parts[2] ?? ""));
  }
  return found;
}

/** Custom properties and Sass variables whose values are colours. */
function parseStyle(text) {
  const found = [];
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  for (const [, name, value] of bare.matchAll(/(?:--|\$)([\w-]+)\s*:\s*([^;}]+)/g)) {
    const rgb = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(value.trim());
    const samples = rgb ? rgb.slice(1, 4).map(Number)
      : value.trim().startsWith("#") ? parseHex(value) : null;
    if (samples?.slice(0, 3).every(isByte)) found.push(color(samples, /^color-\d+$/.test(name) ? "" : name));
  }
  return found;
}

/** quantize's own files, [[r, g, b], …] and ["#rrggbb", …]. */
function parseJSON(text) {
  let root;
  try {
    root = JSON.parse(text);
  } catch {
    throw new Error("This is not JSON.");
  }
  const list = Array.isArray(root) ? root : root.palette ?? root.colors ?? root.entries;
  if (!Array.isArray(list)) throw new Error("This JSON has no list of colours.");
  return list.map((one) => {
    if (Array.isArray(one) && one.length >= 3 && one.every(isByte)) return color(one);
    const hex = typeof one === "string" ? one : one?.hex ?? one?.color;
    const samples = typeof hex === "string" ? parseHex(hex) : Array.isArray(one?.rgb) ? one.rgb : null;
    if (!samples?.every(isByte)) throw new Error(`“${JSON.stringify(one).slice(0, 40)}” is not a colour.`);
    if (isByte(one?.alpha)) samples[3] = one.alpha;
    return color(samples, typeof one?.name === "string" ? one.name : "");
  });
}

/** The colours of a palette file, opaque, each once: [{hex, name}]. */
export function parsePalette(name, text) {
  const bare = text.replace(/^\uFEFF/, "");
  const lines = bare.split(/\r\n?|\n/);
  const ending = name.toLowerCase().split(".").pop();
  const all = /^gimp palette/i.test(bare) ? parseGPL(lines)
    : ending === "json" || /^\s*[[{]/.test(bare) ? parseJSON(bare)
    : ending === "css" || ending === "scss" ? parseStyle(bare)
    : ending === "gpl" ? parseGPL(lines)
    : ending === "txt" ? parseText(lines)
    : parseLines(lines);
  const seen = new Map();
  for (const { hex, alpha, name: title } of all) {
    // The server adds the transparent entry of a picture by itself.
    if (alpha > 0 && !seen.has(hex)) seen.set(hex, { hex, name: title.trim() });
  }
  if (seen.size === 0) throw new Error(`${name} has no colours.`);
  if (seen.size > most) throw new Error(`${name} has ${seen.size} colours; here are at most ${most}. Use the command with --palette.`);
  return [...seen.values()];
}

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
