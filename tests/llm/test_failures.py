from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from oi_voice.llm.after import after
from oi_voice.llm.failures import Refusal, explain_event, refused


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_transient(status: int) -> None:
    assert refused(Refusal(status, "words"), "m", "It").transient


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
def test_what_will_not_pass_is_not(status: int) -> None:
    error = refused(Refusal(status, "words", headers={"retry-after": "1"}), "m", "It")
    assert not error.transient
    assert error.fix


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(429, "You exceeded your current quota", "insufficient_quota"),
        Refusal(429, "Error: insufficient_quota"),
        Refusal(400, "Your credit balance is too low to use this API"),
    ],
)
def test_an_empty_account_is_no_use_asking_again(refusal: Refusal) -> None:
    error = refused(refusal, "m", "It")
    assert (error.code, error.transient) == ("model.quota", False)


@pytest.mark.parametrize(
    ("body", "code", "transient"),
    [
        ({"type": "overloaded_error", "message": "Overloaded"}, "model.busy", True),
        ({"code": 429, "message": "slow"}, "model.busy", True),
        ({"code": "502", "message": "bad"}, "model.failing", True),
        ({"code": "rate_limit_exceeded", "message": "slow"}, "model.busy", True),
        ({"code": "insufficient_quota", "message": "none left"}, "model.quota", False),
        ({"code": "context_length_exceeded", "message": "long"}, "model.too_long", False),
        ({"type": "invalid_request_error", "message": "no"}, "model.refused", False),
        ({"type": "authentication_error", "message": "no"}, "model.key_refused", False),
        ("upstream timed out", "model.timeout", True),
        ({}, "model.failing", True),
        (["strange"], "model.failing", True),
    ],
)
def test_an_error_within_a_stream(body: Any, code: str, transient: bool) -> None:
    error = explain_event(body, "m", "It")
    assert (error.code, error.transient) == (code, transient)


@pytest.mark.parametrize(
    ("headers", "words", "seconds"),
    [
        ({}, "", None),
        ({"retry-after": "3"}, "", 3),
        ({"retry-after": "0.5"}, "", 0.5),
        ({"retry-after": "-1"}, "", 0),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after-ms": "250", "retry-after": "3"}, "", 0.25),
        ({"x-ratelimit-reset-requests": "1s"}, "", None),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}, "", 360),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20ms"}, "", 0.02),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "12"}, "", 12),
        ({}, "Please try again in 1.2s.", 1.2),
        ({}, "Please retry in 34s", 34),
    ],
)
def test_when_to_ask_again(headers: dict[str, str], words: str, seconds: float | None) -> None:
    assert after(headers, words) == (seconds if seconds is None else pytest.approx(seconds))


def test_when_to_ask_again_as_a_point_in_time() -> None:
    then = datetime.now(UTC) + timedelta(seconds=60)
    epoch = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(then.timestamp() * 1000))}
    for headers in ({"retry-after": format_datetime(then, usegmt=True)}, epoch):
        assert after(headers) == pytest.approx(60, abs=3)
    assert after({"retry-after": format_datetime(then - timedelta(hours=1), usegmt=True)}) == 0
