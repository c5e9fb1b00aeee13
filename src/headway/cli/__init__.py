"""The command line: reads what was typed, calls one service, shows what came back."""

from headway.cli.app import main

__all__ = ["main"]
