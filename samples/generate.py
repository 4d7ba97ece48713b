"""Draw the sample images.

    python3 samples/generate.py [OUTPUT_FOLDER]

rewrites every sample (by default next to this file).  It needs NumPy and
Pillow only, and draws the same pictures each time.  The still life is ray
traced and takes about a minute; the others take a few seconds.
"""

import os
import sys
from pathlib import Path

# The matrices here are 3 by 3: threads would only cost time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.dont_write_bytecode = True

import numpy as np
from PIL import Image, ImageDraw

from still_life import still_life


# Shared tools ----------------------------------------------------------------

def smooth(lo, hi, x):
    s = np.clip((x - lo) / (hi - lo), 0, 1)
    return s * s * (3 - 2 * s)


def mix(a, b, w):
    return a + (b - a) * w


def colour(text):
    """'#rrggbb' as three numbers from 0 to 1."""
    return np.array([int(text[k:k + 2], 16) for k in (1, 3, 5)]) / 255


def to_linear(code):
    return np.where(code <= 0.04045, code / 12.92,
                    ((code + 0.055) / 1.055) ** 2.4)


def to_code(linear):
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92,
                    1.055 * linear ** (1 / 2.4) - 0.055)


def to_bytes(code):
    return np.clip(code * 255 + 0.5, 0, 255).astype(np.uint8)


def blur(field, sigma):
    """Gaussian blur of a plane, repeating its edges."""
    reach = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    for axis in (0, 1):
        margin = [(0, 0), (0, 0)]
        margin[axis] = (reach, reach)
        padded = np.pad(field, margin, mode="edge")
        size = field.shape[axis]
        field = sum(w * padded.take(range(k, k + size), axis)
                    for k, w in enumerate(weights))
    return field


def value_noise(rng, shape, cell):
    """Smooth noise, 0 to 1, with one bump per cell (height, width)."""
    rows, columns = (int(np.ceil(n / c)) + 3 for n, c in zip(shape, cell))
    grid = rng.random((rows, columns))
    y, x = (np.arange(n) / c for n, c in zip(shape, cell))
    i, j = y.astype(int), x.astype(int)
    v, u = smooth(0, 1, y - i)[:, None], smooth(0, 1, x - j)[None, :]
    top = mix(grid[np.ix_(i, j)], grid[np.ix_(i, j + 1)], u)
    low = mix(grid[np.ix_(i + 1, j)], grid[np.ix_(i + 1, j + 1)], u)
    return mix(top, low, v)


def fractal_noise(rng, shape, cell, octaves=5):
    total, weight = 0.0, 0.0
    for k in range(octaves):
        finer = value_noise(rng, shape, [c / 2 ** k for c in cell])
        total = total + finer / 2 ** k
        weight += 0.5 ** k
    return total / weight


# The pictures ----------------------------------------------------------------

