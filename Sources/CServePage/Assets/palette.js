"use strict";
// The palette: swatches that are chosen, pinned, changed, moved and recoloured.
import { byId, clamp, copy, element, flash, isOff, percent, problem, say, setOff, whole } from "./dom.js";
import { hueOrder, lightness, nearest, parseHex, rgbOf, toHex } from "./colors.js";
import { hexList, styleSheet } from "./files.js";
import { dragSwatches } from "./drag.js";
import { readPalette } from "./api.js";

export class Palette extends EventTarget {
  #list = byId("palette");
  #items = []; // {hex, name, alpha, entry, share, pixels, sigma, component, pinned} as shown
  #order = []; // hex strings, the reader's own order
  #names = new Map(); // names given here, by hex
  #fit = null;
  #chosen = null; // a hex, so that it survives the next fit

  constructor(state) {
    super();
    this.state = state;
    this.#keys();
    this.#editor();
    this.#tools();
    dragSwatches(this.#list, {
      onto: (from, to) => this.#move(this.#items[from], this.#items[to].hex),
      before: (from, to) => this.#reorder(from, to > from ? to - 1 : to),
    });
    const hover = (event) => {
      const item = event.target.closest?.("li");
      this.dispatchEvent(new CustomEvent("hover", { detail: item ? this.#at(item)?.entry ?? null : null }));
    };
    this.#list.addEventListener("pointerover", hover);
    this.#list.addEventListener("pointerleave", hover);
    state.listen(() => this.#showNotes());
  }

  /** Another picture: what was chosen belongs to the one before. */
  clear() {
    this.#chosen = null;
    this.#names.clear();
    if (byId("order").value === "own") byId("order").value = "use";
  }

  /** The entry that is chosen in the fit shown, or null. */
  get entry() {
    return this.#item?.entry ?? null;
  }
  get #item() {
    return this.#items.find(({ hex, alpha }) => hex === this.#chosen && alpha > 0) ?? null;
  }
  #at(node) {
    return this.#items[[...this.#list.children].indexOf(node)];
  }

  /** A new result. */
  setFit(fit) {
    const before = this.#chosen;
    this.#fit = fit;
    const given = new Map((fit.options.palette ?? []).map((one) => [one.hex, one.name]));
    const pins = new Map(fit.options.pins.map((one) => [one.hex, one.name]));
    const used = fit.palette.map((one, entry) => {
      // Translucent colours may differ in alpha only, so it belongs to their names.
      const hex = one.alpha > 0 && one.alpha < 255 ? toHex(...rgbOf(one.hex).slice(0, 3), one.alpha) : one.hex;
      const name = given.get(hex) || pins.get(hex) || this.#names.get(hex) || one.name || "";
      return { ...one, hex, entry, name };
    });
    // Given colours that no pixel uses are not in the fit, and still belong to the palette.
    const seen = new Set(used.map(({ hex }) => hex));
    const unused = (fit.options.palette ?? []).filter(({ hex }) => !seen.has(hex))
      .map((one) => ({ ...one, entry: null, alpha: rgbOf(one.hex)[3], share: 0, pixels: 0, sigma: null }));
    this.#items = [...used, ...unused];
    if (before && !this.#items.some(({ hex }) => hex === before)) {
      this.#chosen = this.#items[nearest(this.#items, before)]?.hex ?? null;
    }
    this.#sort();
    this.#draw();
  }

  /** Highlights an entry that is pointed at elsewhere; null for none. */
  highlight(entry) {
    [...this.#list.children].forEach((node, i) =>
      node.classList.toggle("other", entry !== null && this.#items[i]?.entry !== entry));
  }

  choose(entry, isFocus = false) {
    const item = this.#items.find((one) => one.entry === entry && one.alpha > 0);
    if (item) this.#choose(item, isFocus);
  }

  #choose(item, isFocus = true) {
    this.#chosen = item.hex;
    this.#mark();
    this.#showEntry();
    if (isFocus) this.#list.children[this.#items.indexOf(item)]?.focus();
    this.dispatchEvent(new CustomEvent("choose", { detail: item.entry }));
  }

  #sort() {
    const keys = {
      use: (one) => -one.share,
      lightness: ({ hex }) => lightness(hex),
      hue: ({ hex }) => hueOrder(hex),
      own: ({ hex }) => {
        const place = this.#order.indexOf(hex);
        return place < 0 ? Infinity : place;
      },
    };
    const key = keys[byId("order").value];
    this.#items = this.#items
      .map((one) => ({ one, by: one.alpha === 0 ? -Infinity : key(one) }))
      .sort((a, b) => (a.by === b.by ? 0 : a.by - b.by))
      .map(({ one }) => one);
  }

  /** The elements are used again: a slider that moves changes colours, not the page. */
  #draw() {
    const list = this.#list;
    while (list.children.length > this.#items.length) list.lastChild.remove();
    while (list.children.length < this.#items.length) {
      list.append(element("li", { tabIndex: -1, role: "option" }, element("i", {}, element("b"))));
    }
    const most = Math.max(...this.#items.map(({ share }) => share), 1e-9);
    this.#items.forEach((one, i) => {
      const node = list.children[i];
      if (one.entry === null) delete node.dataset.entry;
      else node.dataset.entry = one.entry;
      node.dataset.hex = one.hex;
      node.style.backgroundColor = one.alpha === 0 ? "" : one.hex;
      node.classList.toggle("clear", one.alpha === 0);
      node.classList.toggle("unused", one.entry === null);
      node.classList.toggle("pinned", Boolean(one.pinned));
      node.firstChild.firstChild.style.transform = `scaleX(${one.share / most})`;
      const title = one.alpha === 0 ? "transparent" : one.name ? `${one.name}, ${one.hex}` : one.hex;
      node.setAttribute("aria-label", `${title}, ${percent(one.share)}${one.pinned ? ", pinned" : ""}`);
      node.title = `${title}  ${percent(one.share)}`;
    });
    this.#mark();
    this.#showEntry();
    this.#showNotes();
  }

