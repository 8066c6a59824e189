"""The executor in gdb: commands that know the loop.

    tasks  await-tree  ready  wheel  inbox  queues  step-number     how things are now
    goto N  next-poll  next-wake  next-pass  next-fire              run to where something happens
    previous-poll  previous-wake  previous-pass  previous-fire      back to it, while gdb records

Those of the first line only read memory. So they work wherever there is memory: in a running program, on
whichever thread you are, in a core dump, and while gdb goes backwards.

`docs/debugger/start` loads this file. The demo carries a copy inside, which gdb loads by itself if the program is
in its auto-load safe-path. gdb 12 or later; it needs no other module, and not Rust's own printers.

The parts, from the bottom up:

    1. answers      what a command says instead of a traceback
    2. values       reading Rust: fields, enums, pointers, vectors, strings, trait objects
    3. tables       reading the executor: one small function for each thing it keeps
    4. words        how a task, a time, a step is said
    5. futures      what a paused async fn awaits, and at which line
    6. queues       which the executor does not know, but the futures do
    7. views        the commands that show
    8. running      the commands that go somewhere
    9. comfort      `bt` and `step` without the standard library
"""

import functools
import itertools
import linecache
import re

import gdb
from gdb.FrameDecorator import FrameDecorator

# ---- 1. answers -------------------------------------------------------------------------------------------------


class Answer(Exception):
    """Said in one line, instead of what was asked for."""


NO_PROGRAM = "no program is loaded: docs/debugger/start starts one"
NO_DEBUG_INFO = "this program has no full debug information (a release build?): build it without --release"
NO_EXECUTOR = "no executor is running: the program is before `run`, or after it"
NO_MEMORY = "the memory at {} can't be read: it is damaged, or the core dump is cut short, or of another build"
NONSENSE = "{} is nonsense: the memory is damaged, or the core dump is of another build"
RENAMED = "`{}` has no `{}`: this script and the program are of different versions"
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


# ---- 2. values --------------------------------------------------------------------------------------------------

POINTER, STRUCT, ARRAY, UNION = gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_UNION
PLAIN = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_FLT, gdb.TYPE_CODE_CHAR)
MANY = 1 << 28  # no table has more rows; if it says so, the memory is damaged


def static(name):
    """A static, by its path: wherever the program stands, in whatever language."""
    symbol = gdb.lookup_static_symbol(name) or gdb.lookup_global_symbol(name)
    if symbol is None:
        raise Answer(NO_DEBUG_INFO if gdb.objfiles() else NO_PROGRAM)
    return symbol.value()


def unsigned(bits):
    return gdb.selected_inferior().architecture().integer_type(bits, False)


def path_of(value):
    """The path of a value's type, as Rust writes it. (`str(type)` depends on where the program stands.)"""
    kind = value if isinstance(value, gdb.Type) else value.type
    return "&" + path_of(kind.target()) if kind.code == POINTER else kind.name or str(kind)


def own_fields(kind):
    return [each for each in kind.fields() if each.name and not each.artificial]


def has(value, name):
    return value.type.code == STRUCT and any(each.name == name for each in value.type.fields())


def field(value, *path):
    """A field of a field of a field."""
    for name in path:
        if not has(value, name):
            raise Answer(RENAMED.format(path_of(value), name))
        value = value[name]
    return value


def inner(value):
    """What is inside wrappers: the value of a `Cell`, the pointer of a `NonNull`, the number of a newtype."""
    while value.type.code == STRUCT:
        fields = value.type.fields()
        if not fields:
            raise Answer(RENAMED.format(path_of(value), "value"))
        value = value[fields[0]]
    return value


def number(value):
    return int(inner(value))


def target(value):
    """What the pointer in this value points at."""
    return inner(value).dereference()


def cell(value):
    """What is in a `Cell` or `RefCell`, borrowed or not."""
    while re.match(r"core::cell::(Unsafe|Ref)?Cell<", path_of(value)):
        value = field(value, "value")
    return value


def variant(value):
    """An enum's variant: its name, and its fields."""
    if value.type.code == gdb.TYPE_CODE_ENUM:
        return str(value).rsplit("::", 1)[-1], None
    fields = own_fields(value.type)
    if len(fields) != 1:
        raise Answer(NONSENSE.format(f"a `{path_of(value)}`"))
    return fields[0].name, value[fields[0]]


def option(value):
    """What is in an `Option`; Python's None if nothing is."""
    name, some = variant(value)
    return some["__0"] if name == "Some" else None


def elements(value):
    """A pointer to the first element of a `Vec` or `VecDeque`."""
    return inner(field(value, "buf", "inner", "ptr")).cast(value.type.template_argument(0).pointer())


class vector:
    """The elements of a `Vec`. Each is read when somebody looks at it."""

    def __init__(self, value):
        self.first, self.length = elements(value), number(field(value, "len"))
        if self.length > MANY:
            raise Answer(NONSENSE.format(f"a `Vec` of {self.length} elements"))

    def __len__(self):
        return self.length

    def __getitem__(self, i):
        if isinstance(i, slice):
            return [self.first[each] for each in range(self.length)[i]]
        if not 0 <= i < self.length:
            raise IndexError(i)
        return self.first[i]


