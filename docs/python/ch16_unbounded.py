"""A producer that is faster than its consumer. `mended` gives the queue a bound."""
import asyncio
import sys

from ch16_clock import run, say

longest = 0


async def produce(queue):
    global longest
    for item in range(20):
        await asyncio.sleep(1)
        await queue.put(item)
        longest = max(longest, queue.qsize())
    say("the last item is in the queue")


async def consume(queue):
    while True:
        await queue.get()
        await asyncio.sleep(3)
        queue.task_done()


async def main():
    queue = asyncio.Queue(2 if "mended" in sys.argv else 0)
    consumer = asyncio.create_task(consume(queue))
    await produce(queue)
    await queue.join()
    say("all is done; longest queue:", longest)
    consumer.cancel()
    await asyncio.wait([consumer])


run(main())
