"""6. Queues: their items, and who waits.

The executor knows the queues' numbers only. But whoever uses a queue has a pointer to it in its future. So that is
where they are found: by following everything that can lead to one, as its type tells.
"""

import itertools

import gdb

from executor_gdb.answers import Answer
from executor_gdb.futures import concrete, is_dyn, short, turn_of
from executor_gdb.values import (
    ARRAY, PLAIN, POINTER, STRUCT, UNION, cell, field, has, number, parts, path_of, ring, text, tree_set,
    vector,
)  # fmt: skip
from executor_gdb.words import duration

QUEUE = "queue::queue::BaseQueue<"
VEC = "alloc::vec::Vec<"
leading = {}  # what is known: whether a value of the type with this name can lead to a queue


def leads(kind):
    name = path_of(kind)
    if name not in leading:
        seen, todo = {name}, [kind]
        while todo and name not in leading:
            for each in components(todo.pop()):
                path = path_of(each)
                if path.startswith(QUEUE) or "dyn " in path or leading.get(path):
                    leading[name] = True
                elif path not in seen:
                    seen.add(path)
                    todo.append(each)
        leading.setdefault(name, name.startswith(QUEUE))
    return leading[name]


def components(kind):
    """The types of what is in a value of this type, and of what it points at."""
    if kind.code in (POINTER, ARRAY):
        return [kind.target().strip_typedefs()]
    if path_of(kind).startswith(VEC):
        return [kind.template_argument(0).strip_typedefs()]
    return [each.type.strip_typedefs() for each in kind.fields() if each.type] if kind.code in (STRUCT, UNION) else []


class Search:
    """The queues that futures lead to, by their addresses."""

    def __init__(self):
        self.found, self.seen = {}, set()

    def look(self, value, depth=0):
        if value is None or value.address is None or depth > 40:
            return
        kind, path = value.type.strip_typedefs(), path_of(value)
        if (int(value.address), path) in self.seen or not leads(kind):
            return
        self.seen.add((int(value.address), path))
        if path.startswith(QUEUE):
            self.found[int(value.address)] = value
            return
        if is_dyn(value):
            inside = [concrete(value)]
        elif path.startswith(VEC):
            inside = vector(value)[:1000]
        elif kind.code == ARRAY:
            inside = [value[i] for i in range(min(kind.range()[1] + 1, 1000))]
        else:
            inside = parts(value) if kind.code in (STRUCT, POINTER) else []
        for each in inside:
            self.look(each, depth + 1)


def queues_of(run, tasks):
    """The queues that the first so many tasks lead to."""
    search = Search()
    for slot in itertools.islice(run.slots(), tasks):
        search.look(run.body(slot))
    # The body of the task that runs is not in its row, but in a variable of the function that polls it.
    turn = turn_of(run.core)
    if turn is not None:
        try:
            search.look(turn.read_var("body"))
        except (gdb.error, Answer):
            pass  # in the middle of a poll a future may be half moved: what the other futures lead to must do
    return sorted(search.found.values(), key=lambda queue: number(field(queue, "number")))


def items_of(queue):
    """The items of a queue, the next one first."""
    store = cell(field(queue, "store"))
    if has(store, "items"):
        return [item["__0"] for item in tree_set(field(store, "items"))]
    return ring(store) if has(store, "head") else vector(store)[::-1]


def shown(value, depth=0):
    """An item, as far as it can be said in a few words."""
    path = path_of(value)
    if path == "executor::clock::Instant":
        return duration(number(value))
    if path in ("alloc::string::String", "&str") or path.startswith("alloc::boxed::Box<str"):
        return f'"{text(value)}"'
    if value.type.code in PLAIN:
        return str(value)
    if value.type.code != STRUCT or depth > 2:
        return "…"
    name = "" if path.startswith("(") else short(path).rsplit("::", 1)[-1]
    return f"{name}({', '.join(shown(each, depth + 1) for each in parts(value))})"
