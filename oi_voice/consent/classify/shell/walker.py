"""Goes through a shell's program command by command, and follows what each is given and prints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell import words
from oi_voice.consent.classify.texts import Origin, Piece, Text, either

if TYPE_CHECKING:
    from tree_sitter import Node

LAYERS = 5  # of shells in shells
STEERING = (
    *(
        "PATH",
        "LD_",
        "DYLD_",
        "PYTHON",
        "BASH_ENV",
        "ENV",
        "PROMPT_COMMAND",
        "EDITOR",
        "VISUAL",
        "PAGER",
        "GIT_",
        "IFS",
    ),
    *("IFS", "SHELLOPTS", "BASHOPTS", "PS4", "PERL5", "RUBYOPT", "NODE_OPTIONS", "LESSOPEN", "BROWSER", "HOME"),
)


@dataclass(eq=False)
class Shell:
    deeds: Deeds
    code: bytes = b""
    holes: list[Piece] = field(default_factory=list)
    variables: dict[str, Text] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)
    aliases: dict[str, Text] = field(default_factory=dict)
    active: list[str] = field(default_factory=list)
    layer: int = 0

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done inside leaves folder and variables as they were."""
        variables, here = dict(self.variables), self.deeds.places.here
        yield
        self.variables, self.deeds.places.here = variables, here

    def run(self, node: Node, given: Text | None = None) -> Text | None:
        """Go through a node; ``given`` is what comes in, the result what is printed, as far as it is known."""
        self.deeds.tick()
        if node.is_error or node.is_missing:
            self.deeds.unknown("is not whole shell")
        handler = getattr(self, f"_{node.type}", None)
        if handler is not None:
            return handler(node, given)  # type: ignore[no-any-return]  # each returns what this does
        if node.type in ("comment", "heredoc_redirect") or not node.is_named:
            return None
        return self.walk_inside(node, given)

    def walk_inside(self, node: Node, given: Text | None = None) -> Text | None:
        """Go through everything that is in a node."""
        printed: Text | None = None
        several = False
        for child in node.children:
            if child.is_named and child.type not in ("heredoc_redirect", "comment"):
                out = self.run(child, given)
                printed, several = (out if not several else None), several or out is not None
        return printed

    # --- what a program is made of

    def _pipeline(self, node: Node, given: Text | None) -> Text | None:
        for child in node.children:
            if child.is_named:
                with self.aside():
                    given = self.run(child, given)
        return given

    def _list(self, node: Node, given: Text | None) -> Text | None:
        doubted = any(child.type in ("&&", "||") for child in node.children)
        first, *rest = [child for child in node.children if child.is_named]
        printed = self.run(first, given)
        with self.deeds.maybe(doubted and any(child.type == "||" for child in node.children)):
            for child in rest:
                printed = self.run(child, given) or printed
        return printed

    def _subshell(self, node: Node, given: Text | None) -> Text | None:
        with self.aside():
            return self.walk_inside(node, given)

    def _command_substitution(self, node: Node, _: Text | None) -> Text | None:
        return words.value(self, node)

    _process_substitution = _command_substitution

    def _if_statement(self, node: Node, given: Text | None) -> Text | None:
        before = dict(self.variables)
        here = self.deeds.places.here
        with self.deeds.maybe():
            self.walk_inside(node, given)
        for name, value in before.items():
            self.variables[name] = either(value, self.variables[name])
        if self.deeds.places.here != here:
            self.deeds.places.here = None
        return None

    _case_statement = _if_statement

    def _while_statement(self, node: Node, given: Text | None) -> Text | None:
        for child in node.children:
            if child.type == "command":  # while read -r name: what comes in, line by line
                parts = [words.source(each) for each in child.named_children]
                if parts[:1] == ["read"]:
                    for name in parts[1:]:
                        self.variables[name] = given if given is not None else Text((Origin.OPAQUE,))
        for _ in range(2):
            self._if_statement(node, given)
        return None

    def _for_statement(self, node: Node, given: Text | None) -> Text | None:
        name = next((words.source(child) for child in node.children if child.type == "variable_name"), "")
        body = next((child for child in node.children if child.type in ("do_group", "compound_statement")), None)
        values: list[Text] = []
        for child in node.children:
            if child.is_named and child.type not in ("variable_name", "do_group", "comment", "compound_statement"):
                values += words.expand(self, child)
        if node.type == "c_style_for_statement":
            values = [Text((Origin.NUMBER,))]
        for value in values[:64] or [Text((Origin.OPAQUE,))]:
            if name:
                self.variables[name] = value
            if body is not None:
                self.run(body, given)
        if len(values) > 64:
            self.deeds.unknown("goes on for longer than it can be followed")
        return None

    _c_style_for_statement = _for_statement

    def _function_definition(self, node: Node, _: Text | None) -> None:
        name = words.source(node.children[1] if node.children[0].type == "function" else node.children[0])
        body = next((child for child in node.children if child.type in ("compound_statement", "subshell")), None)
        if body is not None:
            self.functions[name] = body
            if name not in self.code.decode("utf-8", "replace").replace(f"{name}()", "").replace(
                f"function {name}", ""
            ):
                self.run(body)  # nobody calls it here: another block may

    # --- assignments

    def _variable_assignment(self, node: Node, _: Text | None) -> None:
        name = words.source(node.children[0])
        given = node.children[-1] if len(node.children) > 1 and node.children[-1].type != "=" else None
        value = words.value(self, given) if given is not None else Text(())
        if given is not None and given.type == "array":
            value = Text((Origin.OPAQUE,))
            options = [each for child in given.named_children for each in words.expand(self, child)]
            for index, each in enumerate(options):
                value = each if index == 0 else either(value, each)
        if "+=" in words.source(node)[: len(name) + 2]:
            value = Text((Origin.OPAQUE,))
        self.sets(name, value)

    def sets(self, name: str, value: Text) -> None:
        if name.startswith(STEERING) or name == "ENV":
            self.deeds.unknown("changes where programs are looked for")
        self.variables[name.partition("[")[0]] = value

    def _declaration_command(self, node: Node, given: Text | None) -> Text | None:
        for child in node.named_children:
            if child.type == "variable_assignment":
                self._variable_assignment(child, given)
            elif child.type not in ("variable_name", "word"):
                self.walk_inside(child)
        word, *rest = words.source(node).split()
        if not rest or rest[0] == "-p":
            self.deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
        elif "n" in rest[0] and rest[0].startswith("-"):
            self.deeds.unknown("gives another meaning to a name")
        if word == "export":
            self.deeds.add(Effect.SESSION)
        return None

    def _unset_command(self, node: Node, _: Text | None) -> None:
        for child in node.named_children:
            self.variables.pop(words.source(child), None)

    def _test_command(self, node: Node, _: Text | None) -> None:
        self._substitutions(node)

    def _substitutions(self, node: Node) -> None:
        """The commands that stand inside a test or a sum."""
        for child in node.children:
            if child.type in ("command_substitution", "process_substitution"):
                words.value(self, child)
            else:
                self._substitutions(child)

    # --- commands and what goes in and out of them

    def _redirected_statement(self, node: Node, given: Text | None) -> Text | None:
        body: Node | None = None
        following: Node | None = None
        writes: list[Node] = []
        kept = True
        for child in node.children:
            if child.type == "heredoc_redirect":
                given = words.heredoc(self, child)
                following = next((each for each in child.named_children if each.type in _RUNS), following)
                for each in child.named_children:
                    if each.type == "file_redirect":
                        writes.append(each)
            elif child.type == "herestring_redirect":
                given = words.value(self, child.named_children[-1])
            elif child.type == "file_redirect":
                if any(each.type == "<" for each in child.children):
                    given = self._file_redirect(child, None)
                else:
                    writes.append(child)
            elif child.is_named:
                body = child
        printed = self.run(body, given) if body is not None else None
        for each in writes:  # what a list's last command writes, in the folder where the list ends
            kept &= any(source in words.source(each) for source in (">&", "2>", "/dev/null"))
            self._file_redirect(each, None)
        if following is not None:
            return self.run(following, printed)
        return printed if kept else None

    def _file_redirect(self, node: Node, _: Text | None) -> Text | None:
        """``>``, ``>>``, ``<``; what is read comes back."""
        sign = next((child.type for child in node.children if not child.is_named), ">")
        target = node.named_children[-1] if node.named_children else None
        path = words.expand(self, target)[0] if target is not None and words.expand(self, target) else None
        plain = path.plain if path is not None else None
        if sign in (">&", "<&") and (plain is None or plain.isdigit() or plain == "-"):
            return None
        if plain is not None and plain.startswith(("/dev/tcp/", "/dev/udp/")):
            self.deeds.add(Effect.SENDS, "host", plain.split("/")[3])
        elif sign == "<":
            self.deeds.reads(path)
            return Text((Origin.FILE,))
        elif sign in (">>", "&>>"):
            self.deeds.appends(path)
        else:
            self.deeds.writes(path)
        return None

    def _herestring_redirect(self, node: Node, _: Text | None) -> None:
        words.value(self, node.named_children[-1])

    def _command(self, node: Node, given: Text | None) -> Text | None:
        from oi_voice.consent.classify.shell.commands import command

        found: list[Text | None] = []
        with_given = given
        reads = any(child.type == "command_name" and words.source(child) == "read" for child in node.children)
        for child in node.children:
            if child.type == "variable_assignment":
                if not (reads and words.source(child).startswith("IFS=")):  # how read cuts its line, and no more
                    self._variable_assignment(child, None)
            elif child.type == "herestring_redirect":
                with_given = words.value(self, child.named_children[-1])
            elif child.type == "file_redirect":
                self._file_redirect(child, None)
            elif child.type == "command_name":
                found += words.expand(self, child.children[0]) if child.children else []
            elif child.is_named:
                found += words.expand(self, child)
            elif child.type not in ("&", ";"):
                found.append(Text((words.source(child),)))
        return command(self, found, with_given) if found else None


_RUNS = frozenset(("pipeline", "command", "redirected_statement", "list", "subshell", "compound_statement"))
