"""What the chapters show: the tables of a paper, its findings, the ledger."""

from netcore.tables.chapter import Chapter, open_chapter
from netcore.tables.hazard_ratios import hazard_ratio_table
from netcore.tables.home_page import papers_at_a_glance, totals, verdict_key, what_follows
from netcore.tables.ledger_page import open_ledger, show_ledger
from netcore.tables.markup import Html
from netcore.tables.trial import no_events_table, power_figure, trial_table

__all__ = [
    "Chapter",
    "Html",
    "hazard_ratio_table",
    "no_events_table",
    "open_chapter",
    "open_ledger",
    "papers_at_a_glance",
    "power_figure",
    "show_ledger",
    "totals",
    "trial_table",
    "verdict_key",
    "what_follows",
]
