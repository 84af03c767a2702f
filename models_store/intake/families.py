"""The families of models that are known here, by what their files call them."""

from __future__ import annotations

from dataclasses import dataclass

from models_store.intake.errors import UnknownFamily


@dataclass(frozen=True, slots=True)
class Family:
    """`architecture`: as config.json says it; `gguf`: as a GGUF does. `licence`: what its publishers usually ask for,
    a hint and no advice. `remark`: what to know before bringing one in."""

    key: str
    name: str
    architecture: str
    gguf: str
    licence: str
    remark: str = ""


FAMILIES = (
    Family(
        "llama", "Llama 3.1, Llama 3.2, SmolLM2, TinyLlama", "LlamaForCausalLM", "llama",
        "Llama Community License; SmolLM2 and TinyLlama: Apache-2.0",
    ),
    Family(
        "mistral", "Mistral, Ministral 8B", "MistralForCausalLM", "llama",
        "Apache-2.0; Ministral 8B: Mistral Research License",
        "A GGUF of it calls itself llama, and is treated as one.",
    ),
    Family(
        "ministral3", "Ministral 3", "Ministral3ForCausalLM", "mistral3", "Apache-2.0",
        "The text part alone; the published checkpoints with pictures are refused.",
    ),
    Family("qwen2", "Qwen2, Qwen2.5", "Qwen2ForCausalLM", "qwen2", "Apache-2.0; 3B: Qwen Research License"),
    Family("qwen3", "Qwen3", "Qwen3ForCausalLM", "qwen3", "Apache-2.0"),
    Family(
        "phi3", "Phi-3, Phi-3.5, Phi-4-mini", "Phi3ForCausalLM", "phi3", "MIT",
        "Published with programs beside the weights: they are not needed and are left behind on request.",
    ),
    Family("gemma2", "Gemma 2", "Gemma2ForCausalLM", "gemma2", "Gemma Terms of Use"),
    Family(
        "gemma3", "Gemma 3 (text)", "Gemma3ForCausalLM", "gemma3", "Gemma Terms of Use",
        "270M and 1B are text only; the larger ones read pictures too and are refused as folders.",
    ),
)  # fmt: skip


def family_of_architecture(untrusted: object) -> Family:
    """Raises UnknownFamily."""
    for family in FAMILIES:
        if family.architecture == untrusted:
            return family
    raise UnknownFamily(f"architecture {str(untrusted)[:80]!r}")


def family_of_gguf(untrusted: object) -> Family:
    """The first family whose GGUF has this name. Raises UnknownFamily."""
    for family in FAMILIES:
        if family.gguf == untrusted:
            return family
    raise UnknownFamily(f"architecture {str(untrusted)[:80]!r} in a GGUF")
