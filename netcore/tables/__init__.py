"""What the chapters show: the tables of a paper, its findings, the ledger."""

from netcore.tables.chapter import Chapter, open_chapter
from netcore.tables.hazard_ratios import hazard_ratio_table
from netcore.tables.ledger_page import (
    main_findings,
    open_ledger,
    papers_at_a_glance,
    show_ledger,
    verdict_key,
)
from netcore.tables.markup import Html
from netcore.tables.trial import no_events_table, power_figure, trial_table

__all__ = [
    "Chapter",
    "Html",
    "hazard_ratio_table",
    "main_findings",
    "no_events_table",
    "open_chapter",
    "open_ledger",
    "papers_at_a_glance",
    "power_figure",
    "show_ledger",
    "trial_table",
    "verdict_key",
]
