"""Blocks of points that processes of executors keep between passes.

A block's tree takes longer to build, and its points longer to come, than a pass takes.
But Spark gives a task to any of an executor's processes. So a process that keeps
blocks listens on a socket of its machine, and computes statistics for the others: a
task asks the process that has a block, wherever it runs itself. What nobody has is
sent again.
"""

from __future__ import annotations

import dataclasses
import os
import secrets
import socket
import threading
from collections.abc import Sequence
from multiprocessing import connection
from typing import Any

from .._model import Model, Points

# Seconds after which a process that does not answer is taken for gone.
_PATIENCE = 600.0


@dataclasses.dataclass(frozen=True)
class Keeping:
    """What all processes of a fit know.

    Attributes
    ----------
    fit : str
        The name of the fit.
    secret : bytes
        Processes with another are not answered.
    most_bytes : int
        The most bytes of blocks that a process keeps.
    """

    fit: str
    secret: bytes
    most_bytes: int

    @classmethod
    def for_fit(cls, most_bytes: int) -> Keeping:
        """That of a new fit."""
        return cls(secrets.token_hex(8), secrets.token_bytes(16), most_bytes)


@dataclasses.dataclass(frozen=True)
class Pass:
    """An E-step over blocks.

    Attributes
    ----------
    parameters : tuple
        Those of `Model`.
    cprime : int
        C'.
    has_likelihood : bool
        Whether the log-likelihood is computed as well.
    """

    parameters: tuple[Any, Any, Any]
    cprime: int
    has_likelihood: bool

    def over(self, blocks: Sequence[Points]) -> list[tuple[bytes, float | None]]:
        """The statistics of each block, and its log-likelihood."""
        model = Model(*self.parameters)
        rows: list[tuple[bytes, float | None]] = []
        for points in blocks:
            found = model.statistics(points, self.cprime, threads=1)
            likelihood = None
            if self.has_likelihood:
                energy = model.evaluate(points, threads=1)["free_energy"]
                likelihood = energy * found.total_weight
            rows.append((found.numbers.tobytes(), likelihood))
        return rows


class Keeper:
    """The blocks that this process keeps of one fit, at most."""

    def __init__(self) -> None:
        self._fit = ""
        self._bytes = 0
        self._points: dict[str, Points] = {}
        self._listener: connection.Listener | None = None
        self._pid = 0
        self._lock = threading.Lock()

    def keep(self, keeping: Keeping, name: str, points: Points) -> str | None:
        """Keeps a block, if there is room, and returns where others can ask for it."""
        with self._lock:
            # A forked process has no thread that listens, and another's blocks are
            # better sent again.
            if (self._fit, self._pid) != (keeping.fit, os.getpid()):
                self._forget()
                self._fit, self._pid = keeping.fit, os.getpid()
            # The tree has numbers of 64 bits, and bounds.
            size = 16 * len(points) * points.dimension
            if self._bytes + size > keeping.most_bytes:
                return None
            self._bytes += size
            self._points[name] = points
            if self._listener is None:
                self._listen(keeping)
            if self._listener is None:
                return None
            return f"{_machine()}/{_address(keeping)}"

    def blocks(self, fit: str, names: Sequence[str]) -> list[Points | None]:
        """The blocks of those names, where they are here."""
        with self._lock:
            if (self._fit, self._pid) != (fit, os.getpid()):
                return [None for _ in names]
            return [self._points.get(name) for name in names]

    def forget(self) -> None:
        """Frees the memory."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        self._fit, self._bytes, self._points = "", 0, {}
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def _listen(self, keeping: Keeping) -> None:
        # Sockets without a name in the file system, which go with the process.
        try:
            listener = connection.Listener(
                "\0" + _address(keeping), "AF_UNIX", backlog=64
            )
        except (OSError, ValueError):
            return
        self._listener = listener
        threading.Thread(
            target=self._serve, args=(listener, keeping), daemon=True
        ).start()

    def _serve(self, listener: connection.Listener, keeping: Keeping) -> None:
        while True:
            try:
                asking = listener.accept()
            except OSError:
                return
            threading.Thread(
                target=self._answer, args=(asking, keeping), daemon=True
            ).start()

    def _answer(self, asking: Any, keeping: Keeping) -> None:
        try:
            with asking:
                connection.deliver_challenge(asking, keeping.secret)
                connection.answer_challenge(asking, keeping.secret)
                request = asking.recv()
                if request is None:
                    self.forget()
                    asking.send(None)
                    return
                run, names = request
                here = self.blocks(keeping.fit, names)
                found = run.over([one for one in here if one is not None])
                answers = iter(found)
                asking.send([None if one is None else next(answers) for one in here])
        except (OSError, EOFError, connection.AuthenticationError):
            return


#: That of this process.
KEEPER = Keeper()


def _machine() -> str:
    # Processes of one executor have one parent.
    return f"{socket.gethostname()}/{os.getppid()}"


def _address(keeping: Keeping) -> str:
    return f"quantize-{keeping.fit}-{os.getpid()}"


def _ask(keeping: Keeping, place: str, request: Any) -> Any:
    """What the process at a place answers; `None` where there is none any more."""
    machine, _, address = place.rpartition("/")
    if machine != _machine():
        return None
    try:
        with connection.Client("\0" + address, "AF_UNIX") as asked:
            connection.answer_challenge(asked, keeping.secret)
            connection.deliver_challenge(asked, keeping.secret)
            asked.send(request)
            return asked.recv() if asked.poll(_PATIENCE) else None
    except (OSError, EOFError, ValueError, connection.AuthenticationError):
        return None


def statistics_of(
    keeping: Keeping, run: Pass, names: Sequence[str], places: Sequence[str | None]
) -> list[tuple[bytes, float | None] | None]:
    """The statistics of blocks that some process keeps; `None` of others."""
    found: list[tuple[bytes, float | None] | None] = [None for _ in names]
    here = KEEPER.blocks(keeping.fit, names)
    elsewhere: dict[str, list[int]] = {}
    for n, (points, place) in enumerate(zip(here, places, strict=True)):
        if points is not None:
            found[n] = run.over([points])[0]
        elif place is not None:
            elsewhere.setdefault(place, []).append(n)
    for place, wanted in elsewhere.items():
        answer = _ask(keeping, place, (run, [names[n] for n in wanted]))
        for n, one in zip(wanted, answer or [], strict=False):
            found[n] = one
    return found


def free(keeping: Keeping, places: Sequence[str]) -> None:
    """Has processes forget a fit."""
    for place in places:
        _ask(keeping, place, None)
