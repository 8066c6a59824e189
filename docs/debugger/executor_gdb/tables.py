"""3. Tables: where the executor keeps what. If that changes, these lines change, and few others."""

import functools

import gdb

from executor_gdb.answers import NO_EXECUTOR, NONSENSE, Answer
from executor_gdb.values import cell, field, hash_map, inner, number, option, static, target, text, variant, vector

RUNNING, VTABLE = "executor::waker::RUNNING", "executor::waker::VTABLE"
WOKEN, CANCELLED = 1, 2  # flags of a task's row: task.rs
NOBODY = (1 << 32) - 1  # the end of a chain: list.rs
SLOT_BITS, GENERATION_BITS = 28, 20  # of the number of a task: waker.rs


def is_live():
    return gdb.selected_inferior().pid != 0


def is_core():
    return is_live() and gdb.selected_inferior().connection.type == "core"


def the_core():
    """The executor that runs. Everything starts here."""
    pointer = inner(static(RUNNING))
    if int(pointer) == 0:
        raise Answer(NO_EXECUTOR + (", or the core dump is cut short" if is_core() else ""))
    return pointer.dereference()


class TaskId:
    """Names a task: executor, generation, slot. This number is what a waker is."""

    def __init__(self, value):
        self.bits = number(value)
        self.slot = self.bits & (1 << SLOT_BITS) - 1
        self.executor = self.bits >> SLOT_BITS + GENERATION_BITS

    def __str__(self):
        generation = self.bits >> SLOT_BITS & (1 << GENERATION_BITS) - 1
        return f"{self.slot}.{generation}" if generation else str(self.slot)

    def __eq__(self, other):
        return self.bits == other.bits

    @staticmethod
    def of(waker):
        """The task of a `Waker`, or None if it is not one of ours."""
        raw = field(waker, "waker")
        ours = int(inner(field(raw, "vtable"))) == int(static(VTABLE).address)
        return TaskId(field(raw, "data")) if ours else None


def waiting_task(waiter):
    """The task of a `Waiter`, of waits.rs."""
    return TaskId.of(field(waiter, "__0", "__0"))


class Rows:
    """A table of linked rows, of list.rs."""

    def __init__(self, table):
        self.rows = vector(field(table, "rows"))

    def get(self, row):
        """What is in a row. None if it is free."""
        return option(field(self.rows[row], "value")) if 0 <= row < len(self.rows) else None

    def value(self, row, what):
        value = self.get(row)
        if value is None:
            raise Answer(NONSENSE.format(f"the number of a {what} ({row})"))
        return value

    def used(self):
        return (row for row in range(len(self.rows)) if self.get(row) is not None)

    def chained(self, chain, what):
        """The rows of a chain, first to last: numbers and values."""
        row, seen = number(field(chain, "first")), 0
        while row != NOBODY:
            if seen > len(self.rows):
                raise Answer(NONSENSE.format(f"a line of {what}s without end"))
            yield row, self.value(row, what)
            row, seen = number(field(self.rows[row], "next")), seen + 1


