"""Exercise 2 of chapter 16: mend this worker.

It takes items from a queue and handles them, until it is cancelled. Three things are wrong with it:

1. An item whose handling fails is never done, so that `await queue.join()` waits for ever.
2. It can't be cancelled while it handles an item.
3. An item that hangs, hangs the worker. Give each two seconds, and take a timeout for a failure.

A failure is noted by `failed(item)`. When you are done, delete the line with `todo`.
"""
import asyncio

todo = True


async def worker(queue, handle, failed):
    while True:
        item = await queue.get()
        try:
            await handle(item)
            queue.task_done()
        except:
            failed(item)
