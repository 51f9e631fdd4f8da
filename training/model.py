"""The networks: what reads on from the encoder's lowest layers, to rank sentences or to embed a text.

The lowest layers (the trunk) stay as they are and read the question and the window each by itself, so
that a window's states can be kept; the reader's own layers read both together. A sentence's score is a
line through the mean of its states, the question's first state gives the score of "nothing here
answers"; softmax over all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

from rag.reader.net import PASSAGE, QUESTION, Arranged, arrange
from rag.trunk import SHARED

# Layers of the base that the reader has in all. Six read both texts together, as long as MiniLM's six do.
LAYERS = 10
# Texts that the trunk reads at once.
TOGETHER = 32


@dataclass(frozen=True, slots=True)
class Example:
    """One reading and the positions of the sentences that answer (none: nothing here does).

    Readings of one question that stand together in a batch have the same `asked`.
    """

    arranged: Arranged
    right: tuple[int, ...]
    asked: int = 0


class Pieces:
    """Texts to examples, with the tokenizer of the base model."""

    def __init__(self, base: str) -> None:
        self.tokenizer: Any = AutoTokenizer.from_pretrained(base)
        self._seen: dict[str, list[int]] = {}

    def of(self, text: str) -> list[int]:
        """The text's pieces, without special ones."""
        if text not in self._seen:
            self._seen[text] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return self._seen[text]

    def whole(self, text: str) -> tuple[int, ...]:
        """The pieces of a text that is embedded."""
        return (self.tokenizer.cls_token_id, *self.of(text)[:254], self.tokenizer.sep_token_id)

    def example(
        self,
        question: str,
        context: str,
        sentences: Sequence[str],
        right: Sequence[int] = (),
        asked: int = 0,
    ) -> Example:
        """One reading; `right` are positions among `sentences`."""
        arranged = arrange(
            self.of(QUESTION + question),
            self.of(PASSAGE + context),
            [self.of(sentence) for sentence in sentences],
            self.tokenizer.cls_token_id,
            self.tokenizer.sep_token_id,
        )
        return Example(arranged, tuple(right), asked)


def device(name: str = "auto") -> torch.device:
    """The device of that name; of "auto" the GPU where there is one."""
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name)


def _layers(
    base: str, first: int, end: int, attention: str, dropout: float = 0.0
) -> tuple[Any, torch.nn.ModuleList, int]:
    """The base's embeddings, some of its layers, and its size."""
    model = AutoModel.from_pretrained(
        base,
        add_pooling_layer=False,
        attn_implementation=attention,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
    )
    size: int = model.config.hidden_size
    return model.embeddings, torch.nn.ModuleList(model.encoder.layer[first:end]), size


