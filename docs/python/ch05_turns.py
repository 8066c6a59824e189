"""Chapter 5: the same tasks on asyncio. Each line is a pass of the loop, with the turns in it."""

import asyncio
import socket


class CountingLoop(asyncio.SelectorEventLoop):
    """asyncio's loop, which tells where a pass begins. `between_passes` is called before each."""

    between_passes = None

    def _run_once(self):
        turns.clear()
        if self.between_passes:
            self.between_passes()
        super()._run_once()
        self.passes += 1
        if turns:
            print(f"  pass {self.passes}: {' '.join(turns)}")


turns = []  # who has had a turn in this pass


async def three_turns(name):
    turns.append(name)
    for _ in range(2):
        await asyncio.sleep(0)
        turns.append(name)


def run(title, main):
    print(title)
    loop = CountingLoop()
    loop.passes = 0
    loop.run_until_complete(main(loop))
    loop.close()


async def taking_turns(loop):
    tasks = [loop.create_task(three_turns(name)) for name in "AB"]
    await three_turns("main")
    await tasks[1]


async def letter(loop):
    """A byte arrives on a socket between pass 2 and pass 3. Only the selector knows of it."""
    ours, theirs = socket.socketpair()
    arrived = loop.create_future()

    def on_byte():
        turns.append("callback")
        loop.remove_reader(ours)
        arrived.set_result(None)

    def send():
        if loop.passes == 2:
            theirs.send(b"x")
            print("  a byte")

    async def reader():
        turns.append("reader")
        await arrived
        turns.append("reader")

    loop.add_reader(ours, on_byte)
    loop.between_passes = send
    turns.append("main")
    tasks = [loop.create_task(three_turns(name)) for name in "AB"]
    await asyncio.gather(*tasks, loop.create_task(reader()))
    ours.close()
    theirs.close()


run("taking turns:", taking_turns)
run("a reader waits for a byte:", letter)
