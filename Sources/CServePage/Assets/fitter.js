"use strict";
// When to ask for what: a quick fit at once while settings move, the full one when they
// rest. There is never more than one fit under way, and the latest settings win.
import * as api from "./api.js";
import { toMoves, toRequest } from "./state.js";

const restAfter = 350; // milliseconds until a slider counts as resting
const patience = 250; // a quick fit that is older than this gives way to a newer one,
const longest = 1000; // unless nothing has been shown for a while: then than this

export class Fitter {
  #running = null; // {kind, controller, started}
  #waiting = null; // the kind to run next
  #timer = 0;
  #shown = 0; // when the last result was
  retried = false; // a fit that was lost has been made again

  /** `current()` is {picture, options}; the others are called with what happened. */
  constructor({ current, started, result, failed }) {
    Object.assign(this, { current, started, result, failed });
  }

  /** The settings have changed. */
  change() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#want("full"), restAfter);
    this.#want("preview");
  }

  /** A full fit, now. */
  full() {
    clearTimeout(this.#timer);
    this.#want("full");
  }

  stop() {
    clearTimeout(this.#timer);
    this.#waiting = null;
    this.#running?.controller.abort();
  }

  #want(kind) {
    const running = this.#running;
    if (!running) {
      this.#run(kind);
      return;
    }
    this.#waiting = kind;
    // Stopping every quick fit at the next movement would show nothing until the slider
    // rests, so a young one may finish; so may one of the same settings as the full one.
    const now = performance.now();
    const isOld = now - running.started > (now - this.#shown > 600 ? longest : patience);
    const isSame = running.options === this.current().options && kind === "full";
    if (running.kind === "full" || (isOld && !isSame)) running.controller.abort();
  }

  async #run(kind) {
    const { picture, options } = this.current();
    if (!picture) return;
    const running = { kind, options, controller: new AbortController(), started: performance.now() };
    this.#running = running;
    this.#waiting = null;
    this.started(kind);
    const { signal } = running.controller;
    const isQuick = kind === "preview";
    if (isQuick) {
      for (const name of ["request", "painted"]) performance.clearMarks(name);
      performance.mark("request");
    }
    try {
      const sent = toRequest(options, picture);
      if (isQuick) sent.effort = Math.min(sent.effort, picture.reduction > 1 ? 1 : 2);
      const made = await api.fit(picture, { ...sent, reduced: isQuick, measure: !isQuick }, signal);
      const moves = toMoves(options.moves, made.palette);
      if (moves.length > 0) {
        made.recolored = await api.recolor(picture, made.id, moves, options.shades, signal);
      }
      made.kind = kind;
      made.options = options;
      made.elapsed = performance.now() - running.started;
      signal.throwIfAborted();
      this.#running = null;
      this.retried = false;
      this.#shown = performance.now();
      this.result(picture, made);
    } catch (error) {
      this.#running = null;
      // A fit that was lost between two requests is made again, once.
      if (error.lost && !this.retried) {
        this.retried = true;
        this.#waiting ??= kind;
      } else if (!api.isAbort(error)) {
        this.retried = false;
        this.failed(error, kind);
      }
    }
    if (this.#running === null && this.#waiting) this.#run(this.#waiting);
  }
}