def _through(layers: torch.nn.ModuleList, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """States (n, longest, size) after the layers; `mask` is 1 where there is a piece."""
    away = (1.0 - mask)[:, None, None, :] * -1e9
    for layer in layers:
        states = layer(states, away)
    return states


class TrunkNet(torch.nn.Module):  # type: ignore[misc]  # torch is not followed
    """The base's embeddings and lowest layers: pieces (n, longest) to states (n, longest, size)."""

    def __init__(self, base: str, attention: str = "sdpa") -> None:
        super().__init__()
        self.embeddings, self.layers, self.size = _layers(base, 0, SHARED, attention)

    def forward(self, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The states of one batch."""
        return _through(self.layers, self.embeddings(input_ids=pieces), mask)


class Trunk:
    """The lowest layers' states of texts, kept in memory: they do not change while training."""

    MOST_KEPT = 60_000

    def __init__(self, base: str, on: torch.device | None = None) -> None:
        self.device = on or device()
        self._net = TrunkNet(base).eval().to(self.device)
        self.size: int = self._net.size
        self._kept: dict[tuple[int, ...], torch.Tensor] = {}

    def __call__(self, texts: Sequence[tuple[int, ...]]) -> list[torch.Tensor]:
        """For each text (its pieces) the states, shape (pieces, size)."""
        if len(self._kept) > self.MOST_KEPT:
            self._kept.clear()
        new = sorted({text for text in texts if text not in self._kept}, key=len)
        for at in range(0, len(new), TOGETHER):
            part = new[at : at + TOGETHER]
            pieces = torch.zeros(len(part), len(part[-1]), dtype=torch.long)
            mask = torch.zeros(pieces.shape)
            for row, text in enumerate(part):
                pieces[row, : len(text)] = torch.tensor(text)
                mask[row, : len(text)] = 1
            with torch.no_grad(), torch.autocast(self.device.type, enabled=False):
                found = self._net(pieces.to(self.device), mask.to(self.device)).half()
            for row, text in enumerate(part):
                self._kept[text] = found[row, : len(text)].clone()
        return [self._kept[text].float() for text in texts]


def batch(examples: Sequence[Example], trunk: Trunk) -> dict[str, torch.Tensor]:
    """Tensors: states (n, longest, size), of (n, longest), mask, means (n, sentences, longest), right.

    `of` is 0 where a state is the question's and 1 where it is the window's; `means` holds 1 / length
    where a state is the sentence's; `right` (n, 1 + sentences) has "nothing here" in column 0; `asked`
    (n) numbers the questions.
    """
    arranged = [example.arranged for example in examples]
    states = trunk([text for each in arranged for text in (each.question, each.window)])
    rows = [torch.cat(states[at : at + 2]) for at in range(0, len(states), 2)]
    longest = max(len(row) for row in rows)
    most = max(each.sentences for each in arranged)
    owners = np.full((len(rows), longest), -1)
    of = np.zeros((len(rows), longest), np.int64)
    right = np.zeros((len(rows), most + 1), np.float32)
    for n, (each, example) in enumerate(zip(arranged, examples, strict=True)):
        start = len(each.question)
        owners[n, :start] = 0
        owners[n, start : each.size] = each.owners
        of[n, start:] = 1
        right[n, [at + 1 for at in example.right] or [0]] = 1
    own = (owners[:, None, :] == np.arange(1, most + 1)[None, :, None]).astype(np.float32)
    found = {
        "of": of,
        "mask": (owners >= 0).astype(np.float32),
        "means": own / np.maximum(own.sum(-1, keepdims=True), 1),
        "right": right,
        "asked": np.array([example.asked for example in examples]),
    }
    tensors = {name: torch.from_numpy(value).to(trunk.device) for name, value in found.items()}
    return {"states": torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), **tensors}


class ReaderNet(torch.nn.Module):  # type: ignore[misc]
    """Scores, shape (n, 1 + sentences): nobody's first; -1e4 where there is no such sentence."""

    def __init__(self, base: str, attention: str = "sdpa", dropout: float = 0.0) -> None:
        super().__init__()
        _, self.layers, size = _layers(base, SHARED, LAYERS, attention, dropout)
        self.of = torch.nn.Embedding(2, size)
        torch.nn.init.zeros_(self.of.weight)
        self.nothing = torch.nn.Linear(size, 1)
        self.sentence = torch.nn.Linear(size, 1)

    def forward(
        self, states: torch.Tensor, of: torch.Tensor, mask: torch.Tensor, means: torch.Tensor
    ) -> torch.Tensor:
        """The scores of one batch."""
        hidden = _through(self.layers, states + self.of(of), mask)
        nothing = self.nothing(hidden[:, 0])
        each = self.sentence(torch.bmm(means, hidden)).squeeze(-1)
        each = each.masked_fill(means.sum(-1) == 0, -1e4)
        return torch.cat([nothing, each], 1)


class EncoderNet(torch.nn.Module):  # type: ignore[misc]
    """Unit vectors of texts, shape (n, size): the mean of the last layer's states."""

    def __init__(self, base: str, attention: str = "sdpa", dropout: float = 0.0) -> None:
        super().__init__()
        _, self.layers, _ = _layers(base, SHARED, 99, attention, dropout)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The vectors of one batch."""
        hidden = _through(self.layers, states, mask)
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return torch.nn.functional.normalize(pooled, dim=-1)


def padded(states: Sequence[torch.Tensor]) -> dict[str, torch.Tensor]:
    """States of texts in one tensor (n, longest, size), and the mask of what is a piece."""
    found = torch.nn.utils.rnn.pad_sequence(list(states), batch_first=True)
    sizes = torch.tensor([len(row) for row in states])
    mask = (torch.arange(found.shape[1])[None] < sizes[:, None]).float()
    return {"states": found, "mask": mask.to(found.device)}


def loss(scores: torch.Tensor, right: torch.Tensor, asked: torch.Tensor) -> torch.Tensor:
    """Mean of -log P(a right sentence), by window and by question.

    By window P is a softmax over its sentences and "nothing here"; by question over the margins of the
    sentences of all its windows over "nothing here", and 0 for "nobody": what the product ranks by.
    """
    logs = torch.log_softmax(scores, 1).masked_fill(right == 0, -1e9)
    by_window = -torch.logsumexp(logs, 1).mean()
    margins = scores[:, 1:] - scores[:, :1]
    everything = torch.logsumexp(margins, 1)
    answering = torch.logsumexp(margins.masked_fill(right[:, 1:] == 0, -1e9), 1)
    own = asked.unique()[:, None] == asked[None]
    everything = torch.logsumexp(torch.where(own, everything[None], -1e9), 1)
    answering = torch.logsumexp(torch.where(own, answering[None], -1e9), 1)
    nobody = torch.zeros_like(everything)
    target = torch.where(answering > -1e8, answering, nobody)
    return by_window + (torch.logaddexp(everything, nobody) - target).mean()
