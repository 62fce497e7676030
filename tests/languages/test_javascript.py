"""JavaScript, in a real node."""

from __future__ import annotations

import json
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from oi_voice.errors import LanguageError
from tests.languages.people import Typist
from tests.languages.session_runs import chunks, needs, not_installed, opened, said, stopped, text

pytestmark = needs("javascript")
ASKS = """
const rl = require("readline").createInterface({ input: process.stdin, output: process.stdout });
rl.question("Your name? ", (name) => { console.log("Hello " + name); rl.close(); });
"""
ENDLESS = {
    "a loop": "while (true) {}",
    "a loop that catches": "for (;;) try { null.x } catch {}",
    "a loop after a timer": "await new Promise((done) => setTimeout(done, 1)); while (true) {}",
    "a loop of promises": "for (;;) await null",
    "a loop in a timer": "setTimeout(() => { while (true) {} }, 1); await new Promise(() => {})",
    "nothing that ever comes": "await new Promise(() => {})",
    "a program": "require('child_process').execSync('sleep 600')",
}


async def test_names_are_kept_and_may_be_declared_again() -> None:
    async with opened("javascript") as js:
        assert await said(js, "const a = 1; let b = 2; function f(x) { return x + a }; class C {}") == ""
        assert await said(js, "f(b)") == "3\n"
        assert await said(js, "const a = 5; let b; class C {}; f(1)") == "6\n"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("1 + 1", "2\n"),
        ("undefined", ""),
        ("null", "null\n"),
        ("-0", "-0\n"),
        ("10n ** 20n", "100000000000000000000n\n"),
        ("'a'", "'a'\n"),
        ("Symbol('s')", "Symbol(s)\n"),
        ("({ a: [1, { b: {} }], m: new Map([[1, 2]]) })", "{ a: [ 1, { b: {} } ], m: Map(1) { 1 => 2 } }\n"),
        ("await new Promise((done) => setTimeout(done, 5, 7))", "7\n"),
        ("(async () => { await 1; console.log('inside'); return 8 })()", "inside\n8\n"),
        ("console.log('é 日本 😀'); console.error('to stderr')", "é 日本 😀\nto stderr\n"),
        ("process.stdout.write('no newline'); undefined", "no newline"),
        ("require('path').basename(process.cwd()) === process.cwd().split('/').pop()", "true\n"),
        ("[require.main === module, typeof exports]", "[ true, 'object' ]\n"),
        ("// import('x')\n`${'import(\"x\")'}`", "'import(\"x\")'\n"),
    ],
)
async def test_what_is_shown(code: str, shown: str) -> None:
    async with opened("javascript") as js:
        assert await said(js, code) == shown


async def test_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.js").write_text("module.exports = { old: 1 }")
    (tmp_path / "new.mjs").write_text("export default 2; export const three = 3;")
    async with opened("javascript") as js:
        assert await said(js, "require('./old').old") == "1\n"
        assert await said(js, "(await import('./new.mjs')).default") == "2\n"
        statements = "import two, { three as drei } from './new.mjs';\nimport * as os from 'node:os';\nimport 'fs'\n"
        assert await said(js, f"{statements}[two, drei, typeof os.cpus]") == "[ 2, 3, 'function' ]\n"
        assert "Cannot find" in await said(js, "await import('no-such-module')")


async def test_errors_have_the_persons_lines_only() -> None:
    async with opened("javascript") as js:
        code = "function f() {\n  throw new TypeError('no')\n}\nf()"
        told = "TypeError: no\n    at f (<anonymous>:2:9)\n    at <anonymous>:4:1\n"
        assert await said(js, code) == f"Uncaught {told}"
        assert await said(js, "try { f() } catch (error) { console.log(error) }") == told.replace("4:1", "1:7")
        assert await said(js, "throw { code: 5 }") == "Uncaught { code: 5 }\n"
        assert await said(js, "await Promise.reject(new Error('late'))") == (
            "Uncaught Error: late\n    at <anonymous>:1:22\n"
        )
        told = "line 2: let z = {\n                 ^\nUncaught SyntaxError: Unexpected end of input\n"
        assert await said(js, "let q = 1\nlet z = {") == told


