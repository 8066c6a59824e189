"""Runs the founding program (founding_program.py, unchanged) on the virtual clock.

    python3 run_prog.py --seed 444 -p 5 -c 10
    python3 run_prog.py --plain                     the program's lines only
    python3 run_prog.py --late 2:1,10:1             let the clock be late, see below
    python3 run_prog.py 444:5:10 0:3:2 ...          many runs (seed:producers:consumers), each after
                                                    a line `# seed producers consumers`

Each line is preceded by the virtual second and the loop's pass. What differs from run to run by
nature is masked: items become <#0>, <#1>, ... in order of appearance, the time in the queue becomes L.
The last line is `# end t=<s>`, or `# deadlock t=<s>` (items but no consumers).

--late K:M,... lets the loop's K-th sleep (from 0) end M thousandths of a second after the deadline. A
real run differs from the ideal one just by such delays: a timer armed in a late pass is no longer
equal to one it would have tied with. With the right script a recorded real run comes out line by line.
"""
import argparse
import asyncio
import fractions
import random
import re
import types

import founding_program
import vloop


def run(seed, producers, consumers, late=None):
    """-> [(second, pass, line), ...] and how it ended."""
    lines = []
    with asyncio.Runner(loop_factory=lambda: vloop.VirtualLoop(late)) as runner:
        loop = runner.get_loop()

        def show(line):
            lines.append((seconds(loop.now()), loop.passes, line))

        # The program looks these two names up in its own module first.
        founding_program.print = show
        founding_program.time = types.SimpleNamespace(perf_counter=lambda: float(loop.now()))
        random.seed(seed)
        try:
            runner.run(founding_program.main(producers, consumers))
        except vloop.Deadlock:
            return lines, f'# deadlock t={seconds(loop.now())}'
        return lines, f'# end t={seconds(loop.now())}'


def seconds(time):
    return f'{float(time):.3f}'.rstrip('0').rstrip('.')


class Mask:
    """Replaces what differs from run to run."""

    def __init__(self):
        self.items = {}

    def __call__(self, line):
        line = re.sub(r'<([0-9a-f]{10})>', self.number, line)
        return re.sub(r' in [0-9.]+ seconds\.$', ' in L seconds.', line)

    def number(self, match):
        return f'<#{self.items.setdefault(match[1], len(self.items))}>'


def show_run(case, late=None, plain=False):
    """-> the lines to print."""
    mask = Mask()
    lines, end = run(*case, late)
    if plain:
        return [mask(line) for _, _, line in lines]
    return [*(f't={second} pass={number} {mask(line)}' for second, number, line in lines), end]


def parse_late(text):
    pairs = (pair.split(':') for pair in text.split(','))
    return {int(k): fractions.Fraction(int(thousandths), 1000) for k, thousandths in pairs}


def parse_case(text):
    seed, producers, consumers = map(int, text.split(':'))
    return seed, producers, consumers


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('cases', nargs='*', type=parse_case, metavar='SEED:P:C')
    parser.add_argument('--seed', type=int, default=444)
    parser.add_argument('-p', type=int, default=5, help='producers')
    parser.add_argument('-c', type=int, default=10, help='consumers')
    parser.add_argument('--late', type=parse_late, metavar='K:M,...')
    parser.add_argument('--plain', action='store_true')
    args = parser.parse_args()
    for case in args.cases or [(args.seed, args.p, args.c)]:
        if args.cases:
            print('#', *case)
        for line in show_run(case, args.late, args.plain):
            print(line)


if __name__ == '__main__':
    main()
