"""Notes for a person: an exercise that forbids something was passed, and the notebook's code has names of a way round.

A name is a sign and no proof, so no mark depends on it. The code is read as text, here and never run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.course.cells import is_autograded, is_task, nbgrader_tag
from autograder.course.exercises import exercises_of
from autograder.course.forbidden import forbidden_in
from autograder.grading.names_used import Cell, read_cells

MOST_NOTES, MOST_NAMES, LONGEST_NAME = 5, 4, 80

# In the tables a name stands for itself and all that is in it; ``*.name`` for an attribute of anything.
_COMPUTING = ("jax", "tensorflow", "keras", "mxnet", "paddle", "mlx", "tinygrad", "cupy", "cupyx", "numba", "tvm")
_COMPUTING += ("triton", "onnxruntime", "openvino")
# Other libraries that do the work of what is forbidden, and ways to the same work that `forbid` leaves open.
_EQUIVALENTS = {
    "torch.conv2d": (
        *("scipy.signal", "scipy.ndimage", "scipy.linalg.convolution_matrix", "numpy.convolve", "numpy.correlate"),
        *("skimage", "cv2", "PIL.ImageFilter", "astropy.convolution"),
    ),
    "torch.max_pool2d": (
        *("scipy.ndimage", "scipy.signal.order_filter", "scipy.signal.medfilt", "scipy.signal.medfilt2d"),
        *("skimage", "cv2", "PIL.ImageFilter"),
    ),
    "torch.nn.functional.unfold": ("sklearn.feature_extraction.image", "cv2"),
    "torch.nn.functional.batch_norm": ("sklearn.preprocessing", "scipy.stats.zscore"),
    "torch.nn.functional.dropout": (),
    "torch.autograd": (
        *(
            "torch.autograd",
            "torch.func",
            "functorch",
            "torch._functorch",
            "torch._VF",
            "autograd",
            "autograd_minimize",
        ),
        *("*.grad_fn", "*.next_functions"),
    ),
}
# Ways past a block of PyTorch's operations: code compiled before, kernels, modes, other processes.
_PAST_TORCH = ("torch.jit", "torch.compile", "torch.export", "torch._dynamo", "torch._inductor", "torch._VF")
# Ways past any block: another process, functions taken apart, names that are not written out.
_PAST_PYTHON = (
    *("subprocess", "multiprocessing", "torch.multiprocessing", "joblib", "concurrent.futures.ProcessPoolExecutor"),
    *("os.fork", "os.forkpty", "os.system", "os.popen", "os.posix_spawn", "os.posix_spawnp", "os.execv", "os.execve"),
    *("os.spawnv", "os.spawnl", "pty", "runpy", "marshal", "get_ipython.system", "get_ipython.getoutput"),
    *("types.FunctionType", "types.CodeType", "*.__code__", "*.__globals__", "*.__closure__", "inspect.getsource"),
    *("getattr(...)", "setattr(...)", "vars(...)", "importlib.import_module(...)", "__import__(...)"),
    *("sys.modules(...)", "*.__dict__(...)", "operator.attrgetter", "globals", "importlib.util", "importlib.machinery"),
)
# What has no other use in this course: seen in any cell.
_ANYWHERE_TORCH = (
    *("torch._C", "torch.ops", "torch.library", "torch.utils.cpp_extension", "torch.utils._python_dispatch"),
    *("*.get_kernel", "*.call_boxed", "*._op_dk"),
)
_ANYWHERE = (
    *("ctypes", "cffi", "gc.get_objects", "gc.get_referrers", "gc.get_referents", "exec", "eval"),
    *("course_utils.checks.forbidden", "course_utils.checks.forbidden_functions", "*._destroy"),
    *("get_ipython.run_cell", "get_ipython.ex", "get_ipython.line_magic.run", "get_ipython.cell_magic.cython"),
    *("get_ipython.cell_magic.python", "get_ipython.cell_magic.python3", "get_ipython.cell_magic.writefile"),
)


def near_names(forbidden: Iterable[str]) -> set[str]:
    """The names that matter in code on which an answer depends, where these are forbidden."""
    names = set(_PAST_PYTHON)
    for name in forbidden:
        if name in _EQUIVALENTS:
            names.update(_EQUIVALENTS[name], _COMPUTING, _PAST_TORCH)
    return names


def names_anywhere(forbidden: Iterable[str]) -> set[str]:
    """The names that matter in any cell of the student's, where these are forbidden."""
    return {*_ANYWHERE, *(_ANYWHERE_TORCH if any(name in _EQUIVALENTS for name in forbidden) else ())}


@dataclass(frozen=True)
class _Passed:
    """An exercise that forbids something and of which a graded cell that does was passed."""

    name: str
    forbidden: tuple[str, ...]