def ring(value):
    """The elements of a `VecDeque`, first to last."""
    head, length, first = number(field(value, "head")), number(field(value, "len")), elements(value)
    capacity = number(field(value, "buf", "inner", "cap"))
    if length > capacity or capacity > MANY:
        raise Answer(NONSENSE.format("a `VecDeque`"))
    return [first[(head + i) % capacity] for i in range(length)]


def text(value):
    """A string of any kind: `&str`, `Box<str>`, `String`."""
    if path_of(value) == "alloc::string::String":
        pointer, length = elements(field(value, "vec")), number(field(value, "vec", "len"))
    else:
        while not has(value, "data_ptr"):
            value = value[value.type.fields()[0]]
        pointer, length = value["data_ptr"], number(value["length"])
    if length > 1 << 16:
        raise Answer(NONSENSE.format(f"a string of {length} bytes"))
    read = gdb.selected_inferior().read_memory
    return bytes(read(int(pointer), length)).decode("utf-8", "replace") if length else ""


def hash_map(value):
    """The pairs of a `HashMap`: a byte for each bucket says if it is full; the buckets lie before them, backwards."""
    table = field(value, "base", "table")
    buckets = number(field(table, "table", "bucket_mask")) + 1
    if buckets > MANY:
        raise Answer(NONSENSE.format("a `HashMap`"))
    control = inner(field(table, "table", "ctrl"))
    byte, pair = control.cast(unsigned(8).pointer()), control.cast(table.type.template_argument(0).pointer())
    return [(pair[-1 - i]["__0"], pair[-1 - i]["__1"]) for i in range(buckets) if int(byte[i]) < 128]


def tree_map(value):
    """The pairs of a `BTreeMap`, in the order of their keys."""
    root = option(field(value, "root"))
    return list(tree_node(inner(field(root, "node")), number(field(root, "height")))) if root is not None else []


def tree_node(node, height):
    leaf, edges = node.dereference(), None
    if height > 0:
        kind = path_of(leaf).replace("LeafNode", "InternalNode", 1)
        edges = node.cast(gdb.lookup_type(kind).pointer())["edges"]
    length = number(field(leaf, "len"))
    if length > 11 or height > 20:
        raise Answer(NONSENSE.format("a `BTreeMap`"))
    for i in range(length + 1):
        if edges is not None:
            yield from tree_node(inner(edges[i]["value"]), height - 1)
        if i < length:
            yield leaf["keys"][i]["value"]["value"]["__0"], leaf["vals"][i]["value"]["value"]["__0"]


def parts(value):
    """What a pointer points at; the fields of a struct, or of an enum's variant. Not what gdb can't read."""
    if value.type.code == POINTER:
        return readable(value.dereference) if int(value) else []
    return [part for each in own_fields(value.type) for part in readable(lambda: value[each])]


def readable(read):
    """A value, or none: gdb 13 can't read enums whose tag has 128 bits."""
    try:
        return [read()]
    except gdb.MemoryError:
        raise
    except gdb.error:
        return []


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
    kind = arguments[0].type
    if path_of(kind.target()).startswith(STAGE):
        kind = next(each.type for each in kind.target().fields() if each.name == "Running").pointer()
    return inner(fat["pointer"]).cast(kind).dereference()


# ---- 3. tables --------------------------------------------------------------------------------------------------
# Where the executor keeps what. If it changes, these lines change, and few others.

RUNNING, VTABLE = "executor::waker::RUNNING", "executor::waker::VTABLE"
POLL, STEP, PASS = (f"executor::executor::Core::{name}" for name in ("poll", "step", "run_once"))
STAGE = "executor::body::Stage<"  # a task's body; `Running` unless it has ended: body.rs
QUEUED, CANCELLED = 1, 2  # flags of a task's row: task.rs
NOBODY = (1 << 32) - 1  # the end of a chain: list.rs
SLOT_BITS, GENERATION_BITS = 28, 20  # of a ticket: waker.rs
LEVELS, SLOTS, DIGIT = 11, 64, 6  # of the wheel: wheel.rs


def the_core():
    """The executor that runs. Everything starts here."""
    pointer = inner(static(RUNNING))
    if int(pointer) == 0:
        raise Answer(NO_EXECUTOR + (", or the core dump is cut short" if is_core() else ""))
    return pointer.dereference()


def part(core, name):
    """One of the executor's cells: what is in it."""
    return cell(field(core, name))


class Rows:
    """A table of linked rows, of list.rs."""

    def __init__(self, table):
        self.entries = vector(field(table, "__0", "entries"))

    def get(self, row):
        """A row in use, or None."""
        if not 0 <= row < len(self.entries):
            return None
        name, occupied = variant(self.entries[row])
        return occupied["__0"] if name == "Occupied" else None

    def value(self, row, what):
        used = self.get(row)
        if used is None:
            raise Answer(NONSENSE.format(f"the number of a {what} ({row})"))
        return field(used, "value")

    def used(self):
        return (row for row in range(len(self.entries)) if self.get(row) is not None)

    def chained(self, chain, what):
        """The rows of a chain, first to last: numbers and values."""
        row, seen = number(field(chain, "first")), 0
        while row != NOBODY:
            if seen > len(self.entries):
                raise Answer(NONSENSE.format(f"a line of {what}s without end"))
            yield row, self.value(row, what)
            row, seen = number(field(self.get(row), "next")), seen + 1


