"""Is the virtual clock faithful? Runs programs on two other clocks and compares the traces.

    python3 faithful.py [--seed S] [--count N] [--unit 0.03]

1. A clock that ticks a little at every look (TickingLoop): equal deadlines become different by their
   arming order. asyncio's timers and their heap are untouched here, so this checks our numbering of
   the timers. The traces must be equal, every column.
2. The real clock (SystemLoop): asyncio's own loop, one unit of real seconds for each millisecond of
   the program. Lateness decides who of two equal deadlines comes first, so only programs that do not
   depend on it can be expected to agree: those whose order stays when equal deadlines are shuffled
   (ShuffledLoop). Of these, the order of events must be equal.

Programs that last longer than 40 units are left out of the second comparison, to save time.
"""
import argparse
import asyncio
import itertools
import random
import secrets
import selectors
import sys
import time

import gen
import scen
import vloop


class TickingLoop(vloop.VirtualLoop):
    """time() is the virtual time plus a tiny bit more at every call; a pass collects all timers that
    are nominally due."""

    TICK = 2.0 ** -40
    call_at = asyncio.SelectorEventLoop.call_at

    def __init__(self):
        self.looks = 0
        super().__init__()
        self._clock_resolution = .25

    def time(self):
        self.looks += 1
        return self._now + self.looks * self.TICK

    def jump_to_next_deadline(self):
        self._now = round(self._scheduled[0]._when)


class ShuffledLoop(vloop.VirtualLoop):
    """Equal deadlines fire in random order."""

    def number(self):
        return random.random()


class SystemSelector(selectors.DefaultSelector):
    loop = None

    def select(self, timeout=None):
        return super().select(timeout and timeout * self.loop.unit)


class SystemLoop(vloop.CountingLoop):
    """The real clock, in units of `unit` seconds."""

    def __init__(self, unit):
        self.unit, self.start = unit, time.monotonic()
        super().__init__(SystemSelector())
        self._clock_resolution /= unit

    def time(self):
        return (time.monotonic() - self.start) / self.unit

    def now(self):
        return round(self.time())

    def work(self, duration):
        time.sleep(duration * self.unit)


def order(trace):
    """Who does what, without the time columns."""
    return [line.split(' ', 2)[2] for line in trace]


def depends_on_ties(program, trace):
    return any(order(scen.run(program, ShuffledLoop)) != order(trace) for _ in range(5))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--seed', type=int, default=secrets.randbelow(10**12))
    parser.add_argument('--count', type=int, default=100, help='programs on each clock')
    parser.add_argument('--unit', type=float, default=.03, help='seconds for a millisecond')
    args = parser.parse_args()
    print(f'seed {args.seed}')
    failures = 0

    ticking = range(args.seed, args.seed + args.count)
    for program in map(gen.make, ticking):
        if scen.run(program, TickingLoop) != scen.run(program):
            failures += 1
            print('ticking clock:', program['name'], 'differs')
    print(f'ticking clock: {args.count} programs, {failures} differ')

    free = tied = tied_equal = 0
    for program in map(gen.make, itertools.count(args.seed)):
        trace = scen.run(program)
        if int(trace[-1].split()[0]) > 40:
            continue
        equal = order(scen.run(program, lambda: SystemLoop(args.unit))) == order(trace)
        if depends_on_ties(program, trace):
            tied += 1
            tied_equal += equal
        else:
            free += 1
            if not equal:
                failures += 1
                print('real clock:', program['name'], 'differs')
        if free + tied == args.count:
            break
    print(f'real clock: {free} programs without visible ties, all must agree; '
          f'{tied} with, {tied_equal} of them agree')
    sys.exit(failures > 0)


if __name__ == '__main__':
    main()
