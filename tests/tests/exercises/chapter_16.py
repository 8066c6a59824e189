"""Checks exercise 2 of chapter 16: python3 chapter_16.py THE-WORKERS-FILE. Says what is wrong, if anything."""
import asyncio
import importlib.util
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "oracle"))
from vloop import Deadlock, VirtualLoop  # noqa: E402

spec = importlib.util.spec_from_file_location("exercise", sys.argv[1])
exercise = importlib.util.module_from_spec(spec)
spec.loader.exec_module(exercise)
handled, failures = [], []


async def handle(item):
    if item == "broken":
        raise ValueError(item)
    await asyncio.sleep(100 if item == "slow" else 1)
    handled.append(item)


async def start(*items):
    queue = asyncio.Queue()
    for item in items:
        queue.put_nowait(item)
    return queue, asyncio.create_task(exercise.worker(queue, handle, failures.append))


async def goes_on():
    queue, task = await start("a", "broken", "b", "slow", "c")
    await queue.join()
    now = asyncio.get_running_loop().time()
    if handled != ["a", "b", "c"] or failures != ["broken", "slow"]:
        return f"1: handled were {handled}, failed {failures}"
    if now != 5:
        return f"3: three good items, a slow and a broken one take 5 seconds, not {now}"
    return await ends(task, "while it waits for an item")


async def is_cancelled():
    queue, task = await start("d")
    await asyncio.sleep(0.5)
    what = await ends(task, "while it handles an item")
    if not what and handled.count("d"):
        what = "2: an item was handled to its end by a worker that was cancelled meanwhile"
    if not what and failures.count("d"):
        what = "2: a cancellation is not a failure of the item"
    return what


async def ends(task, when):
    task.cancel()
    await asyncio.wait([task], timeout=50)
    if not task.done() or not task.cancelled():
        return f"2: cancelled {when}, it does not end cancelled"


def run(main):
    # It is never closed: a worker that can't be cancelled would not let it.
    runner = asyncio.Runner(loop_factory=VirtualLoop)
    try:
        return runner.run(main())
    except Deadlock:
        return f"1: `await queue.join()` waits for ever; handled were {handled}, failed {failures}"


problems = [problem for main in (goes_on, is_cancelled) if (problem := run(main))]
for problem in problems:
    print(problem)
sys.stdout.flush()
os._exit(1 if problems else 0)  # what is still waiting then is no longer of interest