class Ticket:
    """A waker is a number: executor, generation, slot."""

    def __init__(self, value):
        bits = number(value)
        self.slot = bits & (1 << SLOT_BITS) - 1
        self.generation = bits >> SLOT_BITS & (1 << GENERATION_BITS) - 1
        self.executor = bits >> SLOT_BITS + GENERATION_BITS

    @staticmethod
    def of(waker):
        """The ticket of a `Waker`, or None if it is not one of ours."""
        raw = field(waker, "waker")
        ours = int(inner(field(raw, "vtable"))) == int(static(VTABLE).address)
        return Ticket(field(raw, "data")) if ours else None


class Run:
    """The tables of the executor that runs, and how its tasks are called. Read anew by each command."""

    def __init__(self):
        self.core = the_core()
        tasks = part(self.core, "tasks")
        self.rows = vector(field(tasks, "rows"))
        self.watches = vector(field(tasks, "watches"))

    @functools.cached_property
    def names(self):
        return {number(slot): text(name) for slot, name in hash_map(field(part(self.core, "tasks"), "names"))}

    @functools.cached_property
    def wheel(self):
        return part(self.core, "timers")

    @functools.cached_property
    def timers(self):
        return Rows(field(self.wheel, "entries"))

    @functools.cached_property
    def gathers(self):
        return Rows(part(self.core, "gathers"))

    @functools.cached_property
    def joiners(self):
        return Rows(part(self.core, "joiners"))

    def number(self, name):
        return number(part(self.core, name))

    def steps(self):
        return self.number("steps")

    def ready(self):
        """The entries of the ready queue: this pass's, the number of the first of them that is left; the next one's."""
        ready = part(self.core, "ready")
        return vector(field(ready, "now")), number(field(ready, "turn")), vector(field(ready, "next"))

    def current(self):
        """The ticket of the task whose turn it is, or None."""
        ticket = option(part(self.core, "current"))
        return Ticket(ticket) if ticket is not None else None

    def time(self):
        """What the virtual clock shows. None on the system clock: its time does not stand in memory."""
        kind, clock = variant(field(self.core, "clock", "__0"))
        return number(field(target(clock["__0"]), "value", "now")) if kind == "Virtual" else None

    # A task's row.

    def row(self, slot):
        if slot >= len(self.rows):
            raise Answer(NONSENSE.format(f"the number of a task ({slot})"))
        return self.rows[slot]

    def generation(self, slot):
        return number(field(self.row(slot), "generation"))

    def state_of(self, slot):
        """The row's own state: Idle, Running, Done or Free."""
        return variant(field(self.row(slot), "state"))[0]

    def alive(self, slot):
        return slot < len(self.rows) and self.state_of(slot) in ("Idle", "Running")

    def is_alive(self, ticket):
        return self.alive(ticket.slot) and self.generation(ticket.slot) == ticket.generation

    def flag(self, slot, flag):
        return bool(number(field(self.row(slot), "flags")) & flag)

    def is_idle(self, slot):
        return self.state_of(slot) == "Idle" and not self.flag(slot, QUEUED)

    def wait(self, slot):
        """What an idle task waits for: a variant of `Wait`."""
        return variant(field(self.row(slot), "waits"))

    def awaited_by(self, slot):
        """The tasks whose end an idle task waits for."""
        kind, what = self.wait(slot) if self.is_idle(slot) else ("", None)
        if kind == "Task":
            return [number(what["__0"])]
        return self.gathered(number(what["__0"])) if kind == "Gather" else []

    def gathered(self, gather):
        """The tasks of a gather that have not ended."""
        return [child.slot for child in self.children(gather) if self.is_alive(child)]

    def children(self, gather):
        return [Ticket(child) for child in vector(field(self.gathers.value(gather, "gather"), "children"))]

    def deadline(self, timer):
        return duration(number(field(self.timers.value(timer, "timer"), "deadline")))

    def is_due(self, timer):
        """Its deadline has come, but it has not fired: its call stands in the ready queue."""
        entry = self.timers.value(timer, "timer")
        return bool(number(field(entry, "due"))) and variant(field(entry, "value"))[0] in ("Wake", "Expire")

    # ---- 4. words -----------------------------------------------------------------------------------------------

    def id(self, slot):
        generation = self.generation(slot)
        return f"{slot}.{generation}" if generation else str(slot)

    def task(self, slot):
        """A task's name, or its number."""
        nameless = "Main" if self.id(slot) == "0" else f"task {self.id(slot)}"
        return self.names.get(slot, nameless)

    def ticket(self, ticket):
        """The task of a ticket. Of one that is gone, only the number is left."""
        if ticket is None:
            return "a waker from outside"
        if ticket.executor != self.number("number"):
            return f"a task of executor {ticket.executor}"
        if ticket.slot < len(self.rows) and self.generation(ticket.slot) == ticket.generation:
            return self.task(ticket.slot)
        return f"task {ticket.slot}.{ticket.generation}, which is gone"

    def state(self, slot):
        state, end = variant(field(self.row(slot), "state"))
        if state == "Done":
            return f"done: {variant(end['__0'])[0].lower()}"
        word = "running" if state == "Running" else "idle" if self.is_idle(slot) else "queued"
        return word + (", cancelled" if self.flag(slot, CANCELLED) else "")

    def waits_for(self, slot):
        """What an idle task waits for, in the words of the executor's own reports."""
        if not self.is_idle(slot):
            return ""
        kind, what = self.wait(slot)
        if kind == "Timer":
            return f"its timer, at {self.deadline(number(what['__0']))}"
        if kind == "Line":
            line, owner = variant(what["__0"])[0], number(what["__1"])
            return LINES.get(line, line).format(owner)
        if kind == "Task":
            return f"the end of {self.task(number(what['__0']))}"
        if kind == "Gather":
            children = self.gathered(number(what["__0"]))
            more = f", … ({len(children)} tasks)" if len(children) > 5 else ""
            return "the ends of " + ", ".join(map(self.task, children[:5])) + more
        return {"Several": "several things at once", "Nothing": "something outside this executor"}.get(kind, kind)

    def alarm(self, timer):
        """What a timer does, and for whom."""
        kind, alarm = variant(field(self.timers.value(timer, "timer"), "value"))
        words = {"Wake": "wakes {}", "Expire": "ends a timeout of {}", "Fired": "has fired", "Disarmed": "is disarmed"}
        who = self.ticket(Ticket.of(alarm["__0"])) if kind in ("Wake", "Expire") else ""
        return words.get(kind, kind).format(who)

    def entry(self, entry):
        """An entry of the ready queue."""
        kind, what = variant(entry)
        if kind == "Poll":
            return f"poll  {self.task(number(what['__0']))}"
        kind, what = variant(what["__0"])
        if kind == "Timer":
            timer = number(what["__0"])
            return f"call  timer {timer} {self.alarm(timer)}"
        if kind == "Child":
            joiner = self.joiners.value(number(what["__0"]), "joiner")
            gather, index = (number(field(variant(joiner)[1], name)) for name in ("gather", "index"))
            return f"call  gather {gather} hears that {self.ticket(self.children(gather)[index])} has ended"
        return "call  the run ends" if kind == "Stop" else f"call  {kind}"

    def moment(self):
        time = self.time()
        return f"pass {self.number('pass')}" + (f", {duration(time)}" if time is not None else "")

    def step(self, kind):
        """What has happened: a `StepKind`."""
        name, what = variant(kind)
        said = {each.name: self.said(each.name, what[each]) for each in own_fields(what.type)} if what else {}
        if name == "Wake" and not number(what["queued"]):
            return f"{said['task']} is woken, but stood in the ready queue already"
        return STEPS.get(name, name).format(**said)

    def said(self, name, value):
        """A field of a `StepKind`."""
        if name in ("task", "child"):
            return self.ticket(Ticket(value))
        if name == "deadline":
            return duration(number(value))
        if name == "until":
            until = option(value)
            return f" until {duration(number(until))}" if until is not None else ""
        if name == "position":
            place = option(value)
            return "overdue" if place is None else "level {}, slot {}".format(*map(number, parts(place)))
        if name in ("end", "what"):
            return QUEUE_STEPS.get(variant(value)[0], variant(value)[0].lower())
        return number(value)


