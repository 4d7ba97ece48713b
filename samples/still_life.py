"""The still life: its shapes, their paints and where they lie.

The table is the plane y = 0, the camera looks along -z, one unit is 6 cm.
"""

import numpy as np

from tracer import (F, FAR, Shape, dot, fbm, frame, mix, noise, render, smooth,
                    unit, vec)


# Shapes ----------------------------------------------------------------------

class Board(Shape):
    """A horizontal or vertical plane, cut to where `inside` holds."""

    shades = False

    def __init__(self, axis, level, painter, calm, inside=None, f0=0.0,
                 rough=0.0):
        self.axis, self.level = axis, F(level)
        self.inside, self.calm = inside, calm
        self.f0, self.rough = f0, rough
        self.paint = painter

    def hit(self, o, d):
        dk = np.where(np.abs(d[self.axis]) < 1e-6, F(1e-6), d[self.axis])
        t = (self.level - o[self.axis]) / dk
        good = t > 1e-3
        if self.inside is not None:
            p = o + d * np.where(good, t, 0)
            good &= self.inside(p)
        return np.where(good, t, FAR)

    def normal(self, p):
        n = np.zeros_like(p)
        n[self.axis] = 1
        return n


class Star(Shape):
    """A fruit: its radius is a function of the angle from its axis."""

    def __init__(self, centre, size, axis, profile, stretch, painter,
                 f0=0.045, rough=0.0, bound=1.0):
        self.centre, self.size = centre, F(size)
        self.c, self.m = vec(*centre), frame(axis)
        self.profile, self.stretch = profile, F(stretch)
        self.painter, self.f0, self.rough = painter, f0, rough
        self.radius = size * stretch * bound

    def field(self, q):
        q1 = q[1] / self.stretch
        r = np.sqrt(q[0] * q[0] + q1 * q1 + q[2] * q[2]) + F(1e-9)
        return r - self.size * self.profile(q1 / r)

    def hit(self, o, d):
        q, e = self.m @ (o - self.c), self.m @ d
        b = dot(q, e)
        gap = np.maximum(b * b - dot(q, q) + F(self.radius) ** 2, 0)
        t = np.maximum(-b - np.sqrt(gap), F(2e-3))
        end = -b + np.sqrt(gap)
        for _ in range(14):
            f = self.field(q + e * t)
            t = t + np.clip(f * F(0.85), -0.1, 0.5)
        ok = (np.abs(f) < 0.006 * self.size) & (t < end + 1e-3) & (t > 2e-3)
        return np.where(ok, t, FAR)

    def normal(self, p):
        q = self.m @ (p - self.c)
        h = F(0.01) * self.size
        n = np.zeros_like(q)
        for s in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
            n += vec(*s) * self.field(q + h * vec(*s))
        return self.m.T @ unit(n)

    def paint(self, p, n):
        q = self.m @ (p - self.c) / self.size
        colour, bump = self.painter(q)
        return colour, unit(n + self.m.T @ bump) if bump is not None else n


class Bead(Shape):
    """A ball of clear glass."""

    f0, clear = 0.045, True

    def __init__(self, centre, radius, absorb):
        self.centre, self.radius = centre, radius
        self.c, self.absorb = vec(*centre), vec(*absorb)
        self.colour = vec(0.02, 0.08, 0.4)

    def span(self, o, d):
        q = o - self.c
        b = dot(q, d)
        gap = b * b - dot(q, q) + F(self.radius) ** 2
        root = np.sqrt(np.maximum(gap, 0))
        return -b - root, -b + root, gap > 0

    def hit(self, o, d):
        near, _, good = self.span(o, d)
        return np.where(good & (near > 2e-3), near, FAR)

    def normal(self, p):
        return unit(p - self.c)

    def through(self, o, d):
        """Share of window light that passes: glass gathers it in the middle."""
        near, far, good = self.span(o, d)
        chord = np.where(good & (near > -0.02), far - near, 0)
        share = (chord / F(2 * self.radius)) ** 4 * F(2.6) + F(0.1)
        share = share * np.exp(-self.absorb * chord)
        return np.where(chord > 0, share, 1)


