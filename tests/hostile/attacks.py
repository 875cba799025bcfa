# ruff: noqa: E501 - an attack reads best as the lines it is
"""What a submission can do to a grader: code that attacks, and files that are no notebook.

Every attack stands in the cell of the first exercise, `double`; the second, `double_all`, is answered rightly. Each has
two graded cells of one mark. So 4 marks are an honest student's, 2 say that the attack earned nothing and harmed only
itself, 0 that the notebook went no further.
"""

from __future__ import annotations

import copy
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

RIGHT = "def double(x):\n    return x + x\n"
ZERO = "def double(x):\n    return 0\n"
# Replaced by a folder that no submission may see or change, and by the port of a server that none may reach.
GUARD, PORT = "@GUARD@", "@PORT@"


@dataclass(frozen=True)
class Attack:
    """Code in place of an answer, and how grading it has to end. `prints` is in the executed notebook's outputs."""

    code: str
    status: str | tuple[str, ...] = "graded"
    score: float | tuple[float, ...] = 2
    prints: str = ""


# A busy machine can need longer than the limit for these.
LATE = ("graded", "timeout")

ATTACKS = {
    # Time
    "endless-loop": Attack("while True:\n    x = 1", "timeout"),
    "loop-that-swallows-interrupts": Attack(
        "while True:\n    try:\n        while True:\n            x = abs(1)\n    except BaseException:\n        pass",
        "timeout",
    ),
    "interrupts-ignored": Attack(
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    x = 1", "timeout"
    ),
    "endless-loop-in-the-function": Attack("def double(x):\n    while True:\n        y = 1", "timeout"),
    "stalls-the-next-student": Attack("import time\ntime.sleep(10**6)", "timeout"),
    "deep-recursion": Attack("def double(x):\n    return double(x)", LATE),
    "recursion-without-limit": Attack(
        "import sys\nsys.setrecursionlimit(10**9)\ndef double(x):\n    return double(x)",
        LATE,
    ),
    # The process
    "os-exit": Attack("import os\nos._exit(0)", "crashed"),
    "sys-exit": Attack("import sys\nsys.exit(0)"),
    "abort": Attack("import os\nos.abort()", "crashed"),
    "segmentation-fault": Attack("import ctypes\nctypes.string_at(0)", "crashed"),
    "os-exit-in-the-function": Attack("import os\ndef double(x):\n    os._exit(0)"),
    "sys-exit-in-the-function": Attack("import sys\ndef double(x):\n    sys.exit(0)"),
    "function-kills-its-process": Attack("import os\ndef double(x):\n    os.kill(os.getpid(), 9)"),
    "signal-to-parent": Attack(
        RIGHT + "import os, signal\nfor sign in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):\n"
        "    os.kill(os.getppid(), sign)",
        score=4,
    ),
    "signal-to-everybody": Attack(RIGHT + "import os\nos.kill(-1, 9)", score=4),
    "signal-to-the-group": Attack("import os\nos.killpg(0, 9)", "crashed"),
    "outlives-its-notebook": Attack(
        RIGHT + "import os, subprocess, time\nsubprocess.Popen(['sleep', '98765'], start_new_session=True)\n"
        "if os.fork() == 0:\n    os.setsid()\n    time.sleep(98765)",
        score=4,
    ),
    "fork-bomb": Attack("import os\nwhile True:\n    os.fork()", ("crashed", "timeout"), (0, 2)),
    "fork-bomb-in-the-function": Attack(
        "import os\ndef double(x):\n    while True:\n        os.fork()", ("graded", "crashed", "timeout"), (0, 2)
    ),
    "thread-bomb": Attack(
        "import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        ("crashed", "timeout", "graded"),
        (0, 2),
    ),
    # Memory, disk, output
    "memory-bomb": Attack("held = bytearray(10**10)"),
    "memory-bomb-of-many-processes": Attack(
        "import mmap, os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        held = mmap.mmap(-1, 1100 << 20)\n"
        "        held.write(b'x' * (550 << 20))\n        held.write(b'x' * (550 << 20))\n        time.sleep(60)\n"
        "time.sleep(60)",
        ("crashed", "timeout"),
        (0, 2),
    ),
    "shared-memory-bomb": Attack(
        RIGHT + "try:\n    for i in range(100):\n        with open(f'/dev/shm/{i}', 'wb') as file:\n"
        "            file.write(bytes(60 << 20))\nexcept OSError as error:\n    print('refused', error.errno)",
        score=4,
        prints="refused",
    ),
    "hidden-memory": Attack(
        RIGHT + "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "print(libc.memfd_create(b'x', 0), libc.shmget(0, 1 << 30, 0o1600))",
        score=4,
        prints="-1 -1",
    ),
    "disk-bomb": Attack(
        RIGHT + "try:\n    for i in range(100):\n        with open(f'file-{i}', 'wb') as file:\n"
        "            file.write(bytes(60 << 20))\nexcept OSError as error:\n    print('refused', error.errno)",
        score=4,
        prints="refused",
    ),
    "gigantic-file": Attack(
        RIGHT + "import os\ntry:\n    os.truncate(os.open('file', os.O_CREAT | os.O_RDWR), 1 << 40)\n"
        "except OSError as error:\n    print('refused', error.errno)",
        score=4,
        prints="refused",
    ),
    "gigabyte-of-output": Attack(RIGHT + "for _ in range(1024):\n    print('x' * 2**20)", LATE, 4, prints="output cut"),
    "gigantic-html": Attack(
        RIGHT + "from IPython.display import HTML, display\ndisplay(HTML('x' * 50_000_000))",
        LATE,
        4,
        prints="output cut",
    ),
    "gigantic-figure": Attack(
        RIGHT + "import matplotlib.pyplot as plt\nplt.figure(figsize=(2000, 2000))\nplt.show()",
        LATE,
        4,
    ),
    "million-display-updates": Attack(
        RIGHT + "from IPython.display import display\nshown = display('0', display_id=True)\n"
        "for i in range(10**6):\n    shown.update(str(i))",
        LATE,
        4,
    ),
    "long-message": Attack("def double(x):\n    raise ValueError('x' * 50_000_000)"),
    "output-that-is-no-json": Attack(
        RIGHT + "class Odd:\n    def _repr_mimebundle_(self, **kwargs):\n"
        "        return {'text/plain': {1, 2}, 'application/json': {1: object()}, 3: float('nan')}\ndisplay(Odd())",
        score=4,
    ),
    "half-a-character": Attack(RIGHT + "print('\\ud800')", score=4),
    # Secrets and the world outside
    "reads-everything": Attack(
        RIGHT + "import glob, os, sys\n"
        f"paths = ['{GUARD}', os.path.expanduser('~root'), '/home', '/root', '/etc/passwd', '/etc/shadow', '/proc/1/environ']\n"
        "found = [path for path in paths if os.path.exists(path) and (not os.path.isdir(path) or os.listdir(path))]\n"
        "found += glob.glob('/*/*/gradebook.db') + glob.glob('/*/*/submitted') + glob.glob('/*/*/solutions')\n"
        "found += glob.glob('/proc/[0-9]*')\n"
        "found += [name for name in os.environ if name == 'HOSTILE_TEST_SECRET']\n"
        "print('found', [path for path in found if not sys.base_prefix.startswith(path)])",
        score=4,
        prints="found []",
    ),
    "writes-everywhere": Attack(
        RIGHT + "import os, sys, course_utils\nwritten = []\n"
        f"for folder in ('{GUARD}', os.path.dirname(course_utils.__file__), sys.prefix, '/usr', '/etc', '/', '/tmp'):\n"
        "    try:\n        open(os.path.join(folder, 'planted.py'), 'w').write('x = 1')\n        written.append(folder)\n"
        "    except OSError:\n        pass\nprint('written', written)",
        score=4,
        prints="written []",
    ),
    "link-in-place-of-the-notebook": Attack(
        RIGHT
        + f"import os\nfor name in ('00-demo.ipynb', 'result.json'):\n    os.symlink('{GUARD}/gradebook.db', name)",
        score=4,
    ),
    "network": Attack(
        RIGHT + "import socket\nreached = []\n"
        f"for address in (('127.0.0.1', {PORT}), ('1.1.1.1', 53), '{GUARD}/socket', '\\0hostile-test-socket'):\n"
        "    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX\n"
        "    with socket.socket(family) as end:\n        end.settimeout(1)\n        try:\n"
        "            end.connect(address)\n            reached.append(address)\n        except OSError:\n            pass\n"
        "try:\n    reached.append(socket.gethostbyname('example.org'))\nexcept OSError:\n    pass\nprint('reached', reached)",
        score=4,
        prints="reached []",
    ),
    "climbs-out-of-the-box": Attack(
        RIGHT + "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "print(libc.unshare(0x10000000), libc.mount(b'x', b'/scratch', b'tmpfs', 0, None), libc.chroot(b'/'),\n"
        "      libc.ptrace(16, 1, 0, 0), libc.setuid(12345), libc.sethostname(b'x', 1))",
        score=4,
        prints="-1 -1 -1 -1 -1 -1",
    ),
    "gpu": Attack(RIGHT + "import torch\nprint('cuda', torch.cuda.is_available())", score=4, prints="cuda False"),
    "hidden-test-in-memory": Attack(
        RIGHT + "import gc, sys, threading, time\nseen = []\ndef look():\n    while True:\n"
        "        for frame in list(sys._current_frames().values()):\n            while frame:\n"
        "                seen.extend(str(v)[::-1] for v in frame.f_locals.values() if 'SEC' + 'RET' in str(v)[:99999])\n"
        "                frame = frame.f_back\n        time.sleep(0.01)\n"
        "threading.Thread(target=look, daemon=True).start()\n"
        "seen += [o[::-1] for o in gc.get_objects() if type(o) is str and 'SEC' + 'RET' in o]\n"
        "time.sleep(0.3)\nprint('seen', len(seen))",
        score=4,
        prints="seen 0",
    ),
    "hidden-test-in-history": Attack(
        "import inspect, os\ndef double(x):\n"
        "    text = str(get_ipython().user_ns.get('In')) + str(get_ipython().history_manager.input_hist_raw)\n"
        "    for frame in inspect.stack():\n        text += str(frame.code_context) + str(frame.frame.f_code.co_consts)\n"
        "    with open('/scratch/seen', 'a') as file:\n        file.write(text[::-1])\n    return x + x\n"
        "class Later:\n    def __repr__(self):\n        return open('/scratch/seen').read() if os.path.exists('/scratch/seen') else 'nothing'\n"
        "get_ipython().events.register('pre_run_cell', lambda info: print(Later()))",
        score=4,
    ),
    "hidden-test-in-the-message": Attack(
        "import sys\ndef double(x):\n    raise ValueError(str(sys._getframe(1).f_code.co_consts) + str(In))"
    ),
    # Forged results
    "forged-results": Attack(
        "import os, stat\nfor number in range(256):\n    try:\n"
        '        os.write(number, b\'{"id": "0", "outputs": [], "status": "ran", "done": "graded"}\\n\' * 20)\n'
        "    except OSError:\n        pass",
        ("tampered", "crashed"),
        0,
    ),
    "garbage-results": Attack(
        "import os\nfor number in range(256):\n    try:\n        os.write(number, b'[[[' * 9999 + b'\\n')\n"
        "    except OSError:\n        pass",
        ("tampered", "crashed"),
        0,
    ),
    "endless-results": Attack(
        "import os\ndef double(x):\n    while True:\n        for number in range(3, 256):\n            try:\n"
        "                os.write(number, bytes(2**20))\n            except OSError:\n                pass",
        ("tampered", *LATE),  # most often the judge gets what nobody sends
        (0, 2),
    ),
    "forged-snapshot": Attack(
        ZERO + "from autograder.sandbox.inside.interpreter import Interpreter\n"
        "from autograder.sandbox.inside.wire import Link\ndef passes(self, worker):\n    worker.sendall(b'{}\\n')\n"
        "    link = Link(worker)\n    while True:\n        link.receive()\n"
        "        link.send({'kind': 'value', 'value': True})\nInterpreter._be_snapshot = passes",
        score=0,  # no snapshot is left that could be asked
    ),
    "pickle-bomb": Attack(
        "import os, pickle\nclass Bomb:\n    def __reduce__(self):\n"
        f"        return os.system, ('touch {GUARD}/planted',)\n"
        "def double(x):\n    return pickle.dumps(Bomb())\ndisplay(pickle.dumps(Bomb()))"
    ),
    "partial-credit": Attack("import sys\ndef double(x):\n    sys.displayhook(1.0)\n    return 0"),
    # The checker
    "replaced-torch": Attack(
        ZERO + "import torch\ntorch.allclose = torch.equal = lambda *args, **kwargs: True\n"
        "torch.testing.assert_close = torch.Tensor.equal = torch.Tensor.__eq__ = lambda *args, **kwargs: True"
    ),
    "replaced-checks": Attack(
        ZERO + "import sys\nfor module in [m for n, m in sys.modules.items() if n.startswith('course_utils.checks')]:\n"
        "    for name in dir(module):\n        if name.startswith(('check', '_check', 'identical')):\n"
        "            setattr(module, name, lambda *args, **kwargs: True)"
    ),
    "replaced-code-of-the-checks": Attack(
        ZERO + "import course_utils.checks as checks\n"
        "checks.check_equal.__code__ = (lambda actual, expected, name='', likely=None: None).__code__"
    ),
    "replaced-code-that-counts": Attack(
        ZERO + "import course_utils.checks as checks\n"
        "def passes_twice(actual, expected, name='', likely=None):\n"
        "    import builtins\n    builtins.calls = getattr(builtins, 'calls', 0) + 1\n"
        "    if builtins.calls > 2:\n        raise AssertionError\n"
        "checks.check_equal.__code__ = passes_twice.__code__"
    ),
    "hidden-builtins": Attack(
        ZERO + "import sys\nfor module in [m for n, m in sys.modules.items() if n.startswith('course_utils.checks')]:\n"
        "    module.isinstance = module.abs = module.type = lambda *args: 0"
    ),
    "replaced-code-while-the-test-calls": Attack(
        "import course_utils.checks as checks\ndef double(x):\n"
        "    checks.check_equal.__code__ = (lambda actual, expected, name='', likely=None: None).__code__\n    return 0",
    ),
    "ends-before-the-wrong-answer": Attack(
        "import course_utils.checks as checks\n"
        "def passes_twice(actual, expected, name='', likely=None):\n"
        "    import builtins, os\n    builtins.calls = getattr(builtins, 'calls', 0) + 1\n"
        "    if builtins.calls > 2:\n        os._exit(0)\n"
        "def double(x):\n    checks.check_equal.__code__ = passes_twice.__code__\n    return 0",
    ),
    "replaced-error": Attack(
        ZERO + "import course_utils.checks as checks\ndef quiet(self, *args):\n    raise SystemExit(0)\n"
        "checks.CheckError.__init__ = quiet",
    ),
    "replaced-module": Attack(
        ZERO + "import sys, types\nfake = types.ModuleType('course_utils.checks')\n"
        "fake.check_equal = fake.check_close = lambda *args, **kwargs: None\n"
        "sys.modules['course_utils.checks'] = fake\nimport course_utils\ncourse_utils.checks = fake"
    ),
    "replaced-import": Attack(
        ZERO + "import builtins, types\nfake = types.SimpleNamespace(check_equal=lambda *args, **kwargs: None)\n"
        "real = builtins.__import__\n"
        "builtins.__import__ = lambda name, *rest: fake if name == 'course_utils.checks' else real(name, *rest)"
    ),
    "replaced-builtins": Attack(
        ZERO + "import builtins\nbuiltins.type = builtins.isinstance = builtins.all = lambda *args: True\n"
        "builtins.AssertionError = builtins.Exception = Warning",
        ("graded", "crashed"),
        (0, 2),
    ),
    "builtins-of-the-notebook": Attack(
        ZERO + "import builtins, types\nfake = types.SimpleNamespace(check_equal=lambda *args, **kwargs: None)\n"
        "real = builtins.__import__\n__builtins__ = dict(vars(builtins))\n"
        "__builtins__['__import__'] = lambda name, *rest: fake if name == 'course_utils.checks' else real(name, *rest)",
        ("graded", "tampered"),
        (0, 2),
    ),
    "input-transformer": Attack(
        ZERO + "shell = get_ipython()\nshell.input_transformers_cleanup.append(lambda lines: ['pass\\n'])\n"
        "shell.input_transformer_manager.line_transforms.insert(0, lambda lines: ['pass\\n'])",
        score=0,  # the answer that follows is emptied too
    ),
    "ast-transformer": Attack(
        ZERO + "import ast\nclass Empty(ast.NodeTransformer):\n    def visit_Expr(self, node):\n"
        "        return ast.copy_location(ast.Pass(), node)\nget_ipython().ast_transformers.append(Empty())"
    ),
    "replaced-run-cell": Attack(
        ZERO + "shell = get_ipython()\nshell.run_cell = lambda *args, **kwargs: None\n"
        "type(shell).run = lambda self, source: []\ntype(shell).run_cell = lambda *args, **kwargs: None",
        ("graded", "tampered"),
        (0, 2),
    ),
    "custom-exception-handler": Attack(
        ZERO + "get_ipython().set_custom_exc((BaseException,), lambda *args, **kwargs: None)"
    ),
    "showtraceback": Attack(
        ZERO + "shell = get_ipython()\nshell.showtraceback = shell._showtraceback = lambda *args, **kwargs: None\n"
        "type(shell)._showtraceback = lambda *args, **kwargs: None"
    ),
    "showtraceback-of-ipython": Attack(
        ZERO + "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.showtraceback = lambda *args, **kwargs: None",
        ("graded", "tampered"),
        (0, 2),
    ),
    "displayhook": Attack(
        ZERO + "import sys\nsys.displayhook = get_ipython().displayhook = lambda value: None\n"
        "sys.excepthook = lambda *args: None"
    ),
    "forged-error-stream": Attack(
        ZERO + "outputs = get_ipython().outputs\noutputs.add = lambda output: None\noutputs.take = lambda: []\n"
        "type(outputs).add = lambda self, output: None",
        ("graded", "tampered"),
        (0, 2),
    ),
    "trace-function": Attack(
        ZERO + "import sys, threading\ndef trace(frame, event, argument):\n    frame.f_trace_lines = True\n"
        "    if frame.f_code.co_name == 'check_equal':\n        frame.f_locals['actual'] = frame.f_locals['expected']\n"
        "    return trace\nsys.settrace(trace)\nsys.setprofile(trace)\nthreading.settrace(trace)"
    ),
    "equal-to-everything": Attack(
        "class Any:\n    def __eq__(self, other):\n        return True\n    __ne__ = __lt__ = __gt__ = lambda *args: False\n"
        "    __le__ = __ge__ = __bool__ = lambda *args: True\n    __hash__ = None\n    def __sub__(self, other):\n"
        "        return 0\n    __rsub__ = __sub__\n    __class__ = int\ndef double(x):\n    return Any()"
    ),
    "number-equal-to-everything": Attack(
        "class Number(int):\n    def __eq__(self, other):\n        return True\n    __hash__ = int.__hash__\n"
        "def double(x):\n    return Number(0)"
    ),
    "tensor-subclass": Attack(
        "import torch\nclass Agreeable(torch.Tensor):\n    @classmethod\n"
        "    def __torch_function__(cls, function, types, args=(), kwargs=None):\n        return True\n"
        "    def item(self):\n        return 2\ndef double(x):\n    return torch.zeros(()).as_subclass(Agreeable)"
    ),
    "waits-for-the-frame-of-the-test": Attack(
        "import sys\ndef double(x):\n    frame = sys._getframe(1)\n    frame.f_globals['check_equal'] = lambda *args, **kw: None\n"
        "    return 0",
        ("graded", "tampered"),
        (1, 2),
    ),
}


# Files. Each function gets the path where the notebook belongs, in its folder, and a rightly answered notebook.


def _text(change: Callable[[str], str | bytes]) -> Callable[[Path, NotebookNode], None]:
    def write(path: Path, notebook: NotebookNode) -> None:
        content = change(nbformat.writes(notebook))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return write


def _changed(change: Callable[[dict], object]) -> Callable[[Path, NotebookNode], None]:
    """Change the notebook's plain JSON, without nbformat's help or objection."""

    def write(path: Path, notebook: NotebookNode) -> None:
        content = json.loads(nbformat.writes(notebook))
        change(content)
        path.write_text(json.dumps(content))

    return write


def _cell(content: dict, name: str) -> dict:
    return next(c for c in content["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def _old_version(path: Path, notebook: NotebookNode) -> None:
    path.write_text(nbformat.writes(copy.deepcopy(notebook), version=3))


def _zip(path: Path, notebook: NotebookNode) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../../escaped.ipynb", nbformat.writes(notebook))
    path.write_bytes(packed.getvalue())


def _sparse(path: Path, notebook: NotebookNode) -> None:
    with path.open("wb") as file:
        file.truncate(200_000_000)


def _elsewhere(path: Path, notebook: NotebookNode) -> Path:
    other = path.parents[3] / "guard" / "solution.ipynb"
    assert other.is_file()
    return other


def _duplicate(content: dict) -> None:
    wrong = copy.deepcopy(_cell(content, "double"))
    wrong["source"], wrong["id"] = "double = None", "copy"
    content["cells"].insert(2, wrong)


def _split(content: dict) -> None:
    task = _cell(content, "double")
    place = content["cells"].index(task)
    content["cells"].insert(place, {**copy.deepcopy(task), "id": "half", "source": "two = 2", "metadata": {}})
    task["source"] = "def double(x):\n    return two * x"


def _reorder(content: dict) -> None:
    content["cells"].reverse()


def _delete(content: dict) -> None:
    content["cells"] = [cell for cell in content["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")]


def _edit_tests(content: dict) -> None:
    _cell(content, "double")["source"] = ZERO
    for name in ("double-plain", "double-hard"):
        _cell(content, name)["source"] = "pass"
        _cell(content, name)["metadata"]["nbgrader"]["points"] = 1000


def _as_markdown(content: dict) -> None:
    _cell(content, "double")["source"] = ZERO
    cell = _cell(content, "double-plain")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def _without_ids(content: dict) -> None:
    content["nbformat_minor"] = 4
    for cell in content["cells"]:
        cell.pop("id", None)


def _odd_marks(content: dict) -> None:
    for number, odd in enumerate(("text", 7, ["list"], {"grade_id": {"a": 1}}, {"grade_id": 5}, {"grade": True})):
        cell = {"cell_type": "code", "id": f"odd-{number}", "source": "", "outputs": [], "execution_count": None}
        content["cells"].append({**cell, "metadata": {"nbgrader": odd}})


def _right_to_left(content: dict) -> None:
    # What an editor shows as a comment is code, and the other way round.
    _cell(content, "double")["source"] = (
        "def double(x):\n    '''\u202e\u2066''' ; return 0  # \u2069\u2066 return 2 * x"
    )


@dataclass(frozen=True)
class File:
    """What lies where a notebook belongs, and how grading it has to end; `note` is in the result's note."""

    write: Callable[[Path, NotebookNode], object]
    status: str = "invalid"
    score: float = 0
    note: str = ""


FILES = {
    "not-json": File(_text(lambda text: "{"), note="is not a Jupyter notebook"),
    "empty-file": File(_text(lambda text: ""), note="is not a Jupyter notebook"),
    "truncated": File(_text(lambda text: text[: len(text) // 2]), note="is not a Jupyter notebook"),
    "other-json": File(_text(lambda text: "[1, 2]"), note="is not a Jupyter notebook"),
    "deep-json": File(_text(lambda text: "[" * 100_000), note="is not a Jupyter notebook"),
    "zip-file": File(_zip, note="is not a Jupyter notebook"),
    "200-megabytes": File(_sparse, note="200 MB"),
    "other-encoding": File(_text(lambda text: text.encode("utf-16")), note="is not a Jupyter notebook"),
    "future-format": File(_changed(lambda c: c.update(nbformat=9)), note="is not a Jupyter notebook"),
    "old-format": File(_old_version, "graded", 4),
    "symbolic-link": File(
        lambda path, notebook: path.symlink_to(_elsewhere(path, notebook)), note="not a regular file"
    ),
    "hard-link": File(lambda path, notebook: os.link(_elsewhere(path, notebook), path), "graded", 4),
    "fifo": File(lambda path, notebook: os.mkfifo(path), note="not a regular file"),
    "device": File(lambda path, notebook: os.mknod(path, 0o20666, os.makedev(1, 5)), note="not a regular file"),
    "folder-as-notebook": File(lambda path, notebook: path.mkdir(), note="not a regular file"),
    "file-name-of-a-second-download": File(
        lambda path, notebook: nbformat.write(notebook, path.with_name("00-demo (1).ipynb")), note="00-demo (1).ipynb"
    ),
    "file-name-right-to-left": File(
        lambda path, notebook: nbformat.write(notebook, path.with_name("00-demo\u202eipynb.exe")), note="expected"
    ),
    "empty-folder": File(lambda path, notebook: None, "missing", note="no 00-demo/00-demo.ipynb"),
    "two-notebooks": File(
        lambda path, notebook: (
            nbformat.write(notebook, path),
            nbformat.write(notebook, path.with_name("other.ipynb")),
        ),
        "graded",
        4,
    ),
    "byte-order-mark": File(_text(lambda text: b"\xef\xbb\xbf" + text.encode()), "graded", 4),
    "windows-line-ends": File(_text(lambda text: text.replace("\\n", "\\r\\n").replace("\n", "\r\n")), "graded", 4),
    "other-kernel": File(
        _changed(lambda c: c["metadata"].update(kernelspec={"name": "bash", "display_name": "x", "language": "bash"})),
        "graded",
        4,
    ),
    "no-metadata": File(_changed(lambda c: c.update(metadata={})), "graded", 4),
    "no-ids": File(_changed(_without_ids), "graded", 4),
    "duplicated-cell": File(_changed(_duplicate), "graded", 4),
    "split-cell": File(_changed(_split), "graded", 4),
    "reordered-cells": File(_changed(_reorder), "graded", 0),
    "deleted-tests": File(_changed(_delete), "graded", 4),
    "edited-tests": File(_changed(_edit_tests), "graded", 2),
    "test-turned-into-text": File(_changed(_as_markdown), "graded", 2),
    "metadata-of-other-types": File(_changed(_odd_marks), "graded", 4),
    "right-to-left-code": File(_changed(_right_to_left), "graded", 2),
    "half-a-character-in-the-source": File(
        _changed(lambda c: _cell(c, "double").update(source=RIGHT + "# \ud800")), "graded", 4
    ),
    "null-character-in-the-source": File(_changed(lambda c: _cell(c, "double").update(source="x = 1\0")), "graded", 2),
}
