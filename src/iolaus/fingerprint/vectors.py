"""Sixty-four bytes at once: LLVM vector instructions for numba -> bit masks, minima, sums.

LLVM lowers these vectors to whatever the CPU has (AVX-512, AVX2, SSE2, NEON, or plain loops), so
the results are the same everywhere and only the speed differs. Nothing here knows what a word
is; words.py, shape.py and kernel.py give the masks their meaning.

No function checks bounds: the caller sees to it that `data[at : at + REACH]` exists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

instruction: Any = intrinsic
"""Makes a function of a few LLVM instructions, which numba puts where it is called."""

compiled: Any = numba.njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]
"""Compiles a function of the kernel, without counting references to its arrays.

They belong to the caller; counting them (atomic additions, several for each view) cost a
quarter of the time of a row. Such a function can make no array: scratch is handed in.
"""

LANES = 64
"""Bytes in a block, and bits in a mask."""

REACH = LANES + 1
"""Bytes behind `at` that a function may read."""

N_MINIMA = 128
"""Values of a signature."""

N_SUMS = 32
"""Bytes of a row of weights."""

_BYTE, _HALF, _WORD, _LONG, _TWICE = (ir.IntType(n) for n in (8, 16, 32, 64, 128))
_BLOCK = ir.VectorType(_BYTE, LANES)
_PART = 16  # 32-bit lanes of one 512-bit register

Build = Callable[["Block", "Block"], list[ir.Value]]


class Block:
    """One vector of bytes under construction; its comparisons give one bit a lane."""

    def __init__(self, builder: ir.IRBuilder, value: ir.Value) -> None:
        self._builder = builder
        self._value = value

    def equals(self, *values: int) -> ir.Value:
        """Each lane equals one of the values."""
        bits = [self._builder.icmp_unsigned("==", self._value, _splat(v)) for v in values]
        return self.any(*bits)

    def within(self, low: int, high: int) -> ir.Value:
        """Each lane lies in low..high, both included."""
        shifted = self._builder.sub(self._value, _splat(low))
        return self._builder.icmp_unsigned("<=", shifted, _splat(high - low))

    def letter(self) -> ir.Value:
        """Each lane is A to Z or a to z."""
        folded = Block(self._builder, self._builder.or_(self._value, _splat(0x20)))
        return folded.within(0x61, 0x7A)

    def any(self, *bits: ir.Value) -> ir.Value:
        """At least one of the conditions holds."""
        joined = bits[0]
        for other in bits[1:]:
            joined = self._builder.or_(joined, other)
        return joined

    def both(self, first: ir.Value, second: ir.Value) -> ir.Value:
        """Both conditions hold."""
        return self._builder.and_(first, second)

    def but(self, first: ir.Value, second: ir.Value) -> ir.Value:
        """The first condition holds and the second does not."""
        return self._builder.and_(first, self._builder.not_(second))


def masks(count: int, build: Build) -> Any:
    """Make an intrinsic (data, at) -> `count` masks; `build` sees a block and the one at + 1."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, args[0])
        blocks = []
        for plus in (0, 1):
            at = builder.add(args[1], ir.Constant(_LONG, plus))
            pointer = builder.bitcast(builder.gep(array.data, [at]), ir.PointerType(_BLOCK))
            blocks.append(Block(builder, builder.load(pointer, align=1)))
        bits = build(blocks[0], blocks[1])
        return cgutils.pack_array(builder, [builder.bitcast(lanes, _LONG) for lanes in bits])

    def typed(typingctx: Any, data: Any, at: Any) -> Any:
        return types.UniTuple(types.uint64, count)(data, types.int64), codegen

    return instruction(typed)


def _splat(value: int) -> ir.Constant:
    return ir.Constant(_BLOCK, [value] * LANES)


@instruction
def lowest_bit(typingctx: Any, mask: Any) -> Any:
    """Return the number of the lowest bit that is set; 64 for an empty mask."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), codegen


@instruction
def bit_count(typingctx: Any, mask: Any) -> Any:
    """Return how many bits are set."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.uint64), codegen


