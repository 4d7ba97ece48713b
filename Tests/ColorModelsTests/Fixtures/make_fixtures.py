#!/usr/bin/env python3
"""Expected CIELAB coordinates and CIEDE2000 differences, from scikit-image.

    python3 -m venv .venv && .venv/bin/pip install scikit-image==0.26.0
    .venv/bin/python make_fixtures.py

writes scikit-image.json beside this script. Run it only to add cases.

Each case is two 8-bit sRGB colours, their L*, a*, b* and the CIEDE2000 difference of those.
scikit-image's matrix has six digits and a white of its own (0.95047, 1, 1.08883), so its L*, a*, b*
differ from the exact ones by up to some hundredths; the differences are taken between the numbers
written here and hold to rounding.
"""

import json
from pathlib import Path

import numpy as np
from skimage.color import deltaE_ciede2000, rgb2lab

random = np.random.RandomState(2005)
corners = [[r, g, b] for r in (0, 255) for g in (0, 255) for b in (0, 255)]
greys = [[v, v, v] for v in (1, 9, 10, 11, 64, 128, 254)]
first = np.array(corners + greys + random.randint(0, 256, (60, 3)).tolist())
near = np.clip(first[-30:] + random.randint(-6, 7, (30, 3)), 0, 255)
second = np.concatenate([random.randint(0, 256, (len(first) - 30, 3)), near])


def lab(colors):
    return rgb2lab(colors[np.newaxis].astype(np.float64) / 255)[0]


labs = lab(first), lab(second)
differences = deltaE_ciede2000(*labs)
cases = [
    {
        "rgb": [first[i].tolist(), second[i].tolist()],
        "lab": [labs[0][i].tolist(), labs[1][i].tolist()],
        "difference": float(differences[i]),
    }
    for i in range(len(first))
]
text = ",\n".join(json.dumps(case) for case in cases)
Path(__file__).with_name("scikit-image.json").write_text(f"[\n{text}\n]\n")
