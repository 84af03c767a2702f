"""Whether a measured model may be put before people to promote: a policy, evidence, a verdict with reasons in words.

policy.py     what is asked of a candidate: data, with defaults and bounds
judge.py      lists the rules and gives the verdict; of several candidates the one to recommend
rules.py      the rules that look at the candidate alone, and at what it was compared with
memory.py     the rules against forgetting and against learning the test by heart
near.py       test documents that nearly stand among the training documents
"""

from __future__ import annotations

from models_store.gate.evidence import Evidence, Reason, Verdict
from models_store.gate.judge import judge, recommend
from models_store.gate.near import Twin, near_duplicates
from models_store.gate.policy import Policy

__all__ = ["Evidence", "Policy", "Reason", "Twin", "Verdict", "judge", "near_duplicates", "recommend"]
