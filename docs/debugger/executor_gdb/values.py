"""2. Values: reading Rust's. Fields, enums, pointers, vectors, strings, maps."""

import re

import gdb

from executor_gdb.answers import NO_DEBUG_INFO, NO_PROGRAM, NONSENSE, RENAMED, Answer

POINTER, STRUCT, ARRAY, UNION = gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_UNION
PLAIN = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_FLT, gdb.TYPE_CODE_CHAR)
MANY = 1 << 28  # no table has more rows; if it says so, the memory is damaged


def static(name):
    """A static, by its path: wherever the program stands, in whatever language."""
    symbol = gdb.lookup_static_symbol(name) or gdb.lookup_global_symbol(name)
    if symbol is None:
        raise Answer(NO_DEBUG_INFO if gdb.objfiles() else NO_PROGRAM)
    return symbol.value()


def unsigned(bits):
    return gdb.selected_inferior().architecture().integer_type(bits, False)


def path_of(value):
    """The path of a value's type, as Rust writes it. (`str(type)` depends on where the program stands.)"""
    kind = value if isinstance(value, gdb.Type) else value.type
    return "&" + path_of(kind.target()) if kind.code == POINTER else kind.name or str(kind)


def own_fields(kind):
    return [each for each in kind.fields() if each.name and not each.artificial]


def has(value, name):
    return value.type.code == STRUCT and any(each.name == name for each in value.type.fields())


def field(value, *path):
    """A field of a field of a field."""
    for name in path:
        if not has(value, name):
            raise Answer(RENAMED.format(path_of(value), name))
        value = value[name]
    return value


def inner(value):
    """What is inside wrappers: the value of a `Cell`, the pointer of a `NonNull`, the number of a newtype."""
    while value.type.code == STRUCT:
        fields = value.type.fields()
        if not fields:
            raise Answer(RENAMED.format(path_of(value), "value"))
        value = value[fields[0]]
    return value


def number(value):
    return int(inner(value))


def target(value):
    """What the pointer in this value points at."""
    return inner(value).dereference()


def cell(value):
    """What is in a `Cell` or `RefCell`, borrowed or not."""
    while re.match(r"core::cell::(Unsafe|Ref)?Cell<", path_of(value)):
        value = field(value, "value")
    return value


def variant(value):
    """An enum's variant: its name, and its fields."""
    if value.type.code == gdb.TYPE_CODE_ENUM:
        return str(value).rsplit("::", 1)[-1], None
    fields = own_fields(value.type)
    if len(fields) != 1:
        raise Answer(NONSENSE.format(f"a `{path_of(value)}`"))
    return fields[0].name, value[fields[0]]


def option(value):
    """What is in an `Option`; Python's None if nothing is."""
    name, some = variant(value)
    return some["__0"] if name == "Some" else None


def elements(value):
    """A pointer to the first element of a `Vec` or `VecDeque`."""
    return inner(field(value, "buf", "inner", "ptr")).cast(value.type.template_argument(0).pointer())


class vector:
    """The elements of a `Vec`. Each is read when somebody looks at it."""

    def __init__(self, value):
        self.first, self.length = elements(value), number(field(value, "len"))
        if self.length > MANY:
            raise Answer(NONSENSE.format(f"a `Vec` of {self.length} elements"))

    def __len__(self):
        return self.length

    def __getitem__(self, i):
        if isinstance(i, slice):
            return [self.first[each] for each in range(self.length)[i]]
        if not 0 <= i < self.length:
            raise IndexError(i)
        return self.first[i]


def ring(value):
    """The elements of a `VecDeque`, first to last."""
    head, length, first = number(field(value, "head")), number(field(value, "len")), elements(value)
    capacity = number(field(value, "buf", "inner", "cap"))
    if length > capacity or capacity > MANY:
        raise Answer(NONSENSE.format("a `VecDeque`"))
    return [first[(head + i) % capacity] for i in range(length)]


def text(value):
    """A string of any kind: `&str`, `Box<str>`, `String`."""
    if path_of(value) == "alloc::string::String":
        pointer, length = elements(field(value, "vec")), number(field(value, "vec", "len"))
    else:
        while not has(value, "data_ptr"):
            value = value[value.type.fields()[0]]
        pointer, length = value["data_ptr"], number(value["length"])
    if length > 1 << 16:
        raise Answer(NONSENSE.format(f"a string of {length} bytes"))
    read = gdb.selected_inferior().read_memory
    return bytes(read(int(pointer), length)).decode("utf-8", "replace") if length else ""


def hash_map(value):
    """The pairs of a `HashMap`: a byte for each bucket says if it is full; the buckets lie before them, backwards."""
    table = field(value, "base", "table")
    buckets = number(field(table, "table", "bucket_mask")) + 1
    if buckets > MANY:
        raise Answer(NONSENSE.format("a `HashMap`"))
    control = inner(field(table, "table", "ctrl"))
    byte, pair = control.cast(unsigned(8).pointer()), control.cast(table.type.template_argument(0).pointer())
    return [(pair[-1 - i]["__0"], pair[-1 - i]["__1"]) for i in range(buckets) if int(byte[i]) < 128]


def tree_map(value):
    """The pairs of a `BTreeMap`, in the order of their keys."""
    return [(slot(leaf["keys"][i]), slot(leaf["vals"][i])) for leaf, i in tree(value)]


def tree_set(value):
    """The elements of a `BTreeSet`, in their order."""
    return [slot(leaf["keys"][i]) for leaf, i in tree(field(value, "map"))]


def slot(value):
    """What is in a place of a node that may be empty, and is not."""
    return value["value"]["value"]["__0"]


def tree(value):
    """Where the elements of a `BTreeMap` are: in which node, and at which place there."""
    root = option(field(value, "root"))
    return list(tree_node(inner(field(root, "node")), number(field(root, "height")))) if root is not None else []


def tree_node(node, height):
    leaf, edges = node.dereference(), None
    if height > 0:
        kind = path_of(leaf).replace("LeafNode", "InternalNode", 1)
        edges = node.cast(gdb.lookup_type(kind).pointer())["edges"]
    length = number(field(leaf, "len"))
    if length > 11 or height > 20:
        raise Answer(NONSENSE.format("a `BTreeMap`"))
    for i in range(length + 1):
        if edges is not None:
            yield from tree_node(inner(edges[i]["value"]), height - 1)
        if i < length:
            yield leaf, i


def parts(value):
    """What a pointer points at; the fields of a struct, or of an enum's variant. Not what gdb can't read."""
    if value.type.code == POINTER:
        return readable(value.dereference) if int(value) else []
    return [part for each in own_fields(value.type) for part in readable(lambda: value[each])]


def readable(read):
    """A value, or none: gdb 13 can't read enums whose tag has 128 bits."""
    try:
        return [read()]
    except gdb.MemoryError:
        raise
    except gdb.error:
        return []
