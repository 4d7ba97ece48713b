"""The driver's side of Spark: paths, lists of files, and errors in plain words."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyspark.errors import PySparkException
from pyspark.sql import functions as F

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: The endings of images, in any case.
ENDINGS = ("png", "jpg", "jpeg", "jpe", "jfif", "tif", "tiff")

#: The pattern of their names, as Hadoop writes patterns.
IMAGES = "*.{%s}" % ",".join(
    "".join(f"[{letter}{letter.upper()}]" for letter in ending) for ending in ENDINGS
)

#: The most pixels of an image: 256 Mi, some 1.5 GB in a task.
MOST_PIXELS = 1 << 28


@dataclass(frozen=True)
class Root:
    """A file or a folder that was named, with its scheme."""

    path: str
    is_folder: bool

    def holds(self, path: str) -> bool:
        """Whether a path is somewhere below it."""
        return self.is_folder and path.startswith(self.path.rstrip("/") + "/")


def qualified(spark: SparkSession, path: str | os.PathLike[str]) -> str:
    """A path with the scheme of its file system, as Spark writes it."""
    place, system = _place(spark, path)
    try:
        return str(system.makeQualified(place).toString())
    except Exception as error:
        raise ValueError(f"{os.fspath(path)}: {said(error)}") from None


def roots(spark: SparkSession, paths: Any) -> list[Root]:
    """What paths and patterns stand for.

    Raises
    ------
    FileNotFoundError
        If one stands for nothing.
    ValueError
        If one is inside another, or its file system cannot be reached.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    paths = list(paths)
    if not paths:
        raise ValueError("paths is empty; name a file or a folder")
    found: dict[str, Root] = {}
    for path in paths:
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"a path is a string, not {path!r}")
        for root in _matches(spark, path):
            found.setdefault(root.path, root)
    return list(found.values())


def check_apart(found: Sequence[Root], recursive: bool) -> None:
    """Refuses roots that are read twice, as parts of others."""
    folders = {root.path.rstrip("/") for root in found if root.is_folder}
    for root in found:
        above = root.path.rstrip("/")
        if not recursive and root.is_folder:
            continue
        while "/" in above:
            above = above.rpartition("/")[0]
            if above in folders:
                raise ValueError(
                    f"{root.path} is inside {above}, which is read too; "
                    "name one of them"
                )
            if not recursive:
                break


def _place(spark: SparkSession, path: str | os.PathLike[str]) -> tuple[Any, Any]:
    """A path of Hadoop, and its file system."""
    path = os.fspath(path)
    jvm: Any = getattr(spark, "_jvm", None)
    if jvm is None:
        raise TypeError(
            "spark must be a SparkSession that runs in this process, not one of "
            f"Spark Connect: {spark!r}"
        )
    if not path:
        raise ValueError("a path is empty")
    try:
        place = jvm.org.apache.hadoop.fs.Path(path)
        configuration = spark._jsparkSession.sessionState().newHadoopConf()  # type: ignore[attr-defined]
        return place, place.getFileSystem(configuration)
    except Exception as error:
        raise ValueError(f"{path} cannot be reached: {said(error)}") from None


def _matches(spark: SparkSession, path: str | os.PathLike[str]) -> Iterator[Root]:
    place, system = _place(spark, path)
    try:
        # A file that is called like a pattern is that file.
        if system.exists(place):
            states = [system.getFileStatus(place)]
        else:
            states = list(system.globStatus(place) or [])
    except Exception as error:
        raise ValueError(f"{os.fspath(path)} cannot be read: {said(error)}") from None
    if not states:
        raise FileNotFoundError(f"{os.fspath(path)}: there is no such file or folder")
    for state in states:
        name = state.getPath().getName()
        if not state.isDirectory() and name.startswith(("_", ".")):
            raise ValueError(
                f"{state.getPath().toString()}: Spark passes over files whose names "
                "begin with _ or a dot; rename it"
            )
        yield Root(str(state.getPath().toString()), bool(state.isDirectory()))


def exists(spark: SparkSession, path: str) -> bool:
    """Whether there is such a file or folder."""
    place, system = _place(spark, path)
    try:
        return bool(system.exists(place))
    except Exception as error:
        raise ValueError(f"{path} cannot be read: {said(error)}") from None


def remove(spark: SparkSession, path: str) -> None:
    """Removes a folder, if it is there."""
    place, system = _place(spark, path)
    # What stays is hidden, and harms nobody.
    with contextlib.suppress(Exception):
        system.delete(place, True)


