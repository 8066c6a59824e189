"""Solution of exercise 2 of chapter 16."""
import asyncio


async def worker(queue, handle, failed):
    while True:
        item = await queue.get()
        try:
            async with asyncio.timeout(2):
                await handle(item)
        except Exception:  # TimeoutError is one, CancelledError is none
            failed(item)
        finally:
            queue.task_done()
