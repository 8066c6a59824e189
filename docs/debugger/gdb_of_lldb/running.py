"""gdb's commands and breakpoints, and making the program run, by lldb's means."""

import contextlib
import io
import sys

import lldb

from gdb_of_lldb.memory import error, process, target
from gdb_of_lldb.program import find_functions


class Command:
    """Makes `name` a command of lldb's."""

    def __init__(self, name, _class):
        function = "run_" + name.replace("-", "_")

        def run(_debugger, argument, result, _dict):
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                self.invoke(argument, True)
            result.AppendMessage(said.getvalue().rstrip("\n"))

        run.__doc__ = self.__doc__
        # lldb finds a function by its path, beginning with a module that it has imported itself.
        setattr(sys.modules["executor_lldb"], function, run)
        lldb.debugger.HandleCommand(f"command script add -o -f executor_lldb.{function} {name}")


class Breakpoint:
    """A breakpoint that asks `stop`, or rather: whoever makes the program run asks it."""

    mine = {}

    def __init__(self, where, internal=True):
        if where.startswith("*"):
            self.sb = target().BreakpointCreateByAddress(int(where[1:]))
        else:
            # lldb looks at the last part of the name only.
            found = find_functions(where.rsplit("::", 1)[-1], lldb.eFunctionNameTypeAuto)
            function = next((each.sb for each in found if each.name() == where), None)
            if function is None:
                raise error(f"there is no function {where}")
            begin = function.GetStartAddress()
            begin.OffsetAddress(function.GetPrologueByteSize())
            self.sb = target().BreakpointCreateBySBAddress(begin)
        Breakpoint.mine[self.sb.GetID()] = self

    def is_valid(self):
        return self.sb.IsValid()

    def delete(self):
        Breakpoint.mine.pop(self.sb.GetID(), None)
        target().BreakpointDelete(self.sb.GetID())


def execute(command, to_string=False):
    if command in ("run", "continue"):
        go(command)
    return "" if to_string else None


def go(command):
    """Runs until a breakpoint of ours says stop, or something else stops the program."""
    asynchronous = lldb.debugger.GetAsync()
    lldb.debugger.SetAsync(False)
    try:
        if command == "run":
            failure = lldb.SBError()
            target().Launch(target().GetLaunchInfo(), failure)
            if failure.Fail():
                raise error(str(failure))
        else:
            process().Continue()
        while goes_on():
            process().Continue()
        if process().GetState() == lldb.eStateExited:
            print(f"the program has ended, with status {process().GetExitStatus()}")
    finally:
        lldb.debugger.SetAsync(asynchronous)


def goes_on():
    """Whether the program stands at breakpoints of ours only, and none of them wants it to stay."""
    for thread in process() if process().GetState() == lldb.eStateStopped else ():
        if thread.GetStopReason() == lldb.eStopReasonBreakpoint:
            process().SetSelectedThread(thread)
            hit = [thread.GetStopReasonDataAtIndex(i) for i in range(0, thread.GetStopReasonDataCount(), 2)]
            return all(each in Breakpoint.mine and not Breakpoint.mine[each].stop() for each in hit)
    return False
