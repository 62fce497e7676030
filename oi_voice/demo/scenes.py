"""The scenes, each played through the real program and judged by what can be seen and heard from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from oi_voice.demo.cast import Cast, Exchange
from oi_voice.demo.person import PROGRAM
from oi_voice.demo.program import named
from oi_voice.demo.report import Scene

if TYPE_CHECKING:
    from PIL.Image import Image

EDITOR = "Mousepad"
#: Share of equal pixels from which two pictures show the same screen; the tray's icon may have changed.
SAME = 0.99
#: Likeness from which a sound is the sentence; others of that voice stay below 0.65, it itself is above 0.95.
ALIKE = 0.9
#: Milliseconds from key down to silence at the loudspeaker.
HUSHED = 100.0


def question(cast: Cast, scene: Scene) -> None:
    """A question is spoken and answered aloud."""
    exchange = cast.ask("what is thirty four times twelve", picture="a-question.png")
    _note(scene, exchange)
    wanted = PROGRAM.render("34 times 12 is 408.", cast.stage)
    like = cast.monitor.likeness(wanted, exchange.at["text"], exchange.at["ended"] + 0.5)
    scene.done = f"the loudspeaker gave “34 times 12 is 408.”, likeness {like:.3f}"
    scene.evidence.append(cast.monitor.save(cast.out / "a-answer.wav", exchange.at["text"]).name)
    scene.ok = like >= ALIKE


def typing(cast: Cast, scene: Scene) -> None:
    """An editor is opened, and text typed into it, by voice."""
    _note(scene, cast.ask("open the text editor", picture="b-question.png"))
    editor = cast.eyes.wait_for(EDITOR, 15.0)
    cast.eyes.activate(editor)
    _note(scene, cast.ask("type hello world"))
    scene.evidence.append(cast.eyes.screenshot(cast.out / "b-editor.png").name)
    text = cast.eyes.text_of(editor, cast.person)
    scene.done = f"the window {editor.title!r} holds {text!r}"
    scene.ok = text.strip() == "hello world"


def denial(cast: Cast, scene: Scene) -> None:
    """A deletion is denied in the popup, and nothing is deleted."""
    notes = Path(cast.stage.env["HOME"]) / "notes"
    notes.write_text("keep me\n")
    exchange = cast.ask("delete the file called notes", approve=False, picture="c-question.png")
    _note(scene, exchange)
    kept = notes.is_file() and notes.read_text() == "keep me\n"
    ran = cast.program.since(exchange.mark, named("StateChanged", state="running"))
    scene.done = f"the file {notes.name} {'is still there' if kept else 'IS GONE'}"
    scene.ok = kept and not ran and exchange.approved == [False]


def interruption(cast: Cast, scene: Scene) -> None:
    """Speech is cut off by pressing the key."""
    exchange = cast.begin("what can you do")
    _note(scene, exchange)
    began = cast.monitor.wait_for_sound(exchange.at["text"], 10.0)
    if began is None:
        scene.evidence.append("it did not begin to speak")
        return
    exchange.at["audio"] = began
    cast.monitor.wait_for_sound(began + 1.0, 5.0)
    scene.evidence.append(cast.eyes.screenshot(cast.out / "d-speaking.png").name)
    cast.monitor.wait_for_sound(time.monotonic(), 5.0)  # not in a pause between words
    mark = cast.program.mark()
    cast.tell("presses the key in mid-speech")
    exchange.at["down"] = cast.person.hold()
    exchange.at["listening"] = cast.program.wait(mark, 10.0, named("StateChanged", state="listening"))["at"]
    cast.monitor.wait_for_silence(exchange.at["down"], 0.8, 10.0)
    spoke = cast.monitor.seconds_of_sound(exchange.at["down"] - 0.1, exchange.at["down"])
    exchange.at["hushed"] = cast.monitor.last_sound(exchange.at["down"]) or exchange.at["down"]
    cast.person.let_go()
    ended = cast.program.wait(mark, 10.0, named("TurnEnded", heard=exchange.heard))
    cast.program.wait(mark, 15.0, named("TurnEnded", outcome="empty"))
    exchange.said = ended["said"]
    exchange.leg("text_to_first_audio", "text", "audio")
    exchange.leg("key_to_listening_while_speaking", "down", "listening")
    exchange.leg("barge_in_to_silence", "down", "hushed")
    _note(scene, exchange)
    scene.done = f"silent {exchange.legs['barge_in_to_silence']:.0f} ms after the key went down"
    scene.evidence.append(cast.monitor.save(cast.out / "d-cut-off.wav", exchange.at["text"]).name)
    scene.ok = spoke > 0 and ended["outcome"] == "cancelled" and exchange.legs["barge_in_to_silence"] <= HUSHED


def silence(cast: Cast, scene: Scene) -> None:
    """The key is held and nothing said: nothing happens."""
    mark = cast.program.mark()
    cast.tell("holds the key and says nothing")
    down = cast.person.hold()
    cast.program.wait(mark, 10.0, named("StateChanged", state="listening"))
    heard = cast.monitor.wait_for_sound(down, 1.5)
    up = cast.person.let_go()
    ended = cast.program.wait(mark, 15.0, named("TurnEnded"))
    heard = heard or cast.monitor.wait_for_sound(up, 1.0)
    asked = cast.program.since(mark, lambda event: event["event"] in ("ApprovalRequested", "Streamed"))
    state = cast.program.since(mark, named("StateChanged"))[-1]["state"]
    scene.evidence.append(cast.eyes.screenshot(cast.out / "e-nothing.png").name)
    scene.legs_ms["release_to_idle"] = round(1000 * (ended["at"] - up), 1)
    scene.done = f"{len(asked)} words or questions, {'no sound' if heard is None else 'a sound'}, {state}"
    scene.ok = ended["outcome"] == "empty" and not ended["heard"] and not asked and heard is None and state == "idle"


def screenshot(cast: Cast, scene: Scene) -> None:
    """A screenshot is taken, and it equals the screen."""
    from PIL import Image

    home = Path(cast.stage.env["HOME"])
    before = set(home.rglob("*.png"))
    exchange = cast.ask("take a screenshot", picture="f-question.png")
    _note(scene, exchange)
    seen = cast.eyes.picture()
    taken = sorted(set(home.rglob("*.png")) - before)
    if len(taken) != 1:
        scene.done = f"{len(taken)} pictures were saved"
        return
    with Image.open(taken[0]) as picture:
        picture.save(cast.out / "f-screenshot.png")
        same = likeness(picture.convert("RGB"), seen)
        scene.done = f"{taken[0].name}: {picture.width}×{picture.height}, {100 * same:.1f} % as the screen"
    scene.evidence.append("f-screenshot.png")
    scene.ok = same >= SAME


def likeness(one: Image, other: Image) -> float:
    """The share of pixels that two pictures have in common; 0 when their sizes differ."""
    import numpy

    if one.size != other.size:
        return 0.0
    return float((numpy.asarray(one) == numpy.asarray(other)).all(axis=2).mean())


def _note(scene: Scene, exchange: Exchange) -> None:
    """Add what came of an exchange to the scene; of a leg gone through twice the slower time counts."""
    for name in ("heard", "said"):
        parts = [part for part in (getattr(scene, name), getattr(exchange, name)) if part]
        setattr(scene, name, " / ".join(dict.fromkeys(parts)))
    scene.evidence += [name for name in exchange.pictures if name not in scene.evidence]
    scene.code = "\n".join(filter(None, [scene.code, *exchange.code]))
    if exchange.approved:
        scene.approved = all(exchange.approved) and scene.approved is not False
    for leg, value in exchange.legs.items():
        scene.legs_ms[leg] = max(value, scene.legs_ms.get(leg, 0.0))


#: Letter and title of each scene, in order.
SCENES: tuple[tuple[str, str, Callable[[Cast, Scene], None]], ...] = (
    ("a", "a spoken question, answered aloud", question),
    ("b", "an editor opened and typed into", typing),
    ("c", "a deletion denied in the popup", denial),
    ("d", "speech cut off by the key", interruption),
    ("e", "silence held on the key", silence),
    ("f", "a screenshot", screenshot),
)
