"use strict";
// The colours of a picture as points in space, and the mixture among them. The projection
// is a few lines, so a 2-D canvas is enough.
import * as api from "./api.js";
import { byId, clamp } from "./dom.js";
import { oklab, rgbOf, toHex } from "./colors.js";

// Both spaces are turned so that black to white points up. Distances stay as they are,
// so a σ of the working space is a circle.
const spaces = {
  oklab: (r, g, b) => {
    const [L, a, bb] = oklab(r, g, b);
    return [a, L, bb];
  },
  srgb: (r, g, b) => [
    (r - g) / 255 / Math.SQRT2,
    (r + g + b) / 255 / Math.sqrt(3),
    (r + g - 2 * b) / 255 / Math.sqrt(6),
  ],
};
const sigmaScale = { oklab: 1, srgb: 1 / 255 };

export class Cloud {
  #canvas = byId("cloud");
  #points = []; // {at, css, size, rgb, entry}
  #means = []; // {at, css, radius, entry}
  #picture = null;
  #wanted = false; // whether the canvas is on the screen
  #fit = null;
  #yaw = 0.6;
  #pitch = 0.25;
  #zoom = 1;
  #center = [0, 0.5, 0];
  #radius = 0.6;
  #lit = null;
  #chosen = null;
  #frame = 0;
  #timer = 0;
  #places = []; // where the means were drawn

