"""gdb's functions, blocks, frames and threads, made of lldb's."""

import os
import re
import types

import lldb

from gdb_of_lldb.memory import process, read_memory, target
from gdb_of_lldb.values import Field, Type, Value

class Symtab:
    def __init__(self, spec, unit=()):
        self.path, self.unit = os.path.join(spec.GetDirectory() or "", spec.GetFilename() or ""), unit
        self.filename = self.path.removeprefix(os.getcwd() + os.sep)

    def fullname(self):
        return self.path

    def linetable(self):
        for line in self.unit:
            yield types.SimpleNamespace(pc=line.GetStartAddress().GetLoadAddress(target()), line=line.GetLine())


class Function:
    """A function: a symbol of gdb's."""

    is_function = True

    def __init__(self, sb):
        self.sb = sb
        begin = sb.GetStartAddress()
        self.symtab = Symtab(begin.GetLineEntry().GetFileSpec(), begin.GetCompileUnit())
        arguments = sb.GetType().GetFunctionArgumentTypes()
        self.arguments = [arguments.GetTypeAtIndex(i) for i in range(arguments.GetSize())] if arguments else []
        self.type = types.SimpleNamespace(fields=lambda: [Field("", Type(each)) for each in self.arguments])

    def value(self):
        return types.SimpleNamespace(address=self.sb.GetStartAddress().GetLoadAddress(target()))

    def name(self):
        """The path as Rust has it; an async fn's is that of the future which it polls."""
        first = self.arguments[0].GetName() if self.arguments else ""
        future = re.match(r"core::pin::Pin<(.*\{async_\w+_env#\d+\}.*) \*>$", first or "")
        symbol = self.sb.GetName() or ""
        if future and "closure" in symbol and "$LT$" not in symbol[:6]:
            return future.group(1).replace("_env#", "#", 1)
        return plain_name(symbol)


CODES = {"LT": "<", "GT": ">", "u20": " ", "u7b": "{", "u7d": "}", "C": ",", "LP": "(", "RP": ")", "RF": "&", "BP": "*"}


def plain_name(symbol):
    """A linkage name as the path of a method: of `<impl Core>::step` and `<Sleep as Future>::poll` only the type."""
    symbol = re.sub(r"::h[0-9a-f]{16}$", "", symbol).replace("..", "::")
    symbol = re.sub(r"\$(\w+)\$", lambda code: CODES.get(code.group(1), "?"), symbol)
    return re.sub(r"^.*<impl (.*)>::(\w+)$", r"\1::\2", re.sub(r"^_?<(.*) as .*>::(.*)$", r"\1::\2", symbol))


class Block:
    """A function, or a block of variables in it."""

    def __init__(self, sb, function):
        self.sb, self.whole = sb, function
        inside = sb.GetParent().IsValid()
        self.start = sb.GetRangeStartAddress(0).GetLoadAddress(target()) if inside else function.value().address
        self.end = function.sb.GetEndAddress().GetLoadAddress(target())
        self.function = None if inside else function

    @property
    def superblock(self):
        parent = self.sb.GetParent()
        return Block(parent, self.whole) if parent.IsValid() else None

    def __iter__(self):
        variables = self.sb.GetVariables(target(), True, True, True)
        for each in (variables.GetValueAtIndex(i) for i in range(variables.GetSize())):
            place, kind = each.GetDeclaration(), Type(each.GetType())
            symtab = Symtab(place.GetFileSpec())
            yield types.SimpleNamespace(name=each.GetName(), line=place.GetLine(), symtab=symtab, type=kind)


class Frame:
    def __init__(self, sb):
        self.sb = sb

    def __eq__(self, other):
        return other is not None and self.sb.GetCFA() == other.sb.GetCFA() and self.sb.GetPC() == other.sb.GetPC()

    def name(self):
        function = self.sb.GetFunction()
        return Function(function).name() if function.IsValid() else plain_name(self.sb.GetFunctionName() or "")

    def pc(self):
        return self.sb.GetPC()

    def older(self):
        return self.beside(1)

    def newer(self):
        return self.beside(-1)

    def beside(self, by):
        index = self.sb.GetFrameID() + by
        frame = self.sb.GetThread().GetFrameAtIndex(index) if index >= 0 else None
        return Frame(frame) if frame is not None and frame.IsValid() else None

    def read_var(self, name):
        return Value(self.sb.FindVariable(name))

    def find_sal(self):
        line = self.sb.GetLineEntry()
        symtab = Symtab(line.GetFileSpec()) if line.IsValid() else None
        return types.SimpleNamespace(symtab=symtab, line=line.GetLine())


class Thread:
    def __init__(self, sb):
        self.sb, self.num = sb, sb.GetIndexID()

    def switch(self):
        process().SetSelectedThread(self.sb)


def find_functions(name, mode):
    found = target().FindFunctions(name, mode)
    functions = (found[i].GetFunction() for i in range(found.GetSize()))
    return [Function(each) for each in functions if each.IsValid()]


def lookup_static_symbol(name):
    found = target().FindFirstGlobalVariable(name)
    return types.SimpleNamespace(value=lambda: Value(found)) if found.IsValid() else None


def lookup_static_symbols(name):
    """The async fn with this path: found by the last part of it, told by the future that it polls."""
    parts = re.findall(r"\{async_\w+#\d+\}", name.split("<", 1)[0])
    functions = find_functions(parts[-1], lldb.eFunctionNameTypeBase) if parts else []
    return [function for function in functions if function.name() == name]


def block_for_pc(pc):
    address = lldb.SBAddress(pc, target())
    function = address.GetFunction()
    return Block(address.GetBlock(), Function(function)) if function.IsValid() else None


def selected_inferior():
    sizes = {8: lldb.eBasicTypeUnsignedChar, 64: lldb.eBasicTypeUnsignedLongLong}
    alive = process().IsValid() and process().GetState() in (lldb.eStateStopped, lldb.eStateRunning)
    core = alive and process().GetPluginName().endswith("core")
    integer_type = lambda bits, _signed: Type(target().GetBasicType(sizes[bits]))
    return types.SimpleNamespace(
        pid=process().GetProcessID() if alive else 0,
        connection=types.SimpleNamespace(type="core" if core else "native"),
        threads=lambda: [Thread(each) for each in process()],
        read_memory=read_memory,
        architecture=lambda: types.SimpleNamespace(integer_type=integer_type),
    )


def decode_line(place):
    path = os.path.abspath(place.rsplit(":", 1)[0])
    return None, [types.SimpleNamespace(symtab=types.SimpleNamespace(fullname=lambda: path))]


def selected_thread():
    return Thread(process().GetSelectedThread()) if process().IsValid() and process().GetNumThreads() else None


def newest_frame():
    return Frame(process().GetSelectedThread().GetFrameAtIndex(0))


def objfiles():
    return list(range(target().GetNumModules()))


def lookup_type(name):
    return Type(target().FindFirstType(name))