class Bowl(Shape):
    """Two half ellipsoids, one in the other, and a rounded rim."""

    f0, rough, calm = 0.04, 0.06, 1.0

    def __init__(self, x, z, width, height, wall):
        self.c = vec(x, height, z)
        self.height = F(height)
        self.outer = vec(width, height + 0.07, width)
        self.inner = self.outer - F(wall)
        self.rim = F(width - wall / 2), F(wall / 2)
        self.centre, self.radius = (x, height / 2, z), width * 1.1

    def hit(self, o, d):
        q = o - self.c
        best = np.full(q.shape[1], FAR)
        for size in (self.outer, self.inner):
            a, b = q / size, d / size
            aa, bb, ab = dot(a, a) - 1, dot(b, b), dot(a, b)
            gap = ab * ab - aa * bb
            root = np.sqrt(np.maximum(gap, 0))
            for t in ((-ab - root) / bb, (-ab + root) / bb):
                y = q[1] + d[1] * t
                good = (gap > 0) & (t > 2e-3) & (y < 0)
                best = np.where(good & (t < best), t, best)
        t = -q[1] / np.where(np.abs(d[1]) < 1e-6, F(1e-6), d[1])
        ring = np.hypot(q[0] + d[0] * t, q[2] + d[2] * t) - self.rim[0]
        good = (np.abs(ring) < self.rim[1]) & (t > 2e-3) & (t < best)
        return np.where(good, t, best)

    def normal(self, p):
        q = p - self.c
        ro = dot(q / self.outer, q / self.outer)
        ri = dot(q / self.inner, q / self.inner)
        outward = np.abs(ro - 1) < np.abs(ri - 1)
        size = np.where(outward, self.outer, self.inner)
        n = unit(q / (size * size)) * np.where(outward, F(1), F(-1))
        across = np.hypot(q[0], q[2])
        s = np.clip((across - self.rim[0]) / self.rim[1], -1, 1) * F(0.95)
        lip = np.stack([q[0] / across * s, np.sqrt(1 - s * s),
                        q[2] / across * s])
        return unit(mix(n, lip, smooth(-0.03, -0.002, q[1])))

    def paint(self, p, n):
        q = p - self.c
        turn = np.arctan2(q[2], q[0])
        speck = noise(turn * 9, q[1] * 11) + 0.6 * noise(turn * 23, q[1] * 27)
        glaze = mix(vec(0.53, 0.54, 0.50), vec(0.40, 0.43, 0.42),
                    smooth(-0.1, -0.6, q[1] + 0.1 * fbm(turn, q[1] * 2)))
        colour = mix(glaze, vec(0.17, 0.13, 0.10),
                     smooth(1.05, 1.35, speck) * F(0.75))
        clay = smooth(-0.035, -0.012, q[1] + 0.012 * noise(turn * 4, q[1]))
        return mix(colour, vec(0.30, 0.19, 0.12), clay), n


class Slice(Shape):
    """A disc of lemon with its pulp on both faces."""

    f0, rough, thin, calm = 0.04, 0.12, 0.35, 0.6

    def __init__(self, centre, radius, half, axis, turn):
        self.centre, self.radius = centre, radius * 1.05
        self.c, self.m = vec(*centre), frame(axis, turn)
        self.r, self.half = F(radius), F(half)

    def hit(self, o, d):
        q, e = self.m @ (o - self.c), self.m @ d
        e1 = np.where(np.abs(e[1]) < 1e-6, F(1e-6), e[1])
        best = np.full(q.shape[1], FAR)
        for side in (-self.half, self.half):
            t = (side - q[1]) / e1
            x, z = q[0] + e[0] * t, q[2] + e[2] * t
            good = (x * x + z * z < self.r ** 2) & (t > 2e-3) & (t < best)
            best = np.where(good, t, best)
        a = e[0] ** 2 + e[2] ** 2 + F(1e-9)
        b = q[0] * e[0] + q[2] * e[2]
        gap = b * b - a * (q[0] ** 2 + q[2] ** 2 - self.r ** 2)
        t = (-b - np.sqrt(np.maximum(gap, 0))) / a
        good = (gap > 0) & (np.abs(q[1] + e[1] * t) < self.half)
        good &= (t > 2e-3) & (t < best)
        return np.where(good, t, best)

    def normal(self, p):
        q = self.m @ (p - self.c)
        across = np.hypot(q[0], q[2])
        edge = smooth(0.955, 1.0, across / self.r)
        edge = np.where(np.abs(q[1]) < self.half * 0.96, 1, edge * F(0.7))
        n = np.stack([q[0] / across * edge, np.sign(q[1]) * (1.02 - edge),
                      q[2] / across * edge])
        return self.m.T @ unit(n)

    def paint(self, p, n):
        q = self.m @ (p - self.c) / self.r
        r, turn = np.hypot(q[0], q[2]), np.arctan2(q[2], q[0])
        part = turn * F(9 / (2 * np.pi)) + 0.10 * noise(r, turn * 0 + 2)
        cell = np.abs(part - np.round(part)) * r * F(2 * np.pi / 9)
        # The pulp is made of drops drawn out from the core to the rind.
        drops = noise(turn * 5.2, r * 2.6) + 0.5 * noise(turn * 11, r * 6)
        pulp = mix(vec(0.80, 0.52, 0.035), vec(0.93, 0.76, 0.20),
                   np.clip(0.5 + 0.55 * drops, 0, 1))
        pith = vec(0.90, 0.83, 0.58)
        wobble = 0.012 * noise(turn * 3, r)
        seam = np.maximum(smooth(0.036, 0.016, cell),
                          smooth(0.10, 0.07, r + wobble))
        # Segments end in round corners: pith widens where a seam meets it.
        arc = 0.865 - 0.10 * smooth(0.14, 0.0, cell) + wobble
        colour = mix(pulp, pith, np.maximum(seam, smooth(arc - .02, arc, r)))
        rind = smooth(0.925, 0.955, r)
        colour = mix(colour, vec(0.86, 0.58, 0.02), rind)
        bump = np.stack([drops, 0 * drops, noise(turn * 6, r * 4 + 5)])
        return colour, unit(n + self.m.T @ (bump * 0.22 * (1 - rind)))


