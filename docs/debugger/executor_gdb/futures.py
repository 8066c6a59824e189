"""5. Futures: what a paused async fn awaits, and at which line.

A paused async fn is an enum. Its variant says at which await it stands, and has the future that it awaits in a
field `__awaitee`. The line of an await is that of the variable `__awaitee` in the function that polls.
"""

import functools
import re

import gdb

from executor_gdb.answers import Answer
from executor_gdb.tables import TaskId
from executor_gdb.values import (
    POINTER, STRUCT, field, has, inner, number, option, parts, path_of, target, unsigned, variant,
)  # fmt: skip
from executor_gdb.words import deadline, state, task_name, waits_for

POLL = "executor::executor::Core::poll"
STAGE = "executor::body::Stage<"  # a task's body: `Running`, or `Ended` with its outcome: body.rs
ASYNC = re.compile(r"\{async_(fn|block|closure)(_env)?#")
LEAF = re.compile(r"(executor::(sleep|join|gather|event|timeout)|queue::(get|put|join))::[A-Z]")
FUTURE = re.compile(f"{ASYNC.pattern}|{LEAF.pattern}|dyn ")
TRANSPARENT = re.compile(r"(core|alloc|executor::spawn|executor::body)::")


def head(name):
    """A path up to its first type parameter."""
    return name.split("<", 1)[0]


def short(name):
    """A path without type parameters, and without the compiler's names for the inside of an async fn."""
    kept, depth = "", 0
    for i, char in enumerate(name):
        depth += char == "<"
        kept += char if depth == 0 else ""
        depth -= char == ">" and name[i - 1] != "-"
    return re.sub(r"::\{async_fn(_env)?#\d+\}", "", kept).replace("_env#", "#")


def poll_function(type_name):
    """The function that polls the async fn of this type."""
    # The first one: behind it there may be type parameters, which are async fns as well.
    name = re.sub(r"_env(#\d+\})", r"\1", type_name, count=1)
    return next((symbol for symbol in gdb.lookup_static_symbols(name) if symbol.is_function), None)


def lines_of(function):
    """The addresses in a function at which a line begins, and where it ends."""
    block = gdb.block_for_pc(int(function.value().address))
    return sorted(entry.pc for entry in function.symtab.linetable() if block.start <= entry.pc < block.end)


@functools.lru_cache(maxsize=None)
def awaits(type_name):
    """The awaits of an async fn, in the order of its states: where each is, and the type of what is awaited."""
    function, found = poll_function(type_name), {}
    for pc in lines_of(function) if function is not None else ():
        block = gdb.block_for_pc(pc)
        while block is not None and block.function is None:
            for symbol in block:
                if symbol.name == "__awaitee":
                    found[symbol.line, block.start] = f"{symbol.symtab.filename}:{symbol.line}", path_of(symbol.type)
            block = block.superblock
    return [found[key] for key in sorted(found)]


def await_place(async_fn, suspended, awaitee):
    """Where a paused async fn stands, if the debug information tells."""
    known, kind = awaits(path_of(async_fn)), path_of(awaitee)
    index = int(re.search(r"\d+$", suspended).group())
    if index < len(known) and known[index][1] == kind:
        return known[index][0]
    same = {place for place, each in known if each == kind}
    return same.pop() if len(same) == 1 else ""


def is_dyn(value):
    return has(value, "vtable") and has(value, "pointer")


def concrete(fat):
    """What a `dyn` pointer points at, in its own type: that which the vtable's first entry drops. None if unknown."""
    drop = int(inner(fat["vtable"]).cast(unsigned(64).pointer())[0])
    block = gdb.block_for_pc(drop) if drop else None
    while block is not None and block.function is None:
        block = block.superblock
    arguments = block.function.type.fields() if block is not None else []
    if not arguments or arguments[0].type.code != POINTER:
        return None
    value = inner(fat["pointer"]).cast(arguments[0].type).dereference()
    return variant(value)[1] if path_of(value).startswith(STAGE) else value


def turn_of(core):
    """The frame in which the task that runs is polled, on whichever thread that is. None between turns."""
    selected = gdb.selected_thread()
    threads = gdb.selected_inferior().threads() if selected is not None else ()
    try:
        for thread in sorted(threads, key=lambda thread: thread.num != selected.num):
            thread.switch()
            frame = gdb.newest_frame()
            while frame is not None:
                if frame.name() == POLL and int(inner(frame.read_var("self"))) == int(core.address):
                    return frame
                frame = frame.older()
    finally:
        if selected is not None:
            selected.switch()
    return None


