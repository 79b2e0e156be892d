"""Work out all evidence of the book again: ``python -m netcore.evidence``."""

from collections import defaultdict

from netcore.checks import Conventions, run_checks
from netcore.evidence.answers import StoredAnswers
from netcore.evidence.folders import evidence_folder
from netcore.evidence.repairs import write_repairs
from netcore.evidence.robustness import OTHER_CONVENTIONS, OtherConvention, write_robustness
from netcore.evidence.store import write_evidence
from netcore.ledger.parallel_outcomes import outcomes_side_by_side
from netcore.ledger.robustness import Outcome, robustness_of
from netcore.paths import data_folder
from netcore.study.library import load_library


def main() -> None:
    """Write answers, certificates, witnesses, robustness and repairs of every document."""
    data = data_folder()
    library = load_library(data).studies
    usual = Conventions()
    answers = {study.paper.key: StoredAnswers(evidence_folder(study)) for study in library}
    outcomes: dict[str, dict[str, Outcome]] = defaultdict(dict)
    asked_under = {usual.rounding: OtherConvention(usual), **OTHER_CONVENTIONS}
    for key, name, outcome, asked in outcomes_side_by_side(data, asked_under):
        answers[key].take(asked)
        outcomes[key][name] = outcome
    changed = 0
    for study in library:
        key = study.paper.key
        findings = run_checks(study, usual, library, answers=answers[key])
        robustness = robustness_of(outcomes[key].pop(usual.rounding), outcomes[key])
        written = (
            *answers[key].write(),
            *write_evidence(study, findings, library),
            write_robustness(study, robustness),
            write_repairs(study, findings, usual),
        )
        for path in written:
            if path is not None:
                print(path.relative_to(data.resolve().parent))
                changed += 1
    print(f"{changed} files changed." if changed else "All evidence was current.")


if __name__ == "__main__":
    main()
