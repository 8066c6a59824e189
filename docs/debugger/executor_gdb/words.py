"""4. Words: how a task, a time, a step is said. Those of `demo --trace`, and of the executor's own reports."""

import linecache

import gdb

from executor_gdb.tables import CANCELLED, WOKEN, TaskId
from executor_gdb.values import field, number, option, own_fields, parts, readable, target, text, variant

WAITS = {
    "Event": "event {} to be set",
    "Get": "an item of queue {}",
    "Put": "room in queue {}",
    "Join": "the items of queue {} to be done",
    "Several": "several things at once",
    "Nothing": "something outside this executor",
}
FLAGS = {"woken": WOKEN, "cancelled": CANCELLED}
ALARMS = {"Wake": "wakes {}", "Expire": "ends a timeout of {}", "Fired": "has fired", "Disarmed": "is disarmed"}
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
    "WaitForEvent": "event {event} is not set, wait waits",
    "SetEvent": "event {event} is set",
    "ClearEvent": "event {event} is cleared",
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


def task_name(run, slot):
    """The name of the task that has this row, or its number."""
    task = run.id(slot)
    return run.names.get(task.bits, "Main" if slot == 0 else f"task {task}")


def who(run, task):
    """The same for a `TaskId`. Of a task that is gone, only the number is left."""
    if task is None:
        return "a waker from outside"
    if task.executor != run.number("number"):
        return f"a task of executor {task.executor}"
    if task.slot < len(run.tasks) and run.id(task.slot) == task:
        return task_name(run, task.slot)
    return f"task {task}, which is gone"


def state(run, slot):
    """What a task does, in a word."""
    activity, end = variant(field(run.row(slot), "activity"))
    if activity == "Done":
        return f"done: {variant(end['__0'])[0].lower()}"
    notes = [word for word, flag in FLAGS.items() if run.has_flag(slot, flag)]
    return ", ".join([activity.lower(), *notes])


def waits_for(run, slot):
    """What an idle task waits for."""
    if run.activity(slot) != "Idle":
        return ""
    kind, what = run.wait(slot)
    if kind == "Timer":
        return f"its timer, at {deadline(run, number(what['__0']))}"
    if kind == "Line":
        line, owner = variant(what["__0"])[0], number(what["__1"])
        return WAITS.get(line, line).format(owner)
    if kind == "Task":
        return f"the end of {task_name(run, number(what['__0']))}"
    if kind == "Gather":
        children = run.gathered(number(what["__0"]))
        more = f", … ({len(children)} tasks)" if len(children) > 5 else ""
        return "the ends of " + ", ".join(task_name(run, each) for each in children[:5]) + more
    return WAITS.get(kind, kind)


def deadline(run, timer):
    return duration(run.deadline(timer))


def alarm(run, timer):
    """What a timer does, and for whom."""
    kind, task = run.alarm(timer)
    return ALARMS.get(kind, kind).format(who(run, task))


def entry(run, ready):
    """An entry of the ready queue."""
    kind, what = variant(ready)
    if kind == "Poll":
        return f"poll  {task_name(run, number(what['__0']))}"
    kind, what = variant(what["__0"])
    if kind == "Timer":
        timer = number(what["__0"])
        return f"call  timer {timer} {alarm(run, timer)}"
    if kind == "Child":
        _, child = variant(run.waiters.value(number(what["__0"]), "waiter"))
        gather, index = number(child["gather"]), number(child["index"])
        return f"call  gather {gather} hears that {who(run, run.children(gather)[index])} has ended"
    return "call  the run ends" if kind == "Stop" else f"call  {kind}"


def moment(run):
    """Pass, and time."""
    time = run.time()
    return f"pass {run.number('pass')}" + (f", {duration(time)}" if time is not None else "")


def step(run, kind):
    """What has happened: a `StepKind`, of trace.rs."""
    name, what = variant(kind)
    said = {each.name: step_field(run, each.name, what[each]) for each in own_fields(what.type)} if what else {}
    if name == "Wake" and not number(what["queued"]):
        return f"{said['task']} is woken, but was awake already"
    return STEPS.get(name, name).format(**said)


def step_field(run, name, value):
    if name in ("task", "child"):
        return who(run, TaskId(value))
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
