"""Who blocks, blocks everybody. `mended` blocks a thread instead; `debug` lets the loop complain."""
import asyncio
import sys
import time

beats = 0


async def heartbeat():
    global beats
    while True:
        await asyncio.sleep(0.01)
        beats += 1


def work():
    time.sleep(0.3)  # a slow library, a big file, a long computation


async def main():
    heart = asyncio.create_task(heartbeat())
    await asyncio.sleep(0)  # the heart begins to beat
    if "mended" in sys.argv:
        await asyncio.to_thread(work)
    else:
        work()
    print("heartbeats meanwhile:", "some" if beats else "none")
    heart.cancel()
    await asyncio.wait([heart])


asyncio.run(main(), debug="debug" in sys.argv)
