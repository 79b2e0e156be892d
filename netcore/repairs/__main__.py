"""Search the repairs of every conflict in the book again: ``python -m netcore.repairs``."""

from netcore.checks import Conventions, run_checks
from netcore.paths import data_folder
from netcore.repairs.store import write_repairs
from netcore.study.library import load_library


def main() -> None:
    """Write the stored repairs of every document that has a conflict."""
    library = load_library(data_folder())
    conventions = Conventions()
    for study in library.studies:
        findings = run_checks(study, conventions, library.studies)
        path = write_repairs(study, findings, conventions)
        if path is not None:
            print(path.relative_to(path.parents[2]))


if __name__ == "__main__":
    main()
