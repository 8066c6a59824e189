"""Eight calls for one and the same moment: in which order does asyncio make them?"""

import asyncio


async def main():
    loop = asyncio.get_running_loop()
    order = []
    when = loop.time() + 0.01
    for number in range(8):
        loop.call_at(when, order.append, number)
    await asyncio.sleep(0.05)
    print(order)


asyncio.run(main())