def sunset():
    """Sun over the sea: long gradients under sensor noise."""
    height, width, horizon = 427, 640, 262
    rng = np.random.default_rng(21)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    sun_x, sun_y = 366.0, 226.0

    # Sky: stops from the zenith down to the horizon, in linear light.
    stops = [0, 0.22, 0.45, 0.66, 0.82, 0.93, 1]
    tints = to_linear(np.array([colour(c) for c in (
        "#27345f", "#45507f", "#806e93", "#c0837f", "#e8995f", "#f7b457",
        "#fbc468")]))

    def sky_at(level):
        return np.stack([np.interp(level, stops, tints[:, k])
                         for k in range(3)], -1)

    far = np.hypot((x - sun_x) * 0.8, y - sun_y)
    light = sky_at(y / horizon)
    # Away from the sun the sky is cooler and darker.
    away = smooth(0, 520, np.abs(x - sun_x))[..., None]
    light = light * mix(1.0, np.array([0.62, 0.70, 0.86]), away)
    glow = (0.50 * np.exp(-far / 30) + 0.34 * np.exp(-far / 115))[..., None]
    light = light + glow * np.array([1.0, 0.55, 0.18])

    # Thin clouds: noise stretched along the horizon, lit from below.
    sheet = fractal_noise(rng, (height, width), (30, 190), 6)
    sheet += 0.35 * (fractal_noise(rng, (height, width), (9, 70), 4) - 0.5)
    cover = smooth(0.50, 0.74, sheet) * smooth(255, 190, y) * smooth(-40, 60, y)
    lit = np.exp(-far / 190)[..., None]
    cloud = mix(to_linear(colour("#5d4a6b")), to_linear(colour("#ff9a6a")),
                np.clip(0.25 + 1.1 * lit, 0, 1))
    edge = smooth(0.0, 0.5, cover) * smooth(1.0, 0.35, cover)
    cloud = cloud * (1 + 0.55 * edge[..., None] * lit)
    light = mix(light, cloud, 0.72 * cover[..., None])
    bars = smooth(0.56, 0.70, fractal_noise(
        rng, (height, width), (7, 230), 4)) * smooth(170, 205, y)
    light = mix(light, to_linear(colour("#a0566a")) * (0.6 + 0.9 * lit),
                0.45 * bars[..., None])
    disc = smooth(18.5, 16.0, np.hypot(x - sun_x, y - sun_y))
    light = mix(light, np.array([1.9, 1.15, 0.45]), disc[..., None])

    # Sea: the mirrored sky, broken by waves that grow towards the viewer.
    depth = np.maximum(y - horizon, 0.5)
    scale = 1 / depth
    waves = np.zeros((height, width))
    for k in range(60):
        length = 2.0 ** rng.uniform(-2.2, 3.2)
        turn, phase = rng.normal(0, 0.55), rng.uniform(0, 6.283)
        u = (x - width / 2) * scale * 32
        v = 9000 * scale
        step = 6.283 / (length * 6)
        # Waves finer than a pixel are averaged away.
        fine = np.exp(-(step * 9000 * scale ** 2 / 2.2) ** 2)
        waves += (length ** -0.05 * fine * np.sin(
            step * (np.sin(turn) * u + np.cos(turn) * v) + phase))
    waves /= 7.0
    mirror = np.clip(1 - depth / 215 * 0.85 + 0.13 * waves, 0, 1)
    water = sky_at(mirror) * np.array([0.52, 0.50, 0.56])
    water *= mix(1.0, np.array([0.55, 0.62, 0.80]), away)
    ripple = fractal_noise(rng, (height, width), (2.2, 16), 3) - 0.5
    spread = 13 + 0.30 * depth
    path = np.exp(-0.5 * ((x - sun_x) / spread) ** 2)
    glint = path * np.clip(0.42 + 0.95 * waves + 1.3 * ripple, 0, None) ** 1.5
    glint *= mix(1.5, 0.75, smooth(0, 150, depth))
    water = water + glint[..., None] * np.array([1.25, 0.62, 0.20])
    water *= (1 + 0.10 * waves + 0.16 * ripple)[..., None]
    light = np.where((y > horizon)[..., None], water, light)

    # Hills: each ridge nearer is darker, lower and has more detail.
    for top, reach, tint, rough, side in (  # far to near
            (46, 62, "#9a6474", 150, -1), (58, 40, "#6d4a63", 120, 1),
            (36, 52, "#46344f", 80, -1)):
        ridge = fractal_noise(rng, (1, width), (1, rough), 6)[0]
        t = np.arange(width) / width
        t = 1 - t if side < 0 else t
        rise = smooth(0.30, 1.0, t) if side > 0 else smooth(0.42, 1.0, t)
        crest = horizon + 2 - rise * (top + reach * (ridge - 0.5) * 1.6)
        mask = smooth(-0.7, 0.7, y - crest) * (y <= horizon)
        haze = smooth(0, 60, y - crest[None, :])[..., None]
        tone = to_linear(colour(tint)) * mix(0.62, 0.85, haze)
        sunlit = np.exp(-far / 90)[..., None]
        tone = tone + np.array([0.30, 0.13, 0.05]) * sunlit
        light = mix(light, tone, mask[..., None])
        # Its image on the water, softened and drawn down.
        mirrored = horizon + (horizon - crest) * 0.75
        bounce = smooth(9, -9, y - mirrored[None, :] + 8 * waves)
        bounce = bounce * (y > horizon) * 0.36
        light = mix(light, tone * 0.55, bounce[..., None])

    # A headland in front, black against the light, and a small boat.
    ridge = fractal_noise(rng, (1, width), (1, 60), 6)[0]
    rise = smooth(0.30, 0.0, np.arange(width) / width)
    crest = horizon + 32 - rise * (92 + 40 * (ridge - 0.5))
    shore = horizon + 31
    mask = smooth(-0.8, 0.8, y - crest) * smooth(1.5, -1.5, y - shore)
    light = mix(light, to_linear(colour("#1d1826")), mask[..., None])
    under = smooth(9, -9, y - shore - 0.55 * (shore - crest) + 10 * waves)
    under = under * smooth(-1, 1, y - shore) * smooth(0, 8, shore - crest)
    light = mix(light, light * 0.28, under[..., None])
    hull = (np.abs(x - 251) < 11 - 0.9 * np.maximum(y - 283, 0) * 1.3) & (
        y > 282) & (y < 287)
    sail = (y > 254) & (y < 281) & (x > 250) & (x - 250 < (y - 254) * 0.34)
    jib = (y > 260) & (y < 281) & (x < 249) & (249 - x < (y - 260) * 0.30)
    boat = blur((hull | sail | jib).astype(float), 0.6)
    light = mix(light, to_linear(colour("#2b1d2b")), boat[..., None])
    shade = (np.abs(x - 251 + 2 * waves) < 6) & (y > 287) & (y < 311)
    light = mix(light, light * 0.5, blur(shade.astype(float), 1.5)[..., None])

    # Sensor: 3000 electrons at white, and read noise of 7 electrons.
    light = 1 - np.exp(-1.25 * np.maximum(light, 0))
    electrons = rng.poisson(light * 3000) + rng.normal(0, 7, light.shape)
    return Image.fromarray(to_bytes(to_code(electrons / 3000)))


