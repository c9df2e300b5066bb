"""Time and randomness are passed in: the library has no clock and no dice of its own."""

import ast

CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today",
    "uuid.uuid1", "uuid.uuid4", "os.urandom",
}  # fmt: skip
GENERATORS = {"Generator", "SeedSequence", "PCG64", "Philox", "BitGenerator"}


def dotted(node: ast.expr) -> str:
    """Return a.b.c for an attribute chain, or nothing."""
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return node.id if isinstance(node, ast.Name) else ""


def is_luck(call: ast.Call) -> bool:
    """Say whether a call draws from, or seeds, something the caller did not pass in."""
    name = dotted(call.func).replace("numpy.", "np.")
    if name == "np.random.default_rng":
        return not call.args
    if name.startswith("np.random."):
        return name.split(".")[2] not in GENERATORS
    return name.startswith(("random.", "secrets."))


def test_library_reads_no_clock(library: dict[str, ast.Module]) -> None:
    """No call of datetime.now, time.time or their like."""
    calls = [(p, n) for p, t in library.items() for n in ast.walk(t) if isinstance(n, ast.Call)]
    assert [] == [f"{p}:{n.lineno}" for p, n in calls if dotted(n.func) in CLOCKS]


def test_library_draws_nothing_by_itself(library: dict[str, ast.Module]) -> None:
    """No call of random.*, of numpy's global generator, or of default_rng without a seed."""
    calls = [(p, n) for p, t in library.items() for n in ast.walk(t) if isinstance(n, ast.Call)]
    assert [] == [f"{p}:{n.lineno}" for p, n in calls if is_luck(n)]
    assert is_luck(ast.parse("np.random.rand(3)", mode="eval").body)
    assert not is_luck(ast.parse("rng.random(3)", mode="eval").body)