class Tree:
    """Who awaits whom: tasks, and within a task its async fns. A node is a line, and the nodes below it."""

    def __init__(self, run, most):
        self.run, self.most, self.path, self.done = run, most, [], set()

    def task(self, slot):
        name, does = task_name(self.run, slot), state(self.run, slot)
        if slot in self.path:
            return f"(T) {name}, again: these tasks wait for each other, in a circle", []
        if slot in self.done or len(self.done) > self.most:
            return f"(T) {name}, see above" if slot in self.done else f"(T) {name}", []
        self.done.add(slot)
        self.path.append(slot)
        below = self.frames() if does.startswith("running") else self.body(slot)
        self.path.pop()
        return f"(T) {name}" + (f", {does}" if does != "idle" else ""), below

    def body(self, slot):
        """What a task that does not run awaits: what its future says; if that can't be read, what its row says."""
        try:
            nodes = self.future(self.run.body(slot))
        except (gdb.error, Answer) as error:
            nodes = [(f"its future can't be read: {error}", [])]
        return nodes or [(waits_for(self.run, slot), [])]

    def frames(self):
        """The async fns of the task that runs: they are on the stack."""
        frame, nodes, found = turn_of(self.run.core), [], []
        while frame is not None:
            place = frame.find_sal()
            if ASYNC.search(head(frame.name() or "")) and place.symtab is not None:
                found.append(f"{short(frame.name())}  {place.symtab.filename}:{place.line}")
            frame = frame.newer()
        for line in reversed(found):
            nodes = [(line, nodes)]
        return nodes

    def future(self, value, depth=0):
        """The nodes of a future: an async fn, one of ours, or what is inside anything else."""
        if value is None or depth > 16:
            return []
        name = path_of(value)
        if not (FUTURE.search(name) or name == "executor::body::Body"):
            return []
        if value.type.code == STRUCT and ASYNC.search(head(name)):
            return [self.async_fn(value, depth)]
        if value.type.code == STRUCT and LEAF.match(name):
            return [self.leaf(value, depth)]
        if is_dyn(value):
            return self.future(concrete(value), depth + 1)
        inside = self.inside(value, depth)
        plain = value.type.code == POINTER or TRANSPARENT.match(name)
        return inside if plain or not inside else [(short(name), inside)]

    def inside(self, value, depth):
        return [node for each in parts(value) for node in self.future(each, depth + 1)]

    def async_fn(self, value, depth):
        paused = variant(value)[1]
        name, path = path_of(paused).rsplit("::", 1)[-1], short(path_of(value))
        if not has(paused, "__awaitee"):
            return f"{path}, " + {"Unresumed": "not begun", "Returned": "returned"}.get(name, name.lower()), []
        place = await_place(value, name, paused["__awaitee"])
        return f"{path}  {place}".rstrip(), self.future(paused["__awaitee"], depth + 1)

    def leaf(self, value, depth):
        """A future of the executor or the queue."""
        name, run = short(path_of(value)).rsplit("::", 1)[-1], self.run
        if name == "JoinHandle":
            task = TaskId(field(value, "task"))
            return "the end of a task", [self.task(task.slot)] if run.is_alive(task) else []
        if name in ("Gather", "GatherAll"):
            row = option(field(value, "__0", "row"))
            children = run.gathered(number(row["__1"])) if row is not None else []
            return {"Gather": "gather"}.get(name, "gather_all"), [self.task(slot) for slot in children]
        if name == "Timeout":
            timer = option(field(value, "timer"))
            until = f", until {deadline(run, number(field(timer, 'id')))}" if timer is not None else ""
            return f"timeout{until}", self.inside(value, depth)
        if name == "Sleep":
            stage, armed = variant(field(value, "state"))
            timer = number(field(armed["__0"], "id")) if stage == "Armed" else None
            return "sleep" + (f", until {deadline(run, timer)}" if timer is not None else ""), []
        if has(value, "queue"):
            return f"{name.lower()} of queue {number(field(target(field(value, 'queue')), 'number'))}", []
        if name == "WaitForEvent":
            return f"wait for event {number(field(target(field(value, 'event')), 'number'))}", []
        return name, []


def drawn(nodes, indent=""):
    """A tree, line by line."""
    for i, (line, below) in enumerate(nodes):
        last = i + 1 == len(nodes)
        yield f"{indent}{'└── ' if last else '├── '}{line}"
        yield from drawn(below, indent + ("    " if last else "│   "))
