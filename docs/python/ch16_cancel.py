"""Cancelling is a request. `mended` waits until it has been carried out."""
import asyncio
import io
import sys

from ch16_clock import run, say


async def writer(file):
    try:
        await asyncio.sleep(100)
    finally:
        file.write("the end")
        say("writer: last words written")


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda loop, context: print(f"the loop: {context['message']}: {context['exception']!r}"))
    file = io.StringIO()
    task = asyncio.create_task(writer(file))
    await asyncio.sleep(1)

    say("main: cancel() returns", task.cancel(), "and cancelled() returns", task.cancelled())
    if "mended" in sys.argv:
        await asyncio.wait([task])
        say("main: now cancelled() returns", task.cancelled())
    file.close()


run(main())
