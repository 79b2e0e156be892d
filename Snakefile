"""The book: evidence that is current, then ledger and chapters, side by side, then the site.

A job runs again only if what it reads has changed.  Started by
`workflow/build.py`, which prints where everything is.
"""

import sys
from pathlib import Path

ROOT = Path(workflow.basedir)
sys.path.insert(0, str(ROOT))

from netcore.publishing.staging import find_notebooks, find_site_sources

PYTHON = sys.executable
CHAPTERS = {Path(page).name: f"{page}.ipynb" for page in find_notebooks(Path())}
EVIDENCE = "build/evidence.txt"
LEDGER = ["build/ledger/ledger.json", "build/ledger/claims.csv", "build/ledger/findings.csv"]
DOCUMENTS = "build/ledger/documents"


def files_of(*folders):
    """Every file below some folders, sorted, without what Python caches."""
    return sorted(
        str(path)
        for folder in folders
        for path in Path(folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    )


SCIENCE = [path for path in files_of("netcore") if not path.startswith("netcore/publishing/")]
EXECUTION = [
    f"netcore/publishing/{name}.py" for name in ("execution", "kernels", "postprocessing")
]
# What the end of a chapter says of the book.
ABOUT = ("CITATION.cff", "_config.yml")
DATA_FOLDERS = ("data", "evidence", "verdicts")
# Documents quote and count one another, so every chapter may read all of them.
DATA = files_of(*DATA_FOLDERS)


rule all:
    input:
        "_build/html/sources.json",


rule evidence:
    input:
        DATA,
    output:
        EVIDENCE,
    log:
        "build/logs/evidence.log",
    shell:
        "{PYTHON} -m netcore.publishing evidence {output} 2> {log}"


rule ledger:
    input:
        EVIDENCE,
        SCIENCE,
        DATA,
        "requirements.lock",
    output:
        LEDGER,
        directory(DOCUMENTS),
    log:
        "build/logs/ledger.log",
    shell:
        "{PYTHON} -m netcore.publishing ledger build/ledger 2> {log}"


rule chapter:
    input:
        lambda wildcards: CHAPTERS[wildcards.chapter],
        EVIDENCE,
        SCIENCE,
        EXECUTION,
        DATA,
        ABOUT,
        "requirements.lock",
    output:
        "build/chapters/{chapter}.ipynb",
    log:
        "build/logs/{chapter}.log",
    shell:
        "{PYTHON} -m netcore.publishing chapter {input[0]} {output} 2> {log}"


rule stage:
    input:
        LEDGER,
        DOCUMENTS,
        expand("build/chapters/{chapter}.ipynb", chapter=CHAPTERS),
        list(CHAPTERS.values()),
        [str(path) for path in find_site_sources(Path())],
        "netcore/publishing/staging.py",
    output:
        "build/sources.json",
    log:
        "build/logs/stage.log",
    shell:
        "{PYTHON} -m netcore.publishing stage {output} 2> {log}"


rule site:
    input:
        "build/sources.json",
        # The reference pages are made from the docstrings.
        files_of("netcore"),
        "requirements.lock",
    output:
        "_build/html/sources.json",
    log:
        "build/logs/site.log",
    shell:
        "{PYTHON} -m netcore.publishing site {input[0]} _build/html {log}"
