"""8. Running: the commands that go somewhere.

Every step goes through `Core::step`, of trace.rs. The commands stop there, look which step it is, and when it is
the right one, go on to the line that made it: there the step has just been taken.
"""

import re

import gdb

from executor_gdb.answers import ENDED, NO_WAY_BACK, Answer, Command
from executor_gdb.futures import ASYNC, FUTURE, concrete, head, is_dyn, lines_of, poll_function, short
from executor_gdb.tables import RUNNING, Run, TaskId, is_core, is_live, the_core
from executor_gdb.values import STRUCT, cell, field, has, inner, number, parts, path_of, static, variant
from executor_gdb.words import location, moment, source_line, step, who

STEP, PASS = "executor::executor::Core::step", "executor::executor::Core::run_once"
BETWEEN = re.compile(r"executor::(executor::Core::(step|note)|trace::(note|report))$|queue::queue::BaseQueue::report$")


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


def is_recording():
    return is_live() and gdb.current_recording() is not None


def is_replaying():
    """It has gone back, and is still in what was recorded."""
    return is_recording() and "Replay mode" in gdb.execute("info record", to_string=True)


def go(where, wanted, back=False):
    """Runs to `where`, if it is wanted there. False if something else has stopped the program; gdb says what."""
    if back and not is_recording():
        raise Answer(NO_WAY_BACK)
    stop, replaying = Stop(where, wanted), not back and is_replaying()
    try:
        gdb.execute("reverse-continue" if back else "continue" if is_live() else "run", to_string=True)
        if replaying and not stop.reached and not is_replaying():
            # gdb stops where the recording ends. From there the program really runs again.
            gdb.execute("continue", to_string=True)
        if stop.error is not None:
            raise stop.error
        if not is_live():
            raise Answer(ENDED)
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
        if wanted(number(cell(field(core.dereference(), "steps"))) + 1, kind):
            reached["kind"], reached["step"] = variant(kind)[0], step(Run(), kind)
        return bool(reached)

    if go(STEP, here, back):
        place = leave_the_notes()
        if reached["kind"] == "Poll":
            place = enter_the_future() or place
        tell(reached["step"], place)


def leave_the_notes():
    """From inside a step to the end of the line that made it; gives that line."""
    frame = gdb.newest_frame()
    while BETWEEN.match(short(frame.name() or "")):
        frame = frame.older()
    line = place_of(frame)
    go(f"*{frame.pc()}", lambda newest: newest == frame)
    return line


def enter_the_future():
    """A poll begins: on to the first line of the task's async fn, and gives that line. None if it has none."""
    name = first_async(gdb.newest_frame().read_var("body"))
    function = poll_function(name) if name else None
    if function is None:
        return None
    begin, *rest = lines_of(function)
    go(f"*{next((pc for pc in rest if pc > begin), begin)}", lambda _: True)
    return place_of(gdb.newest_frame())


def first_async(value, depth=0):
    """The type of the outermost async fn of a future."""
    name = path_of(value) if value is not None else ""
    if ASYNC.search(head(name)) and value.type.code == STRUCT:
        return name
    if depth > 16 or not (FUTURE.search(name) or name == "executor::body::Body"):
        return None
    inside = [concrete(value)] if is_dyn(value) else parts(value)
    return next(filter(None, (first_async(each, depth + 1) for each in inside)), None)


def place_of(frame):
    """Where a frame stands: function, and file:line. In the middle of a call that is the line of the call."""
    line = frame.find_sal()
    where = f"{line.symtab.filename}:{line.line}" if line.symtab is not None else ""
    return short(frame.name() or "??"), where


def tell(what, place):
    """Says which step it was, because of which line of the user's, and which line of the executor has taken it."""
    run = Run()
    current = run.current()
    doer = who(run, current) if current is not None else ""
    by = f", by {doer}" if doer and doer not in what else ""
    print(f"step {run.number('steps')} ({moment(run)}): {what}{by}")
    user = location(run.core_cell("user"))
    if user:
        print(f"because of {user}\n{source_line(user)}")
    show_place(place)


def show_place(place):
    function, where = place
    if where:
        print(f"{function} at {where}\n{source_line(where)}")


def steps_now():
    """The number of the last step; 0 before the first. No answer if the program can't run."""
    if is_core():
        raise Answer("this is a core dump: it can be looked at, but it does not run")
    static(RUNNING)
    return Run().number("steps") if is_live() and int(inner(static(RUNNING))) else 0


class Goto(Command):
    """Runs to the step with this number: goto 41

    It stops right after the step, at the line that made it; if it is a poll, at the first line of the future.
    The numbers are those of `demo --trace` and of the book. While gdb records, it goes back as well.
    """

    name = "goto"

    def do(self, argument):
        if not argument.isdigit() or int(argument) == 0:
            raise Answer("goto which step? expected a number from 1, as in: goto 41")
        wanted, now = int(argument), steps_now()
        if wanted <= now and not is_recording():
            raise Answer(f"step {wanted} is past, this is step {now}: `run` again. Or let gdb record: start --record")
        run_to_step(lambda each, _: each == wanted, back=wanted <= now)


class ToStep(Command):
    kind = ""

    def do(self, argument):
        back, now = self.name.startswith("previous"), steps_now()

        def wanted(each, kind):
            name, what = variant(kind)
            if name != self.kind or (back and each >= now):
                return False
            return not argument or argument in subject(what)

        run_to_step(wanted, back)


def subject(what):
    """By what names the task of a step can be asked for."""
    task = TaskId(what["task"]) if has(what, "task") else None
    return (who(Run(), task), str(task)) if task is not None else ()


class ToPass(Command):
    def do(self, _argument):
        def here(frame):
            return int(inner(frame.read_var("self"))) == int(the_core().address)

        if steps_now() >= 0 and go(PASS, here, self.name.startswith("previous")):
            run = Run()
            print(f"pass {run.number('pass') + 1} begins, after step {run.number('steps')}")
            show_place(place_of(gdb.newest_frame()))


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


Goto()
step_commands()
