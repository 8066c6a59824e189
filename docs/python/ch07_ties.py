"""Chapter 7: eight timers with one deadline, in asyncio's heap. They are armed in the order of the alphabet."""

import asyncio


async def main():
    loop = asyncio.get_running_loop()
    deadline = loop.time() + 0.1
    order = []
    for name in "abcdefgh":
        loop.call_at(deadline, order.append, name)
    await asyncio.sleep(0.2)
    print(*order)


asyncio.run(main())
