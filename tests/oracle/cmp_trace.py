"""Compares two traces, and shows where they part.

    python3 cmp_trace.py EXPECTED ACTUAL [--level strict|dense|order]

    strict  every column
    dense   pass numbers renumbered 1, 2, 3, ...: ignores passes in which no line was written
    order   without the pass column

Exit status 1 when the traces differ. check.py and shrink.py use it too.
"""
import argparse
import itertools
import sys


def strict(lines):
    return lines


def dense(lines):
    seen, out = {}, []
    for line in lines:
        if line.startswith('#'):                # the next program's trace
            seen = {}
            out.append(line)
        else:
            ms, number, rest = line.split(' ', 2)
            out.append(f'{ms} {seen.setdefault(number, len(seen) + 1)} {rest}')
    return out


def order(lines):
    return [line if line.startswith('#') else without_pass(line) for line in lines]


def without_pass(line):
    ms, _, rest = line.split(' ', 2)
    return f'{ms} {rest}'


LEVELS = {'strict': strict, 'dense': dense, 'order': order}


def first_difference(expected, actual, level=strict):
    """-> the index of the first line that differs, or None."""
    pairs = itertools.zip_longest(level(expected), level(actual))
    return next((i for i, (a, b) in enumerate(pairs) if a != b), None)


def show(expected, actual, at):
    """The lines before the difference, then how either side goes on."""
    return '\n'.join([
        f'line {at + 1} differs:',
        *(f'             {line}' for line in expected[max(0, at - 5):at]),
        *(f'    expected {line}' for line in expected[at:at + 3] or ['(the end)']),
        *(f'    actual   {line}' for line in actual[at:at + 3] or ['(the end)']),
    ])


def read(path):
    with open(path) as file:
        return file.read().splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('expected')
    parser.add_argument('actual')
    parser.add_argument('--level', choices=LEVELS, default='strict')
    args = parser.parse_args()
    expected, actual = read(args.expected), read(args.actual)
    at = first_difference(expected, actual, LEVELS[args.level])
    if at is not None:
        print(show(expected, actual, at))
        sys.exit(1)


if __name__ == '__main__':
    main()
