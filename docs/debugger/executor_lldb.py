"""The same commands in lldb: `command script import docs/debugger/executor_lldb.py`.

executor.py is written for gdb. This file gives it what it needs of gdb's Python module, made of lldb's, and then
runs it. So both debuggers show the same. lldb 17 or later; `docs/debugger/start --lldb` loads it.

lldb can't go back. `$task(...)` and the frame filter are not here.
"""

import contextlib
import io
import os
import re
import sys
import types

import lldb

KINDS = {
    lldb.eTypeClassPointer: "PTR",
    lldb.eTypeClassReference: "PTR",
    lldb.eTypeClassStruct: "STRUCT",
    lldb.eTypeClassClass: "STRUCT",
    lldb.eTypeClassUnion: "UNION",
    lldb.eTypeClassArray: "ARRAY",
    lldb.eTypeClassEnumeration: "ENUM",
}
VARIANTS = ["$variants$"]  # the only field of an enum with data: a union of its variants


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


# ---- types and values -------------------------------------------------------------------------------------------


class Field:
    def __init__(self, name, kind):
        self.name, self.type, self.artificial = name, kind, False


class Type:
    """A type. That of an enum's value has the value's variant as its only field, as in gdb."""

    def __init__(self, sb, fields=None):
        self.sb, self.known = sb.GetUnqualifiedType(), fields
        plain = self.sb.GetCanonicalType()
        floats = (lldb.eBasicTypeFloat, lldb.eBasicTypeDouble)
        self.code = KINDS.get(plain.GetTypeClass())
        if self.code is None:
            basic = plain.GetBasicType()
            self.code = "BOOL" if basic == lldb.eBasicTypeBool else "FLT" if basic in floats else "INT"
        self.name = None if self.code == "PTR" else re.sub(r":\d+$", "", self.sb.GetName()).replace("> >", ">>")

    def __str__(self):
        return self.name or self.sb.GetName()

    def fields(self):
        if self.known is None:
            self.known = [Field(each.GetName(), Type(each.GetType())) for each in self.sb.fields]
            if [each.name for each in self.known] == VARIANTS:
                self.known = [variant_field(each) for each in Variants(self.sb).payloads()]
        return self.known

    def target(self):
        return Type(self.sb.GetPointeeType() if self.code == "PTR" else self.sb.GetArrayElementType())

    def pointer(self):
        return Type(self.sb.GetPointerType())

    def template_argument(self, i):
        return Type(self.sb.GetTemplateArgumentType(i))

    def strip_typedefs(self):
        return self

    def range(self):
        return 0, self.sb.GetByteSize() // max(1, self.sb.GetArrayElementType().GetByteSize()) - 1


def variant_field(payload):
    """One variant of an enum: its name is the end of its type's."""
    path = re.sub(r":\d+$", "", payload.GetName())
    while "<" in path:
        path = re.sub(r"<[^<>]*>", "", path.replace("->", ""))
    return Field(path.rsplit("::", 1)[-1], Type(payload))


class Variants:
    """The variants of an enum with data, which lldb has as a union: a tag and a value for each."""

    def __init__(self, enum):
        self.by_tag, self.untagged, self.size, self.place, self.begins, bits = {}, None, 0, 0, False, 0
        for variant in enum.fields[0].GetType().fields:
            fields = {each.GetName(): each for each in variant.GetType().fields}
            payload, tag = fields["value"].GetType(), fields.get("$discr$")
            self.begins |= any(each.GetOffsetInBytes() == 0 for each in payload.fields)
            number = variant.GetName()[len("$variant$") :]
            if number:
                self.by_tag[int(number)] = payload
            else:
                self.untagged = payload
            if tag is not None:
                self.size, bits = tag.GetType().GetByteSize(), fields["value"].GetOffsetInBits()
                self.place = tag.GetOffsetInBytes()
        self.place = self.place or self.misplaced(bits)

    def misplaced(self, bits):
        """lldb 19 takes every tag to be at the beginning, and where it is in bytes for where the value is in bits."""
        tag_is_first = bits in (0, 8 * self.size)
        # So a tag of one byte at byte 8 looks as if it were at byte 0. But if a value begins there, it is not.
        return bits if not tag_is_first or (bits == 8 and self.begins and not self.untagged) else 0

    def payloads(self):
        return [*self.by_tag.values(), *([self.untagged] if self.untagged else [])]

    def of(self, address):
        """The type of what the enum at this address holds."""
        tag = word(address + self.place, self.size) if self.size else None
        return self.by_tag.get(tag, self.untagged)