def notes_on(executed: NotebookNode, source: NotebookNode) -> list[str]:
    """What a person should look at in a graded notebook, in a sentence for each cell; most often nothing.

    Args:
        executed: the repaired submission with its outputs.
        source: the unit's source notebook. A cell with the text of one of its given cells is not the student's.
    """
    passed = _passed(executed, source)
    if not passed:
        return []
    given = {cell.source.strip() for cell in source.cells if cell.cell_type == "code" and not is_task(cell)}
    places = [i for i, c in enumerate(executed.cells) if c.cell_type == "code" and not is_autograded(c)]
    code = dict(zip(places, read_cells([executed.cells[i].source for i in places]), strict=True))
    behind = {exercise: _behind(exercise.name, code, executed) for exercise in passed}
    found: dict[tuple[int, tuple[_Passed, ...]], list[str]] = {}
    for place in places:
        if executed.cells[place].source.strip() not in given:
            signs: dict[str, list[_Passed]] = {}
            for exercise in passed:
                for sign in _signs(code[place], exercise, place in behind[exercise]):
                    signs.setdefault(sign, []).append(exercise)
            for sign, exercises in signs.items():
                found.setdefault((place, tuple(exercises)), []).append(sign)
    notes = [_sentence(executed, place, exercises, signs) for (place, exercises), signs in found.items()]
    more = [f"and {len(notes) - MOST_NOTES} more such notes"] * (len(notes) > MOST_NOTES)
    return notes[:MOST_NOTES] + more


def _passed(executed: NotebookNode, source: NotebookNode) -> list[_Passed]:
    marks = {nbgrader_tag(c)["grade_id"]: determine_grade(c)[0] for c in executed.cells if is_autograded(c)}
    forbidden = forbidden_in(source)
    passed = []
    for exercise in exercises_of(source):
        names = [n for cell in exercise.graded if cell in forbidden and marks.get(cell) for n in forbidden[cell]]
        if names:
            passed.append(_Passed(exercise.name, tuple(dict.fromkeys(names))))
    return passed


def _signs(cell: Cell, exercise: _Passed, is_behind: bool) -> list[str]:
    """What in a cell is to be told for an exercise: names with their lines. Its answer depends on the cell or not."""
    matter, rooms = names_anywhere(exercise.forbidden), set()
    if is_behind:
        matter |= near_names(exercise.forbidden)
        rooms = {_room(name) for name in exercise.forbidden if name not in _EQUIVALENTS}
    lines: dict[str, int] = {}
    for name, line in cell.names:
        if _matches(name, matter) or (name.count(".") > 2 and _room(name) in rooms):
            lines.setdefault(name[:LONGEST_NAME], line)
    # `scipy.signal` says nothing more where `scipy.signal.correlate` stands.
    whole = [name for name in lines if not any(other.startswith(f"{name}.") for other in lines)]
    signs = [f"{name} (line {lines[name]})" for name in whole]
    return signs if cell.readable else [*signs, "code that could not be read"]


def _room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def _matches(name: str, table: set[str]) -> bool:
    parts = name.split(".")
    starts = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    return not table.isdisjoint(starts | {f"*.{part}" for part in parts[1:]})


def _behind(exercise: str, code: dict[int, Cell], executed: NotebookNode) -> set[int]:
    """The cells on which an answer depends: its own, those that set what such a cell reads, or change what it made."""
    own = {place for place in code if nbgrader_tag(executed.cells[place]).get("grade_id") == exercise}
    own |= {place for place, cell in code.items() if exercise in cell.sets}
    made = {name for place in own for name in code[place].sets}
    behind = own | {p for p, cell in code.items() if cell.changes_modules or not made.isdisjoint(cell.sets)}
    while True:
        read = {name for place in behind for name in code[place].reads}
        more = {place for place, cell in code.items() if not read.isdisjoint(cell.sets)} - behind
        if not more:
            return behind
        behind |= more


def _sentence(executed: NotebookNode, place: int, exercises: tuple[_Passed, ...], signs: list[str]) -> str:
    name = nbgrader_tag(executed.cells[place]).get("grade_id")
    where = f"cell {place + 1}" + (f" ({name})" if name else "")
    names = dict.fromkeys(name for exercise in exercises for name in exercise.forbidden)
    who = ", ".join(exercise.name for exercise in exercises)
    what = ", ".join(signs[:MOST_NAMES]) + (f" and {len(signs) - MOST_NAMES} more" if len(signs) > MOST_NAMES else "")
    return f"{who} forbid{'s' * (len(exercises) == 1)} {', '.join(names)}; {where} has {what}"