LINES = {
    "Event": "an event to be set",
    "Get": "an item of queue {}",
    "Put": "room in queue {}",
    "Join": "the items of queue {} to be done",
}
STEPS = {
    "Spawn": "{task} is spawned",
    "Poll": "{task} has its turn",
    "Pending": "{task} returns Pending",
    "Ready": "{task} returns Ready",
    "Dropped": "{task} is dropped",
    "Complete": "{task} has ended: {end}",
    "Wake": "{task} is woken",
    "CallTimer": "timer {timer} makes its call",
    "CallChild": "gather {gather} hears that {child} has ended",
    "CallStop": "the run ends",
    "Arm": "timer {timer} is armed for {deadline}: {position}",
    "Cascade": "level {level}, slot {slot} cascades",
    "Fire": "timer {timer} is due",
    "Disarm": "timer {timer} is disarmed",
    "Park": "the loop parks{until}",
    "CancelRequested": "the end of {task} is asked for",
    "Interrupted": "what {task} waits for is cancelled",
    "Queue": "queue {queue}: {what}",
}
QUEUE_STEPS = {
    "Put": "an item is put",
    "Get": "an item is taken",
    "Full": "it is full, put waits",
    "Empty": "it is empty, get waits",
    "TaskDone": "an item is done",
    "Join": "items are not done, join waits",
    "Shutdown": "it is shut down",
}