class Petal(Shape):
    """A leaf-shaped patch of a sphere; light shines through it."""

    thin = 0.45

    def __init__(self, at, length, wide, heading, tilt, tint, bend=1.7,
                 roll=0.0, veins=False):
        self.centre, self.radius = at, length * 0.62
        c, s = np.cos(heading), np.sin(heading)
        up = np.array([np.sin(tilt) * c, np.cos(tilt), np.sin(tilt) * s])
        along = np.array([np.cos(tilt) * c, -np.sin(tilt), np.cos(tilt) * s])
        side = np.cross(along, up)
        up = np.cos(roll) * up + np.sin(roll) * side
        self.m = np.array([along, up, np.cross(along, up)], F)
        self.ball = F(length * bend)
        self.c = vec(*at) + self.m[1][:, None] * self.ball
        self.length, self.wide = F(length), F(wide)
        self.tint, self.veins = tint, veins
        if veins:
            self.f0, self.rough, self.thin = 0.04, 0.25, 0.25

    def local(self, p):
        q = self.m @ (p - self.c)
        return q, q[0] / self.length + F(0.5), q[2] / self.wide

    def hit(self, o, d):
        q, e = self.m @ (o - self.c), self.m @ d
        b = dot(q, e)
        gap = b * b - dot(q, q) + self.ball ** 2
        root = np.sqrt(np.maximum(gap, 0))
        best = np.full(q.shape[1], FAR)
        for t in (-b - root, -b + root):
            x = q + e * t
            s = np.clip(x[0] / self.length + F(0.5), 0, 1)
            if self.veins:
                half = np.abs(np.sin(np.pi * s ** 0.8)) ** 0.9
            else:
                half = np.sqrt(np.maximum(1 - (2 * s - 1) ** 4, 0)) * (
                    0.35 + 0.65 * s)
            good = (gap > 0) & (t > 2e-3) & (x[1] < 0) & (s > 0) & (s < 1)
            good &= np.abs(x[2]) < half * self.wide
            best = np.where(good & (t < best), t, best)
        return best

    def normal(self, p):
        return unit(self.c - p)

    def paint(self, p, n):
        q, s, w = self.local(p)
        if self.veins:
            rib = np.abs(((s - np.abs(w) * 0.35) * 9) % 1 - 0.5)
            line = np.maximum(smooth(0.10, 0.02, np.abs(w)),
                              0.6 * smooth(0.12, 0.02, rib))
            return mix(self.tint, vec(0.26, 0.36, 0.10), line * F(0.6)), n
        streak = noise(w * 2.4, s * 0.6)
        deep = np.clip(smooth(0.45, 0.0, s) + 0.25 * streak, 0, 1)
        return mix(self.tint, vec(0.72, 0.10, 0.005), deep), n


