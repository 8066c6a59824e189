"""One of two children fails. With gather the other goes on; `mended` uses a TaskGroup."""
import asyncio
import sys

from ch16_clock import run, say


async def check():
    await asyncio.sleep(1)
    say("check: fails")
    raise ValueError("no such account")


async def transfer():
    try:
        await asyncio.sleep(2)
        say("transfer: money moved")
    except asyncio.CancelledError:
        say("transfer: cancelled")
        raise


async def main():
    try:
        if "mended" in sys.argv:
            async with asyncio.TaskGroup() as group:
                group.create_task(check())
                group.create_task(transfer())
        else:
            await asyncio.gather(check(), transfer())
    except* ValueError:
        say("main: it failed, nothing has happened")
    await asyncio.sleep(5)


run(main())