def duration(nanoseconds):
    """A time as Rust's `Debug` writes it: 4s, 1.5ms."""
    for zeros, unit in ((9, "s"), (6, "ms"), (3, "µs")):
        if nanoseconds >= 10**zeros:
            whole, rest = divmod(nanoseconds, 10**zeros)
            return f"{whole}.{rest:0{zeros}}".rstrip("0").rstrip(".") + unit
    return f"{nanoseconds}ns"


def location(value):
    """An `Option<&Location>` as file:line; empty if there is none."""
    pointer = option(value)
    if pointer is None:
        return ""
    place = target(pointer)
    return f"{text(field(place, 'filename'))}:{number(field(place, 'line'))}"


def source_line(place):
    """Number and text of the line at file:line, as gdb prints them; empty if the file is not here."""
    line = int(place.rsplit(":", 1)[1])
    found = readable(lambda: gdb.decode_line(place)[1])
    if not found or not found[0] or found[0][0].symtab is None:
        return ""
    linecache.checkcache()
    return f"{line}\t{linecache.getline(found[0][0].symtab.fullname(), line).rstrip()}"


# ---- 5. futures -------------------------------------------------------------------------------------------------
# A paused async fn is an enum. Its variant says at which await it stands, and has the future that it awaits in a
# field `__awaitee`. The line of an await is that of the variable `__awaitee` in the function that polls.

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
    name = re.sub(r"_env(#\d+\})", r"\1", type_name)
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


def await_place(async_fn, state, awaitee):
    """Where a paused async fn stands, if the debug information tells."""
    known, kind = awaits(path_of(async_fn)), path_of(awaitee)
    index = int(re.search(r"\d+$", state).group())
    if index < len(known) and known[index][1] == kind:
        return known[index][0]
    same = {place for place, each in known if each == kind}
    return same.pop() if len(same) == 1 else ""


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
        name, state = self.run.task(slot), self.run.state(slot)
        if slot in self.path:
            return f"(T) {name}, again: these tasks wait for each other, in a circle", []
        if slot in self.done or len(self.done) > self.most:
            return f"(T) {name}, see above" if slot in self.done else f"(T) {name}", []
        self.done.add(slot)
        self.path.append(slot)
        below = self.frames() if state.startswith("running") else self.body(slot)
        self.path.pop()
        return f"(T) {name}" + (f", {state}" if state != "idle" else ""), below

    def body(self, slot):
        """What a task that does not run awaits: what its future says; if that can't be read, what its row says."""
        try:
            nodes = self.future(option(field(self.run.row(slot), "body")))
        except (gdb.error, Answer) as error:
            nodes = [(f"its future can't be read: {error}", [])]
        return nodes or [(self.run.waits_for(slot), [])]

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
        state = variant(value)[1]
        name, path = path_of(state).rsplit("::", 1)[-1], short(path_of(value))
        if not has(state, "__awaitee"):
            return f"{path}, " + {"Unresumed": "not begun", "Returned": "returned"}.get(name, name.lower()), []
        place = await_place(value, name, state["__awaitee"])
        return f"{path}  {place}".rstrip(), self.future(state["__awaitee"], depth + 1)

    def leaf(self, value, depth):
        """A future of the executor or the queue."""
        name, run = short(path_of(value)).rsplit("::", 1)[-1], self.run
        if name == "JoinHandle":
            ticket = Ticket(field(value, "task"))
            return "the end of a task", [self.task(ticket.slot)] if run.is_alive(ticket) else []
        if name in ("Gather", "GatherAll"):
            row = option(field(value, "__0", "row"))
            children = run.gathered(number(row["__1"])) if row is not None else []
            return {"Gather": "gather"}.get(name, "gather_all"), [self.task(slot) for slot in children]
        if name == "Timeout":
            timer = option(field(value, "timer"))
            until = f", until {run.deadline(number(field(timer, 'id')))}" if timer is not None else ""
            return f"timeout{until}", self.inside(value, depth)
        if name == "Sleep":
            state, armed = variant(field(value, "state"))
            timer = number(field(armed["__0"], "id")) if state == "Armed" else None
            return "sleep" + (f", until {run.deadline(timer)}" if timer is not None else ""), []
        if has(value, "queue"):
            return f"{name.lower()} of queue {number(field(target(field(value, 'queue')), 'number'))}", []
        return {"WaitForEvent": "wait for an event"}.get(name, name), []


def drawn(nodes, indent=""):
    """A tree, line by line."""
    for i, (line, below) in enumerate(nodes):
        last = i + 1 == len(nodes)
        yield f"{indent}{'└── ' if last else '├── '}{line}"
        yield from drawn(below, indent + ("    " if last else "│   "))


# ---- 6. queues --------------------------------------------------------------------------------------------------
# The executor knows the queues' numbers only. But whoever uses a queue has a pointer to it in its future. So that is
# where they are found: by following everything that can lead to one, as its type tells.

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
    paused = (slot for slot in range(len(run.rows)) if run.state_of(slot) == "Idle")
    for slot in itertools.islice(paused, tasks):
        search.look(option(field(run.row(slot), "body")))
    # The body of the task that runs is not in its row, but in a variable of the function that polls it.
    turn = turn_of(run.core)
    if turn is not None:
        try:
            search.look(turn.read_var("body"))
        except (gdb.error, Answer):
            pass  # in the middle of a poll a future may be half moved: what the other futures lead to must do
    return sorted(search.found.values(), key=lambda queue: number(field(queue, "number")))


