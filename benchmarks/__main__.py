"""`python -m benchmarks [NAME]`: the measurements behind the documented figures; by default those that take minutes."""

import argparse

from benchmarks import gpu_forms, grading, time_to_90, training_speed

QUICK = {"training_speed": training_speed.main}
ALL = {**QUICK, "time_to_90": time_to_90.main, "grading": grading.main, "gpu_forms": gpu_forms.main}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(ALL), help="one benchmark")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="its own options; --help lists them")
    arguments = parser.parse_args()
    if arguments.name:
        ALL[arguments.name](arguments.options)
        return
    for name, run in QUICK.items():
        print(f"== {name}")
        run([])
    print(f"More, and longer: {', '.join(sorted(ALL.keys() - QUICK.keys()))}")


if __name__ == "__main__":
    main()
