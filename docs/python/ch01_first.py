"""Two tasks and a queue: the program of chapter 1."""

import asyncio


async def producer(q):
    await asyncio.sleep(0.01)
    await q.put(7)


async def consumer(q):
    await asyncio.sleep(0)
    return await q.get()


async def main():
    q = asyncio.Queue()
    keep = asyncio.create_task(producer(q))
    task = asyncio.create_task(consumer(q))
    return await task


print(asyncio.run(main()))