def items_of(queue):
    """The items of a queue, the next one first; in what order else, if that can't be told."""
    store = cell(field(queue, "store"))
    if not has(store, "data"):
        return ring(store) if has(store, "head") else vector(store)[::-1], ""
    items = [item["__0"] for item in vector(field(store, "data"))]
    if items and items[0].type.code != gdb.TYPE_CODE_INT:
        return items, ", the smallest one first, the others as they lie in the heap"
    return sorted(items, key=int), ""


def waiters(run, queue, line):
    """Who stands in one of a queue's lines, first to last."""
    waiting = cell(field(queue, line, "line"))
    stand = [variant(each) for _, each in Rows(field(waiting, "rows")).chained(field(waiting, "line"), "waiter")]
    return ", ".join(run.ticket(Ticket.of(waker["__0"])) for kind, waker in stand if kind == "Waiting")


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


# ---- 7. views ---------------------------------------------------------------------------------------------------


def most(argument, usually=100):
    """How many lines to show at most: what the command was given."""
    if argument and not argument.isdigit():
        raise Answer(f"expected how many to show at most, a number, not `{argument}`")
    return int(argument or usually)


def show(lines, limit):
    """Prints lines, but not too many: they are made one by one, as they are needed."""
    for i, line in enumerate(lines):
        if i == limit:
            print(f"… and more: with a number behind it, the command shows so many lines (here: {limit})")
            return
        print(line.rstrip())


class Tasks(Command):
    """All tasks: number, name, state, what each waits for, at which line, how often it was polled and woken.

    tasks        the first 100 of them
    tasks 5000   the first 5000
    """

    name = "tasks"

    def do(self, argument):
        limit, run = most(argument), Run()
        table = [("id", "name", "state", "waits for", "at", "polls", "wakes")]
        slots = (slot for slot in range(len(run.rows)) if run.state_of(slot) != "Free")
        for slot in itertools.islice(slots, limit + 1):
            waits, at, counts = run.waits_for(slot), "", ("", "")
            if slot < len(run.watches):
                watch = run.watches[slot]
                at = location(field(watch, "awaits_at")) if waits else ""
                counts = [str(number(field(watch, name))) for name in ("polls", "wakes")]
            table.append((run.id(slot), run.task(slot), run.state(slot), waits, at, *counts))
        widths = [max(map(len, column)) for column in zip(*table)]
        show(("  ".join(map(str.ljust, row, widths)) for row in table), limit + 1)


class AwaitTree(Command):
    """Who awaits whom, with the line of each await, like `python -m asyncio pstree`.

    (T) is a task. Below it stand its async fns, outermost first, and below the last one what that awaits.
    """

    name = "await-tree"

    def do(self, argument):
        limit, run = most(argument), Run()
        alive = [slot for slot in range(len(run.rows)) if run.alive(slot)]
        awaited = {each for slot in alive for each in run.awaited_by(slot)}
        tree = Tree(run, limit)
        roots = [tree.task(slot) for slot in alive if slot not in awaited]
        # Whoever is left is in a circle.
        roots += [tree.task(slot) for slot in alive if slot not in tree.done and len(tree.done) <= limit]
        show(drawn(roots) if roots else ["no task is alive"], limit)


class Ready(Command):
    """The ready queue, in the order of the turns: "poll" this task, or "call" this."""

    name = "ready"

    def do(self, argument):
        limit, run = most(argument), Run()
        now, turn, then = run.ready()
        for title, entries, begin in (("in this pass:", now, turn), ("in the next pass:", then, 0)):
            if begin < len(entries):
                print(title)
                show((f"  {run.entry(entries[i])}" for i in range(begin, len(entries))), limit)
        if turn >= len(now) and not len(then):
            print("nothing is ready")


class Wheel(Command):
    """The timer wheel: its time, and its timers by level and slot, with deadlines and whom they wake."""

    name = "wheel"

    def do(self, argument):
        limit, run = most(argument), Run()
        print(f"the wheel's time is {duration(number(field(run.wheel, 'cursor')))}")
        lines = self.lines(run)
        show(itertools.chain([next(lines, "no timer is armed")], lines), limit)

    def lines(self, run):
        def timers(title, slots):
            for i, timer in enumerate(slots):
                if i == 0:
                    yield title
                yield f"  timer {timer}, at {run.deadline(timer)}: {run.alarm(timer)}"

        def chain(value):
            return (timer for timer, _ in run.timers.chained(value, "timer"))

        for level, slot, line in self.slots(run.wheel):
            yield from timers(f"level {level}, slot {slot} (a slot is {duration(1 << level * DIGIT)})", chain(line))
        for deadline, line in tree_map(field(run.wheel, "overdue")):
            yield from timers(f"past when it was armed: {duration(number(deadline))}", chain(line))
        due = (timer for timer in run.timers.used() if run.is_due(timer))
        yield from timers("in no slot any more, for they are due:", due)

    @staticmethod
    def slots(wheel):
        """The slots that hold anything: level, slot, chain."""
        levels = target(field(wheel, "levels"))
        for level in range(LEVELS):
            occupied = number(field(levels[level], "occupied"))
            for slot in range(SLOTS):
                if occupied >> slot & 1:
                    yield level, slot, field(field(levels[level], "slots")[slot], "line")


