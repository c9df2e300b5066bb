"""What `import iolaus` offers is what it says it offers."""

import pkgutil

import iolaus


def test_all_is_what_can_be_imported() -> None:
    """`__all__` names every public name, each can be had, and none hides a submodule."""
    submodules = {module.name for module in pkgutil.iter_modules(iolaus.__path__)}
    public = {name for name in dir(iolaus) if not name.startswith("_")}
    offered = {name for name in iolaus.__all__ if not name.startswith("_")}
    assert public - submodules == offered - submodules
    assert all(getattr(iolaus, name) is not None for name in iolaus.__all__)
    modules = offered & submodules
    assert all(getattr(iolaus, name).__name__ == f"iolaus.{name}" for name in modules)
