"""The executor in lldb: `command script import docs/debugger/executor_lldb.py`, as `docs/debugger/start --lldb` does.

The commands are those of executor.py, which are written for gdb. gdb_of_lldb/ gives them what they need of gdb's
Python module, made of lldb's. So both debuggers show the same. lldb 17 or later.

lldb can't go back, and what is in executor_gdb/comfort.py is not here.
"""

import os
import re
import sys

import lldb


def __lldb_init_module(debugger, _dict):
    version = re.match(r"lldb version (\d+)", debugger.GetVersionString())
    if version and int(version.group(1)) < 17:
        print(f"the commands need lldb 17 or later: this is lldb {version.group(1)}, which can't read Rust's enums")
        return
    lldb.debugger = debugger
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import gdb_of_lldb

    sys.modules["gdb"] = gdb_of_lldb
    import executor_gdb.running
    import executor_gdb.views  # noqa: F401
