"""Chapter 10: a task fails, and nobody asks how it ended."""

import asyncio


async def saver():
    raise OSError("disk full")


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print("the loop:", context["message"]))
    task = asyncio.create_task(saver())
    await asyncio.sleep(0)
    print("main goes on; the saver has ended:", task.done())
    del task  # the last who held it
    print("main returns")


asyncio.run(main())
