"""Two requests to cancel that are lost in asyncio."""
import asyncio

from ch16_clock import run


async def gatherer():
    async def fails():
        await asyncio.sleep(0)
        raise KeyError("failed")
    try:
        await asyncio.gather(fails(), asyncio.sleep(3600))
    except KeyError as error:
        print("gatherer:", repr(error))
    return "done as usual"


async def itself():
    print("asked:", asyncio.current_task().cancel())
    try:
        async with asyncio.timeout(0):
            await asyncio.sleep(3600)
    except TimeoutError:
        print("itself: too late")
    return "done as usual"


async def main():
    # It awaits a gather. One child fails; before the gather says so, the task is asked to end.
    task = asyncio.create_task(gatherer())
    for _ in range(3):
        await asyncio.sleep(0)
    print("asked:", task.cancel())
    await asyncio.wait([task])
    print("gatherer:", "CancelledError" if task.cancelled() else task.result())

    # It asks itself, and goes into a block with a deadline that is over at once.
    task = asyncio.create_task(itself())
    await asyncio.wait([task])
    print("itself:", "CancelledError" if task.cancelled() else task.result())


run(main())