def logo():
    """Flat colours with soft edges over a partly transparent shadow."""
    size, over = 400, 4
    big = size * over
    teal, navy, coral, sand, cream = (
        "#1f8a83", "#17324d", "#ef6a4c", "#f4b942", "#fdf3dc")

    def layer(draw_on):
        """A shape drawn four times too large, averaged down to coverage."""
        mask = Image.new("L", (big, big), 0)
        draw_on(ImageDraw.Draw(mask))
        plane = np.asarray(mask, float).reshape(size, over, size, over)
        return plane.mean((1, 3)) / 255

    def s(*values):
        return [v * over for v in values]

    def badge(d):
        d.rounded_rectangle(s(52, 40, 348, 336), 64 * over, fill=255)

    def sun(d):
        d.ellipse(s(186, 78, 286, 178), fill=255)

    def peak(d):
        d.polygon(s(80, 262, 164, 116, 248, 262), fill=255)

    def cap(d):
        d.polygon(s(164, 116, 197, 173, 181, 164, 164, 180, 147, 164, 131, 173),
                  fill=255)

    def hill(d):
        d.polygon(s(168, 262, 246, 168, 322, 262), fill=255)

    def ground(d):
        d.rectangle(s(52, 258, 348, 336), fill=255)

    def letters(d):
        """Bars, rings and arcs that read as a word from afar."""
        top, base, w = 278, 316, 9
        d.ellipse(s(88, top, 126, base), outline=255, width=w * over)
        d.line(s(112, 304, 128, 318), fill=255, width=w * over)
        d.rectangle(s(137, top, 146, base - 14), fill=255)
        d.rectangle(s(163, top, 172, base - 14), fill=255)
        d.arc(s(137, base - 35, 172, base), 0, 180, fill=255, width=w * over)
        d.line(s(184, base, 199, top, 214, base), fill=255, width=w * over)
        for x in (225, 247):
            d.rectangle(s(x, top, x + 8, base), fill=255)
        d.line(s(229, top + 2, 251, base - 2), fill=255, width=w * over)
        d.rectangle(s(264, top, 298, top + 8), fill=255)
        d.rectangle(s(277, top, 286, base), fill=255)
        d.ellipse(s(303, base - 11, 314, base), fill=255)

    frame = layer(badge)
    shadow = blur(np.roll(frame, (16, 6), (0, 1)), 11) * 0.46
    alpha = shadow
    paint = colour("#0c1626") * alpha[..., None]
    for shape, tint in ((badge, teal), (sun, sand), (peak, navy), (cap, cream),
                        (hill, coral), (ground, navy), (letters, cream)):
        mask = layer(shape) * frame if shape is not badge else frame
        paint = mix(paint, colour(tint), mask[..., None])
        alpha = mix(alpha, 1.0, mask)
    code = np.where(alpha[..., None] > 0,
                    paint / np.maximum(alpha, 1e-6)[..., None], 0)
    pixels = to_bytes(np.dstack([code, alpha]))
    pixels[pixels[..., 3] == 0] = 0  # no colours hide behind full transparency
    return Image.fromarray(pixels)


