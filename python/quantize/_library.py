"""libquantize: its functions, its errors, and calls that Ctrl-C ends."""

from __future__ import annotations

import ctypes
import pathlib
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

Progress = Callable[[str, float], Any]


class QuantizeError(Exception):
    """What was asked for is not possible with this image or these points.

    Arguments that are wrong raise `ValueError` or `TypeError`.
    """


_INVALID_ARGUMENT, _NOT_POSSIBLE, _INVALID_DATA, _CANCELLED = 1, 2, 3, 4

_PROGRESS = ctypes.CFUNCTYPE(
    ctypes.c_bool, ctypes.c_char_p, ctypes.c_double, ctypes.c_void_p
)

_size = ctypes.c_size_t
_pointer = ctypes.c_void_p
_double = ctypes.c_double
_int = ctypes.c_int

# What each function that returns a status takes. Arrays are addresses.
_STATUS_FUNCTIONS: dict[str, list[Any]] = {
    "image_create": [_pointer, _size, _size, ctypes.c_ssize_t, _int, _int, _pointer],
    "image_form": [_pointer, _pointer, _pointer, _pointer, _pointer],
    "image_samples": [_pointer, _pointer],
    "image_encode": [_pointer, _pointer, _pointer, _pointer, _pointer],
    "result_encode": [_pointer, _pointer, _pointer, _pointer, _pointer],
    "picture_read": [
        ctypes.c_char_p, _size, ctypes.c_char_p, _size, ctypes.c_uint64,
        ctypes.c_bool, _size, _pointer,
    ],
    "picture_image": [_pointer, _pointer],
    "encoding_create": [_pointer],
    "encoding_set_format": [_pointer, ctypes.c_char_p],
    "encoding_set_compression": [_pointer, _int],
    "encoding_set_optimize": [_pointer, ctypes.c_bool],
    "encoding_set_jpeg_quality": [_pointer, _int],
    "encoding_set_metadata": [_pointer, ctypes.c_char_p],
    "swatches_read": [ctypes.c_char_p, _size, ctypes.c_char_p, _pointer],
    "swatches_create": [_pointer, _size, _pointer, _pointer],
    "swatches_get": [_pointer, _pointer],
    "swatches_write": [_pointer, ctypes.c_char_p, ctypes.c_char_p, _pointer],
    "options_create": [_pointer],
    "options_set_colors": [_pointer, _size],
    "options_set_cprime": [_pointer, _size],
    "options_set_seed": [_pointer, ctypes.c_uint64],
    "options_set_effort": [_pointer, _int],
    "options_set_threads": [_pointer, _size],
    "options_set_iterations": [_pointer, ctypes.c_long],
    "options_set_tolerance": [_pointer, _double],
    "options_set_space": [_pointer, _int],
    "options_set_learned_weights": [_pointer, ctypes.c_bool],
    "options_set_separate_variances": [_pointer, ctypes.c_bool],
    "options_set_least_variance": [_pointer, _double],
    "options_set_balance": [_pointer, _double],
    "options_set_min_region": [_pointer, _int],
    "options_set_importance": [_pointer, ctypes.c_bool],
    "options_set_importance_map": [_pointer, _pointer],
    "options_set_quality": [_pointer, _int, _int],
    "options_set_from_image": [_pointer, ctypes.c_bool],
    "options_set_posterize": [_pointer, _int],
    "options_set_dither": [_pointer, ctypes.c_char_p, _double],
    "options_set_perceptual": [_pointer],
    "options_set_pinned": [_pointer, _pointer, _size],
    "options_set_means": [_pointer, _pointer, _size, _size],
    "options_set_palette": [_pointer, _pointer, _size],
    "options_set_keep_palette": [_pointer, ctypes.c_bool],
    "histogram_create": [_pointer],
    "histogram_add_image": [_pointer, _pointer, _pointer],
    "histogram_add": [_pointer, _pointer],
    "histogram_add_colors": [_pointer, _pointer, _pointer, _pointer, _size],
    "histogram_get": [_pointer, _pointer, _pointer, _pointer],
    "histogram_size": [_pointer, _pointer],
    "histogram_write": [_pointer, _pointer, _size],
    "histogram_read": [_pointer, _size, _pointer],
    "histogram_fit": [_pointer, _pointer, _PROGRESS, _pointer, _pointer],
    "palette_map": [_pointer, _pointer, _pointer, _PROGRESS, _pointer, _pointer],
    "palette_get": [_pointer, _pointer, _pointer, _pointer],
    "palette_model": [_pointer, _pointer],
    "image_quantize": [_pointer, _pointer, _PROGRESS, _pointer, _pointer],
    "result_palette": [_pointer, _pointer],
    "result_indices": [_pointer, _pointer],
    "result_indices8": [_pointer, _pointer],
    "soft_create": [_pointer, _pointer, _pointer, _pointer],
    "soft_rows": [_pointer, _size, _size, _pointer, _pointer],
    "segments_create": [
        _pointer, _pointer, _double, _size, _PROGRESS, _pointer, _pointer,
    ],
    "superpixels_create": [
        _pointer, _size, _size, _double, _size, _PROGRESS, _pointer, _pointer,
    ],
    "segments_labels": [_pointer, _pointer],
    "image_compare": [_pointer, _pointer, _size, _pointer],
    "points_create": [_pointer, _int, _size, _size, _pointer, _pointer],
    "points_fit": [_pointer, _pointer, _PROGRESS, _pointer, _pointer],
    "points_evaluate": [
        _pointer, _pointer, _size, _size, _pointer, _pointer, _pointer,
    ],
    "points_nearest": [_pointer, _pointer, _size, _pointer],
    "points_posterior": [_pointer, _pointer, _size, _size, _pointer, _pointer],
    "model_create": [
        _pointer, _size, _size, _double, _pointer, _pointer, _pointer,
    ],
    "points_statistics": [_pointer, _pointer, _size, _size, _pointer],
    "model_maximize": [
        _pointer, _pointer, ctypes.c_bool, ctypes.c_bool, _pointer,
    ],
    "model_get": [_pointer, _pointer, _pointer, _pointer],
    "model_history": [_pointer, _pointer, _pointer],
}

