"""Progress bars."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ._library import Progress


@contextmanager
def progress_function(progress: Any) -> Iterator[Progress | None]:
    """What is told how far a call is: nobody, a function, or with `True` a bar of
    tqdm."""
    if progress is None or progress is False:
        yield None
    elif callable(progress):
        yield progress
    elif progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            raise ImportError(
                "a progress bar needs tqdm: pip install quantize-em[progress]"
            ) from None
        with tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}") as bar:

            def tell(stage: str, fraction: float) -> None:
                bar.set_description(stage, refresh=False)
                bar.n = round(100 * fraction)
                bar.refresh()

            yield tell
    else:
        raise TypeError(f"progress must be True or a function, not {progress!r}")
