"""`python -m benchmarks [NAME]`: the measurements behind the documented figures; by default those that take minutes."""

import argparse
import importlib

QUICK = ["training_speed"]
ALL = [*QUICK, "time_to_90", "grading", "grading_load", "graded_cells", "skipped_cells", "gpu_forms"]
ALL += ["chapter_imports", "first_cell"]


def run(name: str, options: list[str]) -> None:
    """Run one benchmark; only it is imported, so that it needs only its own libraries."""
    importlib.import_module(f"benchmarks.{name}").main(options)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(ALL), help="one benchmark")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="its own options; --help lists them")
    arguments = parser.parse_args()
    if arguments.name:
        run(arguments.name, arguments.options)
        return
    for name in QUICK:
        print(f"== {name}")
        run(name, [])
    print(f"More, and longer: {', '.join(sorted(set(ALL) - set(QUICK)))}")


if __name__ == "__main__":
    main()