class Stem(Shape):
    """A bent stalk: a chain of capsules along a quadratic Bezier curve."""

    f0, rough = 0.03, 0.3

    def __init__(self, a, b, c, thick, parts=6):
        a, b, c = (np.array(x, float) for x in (a, b, c))
        s = np.linspace(0, 1, parts + 1)[:, None]
        self.knots = ((1 - s) ** 2 * a + 2 * s * (1 - s) * b + s * s * c)
        # A stalk is a little stouter at its free end.
        self.thick = thick * (1 + 0.8 * np.linspace(0, 1, parts) ** 6)
        self.centre = tuple(self.knots.mean(0))
        self.radius = float(np.linalg.norm(
            self.knots - self.knots.mean(0), axis=1).max() + 2 * thick)

    def hit(self, o, d):
        best = np.full(o.shape[1], FAR)
        for k, thick in enumerate(self.thick):
            a = self.knots[k].astype(F)[:, None]
            ba = self.knots[k + 1].astype(F)[:, None] - a
            oa, r2 = o - a, F(thick) ** 2
            baba, bard, baoa = dot(ba, ba), dot(ba, d), dot(ba, oa)
            qa = baba - bard * bard + F(1e-9)
            qb = baba * dot(d, oa) - baoa * bard
            qc = baba * dot(oa, oa) - baoa * baoa - r2 * baba
            gap = qb * qb - qa * qc
            t = (-qb - np.sqrt(np.maximum(gap, 0))) / qa
            y = baoa + t * bard
            good = (gap > 0) & (y > -0.1 * baba) & (y < 1.1 * baba)
            best = np.where(good & (t > 2e-3) & (t < best), t, best)
        return best

    def normal(self, p):
        n, least = np.zeros_like(p), np.full(p.shape[1], FAR)
        for k in range(len(self.thick)):
            a = self.knots[k].astype(F)[:, None]
            ba = self.knots[k + 1].astype(F)[:, None] - a
            w = p - a - ba * np.clip(dot(p - a, ba) / dot(ba, ba), 0, 1)
            size = dot(w, w)
            n = np.where(size < least, w, n)
            least = np.minimum(least, size)
        return unit(n)

    def paint(self, p, n):
        brown = np.clip(0.5 + 0.5 * noise(p[0] * 4, p[1] * 4), 0, 1)
        return mix(vec(0.20, 0.25, 0.05), vec(0.22, 0.13, 0.04), brown), n


# Paints ----------------------------------------------------------------------

def paint_wall(p, n):
    cloud = fbm(p[0] * 0.5, p[1] * 0.5, 4)
    return vec(0.53, 0.485, 0.42) * (1 + F(0.035) * cloud), n


def paint_wood(p, n):
    """Planks along x; the grain is noise stretched a hundred times."""
    plank = np.floor(p[2] * F(1.15) + 0.37)
    gap = np.abs((p[2] * F(1.15) + 0.37) % 1 - 0.5)
    x, z = p[0] + plank * 3.7, p[2] + plank * 1.9
    bend = 0.10 * noise(x * 0.35, z * 0.8)
    rings = np.sin((z + bend) * 38 + 5 * noise(x * 0.12, z * 1.2))
    fibre = noise(x * 0.6, z * 24) + 0.6 * noise(x * 1.5, z * 50)
    tone = 0.5 + 0.13 * rings + 0.20 * fibre + 0.22 * noise(x * 0.25, z * 1.7)
    colour = mix(vec(0.105, 0.060, 0.034), vec(0.25, 0.155, 0.090),
                 np.clip(tone, 0, 1))
    colour = colour * (1 - 0.8 * smooth(0.488, 0.496, gap))
    bump = np.stack([0 * fibre, 0 * fibre, fibre * F(0.04)])
    return colour, unit(n + bump)


CLOTH_TURN = (np.cos(0.30), np.sin(0.30))


def cloth_place(p):
    c, s = CLOTH_TURN
    return c * p[0] + s * p[2], c * p[2] - s * p[0]


def on_cloth(p):
    u, v = cloth_place(p)
    wave = 0.025 * noise(u * 0.5, v * 0 + 1)
    side = 0.025 * noise(v * 0.5, u * 0 + 7)
    return (v + wave < 1.42) & (u + side > -1.62) & (p[2] > -2.2)


