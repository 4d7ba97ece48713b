"use strict";
// Dragging swatches with a mouse or pen. The middle of a swatch means "onto", its sides
// "before" and "after". Touch scrolls; there, buttons do the same.
import { element } from "./dom.js";

const start = 6; // pixels until a press becomes a drag

export function dragSwatches(list, { onto, before }) {
  let drag = null;

  const target = (event) => {
    const node = document.elementFromPoint(event.clientX, event.clientY)?.closest("#palette li");
    if (!node) return null;
    const { left, width } = node.getBoundingClientRect();
    const place = (event.clientX - left) / width;
    const number = [...list.children].indexOf(node);
    if (place > 0.25 && place < 0.75) return { how: "onto", node, number };
    return { how: "before", node, number: place < 0.5 ? number : number + 1 };
  };
  const clear = () => {
    for (const node of list.querySelectorAll(".onto, .before")) node.classList.remove("onto", "before");
  };
  const end = () => {
    clear();
    drag?.ghost?.remove();
    drag = null;
  };

  list.addEventListener("pointerdown", (event) => {
    const node = event.target.closest("li");
    if (!node || event.button !== 0 || event.pointerType === "touch") return;
    drag = { from: [...list.children].indexOf(node), x: event.clientX, y: event.clientY, node, ghost: null };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.ghost) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < start) return;
      drag.ghost = element("div", { id: "ghost" });
      drag.ghost.style.backgroundColor = drag.node.dataset.hex;
      document.body.append(drag.ghost);
    }
    drag.ghost.style.left = `${event.clientX}px`;
    drag.ghost.style.top = `${event.clientY}px`;
    clear();
    const to = target(event);
    if (!to) return;
    if (to.how === "onto") to.node.classList.add("onto");
    else list.children[to.number]?.classList.add("before");
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag?.ghost) {
      drag = null;
      return;
    }
    const to = target(event);
    const { from } = drag;
    end();
    // The click that follows would choose the swatch under the pointer.
    list.addEventListener("click", (click) => click.stopImmediatePropagation(), { capture: true, once: true });
    setTimeout(() => list.dispatchEvent(new Event("click")), 0);
    if (!to || (to.how === "onto" && to.number === from)) return;
    if (to.how === "onto") onto(from, to.number);
    else before(from, to.number);
  });
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => event.key === "Escape" && end());
}
