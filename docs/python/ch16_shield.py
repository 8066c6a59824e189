"""Half a payment. `mended` shields it, and waits for it before passing the cancellation on."""
import asyncio
import sys

from ch16_clock import run, say


async def pay():
    say("pay: money taken")
    await asyncio.sleep(2)
    say("pay: goods ordered")


async def handle():
    if "mended" not in sys.argv:
        return await pay()
    payment = asyncio.create_task(pay())
    try:
        await asyncio.shield(payment)
    except asyncio.CancelledError:
        say("handle: cancelled, but first the payment")
        await payment
        raise


async def main():
    task = asyncio.create_task(handle())
    await asyncio.sleep(1)
    task.cancel()  # the customer has closed the window
    await asyncio.wait([task])
    say("main: cancelled:", task.cancelled())


run(main())
