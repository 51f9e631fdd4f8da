"""What the server counts for whoever runs it, as Prometheus reads it. No question is in it, and no name."""

import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.records import Answer
    from rag.web.line import Line

PLAIN = "text/plain; version=0.0.4; charset=utf-8"
# Seconds: a step takes milliseconds, a question in a long line half a minute.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counts of one server. Thread-safe."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

        disable_created_metrics()  # type: ignore[no-untyped-call]  # when each count began is of use to nobody
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "onrecord_questions",
            "Questions, by where they came from and what came of them",
            ("surface", "status"),
            registry=self._registry,
        )
        self._refused = Counter(
            "onrecord_refused", "Requests that were refused", ("reason",), registry=self._registry
        )
        self._answer = Histogram(
            "onrecord_answer_seconds",
            "Seconds from a question to its answer, waiting included",
            ("surface",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._step = Histogram(
            "onrecord_step_seconds",
            "Seconds that a step of an answer took",
            ("step",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._gauges = {
            name: Gauge(f"onrecord_{name}", what, registry=self._registry)
            for name, what in {
                "ready": "1 once questions are answered at once",
                "waiting": "Questions in line",
                "index_age_seconds": "Seconds since the index in force was made",
                "index_articles": "Articles in the index",
                "index_passages": "Passages in the index",
                "threads": "Threads of the server",
            }.items()
        }

    def step(self, name: str, seconds: float) -> None:
        """Nothing; a step of an answer is counted. This is what a bot is observed with."""
        self._step.labels(name).observe(seconds)

    def answered(self, surface: str, answer: "Answer", seconds: float) -> None:
        """Nothing; an answer is counted."""
        self._questions.labels(surface, answer.status).inc()
        self._answer.labels(surface).observe(seconds)

    def refused(self, reason: str) -> None:
        """Nothing; a refusal is counted: "rate", "full", "token", "input"."""
        self._refused.labels(reason).inc()

    def text(self, interviews: Any, line: "Line") -> bytes:
        """All counts, and how things stand at this moment."""
        from prometheus_client import generate_latest

        now = interviews.now
        made = interviews.made
        values = {
            "ready": float(now.ready),
            "waiting": float(line.waiting),
            "index_age_seconds": max(0.0, time.time() - made) if made else 0.0,
            "index_articles": float(len(now.index.articles)),
            "index_passages": float(len(now.index.passages)),
            "threads": float(threading.active_count()),
        }
        for name, value in values.items():
            self._gauges[name].set(value)
        return bytes(generate_latest(self._registry))
