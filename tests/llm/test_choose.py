from __future__ import annotations

import pytest

from oi_voice.errors import ModelError
from oi_voice.llm.choose import OTHERS, PROVIDERS, choose, is_local, route
from oi_voice.llm.litellm import LiteLLMModel, load
from oi_voice.llm.openai_compatible import OPENAI, OpenAIModel
from oi_voice.llm.options import Options
from oi_voice.messages import user

LAN = "http://10.0.0.5:8000/v1"


@pytest.mark.parametrize(
    ("model", "base", "named", "address"),
    [
        ("gpt-4o", "", "gpt-4o", OPENAI),
        ("o3-mini", "", "o3-mini", OPENAI),
        ("chatgpt-4o-latest", "", "chatgpt-4o-latest", OPENAI),
        ("openai/gpt-4o", "", "gpt-4o", OPENAI),
        ("ollama/llama3", "", "llama3", "http://localhost:11434/v1"),
        ("ollama_chat/llama3", "http://127.0.0.1:11434", "llama3", "http://127.0.0.1:11434/v1"),
        ("ollama/llama3", "http://127.0.0.1:11434/v1/", "llama3", "http://127.0.0.1:11434/v1"),
        ("lm_studio/qwen", "", "qwen", "http://localhost:1234/v1"),
        ("jan/gemma", "", "gemma", "http://localhost:1337/v1"),
        ("openrouter/openrouter/auto", "", "openrouter/auto", "https://openrouter.ai/api/v1"),
        ("groq/openai/gpt-oss-120b", "", "openai/gpt-oss-120b", "https://api.groq.com/openai/v1"),
        ("openai/x", " http://localhost:1234/v1 ", "x", "http://localhost:1234/v1"),
        ("local", "http://localhost:1234/v1", "local", "http://localhost:1234/v1"),
        ("meta-llama/Llama-3", LAN, "meta-llama/Llama-3", LAN),
        ("openai_like/x", f"{LAN}/chat/completions", "x", LAN),
        ("hosted_vllm/meta-llama/Llama-3", LAN, "meta-llama/Llama-3", LAN),
    ],
)
def test_openais_protocol_is_spoken(model: str, base: str, named: str, address: str) -> None:
    way = route(Options(model, base), {})
    assert not way.litellm
    assert (way.options.model, way.options.api_base) == (named, address)
    adapter = choose(Options(model, base), {})
    assert isinstance(adapter, OpenAIModel)
    assert adapter.name == model


@pytest.mark.parametrize(
    ("model", "base"),
    [
        ("anthropic/claude", ""),
        ("claude-3-5-sonnet", ""),
        ("gemini/gemini-flash-latest", ""),
        ("azure/mine", "https://mine.openai.azure.com"),
        ("anthropic/claude", LAN),
        ("huggingface/x/y", LAN),
        ("unheard-of/x", ""),
    ],
)
def test_all_else_goes_through_litellm(model: str, base: str) -> None:
    assert isinstance(choose(Options(model, base), {"OPENAI_API_KEY": "k"}), LiteLLMModel)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.168.1.9", "http://192.168.1.9:11434/v1"),
        ("0.0.0.0:1000", "http://127.0.0.1:1000/v1"),
        (":1000", "http://127.0.0.1:1000/v1"),
        ("http://box", "http://box:80/v1"),
        ("https://box/ollama", "https://box:443/ollama/v1"),
        ("[::1]:5", "http://[::1]:5/v1"),
    ],
)
def test_ollamas_own_variable(host: str, address: str) -> None:
    assert route(Options("ollama/m"), {"OLLAMA_HOST": host}).options.api_base == address


def test_openais_own_variables() -> None:
    environ = {"OPENAI_API_BASE": " https://two/v1 ", "OPENAI_API_KEY": "k"}
    way = route(Options("gpt-4o"), environ)
    assert (way.options.api_base, way.options.api_key, way.needs) == ("https://two/v1", "k", "")
    assert route(Options("gpt-4o"), environ | {"OPENAI_BASE_URL": "https://one"}).options.api_base == "https://one"
    assert route(Options("gpt-4o", "https://three"), environ).options.api_base == "https://three"
    assert route(Options("groq/m"), environ).options.api_base == PROVIDERS["groq"].base


@pytest.mark.parametrize(
    ("model", "base", "key"),
    [
        ("openai/m", "", "open"),
        ("groq/m", "", "groq"),
        ("openai/m", "https://elsewhere/v1", "open"),
        ("groq/m", "http://localhost:1/v1", ""),
        ("openai/m", "http://127.0.0.1:1/v1", ""),
        ("openai/m", LAN, ""),
        ("m", "https://elsewhere/v1", ""),
        ("ollama/m", "", ""),
    ],
)
def test_a_key_of_the_environment_goes_only_where_it_belongs(model: str, base: str, key: str) -> None:
    environ = {"OPENAI_API_KEY": "open", "GROQ_API_KEY": " groq "}
    assert route(Options(model, base), environ).options.api_key == key
    assert route(Options(model, base, " given "), environ).options.api_key == "given"


@pytest.mark.parametrize(("model", "variable"), [("gpt-4o", "OPENAI_API_KEY"), ("mistral/m", "MISTRAL_API_KEY")])
async def test_a_missing_key_is_told_when_it_is_needed(model: str, variable: str) -> None:
    adapter = choose(Options(model), {})
    with pytest.raises(ModelError, match=f"{model} needs a key.*Set {variable}") as failure:
        await anext(adapter.respond([user("hello")]))
    assert failure.value.code == "model.key_missing"


@pytest.mark.parametrize(
    ("model", "base", "local"),
    [
        ("ollama/m", "", True),
        ("m", "http://localhost:1/v1", True),
        ("anthropic/m", "http://127.0.0.1:1", True),
        ("ollama/m", LAN, False),
        ("gpt-4o", "", False),
        ("anthropic/m", "", False),
    ],
)
def test_what_is_on_this_machine(model: str, base: str, local: bool) -> None:
    assert is_local(Options(model, base), {}) is local


def test_litellm_knows_the_providers_that_are_left_to_it_and_has_the_same_addresses() -> None:
    litellm = load()
    known = {provider.value for provider in litellm.provider_list}
    assert OTHERS - known <= {"aleph_alpha", "palm"}  # of older releases
    for prefix in ("groq", "mistral", "perplexity", "fireworks_ai", "xai", "cerebras", "deepinfra", "sambanova"):
        assert litellm.get_llm_provider(f"{prefix}/m")[3] == PROVIDERS[prefix].base
