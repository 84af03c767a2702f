"""Vocabularies for checkpoints that are made on the spot: the starter's own, or a byte-level one trained here.

The converter knows a byte-level vocabulary by the hash of a text that it cuts: the published ones and no other. One
that is made here cuts texts in the way of its family and is converted by `naming_converter`, which names that way.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, trainers

from models_store.starter.export import TOKENIZER_CONFIG
from models_store.store import STARTER
from models_store.tuning.gguf_vocabulary import pre_tokenizer

SIZE = 1024
BEGIN, END = "<|begin_of_text|>", "<|end_of_text|>"
_SHIM = '''"""Runs the converter beside it; a vocabulary that it does not know cuts texts in the way of {way!r}."""
import runpy, sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here / "gguf-py")]
from conversion.base import TextModel

TextModel.get_vocab_base_pre = lambda self, tokenizer: {way!r}
runpy.run_path(str(here / "real_convert_hf_to_gguf.py"), run_name="__main__")
'''


def write_pieces(folder: Path, *, prefix: bool) -> None:
    """SentencePiece as in Llama 2, Mistral, Phi-3 and Gemma. `prefix`: a blank is put before each text."""
    shutil.copyfile(STARTER / "tokenizer.model", folder / "tokenizer.model")
    if prefix:
        _put_blank(folder / "tokenizer.model")
    config = {**TOKENIZER_CONFIG, "add_prefix_space": prefix, "chat_template": "{{ messages }}"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")


def write_byte_level(folder: Path, texts: list[str], *, way: str, tokenizer_class: str) -> None:
    """A vocabulary of `SIZE` tokens trained on `texts`, cut in the `way` that llama.cpp names."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=False))
    content: dict[str, Any] = json.loads(tokenizer.to_str())
    content["pre_tokenizer"] = pre_tokenizer(way)
    tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(_byte_letters())
    marks = [AddedToken(text, special=True) for text in (BEGIN, END)]
    trainer = trainers.BpeTrainer(vocab_size=SIZE, special_tokens=marks, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": tokenizer_class, "bos_token": BEGIN, "eos_token": END, "pad_token": END,
        "add_bos_token": way in ("llama-bpe", "tekken"), "chat_template": "{{ messages }}",
    }  # fmt: skip
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")


def naming_converter(converter: Path, way: str, folder: Path) -> Path:
    """A folder that stands for the converter's and names the way in which vocabularies made here cut texts."""
    folder.mkdir(parents=True)
    for path in converter.iterdir():
        name = f"real_{path.name}" if path.name == "convert_hf_to_gguf.py" else path.name
        (folder / name).symlink_to(path.resolve())
    (folder / "convert_hf_to_gguf.py").write_text(_SHIM.format(way=way), encoding="utf-8")
    return folder


def _put_blank(path: Path) -> None:
    from sentencepiece import sentencepiece_model_pb2

    model = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    model.ParseFromString(path.read_bytes())
    model.normalizer_spec.add_dummy_prefix = True
    for piece in model.pieces:
        # The marks of our prompt stand in no published vocabulary.
        piece.piece = piece.piece.replace("<|", "<~") if piece.type == piece.CONTROL else piece.piece
    path.write_bytes(model.SerializeToString())


def _byte_letters() -> list[str]:
    from tokenizers.pre_tokenizers import ByteLevel

    return ByteLevel.alphabet()