_VALUES: dict[str, tuple[list[Any], Any]] = {
    "version": ([], ctypes.c_char_p),
    "last_message": ([], ctypes.c_char_p),
    "histogram_count": ([_pointer], _size),
    "histogram_pixels": ([_pointer], ctypes.c_uint64),
    "palette_count": ([_pointer], _size),
    "result_error": ([_pointer], _double),
    "soft_cprime": ([_pointer], _size),
    "soft_components": ([_pointer], _size),
    "segments_count": ([_pointer], _size),
    "model_components": ([_pointer], _size),
    "model_dimension": ([_pointer], _size),
    "model_iterations": ([_pointer], _size),
    "model_converged": ([_pointer], ctypes.c_bool),
    "model_statistics_count": ([_pointer], _size),
    "picture_format": ([_pointer], ctypes.c_char_p),
    "picture_space": ([_pointer], ctypes.c_char_p),
    "picture_omitted_frames": ([_pointer], _size),
    "picture_warning": ([_pointer, _size], ctypes.c_char_p),
    "bytes_start": ([_pointer], _pointer),
    "bytes_size": ([_pointer], _size),
    "swatches_count": ([_pointer], _size),
    "swatches_name": ([_pointer, _size], ctypes.c_char_p),
}

_FREED = (
    "image", "options", "histogram", "palette", "result", "soft", "points", "model",
    "segments", "bytes", "picture", "encoding", "swatches",
)


