"use strict";
// What is known of the pixel under the pointer: its colour and the palette's at once,
// its responsibilities when the server has answered.
import * as api from "./api.js";
import { byId, element, percent } from "./dom.js";
import { toHex } from "./colors.js";

const rows = 4;

export class Pixel extends EventTarget {
  #running = null;
  #next = null;
  #place = null;
  #fit = null;
  #entry = null;

  constructor(current, lost) {
    super();
    Object.assign(this, { current, lost });
  }

  clear() {
    this.#running?.abort();
    this.#fit = null;
    this.#next = null;
    this.#show(null, []);
  }

  setFit(fit) {
    this.#fit = fit;
    if (this.#place) this.point(this.#place);
  }

  /** The pointer is over a pixel of the picture, or nowhere. */
  point(place) {
    this.#place = place;
    const fit = this.#fit;
    const { picture } = this.current();
    if (!place || !fit || !picture?.pixels) {
      this.#tell(null);
      return;
    }
    const { pixels } = picture;
    const at = this.#index(place, pixels, picture) * 4;
    const from = toHex(...pixels.data.subarray(at, at + 3));
    const label = fit.labels[this.#index(place, fit, picture)];
    const entry = fit.palette[label];
    this.#tell(entry ? label : null);
    this.#show({ ...place, from, alpha: pixels.data[at + 3], entry }, null);
    this.#ask(place);
  }

  /** A place of the full picture, in a version of it that may be smaller. */
  #index({ x, y }, { width, height }, picture) {
    const column = Math.min(width - 1, Math.floor((x * width) / picture.width));
    const row = Math.min(height - 1, Math.floor((y * height) / picture.height));
    return row * width + column;
  }

  #tell(entry) {
    if (entry === this.#entry) return;
    this.#entry = entry;
    this.dispatchEvent(new CustomEvent("entry", { detail: entry }));
  }

  /** One question at a time; of those that come meanwhile, the last. */
  async #ask(place) {
    if (this.#running) {
      this.#next = place;
      return;
    }
    const controller = new AbortController();
    this.#running = controller;
    const fit = this.#fit;
    const { picture } = this.current();
    try {
      const { responsibilities } = await api.at(picture, fit.id, place.x, place.y, controller.signal);
      if (fit === this.#fit && this.#place?.x === place.x && this.#place?.y === place.y) this.#shares(responsibilities);
    } catch (error) {
      if (error.lost && fit === this.#fit) this.lost();
    }
    this.#running = null;
    const next = this.#next;
    this.#next = null;
    if (next && this.#fit) this.#ask(next);
  }

  #show(pixel, shares) {
    const line = byId("pixel-at");
    if (!pixel) {
      line.textContent = "Point at a pixel to see its colours.";
    } else {
      const chip = (color) => {
        const made = element("span", { className: "chip" });
        made.style.backgroundColor = color;
        return made;
      };
      const to = pixel.entry?.hex ?? "";
      const name = pixel.entry?.name ? ` ${pixel.entry.name}` : "";
      line.replaceChildren(`x ${pixel.x}, y ${pixel.y}: `, chip(pixel.from), ` ${pixel.from}`,
        pixel.alpha < 255 ? ` alpha ${pixel.alpha}` : "", " → ", chip(to), ` ${to}${name}`);
    }
    if (shares) this.#shares(shares);
  }

  #shares(shares) {
    const list = byId("pixel-shares");
    const seen = shares.slice(0, rows);
    while (list.children.length < rows) {
      list.append(element("li", {}, element("span", { className: "chip" }), element("span"),
        element("span"), element("span", { className: "bar" })));
    }
    [...list.children].forEach((row, i) => {
      const one = seen[i];
      row.hidden = !one;
      if (!one) return;
      const [chip, hex, share, bar] = row.children;
      chip.style.backgroundColor = one.hex;
      hex.textContent = one.hex;
      share.textContent = percent(one.share);
      bar.style.transform = `scaleX(${one.share})`;
    });
  }
}
