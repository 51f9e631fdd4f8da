"""The reader: a transformer, and one line each for a sentence's and for nobody's score.

It reads `question [SEP] context [SEP] sentences`. A sentence's score is a line through the mean of
its pieces, the first piece gives the score of "nothing here answers"; softmax over all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer

from rag.reader.net import Arranged, arrange


@dataclass(frozen=True, slots=True)
class Example:
    """One reading and the positions of the sentences that answer (none: nothing here does)."""

    arranged: Arranged
    right: tuple[int, ...]


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

    def example(
        self, question: str, context: str, sentences: Sequence[str], right: Sequence[int] = ()
    ) -> Example:
        """One reading; `right` are positions among `sentences`."""
        arranged = arrange(
            self.of(question),
            self.of(context),
            [self.of(sentence) for sentence in sentences],
            self.tokenizer.cls_token_id,
            self.tokenizer.sep_token_id,
        )
        return Example(arranged, tuple(right))


def batch(examples: Sequence[Example], pad: int) -> dict[str, torch.Tensor]:
    """Tensors: pieces and mask (n, longest), means (n, sentences, longest), right (n, 1 + sentences).

    Column 0 of `right` is "nothing here"; `means` holds 1 / length where a piece is the sentence's.
    """
    longest = max(len(example.arranged.pieces) for example in examples)
    most = max(example.arranged.sentences for example in examples)
    pieces = torch.full((len(examples), longest), pad)
    mask = torch.zeros(len(examples), longest, dtype=torch.long)
    means = torch.zeros(len(examples), most, longest)
    right = torch.zeros(len(examples), most + 1)
    for row, example in enumerate(examples):
        size = len(example.arranged.pieces)
        pieces[row, :size] = torch.tensor(example.arranged.pieces)
        mask[row, :size] = 1
        owners = torch.tensor(example.arranged.owners)
        for number in range(1, example.arranged.sentences + 1):
            own = (owners == number).float()
            means[row, number - 1, :size] = own / own.sum().clamp(min=1)
        for at in example.right:
            right[row, at + 1] = 1
        if not example.right:
            right[row, 0] = 1
    return {"input_ids": pieces, "attention_mask": mask, "means": means, "right": right}


class ReaderNet(torch.nn.Module):  # type: ignore[misc]  # torch is not followed
    """Scores, shape (n, 1 + sentences): nobody's first; -1e4 where there is no such sentence."""

    def __init__(self, base: str, layers: int | None = None, attention: str = "sdpa") -> None:
        super().__init__()
        self.transformer = AutoModel.from_pretrained(
            base, add_pooling_layer=False, attn_implementation=attention
        )
        if layers is not None:
            self.transformer.encoder.layer = self.transformer.encoder.layer[:layers]
            self.transformer.config.num_hidden_layers = layers
        size = self.transformer.config.hidden_size
        self.nothing = torch.nn.Linear(size, 1)
        self.sentence = torch.nn.Linear(size, 1)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, means: torch.Tensor
    ) -> torch.Tensor:
        """The scores of one batch."""
        hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        nothing = self.nothing(hidden[:, 0])
        each = self.sentence(torch.bmm(means, hidden)).squeeze(-1)
        each = each.masked_fill(means.sum(-1) == 0, -1e4)
        return torch.cat([nothing, each], 1)


def loss(scores: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Mean of -log P(one of the right ones), P a softmax over sentences and "nothing here"."""
    logs = torch.log_softmax(scores, 1).masked_fill(right == 0, -1e9)
    return -torch.logsumexp(logs, 1).mean()
