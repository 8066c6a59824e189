"""Chapter 7: two ways to sleep for a tenth of a second, and how many passes the loop makes meanwhile."""

import asyncio
import time


class CountingLoop(asyncio.SelectorEventLoop):
    passes = 0

    def _run_once(self):
        self.passes += 1
        super()._run_once()


class GiveWay:
    """What `asyncio.sleep(0)` awaits: a pause of one pass."""

    def __await__(self):
        yield


async def busy_sleep(seconds):
    """Looks at the clock in every pass."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await GiveWay()


def passes(sleep):
    loop = CountingLoop()
    loop.run_until_complete(sleep)
    loop.close()
    return loop.passes


print("a sleep that looks at the clock: more than 1,000 passes:", passes(busy_sleep(0.1)) > 1000)
print("asyncio.sleep:", passes(asyncio.sleep(0.1)), "passes")