async def test_what_nobody_catches_does_not_end_it() -> None:
    async with opened("javascript") as js:
        code = "setTimeout(() => { throw new Error('timer') }, 1); Promise.reject(new Error('promise')); undefined"
        output = await said(js, f"{code}; await new Promise((done) => setTimeout(done, 20))")
        assert "Uncaught Error: promise" in output
        assert "Uncaught Error: timer" in output
        assert await said(js, "1") == "1\n"


async def test_output_comes_as_it_is_written() -> None:
    code = "for (let i = 0; i < 3; i++) { console.log(i); await new Promise((done) => setTimeout(done, 100)) }"
    async with opened("javascript") as js:
        await js.start()
        seen = []
        async with aclosing(js.run(code, "run")) as stream:
            seen = [(chunk.content, time.monotonic()) async for chunk in stream]
        assert [content for content, _ in seen] == ["0\n", "1\n", "2\n"]
        assert seen[2][1] - seen[0][1] > 0.15


async def test_what_timers_print_later_is_told_with_the_next_run() -> None:
    async with opened("javascript") as js:
        assert (
            await said(js, "var fired = false; setTimeout(() => { console.log('late'); fired = true }, 50); 1") == "1\n"
        )
        found = await chunks(js, "while (!fired) await new Promise((done) => setTimeout(done, 1)); 2")
        assert (text(found) + text(found, "notice")).count("late") == 1


@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS.keys())
async def test_stop_keeps_the_state(code: str) -> None:
    async with opened("javascript") as js:
        await said(js, "const kept = 41")
        for _ in range(2):
            kept, output = await stopped(js, f"console.log('begun'); {code}")
            assert kept
            assert output.startswith("begun\n")
            assert await said(js, "kept + 1") == "42\n"
            assert await said(js, "await new Promise((done) => setTimeout(done, 1, 'timers go'))") == "'timers go'\n"


async def test_collected_promises_do_no_harm() -> None:
    """They did, in node 22."""
    async with opened("javascript") as js:
        await stopped(js, "const kept = 1; console.log('begun'); await new Promise(() => {})")
        await said(js, "let much = []; for (let i = 0; i < 1e6; i++) much.push({ i }); much = 0")
        assert await said(js, "kept") == "1\n"


async def test_questions_reach_the_person() -> None:
    person = Typist("Ada", "Grace")
    async with opened("javascript", person) as js:
        assert (await said(js, ASKS)).endswith("Hello Ada\n")
        code = "const { createInterface } = require('readline/promises')\n"
        code += "const lines = createInterface({ input: process.stdin, output: process.stdout })\n"
        assert (await said(js, f"{code}const name = await lines.question('Who? '); lines.close(); name")).endswith(
            "'Grace'\n"
        )
    assert person.asked == [("Your name?", False), ("Who?", False)]


async def test_an_exit_is_reported_and_the_next_run_begins_afresh() -> None:
    async with opened("javascript") as js:
        with pytest.raises(LanguageError, match=r"ended by itself \(exit code 3\)") as caught:
            await said(js, "var lost = 1; process.exit(3)")
        assert caught.value.code == "language.died"
        assert await said(js, "typeof lost") == "'undefined'\n"


async def test_a_long_block_and_a_long_line() -> None:
    async with opened("javascript") as js:
        assert await said(js, f"{json.dumps('x' * 200_000)}.length") == "200000\n"
        assert "characters left out" in await said(js, "console.log('y'.repeat(5_000_000))")


async def test_a_warm_run_is_quick() -> None:
    """Fifty milliseconds are asked for; a busy machine is allowed for by taking the best."""
    async with opened("javascript") as js:
        await js.start()
        times = []
        for _ in range(10):
            begun = time.monotonic()
            await said(js, "1 + 1")
            times.append(time.monotonic() - begun)
        assert min(times) < 0.05


async def test_without_node(monkeypatch: pytest.MonkeyPatch) -> None:
    error = await not_installed("javascript", monkeypatch)
    assert error.message == "JavaScript is not installed on this computer."
    assert "apt install nodejs" in error.fix
