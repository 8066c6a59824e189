"""A task that nobody holds can vanish. With the word `mended`, somebody holds it."""
import asyncio
import gc
import sys
import weakref

mailboxes = weakref.WeakSet()  # of those who still listen
background = set()


async def listener():
    mailbox = asyncio.Queue()
    mailboxes.add(mailbox)
    print("heard:", await mailbox.get())


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print("the loop:", context["message"]))

    if "mended" in sys.argv:
        task = asyncio.create_task(listener())
        background.add(task)
        task.add_done_callback(background.discard)
        del task
    else:
        asyncio.create_task(listener())

    await asyncio.sleep(0)  # the listener has its first turn
    gc.collect()  # the garbage collector comes by, as it does now and then
    print("mailboxes:", len(mailboxes))
    for mailbox in mailboxes:
        mailbox.put_nowait("hello")
    await asyncio.sleep(0)


asyncio.run(main())
