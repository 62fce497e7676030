"""Failures in the checks are told as fully as those in tests."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("checks", "effects", "scene", "streams")
