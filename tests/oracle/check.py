"""Random programs on CPython's asyncio and on something else: are the traces the same?

    python3 check.py                                            asyncio against refmodel.py
    python3 check.py --count 100000 --against "path/to/scenario"
    python3 check.py --seed S ...                               the same programs again

The other side is a command that takes a file of programs (JSON Lines) and prints their traces, each
after a line `# NAME`. Every line is compared, every column. Programs go through in batches, so that
any number of them fits into memory. At the first difference: the program, its JSON, both traces around
the line, what the command said, and exit status 1.
"""
import argparse
import functools
import json
import multiprocessing
import platform
import secrets
import sys

import against
import cmp_trace
import gen
import scen

BATCH = 1000


def check_batch(command, profile, seeds):
    """-> how many events there were, and a report when something differs."""
    programs = [gen.make(seed, profile) for seed in seeds]
    traces = [scen.run(program) for program in programs]
    answer = against.ask(command, programs)
    events = sum(map(len, traces))

    actual = answer.lines
    if len(programs) == 1:
        actual = [f'# {programs[0]["name"]}', *actual]      # a single trace comes without its header
    expected, owner = [], []
    for program, trace in zip(programs, traces):
        block = [f'# {program["name"]}', *trace]
        expected += block
        owner += [program] * len(block)

    at = cmp_trace.first_difference(expected, actual)
    report = []
    if at is not None:
        program = owner[min(at, len(owner) - 1)]
        report = [f'{program["name"]} differs', json.dumps(program), cmp_trace.show(expected, actual, at)]
    if answer.failure:
        report.append(answer.failure)
    return events, '\n'.join(report)


def batches(first_seed, count):
    for start in range(first_seed, first_seed + count, BATCH):
        yield range(start, min(start + BATCH, first_seed + count))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--seed', type=int, help='of the first program (default: a fresh one)')
    parser.add_argument('--count', type=int, default=3000, help='how many programs')
    parser.add_argument('--profile', choices=gen.PROFILES, default='default')
    parser.add_argument('--against', default=against.REFMODEL, metavar='COMMAND')
    parser.add_argument('--jobs', type=int, default=2, help='how many processes')
    args = parser.parse_args()
    seed = secrets.randbelow(10**12) if args.seed is None else args.seed
    versions = f'seed {seed}, Python {platform.python_version()}'
    check = functools.partial(check_batch, args.against, args.profile)
    events = 0
    with multiprocessing.Pool(args.jobs) as pool:
        for batch_events, report in pool.imap(check, batches(seed, args.count)):
            events += batch_events
            if report:
                print(report)
                sys.exit(f'not the same ({versions})')
    print(f'{args.count} programs, {events} events, 0 differences ({versions})')


if __name__ == '__main__':
    main()
