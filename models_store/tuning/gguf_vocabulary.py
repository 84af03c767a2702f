"""The vocabulary of a GGUF -> the tokenizer files that transformers and the converter read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sentencepiece import sentencepiece_model_pb2 as pieces

from models_store.errors import ConversionFailed

_NORMAL, _UNKNOWN, _CONTROL, _USER, _UNUSED, _BYTE = range(1, 7)
_BPE = 2
_KEY = "tokenizer.ggml."
_WORD = r"[^\r\n\p{L}\p{N}]?\p{L}+"
_REST = r"\s*[\r\n]+|\s+(?!\S)|\s+"
_SHORT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_CASES = tuple(rf"[^\r\n\p{{L}}\p{{N}}]?{word}" for word in (f"{_UPPER}*{_LOWER}+", f"{_UPPER}+{_LOWER}*"))
PATTERNS = {
    "llama-bpe": rf"{_SHORT}|{_WORD}|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_REST}",
    "qwen2": rf"{_SHORT}|{_WORD}|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_REST}",
    "gpt-4o": rf"{_CASES[0]}{_SHORT}?|{_CASES[1]}{_SHORT}?|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{_REST}",
    "tekken": rf"{_CASES[0]}|{_CASES[1]}|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{_REST}",
    "smollm": "",
}
"""How texts are cut before pairs are merged, by llama.cpp's names. SmolLM: single digits, then GPT-2's own pattern."""

_WHOLE_WORDS_FIRST = ("llama-bpe", "tekken")
"""Vocabularies that take a word as one token when they have it, and begin each text with their first mark."""


def write_tokenizer(values: Mapping[str, Any], folder: Path) -> None:
    """`values`: keys of the GGUF's header. Raises ConversionFailed for a vocabulary that is not known."""
    config = _config(values)
    if values[_KEY + "model"] == "llama":
        model = _sentencepiece(values)
        (folder / "tokenizer.model").write_bytes(model.SerializeToString())
        config |= {"tokenizer_class": "LlamaTokenizer", "legacy": False, "added_tokens_decoder": _added_pieces(values)}
        config["add_prefix_space"] = bool(values.get(_KEY + "add_space_prefix", True))
    else:
        _write_json(folder / "tokenizer.json", byte_level(values))
        config["tokenizer_class"] = (
            "GPT2Tokenizer" if values["general.architecture"] == "phi3" else "PreTrainedTokenizerFast"
        )
    _write_json(folder / "tokenizer_config.json", config)


def pre_tokenizer(name: str) -> dict[str, Any]:
    """As tokenizer.json has it. Raises ConversionFailed."""
    if name not in PATTERNS:
        raise ConversionFailed(f"texts are cut in the way of {name[:40]!r}, which is not known here")
    if name == "smollm":
        steps = [{"type": "Digits", "individual_digits": True}, _bytes_of(cut=True)]
    else:
        split = {"type": "Split", "pattern": {"Regex": PATTERNS[name]}, "behavior": "Isolated", "invert": False}
        steps = [split, _bytes_of(cut=False)]
    return {"type": "Sequence", "pretokenizers": steps}


def byte_level(values: Mapping[str, Any]) -> dict[str, Any]:
    """The content of tokenizer.json. Raises ConversionFailed."""
    name = str(values.get(_KEY + "pre", ""))
    tokens, kinds = values[_KEY + "tokens"], values[_KEY + "token_type"]
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": at, "content": tokens[at], "special": kind == _CONTROL, **special}
            for at, kind in enumerate(kinds)
            if kind in (_CONTROL, _USER)
        ],
        "normalizer": None,
        "pre_tokenizer": pre_tokenizer(name),
        "post_processor": _begins_with(values) if _adds_begin(values) else None,
        "decoder": _bytes_of(cut=True),
        "model": {
            "type": "BPE",
            "vocab": {token: at for at, (token, kind) in enumerate(zip(tokens, kinds, strict=True)) if kind != _UNUSED},
            "merges": [merge.split(" ", 1) for merge in values[_KEY + "merges"]],
            "ignore_merges": name in _WHOLE_WORDS_FIRST,
        },
    }


def _bytes_of(*, cut: bool) -> dict[str, Any]:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": cut}


def _adds_begin(values: Mapping[str, Any]) -> bool:
    is_usual = values[_KEY + "model"] == "llama" or values.get(_KEY + "pre") in _WHOLE_WORDS_FIRST
    return bool(values.get(_KEY + "add_bos_token", is_usual))


def _begins_with(values: Mapping[str, Any]) -> dict[str, Any]:
    at = values[_KEY + "bos_token_id"]
    token = values[_KEY + "tokens"][at]
    first, text = {"SpecialToken": {"id": token, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}
    second = {"Sequence": {"id": "B", "type_id": 1}}
    known = {token: {"id": token, "ids": [at], "tokens": [token]}}
    return {
        "type": "TemplateProcessing",
        "single": [first, text],
        "pair": [first, text, second],
        "special_tokens": known,
    }


def _config(values: Mapping[str, Any]) -> dict[str, Any]:
    names = {"bos": "bos", "eos": "eos", "unknown": "unk", "padding": "pad"}
    tokens = values[_KEY + "tokens"]
    marks = {
        f"{short}_token": tokens[values[f"{_KEY}{long}_token_id"]]
        for long, short in names.items()
        if f"{_KEY}{long}_token_id" in values
    }
    return {**marks, "add_bos_token": _adds_begin(values)}


def _sentencepiece(values: Mapping[str, Any]) -> Any:
    model = pieces.ModelProto()  # type: ignore[attr-defined]
    kinds = values[_KEY + "token_type"]
    for token, score, kind in zip(values[_KEY + "tokens"], values[_KEY + "scores"], kinds, strict=True):
        model.pieces.add(piece=token, score=score, type=_NORMAL if kind == _USER else kind)
    model.trainer_spec.model_type = _BPE
    model.trainer_spec.byte_fallback = _BYTE in kinds
    model.trainer_spec.unk_id = kinds.index(_UNKNOWN)
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = bool(values.get(_KEY + "add_space_prefix", True))
    model.normalizer_spec.remove_extra_whitespaces = False
    model.normalizer_spec.escape_whitespaces = True
    return model


def _added_pieces(values: Mapping[str, Any]) -> dict[str, Any]:
    """Tokens that stand for themselves wherever they are printed."""
    return {str(at): {"content": token, "special": False} for at, token in _of_user(values)}


def _of_user(values: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for at, kind in enumerate(values[_KEY + "token_type"]):
        if kind == _USER:
            yield at, values[_KEY + "tokens"][at]


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
