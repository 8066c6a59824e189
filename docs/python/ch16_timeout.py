"""An answer that never comes. `mended` waits five seconds for it, and no longer."""
import asyncio
import sys

from ch16_clock import Deadlock, run, say


async def ask():
    answer = asyncio.get_running_loop().create_future()
    return await answer  # the other side has crashed


async def main():
    if "mended" not in sys.argv:
        return await ask()
    try:
        async with asyncio.timeout(5):
            await ask()
    except TimeoutError:
        say("no answer; going on without")


try:
    run(main())
except Deadlock as where:
    print("for ever asleep", where)
