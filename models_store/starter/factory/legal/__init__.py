"""Contracts, letters and official papers: values deep inside prose."""

from __future__ import annotations

from models_store.starter.factory.desk import Writer
from models_store.starter.factory.legal.contracts import write_contract
from models_store.starter.factory.legal.papers.court import write_court_paper
from models_store.starter.factory.legal.papers.insurance import write_policy
from models_store.starter.factory.legal.papers.letters import write_letter, write_notice
from models_store.starter.factory.legal.papers.mails import write_memo_mail
from models_store.starter.factory.legal.papers.minutes import write_minutes

WRITERS: dict[str, Writer] = {
    "contract": write_contract,
    "letter": write_letter,
    "court_paper": write_court_paper,
    "minutes": write_minutes,
    "policy": write_policy,
    "notice": write_notice,
    "memo_mail": write_memo_mail,
}
