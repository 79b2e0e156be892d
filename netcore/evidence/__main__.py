"""Work out all evidence of the book again: ``python -m netcore.evidence``."""

from dataclasses import replace

from netcore.checks import Conventions, run_checks
from netcore.checks.survival.curve_questions import figure_questions
from netcore.evidence.answers import StoredAnswers
from netcore.evidence.folders import evidence_folder
from netcore.evidence.repairs import write_repairs
from netcore.evidence.store import write_evidence
from netcore.paths import data_folder
from netcore.printed import ROUNDINGS
from netcore.study import Study
from netcore.study.library import load_library


def _draw(study: Study, conventions: Conventions, answers: StoredAnswers) -> None:
    """Ask what the figures of a chapter ask."""
    for asked in figure_questions(study, conventions):
        answers(asked.method, asked.question)


def main() -> None:
    """Write certificates, witnesses and repairs of every document."""
    library = load_library(data_folder())
    conventions = Conventions()
    changed = 0
    for study in library.studies:
        answers = StoredAnswers(evidence_folder(study))
        # Readers who choose another rounding should not wait for long searches either.
        for rounding in ROUNDINGS.keys() - {conventions.rounding}:
            other = replace(conventions, rounding=rounding)
            run_checks(study, other, library.studies, certified=False, answers=answers)
            _draw(study, other, answers)
        findings = run_checks(study, conventions, library.studies, answers=answers)
        _draw(study, conventions, answers)
        written = [*answers.write(), *write_evidence(study, findings, library.studies)]
        repairs = write_repairs(study, findings, conventions)
        for path in written if repairs is None else [*written, repairs]:
            print(path.relative_to(library.papers[0].folder.resolve().parent.parent))
            changed += 1
    print(f"{changed} files changed." if changed else "All evidence was current.")


if __name__ == "__main__":
    main()
