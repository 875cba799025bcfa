"""A prediction in a shell: what shows, what stays as it was, and what it refuses."""

import random
import sys

import matplotlib.pyplot as plt
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from course_utils.questions import prediction
from course_utils.questions.captured import captured
from course_utils.questions.prediction import Asked
from course_utils.questions.score import Question, Scored

START = "from IPython.display import HTML, display\nfrom course_utils.questions import prediction\n"


def run(source):
    """(outputs, what was printed, the error or None) of a cell in a shell without a kernel, as the grader has one."""
    shell = InteractiveShell.instance()
    with capture_output() as came:
        result = shell.run_cell(START + source)
    return [output.data for output in came.outputs], came.stdout, result.error_in_exec


BLOCK = """
with prediction("01/ex1-pooled") as asked:
    kept = max(3, 7, 0, 2)
    print("before")
    display(HTML("<table><tr><td>5</td></tr></table>"))
    print("<behind>")
    asked.answer(kept)
"""


def test_the_still_form_has_question_output_answer_and_what_is_behind_wrong_ones():
    (still,), printed, error = run(BLOCK)
    assert (printed, error) == ("", None)
    html = still["text/html"]
    assert html.startswith('<div class="course-still"><p><strong>Predict:</strong> Which number')
    asked, opened = html.split("<details><summary>Write your prediction down, then open</summary>")
    assert "before" not in asked
    assert "Answer" not in asked
    # in the order in which it came, and as text where it is text
    assert "<pre>before</pre><div><table><tr><td>5</td></tr></table></div><pre>&lt;behind&gt;</pre>" in opened
    assert "<strong>Answer: 7.</strong>" in opened
    assert "<li>12: " in opened
    assert still["text/plain"].splitlines()[1:] == [
        "before",
        "<IPython.core.display.HTML object>",
        "<behind>",
        "Answer: 7. Max pooling keeps the greatest of the block, wherever it stands.",
    ]


def test_the_block_computes_as_without_it():
    torch.manual_seed(0), random.seed(0)
    states = torch.get_rng_state(), random.getstate()
    figures = plt.get_fignums()
    run(BLOCK)
    assert torch.equal(torch.get_rng_state(), states[0])
    assert random.getstate() == states[1]
    assert plt.get_fignums() == figures
    assert run("print(kept)") == ([], "7\n", None)


def test_the_same_block_gives_the_same_bytes():
    assert run(BLOCK) == run(BLOCK)


def test_a_block_that_fails_shows_its_output_as_always():
    outputs, printed, error = run(BLOCK.replace("asked.answer(kept)", "1 / 0"))
    assert printed.startswith("before\n<behind>\n")  # then the traceback
    assert [data["text/html"] for data in outputs] == ["<table><tr><td>5</td></tr></table>"]
    assert isinstance(error, ZeroDivisionError)


def test_a_block_without_an_answer_is_told():
    _, printed, error = run(BLOCK.replace("asked.answer(kept)", "pass"))
    assert printed.startswith("before\n<behind>\n")
    assert "the block of prediction('01/ex1-pooled') gave no answer: call asked.answer(...) in it" in str(error)


def test_what_goes_to_the_error_stream_is_not_kept(capsys):
    with captured() as kept:
        print("bar", file=sys.stderr)
    assert capsys.readouterr().err == "bar\n"
    assert kept.forms == []


def test_a_picture_is_kept_with_its_text():
    with captured() as kept:
        pass
    kept.add({"image/png": b"\x00", "text/plain": 'a "spot"'})
    assert kept.to_html() == '<div><img alt="a &#34;spot&#34;" src="data:image/png;base64,AA=="></div>'


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("9/pooled", "key is '9/pooled'; expected 'NN/name', .*, where NN is one of 01, 02"),
        ("01/nothing", "01.json has no .nothing.; it has ex1-pooled, dilated-step"),
    ],
)
def test_a_question_that_is_not_there(key, message):
    with pytest.raises(ValueError, match=message), prediction(key):
        pytest.fail("the block must not run")


NUMBER, CHOICE = Question("How many?", "Counted."), Question("Which?", "So.", choices=["a", "b"])


@pytest.mark.parametrize(
    ("asks", "answers", "error", "message"),
    [
        (NUMBER, ["7"], TypeError, r"the answer is '7'; expected a number"),
        (NUMBER, [True], TypeError, r"the answer is True; expected a number"),
        (NUMBER, [torch.tensor(7)], TypeError, r"the answer is tensor\(7\); expected a number, as tensor.item\(\)"),
        (NUMBER, [float("nan")], ValueError, r"the answer is nan; expected a finite number"),
        (NUMBER, [7, 8], ValueError, r"the answer was 7.0, and now it is 8: give it once"),
        (CHOICE, ["c"], ValueError, r"the answer is 'c'; expected one of the choices: 'a', 'b'"),
    ],
)
def test_what_is_no_answer(asks, answers, error, message):
    asked = Asked(asks)
    for answer in answers[:-1]:
        asked.answer(answer)
    with pytest.raises(error, match=message):
        asked.answer(answers[-1])


def test_a_number_in_words():
    with captured() as nothing:
        pass
    texts = {
        25088.0: "25,088",
        -0.5: "−0.5",
        1 / 3: "0.333333",
        0.0: "0",
        -1e-9: "0",
        100.0: "100",
    }
    for number, text in texts.items():
        assert f"Answer: {text}. Counted." in repr(Scored(NUMBER, number, nothing))
