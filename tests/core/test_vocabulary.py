"""Words are learned from corrections, by voice and by hand; what only resembles one is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from oi_voice.errors import OiVoiceError
from oi_voice.vocabulary import Vocabulary, correction, terms_in


@pytest.mark.parametrize(
    ("before", "said", "meant", "term"),
    [
        ("list the pods with cube cuttle", "no, kubectl", "list the pods with kubectl", "kubectl"),
        ("open cube cuttle, please.", "No, I meant kubectl.", "open kubectl, please.", "kubectl"),
        ("write to ann marie", "I meant Annemarie", "write to Annemarie", "Annemarie"),
        ("start engine x", "no, nginx", "start nginx", "nginx"),
        ("öffne fire fox", "nein, Firefox", "öffne Firefox", "Firefox"),
    ],
)
def test_a_correction_takes_the_place_of_what_it_sounds_like(before: str, said: str, meant: str, term: str) -> None:
    assert correction(before, said) == (meant, term)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("play some music", "no, stop"),
        ("turn it up", "no, down"),
        ("delete the file", "no, not that one"),
        ("", "no, kubectl"),
        ("open kubectl", "no, kubectl"),
        ("list the pods", "kubectl"),
        ("what is the time", "no"),
    ],
)
def test_what_is_no_correction(before: str, said: str) -> None:
    assert correction(before, said) is None


def test_words_put_right_by_hand_are_learned() -> None:
    assert terms_in("list pods with cube cuttle now", "list pods with kubectl now") == ["kubectl"]
    assert terms_in("i want too go", "I want to go") == []
    assert terms_in("open the door", "close the window") == []


def test_what_is_learned_is_in_a_file_that_a_person_may_edit(tmp_path: Path) -> None:
    path = tmp_path / "config" / "vocabulary.txt"
    vocabulary = Vocabulary(path)
    vocabulary.learn("kubectl")
    vocabulary.learn("kubectl")
    path.write_text("# mine\n" + path.read_text() + "nginx\n")
    assert Vocabulary(path).terms == ("kubectl", "nginx")


def test_a_file_that_cannot_be_written_costs_nothing_now(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file")
    vocabulary = Vocabulary(tmp_path / "config" / "vocabulary.txt")
    with pytest.raises(OiVoiceError, match="can't be kept"):
        vocabulary.learn("kubectl")
    assert vocabulary.terms == ("kubectl",)


def test_a_term_is_not_joined_to_a_last_line_that_was_left_open(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.txt"
    path.write_text("x")
    Vocabulary(path).learn("kubectl")
    assert Vocabulary(path).terms == ("x", "kubectl")


def test_a_file_that_is_huge_or_no_text_costs_no_take(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.txt"
    path.write_bytes(
        bytes(range(256)) * 40_000 + b"\n\xff\xfe\n" + b"a" * 5000 + b"\nkube\0ctl\n  # mine\n\xef\xbb\xbf\nnginx\n"
    )
    assert Vocabulary(path).terms == ("nginx",)


def test_a_file_that_cannot_be_read_costs_no_take(tmp_path: Path) -> None:
    assert Vocabulary(tmp_path).terms == ()
    assert Vocabulary(tmp_path / ("x" * 300)).terms == ()  # is_file itself raises


def test_a_file_of_an_editor_that_marks_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.txt"
    path.write_bytes(b"\xef\xbb\xbfnginx\r\nkubectl\r\n")
    assert Vocabulary(path).terms == ("nginx", "kubectl")
