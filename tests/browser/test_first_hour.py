"""What a student does in the first hour, in a live kernel: run, answer wrong, answer right, start again."""

from tests.browser.student import answered

UNIT = "01-convolution"
TASK, CHECK = "hand-task", "hand-check"
WRONG = "hand_convolved = torch.tensor([[8.0, 14.0], [20.0, 25.0]])\nhand_pooled = 25.0"
RIGHT = "hand_convolved = torch.tensor([[8.0, 20.0], [14.0, 25.0]])\nhand_pooled = 25.0"


def test_run_all_in_an_untouched_chapter_comes_to_its_end_and_says_what_is_open(lab):
    lab.open_unit(UNIT)
    lab.wait_for_kernel()
    lab.run_all()
    assert lab.count("photo") == "[3]:"  # behind the cell that would install the course, and the imports
    assert lab.cell("photo").locator("img").get_attribute("alt").startswith("The same small photograph")
    assert lab.output("whats-open").strip().startswith("0 of 9 exercises are done.")


def test_run_all_with_every_answer_right_ends_without_an_error(lab, student):
    student.put(UNIT, answered(UNIT))
    lab.open_unit(UNIT)
    lab.wait_for_kernel()
    lab.run_all()
    assert lab.output(CHECK).strip() == "Passed. Both answers are right."
    code = [cell for cell in lab.saved(UNIT).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, 1 + len(code)))
    assert [cell.id for cell in code if any(output.output_type == "error" for output in cell.outputs)] == []


def test_a_wrong_answer_is_explained_a_right_one_praised_and_a_restart_forgets_both(lab, student):
    student.put(UNIT, answered(UNIT))
    lab.open_unit(UNIT)
    lab.wait_for_kernel()
    lab.run("imports")
    lab.write(TASK, WRONG)
    lab.run(TASK)
    explained = lab.run(CHECK)
    assert "B and C are swapped" in explained
    assert "Traceback" not in explained
    lab.write(TASK, RIGHT)
    assert lab.run(TASK).strip() == ""
    assert lab.run(CHECK).strip() == "Passed. Both answers are right."
    lab.restart()
    assert "'checks' is not defined" in lab.run(CHECK)
    for name in ("imports", TASK):
        lab.run(name)
    assert lab.run(CHECK).strip() == "Passed. Both answers are right."