  constructor(parts) {
    Object.assign(this, parts); // {select, hover}: called with an entry
    byId("cloud-space").addEventListener("change", () => this.#rebuild());
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const turn = byId("cloud-turn");
    const motion = () => {
      turn.disabled = still.matches;
      if (still.matches) turn.checked = false;
    };
    still.addEventListener("change", motion);
    motion();
    turn.addEventListener("change", () => this.#redraw());
    new ResizeObserver(() => this.#redraw()).observe(this.#canvas);
    new IntersectionObserver(([entry]) => {
      this.#wanted = entry.isIntersecting;
      if (this.#wanted) this.#load();
    }, { rootMargin: "200px" }).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
    this.#pointers();
    this.#keys();
  }

  setPicture(picture) {
    this.#picture = picture;
    this.#points = [];
    this.#means = [];
    this.#fit = null;
    this.#lit = null;
    this.#chosen = null;
    this.#zoom = 1;
    this.#load();
  }

  setFit(fit) {
    this.#fit = fit;
    this.#lit = null;
    // The picture comes first.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wanted && this.#assign(), 60);
  }

  highlight(entry) {
    if (this.#lit === entry) return;
    this.#lit = entry;
    this.#redraw();
  }

  choose(entry) {
    this.#chosen = entry;
    this.#redraw();
  }

  /** The points are fetched when they are first seen. */
  async #load() {
    const picture = this.#picture;
    if (!this.#wanted || !picture) return;
    if (!picture.cloud) {
      picture.cloud = api.cloud(picture);
      picture.cloud.catch(() => (picture.cloud = null)); // asked again when seen again
    }
    try {
      const points = await picture.cloud;
      if (picture !== this.#picture || this.#points.length > 0) {
        this.#assign();
        return;
      }
      const most = Math.max(...points.map((point) => point[6]), 1);
      this.#points = points.map(([, , , r, g, b, weight]) => ({
        rgb: [r, g, b],
        css: toHex(r, g, b),
        size: 2.4 + 3 * Math.sqrt(weight / most),
      }));
      this.#rebuild();
    } catch {
      // Without a cloud the rest of the page works.
    }
  }

  #rebuild() {
    const place = spaces[byId("cloud-space").value];
    for (const point of this.#points) point.at = place(...point.rgb);
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (const { at } of this.#points) {
      at.forEach((v, i) => {
        low[i] = Math.min(low[i], v);
        high[i] = Math.max(high[i], v);
      });
    }
    if (this.#points.length > 0) {
      this.#center = low.map((v, i) => (v + high[i]) / 2);
      this.#radius = Math.max(0.08, Math.hypot(...low.map((v, i) => high[i] - v)) / 2);
    }
    this.#assign();
  }

  /** Which entry each point belongs to, and where the means are. */
  #assign() {
    const space = byId("cloud-space").value;
    const place = spaces[space];
    const entries = (this.#fit?.palette ?? []).map((one, entry) => ({ ...one, entry })).filter(({ alpha }) => alpha > 0);
    this.#means = entries.map(({ hex, sigma, entry }) => ({
      at: place(...rgbOf(hex)),
      css: hex,
      entry,
      radius: this.#fit.space === space && sigma ? sigma * sigmaScale[space] : 0,
    }));
    for (const point of this.#points) {
      let least = Infinity;
      for (const { at, entry } of this.#means) {
        const d = (at[0] - point.at[0]) ** 2 + (at[1] - point.at[1]) ** 2 + (at[2] - point.at[2]) ** 2;
        if (d < least) [least, point.entry] = [d, entry];
      }
    }
    this.#redraw();
  }

  #redraw() {
    if (!this.#wanted || this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (byId("cloud-turn").checked) {
        this.#yaw += 0.006;
        this.#redraw();
      }
      this.#draw();
    });
  }

  #draw() {
    const canvas = this.#canvas;
    const dots = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * dots)) canvas.width = Math.round(width * dots);
    if (canvas.height !== Math.round(height * dots)) canvas.height = Math.round(height * dots);
    const context = canvas.getContext("2d");
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.clearRect(0, 0, width, height);
    const scale = (Math.min(width, height) * 0.52 * this.#zoom) / this.#radius;
    const [cy, sy, cp, sp] = [Math.cos(this.#yaw), Math.sin(this.#yaw), Math.cos(this.#pitch), Math.sin(this.#pitch)];
    const [x0, y0, z0] = this.#center;
    const project = ([px, py, pz]) => {
      const [x, y, z] = [px - x0, py - y0, pz - z0];
      const across = x * cy + z * sy;
      const back = z * cy - x * sy;
      const up = y * cp - back * sp;
      const depth = back * cp + y * sp;
      const near = 1 / (1 + clamp(depth / (5 * this.#radius), -0.6, 2));
      return [width / 2 + across * scale * near, height / 2 - up * scale * near, depth, near];
    };
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink").trim();
    this.#frameOf(context, project, style.getPropertyValue("--edge").trim());
    const lit = this.#lit ?? this.#chosen;
    // Pointing is for a moment and shows one colour alone; a choice lasts.
    const dim = this.#lit === null ? 0.35 : 0.1;
    const things = [...this.#points, ...this.#means].map((thing) => ({ thing, at: project(thing.at) }));
    things.sort((a, b) => b.at[2] - a.at[2]);
    this.#places = [];
    for (const { thing, at: [x, y, , near] } of things) {
      const isLit = lit === null || thing.entry === lit;
      context.fillStyle = thing.css;
      if (thing.size) {
        const size = thing.size * near * (isLit ? 1 : 0.8);
        context.globalAlpha = isLit ? 1 : dim;
        context.fillRect(x - size / 2, y - size / 2, size, size);
        continue;
      }
      const radius = Math.max(5, thing.radius * scale * near);
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.globalAlpha = isLit ? 0.3 : 0.05;
      context.fill();
      context.globalAlpha = isLit ? 1 : 0.25;
      context.lineWidth = thing.entry === lit ? 3 : 1.25;
      context.strokeStyle = ink;
      context.stroke();
      context.beginPath();
      context.arc(x, y, 4.5, 0, 2 * Math.PI);
      context.fill();
      context.lineWidth = 1;
      context.stroke();
      this.#places.push({ x, y, entry: thing.entry });
    }
    context.globalAlpha = 1;
  }

  /** The edges of all colours of sRGB. */
  #frameOf(context, project, color) {
    const place = spaces[byId("cloud-space").value];
    context.strokeStyle = color;
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    context.beginPath();
    for (let axis = 0; axis < 3; axis += 1) {
      for (let corner = 0; corner < 4; corner += 1) {
        for (let step = 0; step <= 8; step += 1) {
          const rgb = [0, 0, 0];
          rgb[axis] = (255 * step) / 8;
          rgb[(axis + 1) % 3] = corner & 1 ? 255 : 0;
          rgb[(axis + 2) % 3] = corner & 2 ? 255 : 0;
          const [x, y] = project(place(...rgb));
          if (step === 0) context.moveTo(x, y);
          else context.lineTo(x, y);
        }
      }
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  #turn(dx, dy) {
    this.#yaw += dx;
    this.#pitch = clamp(this.#pitch + dy, -1.5, 1.5);
    this.#redraw();
  }

  #zoomBy(factor) {
    this.#zoom = clamp(this.#zoom * factor, 0.5, 12);
    this.#redraw();
  }

  /** The mean near a place on the canvas, or null. */
  #entryAt(event) {
    const bounds = this.#canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    let [found, least] = [null, 16];
    for (const place of this.#places) {
      const distance = Math.hypot(place.x - x, place.y - y);
      if (distance <= least) [found, least] = [place.entry, distance];
    }
    return found;
  }

  #pointers() {
    const canvas = this.#canvas;
    let last = null;
    let moved = 0;
    canvas.addEventListener("pointerdown", (event) => {
      last = event;
      moved = 0;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) {
        this.hover(this.#entryAt(event));
        return;
      }
      const [dx, dy] = [event.clientX - last.clientX, event.clientY - last.clientY];
      moved += Math.hypot(dx, dy);
      this.#turn(-dx / 150, dy / 150);
      last = event;
    });
    const end = (event) => {
      const entry = last && moved < 5 ? this.#entryAt(event) : null;
      last = null;
      if (entry !== null) this.select(entry);
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", () => (last = null));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("wheel", (event) => {
      // The wheel scrolls the page until the cloud has the focus.
      if (document.activeElement !== canvas && !event.ctrlKey) return;
      event.preventDefault();
      this.#zoomBy(Math.exp(-event.deltaY / 400));
    }, { passive: false });
  }

  #keys() {
    this.#canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const act = {
        ArrowLeft: () => this.#turn(-0.12, 0),
        ArrowRight: () => this.#turn(0.12, 0),
        ArrowUp: () => this.#turn(0, 0.12),
        ArrowDown: () => this.#turn(0, -0.12),
        "+": () => this.#zoomBy(1.25),
        "=": () => this.#zoomBy(1.25),
        "-": () => this.#zoomBy(0.8),
        0: () => {
          [this.#yaw, this.#pitch, this.#zoom] = [0.6, 0.25, 1];
          this.#redraw();
        },
      }[event.key];
      if (!act) return;
      act();
      event.preventDefault();
    });
  }
}
