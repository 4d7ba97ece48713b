"use strict";
// Two pictures one over the other with a divider, or side by side, or their difference.
// Both have the same zoom and place. Sources are canvases of the pictures' own sizes;
// what is seen is drawn onto canvases of the size of the window.
import { byId, clamp } from "./dom.js";

export class Viewer {
  #stage = byId("viewer");
  #divider = byId("divider");
  #views = ["left", "right"].map((name) => ({
    canvas: byId(`canvas-${name}`),
    tag: byId(`tag-${name}`),
    pane: byId(`pane-${name}`),
    source: null,
    label: "",
  }));
  #over = { canvas: byId("canvas-over"), source: null, label: "" };
  #width = 1; // of the picture
  #height = 1;
  #zoom = 1; // 1 shows the whole picture
  #x = 0.5; // the place of the picture in the middle of a pane
  #y = 0.5;
  #split = 50;
  #frame = 0;
  #finer = 0;
  #hasAlpha = false;

  /** `point` is called with the pixel under the pointer, or null. */
  constructor(point) {
    this.point = point;
    this.#pointers();
    this.#keys();
    this.#buttons();
    new ResizeObserver(() => this.#draw()).observe(this.#stage);
    this.#setSplit(50);
  }

  /** Another picture: the whole of it is shown. */
  setPicture({ width, height, alpha }) {
    [this.#width, this.#height, this.#hasAlpha] = [width, height, alpha];
    this.fit();
  }

  /** What one side shows. `canvas` may have another size than the picture. */
  setSide(side, canvas, label) {
    const view = this.#views[side];
    view.source = canvas;
    view.label = label;
    this.#showTags();
    this.#setSplit(this.#split);
    this.redraw();
  }

  /** What lies over the right side, and what to call it. */
  setOverlay(canvas, label) {
    this.#over.source = canvas;
    this.#over.label = label;
    this.#showTags();
    this.redraw();
  }

  #showTags() {
    const [left, right] = this.#views;
    left.tag.textContent = left.label;
    right.tag.textContent = this.#over.label ? `${right.label} · ${this.#over.label}` : right.label;
  }

  fit() {
    this.#zoom = 1;
    this.#x = this.#width / 2;
    this.#y = this.#height / 2;
    this.redraw();
  }

  redraw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** Draws at once; for measuring. */
  flush() {
    cancelAnimationFrame(this.#frame);
    this.#draw();
  }

  #size() {
    const { clientWidth, clientHeight } = this.#stage;
    return [this.#isBeside ? clientWidth / 2 - 1 : clientWidth, clientHeight];
  }
  get #isBeside() {
    return this.#stage.classList.contains("beside") && !this.#stage.classList.contains("difference");
  }
  get #whole() {
    const [width, height] = this.#size();
    return Math.min(width / this.#width, height / this.#height, 16);
  }
  get #scale() {
    return this.#whole * this.#zoom;
  }

  #draw(quality = "low") {
    const [width, height] = this.#size();
    if (width < 1 || height < 1) return;
    const scale = this.#scale;
    // The picture stays in the window, and in its middle if it is smaller.
    const half = [width / scale / 2, height / scale / 2];
    this.#x = half[0] >= this.#width / 2 ? this.#width / 2 : clamp(this.#x, half[0], this.#width - half[0]);
    this.#y = half[1] >= this.#height / 2 ? this.#height / 2 : clamp(this.#y, half[1], this.#height - half[1]);
    const dots = window.devicePixelRatio || 1;
    const left = Math.round((width / 2 - this.#x * scale) * dots);
    const top = Math.round((height / 2 - this.#y * scale) * dots);
    let isCoarse = false;
    for (const { canvas, source } of [...this.#views, this.#over]) {
      const [w, h] = [Math.round(width * dots), Math.round(height * dots)];
      if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
      const context = canvas.getContext("2d");
      context.clearRect(0, 0, w, h);
      if (!source) continue;
      const enlarged = (scale * dots * this.#width) / source.width;
      context.imageSmoothingEnabled = enlarged < 1.75;
      context.imageSmoothingQuality = quality;
      isCoarse ||= enlarged < 0.75;
      const area = [left, top, Math.round(this.#width * scale * dots), Math.round(this.#height * scale * dots)];
      if (this.#hasAlpha && canvas !== this.#over.canvas) this.#checks(context, area, dots);
      context.drawImage(source, ...area);
    }
    // Reducing a large picture well takes time, so it waits until nothing moves.
    clearTimeout(this.#finer);
    if (isCoarse && quality === "low") this.#finer = setTimeout(() => this.#draw("high"), 120);
    const canPan = this.#zoom > 1;
    this.#stage.classList.toggle("zoomed", canPan);
    byId("zoom").textContent = `${Math.round(scale * 100)} %`;
  }

  /** What shows through transparent pixels; plain grey where pictures are subtracted. */
  #checks(context, [x, y, width, height], dots) {
    context.fillStyle = "#808080";
    if (!this.#stage.classList.contains("difference")) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = Math.round(20 * dots);
      const half = tile.width / 2;
      const tiles = tile.getContext("2d");
      tiles.fillStyle = "#b4b4b4";
      tiles.fillRect(0, 0, tile.width, tile.width);
      tiles.fillStyle = "#d4d4d4";
      tiles.fillRect(0, 0, half, half);
      tiles.fillRect(half, half, half, half);
      context.fillStyle = context.createPattern(tile, "repeat");
    }
    context.fillRect(x, y, width, height);
  }

  /** Zooms so that the place (px, py) of a pane keeps its pixel. */
  #zoomBy(factor, px, py) {
    const [width, height] = this.#size();
    const [dx, dy] = [(px ?? width / 2) - width / 2, (py ?? height / 2) - height / 2];
    const before = this.#scale;
    this.#zoom = clamp(this.#zoom * factor, 1, Math.max(8, 64 / this.#whole));
    const after = this.#scale;
    this.#x += dx / before - dx / after;
    this.#y += dy / before - dy / after;
    this.redraw();
  }

  #pan(dx, dy) {
    this.#x -= dx / this.#scale;
    this.#y -= dy / this.#scale;
    this.redraw();
  }

  #buttons() {
    byId("zoom-in").addEventListener("click", () => this.#zoomBy(2));
    byId("zoom-out").addEventListener("click", () => this.#zoomBy(0.5));
    byId("zoom-fit").addEventListener("click", () => this.fit());
    byId("zoom-one").addEventListener("click", () => this.#zoomBy(1 / this.#scale));
    const modes = ["beside", "difference"];
    for (const mode of modes) {
      byId(mode).addEventListener("click", () => {
        const isOn = !this.#stage.classList.contains(mode);
        for (const other of modes) {
          this.#stage.classList.toggle(other, other === mode && isOn);
          byId(other).setAttribute("aria-pressed", String(other === mode && isOn));
        }
        byId("gain-label").hidden = !(mode === "difference" && isOn);
        this.redraw();
      });
    }
    byId("gain").addEventListener("change", (event) =>
      this.#stage.style.setProperty("--gain", event.target.value));
  }

  #setSplit(value) {
    this.#split = clamp(value, 0, 100);
    this.#stage.style.setProperty("--split", `${this.#split}%`);
    this.#divider.setAttribute("aria-valuenow", String(Math.round(this.#split)));
    this.#divider.setAttribute("aria-valuetext",
      `${Math.round(this.#split)} % ${this.#views[0].tag.textContent}`);
  }

  /** Where an event is, in a pane. */
  #place(event) {
    const bounds = this.#stage.getBoundingClientRect();
    const at = event.clientX - bounds.left;
    const half = bounds.width / 2;
    return [this.#isBeside && at > half ? at - half - 1 : at, event.clientY - bounds.top];
  }

  /** The pixel at a place of a pane, or null outside of the picture. */
  #pixelAt(px, py) {
    const [width, height] = this.#size();
    const x = Math.floor(this.#x + (px - width / 2) / this.#scale);
    const y = Math.floor(this.#y + (py - height / 2) / this.#scale);
    return x >= 0 && y >= 0 && x < this.#width && y < this.#height ? { x, y } : null;
  }

  #pointers() {
    const stage = this.#stage;
    const pointers = new Map();
    let task = null;
    const splitAt = (event) => {
      const bounds = stage.getBoundingClientRect();
      this.#setSplit((100 * (event.clientX - bounds.left)) / bounds.width);
    };
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      pointers.set(event.pointerId, event);
      if (pointers.size > 1) task = "pinch";
      else if (this.#divider.contains(event.target)) task = "split";
      else task = this.#zoom > 1 ? "pan" : event.pointerType === "mouse" && !this.#isBeside ? "split" : "look";
      stage.setPointerCapture(event.pointerId);
      if (task === "split") {
        splitAt(event);
        this.#divider.focus({ preventScroll: true });
        event.preventDefault();
      } else if (task === "look") {
        this.point(this.#pixelAt(...this.#place(event)));
      }
    });
    stage.addEventListener("pointermove", (event) => {
      const last = pointers.get(event.pointerId);
      if (!last) {
        this.point(this.#pixelAt(...this.#place(event)));
        return;
      }
      if (task === "split") {
        splitAt(event);
      } else if (task === "pan") {
        this.#pan(event.clientX - last.clientX, event.clientY - last.clientY);
      } else if (pointers.size > 1) {
        const other = [...pointers.values()].find((one) => one.pointerId !== event.pointerId);
        const distance = (one) =>
          Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
        const [a, b] = [this.#place(event), this.#place(other)];
        this.#pan((event.clientX - last.clientX) / 2, (event.clientY - last.clientY) / 2);
        this.#zoomBy(distance(event) / Math.max(1, distance(last)), (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
      }
      pointers.set(event.pointerId, event);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      stage.addEventListener(name, (event) => {
        pointers.delete(event.pointerId);
        if (pointers.size === 0) task = null;
      });
    }
    stage.addEventListener("pointerleave", () => this.point(null));
    stage.addEventListener("wheel", (event) => {
      // Without a key, the wheel scrolls the page. A pinch on a touchpad has ctrlKey.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.#zoomBy(Math.exp(-event.deltaY / 300), ...this.#place(event));
    }, { passive: false });
  }

  #keys() {
    this.#divider.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 10 : 1;
      const to = {
        ArrowLeft: this.#split - step,
        ArrowDown: this.#split - step,
        ArrowRight: this.#split + step,
        ArrowUp: this.#split + step,
        PageDown: this.#split - 10,
        PageUp: this.#split + 10,
        Home: 0,
        End: 100,
      }[event.key];
      if (to === undefined) return;
      this.#setSplit(to);
      event.preventDefault();
      event.stopPropagation();
    });
    this.#stage.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const moves = {
        "+": () => this.#zoomBy(2),
        "=": () => this.#zoomBy(2),
        "-": () => this.#zoomBy(0.5),
        0: () => this.fit(),
        1: () => this.#zoomBy(1 / this.#scale),
        ArrowLeft: () => this.#pan(60, 0),
        ArrowRight: () => this.#pan(-60, 0),
        ArrowUp: () => this.#pan(0, 60),
        ArrowDown: () => this.#pan(0, -60),
      };
      if (!(event.key in moves)) return;
      if (event.key.startsWith("Arrow") && this.#zoom <= 1) return;
      moves[event.key]();
      event.preventDefault();
      this.flush();
      const [width, height] = this.#size();
      this.point(this.#pixelAt(width / 2, height / 2));
    });
  }
}
