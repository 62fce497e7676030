"""The built-in offline command model: one table of commands, its grammar, its parser, its help."""

from oi_voice.llm.commands.grammar import jsgf
from oi_voice.llm.commands.model import Command, CommandModel, understand
from oi_voice.llm.commands.table import TABLE, sayings
from oi_voice.llm.commands.vocabulary import PRONUNCIATIONS

__all__ = ["PRONUNCIATIONS", "TABLE", "Command", "CommandModel", "jsgf", "sayings", "understand"]
