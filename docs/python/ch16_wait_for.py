"""Is a request to cancel lost if the answer comes at the same time? In Python 3.11 it is."""
import asyncio

from ch16_clock import run, say


async def asker(answer):
    say("the answer is", await asyncio.wait_for(answer, 10))
    await asyncio.sleep(1)
    say("the asker goes on")


async def main():
    answer = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(asker(answer))
    await asyncio.sleep(1)
    answer.set_result(42)
    task.cancel()
    await asyncio.wait([task])
    say("cancelled:", task.cancelled())


run(main())