def cells():
    """Stained nuclei as the 8-bit camera of a microscope sees them."""
    size = 512
    rng = np.random.default_rng(33)
    y, x = np.mgrid[0:size, 0:size].astype(float)
    sharp, haze = np.zeros((size, size)), np.zeros((size, size))
    grain = fractal_noise(rng, (size, size), (13, 13), 4)
    fibre = fractal_noise(rng, (size, size), (26, 26), 5)
    # Nuclei crowd in clumps but seldom overlap: try places, keep the free ones.
    clump = fractal_noise(rng, (size, size), (150, 150), 3)
    kept = []
    for _ in range(2600):
        cx, cy = rng.uniform(-12, size + 12, 2)
        r = rng.lognormal(np.log(16), 0.20)
        level = clump[int(np.clip(cy, 0, 511)), int(np.clip(cx, 0, 511))]
        if rng.random() > smooth(0.40, 0.62, level) + 0.03:
            continue
        if all(np.hypot(cx - a, cy - b) > 0.98 * (r + q) for a, b, q in kept):
            kept.append((cx, cy, r))
    whole_y, whole_x = y, x
    for cx, cy, r in kept:
        # Work in a window about the nucleus; beyond it nothing is left.
        top, left = (max(int(c - 5 * r), 0) for c in (cy, cx))
        part = np.s_[top:int(cy + 5 * r), left:int(cx + 5 * r)]
        y, x = whole_y[part], whole_x[part]
        turn, ratio = rng.uniform(0, np.pi), rng.uniform(0.68, 0.98)
        dividing = rng.random() < 0.06
        bright = rng.lognormal(np.log(0.42), 0.42)
        if dividing:  # condensed chromosomes: a small, bright plate
            ratio, r, bright = 0.38, r * 0.85, 1.35
        dx, dy = x - cx, y - cy
        u = (np.cos(turn) * dx + np.sin(turn) * dy) / r
        v = (np.cos(turn) * dy - np.sin(turn) * dx) / (r * ratio)
        around = np.arctan2(v, u)
        lobes = 1 + sum(
            rng.normal(0, 0.035) * np.cos(k * around + rng.uniform(0, 6.28))
            for k in (2, 3, 4, 5))
        rho = np.hypot(u, v) / lobes
        inside = smooth(1.05, 0.93, rho)
        body = 0.62 + 0.38 * np.sqrt(np.clip(1 - rho ** 2, 0, 1))
        texture = 0.55 + 0.95 * grain[part]
        for _ in range(rng.integers(1, 4)):  # nucleoli stay dark
            a, b = rng.uniform(-0.5, 0.5, 2)
            texture = texture * (1 - 0.55 * np.exp(
                -((u - a) ** 2 + (v - b) ** 2) / 0.030))
        for _ in range(rng.integers(4, 11)):  # chromocentres shine
            a, b = rng.uniform(-0.7, 0.7, 2)
            texture = texture + 0.55 * np.exp(
                -((u - a) ** 2 + (v - b) ** 2) / 0.006)
        sharp[part] += bright * inside * body * texture
        spread = np.exp(-(np.hypot(u * ratio ** 0.5, v) / 1.9) ** 2)
        mesh = 0.15 + 1.5 * fibre[part] ** 1.5
        haze[part] += 0.17 * spread * mesh * rng.uniform(0.5, 1.3)
    # Two point spread functions: in focus, and the glow from other depths.
    seen = 0.80 * blur(sharp, 1.25) + 0.22 * blur(sharp, 14) + blur(haze, 2)
    off_centre = np.hypot(whole_x - 225, whole_y - 285)
    lamp = np.exp(-0.5 * (off_centre / 330) ** 2)
    photons = (seen + 0.035) * (0.35 + 0.75 * lamp) * 420
    counts = rng.poisson(photons) + rng.normal(0, 4.5, photons.shape) + 16
    return Image.fromarray(np.clip(counts * 0.56, 0, 255).astype(np.uint8))


