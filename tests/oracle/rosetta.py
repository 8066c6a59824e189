"""Rosetta: whose name is this, and what do the others call it?

    python3 rosetta.py WORD     the lines of docs/17-rosetta.md in which the word stands
    python3 rosetta.py --check  is each of CPython's names there, in the file that the table names?
    python3 rosetta.py --check FILE     the same for the tables of another file

In the table, CPython's names stand between backquotes, followed by where they are: `Task.cancel`
(tasks.py). A name that came after Python 3.11 has its version there, too: (queues.py, 3.13); an older
Python skips it. The sources are looked at, not the running objects: tasks and futures are C.
"""
import ast
import asyncio
import pathlib
import re
import sys

CHAPTER = pathlib.Path(__file__).parents[2] / "docs" / "17-rosetta.md"
COLUMNS = ["here", "CPython", "tokio", "smol"]
WHERE = re.compile(r"\((\w+\.py)(?:, (3\.\d+))?\)")
NAME = re.compile(r"`([A-Za-z_][\w.]*)`")


def rows(text):
    """Each line of a table, as (heading, its four cells)."""
    heading = None
    for line in text.splitlines():
        if line.startswith("## "):
            heading = line[3:]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        is_row = line.startswith("| ") and len(cells) == len(COLUMNS)
        if is_row and cells[0] != COLUMNS[0] and not cells[0].startswith("---"):
            yield heading, cells


def names(cell):
    """CPython's names of a cell, as (name, file, version)."""
    begin = 0
    for where in WHERE.finditer(cell):
        for name in NAME.findall(cell[begin:where.start()]):
            yield name, where[1], where[2]
        begin = where.end()


def within(node, name):
    """What a class or function calls `name`: something defined there, or an attribute set on self."""
    for inner in ast.walk(node):
        if inner is not node and getattr(inner, "name", None) == name:
            return inner
        targets = getattr(inner, "targets", [getattr(inner, "target", None)])
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == name:
                if isinstance(target.value, ast.Name) and target.value.id == "self":
                    return inner
    return None


def at_top(module, name):
    for node in module.body:
        if getattr(node, "name", None) == name:
            return node
        if isinstance(node, ast.Assign) and any(getattr(t, "id", None) == name for t in node.targets):
            return node
    return None


def missing(name, file):
    """Why a name is not where the table says, or None."""
    source = pathlib.Path(asyncio.__path__[0]) / file
    if not source.exists():
        return f"there is no asyncio/{file}"
    first, *inner = name.split(".")
    node = at_top(ast.parse(source.read_text(encoding="utf-8")), first)
    if node is None:
        return f"asyncio/{file} has no {first}"
    for part in inner:
        node = within(node, part)
        if node is None:
            return f"asyncio/{file} has no {name}"
    is_public = not inner and not first.startswith("_")
    if is_public and not hasattr(asyncio, first):
        return f"asyncio has no {first}"
    return None


def check(text):
    problems, found, newer = [], 0, {}
    for heading, (_, cpython, _, _) in rows(text):
        known = list(names(cpython))
        for name in NAME.findall(cpython):
            if name not in [known_name for known_name, _, _ in known]:
                problems.append(f"{heading}: `{name}`: the table does not say in which file it is")
        for name, file, version in known:
            if version and sys.version_info < tuple(map(int, version.split("."))):
                newer.setdefault(version, []).append(name)
                continue
            found += 1
            what = missing(name, file)
            if what:
                problems.append(f"{heading}: `{name}`: {what}")
    python = ".".join(map(str, sys.version_info[:3]))
    print(*problems, sep="\n", end="\n" if problems else "")
    for version, skipped in sorted(newer.items()):
        print(f"skipped, needs Python {version}: {', '.join(skipped)}")
    print(f"{found} names were looked up in asyncio of Python {python}")
    print(f"{len(problems)} are missing" if problems else "none is missing")
    return 1 if problems or not found else 0


def plain(cell):
    cell = re.sub(r"!?\[([^]]*)\](\([^)]*\)|\[[^]]*\])", r"\1", cell)
    return cell.replace("`", "").replace("\\", "")


def look_up(word, text):
    last = None
    for heading, cells in rows(text):
        words = re.findall(r"[\w-]+", " ".join(map(plain, cells)).lower())
        if word.lower() in words:
            if heading != last:
                print(heading)
            else:
                print()
            last = heading
            for column, cell in zip(COLUMNS, cells):
                print(f"  {column:<8} {plain(cell)}")
    if last is None:
        print(f"nobody here calls anything {word}")
    return 0 if last else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--check", *files] if len(files) < 2:
            chapter = pathlib.Path(files[0]) if files else CHAPTER
            sys.exit(check(chapter.read_text(encoding="utf-8")))
        case [word]:
            sys.exit(look_up(word, CHAPTER.read_text(encoding="utf-8")))
        case _:
            sys.exit(__doc__)
