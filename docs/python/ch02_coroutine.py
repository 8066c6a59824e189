"""Chapter 2: a Python coroutine is a paused function, too. Driven by hand, without asyncio."""

import types


@types.coroutine
def pause():
    yield  # this is what every await comes down to in the end


async def climb(floors):
    print("    at the foot")
    steps = 0
    for floor in range(1, floors + 1):
        await pause()
        steps += 20
        print(f"    floor {floor}, {steps} steps")
    return steps


def send_and_tell(coroutine):
    sends = 0
    while True:
        sends += 1
        print(f"  send {sends}")
        try:
            coroutine.send(None)
            print(f"  = paused; its frame: {dict(coroutine.cr_frame.f_locals)}")
        except StopIteration as stop:
            print(f"  = returned {stop.value}")
            return


coroutine = climb(2)  # prints nothing
send_and_tell(coroutine)
try:
    coroutine.send(None)
except RuntimeError as error:
    print(f"  once more: {error}")
