"""The program that is debugged, and its memory. What can't be read is one of these errors, as in gdb."""

import lldb


class error(RuntimeError):
    pass


class MemoryError(error):
    pass


def target():
    return lldb.debugger.GetSelectedTarget()


def process():
    return target().GetProcess()


def checked(failure, address, result):
    if failure.Fail():
        raise MemoryError(f"Cannot access memory at address 0x{address:x}")
    return result


def word(address, size=8):
    failure = lldb.SBError()
    return checked(failure, address, process().ReadUnsignedFromMemory(address, size, failure))


def read_memory(address, length):
    failure = lldb.SBError()
    return checked(failure, address, process().ReadMemory(address, length, failure))
