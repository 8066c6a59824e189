"""1. Answers: what a command says when it can't show what was asked for. One line, and never a traceback."""

import gdb


class Answer(Exception):
    """Said in one line, instead of what was asked for."""


NO_PROGRAM = "no program is loaded: docs/debugger/start starts one"
NO_DEBUG_INFO = "this program has no full debug information (a release build?): build it without --release"
NO_EXECUTOR = "no executor is running: the program is before `run`, or after it"
NO_MEMORY = "the memory at {} can't be read: it is damaged, or the core dump is cut short, or of another build"
NONSENSE = "{} is nonsense: the memory is damaged, or the core dump is of another build"
RENAMED = "`{}` has no `{}`: this script and the program are of different versions"
ENDED = "the program has ended before that: `run` starts it again"
NO_WAY_BACK = "there is no way back: gdb has to record it first (docs/debugger/start --record)"


class Command(gdb.Command):
    """A command: its `name`, and what it does. The docstring is its help. Whatever goes wrong is one line."""

    name = ""

    def __init__(self):
        super().__init__(self.name, gdb.COMMAND_USER)

    def invoke(self, argument, _from_tty):
        try:
            self.do(argument.strip())
        except Answer as what:
            print(what)
        except gdb.MemoryError as error:
            print(NO_MEMORY.format(str(error).rsplit(" ", 1)[-1]))
        except (gdb.error, LookupError, TypeError, ValueError, RuntimeError, AttributeError) as error:
            print(f"this can't be shown: {' '.join(str(error).split())}")

    def do(self, argument):
        raise NotImplementedError