  #mark() {
    const chosen = this.#items.indexOf(this.#item);
    [...this.#list.children].forEach((node, i) => {
      node.setAttribute("aria-selected", String(i === chosen));
      node.tabIndex = i === Math.max(0, chosen) ? 0 : -1;
    });
  }

  #showEntry() {
    const item = this.#item;
    const ids = ["pin", "delete", "back", "forth"].map((name) => `entry-${name}`);
    for (const id of [...ids, "recolor"]) setOff(byId(id), !item);
    setOff(byId("entry-pin"), item?.alpha !== 255);
    for (const id of ["entry-color", "entry-hex", "entry-name"]) byId(id).disabled = !item;
    byId("entry-pin").setAttribute("aria-pressed", String(Boolean(item?.pinned)));
    byId("entry-pin").textContent = item?.pinned ? "Unpin" : "Pin";
    const active = document.activeElement;
    if (byId("entry-color") !== active) byId("entry-color").value = item?.hex.slice(0, 7) ?? "#808080";
    if (byId("entry-hex") !== active) byId("entry-hex").value = item?.hex ?? "";
    if (byId("entry-name") !== active) byId("entry-name").value = item?.name ?? "";
    byId("entry-facts").textContent = !item ? "Choose a colour to change it."
      : item.entry === null ? "No pixel uses this colour."
      : `${whole(item.pixels)} pixels, ${percent(item.share)}` +
        (item.sigma ? `, σ ${item.sigma < 1 ? item.sigma.toFixed(3) : item.sigma.toFixed(1)}` : "") +
        (item.pinned ? ", pinned" : "");
  }

  #showNotes() {
    const { palette, moves } = this.state.options;
    byId("given").hidden = palette === null;
    byId("given-text").textContent = palette
      ? `${palette.length} given ${palette.length === 1 ? "colour" : "colours"}: pixels take the nearest, nothing is fitted.` : "";
    byId("recolored").hidden = moves.length === 0;
    byId("recolored-text").textContent = moves.length
      ? `Recoloured: ${moves.map(({ hex, to }) => `${hex} → ${to}`).join(", ")}.` : "";
  }

  /** The colours in force, as given colours. */
  #asGiven() {
    const { palette } = this.state.options;
    if (palette) return palette.map((one) => ({ ...one }));
    return this.#items.filter(({ alpha }) => alpha > 0).map(({ hex, name }) => ({ hex, name }));
  }

  #give(colors) {
    const seen = new Map(colors.map((one) => [one.hex, one]));
    this.state.change({ palette: [...seen.values()], pins: [], moves: [] });
  }

  #edit(item, hex) {
    if (hex === item.hex) return;
    const colors = this.#asGiven().map((one) => (one.hex === item.hex ? { ...one, hex } : one));
    this.#order = this.#order.map((one) => (one === item.hex ? hex : one));
    this.#chosen = hex;
    this.#give(colors);
  }

  #delete(item) {
    const colors = this.#asGiven().filter(({ hex }) => hex !== item.hex);
    if (colors.length === 0) {
      problem("A palette has at least one colour.");
      return;
    }
    const at = this.#items.indexOf(item);
    this.#chosen = (this.#items[at + 1] ?? this.#items[at - 1])?.hex ?? null;
    this.#give(colors);
  }

  #pin(item) {
    const { pins, palette } = this.state.options;
    if (item.alpha !== 255) return;
    const isPinned = pins.some(({ hex }) => hex === item.hex);
    const next = isPinned ? pins.filter(({ hex }) => hex !== item.hex) : [...pins, { hex: item.hex, name: item.name }];
    // With given colours nothing is fitted, so pinning one fits the others again.
    this.state.change({ pins: next, palette: null, ...(palette && { colors: Math.min(256, palette.length) }) });
  }

  #move(item, to) {
    if (!item || item.entry === null || item.alpha === 0 || item.hex === to) return;
    const moves = this.state.options.moves.filter(({ hex }) => hex !== item.hex);
    this.state.change({ moves: [...moves, { hex: item.hex, to }], shades: byId("recolor-shades").checked ? 20 : 0 });
  }

  #reorder(from, to) {
    const items = this.#items;
    items.splice(clamp(to, 0, items.length - 1), 0, ...items.splice(from, 1));
    this.#order = items.map(({ hex }) => hex);
    byId("order").value = "own";
    this.#draw();
    // Given colours keep this order in the file; fitted ones only here.
    const { palette } = this.state.options;
    if (palette) {
      const place = new Map(this.#order.map((hex, i) => [hex, i]));
      const sorted = [...palette].sort((a, b) => (place.get(a.hex) ?? 999) - (place.get(b.hex) ?? 999));
      this.state.change({ palette: sorted, keepPalette: true });
    }
    say(`Moved to place ${clamp(to, 0, items.length - 1) + 1} of ${items.length}.`);
  }

  #keys() {
    this.#list.addEventListener("click", (event) => {
      const node = event.target.closest("li");
      const item = node && this.#at(node);
      if (item && item.alpha > 0) this.#choose(item);
    });
    this.#list.addEventListener("keydown", (event) => {
      const at = [...this.#list.children].indexOf(document.activeElement);
      if (at < 0) return;
      const columns = getComputedStyle(this.#list).gridTemplateColumns.split(" ").length;
      const last = this.#items.length - 1;
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: last }[event.key];
      const item = this.#items[at];
      if (to !== undefined && event.altKey) {
        this.#reorder(at, to);
        this.#list.children[clamp(to, 0, last)].focus();
      } else if (to !== undefined) {
        const next = this.#items[clamp(to, 0, last)];
        if (next.alpha > 0) this.#choose(next);
      } else if (event.key === "Delete" || event.key === "Backspace") this.#delete(item);
      else if (event.key === "p" || event.key === "P") this.#pin(item);
      else if (event.key === "Enter" || event.key === " ") this.#choose(item);
      else return;
      event.preventDefault();
    });
  }

  #editor() {
    const act = (id, action) =>
      byId(id).addEventListener("click", (event) => {
        if (!isOff(event.currentTarget) && this.#item) action(this.#item);
      });
    byId("entry-color").addEventListener("change", (event) => this.#item && this.#edit(this.#item, event.target.value + this.#item.hex.slice(7)));
    byId("entry-hex").addEventListener("change", (event) => {
      const samples = parseHex(event.target.value);
      event.target.setAttribute("aria-invalid", String(!samples));
      if (samples && this.#item) this.#edit(this.#item, toHex(...samples.slice(0, samples[3] < 255 ? 4 : 3)));
    });
    byId("entry-name").addEventListener("change", (event) => {
      const item = this.#item;
      if (!item) return;
      const name = event.target.value.trim().replaceAll("=", " ");
      this.#names.set(item.hex, name);
      const rename = (list) => list.map((one) => (one.hex === item.hex ? { ...one, name } : one));
      const { pins, palette } = this.state.options;
      item.name = name;
      this.#draw();
      // Only given and pinned colours carry their names to the server.
      if (palette) this.state.change({ palette: rename(palette) });
      else if (item.pinned) this.state.change({ pins: rename(pins) });
    });
    act("entry-pin", (item) => this.#pin(item));
    act("entry-delete", (item) => this.#delete(item));
    act("entry-back", (item) => this.#reorder(this.#items.indexOf(item), this.#items.indexOf(item) - 1));
    act("entry-forth", (item) => this.#reorder(this.#items.indexOf(item), this.#items.indexOf(item) + 1));
    act("recolor", (item) => this.#move(item, byId("recolor-to").value));
    byId("recolor-to").addEventListener("change", () => this.#move(this.#item, byId("recolor-to").value));
    byId("recolor-shades").addEventListener("change", (event) => {
      if (this.state.options.moves.length) this.state.change({ shades: event.target.checked ? 20 : 0 });
    });
    byId("recolor-undo").addEventListener("click", () => this.state.change({ moves: [] }));
  }

  #tools() {
    byId("order").addEventListener("change", () => {
      if (!this.#fit) return;
      this.#order = this.#items.map(({ hex }) => hex);
      this.#sort();
      this.#draw();
    });
    byId("fit-again").addEventListener("click", () => {
      const { palette } = this.state.options;
      this.state.change({ palette: null, colors: Math.min(256, palette.length) });
      byId("palette").querySelector('[tabindex="0"]')?.focus();
    });
    byId("palette-add").addEventListener("click", () => {
      const colors = this.#asGiven();
      let hex = byId("recolor-to").value;
      // A colour that is already there would change nothing.
      while (colors.some((one) => one.hex === hex)) {
        hex = toHex(...[0, 1, 2].map(() => Math.floor(Math.random() * 256)));
      }
      this.#chosen = hex;
      this.#give([...colors, { hex, name: "" }]);
    });
    byId("palette-file").addEventListener("change", (event) => {
      if (event.target.files[0]) this.importFile(event.target.files[0]);
      event.target.value = "";
    });
    const shown = () => this.#items.filter(({ alpha }) => alpha > 0);
    byId("copy-hex").addEventListener("click", async (event) =>
      flash(event.target, (await copy(hexList(shown()))) ? "Copied" : "Not allowed"));
    byId("copy-css").addEventListener("click", async (event) =>
      flash(event.target, (await copy(styleSheet(shown()))) ? "Copied" : "Not allowed"));
  }

  async importFile(file) {
    try {
      const { colors: read } = await readPalette(file);
      // The server adds the transparent entry of a picture by itself.
      const colors = read.filter(({ hex }) => rgbOf(hex)[3] > 0).map(({ hex, name = "" }) => ({ hex, name }));
      if (colors.length === 0) throw new Error(`${file.name} has no colours.`);
      byId("order").value = "own";
      this.#order = colors.map(({ hex }) => hex);
      this.#give(colors);
      problem("");
    } catch (error) {
      problem(error.message);
    }
  }
}
