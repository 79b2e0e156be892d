"""Synthesis: shares of several papers side by side, and pooled where they measure the same."""

from netcore.synthesis.groups import Pool, SynthesisGroup, pool_across, synthesise
from netcore.synthesis.shares import Share, share_of
from netcore.synthesis.table_file import (
    OUTCOMES,
    SYNTHESIS_FILE,
    TREATMENTS,
    SynthesisError,
    SynthesisRow,
    read_synthesis,
)

__all__ = [
    "OUTCOMES",
    "SYNTHESIS_FILE",
    "TREATMENTS",
    "Pool",
    "Share",
    "SynthesisError",
    "SynthesisGroup",
    "SynthesisRow",
    "pool_across",
    "read_synthesis",
    "share_of",
    "synthesise",
]
