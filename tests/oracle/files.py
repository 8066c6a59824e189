"""Files of scenario programs in, traces out: the one convention of all commands here.

Used by scen.py, refmodel.py, check.py and shrink.py; not a command.

A `.json` file is one program. Any other file, and standard input, has one program a line (JSON
Lines). A program may stand alone or in an object, {"program": ..., ...}. When there are several
programs, each trace comes after a line `# NAME`; the trace of a single one comes bare.
"""
import itertools
import json
import sys


def read_programs(paths):
    """The programs of all files, one at a time: the files may be longer than memory."""
    for path in paths or ['-']:
        if path == '-':
            yield from map(parse, sys.stdin)
            continue
        with open(path) as file:
            if path.endswith('.json'):
                yield parse(file.read())
            else:
                yield from map(parse, file)


def parse(text):
    entry = json.loads(text)
    return entry.get('program', entry)


def print_traces(programs, run):
    """`run` makes a trace from a program."""
    programs = iter(programs)
    first_two = list(itertools.islice(programs, 2))
    for program in itertools.chain(first_two, programs):
        if len(first_two) == 2:
            print('#', program['name'])
        print('\n'.join(run(program)))
