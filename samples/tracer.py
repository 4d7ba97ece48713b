"""A small ray tracer in NumPy.

Rays are kept as arrays of shape (3, N) in single precision, so that every
step of the tracer is one NumPy operation over a block of some ten thousand
rays.  Each camera ray is lit by one stratified sample of a window (soft
shadows), by one diffuse bounce (ambient occlusion and colour bleeding) and,
on glossy surfaces, by one mirror ray weighted with Fresnel's law.
"""

import numpy as np

F = np.float32
FAR = F(1e9)
SAMPLES = 4  # per pixel and axis


# Small vector algebra --------------------------------------------------------

def vec(*values):
    return np.array(values, F)[:, None]


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def unit(a):
    return a / np.sqrt(np.maximum(dot(a, a), F(1e-20)))


def mix(a, b, w):
    return a + (b - a) * w


def smooth(lo, hi, x):
    s = np.clip((x - lo) / (hi - lo), 0, 1)
    return s * s * (3 - 2 * s)


def frame(axis, turn=0.0):
    """Rows: three orthonormal axes, the middle one along `axis`."""
    y = np.array(axis, float) / np.linalg.norm(axis)
    x = np.cross(y, [0.31, 0.22, 0.92])
    x /= np.linalg.norm(x)
    z = np.cross(x, y)
    c, s = np.cos(turn), np.sin(turn)
    return np.array([c * x + s * z, y, c * z - s * x], F)


def around(n, u, v):
    """Cosine-distributed directions about the normals n."""
    helper = np.where(np.abs(n[0]) > 0.8, vec(0, 1, 0), vec(1, 0, 0))
    a = unit(np.cross(helper, n, axis=0).astype(F))
    b = np.cross(n, a, axis=0).astype(F)
    r, phi = np.sqrt(u), F(2 * np.pi) * v
    return (r * np.cos(phi)) * a + (r * np.sin(phi)) * b + np.sqrt(1 - u) * n


# One tiled noise picture serves every texture; looking it up is much cheaper
# than hashing lattice points for each ray.

def make_noise(seed, size=256):
    """Tileable noise with a Gaussian band of frequencies, about -1 to 1."""
    rng = np.random.default_rng(seed)
    f = np.fft.fftfreq(size) * size
    radius = np.hypot(*np.meshgrid(f, f))
    band = np.exp(-((radius - 24) / 10) ** 2)
    field = np.fft.ifft2(np.fft.fft2(rng.normal(size=(size, size))) * band).real
    return (field / (2 * field.std())).astype(F)


NOISE = make_noise(11)


def noise(u, v):
    """Bilinear look-up; one unit holds about one bump."""
    u, v = u * F(10.5), v * F(10.5)
    fu, fv = np.floor(u), np.floor(v)
    i, j = fu.astype(np.int32) & 255, fv.astype(np.int32) & 255
    u, v = u - fu, v - fv
    i1, j1 = (i + 1) & 255, (j + 1) & 255
    return mix(mix(NOISE[j, i], NOISE[j, i1], u),
               mix(NOISE[j1, i], NOISE[j1, i1], u), v)


def fbm(u, v, octaves=3):
    total = 0
    for k in range(octaves):
        total = total + noise(u * F(2.03 ** k) + 3.7 * k,
                              v * F(2.03 ** k) + 1.3 * k) * F(0.5 ** k)
    return total


# Shapes ----------------------------------------------------------------------
# A shape offers hit(o, d) -> distance, normal(p), and paint(p, n) -> albedo and
# shading normal.  `f0` is the mirror reflectance at normal incidence.

class Shape:
    f0, rough, thin = 0.0, 0.0, 0.0
    centre, radius = (0, 0, 0), 1e4
    clear = False  # like glass
    shades = True  # comes between other shapes and the window
    calm = 0.0  # how far to smooth the light on it, in pixels

    def paint(self, p, n):
        return np.broadcast_to(self.colour, p.shape), n


# Light -----------------------------------------------------------------------

WINDOW = dict(centre=vec(-5.3, 3.4, 0.9), right=vec(0.05, 0, -1.45),
              up=vec(0.45, 1.55, 0.05), glow=vec(18.6, 18.0, 17.2))


