"""An engine held against an index: whether it holds all of it."""

from typing import TYPE_CHECKING

from rag.index.engines import Where
from rag.index.engines.engine import Engine, half_filled

if TYPE_CHECKING:
    from rag.index import Index


def check_filled(index: "Index", engine: Engine, where: Where) -> None:
    """Nothing; a StoreFault where the engine was not filled for this build, or not wholly."""
    builds = engine.builds()
    if index.build not in builds:
        other = ", ".join(sorted(builds))[:80] or "no build"
        raise half_filled(where, f"holds {other}, and not this index, {index.build}")
    if builds[index.build] != len(index.passages):
        raise half_filled(
            where, f"holds {builds[index.build]:,} passages of this index, which has {len(index.passages):,}"
        )
    there = engine.held()
    if missing := sum(there.get(key) != count for key, _, count in index.keys):
        raise half_filled(where, f"lacks {missing:,} of the index's {len(index.keys):,} articles")
