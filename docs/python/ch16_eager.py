"""Needs Python 3.12: eager tasks run up to their first wait inside create_task."""
import asyncio
import sys

from ch16_clock import run, say


async def cached(key):
    say("cached: looks up", key)
    return len(key)


async def main():
    if "eager" in sys.argv:
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(cached("spam"))
    say("main: task made; done:", task.done())
    say("main: the value is", await task)


if sys.version_info < (3, 12):
    sys.exit("needs Python 3.12 or later: asyncio.eager_task_factory")
run(main())
