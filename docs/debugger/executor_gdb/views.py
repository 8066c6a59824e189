"""7. Views: the commands that show how things are. They only read memory."""

import itertools

from executor_gdb.answers import Answer, Command
from executor_gdb.futures import Tree, drawn
from executor_gdb.queues import items_of, queues_of, shown
from executor_gdb.tables import Run, TaskId
from executor_gdb.values import cell, field, number, target, tree_map, vector
from executor_gdb.words import alarm, deadline, duration, entry, location, moment, state, task_name, waits_for, who

LEVELS, SLOTS, DIGIT = 11, 64, 6  # of the wheel: wheel.rs


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
        for slot in itertools.islice(run.slots(), limit + 1):
            waits, at, counts = waits_for(run, slot), "", ("", "")
            if slot < len(run.watches):
                watch = run.watches[slot]
                at = location(field(watch, "awaits_at")) if waits else ""
                counts = [str(number(field(watch, name))) for name in ("polls", "wakes")]
            table.append((str(run.id(slot)), task_name(run, slot), state(run, slot), waits, at, *counts))
        widths = [max(map(len, column)) for column in zip(*table)]
        show(("  ".join(map(str.ljust, row, widths)) for row in table), limit + 1)


class AwaitTree(Command):
    """Who awaits whom, with the line of each await, like `python -m asyncio pstree`.

    (T) is a task. Below it stand its async fns, outermost first, and below the last one what that awaits.
    """

    name = "await-tree"

    def do(self, argument):
        limit, run = most(argument), Run()
        alive = [slot for slot in run.slots() if run.activity(slot) != "Done"]
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
                show((f"  {entry(run, entries[i])}" for i in range(begin, len(entries))), limit)
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
                yield f"  timer {timer}, at {deadline(run, timer)}: {alarm(run, timer)}"

        def chain(value):
            return (timer for timer, _ in run.timers.chained(value, "timer"))

        for level, slot, line in self.slots(run.wheel):
            yield from timers(f"level {level}, slot {slot} (a slot is {duration(1 << level * DIGIT)})", chain(line))
        for past, line in tree_map(field(run.wheel, "overdue")):
            yield from timers(f"past when it was armed: {duration(number(past))}", chain(line))
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
        tickets = [*vector(field(letters, "tickets")), *vector(run.core_cell("letters"))]
        wakes = ", ".join(who(run, TaskId(ticket)) for ticket in tickets)
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
            items, maxsize = items_of(queue), number(field(queue, "maxsize"))
            counts = f"{len(items)} of at most {maxsize} items" if maxsize else f"{len(items)} items"
            closed = ", shut down" if number(field(queue, "closed")) else ""
            not_done = number(field(queue, "unfinished"))
            print(f"queue {number(field(queue, 'number'))}: {counts}, {not_done} not done{closed}")
            if items:
                print("  items:", ", ".join(map(shown, items[:limit])) + (", …" if len(items) > limit else ""))
            for line, what in (("getters", "an item"), ("putters", "room"), ("joiners", "all items to be done")):
                waiting = [who(run, task) for task in run.in_line(field(queue, line))]
                if waiting:
                    print(f"  for {what} wait: {', '.join(waiting)}")
        if not queues:
            print("no task that is alive has a queue")


class StepNumber(Command):
    """The number of the last step, with its pass and time, and whose turn it is."""

    name = "step-number"

    def do(self, _argument):
        run = Run()
        current = run.current()
        turn = f", the turn of {who(run, current)}" if current is not None else ""
        print(f"step {run.number('steps')} ({moment(run)}){turn}")


for view in (Tasks, AwaitTree, Ready, Wheel, Inbox, Queues, StepNumber):
    view()