class Value:
    def __init__(self, sb):
        self.sb = sb.GetNonSyntheticValue()
        if self.sb.GetError().Fail():
            raise MemoryError(f"Cannot access memory at address 0x{self.sb.GetLoadAddress():x}")
        self.type, self.active = Type(self.sb.GetType()), None
        if [each.GetName() for each in self.sb.GetType().fields] == VARIANTS:
            self.active = Variants(self.sb.GetType()).of(self.sb.GetLoadAddress())
            self.type.known = [variant_field(self.active)] if self.active else []

    @property
    def address(self):
        place = self.sb.GetLoadAddress()
        return None if place == lldb.LLDB_INVALID_ADDRESS else place

    def __getitem__(self, which):
        if isinstance(which, int):
            if self.type.code == "PTR":
                kind = self.sb.GetType().GetPointeeType()
                return at(int(self) + which * kind.GetByteSize(), kind)
            return Value(self.sb.GetChildAtIndex(which))
        if self.active is not None:
            return at(self.address, self.active)
        name = which.name if isinstance(which, Field) else which
        child = self.sb.GetChildMemberWithName(name)
        if not child.IsValid():
            raise error(f"There is no member named {name}.")
        return Value(child)

    def __int__(self):
        failure = lldb.SBError()
        return checked(failure, self.sb.GetLoadAddress(), self.sb.GetValueAsUnsigned(failure))

    def __str__(self):
        return str(self.sb.GetValue())

    def dereference(self):
        return at(int(self), self.sb.GetType().GetPointeeType())

    def cast(self, kind):
        return Value(self.sb.Cast(kind.sb))


def at(address, kind):
    """The value of this type at this address."""
    if kind.GetByteSize():
        word(address, 1)
    return Value(target().CreateValueFromAddress("value", lldb.SBAddress(address, target()), kind))


# ---- functions, blocks, frames ----------------------------------------------------------------------------------


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
            return future.group(1).replace("_env#", "#")
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
    last = re.search(r"\{async_\w+#\d+\}", name)
    functions = find_functions(last.group(), lldb.eFunctionNameTypeBase) if last else []
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


# ---- commands, and running --------------------------------------------------------------------------------------


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
        setattr(sys.modules[__name__], function, run)
        lldb.debugger.HandleCommand(f"command script add -o -f {__name__}.{function} {name}")


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


GIVEN = (
    error, MemoryError, Value, Type, Command, Breakpoint, execute, lookup_static_symbol, lookup_static_symbols,
    block_for_pc, selected_inferior, decode_line, selected_thread, newest_frame, objfiles, lookup_type,
)  # fmt: skip


def the_module():
    """What executor.py imports as `gdb`."""
    gdb = types.ModuleType("gdb")
    for each in GIVEN:
        setattr(gdb, each.__name__, each)
    for code in ("PTR", "STRUCT", "ARRAY", "UNION", "ENUM", "INT", "BOOL", "FLT", "CHAR"):
        setattr(gdb, f"TYPE_CODE_{code}", code)
    gdb.COMMAND_USER, gdb.GdbError, gdb.frame_filters = 0, RuntimeError, {}
    gdb.lookup_global_symbol = gdb.current_recording = lambda *_: None
    gdb.Function = type("Function", (), {"__init__": lambda self, name: None})
    gdb.FrameDecorator = types.ModuleType("gdb.FrameDecorator")
    gdb.FrameDecorator.FrameDecorator = object
    return gdb


def __lldb_init_module(debugger, _dict):
    version = re.match(r"lldb version (\d+)", debugger.GetVersionString())
    if version and int(version.group(1)) < 17:
        print(f"the commands need lldb 17 or later: this is lldb {version.group(1)}, which can't read Rust's enums")
        return
    lldb.debugger = debugger
    sys.modules["gdb"] = the_module()
    sys.modules["gdb.FrameDecorator"] = sys.modules["gdb"].FrameDecorator
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "executor.py")
    with open(path, encoding="utf-8") as script:
        exec(compile(script.read(), path, "exec"), {"__name__": "executor"})
