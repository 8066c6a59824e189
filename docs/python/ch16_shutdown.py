"""Needs Python 3.13: a queue that is shut down ends its consumers."""
import asyncio
import sys

from ch16_clock import run, say


async def consume(name, queue):
    try:
        while True:
            item = await queue.get()
            say(f"{name}: item {item}")
            await asyncio.sleep(1)
    except asyncio.QueueShutDown:
        say(f"{name}: no more")


async def main():
    queue = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        group.create_task(consume("a", queue))
        group.create_task(consume("b", queue))
        for item in range(3):
            await queue.put(item)
        queue.shutdown()
    say("main: all consumers have ended")


if sys.version_info < (3, 13):
    sys.exit("needs Python 3.13 or later: Queue.shutdown")
run(main())
