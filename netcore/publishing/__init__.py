"""From notebooks to the built book.

:mod:`~netcore.publishing.parameters` reads and checks what a chapter may be
told, :mod:`~netcore.publishing.execution` runs chapters through papermill,
:mod:`~netcore.publishing.postprocessing` takes out what differs from run to
run, :mod:`~netcore.publishing.staging` lays out the sources of the site,
:mod:`~netcore.publishing.site` builds it, and
:mod:`~netcore.publishing.sphinx_extension` is loaded by that build.

:mod:`~netcore.publishing.packaging` makes the site complete by itself: the files
of the record, the metadata of a research object, and what pages say to machines.

``python -m netcore.publishing`` holds the steps of the workflow.
"""
