"use strict";
// The settings, what depends on them, and their history.
import { nearest } from "./colors.js";

export const defaults = Object.freeze({
  colors: 16,
  cprime: 2,
  space: "srgb",
  effort: 5,
  dither: "none",
  ditherStrength: 0.85,
  perceptual: false,
  importance: "none",
  balance: 1,
  mixing: "equal",
  variance: "shared",
  seed: 0,
  background: null,
  alphaThreshold: null,
  minRegion: 1,
  posterize: 0,
  pins: Object.freeze([]), // {hex, name}
  palette: null, // or [{hex, name}]: given colours, nothing is fitted
  keepPalette: false, // their order is the reader's own
  moves: Object.freeze([]), // {hex, to}: recoloured after the fit
  shades: 20,
});

/** What the preset chooses, unless the reader has chosen otherwise. */
export const preset = Object.freeze({ space: "oklab", dither: "floyd-steinberg", importance: "auto" });

export const countOf = ({ palette, colors }) => palette?.length ?? colors;

/** C' in force: the one chosen, but at most k. A k that grows again brings it back. */
export const sharing = (options) => Math.min(options.cprime, countOf(options));

const named = ({ hex, name }) => (name ? `${name.replaceAll("=", " ")}=${hex}` : hex);

/** The options of a request. */
export function toRequest(options, picture) {
  const { pins, palette, moves, shades, ...plain } = options;
  const sent = { ...plain };
  if (palette) {
    sent.palette = palette.map(named);
    sent.colors = palette.length;
  } else if (pins.length > 0) {
    sent.pins = pins.map(named);
  }
  sent.cprime = sharing(options);
  // With the preset, what it chooses is not said again: the command stays short.
  if (sent.perceptual) {
    for (const [key, value] of Object.entries(preset)) if (sent[key] === value) delete sent[key];
  }
  if (options.dither === "none" || options.ditherStrength === defaults.ditherStrength) delete sent.ditherStrength;
  // What contradicts another choice is left out; its field is off.
  if (options.dither !== "none") delete sent.minRegion;
  if (palette) delete sent.posterize;
  if (!palette || !sent.keepPalette) delete sent.keepPalette;
  if (!picture.alpha || sent.background === null) delete sent.background;
  if (!picture.alpha || sent.alphaThreshold === null) delete sent.alphaThreshold;
  return sent;
}

/**
 * The moves as the server wants them: by number of the palette's entry. After another fit
 * a colour may be a little different; then the nearest one moves.
 */
export function toMoves(moves, entries) {
  const made = new Map();
  for (const { hex, to } of moves) {
    const same = entries.findIndex((one) => one.hex === hex && one.alpha > 0);
    const entry = same >= 0 ? same : nearest(entries, hex);
    if (entry >= 0) made.set(entry, { entry, to });
  }
  return [...made.values()];
}

/** The settings with undo. Listeners get (options, changed keys, how). */
export class State {
  options = { ...defaults };
  #listeners = [];
  #past = [];
  #future = [];
  #settled = this.options;

  listen(listener) {
    this.#listeners.push(listener);
  }

  /** `how` is "moving" while a slider moves, "set" when a choice is made. */
  change(changes, how = "set") {
    const next = { ...this.options, ...changes };
    if (next.pins.length > next.colors) next.colors = Math.min(256, next.pins.length);
    const keys = Object.keys(next).filter((key) => next[key] !== this.options[key]);
    if (keys.length === 0) return;
    this.options = next;
    this.#tell(keys, how);
  }

  /** A full result is shown: this is a step that undo returns to. */
  settle() {
    if (this.#settled === this.options) return;
    this.#past.push(this.#settled);
    if (this.#past.length > 100) this.#past.shift();
    this.#future = [];
    this.#settled = this.options;
  }

  get canUndo() {
    return this.#past.length > 0 || this.#settled !== this.options;
  }
  get canRedo() {
    return this.#future.length > 0 && this.#settled === this.options;
  }

  undo() {
    if (!this.canUndo) return;
    const isSettled = this.#settled === this.options;
    this.#future.push(this.options);
    const next = isSettled ? this.#past.pop() : this.#settled;
    this.#jump(next);
  }

  redo() {
    if (!this.canRedo) return;
    this.#past.push(this.options);
    this.#jump(this.#future.pop());
  }

  #jump(next) {
    const keys = Object.keys(next).filter((key) => next[key] !== this.options[key]);
    this.options = next;
    this.#settled = next;
    this.#tell(keys, "set");
  }

  #tell(keys, how) {
    for (const listener of this.#listeners) listener(this.options, keys, how);
  }
}
