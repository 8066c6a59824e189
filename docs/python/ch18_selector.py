"""What asyncio's loop asks of its selector, and what it is told. asyncio: `_run_once`, its second half."""

import asyncio
import selectors
import socket


class Told(selectors.DefaultSelector):
    """epoll on Linux, kqueue on macOS; says what it is asked."""

    def select(self, timeout=None):
        events = super().select(timeout)
        until = 'for ever' if timeout is None else 'not at all' if timeout <= 0 else 'until the next deadline'
        ready = len(events)
        print(f'    select: wait {until:<24} {ready} ready')
        return events


async def receive(ours):
    print('receiver: nothing there yet')
    data = await asyncio.get_running_loop().sock_recv(ours, 100)
    print(f'receiver: {data.decode()}')


async def send(theirs):
    await asyncio.sleep(0.05)
    print('sender: sends')
    theirs.send(b'hello')


async def main():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        receiver = asyncio.create_task(receive(ours))
        sender = asyncio.create_task(send(theirs))
        await receiver
        await sender


loop = asyncio.SelectorEventLoop(Told())
loop.run_until_complete(main())
loop.close()
