"""The environment in which the kernels of the book run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["kernel_environment", "private_kernels"]


def kernel_environment(folder: Path) -> dict[str, str]:
    """Return the variables that keep a kernel to itself.

    Nothing of the user's own set-up (start-up files, kernels of the same name,
    plot styles) gets into the book, nothing is written to the home folder, and
    sums do not depend on the number of cores.

    Parameters
    ----------
    folder : Path
        Where the kernel keeps its own files.

    Returns
    -------
    dict of str to str
        Names and values for the environment.

    Examples
    --------
    >>> kernel_environment(Path("build/kernel"))["OMP_NUM_THREADS"]
    '1'
    """
    folder = folder.absolute()
    return {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        # The kernel of the environment that runs this, not one of the user's.
        "JUPYTER_PREFER_ENV_PATH": "1",
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


@contextmanager
def private_kernels(folder: Path) -> Iterator[None]:
    """Start kernels in their own environment for as long as the block runs.

    Parameters
    ----------
    folder : Path
        Where the kernels keep their own files; made if missing.

    Yields
    ------
    None
        The environment of this process has the variables of
        :func:`kernel_environment`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    variables = kernel_environment(folder)
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