def _product(builder: Any, args: Any) -> tuple[ir.Value, ir.Value]:
    """Return the lower and the upper half of the 128-bit product of two numbers."""
    wide = builder.mul(*(builder.zext(x, _TWICE) for x in args))
    upper = builder.lshr(wide, ir.Constant(_TWICE, 64))
    return builder.trunc(wide, _LONG), builder.trunc(upper, _LONG)


@instruction
def wide_product(typingctx: Any, a: Any, b: Any) -> Any:
    """Return the lower and the upper half of the 128-bit product of a and b."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return cgutils.pack_array(builder, list(_product(builder, args)))

    return types.UniTuple(types.uint64, 2)(types.uint64, types.uint64), codegen


@instruction
def folded_product(typingctx: Any, a: Any, b: Any) -> Any:
    """Return the upper half of the 128-bit product of a and b, xor its lower half."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.xor(*_product(builder, args))

    return types.uint64(types.uint64, types.uint64), codegen


@instruction
def sixteen_bytes(typingctx: Any, data: Any, at: Any) -> Any:
    """Return data[at : at + 16] as two little-endian numbers."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, args[0])
        halves = []
        for plus in (0, 8):
            at = builder.add(args[1], ir.Constant(_LONG, plus))
            pointer = builder.bitcast(builder.gep(array.data, [at]), ir.PointerType(_LONG))
            halves.append(builder.load(pointer, align=1))
        return cgutils.pack_array(builder, halves)

    return types.UniTuple(types.uint64, 2)(data, types.int64), codegen


@instruction
def prefetch(typingctx: Any, data: Any, at: Any) -> Any:
    """Ask for the cache line of data[at], which will be read soon."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, args[0])
        place = builder.bitcast(builder.gep(array.data, [args[1]]), ir.PointerType(_BYTE))
        kinds = [ir.IntType(32)] * 3
        name = "llvm.prefetch.p0" if ir.PointerType().is_opaque else "llvm.prefetch.p0i8"
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [place.type, *kinds]), name
        )
        builder.call(function, [place, *(ir.Constant(_WORD, x) for x in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(data, types.int64), codegen


def _vectors(builder: Any, pointer: Any, part: ir.VectorType, count: int) -> list[Any]:
    """Return pointers to `count` consecutive vectors."""
    first = builder.bitcast(pointer, ir.PointerType(part))
    return [builder.gep(first, [ir.Constant(_LONG, i)]) for i in range(count)]


@instruction
def even_below(typingctx: Any, xs: Any, at: Any, limit: Any) -> Any:
    """
    Return a mask of which of xs[at : at + 64] are even and have an upper half under the limit.

    `xs` is uint64 and C-contiguous; `limit` is a uint64.
    """
    lanes = ir.VectorType(_LONG, LANES)

    def same(value: int) -> ir.Constant:
        return ir.Constant(lanes, [value] * LANES)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, args[0])
        first = builder.bitcast(builder.gep(array.data, [args[1]]), ir.PointerType(lanes))
        values = builder.load(first, align=8)
        # Even and small at once: an odd one is turned into one that no limit exceeds.
        odd = builder.shl(values, same(63))
        upper = builder.or_(builder.lshr(values, same(32)), odd)
        spread = _spread(builder, args[2], LANES)
        return builder.bitcast(builder.icmp_unsigned("<", upper, spread), _LONG)

    return types.uint64(xs, types.int64, types.uint64), codegen


@instruction
def count_below(typingctx: Any, xs: Any, n: Any, limit: Any) -> Any:
    """
    Return how many of xs[0 : n] are under the limit.

    `xs` is uint32 and C-contiguous; n is rounded up to a multiple of sixteen, and what stands
    there counts too.
    """
    part = ir.VectorType(_WORD, _PART)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, args[0])
        first = builder.bitcast(array.data, ir.PointerType(part))
        spread = _spread(builder, args[2])
        total = cgutils.alloca_once_value(builder, ir.Constant(_LONG, 0))
        rounded = builder.add(args[1], ir.Constant(_LONG, _PART - 1))
        with cgutils.for_range(builder, builder.udiv(rounded, ir.Constant(_LONG, _PART))) as loop:
            values = builder.load(builder.gep(first, [loop.index]), align=4)
            bits = builder.bitcast(builder.icmp_unsigned("<", values, spread), _HALF)
            found = builder.zext(builder.ctpop(bits), _LONG)
            builder.store(builder.add(builder.load(total), found), total)
        return builder.load(total)

    return types.int64(xs, types.int64, types.uint32), codegen


def _spread(builder: Any, x: ir.Value, lanes: int = _PART) -> ir.Value:
    """Return a vector that holds x in every lane."""
    part = ir.VectorType(x.type, lanes)
    nothing = ir.Constant(part, ir.Undefined)
    lane = builder.insert_element(nothing, x, ir.Constant(_WORD, 0))
    return builder.shuffle_vector(
        lane, nothing, ir.Constant(ir.VectorType(_WORD, lanes), [0] * lanes)
    )


@instruction
def write_minima(typingctx: Any, xs: Any, n: Any, multipliers: Any, out: Any) -> Any:
    """
    Write the lowest byte of the smallest multipliers[p] * xs[i] mod 2^32 over i < n to out[p].

    `xs` and `multipliers` are uint32, `out` is uint8, all C-contiguous; the latter two hold
    N_MINIMA values. Factors and minima stay in registers while the xs pass by. Of no xs at
    all, each byte is 255.
    """
    part, bytes_ = ir.VectorType(_WORD, _PART), ir.VectorType(_BYTE, _PART)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = [
            context.make_array(signature.args[i])(context, builder, args[i]).data for i in (0, 2, 3)
        ]
        count = N_MINIMA // _PART
        factors = [builder.load(p, align=4) for p in _vectors(builder, data[1], part, count)]
        highest = ir.Constant(part, [0xFFFFFFFF] * _PART)
        kept = [cgutils.alloca_once(builder, part) for _ in factors]
        for slot in kept:
            builder.store(highest, slot)
        with cgutils.for_range(builder, args[1]) as loop:
            spread = _spread(builder, builder.load(builder.gep(data[0], [loop.index])))
            for factor, slot in zip(factors, kept, strict=True):
                value, held = builder.mul(factor, spread), builder.load(slot)
                less = builder.icmp_unsigned("<", value, held)
                builder.store(builder.select(less, value, held), slot)
        for home, slot in zip(_vectors(builder, data[2], bytes_, count), kept, strict=True):
            builder.store(builder.trunc(builder.load(slot), bytes_), home, align=1)
        return context.get_dummy_value()

    return types.void(xs, types.int64, multipliers, out), codegen


@instruction
def write_sum(typingctx: Any, table: Any, rows: Any, n: Any, sums: Any) -> Any:
    """
    Set the sums to the sum of table[rows[i]] over i < n.

    `table` is int8 with N_SUMS columns, `rows` int32, `sums` int32 with N_SUMS values; all are
    C-contiguous.
    """
    narrow, wide = ir.VectorType(_BYTE, N_SUMS), ir.VectorType(_WORD, N_SUMS)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = [
            context.make_array(signature.args[i])(context, builder, args[i]).data for i in (0, 1, 3)
        ]
        home = builder.bitcast(data[2], ir.PointerType(wide))
        kept = cgutils.alloca_once(builder, wide)
        builder.store(ir.Constant(wide, [0] * N_SUMS), kept)
        first = builder.bitcast(data[0], ir.PointerType(narrow))
        with cgutils.for_range(builder, args[2]) as loop:
            row = builder.load(builder.gep(data[1], [loop.index]))
            values = builder.load(builder.gep(first, [builder.sext(row, _LONG)]), align=1)
            builder.store(builder.add(builder.load(kept), builder.sext(values, wide)), kept)
        builder.store(builder.load(kept), home, align=4)
        return context.get_dummy_value()

    return types.void(table, rows, types.int64, sums), codegen