def paint_cloth(p, n):
    u, v = cloth_place(p)
    # Uneven yarns in a plain weave: over, under, over.
    a = u * 44 + 0.5 * noise(u * 2, v * 0.5)
    b = v * 44 + 0.5 * noise(v * 2, u * 0.5)
    over = np.sin(np.pi * a) * np.sin(np.pi * b)
    slub = noise(u * 22, v * 1.1) + noise(v * 22 + 9, u * 1.1)
    tone = 1 + 0.05 * over + 0.055 * slub + 0.02 * noise(u, v)
    hem = np.minimum(1.42 - v, u + 1.62)
    tone = tone * (1 - 0.22 * smooth(0.012, 0.0, np.abs(hem - 0.13)))
    colour = vec(0.56, 0.525, 0.455) * tone
    # Soft folds and two ironed creases lean the normal, not the surface.
    h = F(0.02)

    def height(u, v):
        folds = 0.050 * noise(u * 0.42 + v * 0.22, v * 0.28 + 4)
        folds = folds + 0.016 * noise(u * 1.1 - v * 0.5, v * 0.7)
        crease = np.exp(-np.abs(u - 0.15 - 0.02 * v) * 14)
        crease = crease + np.exp(-np.abs(v + 0.35) * 14)
        return folds + 0.012 * crease

    base = height(u, v)
    du = (height(u + h, v) - base) / h + 0.10 * np.cos(np.pi * a) * over
    dv = (height(u, v + h) - base) / h + 0.10 * np.cos(np.pi * b) * over
    c, s = CLOTH_TURN
    lean = np.stack([c * du - s * dv, 0 * du, s * du + c * dv])
    return colour, unit(n - lean)


def paint_cherry(seed):
    def paint(q):
        turn = np.arctan2(q[2], q[0])
        c = q[1] / np.sqrt(dot(q, q))
        streak = noise(turn * 1.2 + seed, q[1] * 0.7 + seed)
        fleck = smooth(0.9, 1.2, noise(turn * 7 + seed, q[1] * 8))
        ripe = np.clip(0.45 + 0.4 * streak + 0.25 * ((seed * 0.37) % 1), 0, 1)
        colour = mix(vec(0.50, 0.014, 0.012), vec(0.19, 0.002, 0.012), ripe)
        colour = colour * (1 + 0.25 * fleck)
        return colour * (1 - 0.45 * smooth(0.93, 0.995, c)), None
    return paint


def paint_lime(q):
    turn = np.arctan2(q[2], q[0])
    s = q[1]
    pore = noise(turn * 6.5, s * 7.5)
    pit = smooth(0.45, 1.0, pore)
    tone = np.clip(0.45 + 0.3 * fbm(turn * 0.8, s), 0, 1)
    colour = mix(vec(0.13, 0.29, 0.022), vec(0.30, 0.47, 0.040), tone)
    colour = mix(colour, vec(0.50, 0.52, 0.09), smooth(0.9, 1.25, np.abs(s)))
    scar = smooth(1.24, 1.28, s)
    colour = mix(colour, vec(0.20, 0.15, 0.06), scar)
    dx = noise(turn * 6.5 + 0.12, s * 7.5) - pore
    dy = noise(turn * 6.5, s * 7.5 + 0.12) - pore
    bump = np.stack([-dx * np.sin(turn), dy, dx * np.cos(turn)]) * F(0.30)
    return colour * (1 - 0.18 * pit), bump


def cherry_profile(c):
    return (1 - 0.24 * np.exp((c - 1) * F(9)) - 0.03 * np.exp((-1 - c) * F(9))
            + F(0.03) * c)


def lime_profile(c):
    return 1 + 0.13 * np.exp((-1 - c) * F(22)) + 0.05 * np.exp((c - 1) * F(20))


# The arrangement -------------------------------------------------------------

BOWL = dict(x=-0.78, z=-0.45, width=0.98, height=0.58, wall=0.06)


def settle(sizes, seed):
    """Let cherries fall into the bowl and push one another apart."""
    rng = np.random.default_rng(seed)
    n = len(sizes)
    middle = np.array([BOWL["x"], BOWL["height"], BOWL["z"]])
    p = rng.uniform(-0.45, 0.45, (n, 3)) + [0, 0.4, 0]
    p[:, 1] += 0.05 * np.arange(n)
    w = BOWL["width"] - BOWL["wall"]
    axes = np.array([w, BOWL["height"] + 0.01, w])
    for step in range(600):
        p[:, 1] -= 0.006 if step < 560 else 0
        p[:, [0, 2]] *= 0.999
        for i in range(n):
            away = p[i] - p
            far = np.linalg.norm(away, axis=1)
            need = (sizes[i] + sizes) * 0.985
            close = (far < need) & (far > 0)
            push = away[close] / far[close, None]
            p[i] += 0.5 * (push * (need - far)[close, None]).sum(0)
            room = axes - sizes[i]
            k = np.linalg.norm(p[i] / room)
            if k > 1 and p[i, 1] < 0:
                p[i] /= k
    return p + middle