def _load() -> ctypes.CDLL:
    name = "libquantize.dylib" if sys.platform == "darwin" else "libquantize.so"
    library = ctypes.CDLL(str(pathlib.Path(__file__).with_name(name)))
    for function, arguments in _STATUS_FUNCTIONS.items():
        declared = getattr(library, f"quantize_{function}")
        declared.argtypes = arguments
        declared.restype = _int
    for function, (arguments, result) in _VALUES.items():
        declared = getattr(library, f"quantize_{function}")
        declared.argtypes = arguments
        declared.restype = result
    for kind in _FREED:
        declared = getattr(library, f"quantize_{kind}_free")
        declared.argtypes = [_pointer]
        declared.restype = None
    return library


_library = _load()


def value(function: str, *arguments: Any) -> Any:
    """Calls a function that cannot fail."""
    return getattr(_library, f"quantize_{function}")(*arguments)


def check(function: str, *arguments: Any) -> None:
    """Calls a function, and raises what it says is wrong."""
    status = getattr(_library, f"quantize_{function}")(*arguments)
    if status:
        raise _error(status, value("last_message").decode())


def _error(status: int, message: str) -> BaseException:
    if status in (_INVALID_ARGUMENT, _INVALID_DATA):
        return ValueError(message)
    if status == _CANCELLED:
        return KeyboardInterrupt()
    return QuantizeError(message)


class Handle:
    """An object of the library, which goes when this does."""

    __slots__ = ("__weakref__", "_kind", "pointer")

    def __init__(self, kind: str, pointer: int) -> None:
        self._kind = kind
        self.pointer = pointer

    def __reduce__(self) -> Any:
        # A copy would be freed twice, or be an address in another process.
        raise TypeError(f"a {self._kind} of the library cannot be copied or pickled")

    def __del__(self) -> None:
        if getattr(self, "pointer", None) is not None:
            getattr(_library, f"quantize_{self._kind}_free")(self.pointer)


def made(kind: str, function: str, *arguments: Any) -> Handle:
    """Calls a function that makes an object."""
    out = _pointer()
    check(function, *arguments, ctypes.byref(out))
    assert out.value is not None
    return Handle(kind, out.value)


class _Call:
    """A call that tells how far it is, and can be given up."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.is_abandoned = False
        self._told: tuple[bytes, float] | None = None
        self._failure: BaseException | None = None
        # The library keeps no reference.
        self._callback = _PROGRESS(self._tell)

    def _tell(self, stage: bytes, fraction: float, _: Any) -> bool:
        if self.is_abandoned:
            return False
        # The library also asks where nothing is new.
        if self._progress is not None and (stage, fraction) != self._told:
            self._told = stage, fraction
            try:
                self._progress(stage.decode(), fraction)
            except BaseException as failure:
                self._failure = failure
                return False
        return True

    def make(self, kind: str, function: str, *arguments: Any) -> Handle:
        try:
            return made(kind, function, *arguments, self._callback, None)
        except BaseException:
            if self._failure is not None:
                raise self._failure from None
            raise


def long_call(
    kind: str, function: str, *arguments: Any, progress: Progress | None = None
) -> Handle:
    """Makes an object by a call that may take long.

    The library works without the GIL. In the main thread, where Python handles
    signals, it works in a thread of its own, so that Ctrl-C raises
    `KeyboardInterrupt` at once; the work then ends by itself, soon after.
    """
    call = _Call(progress)
    if threading.current_thread() is not threading.main_thread():
        return call.make(kind, function, *arguments)
    outcome: list[Any] = []
    done = threading.Event()

    def work() -> None:
        try:
            outcome.append((True, call.make(kind, function, *arguments)))
        except BaseException as failure:
            outcome.append((False, failure))
        finally:
            done.set()

    # The interpreter waits for it at its end, as nothing may call back later.
    worker = threading.Thread(target=work, name="quantize")
    try:
        # Ctrl-C may come while it starts.
        worker.start()
        done.wait()
    except BaseException:
        call.is_abandoned = True
        raise
    worked, what = outcome.pop()
    if not worked:
        raise what
    result: Handle = what
    return result
