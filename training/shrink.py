"""Trained or packaged weights to small ONNX files: what every export shares.

Matrices are stored in 8 or 4 bits, with a scale for each 32 numbers of a column, and stay so in memory:
ONNX Runtime's MatMulNBits brings what it multiplies to 8 bits too, 32 numbers by 32, and counts in
integers. Beside float32 the vectors have a cosine of .9997 or more, no floor falls, opening takes a
third, a question .84 of the time, and all together 221 MB where it was 357. (Dynamic quantisation, one
scale for all that is multiplied at once, embeds 144 sentences a CPU second where this embeds 60. But its
vectors have a cosine of .987 to .993, what they are depends on what is embedded beside them, and of 130
test questions two fewer are answered rightly at first. One scale for 128 numbers embeds 69, and one fewer
is.)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
BLOCK = 32
# MatMulNBits's name for counting in 8-bit integers; 1 counts in float32, which is slower than MatMul itself.
IN_INTEGERS = 4


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in 4 bits: `packed` (rows, blocks, 16) bytes, low halves first; `scales` (rows, blocks).

    A row is what one column of a graph's matrix is.
    """

    packed: NDArray[np.uint8]
    scales: NDArray[np.float16]

    @property
    def values(self) -> NDArray[np.float32]:
        """The matrix itself, shape (rows, 32 × blocks)."""
        halves = np.concatenate([self.packed & 15, self.packed >> 4], -1).astype(np.float32) - 8
        scaled = halves * self.scales[..., None].astype(np.float32)
        return scaled.reshape(len(self.packed), -1)

    @classmethod
    def of(cls, values: NDArray[np.float32]) -> "Blocks | None":
        """The blocks of a matrix that was made of such blocks; None where it was not.

        The number farthest from 0 in a block is -8 of its scale, as ggml's Q4_0 has it.
        """
        if values.shape[1] % BLOCK:
            return None
        each = values.reshape(len(values), -1, BLOCK)
        farthest = np.take_along_axis(each, np.abs(each).argmax(-1)[..., None], -1)[..., 0]
        scales = (farthest / -8).astype(np.float16)
        wide = scales[..., None].astype(np.float32)
        halves = np.rint(np.divide(each, wide, out=np.zeros_like(each), where=wide != 0)) + 8
        halves = halves.clip(0, 15).astype(np.uint8)
        blocks = cls(halves[..., : BLOCK // 2] | halves[..., BLOCK // 2 :] << 4, scales)
        return blocks if np.array_equal(blocks.values, values) else None


def to_onnx(
    net: torch.nn.Module, example: Mapping[str, torch.Tensor], output: str, axes: Any, target: Path
) -> None:
    """Nothing; writes the float32 graph."""
    torch.onnx.export(
        net.eval(),
        tuple(example.values()),
        str(target),
        input_names=list(example),
        output_names=[output],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def shrink(source: Path, target: Path) -> None:
    """Nothing; writes the graph with its matrices in 8 bits, or in 4 where that loses nothing.

    A matrix whose columns are no blocks, and an embedding table, has one scale for each column or row.
    """
    model = onnx.load(source)
    graph = model.graph
    matrices = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    added: list[Any] = []
    for weight in list(graph.initializer):
        if weight.data_type != TensorProto.FLOAT or len(weight.dims) != 2 or min(weight.dims) < 2:
            continue
        values, turned = numpy_helper.to_array(weight), weight.name in matrices
        rows = np.ascontiguousarray(values.T if turned else values)
        blocks = Blocks.of(rows)
        graph.initializer.remove(weight)
        if blocks is not None and not turned:
            _gathered_in_four(graph, weight.name, blocks)
        elif turned and rows.shape[1] % BLOCK == 0:
            _multiplied(graph, weight.name, *(_four(blocks) if blocks else _eight(rows)))
        else:
            added += _in_eight(graph, weight.name, values, 0 if turned else 1)
    for node in reversed(added):
        graph.node.insert(0, node)
    if any(node.domain == "com.microsoft" for node in graph.node):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.checker.check_model(model)
    onnx.save(model, target)


def shipped(path: Path) -> dict[str, torch.Tensor]:
    """The weights of a network that `shrink` wrote, by the names that torch gives them: to train on from.

    A matrix lost its name in the graph; the vector that is added to what it gives still has one.
    """
    graph = onnx.load(path).graph
    stored = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
    small = [name.removesuffix("_int8") for name in stored if name.endswith("_int8")]
    whole = {name: stored[f"{name}_int8"] * stored[f"{name}_scale"] for name in small}
    made = {node.output[0]: node.input[1] for node in graph.node if node.op_type == "MatMul"}
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            name = made[node.output[0]] = node.input[1].removesuffix("_packed")
            whole[name] = _values(stored[node.input[1]], stored[node.input[2]]).T
    found = {name: value for name, value in (stored | whole).items() if not name.startswith("onnx::")}
    for node in graph.node:
        names = sorted(node.input, key=lambda name: name in made)
        if node.op_type == "Add" and names[-1] in made and names[0].endswith(".bias"):
            matrix = made[names[-1]]
            found[names[0].replace(".bias", ".weight")] = (whole | stored)[matrix].T
    parts = ("_int8", "_scale", "_packed")
    return {
        name: torch.tensor(np.ascontiguousarray(value))
        for name, value in found.items()
        if not name.endswith(parts)
    }


def _in_eight(graph: Any, name: str, values: NDArray[np.float32], along: int) -> list[Any]:
    scale = (np.abs(values).max(along, keepdims=True) / 127).astype(np.float32)
    scale[scale == 0] = 1
    small = np.round(values / scale).astype(np.int8)
    graph.initializer.append(numpy_helper.from_array(small, f"{name}_int8"))
    graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
    return [
        helper.make_node("Cast", [f"{name}_int8"], [f"{name}_cast"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]),
    ]


def _four(blocks: Blocks) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A matrix in 4 bits as MatMulNBits wants it: neighbours share a byte, and 8 stands for 0."""
    halves = np.concatenate([blocks.packed & 15, blocks.packed >> 4], -1)
    return halves[..., ::2] | halves[..., 1::2] << 4, blocks.scales.astype(np.float32)


def _eight(rows: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A matrix in 8 bits as MatMulNBits wants it: 128 stands for 0."""
    each = rows.reshape(len(rows), -1, BLOCK)
    scales = (np.abs(each).max(-1) / 127).astype(np.float32)
    scales[scales == 0] = 1
    return (np.round(each / scales[..., None]) + 128).astype(np.uint8), scales


def _values(packed: NDArray[np.uint8], scales: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows of a matrix that `_four` or `_eight` made."""
    if packed.shape[-1] == BLOCK:
        each = packed.astype(np.float32) - 128
    else:
        each = (
            np.stack([packed & 15, packed >> 4], -1).reshape(*packed.shape[:2], BLOCK).astype(np.float32) - 8
        )
    return (each * scales[..., None]).reshape(len(packed), -1)


def _multiplied(graph: Any, name: str, packed: NDArray[np.uint8], scales: NDArray[np.float32]) -> None:
    """Puts MatMulNBits in the place of every MatMul by a matrix."""
    for part, value in (("packed", packed), ("scale", scales)):
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), f"{name}_{part}"))
    for at, node in enumerate(graph.node):
        if node.op_type == "MatMul" and node.input[1] == name:
            new = helper.make_node(
                "MatMulNBits",
                [node.input[0], f"{name}_packed", f"{name}_scale"],
                node.output,
                domain="com.microsoft",
                N=len(packed),
                K=packed.shape[1] * BLOCK,
                bits=8 * packed.shape[2] // BLOCK,
                block_size=BLOCK,
                accuracy_level=IN_INTEGERS,
            )
            graph.node.remove(node)
            graph.node.insert(at, new)


def _gathered_in_four(graph: Any, name: str, blocks: Blocks) -> None:
    """Puts ONNX Runtime's own gather over 4-bit rows in the place of the table's gather.

    Brought back to float32 as a whole, a table of 60,000 rows took 700 MB to open.
    """
    halves = np.concatenate([blocks.packed & 15, blocks.packed >> 4], -1).reshape(len(blocks.packed), -1)
    signed = (halves.astype(np.int8) - 8) & 15
    pairs = (signed[:, ::2] | signed[:, 1::2] << 4).astype(np.uint8)
    table = helper.make_tensor(f"{name}_int4", TensorProto.INT4, signed.shape, pairs.tobytes(), raw=True)
    graph.initializer.append(table)
    graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(blocks.scales), f"{name}_scale"))
    at, old = next((at, n) for at, n in enumerate(graph.node) if n.op_type == "Gather" and n.input[0] == name)
    graph.node.remove(old)
    half = f"{name}_rows16"
    gather = helper.make_node(
        "GatherBlockQuantized",
        [f"{name}_int4", old.input[1], f"{name}_scale"],
        [half],
        domain="com.microsoft",
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    graph.node.insert(at, gather)
    graph.node.insert(at + 1, helper.make_node("Cast", [half], [old.output[0]], to=TensorProto.FLOAT))