def cherry(at, size, axis, seed):
    return Star(at, size, axis, cherry_profile, 0.95, paint_cherry(seed),
                bound=1.1)


def stalk(at, size, axis, bend, tip, thick=0.016):
    axis = np.array(axis, float) / np.linalg.norm(axis)
    start = np.array(at) + axis * size * 0.72
    return Stem(start, start + np.array(bend), start + np.array(tip), thick)


def arrange():
    shapes = [
        Board(2, -3.4, paint_wall, 3.0),
        Board(1, 0.0, paint_wood, 0.8, lambda p: p[2] > -2.2, 0.04, 0.22),
        Board(1, 0.022, paint_cloth, 0.8, on_cloth),
        Bowl(**BOWL),
    ]
    rng = np.random.default_rng(5)
    sizes = rng.uniform(0.175, 0.215, 21)
    stalks = 0
    for k, at in enumerate(settle(sizes, 8)):
        axis = rng.normal(0, 0.6, 3) + [0, 1, 0]
        shapes.append(cherry(tuple(at), sizes[k], axis, k))
        if at[1] > 0.52 and axis[1] > 0.6 and stalks < 5:
            stalks += 1
            lean = 0.5 * (at - [BOWL["x"], 0, BOWL["z"]]) + axis * 0.15
            shapes.append(stalk(at, sizes[k], axis, axis * 0.32,
                                [lean[0] * 1.3, 0.62, lean[2]]))

    # A pair on the cloth, joined at the end of their stalks.
    knot = np.array([0.42, 0.62, 0.55])
    for at, size, axis, seed in (
            ((0.10, 0.215, 0.78), 0.200, (0.35, 1, -0.25), 31),
            ((0.56, 0.205, 0.98), 0.190, (-0.30, 1, -0.45), 34)):
        shapes.append(cherry(at, size, axis, seed))
        a = np.array(axis) / np.linalg.norm(axis)
        start = np.array(at) + a * size * 0.72
        shapes.append(Stem(start, start + a * 0.3, knot, 0.015))
    shapes.append(cherry((-1.62, 0.19, 0.78), 0.195, (-0.5, 0.6, 0.7), 40))
    shapes.append(stalk((-1.62, 0.19, 0.78), 0.195, (-0.5, 0.6, 0.7),
                        (-0.16, 0.16, 0.2), (-0.5, -0.18, 0.40)))

    lime = Star((1.50, 0.415, -0.25), 0.39, (0.95, 0.04, -0.25), lime_profile,
                1.18, paint_lime, 0.04, 0.13, bound=1.16)
    lime.calm = 0.7
    shapes.append(lime)
    tilt = 0.42
    shapes.append(Slice((1.10, 0.022 + 0.37 * np.cos(tilt) + 0.02, 0.33), 0.37,
                        0.045, (-0.22, np.sin(tilt), np.cos(tilt)), 0.4))
    shapes.append(Bead((1.30, 0.022 + 0.15, 0.98), 0.15, (9.0, 4.2, 0.7)))
    orange, amber = vec(0.95, 0.26, 0.012), vec(0.98, 0.38, 0.02)
    for x, z, heading, tilt, tint, size in (
            (1.82, 0.62, 0.4, 0.15, orange, 0.30),
            (2.02, 0.92, 2.6, 0.10, amber, 0.28),
            (0.92, 1.32, 3.6, 0.12, orange, 0.30),
            (-0.42, 0.98, 5.6, 0.10, amber, 0.28),
            (1.62, 1.30, 0.6, 0.10, orange, 0.26),
            (-1.00, 1.36, 0.5, 0.05, orange, 0.28)):
        # The roll shows the camera their upper side.
        shapes.append(Petal((x, 0.05, z), size, size * 0.30, heading, tilt,
                            tint, roll=0.55 * np.cos(heading)))
    leaf = vec(0.085, 0.17, 0.035)
    shapes.append(Petal((0.16, 0.57, 0.60), 0.54, 0.135, 3.0, 0.22, leaf, 1.2,
                        roll=-0.75, veins=True))
    return shapes


def still_life():
    """The picture as an array of shape (height, width, 3), 8 bits."""
    return render(arrange())
