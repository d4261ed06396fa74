"""Texts through a tokenizer and an ONNX transformer: batches without waste, on all cores, in one session's memory."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from diglot.domain.errors import ModelMisbehaved

Array = npt.NDArray[Any]
Rows = npt.NDArray[np.float32]
Pair = tuple[str, str]

BATCH_TEXTS = 16
BATCH_TOKENS = 256
"""Larger batches fall out of a core's second-level cache and are up to 36 % slower a text."""

_WINDOW = 2048
# No tokenizer makes fewer than one token of so many characters of prose; tokenising megabytes to keep 512 is waste.
_CHARACTERS_A_TOKEN = 32
_KNOWN_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids", "position_ids"})
_INTEGERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


class Encoder:
    """One session, one thread a run; `threads` runs at once. onnxruntime releases the GIL while it runs.

    `ModelMisbehaved` if the folder's files do not load or do not answer as a transformer does.
    """

    def __init__(self, folder: Path, max_tokens: int, outputs: Sequence[str], threads: int | None = None) -> None:
        self._tokenizer = _open_tokenizer(folder / "tokenizer.json", max_tokens)
        self._session = _open_session(folder / "model.onnx")
        self._inputs = {each.name: _INTEGERS.get(each.type) for each in self._session.get_inputs()}
        self.output = _choose_output(self._session, outputs)
        self._characters = max_tokens * _CHARACTERS_A_TOKEN
        unknown = [name for name, kind in self._inputs.items() if name not in _KNOWN_INPUTS or kind is None]
        if unknown:
            raise ModelMisbehaved(f"The ONNX model wants inputs that are not text: {', '.join(unknown)}.")
        self._pool = ThreadPoolExecutor(threads or usable_cores(), thread_name_prefix="encoder")

    def run(self, texts: Sequence[str] | Sequence[Pair], reduce: Callable[[Array, Array], Array]) -> Rows:
        """Rows in the order of the texts; `reduce` makes them of a batch's output and mask (texts, tokens)."""
        windows = [self._run_window(texts[at : at + _WINDOW], reduce) for at in range(0, len(texts), _WINDOW)]
        return np.concatenate(windows) if windows else np.empty((0, 0), np.float32)

    def run_one(self, text: str, reduce: Callable[[Array, Array], Array]) -> Rows:
        """(width,) on the caller's own thread: a question does not wait behind documents."""
        row: Rows = self._run_batch(self._tokenize([text]), reduce)[0]
        return row

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run_window(self, texts: Sequence[str] | Sequence[Pair], reduce: Callable[[Array, Array], Array]) -> Rows:
        encodings = self._tokenize(texts)
        batches = list(batches_by_length([len(each) for each in encodings]))
        futures = [self._pool.submit(self._run_batch, [encodings[i] for i in each], reduce) for each in batches]
        try:
            parts = [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()
        rows = np.empty((len(texts), parts[0].shape[1]), np.float32)
        for batch, part in zip(batches, parts, strict=True):
            rows[batch] = part
        return rows

    def _tokenize(self, texts: Sequence[str] | Sequence[Pair]) -> list[Any]:
        cut = [self._cut(each) if isinstance(each, str) else tuple(map(self._cut, each)) for each in texts]
        encodings: list[Any] = self._tokenizer.encode_batch_fast(cut)
        return encodings

    def _cut(self, text: str) -> str:
        return readable(text[: self._characters])

    def _run_batch(self, encodings: Sequence[Any], reduce: Callable[[Array, Array], Array]) -> Rows:
        from onnxruntime.capi import onnxruntime_pybind11_state as failures  # type: ignore[import-untyped] # no stubs

        feed, mask = self._feed(encodings)
        try:
            output = self._session.run([self.output], feed)[0]
        except (failures.Fail, failures.InvalidArgument, failures.RuntimeException, RuntimeError) as error:
            raise ModelMisbehaved("The ONNX model failed on a text.") from error
        rows = np.asarray(reduce(output, mask), dtype=np.float32)
        if not np.isfinite(rows).all():
            raise ModelMisbehaved("The model answered with something that is not a number.")
        return rows

    def _feed(self, encodings: Sequence[Any]) -> tuple[dict[str, Array], Array]:
        # A text without any token (some tokenizers add none) still takes one masked place: no graph likes length 0.
        shape = (len(encodings), max(1, *(len(each) for each in encodings)))
        columns = {name: np.zeros(shape, kind) for name, kind in self._inputs.items()}
        mask = np.zeros(shape, np.int64)
        for row, encoding in enumerate(encodings):
            mask[row, : len(encoding)] = 1
            if "input_ids" in columns:
                columns["input_ids"][row, : len(encoding)] = encoding.ids
            if "token_type_ids" in columns:
                columns["token_type_ids"][row, : len(encoding)] = encoding.type_ids
        if "attention_mask" in columns:
            columns["attention_mask"][:] = mask
        if "position_ids" in columns:
            columns["position_ids"][:] = np.arange(shape[1])
        return columns, mask


def batches_by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indexes of texts, longest first, so that a batch pads little: at most BATCH_TEXTS and, padding counted,
    BATCH_TOKENS; a text longer than that goes alone."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda each: -lengths[each]):
        if batch and (len(batch) == BATCH_TEXTS or (len(batch) + 1) * lengths[batch[0]] > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def readable(text: str) -> str:
    """The text with lone surrogates replaced, which no encoder takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def usable_cores() -> int:
    """Those this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _open_tokenizer(path: Path, max_tokens: int) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_buffer(path.read_bytes())
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
    except (OSError, ValueError) as error:
        raise ModelMisbehaved(f"The tokenizer cannot be read: {error}") from error
    return tokenizer


def _open_session(path: Path) -> Any:
    # It would report usage, and leave a file for that in the folder of temporary files when it is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # type: ignore[import-untyped] # no stubs
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Its plan is made for one shape; ours differ from batch to batch.
    options.enable_mem_pattern = False
    unreadable = (failures.Fail, failures.InvalidArgument, failures.InvalidGraph, failures.InvalidProtobuf)
    unusable = (failures.NoSuchFile, failures.NotImplemented, failures.RuntimeException)
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except (*unreadable, *unusable) as error:
        raise ModelMisbehaved(f"The ONNX model cannot be loaded: {error}") from error


def _choose_output(session: Any, wanted: Sequence[str]) -> str:
    names = [each.name for each in session.get_outputs()]
    return next((name for name in wanted if name in names), names[0])