def files(
    spark: SparkSession, paths: Sequence[str], glob: str | None = None
) -> DataFrame:
    """The files of folders at any depth: path, length and, if it is asked for,
    content, which is read by executors through Spark's own file system."""
    reader = (
        spark.read.format("binaryFile")
        .option("recursiveFileLookup", "true")
        # The names are no patterns.
        .option("__globPaths__", "false")
    )
    if glob is not None:
        reader = reader.option("pathGlobFilter", glob)
    with explained():
        return reader.load(list(paths))


def images(
    spark: SparkSession, found: Sequence[Root], recursive: bool, glob: str
) -> DataFrame:
    """The files of `files` that are images by their names, or were named."""
    folders = [root.path for root in found if root.is_folder]
    named = [root.path for root in found if not root.is_folder]
    parts = []
    if folders:
        listed = files(spark, folders, glob)
        if not recursive:
            parent = F.regexp_replace("path", "/[^/]*$", "")
            listed = listed.filter(parent.isin([one.rstrip("/") for one in folders]))
        parts.append(listed)
    if named:
        parts.append(files(spark, named))
    return parts[0] if len(parts) == 1 else parts[0].unionByName(parts[1])


def room(spark: SparkSession) -> int:
    """The bytes of points that a process of Python may keep between passes.

    Half of what Spark gives each of them; on this machine alone half of its memory, in
    equal parts.
    """
    conf = spark.sparkContext.getConf()
    master = spark.sparkContext.master
    cores = max(1, int(conf.get("spark.executor.cores") or 1))
    given = conf.get("spark.executor.pyspark.memory")
    if given:
        return _bytes(given, 1 << 20) // 2 // cores
    if master.startswith("local") and not master.startswith("local-cluster"):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return memory // 2 // max(1, spark.sparkContext.defaultParallelism)
    if master.startswith(("yarn", "k8s")):
        # Containers that use more than their share are killed.
        most = _bytes(conf.get("spark.executor.memory") or "1g", 1 << 20)
        overhead = conf.get("spark.executor.memoryOverhead")
        extra = _bytes(overhead, 1 << 20) if overhead else max(384 << 20, most // 10)
        return extra // 2 // cores
    return 1 << 30


def _bytes(text: str, unit: int) -> int:
    """A size as Spark's settings say it: `512m`, `2g`, or a number of units."""
    found = re.fullmatch(r"\s*(\d+)\s*([kmgtp]?)b?\s*", text.lower())
    if not found:
        return 1 << 30
    powers = {"k": 10, "m": 20, "g": 30, "t": 40, "p": 50}
    if not found[2]:
        return int(found[1]) * unit
    return int(found[1]) << powers[found[2]]


@contextlib.contextmanager
def settings(spark: SparkSession, **values: Any) -> Iterator[None]:
    """Settings of the session, for a while: double underscores are dots."""
    before: dict[str, str | None] = {}
    try:
        for name, value in values.items():
            key = "spark.sql." + name.replace("__", ".")
            try:
                before[key] = spark.conf.get(key)
            except Exception:
                before[key] = None
            spark.conf.set(key, str(value))
        yield
    finally:
        for key, earlier in before.items():
            if earlier is None:
                spark.conf.unset(key)
            else:
                spark.conf.set(key, earlier)


def said(error: BaseException) -> str:
    """What an error of Java or Python says, on one line."""
    text = str(error)
    java = getattr(error, "java_exception", None)
    if java is not None:
        with contextlib.suppress(Exception):
            text = str(java.toString())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    return re.sub(r"^(?:[a-z]\w*\.)+(\w+): ", "", text)[:500]


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Says in one sentence what Spark says in a page, where the cause is known."""
    try:
        yield
    except (PySparkException, _java_error()) as error:
        text = str(error)
        lacking = re.search(
            r"(?:No module named '|quantize\.spark needs )(quantize|pyarrow|numpy)", text
        )
        if lacking:
            raise RuntimeError(
                f"the executors have no {lacking[1]}; docs/cluster.md says how "
                "packages reach them"
            ) from error
        if "libquantize" in text and "OSError" in text:
            raise RuntimeError(
                "the executors cannot load the library of quantize; docs/cluster.md "
                "says on which systems it runs"
            ) from error
        if found := re.search(r"the executors have quantize \S+, the driver \S+", text):
            raise RuntimeError(
                f"{found[0]}; results are the same only of the same version"
            ) from error
        if found := re.search(r"\[PATH_NOT_FOUND\] Path does not exist: (.*?)\. ", text):
            raise FileNotFoundError(
                f"{found[1]}: there is no such file or folder"
            ) from None
        raise


def _java_error() -> type[BaseException]:
    from py4j.protocol import Py4JError

    error: type[BaseException] = Py4JError
    return error


def check_version(version: str) -> None:
    """Refuses, on an executor, a package that is not the driver's."""
    from .. import __version__

    if __version__ != version:
        raise RuntimeError(
            f"the executors have quantize {__version__}, the driver {version}"
        )
