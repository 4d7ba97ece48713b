"""Builds the package: its only compiled part is libquantize, which
scripts/build-library makes with Swift and which no version of Python matters
to."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent


def version() -> str:
    header = ROOT / "Sources" / "CQuantize" / "include" / "quantize.h"
    found = re.search(r'^#define QUANTIZE_VERSION "(.*)"$', header.read_text(), re.M)
    if found is None:
        raise SystemExit(f"{header} has no version")
    return found[1]


class BuildWithLibrary(build_py):
    """Adds the library to the package."""

    def run(self) -> None:
        super().run()
        folder = os.environ.get("QUANTIZE_LIBRARY")
        if folder is None:
            script = ROOT / "scripts" / "build-library"
            built = subprocess.run(
                [script], check=True, stdout=subprocess.PIPE, text=True
            )
            folder = built.stdout.split()[-1]
        mac = sys.platform == "darwin"
        library = "libquantize-files.dylib" if mac else "libquantize-files.so.0"
        target = pathlib.Path(self.build_lib) / "quantize"
        target.mkdir(parents=True, exist_ok=True)
        name = "libquantize.dylib" if mac else "libquantize.so"
        shutil.copyfile(pathlib.Path(folder) / library, target / name)


class AnyPython(bdist_wheel):
    """A wheel for every Python 3, on one kind of machine."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self) -> tuple[str, str, str]:
        return ("py3", "none", super().get_tag()[2])


class Compiled(Distribution):
    """A distribution with a compiled part, though none that setuptools knows."""

    def has_ext_modules(self) -> bool:
        return True


setup(
    version=version(),
    distclass=Compiled,
    cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": AnyPython},
)
