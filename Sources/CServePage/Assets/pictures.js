"use strict";
// Opening pictures: chosen, dropped, pasted, or a sample; and the tabs of those open.
import * as api from "./api.js";
import { isPalette } from "./files.js";
import { byId, element, problem, say, size } from "./dom.js";

export class Pictures extends EventTarget {
  #all = [];
  #limits = {};
  #loading = 0;
  current = null;

  /** `open(picture)` shows one; `close(picture, next)` follows its end. */
  constructor({ open, close }) {
    super();
    Object.assign(this, { open, close });
    const input = byId("file");
    input.addEventListener("change", () => {
      this.add([...input.files]);
      input.value = ""; // the same file can be chosen again
    });
    byId("choose").addEventListener("click", () => input.click());
    for (const button of document.querySelectorAll(".sample")) {
      button.addEventListener("click", () => this.#sample(button.dataset.sample));
    }
    this.#drops();
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) this.add(files);
    });
    // A page that is left does not come back for its pictures.
    window.addEventListener("pagehide", (event) => {
      if (!event.persisted) for (const picture of this.#all) api.forget(picture, true);
    });
  }

  describe(limits) {
    this.#limits = limits;
  }

  #drops() {
    let timer = 0;
    const mark = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      document.documentElement.dataset.dropping = "";
      clearTimeout(timer);
      timer = setTimeout(() => delete document.documentElement.dataset.dropping, 200);
    };
    document.addEventListener("dragenter", mark);
    document.addEventListener("dragover", mark);
    document.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.add([...event.dataTransfer.files]);
    });
  }

  async #sample(name) {
    this.#busy(1, name);
    try {
      await this.add([await api.sample(name)]);
    } catch (error) {
      problem(error.message);
    }
    this.#busy(-1);
  }

  #busy(step, name) {
    this.#loading += step;
    if (name) say(`Opening ${name}`);
    byId("opening").textContent = this.#loading > 0 ? `Opening ${name ?? "pictures"} …` : "";
    if (this.current) return;
    document.documentElement.dataset.state = this.#loading > 0 ? "busy" : "empty";
  }

  /** Opens files; palettes among them go to the palette. */
  async add(files) {
    problem("");
    const problems = [];
    for (const file of files) {
      if (isPalette(file.name)) {
        if (this.current) this.dispatchEvent(new CustomEvent("palette", { detail: file }));
        else problems.push(`${file.name}: open a picture first, then the palette.`);
        continue;
      }
      if (this.#limits.bytes && file.size > this.#limits.bytes) {
        problems.push(`${file.name} has ${size(file.size)}; this server reads up to ${size(this.#limits.bytes)}. Use the command for it.`);
        continue;
      }
      this.#busy(1, file.name);
      try {
        const { id, name, width, height, bytes, colors, alpha, warnings, reduction } = await api.upload(file);
        const picture = { id, name, width, height, bytes, colors, alpha, warnings, reduction: reduction ?? 1, file, kept: [] };
        this.#all.push(picture);
        this.#tab(picture);
        this.#show(picture);
        if (warnings?.length) problems.push(...warnings.map((warning) => `${name}: ${warning}`));
      } catch (error) {
        problems.push(`${file.name}: ${error.message}`);
      }
      this.#busy(-1);
    }
    if (problems.length > 0) problem(problems.join(" "));
  }

  #tab(picture) {
    const name = element("button", { type: "button", title: `${picture.name}, ${picture.width} × ${picture.height}` },
      element("span", {}, picture.name));
    name.addEventListener("click", () => this.#show(picture));
    const close = element("button", { type: "button", aria: { label: `Close ${picture.name}` } }, "×");
    close.addEventListener("click", () => this.#remove(picture));
    picture.tab = element("li", {}, name, close);
    byId("pictures").append(picture.tab);
  }

  setThumb(picture, canvas) {
    canvas.setAttribute("aria-hidden", "true");
    picture.thumb?.remove();
    picture.thumb = canvas;
    picture.tab.firstChild.prepend(canvas);
  }

  #show(picture) {
    if (this.current === picture) return;
    for (const one of this.#all) {
      const isCurrent = one === picture;
      if (isCurrent) one.tab.dataset.current = "";
      else delete one.tab.dataset.current;
      one.tab.firstChild.setAttribute("aria-current", String(isCurrent));
      // Only the picture shown keeps its pixels; the others are fetched again.
      if (!isCurrent) [one.canvas, one.pixels] = [null, null];
    }
    this.current = picture;
    this.open(picture);
  }

  #remove(picture) {
    const at = this.#all.indexOf(picture);
    this.#all.splice(at, 1);
    picture.tab.remove();
    const next = this.#all[Math.min(at, this.#all.length - 1)] ?? null;
    picture.canvas = picture.pixels = null;
    const wasCurrent = this.current === picture;
    if (wasCurrent) this.current = null;
    this.close(picture, this.current ?? next);
    if (wasCurrent && next) this.#show(next);
    (next?.tab.firstChild ?? byId("file")).focus();
  }
}
