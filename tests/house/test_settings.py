"""Every default has a birth certificate."""

import ast
from itertools import zip_longest
from pathlib import Path

SETTINGS = ("config.py", "*/limits.py", "*/settings.py")


def undocumented(path: Path) -> list[str]:
    """Return the defaults of a file that neither a docstring nor a comment follows."""
    source = path.read_text(encoding="utf-8")
    lines, missing = source.splitlines(), []
    for room in ast.walk(ast.parse(source)):
        body = room.body if isinstance(room, ast.ClassDef | ast.Module) else []
        for this, following in zip_longest(body, body[1:]):
            if not isinstance(this, ast.AnnAssign) or this.value is None:
                continue
            said = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            commented = any("#" in line for line in lines[this.lineno - 1 : this.end_lineno])
            above = lines[this.lineno - 2].lstrip().startswith("#")
            if not (said or commented or above):
                missing.append(f"{path.name}:{this.lineno}")
    return missing


def test_every_default_says_what_it_means(root: Path) -> None:
    """A number that can be turned says what it means and where it came from."""
    library = root / "src" / "iolaus"
    files = [path for pattern in SETTINGS for path in sorted(library.glob(pattern))]
    assert library / "config.py" in files
    assert [] == [name for path in files for name in undocumented(path)]
