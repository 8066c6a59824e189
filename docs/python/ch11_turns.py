"""Chapter 11: `gather` on asyncio. Each line is a pass of the loop, with the turns in it."""

import asyncio


class CountingLoop(asyncio.SelectorEventLoop):
    """asyncio's loop, which tells who had a turn in each pass."""

    passes = 0

    def _run_once(self):
        turns.clear()
        super()._run_once()
        self.passes += 1
        print(f"  pass {self.passes}: {' '.join(turns) or 'nobody'}")


turns = []  # who has had a turn in this pass


async def three_turns(name):
    turns.append(name)
    for _ in range(2):
        await asyncio.sleep(0)
        turns.append(name)


async def main():
    turns.append("main")
    a, b, x = [asyncio.create_task(three_turns(name)) for name in "ABX"]
    await asyncio.gather(a, b)
    turns.append("main")


loop = CountingLoop()
loop.run_until_complete(main())
loop.close()
