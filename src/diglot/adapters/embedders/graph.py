"""Writes the ONNX graph of a BERT or Roberta encoder or cross-encoder from its weights, in int8 or float32.

The arithmetic is that of Devlin et al. 2019 (arXiv 1810.04805), layer normalisation after each block. Int8 is dynamic
quantisation as onnxruntime does it: activations to u8 per tensor at run time, weights to s8 with one scale a column.
One scale for a whole matrix is no faster and costs 0.016 nDCG@10 on scifact. Embeddings keep one scale a token.

Weights use 7 of their 8 bits: x86 processors without VNNI add two products of u8 and s8 in 16 bits and saturate, which
would give other, worse vectors there. The eighth bit is worth 0.001 of cosine to float32.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from diglot.adapters.embedders.architecture import Architecture
from diglot.adapters.embedders.weights import Tensor, Weights
from diglot.domain.errors import InvalidArgument

Array = npt.NDArray[Any]

OPSET = 20
PROTOBUF_BYTES = 2_000_000_000
_MASKED = -10_000.0
_FACTOR_STEPS = 64
_TABLE_STEPS = 127


class GraphWriter:
    """Collects nodes and constants; every operation answers the name of its result."""

    def __init__(self, quantised: bool) -> None:
        import onnx

        self._onnx = onnx
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._small: dict[tuple[Any, ...], str] = {}
        self._activations: dict[str, list[str]] = {}
        self._quantised = quantised
        self.bytes = 0

    def constant(self, value: Array) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        self.bytes += value.nbytes
        if self.bytes > PROTOBUF_BYTES:
            raise InvalidArgument("The model is too large for one ONNX file (2 GB).")
        return name

    def numbers(self, *values: int) -> str:
        """A constant int64 vector; written once."""
        if values not in self._small:
            self._small[values] = self.constant(np.array(values, dtype=np.int64))
        return self._small[values]

    def results(self, count: int, operation: str, *inputs: str, **attributes: Any) -> list[str]:
        names = [f"{operation}_{len(self._nodes)}_{index}" for index in range(count)]
        self._nodes.append(self._onnx.helper.make_node(operation, list(inputs), names, **attributes))
        return names

    def result(self, operation: str, *inputs: str, **attributes: Any) -> str:
        return self.results(1, operation, *inputs, **attributes)[0]

    def linear(self, data: str, weight: Tensor, bias: Tensor) -> str:
        """x W^T + b with W (out, in), as torch stores it."""
        if not self._quantised:
            return self.result("Add", self.result("MatMul", data, self.constant(weight.T)), self.constant(bias))
        rows, scales = quantise_rows(weight, _FACTOR_STEPS)
        quantised, scale, zero = self._activation(data)
        product = self.result("MatMulInteger", quantised, self.constant(rows.T), zero)
        as_float = self.result("Cast", product, to=self._onnx.TensorProto.FLOAT)
        factor = self.result("Mul", scale, self.constant(scales))
        return self.result("Add", self.result("Mul", as_float, factor), self.constant(bias))

    def lookup(self, ids: str, table: Tensor) -> str:
        """Rows of a table by id."""
        if not self._quantised:
            return self.result("Gather", self.constant(table), ids)
        rows, scales = quantise_rows(table, _TABLE_STEPS)
        found = self.result("Gather", self.constant(rows), ids)
        as_float = self.result("Cast", found, to=self._onnx.TensorProto.FLOAT)
        return self.result("Mul", as_float, self.result("Gather", self.constant(scales[:, None]), ids))

    def normalise(self, data: str, weights: Weights, name: str, epsilon: float) -> str:
        scale, bias = (self.constant(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.result("LayerNormalization", data, scale, bias, axis=-1, epsilon=epsilon)

    def _activation(self, data: str) -> list[str]:
        if data not in self._activations:
            self._activations[data] = self.results(3, "DynamicQuantizeLinear", data)
        return self._activations[data]

    def save(self, path: Path, inputs: list[str], output: str, name: str, shape: list[str | int]) -> None:
        """Inputs are int64 (batch, tokens); the output is float32 of the given shape."""
        helper, types = self._onnx.helper, self._onnx.TensorProto
        self._nodes.append(helper.make_node("Identity", [output], [name]))
        ids = [helper.make_tensor_value_info(each, types.INT64, ["batch", "tokens"]) for each in inputs]
        answer = helper.make_tensor_value_info(name, types.FLOAT, shape)
        graph = helper.make_graph(self._nodes, "diglot", ids, [answer], self._constants)
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], producer_name="diglot", ir_version=9)
        path.write_bytes(model.SerializeToString())


def quantise_rows(matrix: Tensor, steps: int) -> tuple[npt.NDArray[np.int8], Tensor]:
    """Symmetric, -steps..steps, one scale a row: matrix ≈ rows * scales[:, None]."""
    largest = np.abs(matrix).max(axis=1)
    scales = np.where(largest > 0, largest / steps, 1).astype(np.float32)
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales


def write_graph(weights: Weights, architecture: Architecture, path: Path, quantised: bool = True) -> None:
    """Encoders answer `last_hidden_state` (batch, tokens, hidden), cross-encoders `logits` (batch, labels)."""
    graph = GraphWriter(quantised)
    hidden = _embed(graph, weights, architecture)
    mask = _mask(graph)
    for layer in range(architecture.layers):
        hidden = _layer(graph, weights, architecture, f"encoder.layer.{layer}", hidden, mask)
    inputs = ["input_ids", "attention_mask"]
    if architecture.labels and architecture.family == "bert":
        inputs.append("token_type_ids")
    if not architecture.labels:
        graph.save(path, inputs, hidden, "last_hidden_state", ["batch", "tokens", architecture.hidden])
        return
    graph.save(path, inputs, _head(graph, weights, architecture, hidden), "logits", ["batch", architecture.labels])


def _embed(graph: GraphWriter, weights: Weights, architecture: Architecture) -> str:
    words = graph.lookup("input_ids", weights["embeddings.word_embeddings.weight"])
    types = weights["embeddings.token_type_embeddings.weight"]
    places = weights["embeddings.position_embeddings.weight"]
    has_types = architecture.labels > 0 and architecture.family == "bert"
    if not has_types:
        # One text alone is all of type 0: its row joins the positions, one addition less.
        places = places + types[0]
    total = graph.result("Add", words, _positions(graph, architecture, places))
    if has_types:
        total = graph.result("Add", total, graph.result("Gather", graph.constant(types), "token_type_ids"))
    return graph.normalise(total, weights, "embeddings.LayerNorm", architecture.epsilon)


def _positions(graph: GraphWriter, architecture: Architecture, places: Tensor) -> str:
    # Padding stands on the right and is masked, so the n-th token has the n-th position in both families.
    first = architecture.padding_id + 1 if architecture.family == "roberta" else 0
    length = graph.result("Slice", graph.result("Shape", "input_ids"), graph.numbers(1), graph.numbers(2))
    return graph.result("Slice", graph.constant(places[first:]), graph.numbers(0), length)


def _mask(graph: GraphWriter) -> str:
    as_float = graph.result("Cast", "attention_mask", to=1)
    hidden = graph.result("Sub", graph.constant(np.array(1, np.float32)), as_float)
    scaled = graph.result("Mul", hidden, graph.constant(np.array(_MASKED, np.float32)))
    return graph.result("Unsqueeze", scaled, graph.numbers(1, 2))


def _layer(graph: GraphWriter, weights: Weights, architecture: Architecture, name: str, hidden: str, mask: str) -> str:
    attended = _attend(graph, weights, architecture, f"{name}.attention.self", hidden, mask)
    projected = _dense(graph, weights, f"{name}.attention.output.dense", attended)
    summed = graph.result("Add", projected, hidden)
    middle = graph.normalise(summed, weights, f"{name}.attention.output.LayerNorm", architecture.epsilon)
    wide = graph.result("Gelu", _dense(graph, weights, f"{name}.intermediate.dense", middle))
    narrow = graph.result("Add", _dense(graph, weights, f"{name}.output.dense", wide), middle)
    return graph.normalise(narrow, weights, f"{name}.output.LayerNorm", architecture.epsilon)


def _dense(graph: GraphWriter, weights: Weights, name: str, data: str) -> str:
    return graph.linear(data, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _attend(graph: GraphWriter, weights: Weights, architecture: Architecture, name: str, hidden: str, mask: str) -> str:
    width = architecture.hidden // architecture.heads
    shape = graph.numbers(0, 0, architecture.heads, width)

    def part(which: str, order: tuple[int, ...], factor: float = 1.0) -> str:
        weight, bias = weights[f"{name}.{which}.weight"], weights[f"{name}.{which}.bias"]
        projected = graph.linear(hidden, weight * np.float32(factor), bias * np.float32(factor))
        return graph.result("Transpose", graph.result("Reshape", projected, shape), perm=order)

    query = part("query", (0, 2, 1, 3), 1 / width**0.5)
    key = part("key", (0, 2, 3, 1))
    value = part("value", (0, 2, 1, 3))
    scores = graph.result("Add", graph.result("MatMul", query, key), mask)
    mixed = graph.result("MatMul", graph.result("Softmax", scores, axis=-1), value)
    back = graph.result("Transpose", mixed, perm=(0, 2, 1, 3))
    return graph.result("Reshape", back, graph.numbers(0, 0, architecture.hidden))


def _head(graph: GraphWriter, weights: Weights, architecture: Architecture, hidden: str) -> str:
    first = graph.result("Gather", hidden, graph.constant(np.array(0, np.int64)), axis=1)
    is_bert = architecture.family == "bert"
    inner, outer = ("pooler.dense", "classifier") if is_bert else ("classifier.dense", "classifier.out_proj")
    pooled = graph.result("Tanh", _dense(graph, weights, inner, first))
    return _dense(graph, weights, outer, pooled)