def test_card():
    """Patches, ramps, a hue wheel, wedges and a hidden circle."""
    width, height = 512, 384
    y, x = np.mgrid[0:height, 0:width].astype(float)
    card = np.broadcast_to(colour("#77787a"), (height, width, 3)).copy()

    def put(left, top, w, h, pixels):
        card[top:top + h, left:left + w] = pixels

    # Patches: nine hues, turned a little further in each of six rows that
    # run from dark and dull over full colour to pale.
    rows = ((0.95, 0.22), (0.70, 0.42), (0.95, 0.68), (0.85, 0.92),
            (0.45, 0.86), (0.16, 0.95))
    for j, (saturation, value) in enumerate(rows):
        for i in range(9):
            hue = (i / 9 + j / 54) * 6
            pure = np.clip(np.abs((hue - np.array([0, 2, 4]) + 3) % 6 - 3) * -1
                           + 2, 0, 1)
            put(12 + 28 * i, 12 + 28 * j, 26, 26,
                value * mix(1.0, pure, saturation))

    # Hue wheel: hue by angle, saturation by radius; two samples per axis
    # keep its rim smooth.
    cx, cy, r = 392.0, 92.0, 80.0
    for dy in (0.25, 0.75):
        for dx in (0.25, 0.75):
            u, v = x + dx - cx, y + dy - cy
            far = np.hypot(u, v)
            hue = np.arctan2(-v, u)[..., None] * 3 / np.pi
            pure = np.clip(np.abs((hue - np.array([0, 2, 4]) + 3) % 6 - 3) * -1
                           + 2, 0, 1)
            wheel = mix(1.0, pure, np.clip(far / r, 0, 1)[..., None])
            card += np.where((far < r)[..., None], wheel - colour("#77787a"),
                             0) / 4

    # Ramps: six pure hues from black over the hue to white, then greys.
    t = np.linspace(0, 1, 320)[:, None]
    for k, text in enumerate(("#ff0000", "#ffff00", "#00ff00", "#00ffff",
                              "#0000ff", "#ff00ff")):
        pure = colour(text)
        ramp = np.where(t < 0.5, pure * 2 * t, mix(pure, 1.0, 2 * t - 1))
        put(12, 190 + 14 * k, 320, 12, ramp[None])
    put(12, 278, 320, 22, t[None] * np.ones(3))
    put(12, 302, 320, 12, np.floor(t[None] * 10.999) / 10 * np.ones(3))

    # Skin: a lit cheek, from shade to light, cooler towards the bottom.
    u, v = np.meshgrid(np.linspace(0, 1, 156), np.linspace(0, 1, 124))
    stops = np.array([colour(c) for c in (
        "#3b2119", "#7a4a36", "#b97a5a", "#e0aa88", "#f3cfb4", "#fbe6d6")])
    level = np.clip(0.92 - 0.85 * np.hypot(u - 0.68, (v - 0.32) * 0.9) ** 1.15,
                    0, 1)
    skin = np.stack([np.interp(level, np.linspace(0, 1, 6), stops[:, k])
                     for k in range(3)], -1)
    flush = np.exp(-((u - 0.45) ** 2 + (v - 0.60) ** 2) / 0.05)[..., None]
    skin = skin * (1 + flush * np.array([0.03, -0.06, -0.05]))
    put(344, 190, 156, 124, skin)

    # Resolution: line pairs of 8 pixels down to 2, and a wedge of fans.
    left = 12
    for period in (8, 6, 4, 3, 2):
        wide = period * (28 // period)
        bars = (np.arange(wide) % period < period / 2).astype(float)
        put(left, 326, wide, 22, np.broadcast_to(bars[None, :, None],
                                                 (22, wide, 3)))
        put(left, 350, wide, 22, np.broadcast_to(
            bars[:22, None, None] if wide >= 22 else 0, (22, wide, 3)))
        left += wide + 4
    u, v = np.meshgrid(np.arange(0.125, 132, 0.25), np.arange(0.125, 46, 0.25))
    fan = np.sin(np.arctan2(v - 23, u + 16) * 46) > 0
    fan = fan.reshape(46, 4, 132, 4).mean((1, 3))[..., None] * np.ones(3)
    put(left + 2, 326, 132, 46, mix(0.06, 0.94, fan))

    # Low contrast: circles two and four codes off their ground.
    put(344, 326, 156, 46, colour("#8a8f96"))
    for centre, shift in ((383, 2), (461, 4)):
        cover = np.clip(16.5 - np.hypot(x - centre, y - 348.5), 0, 1)
        card = card + (cover * shift / 255)[..., None]
    return Image.fromarray(to_bytes(card))


def pixel_art():
    """A house at night on a 96 by 96 grid, in fourteen colours."""
    size = 96
    rng = np.random.default_rng(7)
    names = dict(
        night="#141a3a", dusk="#232a5c", haze="#3d3f7d", glow="#6a5590",
        moon="#f6edc4", crater="#d8c793", star="#aeb8e8", leaf="#1f5a4a",
        light_leaf="#37825a", soil="#12342f", bark="#5a3a34", wall="#a86b56",
        roof="#74304a", lamp="#ffc65c")
    index = {name: k for k, name in enumerate(names)}
    palette = [int(names[n][k:k + 2], 16) for n in names for k in (1, 3, 5)]
    y, x = np.mgrid[0:size, 0:size]
    art = np.zeros((size, size), np.uint8)

    # Sky: four bands; where two meet, an ordered dither.
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6],
                      [3, 11, 1, 9], [15, 7, 13, 5]])
    level = np.clip((y - 8) / 19.0, 0, 2.99)
    art[:] = np.floor(level + ((bayer[y % 4, x % 4] + 0.5) / 16 - 0.5) * 0.55
                      ).clip(0, 3)
    for sx, sy in rng.integers(2, [94, 46], (30, 2)):
        art[sy, sx] = index["star"]
    for sx, sy in ((16, 24), (50, 9), (40, 31)):  # three bright ones twinkle
        art[sy, sx - 1:sx + 2] = art[sy - 1:sy + 2, sx] = index["star"]
        art[sy, sx] = index["moon"]

    far = np.hypot(x - 75.5, y - 18.5)
    art[far < 11] = index["moon"]
    craters = (72, 15, 2.4), (79, 21, 3.1), (73, 23, 1.6), (80, 13, 1.3)
    for cx, cy, r in craters:
        art[np.hypot(x - cx, y - cy) < r] = index["crater"]
    art[(far < 11) & (np.hypot(x - 72.5, y - 16.5) > 11.5)] = index["crater"]

    hills = 60 - 6 * np.sin(x / 15.0 + 0.6) - 2.5 * np.sin(x / 6.1)
    art[y > hills] = index["glow"]
    hills = 67 - 4 * np.sin(x / 11.0 + 2.4) - 1.5 * np.sin(x / 4.0)
    art[y > hills] = index["haze"]
    lawn = 74 - 2.2 * np.sin(x / 14.0 + 0.3)
    art[y > lawn] = index["leaf"]
    art[(y > lawn) & (y < lawn + 2)] = index["light_leaf"]
    art[y > 87 + 1.5 * np.sin(x / 9.0)] = index["soil"]
    for gx, gy in rng.integers([1, 79], [94, 94], (46, 2)):  # tufts
        art[gy - 1:gy + 1, gx] = index["light_leaf" if gy < 87 else "leaf"]

    # The house: wall with courses of brick, roof, chimney, door, windows.
    art[52:80, 14:44] = index["wall"]
    for row in range(54, 80, 4):
        art[row, 14:44] = index["bark"]
        shift = 3 if row % 8 == 2 else 0
        art[row + 1:row + 4, 16 + shift:44:7] = index["bark"]
    art[52:80, 40:44] = index["bark"]
    art[34:46, 34:39] = index["bark"]
    art[33:35, 33:40] = index["roof"]
    for k in range(16):
        art[37 + k, 27 - k - 1:31 + k + 1] = index["roof"]
        if k % 4 == 3:
            art[37 + k, 27 - k:31 + k:3] = index["night"]
    art[52, 13:45] = index["night"]
    art[64:80, 25:33] = index["night"]
    art[65:80, 26:32] = index["roof"]
    art[72, 30] = index["lamp"]
    for left in (17, 35):
        art[57:65, left:left + 6] = index["night"]
        art[58:64, left + 1:left + 5] = index["lamp"]
        art[58:61, left + 1:left + 3] = index["moon"]
        art[61, left + 1:left + 5] = index["night"]
        art[58:64, left + 3] = index["night"]
    art[np.hypot(x - 28.5, y - 45.5) < 3.2] = index["night"]
    art[np.hypot(x - 28.5, y - 45.5) < 2.3] = index["lamp"]
    # Lamplight on the path.
    for row in range(80, 90):
        half = 3 + (row - 80) // 2
        middle = 29 + (row - 80) // 3
        art[row, middle - half:middle + half] = index["crater"]
        art[row, middle - half + (row * 5) % 4:middle + half:5] = index["wall"]
    # Smoke drifts towards the moon.
    for k in range(18):
        sx, sy = int(36 + 0.9 * k + 2 * np.sin(k / 2.2)), 31 - k
        art[sy:sy + 2, sx:sx + 2 + k // 6] = index["glow" if k % 3 else "star"]

    # The tree: a trunk and four crowns lit from the moon's side.
    art[60:81, 68:72] = index["bark"]
    art[79:81, 66:74] = index["bark"]
    art[62:81, 71] = index["wall"]
    for cx, cy, r in ((62, 56, 8.3), (78, 55, 8.6), (70, 46, 9.6), (70, 58, 8)):
        ball = np.hypot(x - cx, y - cy) < r
        art[ball] = index["soil"]
        art[np.hypot(x - cx - 1, y - cy + 1) < r - 1.6] = index["leaf"]
        lit = np.hypot(x - cx - 2.4, y - cy + 2.8) < r - 4
        art[lit & ((x + y) % 2 == 0)] = index["light_leaf"]
        lit = np.hypot(x - cx - 2.8, y - cy + 3.4) < r - 5.6
        art[lit] = index["light_leaf"]
    for ax, ay in ((60, 57), (66, 48), (74, 52), (80, 58), (71, 61)):
        art[ay:ay + 2, ax:ax + 2] = index["roof"]

    # A fence in front.
    for post in range(48, 94, 6):
        if not 65 < post < 75:
            art[76:85, post:post + 2] = index["crater"]
            art[75, post] = index["moon"]
    for rail in (78, 82):
        span = (np.arange(size) > 46) & ((np.arange(size) < 67) | (
            np.arange(size) > 73)) & (art[rail] != index["crater"])
        art[rail, span] = index["wall"]

    image = Image.fromarray(art, "P")
    image.putpalette(palette)
    return image


def photograph():
    """Small vivid things before large muted ones."""
    return Image.fromarray(still_life())


SAMPLES = (
    ("still-life.jpg", photograph, dict(quality=92, subsampling=0)),
    ("sunset.jpg", sunset, dict(quality=97, subsampling=0)),
    ("logo.png", logo, {}),
    ("cells.png", cells, {}),
    ("test-card.png", test_card, {}),
    ("pixel-art.png", pixel_art, {}),
)


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw, options in SAMPLES:
        draw().save(folder / name, optimize=True, **options)
        print(f"{name}: {(folder / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
