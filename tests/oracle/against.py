"""The other side of a comparison: a command that is given a file of programs and prints their traces.

Used by check.py and shrink.py; not a command.
"""
import dataclasses
import json
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
REFMODEL = shlex.join([sys.executable, os.path.join(HERE, 'refmodel.py')])
TIMEOUT = 120       # seconds; a thousand programs take about one


@dataclasses.dataclass
class Answer:
    lines: list
    failure: str    # empty when the command succeeded


def ask(command, programs):
    """Runs `command FILE.jsonl`."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'programs.jsonl')
        with open(path, 'w') as file:
            file.writelines(json.dumps(program) + '\n' for program in programs)
        try:
            done = subprocess.run([*shlex.split(command), path], capture_output=True, text=True,
                                  errors='replace', timeout=TIMEOUT)
        except subprocess.TimeoutExpired as error:
            output = (error.stdout or b'').decode(errors='replace')
            return Answer(output.splitlines(), f'{command}: no end after {TIMEOUT} s')
        except OSError as error:
            return Answer([], f'{command}: {error}')
    failure = ''
    if done.returncode:
        failure = f'{command}: exit status {done.returncode}, stderr:\n{done.stderr.rstrip()}'
    return Answer(done.stdout.splitlines(), failure)
