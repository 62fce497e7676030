"""Java, in a real one. A start takes a second, so each test asks for much."""

from __future__ import annotations

import time
from contextlib import aclosing

import pytest

from oi_voice.errors import LanguageError
from tests.languages.people import Typist
from tests.languages.session_runs import needs, not_installed, opened, said, stopped

pytestmark = needs("java")
MAIN = """import java.util.List;

public class Main {
    public static void main(String[] args) {
        System.out.println("from main " + Helper.help(List.of(1)));
    }
}

class Helper {
    static String help(List<Integer> all) { return all + " é 日本 😀"; }
}
"""


async def test_names_are_kept_and_values_shown() -> None:
    async with opened("java") as java:
        await said(java, "int a = 1;\nint f(int x) {\n    return x + a;\n}\nrecord P(int x) {}")
        assert await said(java, "f(2)") == "==> 3\n"
        assert await said(java, "a = 5") == "==> 5\n"
        assert await said(java, "var all = new ArrayList<P>();\nall.add(new P(f(1)));\nall") == "==> [P[x=6]]\n"
        assert await said(java, "// nothing but a remark") == ""
        assert await said(java, "System.err.println(\"to stderr\"); System.out.print('x');") == "to stderr\nx"
        assert await said(java, MAIN) == "from main [1] é 日本 😀\n"
        assert await said(java, "Helper.help(List.of())") == '==> "[] é 日本 😀"\n'


async def test_errors_have_the_persons_lines_only() -> None:
    async with opened("java") as java:
        told = "line 3: error: incompatible types: int cannot be converted to java.lang.String\nString s = 5;\n"
        assert (await said(java, "int y = 1;\n\nString s = 5;")).startswith(told)
        assert (await said(java, "for (;;) {\n  y++;")).startswith("line 2: error: reached end of file while parsing\n")
        thrown = 'void g() {\n    throw new IllegalStateException("boom", new Exception("why"));\n}\n\n// now\ng();'
        assert await said(java, thrown) == (
            "Exception: java.lang.IllegalStateException: boom\n\tat g (line 2)\n\tat line 6\n"
            "Caused by: java.lang.Exception: why\n\tat g (line 2)\n\tat line 6\n"
        )
        assert "\tat g (earlier code, line 2)\n\tat line 1\n" in await said(java, "g();")
        main = "class Boom {\n  public static void main(String[] args) {\n    int[] a = {};\n    a[1] = 2;\n  }\n}"
        assert (await said(java, main)).endswith("\tat Boom.main (line 4)\n")
        needed = "Not usable until there is method later(): int early() { return later(); }\n"
        assert await said(java, "int early() { return later(); }") == needed
        assert await said(java, "early()") == needed
        assert await said(java, "int later() { return 7; }\nearly()") == "==> 7\n"


async def test_stop_keeps_the_state() -> None:
    async with opened("java") as java:
        await said(java, "int kept = 41;")
        for code in (
            "while (true) {}",
            "Thread.sleep(600000);",
            "while (true) try { Thread.sleep(9); } catch (Exception e) {}",
        ):
            kept, output = await stopped(java, f'System.out.println("begun");\n{code}')
            assert kept
            assert output == "begun\nInterrupted\n"
            assert await said(java, "kept + 1") == "==> 42\n"


async def test_output_comes_as_it_is_written_and_a_warm_run_is_quick() -> None:
    async with opened("java") as java:
        await java.start()
        code = 'for (int i = 0; i < 3; i++) { System.out.print(i + " "); Thread.sleep(100); }'
        async with aclosing(java.run(code, "run")) as stream:
            seen = [(chunk.content, time.monotonic()) async for chunk in stream]
        assert "".join(content for content, _ in seen) == "0 1 2 "
        assert seen[-1][1] - seen[0][1] > 0.15
        times = []
        for _ in range(5):
            begun = time.monotonic()
            await said(java, "1 + 1")
            times.append(time.monotonic() - begun)
        assert min(times) < 0.5


async def test_questions_reach_the_person_and_an_exit_is_reported() -> None:
    person = Typist("Ada")
    async with opened("java", person) as java:
        ask = 'System.out.print("Your name? ");\nString name = new Scanner(System.in).nextLine();\n'
        assert (await said(java, f'{ask}"Hello " + name')).endswith('==> "Hello Ada"\n')
        assert person.asked == [("Your name?", False)]
        with pytest.raises(LanguageError, match=r"Java ended by itself \(exit code 3\)") as caught:
            await said(java, "System.exit(3);")
        assert caught.value.code == "language.died"
        assert "cannot find symbol" in await said(java, "name")


async def test_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    error = await not_installed("java", monkeypatch)
    assert error.message == "Java is not installed on this computer."
    assert "apt install default-jdk-headless" in error.fix
