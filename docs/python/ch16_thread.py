"""A thread has news for the loop. `mended` wakes the loop up; `debug` lets the loop complain."""
import asyncio
import sys
import threading
import time


async def main():
    loop = asyncio.get_running_loop()
    news = asyncio.Event()
    began = loop.time()
    loop.call_later(1, news.set)  # in any case there is something to do after a second

    def thread():
        time.sleep(0.05)  # by then the loop sleeps, until its timer is due
        call = loop.call_soon_threadsafe if "mended" in sys.argv else loop.call_soon
        try:
            call(news.set)
        except RuntimeError as error:
            print("the loop:", error)

    threading.Thread(target=thread).start()
    await news.wait()
    late = loop.time() - began > 0.9
    print("main: woken", "with the next timer" if late else "at once")


asyncio.run(main(), debug="debug" in sys.argv)
