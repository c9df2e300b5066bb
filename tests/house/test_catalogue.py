"""A plug-in is one file and one line in catalog.py: neither is there without the other."""

import ast

from iolaus import catalog

FOLDERS = ("signals", "engines", "ingest")
MARKS = {"name", "version", "summary"}


def names_of(node: ast.ClassDef) -> set[str]:
    """Return what a class body assigns."""
    targets = [t for s in node.body if isinstance(s, ast.Assign) for t in s.targets]
    targets += [s.target for s in node.body if isinstance(s, ast.AnnAssign)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def plugins_of(library: dict[str, ast.Module]) -> set[str]:
    """Return module:Class of everything in the plug-in folders that looks like a plug-in."""
    return {
        f"iolaus.{path.removesuffix('.py').replace('/', '.')}:{node.name}"
        for path, tree in library.items()
        for node in tree.body
        if path.partition("/")[0] in FOLDERS
        and isinstance(node, ast.ClassDef)
        and names_of(node) >= MARKS
    }


def catalogued() -> set[str]:
    """Return module:Class of everything built in that the catalogue offers."""
    classes = [type(plugin) for plugin in (*catalog.signals(), *catalog.sources())]
    classes += list(catalog.engines())
    return {f"{c.__module__}:{c.__name__}" for c in classes if c.__module__.startswith("iolaus.")}


def test_catalogue_is_what_the_folders_hold(library: dict[str, ast.Module]) -> None:
    """Every plug-in is in the catalogue, and the catalogue names nothing that is gone."""
    plugins = plugins_of(library)
    assert plugins
    assert plugins == catalogued()
