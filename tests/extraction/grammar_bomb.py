"""Compiles lists inside each other, as many as asked for, under the bounds of the product but without its caps."""

from __future__ import annotations

import sys

from extraction.grammar_child import BOUNDS
from extraction.throwaway import confine

if __name__ == "__main__":
    confine(BOUNDS)
    from llguidance import LLTokenizer

    from extraction.grammar import widest_grammar
    from extraction.language_model_stepper import GrammarStepper, GrammarVocabulary
    from extraction.schema import FieldSpec
    from tests.extraction.test_grammar_check import nested

    document_type = nested(int(sys.stdin.read()), (FieldSpec(name="a"),))
    GrammarStepper(GrammarVocabulary(LLTokenizer("byte")), widest_grammar(document_type)).legal()
    sys.stdout.write("compiled")
