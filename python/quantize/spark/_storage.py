"""Files where executors read and write them.

Spark's own file systems live in its JVM, which the Python workers of executors
cannot reach, and Spark has no sink that writes one file for each row. So local
paths are files of the system, and others go through pyarrow, whose file systems
read and write the same places: HDFS by libhdfs, S3, GCS and Azure by their
protocols. Lists of files are made by Spark.
"""

from __future__ import annotations

import contextlib
import os
import urllib.parse
import uuid
from typing import Any

#: Hadoop's names for schemes of pyarrow.
_ALIASES = {"s3a": "s3", "s3n": "s3", "abfss": "abfss", "wasbs": "abfss"}

#: Systems that show a file once it is complete, and not before.
_WHOLE = ("s3", "gs", "gcs", "abfs", "abfss")


def temporary(output: str) -> str:
    """A folder for a run's unfinished files, on the file system of the output."""
    return f"{output.rstrip('/')}/.quantize-{uuid.uuid4().hex[:12]}.part"


class Storage:
    """Reads and writes the files of one run; it keeps what it has opened."""

    def __init__(self) -> None:
        self._systems: dict[str, Any] = {}

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        if (local := _local(path)) is not None:
            with open(local, "rb") as file:
                return file.read()
        system, name = self._opened(path)
        with system.open_input_file(name) as stream:
            data: bytes = stream.read()
            return data

    def write(self, path: str, data: bytes, parts: str) -> None:
        """Writes a file, of which nobody ever sees a part.

        Tasks that run twice write the same bytes, each under a name of its own,
        and the last one stays.

        Parameters
        ----------
        path : str
            The file.
        data : bytes
        parts : str
            The folder of files that are not complete.
        """
        part = f"{parts}/{uuid.uuid4().hex}"
        if (local := _local(path)) is not None:
            _write_local(local, data, _local(part) or "")
            return
        system, name = self._opened(path)
        if _scheme(path) in _WHOLE:
            with system.open_output_stream(name) as stream:
                stream.write(data)
            return
        _, unfinished = self._opened(part)
        system.create_dir(os.path.dirname(unfinished), recursive=True)
        system.create_dir(os.path.dirname(name), recursive=True)
        with system.open_output_stream(unfinished) as stream:
            stream.write(data)
        _move(system, unfinished, name)

    def _opened(self, path: str) -> tuple[Any, str]:
        """The file system of a path, and its name there."""
        from pyarrow import fs

        scheme, _, rest = path.partition("://")
        authority, slash, name = rest.partition("/")
        key = f"{scheme}://{authority}"
        if key not in self._systems:
            uri = f"{_ALIASES.get(scheme, scheme)}://{authority}/"
            self._systems[key] = fs.FileSystem.from_uri(uri)
        system, start = self._systems[key]
        return system, f"{start.rstrip('/')}{slash}{name}"


def check(path: str) -> None:
    """Refuses a place that executors could not write to.

    Raises
    ------
    ValueError
        If there is no file system for it.
    """
    if _local(path) is None:
        try:
            Storage()._opened(path)
        except Exception as error:
            raise ValueError(
                f"{path}: executors cannot write there: "
                + " ".join(str(error).split())
            ) from None


def _local(path: str) -> str | None:
    """A path of this system; `None` of another."""
    if path.startswith("file:"):
        return "/" + path.removeprefix("file:").lstrip("/")
    return path if "://" not in path else None


def _scheme(path: str) -> str:
    scheme = urllib.parse.urlsplit(path).scheme
    return _ALIASES.get(scheme, scheme)


def _write_local(path: str, data: bytes, part: str) -> None:
    os.makedirs(os.path.dirname(part), exist_ok=True)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        with open(part, "wb") as file:
            file.write(data)
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


def _move(system: Any, part: str, path: str) -> None:
    """Gives a complete file its name. HDFS replaces no file."""
    for _ in range(3):
        try:
            system.move(part, path)
            return
        except OSError:
            with contextlib.suppress(OSError):
                system.delete_file(path)
    system.move(part, path)
