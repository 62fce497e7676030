"""Ruby, in a real one."""

from __future__ import annotations

import time
from contextlib import aclosing

import pytest

from oi_voice.errors import LanguageError
from tests.languages.people import Typist
from tests.languages.session_runs import chunks, needs, not_installed, opened, said, stopped, text

pytestmark = needs("ruby")


async def test_names_are_kept() -> None:
    async with opened("ruby") as ruby:
        await said(ruby, "a = 1\n@b = 2\ndef f(x)\n  x + 1\nend\nclass C\n  attr_accessor :d\nend")
        assert await said(ruby, "f(a) + @b") == "=> 4\n"
        assert await said(ruby, "C.new.respond_to?(:d)") == "=> true\n"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("nil", ""),
        ("puts 'é 日本 😀'; 5", "é 日本 😀\n"),
        ("$stdout << 'a'; 5", "a"),
        ("warn 'careful'", "careful\n"),
        ("'é'", '=> "é"\n'),
        ("[1, { a: :b }.size]", "=> [1, 1]\n"),
        ("puts 'main' if __FILE__ == $0", "main\n"),
        ("require 'json'; JSON.generate([nil])", '=> "[null]"\n'),
        ("`echo from a program`", '=> "from a program\\n"\n'),
    ],
)
async def test_what_is_shown(code: str, shown: str) -> None:
    async with opened("ruby") as ruby:
        assert await said(ruby, code) == shown


async def test_errors_have_the_persons_lines_only() -> None:
    async with opened("ruby") as ruby:
        output = await said(ruby, "def g\n  raise ArgumentError, 'boom'\nend\n\ng")
        assert "(code):2:in " in output
        assert "boom (ArgumentError)" in output
        assert "(code):5:in " in output
        assert "ruby.rb" not in output
        output = await said(ruby, "begin\n  raise 'inner'\nrescue => e\n  raise 'outer'\nend")
        assert "inner" in output
        assert "outer" in output
        assert "ruby.rb" not in output
        output = await said(ruby, "x = 1\nputs 1 +* 2")
        assert "(code):2: " in output
        assert "syntax error" in output
        assert "ruby.rb" not in output


async def test_output_comes_as_it_is_written() -> None:
    async with opened("ruby") as ruby:
        await ruby.start()
        async with aclosing(ruby.run("3.times { |i| print i, ' '; sleep 0.1 }", "run")) as stream:
            seen = [(chunk.content, time.monotonic()) async for chunk in stream]
        assert "".join(content for content, _ in seen) == "0 1 2 "
        assert seen[-1][1] - seen[0][1] > 0.15


@pytest.mark.parametrize(
    "code",
    [
        "loop {}",
        "sleep",
        "begin; loop {}; rescue => e; end",
        "system('sleep 600')",
        "while true; begin; sleep; rescue StandardError; end; end",
    ],
)
async def test_stop_keeps_the_state(code: str) -> None:
    async with opened("ruby") as ruby:
        await said(ruby, "kept = 41")
        kept, output = await stopped(ruby, f"puts 'begun'; {code}")
        assert kept
        assert output.startswith("begun\n")
        assert await said(ruby, "kept + 1") == "=> 42\n"


async def test_questions_reach_the_person() -> None:
    person = Typist("Ada")
    async with opened("ruby", person) as ruby:
        assert (await said(ruby, "print 'Your name? '; puts 'Hello ' + gets")).endswith("Hello Ada\n")
    assert person.asked == [("Your name?", False)]


async def test_without_a_person_there_is_no_line() -> None:
    async with opened("ruby") as ruby:
        found = await chunks(ruby, "print 'Your name? '; p gets")
        assert text(found).endswith("nil\n")
        assert "nobody is there to answer" in text(found, "notice")


async def test_threads_go_on() -> None:
    async with opened("ruby") as ruby:
        await said(ruby, "q = Queue.new; t = Thread.new { q.pop; puts 'late' }; nil")
        found = await chunks(ruby, "q << 1; t.join; nil")
        assert "late\n" in text(found)


async def test_an_exit_is_reported_and_the_next_run_begins_afresh() -> None:
    async with opened("ruby") as ruby:
        with pytest.raises(LanguageError, match=r"Ruby ended by itself \(exit code 3\)") as caught:
            await said(ruby, "lost = 1; exit 3")
        assert caught.value.code == "language.died"
        assert await said(ruby, "defined?(lost).inspect") == '=> "nil"\n'


async def test_without_ruby(monkeypatch: pytest.MonkeyPatch) -> None:
    error = await not_installed("ruby", monkeypatch)
    assert error.message == "Ruby is not installed on this computer."
    assert "apt install ruby" in error.fix