class Inbox(Command):
    """The inbox: wakes from other threads that the loop has not collected yet, and whether it is parked."""

    name = "inbox"

    def do(self, _argument):
        run = Run()
        letters = cell(field(target(field(run.core, "inbox")), "letters", "data"))
        tickets = [*vector(field(letters, "tickets")), *vector(part(run.core, "letters"))]
        wakes = ", ".join(run.ticket(Ticket(ticket)) for ticket in tickets)
        parked = "" if number(field(letters, "parked")) else "not "
        print(f"executor {run.number('number')} is {parked}parked; wakes from other threads: {wakes or 'none'}")


class Queues(Command):
    """The queues that the tasks use: the items, next one first, and who waits for what.

    queues       ten items of each; it looks for queues in the first 1000 tasks
    queues 500   500 items of each; in the first 50000 tasks
    """

    name = "queues"

    def do(self, argument):
        limit, run = most(argument, 10), Run()
        queues = queues_of(run, 100 * limit)
        for queue in queues:
            (items, order), maxsize = items_of(queue), number(field(queue, "maxsize"))
            counts = f"{len(items)} of at most {maxsize} items" if maxsize else f"{len(items)} items"
            closed = ", shut down" if number(field(queue, "closed")) else ""
            not_done = number(field(queue, "unfinished"))
            print(f"queue {number(field(queue, 'number'))}: {counts}, {not_done} not done{closed}")
            if items:
                print(f"  items{order}:", ", ".join(map(shown, items[:limit])) + (", …" if len(items) > limit else ""))
            for line, what in (("getters", "an item"), ("putters", "room"), ("joiners", "all items to be done")):
                who = waiters(run, queue, line)
                if who:
                    print(f"  for {what} wait: {who}")
        if not queues:
            print("no task that is alive has a queue")


class StepNumber(Command):
    """The number of the last step, with its pass and time, and whose turn it is."""

    name = "step-number"

    def do(self, _argument):
        run = Run()
        current = run.current()
        print(f"step {run.steps()} ({run.moment()})" + (f", the turn of {run.ticket(current)}" if current else ""))


# ---- 8. running -------------------------------------------------------------------------------------------------
# Every step of DESIGN.md section 5 goes through `Core::step`. The commands stop there, look which step it is, and when
# it is the right one, go on to the line that made it: there the step has just been taken.

BETWEEN = re.compile(r"executor::(executor::Core::(step|note)|trace::report)$|queue::queue::BaseQueue::report$")


class Stop(gdb.Breakpoint):
    """An invisible breakpoint, which stops only where `wanted` says so."""

    def __init__(self, where, wanted):
        super().__init__(where, internal=True)
        self.silent, self.wanted, self.reached, self.error = True, wanted, False, None

    def stop(self):
        try:
            self.reached = self.wanted(gdb.newest_frame())
        except (gdb.error, Answer) as error:
            self.error = error
        return self.reached or self.error is not None


def is_live():
    return gdb.selected_inferior().pid != 0


def is_core():
    return is_live() and gdb.selected_inferior().connection.type == "core"


def is_recording():
    return is_live() and gdb.current_recording() is not None


def go(where, wanted, back=False):
    """Runs to `where`, if it is wanted there. False if something else has stopped the program; gdb says what."""
    if back and not is_recording():
        raise Answer(NO_WAY_BACK)
    stop = Stop(where, wanted)
    try:
        gdb.execute("reverse-continue" if back else "continue" if is_live() else "run", to_string=True)
        if stop.error is not None:
            raise stop.error
        return stop.reached
    finally:
        if stop.is_valid():
            stop.delete()


def run_to_step(wanted, back=False):
    """Runs to a step of which `wanted(number, kind)` says yes."""
    reached = {}

    def here(frame):
        core, kind = inner(frame.read_var("self")), frame.read_var("kind")
        if int(core) != int(the_core().address):
            return False  # another thread's executor
        if wanted(number(part(core.dereference(), "steps")) + 1, kind):
            reached["kind"], reached["step"] = variant(kind)[0], Run().step(kind)
        return bool(reached)

    if go(STEP, here, back):
        leave_the_notes()
        if reached["kind"] == "Poll":
            enter_the_future()
        tell(reached["step"])


def leave_the_notes():
    """From inside a step to the line that made it."""
    frame = gdb.newest_frame()
    while BETWEEN.match(short(frame.name() or "")):
        frame = frame.older()
    go(f"*{frame.pc()}", lambda newest: newest == frame)


