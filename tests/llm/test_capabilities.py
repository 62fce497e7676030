"""LiteLLM's own data file, and files made up for the purpose, read in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from patience import SOON

from oi_voice.addresses import on_this_machine
from oi_voice.errors import SettingsError
from oi_voice.llm.capabilities import DATA, HOSTED, LOCAL, abilities, known, resolve
from oi_voice.llm.discover import PROVIDERS
from oi_voice.ports import Abilities

HERE = "http://127.0.0.1:1234/v1"
PRELUDE = """
import dataclasses, json, sys
from oi_voice.llm.capabilities import DATA, abilities, known
"""


def elsewhere(tmp_path: Path, data: str | None, program: str) -> Any:
    """What a program prints as JSON in a process where LiteLLM has this data file, and can't be imported."""
    package = tmp_path / "litellm"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('it was imported')", encoding="utf-8")
    if data is not None:
        (package / DATA).write_text(data, encoding="utf-8")
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), root))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# --- names


@pytest.mark.parametrize(
    "name",
    ["gpt-4o", "openai/gpt-4o", "GPT-4o", "azure/gpt-4o", "openrouter/openai/gpt-4o", "unheard/of/gpt-4o", " gpt-4o "],
)
def test_a_model_is_found_under_each_of_its_names(name: str) -> None:
    found = known(name)
    assert found is not None
    assert (found.context_window, found.max_tokens, found.functions, found.vision) == (128000, 16384, True, True)
    assert 0 < found.price_sent < found.price_received < 1e-3


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("openrouter/anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"),
        ("ollama_chat/llama3.1:8b", "ollama/llama3.1"),
        ("together_ai/META-LLAMA/Llama-3.3-70B-Instruct-Turbo", "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo"),
    ],
)
def test_other_spellings(name: str, same: str) -> None:
    assert known(name) == known(same) is not None


def test_the_address_names_the_provider() -> None:
    assert known("openai/gpt-oss-120b") is None
    there = known("openai/gpt-oss-120b", "https://api.groq.com/openai/v1")
    assert there == known("groq/openai/gpt-oss-120b") is not None


def test_what_openrouter_gives_for_nothing_costs_nothing() -> None:
    paid, free = known("openrouter/openai/gpt-4o"), known("openrouter/openai/gpt-4o:free")
    assert paid is not None
    assert free is not None
    assert free.price_sent == free.price_received == 0.0
    assert free.context_window == paid.context_window


@pytest.mark.parametrize(
    "name", ["dall-e-3", "text-embedding-3-small", "whisper-1", "sample_spec", "", "/", "no/such/model"]
)
def test_what_writes_no_text_is_no_model(name: str) -> None:
    assert known(name) is None
    assert abilities(name) == HOSTED


@pytest.mark.parametrize("name", [name for name in PROVIDERS.values() if "openrouter" not in name])
def test_the_models_that_we_choose_ourselves_are_known(name: str) -> None:
    found = known(name)
    assert found is not None
    assert found.functions
    assert 0 <= found.max_tokens < found.context_window


# --- a server on this machine


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("openai/qwen3-8b", HERE),
        ("openai/qwen3-8b", "http://localhost:1337"),
        ("qwen3-8b", "http://[::1]:8080/v1"),
        ("qwen3-8b", "127.0.0.1:8080"),
        ("ollama_chat/qwen3:8b", ""),
        ("lm_studio/qwen3", ""),
    ],
)
def test_an_unknown_model_of_this_machine_has_small_windows(name: str, where: str) -> None:
    assert abilities(name, where) == LOCAL == Abilities(context_window=3000, max_tokens=1000)


def test_an_unknown_model_of_another_machine() -> None:
    assert abilities("qwen3-8b", "http://192.168.1.5:1234/v1") == HOSTED == Abilities(8192, 0)
    assert abilities("ollama/qwen3:8b", "http://192.168.1.5:11434") == HOSTED


def test_a_model_behind_a_proxy_on_this_machine_is_itself() -> None:
    assert abilities("gpt-4o", "http://localhost:4000") == abilities("gpt-4o")


def test_ollama_decides_how_much_its_models_hold() -> None:
    found = known("ollama/llama3.1")
    assert found is not None
    assert (found.context_window, found.max_tokens, found.functions) == (3000, 1000, True)


@pytest.mark.parametrize(
    ("address", "here"),
    [("http://localhost", True), ("http://0.0.0.0:1", True), ("localhost:1", True), ("https://api.openai.com", False),
     ("", False), ("http://[::1", False), ("http://localhost.example.org", False)],
)  # fmt: skip
def test_this_machine(address: str, here: bool) -> None:
    assert on_this_machine(address) is here


