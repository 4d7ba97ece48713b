"use strict";
// What can lie over the result: how undecided each pixel is, or the mask of one colour.
import * as api from "./api.js";
import { byId } from "./dom.js";
import { drawHeat, drawMask } from "./raster.js";

const patience = 60; // milliseconds that a pointer rests before a mask is fetched

export class Overlay {
  #canvas = document.createElement("canvas");
  #fit = null;
  #chosen = null;
  #hovered = null;
  #controller = null;
  #timer = 0;
  #masks = new Map(); // of the fit shown, by entry

  constructor(viewer, current, lost) {
    Object.assign(this, { viewer, current, lost });
    byId("overlay").addEventListener("change", () => this.#show());
  }

  setFit(fit) {
    if (fit !== this.#fit) this.#masks.clear();
    this.#fit = fit;
    if (this.#chosen !== null && this.#chosen >= fit.palette.length) this.#chosen = null;
    this.#hovered = null;
    this.#show();
  }

  clear() {
    this.#fit = null;
    this.#chosen = null;
    this.#hovered = null;
    this.#masks.clear();
    this.#controller?.abort();
    this.viewer.setOverlay(null, "");
  }

  /** The palette's entry that is chosen, and the one under the pointer. */
  choose(entry) {
    this.#chosen = entry;
    if (byId("overlay").value === "mask") this.#show();
  }

  hover(entry) {
    if (entry === this.#hovered) return;
    this.#hovered = entry;
    if (byId("overlay").value !== "mask") return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(), patience);
  }

  async #show() {
    clearTimeout(this.#timer);
    this.#controller?.abort();
    const mode = byId("overlay").value;
    const fit = this.#fit;
    if (mode === "none" || !fit) {
      this.viewer.setOverlay(null, "");
      return;
    }
    const controller = new AbortController();
    this.#controller = controller;
    try {
      const text = await (mode === "mask" ? this.#mask(fit, controller.signal) : this.#heat(fit, controller.signal));
      if (controller.signal.aborted) return;
      this.viewer.setOverlay(text === null ? null : this.#canvas, text ?? "point at a colour to see its mask");
    } catch (error) {
      if (api.isAbort(error) || controller.signal.aborted) return;
      this.viewer.setOverlay(null, error.message);
      if (error.lost && fit === this.#fit) this.lost();
    }
  }

  async #heat(fit, signal) {
    const { picture } = this.current();
    const map = await api.uncertainty(picture, fit.id, signal);
    signal.throwIfAborted();
    drawHeat(this.#canvas, map);
    return fit.cprime === 1 ? "uncertainty: none with C' = 1" : `uncertainty, 0 to ${map.most.toFixed(2)} nats`;
  }

  async #mask(fit, signal) {
    const entry = this.#hovered ?? this.#chosen;
    const one = fit.palette[entry];
    if (!one) return null;
    let map = this.#masks.get(entry);
    if (!map) {
      map = one.component === null || one.component === undefined ? this.#hard(fit, entry)
        : await api.mask(this.current().picture, fit.id, entry, signal);
      signal.throwIfAborted();
      if (this.#masks.size > 15) this.#masks.delete(this.#masks.keys().next().value);
      this.#masks.set(entry, map);
    }
    drawMask(this.#canvas, map);
    return `mask of ${one.hex}`;
  }

  /** Colours that no component of a mixture stands for have the mask of their pixels. */
  #hard({ labels, width, height }, entry) {
    const data = new Uint8Array(labels.length);
    for (let i = 0; i < labels.length; i += 1) data[i] = labels[i] === entry ? 255 : 0;
    return { width, height, data };
  }
}
