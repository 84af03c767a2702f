from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appliance.audit.context import acting_as
from appliance.retraining.registry.command_acts import ACTS
from appliance.retraining.registry.command_line import OPERATOR, as_text, told
from models_store.convert import Quantization


class Command(BaseCommand):
    help = "The models of this box, from the command line. A model is named by its name, a given name, or its digest."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")

        def add(name: str, words: str) -> ArgumentParser:
            act = acts.add_parser(name, help=words, description=words)
            act.add_argument("--json", action="store_true", help="answer with one line of JSON")
            return act

        add("list", "every model: state, kind, size, verdict")
        add("loaded", "which worker has which model in memory")
        add("show", "the card of a model").add_argument("model")
        _add_bringing_in(add("import", "check a folder or a file, then bring it in"))
        _add_work(add)
        _add_decisions(add)

    def handle(self, *args: Any, **options: Any) -> None:
        with told(as_json=options["json"]), acting_as(OPERATOR):
            answer = ACTS[options["act"]](options)
        self.stdout.write(as_text(answer["json"]) if options["json"] else answer["text"])


def _add_bringing_in(act: ArgumentParser) -> None:
    act.add_argument("source", type=Path, help="a folder with config.json and safetensors, a GGUF, or a signed bundle")
    act.add_argument("--name", help="how it is called in the list; without it as the source")
    act.add_argument("--check-only", action="store_true", help="say what it is and bring nothing in")
    act.add_argument("--leave-programs", action="store_true", help="leave programs beside the weights behind")


def _add_work(add: Any) -> None:
    act = add("copy", "one more name for a model; its bytes stay once")
    act.add_argument("model")
    act.add_argument("name")
    act = add("export", "a model as a signed bundle")
    act.add_argument("model")
    act.add_argument("file", type=Path, help="where the bundle goes, best with the ending .strongroom")
    act.add_argument("--without-weights", action="store_true", help="leave the weights to train on out")
    add("key", "the public key with which this box signs bundles")
    act = add("quantize", "smaller files of a model")
    act.add_argument("model")
    act.add_argument("--to", required=True, metavar="NAMES", help=f"of {','.join(Quantization.__members__)}")
    act.add_argument("--snapshot", default="", help="whose documents say which weights matter; first digits will do")
    act = add("evaluate", "measure a model on the frozen test part of a snapshot")
    act.add_argument("model")
    act.add_argument("--snapshot", required=True, help="first digits of its digest")


def _add_decisions(add: Any) -> None:
    act = add("promote", "ask to put a model in force; a compliance officer decides in the browser")
    act.add_argument("model")
    act.add_argument("--by", required=True, metavar="ACCOUNT", help="who asks; the password is asked for")
    act.add_argument("--reason", required=True)
    act = add("rollback", "put the model before in force again, at once")
    act.add_argument("--type", default="", help="for documents of this type alone, which has an adapter of its own")
    act.add_argument("--by", required=True, metavar="ACCOUNT", help="who decides; the password is asked for")
    act.add_argument("--reason", required=True)
    act = add("remove", "delete a model's file; its card stays")
    act.add_argument("model")
    act.add_argument("--name", required=True, dest="typed", help="the name on its card, once more")
    act.add_argument("--reason", required=True)