def enter_the_future():
    """A poll begins: on to the first line of the task's async fn, if it has one."""
    name = first_async(gdb.newest_frame().read_var("body"))
    function = poll_function(name) if name else None
    if function is not None:
        begin, *rest = lines_of(function)
        go(f"*{next((pc for pc in rest if pc > begin), begin)}", lambda _: True)


def first_async(value, depth=0):
    """The type of the outermost async fn of a future."""
    name = path_of(value) if value is not None else ""
    if ASYNC.search(head(name)) and value.type.code == STRUCT:
        return name
    if depth > 16 or not (FUTURE.search(name) or name == "executor::body::Body"):
        return None
    inside = [concrete(value)] if is_dyn(value) else parts(value)
    return next(filter(None, (first_async(each, depth + 1) for each in inside)), None)


def tell(what):
    """Says which step it was, because of which line of the user's it was taken, and where the program stands."""
    run = Run()
    current = run.current()
    by = f", by {run.ticket(current)}" if current and run.ticket(current) not in what else ""
    print(f"step {run.steps()} ({run.moment()}): {what}{by}")
    user = location(part(run.core, "user"))
    if user:
        print(f"because of {user}\n{source_line(user)}")
    stand()


def stand():
    frame = gdb.newest_frame()
    place = frame.find_sal()
    if place.symtab is not None:
        where = f"{place.symtab.filename}:{place.line}"
        print(f"{short(frame.name() or '??')} at {where}\n{source_line(where)}")


def steps_now():
    """The number of the last step; 0 before the first. No answer if the program can't run."""
    if is_core():
        raise Answer("this is a core dump: it can be looked at, but it does not run")
    static(RUNNING)
    return number(part(the_core(), "steps")) if is_live() and int(inner(static(RUNNING))) else 0


class Goto(Command):
    """Runs to the step with this number: goto 41

    It stops right after the step, at the line that made it; if it is a poll, at the first line of the future.
    The numbers are those of `demo --trace` and of the book. While gdb records, it goes back as well.
    """

    name = "goto"

    def do(self, argument):
        if not argument.isdigit() or int(argument) == 0:
            raise Answer("goto which step? expected a number from 1, as in: goto 41")
        step, now = int(argument), steps_now()
        if step <= now and not is_recording():
            raise Answer(f"step {step} is past, this is step {now}: `run` again. Or let gdb record: start --record")
        run_to_step(lambda each, _: each == step, back=step <= now)


class ToStep(Command):
    kind = ""

    def do(self, argument):
        back, now = self.name.startswith("previous"), steps_now()

        def wanted(step, kind):
            name, what = variant(kind)
            if name != self.kind or (back and step >= now):
                return False
            return not argument or argument in subject(what)

        run_to_step(wanted, back)


def subject(what):
    """By what names the task of a step can be asked for."""
    ticket = Ticket(what["task"]) if has(what, "task") else None
    return (Run().ticket(ticket), str(ticket.slot)) if ticket else ()


class ToPass(Command):
    def do(self, _argument):
        def here(frame):
            return int(inner(frame.read_var("self"))) == int(the_core().address)

        if steps_now() >= 0 and go(PASS, here, self.name.startswith("previous")):
            run = Run()
            print(f"pass {run.number('pass') + 1} begins, after step {run.steps()}")
            stand()


def step_commands():
    for direction, does in (("next", "Runs on to"), ("previous", "While gdb records: goes back to")):
        for base, word, what in (
            (ToStep, "poll", "the turn of a task, and into its future. With a name or number: of this task."),
            (ToStep, "wake", "where a task is woken. With a name or number: this task."),
            (ToStep, "fire", "where a timer is due."),
            (ToPass, "pass", "the beginning of a pass of the loop."),
        ):
            name = f"{direction}-{word}"
            type(name, (base,), {"name": name, "kind": word.capitalize(), "__doc__": f"{does} {what}"})()


class TaskRow(gdb.Function):
    """$task(1), $task("Producer 0"): the row of a task, as in: watch -l $task(1).flags"""

    def __init__(self):
        super().__init__("task")

    def invoke(self, which):
        try:
            run = Run()
            if which.type.code in PLAIN:
                return run.row(int(which))
            wanted = text(which) if has(which, "data_ptr") else which.string()
            for slot in range(len(run.rows)):
                if run.task(slot) == wanted:
                    return run.row(slot)
        except gdb.MemoryError as error:
            raise gdb.GdbError(NO_MEMORY.format(str(error).rsplit(" ", 1)[-1])) from None
        except (Answer, gdb.error) as what:
            raise gdb.GdbError(str(what)) from None
        raise gdb.GdbError("there is no such task")


# ---- 9. comfort -------------------------------------------------------------------------------------------------

STD = r"^(core|alloc|std|test)::"
SKIPS = (
    f"-rfu {STD}",
    "-rfu ^executor::executor::Core::(note|step|watch|at|takes_notes)$",
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


for view in (Tasks, AwaitTree, Ready, Wheel, Inbox, Queues, StepNumber, Goto, TaskRow, WithoutStd):
    view()
step_commands()
step_over_std()
