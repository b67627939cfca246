"""Importing Beam and spaCy without the parts that a run never uses: some 4 s less of every start.

``import apache_beam`` tries every client that is installed (BigQuery, Pub/Sub, Dataflow, MongoDB, pandas) and
goes on without those that are not; ``import spacy`` brings its command line, with a downloader and a project
manager. Here they look as if they were not there, for as long as the import takes.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

UNUSED = (
    "pandas", "pymongo", "google.cloud.bigquery", "google.cloud.bigquery_storage_v1", "google.cloud.bigtable",
    "google.cloud.dataflow", "google.cloud.dataflow_v1beta3", "google.cloud.dlp", "google.cloud.pubsub",
    "google.cloud.pubsub_v1", "google.cloud.spanner",
)  # fmt: skip

CLOUD = ("google.cloud.storage", "apitools", "apache_beam.io.gcp.bigquery")


def import_beam(cloud: bool) -> None:
    """Import Beam for a local runner; without effect where it is imported already.

    ``cloud``: something is read from or written to Cloud Storage, so its client is needed.
    """
    if "apache_beam" in sys.modules:
        return
    with _hidden(*UNUSED, *(() if cloud else CLOUD)):
        import apache_beam  # noqa: F401
        from apache_beam.runners.portability.fn_api_runner import fn_runner  # noqa: F401


def import_spacy() -> None:
    """Import spaCy without its command line (0.8 of 2 s); without effect where it is imported already."""
    if "spacy" in sys.modules:
        return
    stubs = {name: ModuleType(name) for name in ("spacy.cli", "spacy.cli.info")}
    vars(stubs["spacy.cli.info"])["info"] = None  # the one name that spacy takes from there
    sys.modules.update(stubs)
    try:
        import spacy  # noqa: F401
    finally:
        for name in stubs:
            del sys.modules[name]


def import_french() -> None:
    """Import spaCy's French without its list of words with hyphens; without effect where it is imported already.

    Half a megabyte of regular expression, which takes 2.4 s to compile, so that no tokenizer parts such words. The
    recogniser finds the same names without it.
    """
    name = "spacy.lang.fr.tokenizer_exceptions"
    if "spacy.lang.fr" in sys.modules:
        return
    from spacy.lang.tokenizer_exceptions import BASE_EXCEPTIONS

    stub = ModuleType(name)
    vars(stub).update(TOKENIZER_EXCEPTIONS=BASE_EXCEPTIONS, TOKEN_MATCH=None)
    sys.modules[name] = stub
    try:
        import spacy.lang.fr  # noqa: F401
    finally:
        del sys.modules[name]


def do_without(*names: str) -> None:
    """Let these modules look as if they were not installed, in this whole process from now on.

    For pandas: pyarrow imports it (1 s) to ask whether a list is one of its Series.
    """
    sys.meta_path.insert(0, _Hide(names))


@contextlib.contextmanager
def _hidden(*names: str) -> Iterator[None]:
    hide = _Hide(names)
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # Beam says what it does without
    sys.meta_path.insert(0, hide)
    try:
        yield
    finally:
        sys.meta_path.remove(hide)
        logging.disable(before)


class _Hide(MetaPathFinder):
    """Finds the modules named, and says that they are not there."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = frozenset(names)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname in self._names:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
