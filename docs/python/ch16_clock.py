"""CPython's own loop on the virtual clock of tests/oracle, for the programs of chapter 16.

`run(main())` does what `asyncio.run` does, but nobody has to wait: the clock jumps to the next
deadline. `say` prints a line with the time and the pass of the loop in front. Where a real loop would
sleep for ever, since nothing is ready and no timer is armed, this one raises `Deadlock`.
"""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests" / "oracle"))
from vloop import Deadlock, VirtualLoop  # noqa: E402, F401


def run(main):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def say(*words):
    loop = asyncio.get_running_loop()
    print(f"t={loop.time()} pass {loop.passes}:", *words)
