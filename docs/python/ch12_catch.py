"""What a coroutine can do with a CancelledError, and a future that is dropped can't."""
import asyncio

from ch16_clock import run, say


async def refuses():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        say("refuses: no")
    await asyncio.sleep(2)
    return "goes on"


async def says_goodbye():
    try:
        await asyncio.sleep(3600)
    finally:
        say("says_goodbye: wait a moment")
        await asyncio.sleep(2)
        say("says_goodbye: goodbye")


async def main():
    for body in refuses, says_goodbye:
        task = asyncio.create_task(body())
        await asyncio.sleep(1)
        say("main: cancel() returns", task.cancel())
        await asyncio.wait([task])
        say("main:", "cancelled" if task.cancelled() else task.result())


run(main())
