"""gdb's types and values, made of lldb's."""

import re

import lldb

from gdb_of_lldb.memory import MemoryError, checked, error, target, word

KINDS = {
    lldb.eTypeClassPointer: "PTR",
    lldb.eTypeClassReference: "PTR",
    lldb.eTypeClassStruct: "STRUCT",
    lldb.eTypeClassClass: "STRUCT",
    lldb.eTypeClassUnion: "UNION",
    lldb.eTypeClassArray: "ARRAY",
    lldb.eTypeClassEnumeration: "ENUM",
}
VARIANTS = ["$variants$"]  # the only field of an enum with data: a union of its variants


class Field:
    def __init__(self, name, kind):
        self.name, self.type, self.artificial = name, kind, False


class Type:
    """A type. That of an enum's value has the value's variant as its only field, as in gdb."""

    def __init__(self, sb, fields=None):
        self.sb, self.known = sb.GetUnqualifiedType(), fields
        plain = self.sb.GetCanonicalType()
        floats = (lldb.eBasicTypeFloat, lldb.eBasicTypeDouble)
        self.code = KINDS.get(plain.GetTypeClass())
        if self.code is None:
            basic = plain.GetBasicType()
            self.code = "BOOL" if basic == lldb.eBasicTypeBool else "FLT" if basic in floats else "INT"
        self.name = None if self.code == "PTR" else re.sub(r":\d+$", "", self.sb.GetName()).replace("> >", ">>")

    def __str__(self):
        return self.name or self.sb.GetName()

    def fields(self):
        if self.known is None:
            self.known = [Field(each.GetName(), Type(each.GetType())) for each in self.sb.fields]
            if [each.name for each in self.known] == VARIANTS:
                self.known = [variant_field(each) for each in Variants(self.sb).payloads()]
        return self.known

    def target(self):
        return Type(self.sb.GetPointeeType() if self.code == "PTR" else self.sb.GetArrayElementType())

    def pointer(self):
        return Type(self.sb.GetPointerType())

    def template_argument(self, i):
        return Type(self.sb.GetTemplateArgumentType(i))

    def strip_typedefs(self):
        return self

    def range(self):
        return 0, self.sb.GetByteSize() // max(1, self.sb.GetArrayElementType().GetByteSize()) - 1


def variant_field(payload):
    """One variant of an enum: its name is the end of its type's."""
    path = re.sub(r":\d+$", "", payload.GetName())
    while "<" in path:
        path = re.sub(r"<[^<>]*>", "", path.replace("->", ""))
    return Field(path.rsplit("::", 1)[-1], Type(payload))


class Variants:
    """The variants of an enum with data, which lldb has as a union: a tag and a value for each."""

    def __init__(self, enum):
        self.by_tag, self.untagged, self.size, self.place, self.begins, bits = {}, None, 0, 0, False, 0
        for variant in enum.fields[0].GetType().fields:
            fields = {each.GetName(): each for each in variant.GetType().fields}
            payload, tag = fields["value"].GetType(), fields.get("$discr$")
            self.begins |= any(each.GetOffsetInBytes() == 0 for each in payload.fields)
            number = variant.GetName()[len("$variant$") :]
            if number:
                self.by_tag[int(number)] = payload
            else:
                self.untagged = payload
            if tag is not None:
                self.size, bits = tag.GetType().GetByteSize(), fields["value"].GetOffsetInBits()
                self.place = tag.GetOffsetInBytes()
        self.place = self.place or self.misplaced(bits)

    def misplaced(self, bits):
        """lldb 19 takes every tag to be at the beginning, and where it is in bytes for where the value is in bits."""
        tag_is_first = bits in (0, 8 * self.size)
        # So a tag of one byte at byte 8 looks as if it were at byte 0. But if a value begins there, it is not.
        return bits if not tag_is_first or (bits == 8 and self.begins and not self.untagged) else 0

    def payloads(self):
        return [*self.by_tag.values(), *([self.untagged] if self.untagged else [])]

    def of(self, address):
        """The type of what the enum at this address holds."""
        tag = word(address + self.place, self.size) if self.size else None
        return self.by_tag.get(tag, self.untagged)


class Value:
    def __init__(self, sb):
        self.sb = sb.GetNonSyntheticValue()
        if self.sb.GetError().Fail():
            raise MemoryError(f"Cannot access memory at address 0x{self.sb.GetLoadAddress():x}")
        self.type, self.active = Type(self.sb.GetType()), None
        if [each.GetName() for each in self.sb.GetType().fields] == VARIANTS:
            self.active = Variants(self.sb.GetType()).of(self.sb.GetLoadAddress())
            self.type.known = [variant_field(self.active)] if self.active else []

    @property
    def address(self):
        place = self.sb.GetLoadAddress()
        return None if place == lldb.LLDB_INVALID_ADDRESS else place

    def __getitem__(self, which):
        if isinstance(which, int):
            if self.type.code == "PTR":
                kind = self.sb.GetType().GetPointeeType()
                return at(int(self) + which * kind.GetByteSize(), kind)
            return Value(self.sb.GetChildAtIndex(which))
        if self.active is not None:
            return at(self.address, self.active)
        name = which.name if isinstance(which, Field) else which
        child = self.sb.GetChildMemberWithName(name)
        if not child.IsValid():
            raise error(f"There is no member named {name}.")
        return Value(child)

    def __int__(self):
        failure = lldb.SBError()
        return checked(failure, self.sb.GetLoadAddress(), self.sb.GetValueAsUnsigned(failure))

    def __str__(self):
        return str(self.sb.GetValue())

    def dereference(self):
        return at(int(self), self.sb.GetType().GetPointeeType())

    def cast(self, kind):
        return Value(self.sb.Cast(kind.sb))


def at(address, kind):
    """The value of this type at this address."""
    if kind.GetByteSize():
        word(address, 1)
    return Value(target().CreateValueFromAddress("value", lldb.SBAddress(address, target()), kind))
