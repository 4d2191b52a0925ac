"""gongbao inside spaCy: a component, a tokenizer and DocBin files.

    nlp = blank()                     # or: nlp = spacy.blank("zh"); nlp.add_pipe("gongbao")
    doc = nlp(text)
    doc._.bulletin                    # the corpus.records.Bulletin
    for span in doc.spans["quantities"]:
        span._.fact                   # the corpus.records.Quantity, with its own offsets into doc.text

`doc.spans` has one group for each kind of fact: quantities, times, policies, organizations, places; a span's `id_` is its fact's
id, its `label_` the kind. With `create_tokenizer` a token is a word of `pipeline.segment` and hardly ever goes beyond a fact; where
one does, the span is widened to whole tokens, while `span._.fact` keeps the exact evidence. The tokens of a plain
`spacy.blank("zh")` are characters, so that no span is widened there.

spaCy is loaded by importing this module, so import it only where it is wanted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from corpus.flat import KINDS
from corpus.records import LAYERS, Bulletin, Fact, Sentence
from pipeline.segment import segment

_BULLETIN = "gongbao"
"""Key of the bulletin's JSON in `doc.user_data`: text, so that a Doc still goes to bytes and to worker processes."""


@Language.factory("gongbao", default_config={"published": None}, assigns=["doc._.bulletin", "doc.spans"])
def create(nlp: Language, name: str, published: str | None) -> Callable[[Doc], Doc]:
    """The component. `published`: ISO date that 去年 and 3月8日 are read by; `doc.user_data["published"]` of a Doc goes before it."""

    def gongbao(doc: Doc) -> Doc:
        from pipeline.run import extract_text

        day = doc.user_data.get("published", published)
        return annotate(doc, extract_text(doc.text, published=dt.date.fromisoformat(day) if day else None))

    return gongbao


def annotate(doc: Doc, bulletin: Bulletin) -> Doc:
    """Put a bulletin's facts on the Doc of its text, and its sentences where none are set yet."""
    doc.user_data[_BULLETIN] = bulletin.model_dump_json()
    for layer in LAYERS:
        doc.spans[layer] = [_span(doc, fact, KINDS[layer].upper()) for fact in getattr(bulletin, layer)]
    if not doc.has_annotation("SENT_START"):
        starts = {sentence.start for sentence in bulletin.sentences}
        for token in doc:
            token.is_sent_start = token.idx in starts
    return doc


def _span(doc: Doc, fact: Fact, label: str) -> Span:
    span = doc.char_span(fact.start, fact.end, label=label, span_id=fact.id, alignment_mode="expand")
    assert span is not None  # no fact is empty or outside its text
    return span


class WordTokenizer(DummyTokenizer):
    """Tokens are the words of `pipeline.segment`; blanks between sentences are tokens too, so that the text comes back exactly."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words = list(_tokens(text, segment(text)))
        return Doc(self.vocab, words=words, spaces=[False] * len(words))


def create_tokenizer() -> Callable[[Language], WordTokenizer]:
    """For a config's `[nlp.tokenizer] @tokenizers = "gongbao.words.v1"`, or `nlp.tokenizer = create_tokenizer()(nlp)`."""
    return lambda nlp: WordTokenizer(nlp.vocab)


registry.tokenizers.register("gongbao.words.v1", func=create_tokenizer)


def blank(published: dt.date | None = None) -> Language:
    """A Chinese pipeline with our tokenizer and our component."""
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "gongbao.words.v1"}}})
    nlp.add_pipe("gongbao", config={"published": published.isoformat() if published else None})
    return nlp


def to_docbin(bulletins: Iterable[Bulletin]) -> DocBin:
    """The bulletins as Docs with their facts, without extracting anything again; words are cut at facts, so that every span is exact."""
    vocab = Vocab()
    docs = DocBin(attrs=["ORTH", "SPACY", "SENT_START"], store_user_data=True)
    for bulletin in bulletins:
        edges = {edge for layer in LAYERS for fact in getattr(bulletin, layer) for edge in (fact.start, fact.end)}
        words = list(_split(_tokens(bulletin.text, bulletin.sentences), edges))
        docs.add(annotate(Doc(vocab, words=words, spaces=[False] * len(words)), bulletin))
    return docs


def from_docbin(docs: DocBin, vocab: Vocab | None = None) -> Iterator[Doc]:
    """The Docs of a DocBin of ours; `doc._.bulletin` is the record that was written."""
    yield from docs.get_docs(vocab or Vocab())


def _tokens(text: str, sentences: Iterable[Sentence]) -> Iterator[str]:
    at = 0
    for sentence in sentences:
        if sentence.start > at:
            yield text[at : sentence.start]
        yield from sentence.words
        at = sentence.end
    if at < len(text):
        yield text[at:]


def _split(words: Iterable[str], edges: Container[int]) -> Iterator[str]:
    """The words, cut where an edge lies inside."""
    at = 0
    for word in words:
        cuts = [i for i in range(1, len(word)) if at + i in edges]
        yield from (word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)], strict=True))
        at += len(word)


def _bulletin(doc: Doc) -> Bulletin | None:
    json = doc.user_data.get(_BULLETIN)
    return None if json is None else _parse(json)


def _fact(span: Span) -> Fact | None:
    """The fact of a span of ours, None for any other span."""
    json = span.doc.user_data.get(_BULLETIN)
    return None if json is None else _facts(json).get(span.id_)


@lru_cache(maxsize=128)
def _parse(json: str) -> Bulletin:
    return Bulletin.model_validate_json(json)


@lru_cache(maxsize=128)
def _facts(json: str) -> dict[str, Fact]:
    bulletin = _parse(json)
    return {fact.id: fact for layer in LAYERS for fact in getattr(bulletin, layer)}


if not Doc.has_extension("bulletin"):
    Doc.set_extension("bulletin", getter=_bulletin)
if not Span.has_extension("fact"):
    Span.set_extension("fact", getter=_fact)
