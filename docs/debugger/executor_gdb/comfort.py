"""9. Comfort: `bt` and `step` without the standard library, and `$task(...)`."""

import re

import gdb
from gdb.FrameDecorator import FrameDecorator

from executor_gdb.answers import NO_MEMORY, Answer
from executor_gdb.futures import short
from executor_gdb.tables import Run
from executor_gdb.values import PLAIN, has, text
from executor_gdb.words import task_name

STD = r"^(core|alloc|std|test)::"
SKIPS = (
    f"-rfu {STD}",
    "-rfu ^executor::(executor::Core::(note|step|watch|at|at_its_line|counts_steps)|trace::(note|report|takes_notes))$",
    "-rfu ^_*mem(cpy|move|set|cmp)",
    *(f"-gfi registry/src/*/*/src/{depth}*.rs" for depth in ("", "*/", "*/*/")),
)


class OurFrame(FrameDecorator):
    """A frame on one line: no address, no type parameters; of its arguments only numbers."""

    def function(self):
        return short(str(super().function()))

    def address(self):
        return None

    def frame_args(self):
        return [each for each in super().frame_args() or [] if each.symbol().type.code in PLAIN]


class WithoutStd:
    """`bt` shows the program, the executor and the queue; `bt -no-filters` shows everything."""

    def __init__(self):
        self.name, self.priority, self.enabled = "without-std", 100, True
        gdb.frame_filters[self.name] = self

    def filter(self, frames):
        for frame in frames:
            plain = frame.inferior_frame()
            if plain.level() == 0 or not re.search(f"{STD}|^_|^start_thread$|^clone", plain.name() or "_"):
                yield OurFrame(frame)


def step_over_std():
    """`step` goes over the standard library and other people's crates; so it goes from an await into our futures."""
    skipped = gdb.execute("info skip", to_string=True)
    for skip in SKIPS:
        if skip.split(" ", 1)[1] not in skipped:
            gdb.execute(f"skip {skip}", to_string=True)


class TaskRow(gdb.Function):
    """$task(1), $task("Producer 0"): the row of a task, as in: watch -l $task(1).activity"""

    def __init__(self):
        super().__init__("task")

    def invoke(self, which):
        try:
            run = Run()
            if which.type.code in PLAIN:
                return run.row(int(which))
            wanted = text(which) if has(which, "data_ptr") else which.string()
            for slot in run.slots():
                if task_name(run, slot) == wanted:
                    return run.row(slot)
        except gdb.MemoryError as error:
            raise gdb.GdbError(NO_MEMORY.format(str(error).rsplit(" ", 1)[-1])) from None
        except (Answer, gdb.error) as what:
            raise gdb.GdbError(str(what)) from None
        raise gdb.GdbError("there is no such task")


TaskRow()
WithoutStd()
step_over_std()
