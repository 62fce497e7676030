"""Which adapter speaks to a model, at which address, with which key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from oi_voice.addresses import on_this_machine
from oi_voice.llm.litellm import LiteLLMModel
from oi_voice.llm.openai_compatible import OPENAI, OpenAIModel
from oi_voice.llm.options import Options


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider speaks OpenAI's protocol, and the variables that its key and another address may be in."""

    base: str
    keys: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()


# By the prefix that LiteLLM (1.106) has for them; addresses are those that it uses too.
PROVIDERS = {
    "openai": Provider(OPENAI, ("OPENAI_API_KEY",), ("OPENAI_BASE_URL", "OPENAI_API_BASE")),
    "ollama": Provider("http://localhost:11434/v1", bases=("OLLAMA_API_BASE", "OLLAMA_HOST")),
    "ollama_chat": Provider("http://localhost:11434/v1", bases=("OLLAMA_API_BASE", "OLLAMA_HOST")),
    "lm_studio": Provider("http://localhost:1234/v1", bases=("LM_STUDIO_API_BASE",)),
    "jan": Provider("http://localhost:1337/v1"),
    "llamafile": Provider("http://localhost:8080/v1", bases=("LLAMAFILE_API_BASE",)),
    "vllm": Provider("http://localhost:8000/v1", bases=("HOSTED_VLLM_API_BASE",)),
    "hosted_vllm": Provider("http://localhost:8000/v1", bases=("HOSTED_VLLM_API_BASE",)),
    "openrouter": Provider("https://openrouter.ai/api/v1", ("OPENROUTER_API_KEY", "OR_API_KEY")),
    "groq": Provider("https://api.groq.com/openai/v1", ("GROQ_API_KEY",)),
    "deepseek": Provider("https://api.deepseek.com/v1", ("DEEPSEEK_API_KEY",)),
    "mistral": Provider("https://api.mistral.ai/v1", ("MISTRAL_API_KEY",)),
    "together_ai": Provider("https://api.together.xyz/v1", ("TOGETHERAI_API_KEY", "TOGETHER_API_KEY")),
    "perplexity": Provider("https://api.perplexity.ai", ("PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY")),
    "fireworks_ai": Provider(
        "https://api.fireworks.ai/inference/v1", ("FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY", "FIREWORKSAI_API_KEY")
    ),
    "xai": Provider("https://api.x.ai/v1", ("XAI_API_KEY",)),
    "cerebras": Provider("https://api.cerebras.ai/v1", ("CEREBRAS_API_KEY",)),
    "anyscale": Provider("https://api.endpoints.anyscale.com/v1", ("ANYSCALE_API_KEY",)),
    "deepinfra": Provider("https://api.deepinfra.com/v1/openai", ("DEEPINFRA_API_KEY",)),
    "nvidia_nim": Provider("https://integrate.api.nvidia.com/v1", ("NVIDIA_NIM_API_KEY",)),
    "sambanova": Provider("https://api.sambanova.ai/v1", ("SAMBANOVA_API_KEY",)),
    "moonshot": Provider("https://api.moonshot.ai/v1", ("MOONSHOT_API_KEY",)),
}
# Prefixes that say no more than that OpenAI's protocol is spoken at the address given.
GENERIC = frozenset(("openai_like", "custom_openai", "litellm_proxy"))
# Providers that LiteLLM speaks to in a way of their own, at an address given too.
OTHERS = frozenset((
    "ai21", "aleph_alpha", "anthropic", "anthropic_text", "azure", "azure_ai", "azure_text", "baseten", "bedrock",
    "bedrock_mantle", "clarifai", "cloudflare", "codestral", "cohere", "cohere_chat", "databricks", "gemini",
    "gigachat", "huggingface", "maritalk", "nlp_cloud", "oci", "oobabooga", "palm", "petals", "predibase", "replicate",
    "sagemaker", "sagemaker_chat", "sagemaker_nova", "sap", "snowflake", "text-completion-codestral",
    "text-completion-openai", "triton", "vertex_ai", "vertex_ai_beta", "watsonx", "watsonx_text",
))  # fmt: skip
OPENAIS = re.compile(r"(ft:)?(gpt-|o[134](-|$)|chatgpt-)")


@dataclass(frozen=True, slots=True)
class Route:
    """How to reach a model: ``options`` as its server has them, and the variable of a key that is lacking.

    Through LiteLLM where ``litellm``.
    """

    options: Options
    needs: str = ""
    litellm: bool = False


def choose(options: Options, environ: Mapping[str, str]) -> OpenAIModel | LiteLLMModel:
    """The adapter for a model named as LiteLLM names it. Asks nobody and imports no library."""
    way = route(options, environ)
    if way.litellm:
        return LiteLLMModel(way.options)
    return OpenAIModel(way.options, name=options.model.strip(), needs=way.needs)


def is_local(options: Options, environ: Mapping[str, str]) -> bool:
    """Whether the model is on this machine."""
    return on_this_machine(route(options, environ).options.api_base)


def route(options: Options, environ: Mapping[str, str]) -> Route:
    """Where the model is.

    A key of the environment goes to the provider that it is for, or to another address given for that provider if
    nobody can read it on the way; never to a server on this machine.
    """
    name, given = options.model.strip(), _tidied(options.api_base)
    options = replace(options, model=name, api_base=given, api_key=options.api_key.strip())
    prefix, slash, rest = name.partition("/")
    if not slash:
        prefix, rest = ("openai" if OPENAIS.match(name) else ""), name
    provider = PROVIDERS.get(prefix)
    if provider is None:
        if not given or prefix in OTHERS:
            return Route(options, litellm=True)
        provider, rest = Provider(""), rest if prefix in GENERIC else name
    base = given or _from_environment(provider, environ) or provider.base
    if prefix.startswith("ollama") and not re.search(r"/v\d+$", base):
        base += "/v1"
    key = options.api_key
    if not key and not on_this_machine(base) and base.startswith("https:"):
        key = next((value for variable in provider.keys if (value := environ.get(variable, "").strip())), "")
    needs = provider.keys[0] if provider.keys and base == provider.base else ""
    return Route(replace(options, model=rest, api_base=base, api_key=key), needs)


def _from_environment(provider: Provider, environ: Mapping[str, str]) -> str:
    for variable in provider.bases:
        if address := _tidied(environ.get(variable, "")):
            return _dialled(address) if variable == "OLLAMA_HOST" else address
    return ""


def _tidied(address: str) -> str:
    """An address as people paste it, without the spaces and the end that the client adds itself."""
    return address.strip().rstrip("/").removesuffix("/chat/completions")


def _dialled(host: str) -> str:
    """The address of what Ollama listens on, which may lack scheme, host or port and may be every address there is."""
    parts = urlsplit(host if "://" in host else f"http://{host}")
    name = parts.hostname or "127.0.0.1"
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(name, name)
    port = parts.port or ({"http": 80, "https": 443}.get(parts.scheme) if "://" in host else 11434)
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}{parts.path}"
