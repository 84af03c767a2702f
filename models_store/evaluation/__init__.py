"""How good a model file is, measured on labelled documents through the pipeline that live documents go through.

measure.py      labelled documents + model -> outcomes, value by value
records.py      outcomes as they lie on disk
summary.py      outcomes -> figures with intervals and n (intervals.py, calibration.py)
paired.py       two models on the same documents; what a smaller file keeps
factory_set.py  the fixed documents that show what a model has forgotten
__main__.py     a process of its own: labels and a GGUF file in, outcomes out
"""

from __future__ import annotations

from models_store.evaluation.paired import Comparison, NotComparable, compare, retention
from models_store.evaluation.records import DocumentOutcome, Evaluation, ValueOutcome
from models_store.evaluation.summary import summarise

__all__ = [
    "Comparison",
    "DocumentOutcome",
    "Evaluation",
    "NotComparable",
    "ValueOutcome",
    "compare",
    "retention",
    "summarise",
]
