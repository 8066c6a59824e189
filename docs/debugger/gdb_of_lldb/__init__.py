"""What the commands need of gdb's Python module, made of lldb's. The names are gdb's."""

# ruff: noqa: F401
from gdb_of_lldb.memory import MemoryError, error
from gdb_of_lldb.program import (
    block_for_pc, decode_line, lookup_static_symbol, lookup_static_symbols, lookup_type, newest_frame, objfiles,
    selected_inferior, selected_thread,
)  # fmt: skip
from gdb_of_lldb.running import Breakpoint, Command, execute
from gdb_of_lldb.values import Type, Value

TYPE_CODE_PTR, TYPE_CODE_STRUCT, TYPE_CODE_ARRAY, TYPE_CODE_UNION = "PTR", "STRUCT", "ARRAY", "UNION"
TYPE_CODE_ENUM, TYPE_CODE_INT, TYPE_CODE_BOOL, TYPE_CODE_FLT, TYPE_CODE_CHAR = "ENUM", "INT", "BOOL", "FLT", "CHAR"
COMMAND_USER = 0


def lookup_global_symbol(_name):
    return None


def current_recording():
    """lldb can't record."""
    return None