class Run:
    """The executor that runs: its `Core`, and the tables in it. Read anew by each command."""

    def __init__(self):
        self.core = the_core()
        self.tables = cell(field(self.core, "tables"))
        self.tasks = vector(field(self.tables, "tasks", "rows"))

    def core_cell(self, name):
        """What is in one of the core's cells."""
        return cell(field(self.core, name))

    def number(self, name):
        return number(self.core_cell(name))

    @functools.cached_property
    def watches(self):
        return vector(field(self.tables, "tasks", "watches"))

    @functools.cached_property
    def names(self):
        """The names that were given, by the bits of the task's number."""
        return {number(task): text(name) for task, name in hash_map(field(self.tables, "tasks", "names"))}

    @functools.cached_property
    def wheel(self):
        return field(self.tables, "timers")

    @functools.cached_property
    def timers(self):
        return Rows(field(self.wheel, "entries"))

    @functools.cached_property
    def waiters(self):
        return Rows(field(self.tables, "waiters"))

    @functools.cached_property
    def gathers(self):
        return Rows(field(self.tables, "gathers"))

    def ready(self):
        """The entries of the ready queue: this pass's, the number of the first of them that is left; the next one's."""
        ready = field(self.tables, "ready")
        return vector(field(ready, "now")), number(field(ready, "turn")), vector(field(ready, "next"))

    def current(self):
        """The task whose turn it is, or None."""
        task = option(self.core_cell("current"))
        return TaskId(task) if task is not None else None

    def time(self):
        """What the virtual clock shows. None on the system clock: its time does not stand in memory."""
        kind, clock = variant(field(self.core, "clock", "__0"))
        return number(field(target(clock["__0"]), "value", "now")) if kind == "Virtual" else None

    # Tasks.

    def row(self, slot):
        if slot >= len(self.tasks):
            raise Answer(NONSENSE.format(f"the number of a task ({slot})"))
        return self.tasks[slot]

    def id(self, slot):
        return TaskId(field(self.row(slot), "id"))

    def activity(self, slot):
        """What a task does: Queued, Running, Idle, Done."""
        return variant(field(self.row(slot), "activity"))[0]

    def body(self, slot):
        """A task's future, or its outcome. None while it runs, and if nobody has the row."""
        return option(field(self.row(slot), "body"))

    def slots(self):
        """The rows that tasks have. (It need not be so for all of them at once: each is read when its turn comes.)"""
        return (i for i in range(len(self.tasks)) if self.activity(i) == "Running" or self.body(i) is not None)

    def is_alive(self, task):
        has_row = task.slot < len(self.tasks) and self.id(task.slot) == task
        return has_row and self.activity(task.slot) != "Done"

    def has_flag(self, slot, flag):
        return bool(number(field(self.row(slot), "flags")) & flag)

    def wait(self, slot):
        """What an idle task waits for: a variant of `Wait`, of waits.rs."""
        return variant(field(self.row(slot), "waits"))

    def awaited_by(self, slot):
        """The tasks whose end an idle task waits for."""
        kind, what = self.wait(slot) if self.activity(slot) == "Idle" else ("", None)
        if kind == "Task":
            return [number(what["__0"])]
        return self.gathered(number(what["__0"])) if kind == "Gather" else []

    def children(self, gather):
        """The tasks of a gather."""
        return [TaskId(child) for child in vector(field(self.gathers.value(gather, "gather"), "children"))]

    def gathered(self, gather):
        """Those that have not ended."""
        return [child.slot for child in self.children(gather) if self.is_alive(child)]

    # Timers, and who waits.

    def deadline(self, timer):
        return number(field(self.timers.value(timer, "timer"), "deadline"))

    def alarm(self, timer):
        """What a timer does when it fires: Wake, Expire, Fired or Disarmed; and for which task."""
        kind, what = variant(field(self.timers.value(timer, "timer"), "value"))
        if kind == "Wake":
            return kind, waiting_task(what["__0"])
        return kind, TaskId.of(field(what["__0"], "__0")) if kind == "Expire" else None

    def is_due(self, timer):
        """Its deadline has come, but it has not fired: its call stands in the ready queue."""
        entry = self.timers.value(timer, "timer")
        return bool(number(field(entry, "due"))) and variant(field(entry, "value"))[0] in ("Wake", "Expire")

    def in_line(self, line):
        """Who waits in a `Line`, of line.rs, first to last. Its chain goes through the table of the run that it is for."""
        if number(cell(field(line, "run"))) != number(field(self.core, "run")):
            return []
        entries = (variant(entry) for _, entry in self.waiters.chained(cell(field(line, "chain")), "waiter"))
        return [waiting_task(what["__0"]) for kind, what in entries if kind == "Waiting"]
