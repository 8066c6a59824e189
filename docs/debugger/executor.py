"""The executor in gdb: commands that know the loop.

    tasks  await-tree  ready  wheel  inbox  queues  step-number     how things are now
    goto N  next-poll  next-wake  next-pass  next-fire              run to where something happens
    previous-poll  previous-wake  previous-pass  previous-fire      back to it, while gdb records

Those of the first line only read memory. So they work wherever there is memory: in a running program, on
whichever thread you are, in a core dump, and while gdb goes backwards.

`source` this file, as docs/debugger/start does. gdb 12 or later; it needs no other module, and not Rust's own
printers. The parts, in executor_gdb/, each of which uses those above it:

    1. answers.py     what a command says instead of a traceback
    2. values.py      reading Rust: fields, enums, pointers, vectors, strings
    3. tables.py      reading the executor: one small function for each thing it keeps
    4. words.py       how a task, a time, a step is said
    5. futures.py     what a paused async fn awaits, and at which line
    6. queues.py      which the executor does not know, but the futures do
    7. views.py       the commands that show
    8. running.py     the commands that go somewhere
    9. comfort.py     `bt` and `step` without the standard library

The demo carries a copy of them: embedded.py.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# A program may have brought its own copy, of the day when it was built.
for name in [name for name in sys.modules if name.startswith("executor_gdb")]:
    del sys.modules[name]

import executor_gdb.comfort
import executor_gdb.running
import executor_gdb.views  # noqa: F401
