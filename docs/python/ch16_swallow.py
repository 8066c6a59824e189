"""Five attempts, two seconds each, within five seconds. `mended` lets the cancellation through."""
import asyncio
import sys

from ch16_clock import run, say

whatever = Exception if "mended" in sys.argv else BaseException


async def worker():
    for attempt in range(1, 6):
        try:
            await asyncio.sleep(2)
            raise ConnectionError("still not there")
        except whatever as error:
            say(f"attempt {attempt}: {error!r}")


async def main():
    try:
        async with asyncio.timeout(5) as deadline:
            await worker()
        say("the worker has ended by itself; deadline expired:", deadline.expired())
    except TimeoutError:
        say("time is up")


run(main())
