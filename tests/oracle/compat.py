"""What older Pythons lack: on 3.13 and later nothing here is needed.

Used by scen.py; not a command.

Queue.shutdown came with 3.13. And since 3.12 gather counts children that have finished already at
once; before, each of them took two passes to report. With these two the traces of Python 3.11, 3.12
and 3.13 are the same, pass numbers included.
"""
import asyncio
import sys

if sys.version_info >= (3, 13):
    Queue, QueueShutDown = asyncio.Queue, asyncio.QueueShutDown
else:
    class QueueShutDown(Exception):
        pass

    class Queue(asyncio.Queue):
        """asyncio's queue with 3.13's shutdown."""

        def __init__(self, maxsize=0):
            super().__init__(maxsize)
            self.closed = False

        async def put(self, item):
            while self.full() and not self.closed:
                await self.wait_in(self._putters, lambda: not self.full())
            return self.put_nowait(item)

        def put_nowait(self, item):
            if self.closed:
                raise QueueShutDown
            super().put_nowait(item)

        async def get(self):
            while self.empty() and not self.closed:
                await self.wait_in(self._getters, lambda: not self.empty())
            return self.get_nowait()

        def get_nowait(self):
            if self.empty() and self.closed:
                raise QueueShutDown
            return super().get_nowait()

        async def wait_in(self, waiters, available):
            waiter = self._get_loop().create_future()
            waiters.append(waiter)
            try:
                await waiter
            except BaseException:
                waiter.cancel()
                if waiter in waiters:
                    waiters.remove(waiter)
                if available() and not waiter.cancelled():
                    self._wakeup_next(waiters)      # we were woken and go: wake the next one
                raise

        def shutdown(self, immediate=False):
            self.closed = True
            if immediate:
                while not self.empty():
                    self._get()
                    if self._unfinished_tasks > 0:
                        self._unfinished_tasks -= 1
                if self._unfinished_tasks == 0:
                    self._finished.set()
            for waiters in (self._getters, self._putters):
                while waiters:
                    waiter = waiters.popleft()
                    if not waiter.done():
                        waiter.set_result(None)


def gather(tasks, return_exceptions):
    """A future that ends when 3.12's gather of these tasks would, and the way it would. (Its result is
    not the list: take the results from the tasks.)"""
    if sys.version_info >= (3, 12):
        return asyncio.gather(*tasks, return_exceptions=return_exceptions)
    finished = [task for task in tasks if task.done()]
    unfinished = [task for task in tasks if task not in finished]
    future = asyncio.gather(*unfinished, return_exceptions=return_exceptions)
    if not return_exceptions:
        for task in finished:
            if task.cancelled() or task.exception():
                # The end is decided. `future` was made all the same: its callbacks still run when
                # the others end, to no effect, but each takes a pass.
                return task
    return future
