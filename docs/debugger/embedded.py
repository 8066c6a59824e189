"""0. The first of the scripts in a program that brings the commands along (demo/src/debugger.rs).

gdb runs such scripts one by one, all in one namespace, `__main__`. The parts are modules, and import what they
use. So each of them is told here where it is to be found: there.
"""

import sys

for part in ("answers", "values", "tables", "words", "futures", "queues", "views", "running", "comfort"):
    sys.modules[f"executor_gdb.{part}"] = sys.modules["__main__"]