def room(d):
    """What a ray sees that leaves the scene: a dim, warm room."""
    up = 0.5 + 0.5 * d[1]
    right = 0.5 + 0.5 * d[0]
    return mix(vec(0.10, 0.095, 0.09), vec(0.30, 0.30, 0.31), up) * (
        0.85 - 0.35 * right)


class Tracer:
    def __init__(self, shapes):
        self.shapes = shapes
        self.centres = np.array([s.centre for s in shapes], F)
        self.radii = np.array([s.radius for s in shapes], F)[:, None]
        self.square = (self.centres ** 2).sum(1)[:, None]
        w = WINDOW
        self.face = np.cross(w["right"], w["up"], axis=0)
        self.area = F(4) * np.sqrt(dot(self.face, self.face))
        self.face = unit(self.face)

    def candidates(self, o, d):
        """Which rays pass each shape's bounding ball: all shapes at once."""
        along = self.centres @ d - dot(o, d)
        away = self.square - 2 * (self.centres @ o) + dot(o, o)
        near = away - along * along < self.radii ** 2 + F(1e-4)
        near &= along > -self.radii
        for k, row in enumerate(near):
            if self.radii[k] > 1e3:
                yield k, slice(None)
            else:
                index = np.flatnonzero(row)
                if index.size:
                    yield k, index

    def nearest(self, o, d):
        t = np.full(o.shape[1], FAR)
        which = np.full(o.shape[1], -1, np.int16)
        for k, index in self.candidates(o, d):
            tk = self.shapes[k].hit(o[:, index], d[:, index])
            better = tk < t[index]
            t[index] = np.where(better, tk, t[index])
            which[index] = np.where(better, k, which[index])
        return t, which

    def passing(self, o, d, reach):
        """How much light gets along a ray, by colour."""
        share = np.ones_like(o)
        for k, index in self.candidates(o, d):
            shape = self.shapes[k]
            if not shape.shades:
                continue
            if shape.clear:
                share[:, index] *= shape.through(o[:, index], d[:, index])
            else:
                tk = shape.hit(o[:, index], d[:, index])
                share[:, index] *= ~(tk < reach[index])
        return share

    def surface(self, p, which):
        """Normal, shading normal, albedo, f0, roughness, thinness."""
        n, s, a = np.zeros_like(p), np.zeros_like(p), np.zeros_like(p)
        extra = np.zeros_like(p)
        for k in np.unique(which):
            if k < 0:
                continue
            index = np.flatnonzero(which == k)
            shape, q = self.shapes[k], p[:, index]
            nk = shape.normal(q)
            n[:, index] = nk
            a[:, index], s[:, index] = shape.paint(q, nk)
            extra[:, index] = vec(shape.f0, shape.rough, shape.thin)
        return n, s, a, extra

    def direct(self, p, n, s, thin, u, v):
        w = WINDOW
        to = w["centre"] + w["right"] * (2 * u - 1) + w["up"] * (2 * v - 1) - p
        r2 = dot(to, to)
        r = np.sqrt(r2)
        to = to / r
        facing = dot(s, to)
        front = np.maximum(facing, 0) * (dot(n, to) > 0)
        amount = (1 - thin) * front + thin * np.maximum(-facing, 0)
        amount = amount * np.abs(dot(self.face, to)) * self.area / r2
        lit = np.flatnonzero(amount > 1e-5)
        out = np.zeros_like(p)
        side = np.where(dot(n, to) > 0, F(0.006), F(-0.006))
        start = p + n * side
        share = self.passing(start[:, lit], to[:, lit], r[lit])
        out[:, lit] = share * amount[lit] * w["glow"] * F(1 / np.pi)
        return out

    def window_seen(self, o, d):
        """The window in a mirror: four panes between dark bars."""
        w = WINDOW
        down = dot(d, self.face)
        t = dot(w["centre"] - o, self.face) / np.where(
            np.abs(down) < 1e-6, F(1e-6), down)
        q = o + d * t - w["centre"]
        x = dot(q, w["right"]) / dot(w["right"], w["right"])
        y = dot(q, w["up"]) / dot(w["up"], w["up"])
        seen = (np.abs(x) < 1) & (np.abs(y) < 1) & (t > 0)
        seen &= (np.abs(x) > 0.06) & (np.abs(y - 0.15) > 0.045)
        return seen * w["glow"] * F(1.7)

    def glance(self, o, d, rng, mirror):
        """Light along a second ray: direct light and a guess at the rest."""
        t, which = self.nearest(o, d)
        out = room(d)
        if mirror:
            out = out + self.window_seen(o, d)
        index = np.flatnonzero(which >= 0)
        if index.size:
            p = o[:, index] + d[:, index] * t[index]
            n, s, a, extra = self.surface(p, which[index])
            flip = np.where(dot(n, d[:, index]) > 0, F(-1), F(1))
            n, s = n * flip, s * flip
            u, v = rng.random((2, index.size), dtype=F)
            light = self.direct(p, n, s, extra[2], u, v)
            out[:, index] = a * (light + room(n) * F(0.55))
        return out

    def trace(self, o, d, strata, rng):
        """Colour and albedo of camera rays, and the shape they meet."""
        t, which = self.nearest(o, d)
        out = room(d)
        index = np.flatnonzero(which >= 0)
        o, d, t = o[:, index], d[:, index], t[index]
        which, strata = which[index], strata[:, index]
        p = o + d * t
        n, s, a, extra = self.surface(p, which)
        flip = np.where(dot(n, d) > 0, F(-1), F(1))
        n, s = n * flip, s * flip
        light = self.direct(p, n, s, extra[2], strata[0], strata[1])
        bounce = around(s, strata[2], strata[3])
        light += self.glance(p + n * F(0.006), bounce, rng, False)
        colour = a * light

        shiny = np.flatnonzero(extra[0] > 0)
        if shiny.size:
            e, m = d[:, shiny], s[:, shiny]
            cosine = np.clip(-dot(e, m), 0, 1)
            f0, rough = extra[0, shiny], extra[1, shiny]
            fresnel = f0 + (1 - f0) * (1 - cosine) ** 5 / (1 + 6 * rough)
            ray = e + 2 * cosine * m
            ray = ray + rough * rng.normal(0, 1, ray.shape).astype(F)
            ray = unit(ray)
            start = p[:, shiny] + n[:, shiny] * F(0.006)
            seen = self.glance(start, ray, rng, True)
            colour[:, shiny] = mix(colour[:, shiny], seen, fresnel)
            for k, shape in enumerate(self.shapes):
                inside = np.flatnonzero(which[shiny] == k)
                if shape.clear and inside.size:
                    where = shiny[inside]
                    behind = self.refract(shape, p[:, where], d[:, where],
                                          n[:, where], rng)
                    share = fresnel[inside]
                    colour[:, where] = mix(behind, seen[:, inside], share)
        out[:, index] = colour
        paint, met = np.ones_like(out), np.full(out.shape[1], -1)
        paint[:, index], met[index] = a, which
        return out, paint, met

    def refract(self, ball, p, d, n, rng):
        """Into a glass ball, across it, and out again."""
        def bend(d, n, ratio):
            c = -dot(d, n)
            k = np.maximum(1 - ratio * ratio * (1 - c * c), 0)
            return unit(ratio * d + (ratio * c - np.sqrt(k)) * n)

        inner = bend(d, n, F(1 / 1.5))
        chord = -2 * dot(p - ball.c, inner)
        out = p + inner * chord
        m = -unit(out - ball.c)
        ray = bend(inner, m, F(1.5))
        seen = self.glance(out - m * F(0.006), ray, rng, True)
        return seen * np.exp(-ball.absorb * chord)


