"use strict";
(() => {
  const byId = (id) => document.getElementById(id);

  // The table: a button in each title sorts by its column, best first, and back.
  const table = byId("figures");
  const headers = [...table.tHead.rows[0].cells];
  const valueOf = (row, column) => {
    const text = row.cells[column].dataset.value;
    return text === "" ? NaN : Number(text);
  };
  const order = (a, b) => {
    if (Number.isNaN(a) || Number.isNaN(b)) {
      return Number.isNaN(a) - Number.isNaN(b);
    }
    return a < b ? -1 : a > b ? 1 : 0;
  };
  headers.forEach((header, column) => {
    header.querySelector("button").addEventListener("click", () => {
      const states = ["ascending", "descending"];
      if (header.dataset.first === "descending") states.reverse();
      const isFirst = header.getAttribute("aria-sort") !== states[0];
      const ascending = states[isFirst ? 0 : 1] === "ascending";
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => {
        const [x, y] = [valueOf(a, column), valueOf(b, column)];
        // What has no number stays at the end.
        const missing = Number.isNaN(x) || Number.isNaN(y);
        return (
          (ascending || missing ? 1 : -1) * order(x, y) ||
          order(valueOf(a, 0), valueOf(b, 0))
        );
      });
      table.tBodies[0].append(...rows);
      headers.forEach((other) => other.setAttribute("aria-sort", "none"));
      header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      byId("sorted").textContent =
        `Sorted by ${header.textContent.trim()}, ` +
        (ascending ? "smallest first" : "largest first");
    });
  });

  // Picture beside picture.
  const stage = byId("stage");
  const divider = byId("divider");
  const sides = ["left", "right"].map((name) => ({
    select: byId(name),
    image: byId(`image-${name}`),
    tag: byId(`tag-${name}`),
  }));
  const pictures = [...document.querySelectorAll("#all img")];
  const heats = [...document.querySelectorAll("#uncertainty img, #recolored img")];
  const options = (images) =>
    images.map((image) => new Option(image.alt, image.id));
  for (const side of sides) {
    side.select.append(...options(pictures));
    if (heats.length > 0) {
      const group = document.createElement("optgroup");
      group.label = "Maps and recoloured";
      group.append(...options(heats));
      side.select.append(group);
    }
    side.select.addEventListener("change", showPictures);
  }
  sides[0].select.selectedIndex = 0;
  sides[1].select.selectedIndex = Math.min(1, pictures.length - 1);
  byId("viewer").hidden = false;

  function showPictures() {
    for (const side of sides) {
      const source = byId(side.select.value);
      side.image.src = source.src;
      side.image.alt = source.alt;
      side.tag.textContent = source.alt;
    }
    byId("tag-difference").textContent =
      `|${sides[0].image.alt} − ${sides[1].image.alt}| × ${byId("gain").value}`;
    stage.style.setProperty("--gain", byId("gain").value);
    setSplit(split);
  }

  let split = 50;
  function setSplit(value) {
    split = Math.min(100, Math.max(0, value));
    stage.style.setProperty("--split", `${split}%`);
    divider.setAttribute("aria-valuenow", String(Math.round(split)));
    divider.setAttribute(
      "aria-valuetext",
      `${Math.round(split)} % ${sides[0].tag.textContent}`
    );
  }

  // Zoom z and the place (x, y) of the pictures' corner, in pixels of a pane.
  let z = 1;
  let x = 0;
  let y = 0;
  const isBeside = () => stage.classList.contains("beside");
  const pane = () => byId("pane-left").getBoundingClientRect();
  function show() {
    const { width, height } = pane();
    x = Math.min(0, Math.max(width * (1 - z), x));
    y = Math.min(0, Math.max(height * (1 - z), y));
    for (const { image } of sides) {
      image.style.transform = `translate(${x}px, ${y}px) scale(${z})`;
      const shown = (width * z) / (image.naturalWidth || width);
      image.classList.toggle("pixels", shown >= 2);
    }
    stage.classList.toggle("zoomed", z > 1);
    byId("zoom").textContent = `${Number(z.toFixed(z < 10 ? 1 : 0))}×`;
    byId("zoom-out").disabled = z <= 1;
    byId("zoom-in").disabled = z >= 32;
  }
  /** Zooms so that the point (px, py) of a pane stays where it is. */
  function zoom(factor, px, py) {
    const { width, height } = pane();
    const [cx, cy] = [px ?? width / 2, py ?? height / 2];
    const next = Math.min(32, Math.max(1, z * factor));
    x = cx - ((cx - x) * next) / z;
    y = cy - ((cy - y) * next) / z;
    z = next;
    show();
  }
  /** Where an event is, in pixels of the pane that it is on. */
  function place(event) {
    const bounds = stage.getBoundingClientRect();
    const at = event.clientX - bounds.left;
    const half = bounds.width / 2;
    return [isBeside() && at > half ? at - half : at, event.clientY - bounds.top];
  }
  byId("zoom-in").addEventListener("click", () => zoom(2));
  byId("zoom-out").addEventListener("click", () => zoom(0.5));
  byId("zoom-reset").addEventListener("click", () => {
    z = 1;
    show();
  });
  // Side by side, the difference, or neither.
  const views = { mode: "beside", difference: "difference" };
  for (const chosen of Object.keys(views)) {
    byId(chosen).addEventListener("click", () => {
      const isOn = !stage.classList.contains(views[chosen]);
      for (const [button, name] of Object.entries(views)) {
        const shows = isOn && button === chosen;
        stage.classList.toggle(name, shows);
        byId(button).setAttribute("aria-pressed", String(shows));
      }
      byId("gain-label").hidden = !stage.classList.contains("difference");
      show();
    });
  }
  byId("gain").addEventListener("change", showPictures);
  window.addEventListener("resize", show);
  for (const { image } of sides) image.addEventListener("load", show);

  stage.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 300), ...place(event));
    },
    { passive: false }
  );

  // One pointer moves the divider, or what is zoomed; two zoom.
  const pointers = new Map();
  let task = null;
  const splitAt = (event) => {
    const bounds = stage.getBoundingClientRect();
    setSplit((100 * (event.clientX - bounds.left)) / bounds.width);
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, event);
    const onDivider = divider.contains(event.target);
    if (pointers.size > 1) task = "pinch";
    else if (onDivider || (z === 1 && !isBeside())) task = "split";
    else task = "pan";
    stage.setPointerCapture(event.pointerId);
    if (task === "split") {
      splitAt(event);
      divider.focus({ preventScroll: true });
      event.preventDefault();
    }
  });
  stage.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    if (task === "split") {
      splitAt(event);
    } else if (task === "pan") {
      x += event.clientX - last.clientX;
      y += event.clientY - last.clientY;
      show();
    } else if (pointers.size > 1) {
      const other = [...pointers.values()].find(
        (one) => one.pointerId !== event.pointerId
      );
      const distance = (one) =>
        Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      const [a, b] = [place(event), place(other)];
      zoom(
        distance(event) / Math.max(1, distance(last)),
        (a[0] + b[0]) / 2,
        (a[1] + b[1]) / 2
      );
    }
    pointers.set(event.pointerId, event);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    stage.addEventListener(name, (event) => {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) task = null;
    });
  }

  divider.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 : 1;
    const moves = {
      ArrowLeft: () => split - step,
      ArrowDown: () => split - step,
      ArrowRight: () => split + step,
      ArrowUp: () => split + step,
      PageDown: () => split - 10,
      PageUp: () => split + 10,
      Home: () => 0,
      End: () => 100,
    };
    if (!(event.key in moves)) return;
    setSplit(moves[event.key]());
    event.preventDefault();
    event.stopPropagation();
  });
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 60;
    const moves = {
      "+": () => zoom(2),
      "=": () => zoom(2),
      "-": () => zoom(0.5),
      0: () => zoom(1 / z),
      ArrowLeft: () => (x += step),
      ArrowRight: () => (x -= step),
      ArrowUp: () => (y += step),
      ArrowDown: () => (y -= step),
    };
    if (!(event.key in moves)) return;
    if (event.key.startsWith("Arrow") && z === 1) return;
    moves[event.key]();
    show();
    event.preventDefault();
  });

  showPictures();
  show();
})();