# --- the person's word


def test_what_the_person_sets_wins() -> None:
    found = resolve("gpt-4o", context_window=5000, max_tokens=700, supports_functions=False, supports_vision=False)
    assert (found.context_window, found.max_tokens, found.functions, found.vision) == (5000, 700, False, False)
    assert found.price_sent == abilities("gpt-4o").price_sent
    assert resolve("qwen3", HERE, supports_vision=True, supports_functions=True) == Abilities(3000, 1000, True, True)
    assert resolve("gpt-4o") == abilities("gpt-4o")


@pytest.mark.parametrize(
    ("model", "window", "reply"),
    [
        ("qwen3", 16000, 1000),  # the usual reply fits
        ("qwen3", 1000, 333),  # it does not: a third
        ("gpt-4o", 12000, 4000),
        ("gpt-4o", 20000, 16384),
    ],
)
def test_a_window_alone(model: str, window: int, reply: int) -> None:
    found = resolve(model, HERE, context_window=window)
    assert (found.context_window, found.max_tokens) == (window, reply)


@pytest.mark.parametrize(
    ("model", "reply", "window"),
    [("qwen3", 500, 3000), ("qwen3", 3000, 9000), ("gpt-4o", 500, 128000), ("gpt-4o", 0, 128000)],
)
def test_a_reply_alone(model: str, reply: int, window: int) -> None:
    found = resolve(model, HERE, max_tokens=reply)
    assert (found.context_window, found.max_tokens) == (window, reply)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"context_window": 2000, "max_tokens": 2000}, "max_tokens (2000) must be less than context_window (2000)"),
        ({"max_tokens": 200000}, "which is what gpt-4o is known to hold"),
        ({"context_window": 0}, "above 0"),
        ({"max_tokens": -1}, "above 0"),
    ],
)
def test_a_reply_that_fills_the_window_is_refused(given: dict[str, int], words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        resolve("gpt-4o", **given)
    assert words in str(refused.value)


# --- the file


def test_no_entry_leaves_the_question_without_room() -> None:
    for name in ("gpt-4", "gpt-3.5-turbo", "cerebras/llama3.1-8b", "anyscale/google/gemma-7b-it"):
        found = known(name)
        assert found is not None
        assert found.max_tokens < found.context_window


def test_reading_does_not_import_litellm_and_is_done_once(tmp_path: Path) -> None:
    entry = {"mode": "chat", "max_input_tokens": 10000.0, "max_output_tokens": 10000, "supports_function_calling": True}
    data = {
        "Some/Model": {**entry, "input_cost_per_token": 1e-6, "output_cost_per_token": 2},
        "legacy": {
            "mode": "completion",
            "max_tokens": 4000,
            "max_input_tokens": "see max_tokens",
            "supports_vision": 1,
        },
        "bare": {"mode": "responses"},
        "painter": {**entry, "mode": "image_generation"},
        "rules": [],
    }
    program = """
import threading
reads = []
sys.addaudithook(lambda event, args: reads.append(1) if event == "open" and str(args[0]).endswith(DATA) else None)
names = ["some/model", "legacy", "bare", "painter", "rules"]
threads = [threading.Thread(target=known, args=("some/model",)) for _ in range(8)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
found = [known(name) for name in names]
print(json.dumps([[one and dataclasses.astuple(one) for one in found], len(reads), "litellm" in sys.modules]))
"""
    found, reads, imported = elsewhere(tmp_path, json.dumps(data), program)
    assert found == [
        [10000, 0, True, False, 1e-6, 2.0],
        [4000, 0, False, False, 0.0, 0.0],
        [8192, 0, False, False, 0.0, 0.0],
        None,
        None,
    ]
    assert (reads, imported) == (1, False)


@pytest.mark.parametrize("data", [None, "", "[1]", '{"gpt-4o": {"mode": "chat"', "\x00"])
def test_without_a_readable_file_there_are_defaults(tmp_path: Path, data: str | None) -> None:
    program = 'print(json.dumps([known("gpt-4o"), dataclasses.astuple(abilities("gpt-4o"))]))'
    assert elsewhere(tmp_path, data, program) == [None, [8192, 0, False, False, 0.0, 0.0]]


def test_asking_again_costs_nothing() -> None:
    known("gpt-4o")
    start = time.perf_counter()
    for _ in range(1000):
        known("openrouter/openai/gpt-4o")
    assert time.perf_counter() - start < SOON  # measured: 2 microseconds each