# Camera ----------------------------------------------------------------------

def strata_for(rng, pixels):
    """Four stratified numbers per ray: two pairs, shuffled within a pixel."""
    cells, each = SAMPLES, SAMPLES ** 2
    out = np.empty((4, pixels, each), F)
    for k in (0, 2):
        order = rng.random((pixels, each)).argsort(1)
        out[k] = (order % cells + rng.random((pixels, each))) / cells
        out[k + 1] = (order // cells + rng.random((pixels, each))) / cells
    return out.reshape(4, -1)


def develop(linear):
    """Linear light to 8 bits, with the soft shoulder of a film curve."""
    x = np.maximum(linear, 0) * 1.2
    film = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    # The curve alone darkens mid tones too much; keep some of the original.
    x = np.clip(0.7 * film + 0.3 * (1 - np.exp(-1.25 * x)), 0, 1)
    low, high = x * 12.92, 1.055 * np.maximum(x, 1e-6) ** (1 / 2.4) - 0.055
    coded = np.where(x < 0.0031308, low, high)
    return (coded * 255 + 0.5).clip(0, 255).astype(np.uint8)


def calm(image, paint, met, shapes):
    """Smooth the light, not the paint, on the shapes that ask for it.

    The few rays per pixel leave grain that is worst on plain, dull surfaces.
    """
    for which, shape in enumerate(shapes):
        sigma = shape.calm
        if not sigma:
            continue
        mask = (met == which)[..., None].astype(F)
        light = np.concatenate([image / paint * mask, mask], 2)
        reach = np.arange(-int(3 * sigma + 0.5), int(3 * sigma + 0.5) + 1)
        for axis in (0, 1):
            weights = np.exp(-0.5 * (reach / sigma) ** 2)
            margin = [(0, 0)] * 3
            margin[axis] = (reach[-1], reach[-1])
            padded = np.pad(light, margin)  # nothing beyond the edge counts
            size = light.shape[axis]
            light = sum(w * padded.take(range(k, k + size), axis)
                        for k, w in enumerate(weights / weights.sum()))
        light = light[..., :3] / np.maximum(light[..., 3:], 1e-6)
        image = np.where(mask > 0, light * paint, image)
    return image


def render(shapes, width=768, height=512, block=32):
    """The picture as an array of shape (height, width, 3), 8 bits."""
    tracer = Tracer(shapes)
    eye, aim = np.array([0.25, 2.15, 6.3]), np.array([0.08, 0.52, 0.0])
    back = (eye - aim) / np.linalg.norm(eye - aim)
    right = np.cross([0, 1, 0], back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    eye, back, right, up = (v.astype(F)[:, None]
                            for v in (eye, back, right, up))
    zoom, focus, lens = F(0.295), F(6.0), F(0.045)
    rng = np.random.default_rng(2)
    image, paint = np.zeros((2, height, width, 3), F)
    met = np.zeros((height, width), int)
    cells = np.arange(SAMPLES ** 2)
    for top in range(0, height, block):
        for left in range(0, width, block):
            rows = np.arange(top, min(top + block, height))
            columns = np.arange(left, min(left + block, width))
            y, x = (g.ravel()[:, None] for g in np.meshgrid(
                rows, columns, indexing="ij"))
            # An even grid: chance here would only roughen the outlines.
            x = (x + (cells % SAMPLES + 0.5) / SAMPLES).ravel()
            y = (y + (cells // SAMPLES + 0.5) / SAMPLES).ravel()
            x = ((2 * x - width) / height * zoom).astype(F)
            y = ((height - 2 * y) / height * zoom).astype(F)
            r, phi = rng.random((2, x.size), dtype=F)
            r, phi = lens * np.sqrt(r), F(2 * np.pi) * phi
            shift = right * (r * np.cos(phi)) + up * (r * np.sin(phi))
            target = (right * x + up * y - back) * focus
            d = unit(target - shift).astype(F)
            o = (eye + shift).astype(F)
            strata = strata_for(rng, rows.size * columns.size)
            colour, albedo, which = tracer.trace(o, d, strata, rng)
            # A glint may be a hundred times too bright for its one pixel.
            colour = np.minimum(colour, 6).reshape(3, -1, cells.size).mean(2)
            albedo = albedo.reshape(3, -1, cells.size).mean(2)
            which = which.reshape(-1, cells.size)
            which = np.where(np.ptp(which, axis=1) == 0, which[:, 0], -1)
            part = np.s_[top:top + rows.size, left:left + columns.size]
            shape = rows.size, columns.size
            image[part] = colour.T.reshape(*shape, 3)
            paint[part] = albedo.T.reshape(*shape, 3)
            met[part] = which.reshape(shape)
    image = calm(image, paint, met, shapes)
    yy, xx = np.mgrid[-1:1:height * 1j, -1:1:width * 1j]
    image *= (1 - 0.16 * (xx ** 2 + 0.8 * yy ** 2))[..., None]
    return develop(image)
