"""Chapter 6: waking asyncio's loop from another thread, wrongly and rightly."""

import asyncio
import threading
import time


async def main(call):
    loop = asyncio.get_running_loop()
    awake = asyncio.Event()
    deadline = loop.time() + 1

    def other_thread():
        time.sleep(0.1)  # the loop is asleep by now
        call(loop, awake.set)

    async def heartbeat():
        await asyncio.sleep(1)

    timer = asyncio.create_task(heartbeat())
    threading.Thread(target=other_thread).start()
    await awake.wait()
    print("  woken at once:", loop.time() < deadline)
    await timer


print("call_soon:")
asyncio.run(main(lambda loop, callback: loop.call_soon(callback)))
print("call_soon_threadsafe:")
asyncio.run(main(lambda loop, callback: loop.call_soon_threadsafe(callback)))
