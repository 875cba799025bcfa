"""The instructors' command line: ``python -m autograder COMMAND --help``."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import ROOT
from autograder.course import units
from autograder.files import write_text

if TYPE_CHECKING:
    from autograder.grading.boxes import Boxes

MARKS = ("moodle", "canvas", "gradescope", "csv")
FORMATS = ("moodle", "canvas", "folder", "git")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 1 something fell short, 2 wrong usage)."""
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    grade = commands.add_parser("grade", help="grade submitted/, or a sample class when it is empty")
    grade.add_argument("units", nargs="*", metavar="UNIT", help="default: every unit that was handed in")
    grade.add_argument("--submitted", type=Path, default=ROOT / "submitted", help="folder of the students' folders")
    grade.add_argument("--json", type=Path, help="write the results to this file")
    grade.add_argument("--junit", type=Path, help="write the results to this file as JUnit XML")
    grade.add_argument("--jobs", type=_positive, help="notebooks at a time (default: all cores)")
    grade.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="run the notebooks on a Dask cluster: tcp://host:8786, or local:4 for four workers on this machine",
    )
    grade.add_argument("--force", action="store_true", help="run again what was executed before")
    grade.add_argument("--preview", action="store_true", help="print which marks would change, and write nothing")
    grade.add_argument(
        "--migrate",
        metavar="UNIT",
        help="first rebuild in the gradebook a unit whose graded cells came or went; all marks are carried over",
    )
    grade.add_argument(
        "--due",
        action="append",
        default=[],
        metavar="UNIT=DATE",
        help="until when a unit is handed in, such as 02-shapes=2026-11-20T23:59; remembered, and may be repeated",
    )
    grade.add_argument(
        "--late", metavar="RULE", help="points less for each started day after it, such as 10%%/day; remembered"
    )
    grade.add_argument("--grace", metavar="SPAN", help="what after it costs nothing, such as 15m; remembered")
    grade.add_argument("--no-sandbox", action="store_true", help="run students' code as you, with your rights")
    grade.set_defaults(run=_grade)

    answers = commands.add_parser("answers", help="judge the bank of right and wrong answers")
    answers.add_argument(
        "folders", nargs="*", metavar="DIR", type=Path, help="folders of answers (default: tests/answers)"
    )
    answers.add_argument("--unit", help="only this unit")
    answers.add_argument("--every-cell", action="store_true", help="run the cells too that grading leaves out")
    answers.add_argument("--json", type=Path, help="write the verdicts to this file")
    answers.add_argument("--messages", action="store_true", help="print what each answer is told")
    answers.add_argument(
        "--mutants",
        nargs="?",
        const=1,
        default=0,
        type=int,
        metavar="N",
        help="also judge erasers and mechanical changes of each solution, of these one in N",
    )
    answers.add_argument("--table", type=Path, help="write the last table to this file, as Markdown")
    answers.set_defaults(run=_answers)

    release = commands.add_parser("release", help="generate notebooks/ from solutions/ and write the students' zip")
    release.set_defaults(run=_release)

    intake = commands.add_parser("intake", help="take submissions from a download to submitted/")
    intake.add_argument(
        "source", type=Path, metavar="SOURCE", help="a zip or a folder; for git, the folder of the clones"
    )
    intake.add_argument(
        "--format", choices=("moodle", "canvas", "folder", "git"), help="default: recognised by the names in it"
    )
    intake.add_argument("--submitted", type=Path, default=ROOT / "submitted", help="folder of the students' folders")
    intake.add_argument("--roster", type=Path, default=ROOT / "roster.csv", help="the class (default: roster.csv)")
    intake.add_argument("--dry-run", action="store_true", help="print what would be taken, and write nothing")
    intake.set_defaults(run=_intake)

    marks = commands.add_parser("marks", help="write the marks for a learning management system")
    marks.add_argument("units", nargs="*", metavar="UNIT", help="default: every unit in the gradebook")
    marks.add_argument("--format", choices=MARKS, required=True)
    marks.add_argument("--into", type=Path, metavar="DOWNLOADED", help="Moodle's or Canvas's own file, to be filled")
    marks.add_argument("--out", type=Path, metavar="FILE", help="what is written (default: marks-FORMAT.csv)")
    marks.add_argument("--feedback", type=Path, metavar="ZIP", help="of Moodle: also write the pages as a zip for it")
    marks.set_defaults(run=_marks)

    similar = commands.add_parser("similar", help="list answers that are alike: a reason to talk, and no verdict")
    similar.add_argument("units", nargs="*", metavar="UNIT", help="default: every unit that was handed in")
    similar.add_argument("--submitted", type=Path, default=ROOT / "submitted", help="folder of the students' folders")
    similar.add_argument("--html", type=Path, metavar="FILE", help="also write a page with the answers side by side")
    similar.add_argument("--hide-ids", action="store_true", help="number the students")
    similar.set_defaults(run=_similar)

    ci = commands.add_parser("ci", help="grade one notebook of a push; no gradebook")
    ci.add_argument(
        "notebook", type=Path, metavar="NOTEBOOK", help="a notebook, or a repository with one of the course"
    )
    ci.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="gets results.json, junit.xml, summary.md, feedback.html"
    )
    ci.add_argument(
        "--min", type=_share, default=0.0, metavar="PERCENT", help="of the automatic points, for exit code 0"
    )
    ci.add_argument("--no-sandbox", action="store_true", help="run the notebook's code as you, with your rights")
    ci.set_defaults(run=_ci)

    ci_class = commands.add_parser("ci-class", help="grade one unit in the repositories of a class; no gradebook")
    ci_class.add_argument("clones", type=Path, metavar="CLONES", help="what autograder.intake.repositories wrote")
    ci_class.add_argument("--unit", required=True, help="which unit")
    ci_class.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="gets the four files of each student, and summary.md"
    )
    ci_class.add_argument("--min", type=_share, default=0.0, metavar="PERCENT", help="of the automatic points")
    ci_class.set_defaults(run=_ci_class)

    report = commands.add_parser("report", help="write where the class struggles, and why, as a page or a table")
    report.add_argument("units", nargs="*", metavar="UNIT", help="default: every unit in the gradebook")
    report.add_argument("--html", type=Path, metavar="FILE", help="the page (default, without --csv: report.html)")
    report.add_argument("--csv", type=Path, metavar="FILE", help="a row for each exercise and cause")
    report.add_argument("--hide-ids", action="store_true", help="show students as numbers")
    report.set_defaults(run=_report)

    leaderboard = commands.add_parser("leaderboard", help="print the contest of unit 08 from the gradebook")
    leaderboard.set_defaults(run=_leaderboard)

    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except (ValueError, OSError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2
    except RuntimeError as error:
        from autograder.nbgrader_bridge import NbgraderError
        from autograder.sandbox.sandbox import SandboxError

        if not isinstance(error, NbgraderError | SandboxError):
            raise
        print(f"autograder: {error}", file=sys.stderr)
        return 1


def _grade(options: argparse.Namespace) -> int:
    from autograder.grading.early import begin_workers
    from autograder.grading.late_rule import Orders, said_of

    if options.preview and options.migrate:
        raise ValueError("--preview writes nothing, so it cannot go with --migrate")
    elsewhere = _cluster(options) if options.scheduler else None
    orders = Orders(tuple(options.due), options.late, options.grace)
    for line in said_of(orders):
        print(line)
    submitted, output, jobs = options.submitted.resolve(), ROOT, options.jobs or os.cpu_count()
    asked = options.units or ([options.migrate] if options.migrate else [])
    if not submitted.is_dir() and submitted != ROOT / "submitted":
        raise ValueError(f"there is no folder {options.submitted}")
    is_sample = not submitted.is_dir() or not any(submitted.iterdir())
    begun = []
    if not is_sample and elsewhere is None:
        begun = begin_workers(submitted, output, asked, jobs, not options.no_sandbox, options.force)
    from autograder.bank import sample_class
    from autograder.course import addresses
    from autograder.grading.classes import grade_class
    from autograder.grading.migration import migrate
    from autograder.grading.submissions import Options
    from autograder.nbgrader_bridge import course_database
    from autograder.reports import feedback, marks

    database = course_database(ROOT)
    if is_sample:
        if orders:
            raise ValueError("submitted/ is empty: give --due, --late and --grace once something was handed in")
        output = ROOT / "sample"
        submitted, database = output / "submitted", output / "gradebook.db"  # never the course's own
        unit = (options.units or units.unit_names())[0]
        print(f"submitted/ is empty: grading a sample class of {unit}, kept in sample/")
        shutil.rmtree(output, ignore_errors=True)
        with tempfile.TemporaryDirectory() as scratch:
            sample_class.write_class(submitted, unit, Path(scratch))
    choices = Options(jobs, not options.no_sandbox, options.force, options.preview)
    try:
        if options.migrate:
            marks.print_migration(migrate(output, options.migrate, database))
        graded = grade_class(submitted, output, asked, choices, feedback, database, orders, elsewhere, begun)
    except KeyboardInterrupt:
        print(
            "\nautograder: stopped; what was executed is kept, and the same command goes on from there", file=sys.stderr
        )
        return 130
    marks.print_table(graded.results)
    marks.print_changes(graded.changed)
    if options.json:
        write_text(options.json, marks.to_json(graded))
    if options.junit:
        write_text(options.junit, marks.to_junit(graded))
    for reason in graded.refused.values():
        print(f"autograder: {reason}", file=sys.stderr)
    shown = output.relative_to(ROOT)
    name = shown / database.name if database == output / "gradebook.db" else addresses.shown(database)
    if options.preview:
        print("a preview: nothing was written")
    else:
        print(f"marks: {name}; what the students read: {shown / 'feedback'}/")
    return 1 if graded.refused else 0


def _cluster(options: argparse.Namespace) -> Callable[[], Boxes]:
    """What makes the place where notebooks run."""
    if options.jobs:
        raise ValueError("--jobs is for one machine: on a cluster each worker runs as many notebooks as it has threads")
    if options.no_sandbox:
        raise ValueError("--no-sandbox is for one machine: a cluster's workers run students' code in a sandbox only")
    try:
        from autograder.cluster.cluster import Cluster
    except ModuleNotFoundError as error:
        raise ValueError(
            f"--scheduler needs {error.name}: `python -m pip install -r requirements-cluster.txt`"
        ) from error
    cluster = Cluster(options.scheduler)
    return lambda: cluster


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _answers(options: argparse.Namespace) -> int:
    from autograder.bank import answers, verdicts

    folders = options.folders or [units.ANSWERS]
    judged = [
        verdict
        for folder in folders
        for verdict in answers.judge_bank(folder.resolve(), options.unit, options.mutants, options.every_cell)
    ]
    verdicts.print_report(judged, options.messages)
    if options.json:
        write_text(options.json, json.dumps([verdict.as_json() for verdict in judged], indent=1))
    if options.table:
        write_text(options.table, verdicts.markdown_table(judged))
    return 1 if verdicts.falls_short(judged) else 0


def _release(options: argparse.Namespace) -> int:
    from autograder.release.notebooks import release

    return release()


def _intake(options: argparse.Namespace) -> int:
    from autograder.grading.roster import read_roster
    from autograder.intake.delivery import take_in

    if options.roster != ROOT / "roster.csv" and not options.roster.is_file():
        raise ValueError(f"there is no file {options.roster}")
    roster = read_roster(options.roster)
    complete = take_in(options.source, options.format, roster, options.submitted, options.dry_run)
    return 0 if complete else 1


def _marks(options: argparse.Namespace) -> int:
    from autograder.nbgrader_bridge import course_database
    from autograder.reports.marks_out import write_marks

    out = options.out or Path(f"marks-{options.format}.csv")
    what = ROOT, options.format, options.units, options.into, out, options.feedback, course_database(ROOT)
    return 0 if write_marks(*what) else 1


def _similar(options: argparse.Namespace) -> int:
    from autograder.reports.similarity.of_class import find_alike
    from autograder.reports.similarity.shown import names_of, page_of, print_found

    found = find_alike(options.submitted, options.units)
    called = names_of(options.hide_ids)
    print_found(found, called)
    if options.html:
        write_text(options.html, page_of(found, called, options.hide_ids))
        print(f"\nside by side: {options.html}")
    return 0


def _ci(options: argparse.Namespace) -> int:
    from autograder.grading.submissions import Options
    from autograder.reports.ci import grade_push

    choices = Options(sandbox=not options.no_sandbox)
    return _code_of_ci(lambda: grade_push(options.notebook, options.out, options.min, choices))


def _ci_class(options: argparse.Namespace) -> int:
    from autograder.grading.submissions import Options
    from autograder.reports.ci import grade_pushes

    choices = Options(jobs=os.cpu_count())
    return _code_of_ci(lambda: grade_pushes(options.clones, options.unit, options.out, options.min, choices))


def _code_of_ci(grade: Callable[[], int]) -> int:
    """The exit code of a push: what is the grader's fault has a code of its own, lest it be taken for a mark."""
    from autograder.nbgrader_bridge import NbgraderError
    from autograder.reports.ci import GRADER_FAILED, NO_SANDBOX
    from autograder.sandbox.sandbox import SandboxError

    try:
        return grade()
    except SandboxError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return NO_SANDBOX
    except (ValueError, OSError, MemoryError, NbgraderError) as error:
        print(f"autograder: not graded: {error}", file=sys.stderr)
        return GRADER_FAILED


def _report(options: argparse.Namespace) -> int:
    from autograder.nbgrader_bridge import course_database
    from autograder.reports.class_report.writing import write_report

    html = options.html or (None if options.csv else Path("report.html"))
    write_report(ROOT, options.units, html, options.csv, options.hide_ids, course_database(ROOT))
    print(f"written: {', '.join(str(path) for path in (html, options.csv) if path)}")
    return 0


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not text.endswith("%") or not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage as 60%")
    return share


def _leaderboard(options: argparse.Namespace) -> int:
    from autograder.nbgrader_bridge import course_database
    from autograder.reports.leaderboard import entries, print_leaderboard

    print_leaderboard(entries(ROOT, course_database(ROOT)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
