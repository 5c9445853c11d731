"""Whatever a notebook shows is in its report: warm kernels, cold ones and papermill itself give the same outputs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.pipeline import kernels
from tests.pipeline import making

pytestmark = [
    pytest.mark.skipif(
        not kernels.can_be_warm(), reason="cette machine n'a pas de fork : noyaux ordinaires seulement"
    ),
]

DATA = "import pandas as pd\ndata = pd.DataFrame({'a': ['x', 'y'], 'b': [1.0, 3.0]})"
# What is no figure, before the first one.
OTHERS = (
    DATA,
    "data",
    "from IPython.display import HTML, Latex, Markdown, SVG, JSON, display\nHTML('<b>gras</b>')",
    "display(Markdown('**fort**'), Latex('$x$'), JSON({'a': 1}))",
    'SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>\')',
    "from rich import print as show\nshow('[bold red]rouge[/]')",
    "from tqdm.auto import tqdm\nfor _ in tqdm(range(3)):\n    pass",
    "from tqdm import tqdm\nfor _ in tqdm(range(3)):\n    pass",
    "from IPython.display import clear_output\nfor n in range(3):\n    clear_output(wait=True)\n    display(n)",
    "written = display('un', display_id=True)\nwritten.update('deux')",
    "print('un'); print('deux'); import sys; print('trois', file=sys.stderr)",
)
# Each is alone in its kernel: a first figure changes what a second one finds. The number says how many pictures it shows.
NOTEBOOKS = {
    "matplotlib": (1, "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])"),
    "pyplot_show": (
        2,
        "import matplotlib.pyplot as plt\nplt.plot([1, 3])\nplt.show()\nplt.plot([3, 1])\nplt.show()",
    ),
    "last_line": (
        1,
        "import matplotlib.pyplot as plt\nfig, axes = plt.subplots()\naxes.plot([1, 2])\nplt.close(fig)",
        "fig",
    ),
    "seaborn": (
        2,
        # It looks for scipy, which takes a second and a half to read, and does without: its bars ask nothing of it.
        "import sys\nsys.modules.setdefault('scipy', None);",
        DATA,
        "import seaborn as sns\nsns.barplot(data, x='a', y='b')",
        "sns.catplot(data, x='a', y='b')",
    ),
    "pandas": (1, *OTHERS, "data.plot(x='a', y='b');"),
    "magic": (1, "%matplotlib inline", "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])"),
}
# papermill alone, in a process that knows nothing of ours. No notebook has the addresses whose grammar takes two seconds to read.
PAPERMILL = """
import sys
from pathlib import Path
sys.modules["rfc3987_syntax"] = None
import papermill
for path in sorted(Path(sys.argv[1]).glob("*.ipynb")):
    papermill.execute_notebook(path, Path(sys.argv[2]) / path.name, progress_bar=False)
"""


def shown(path: Path) -> list[list[tuple[str, ...]]]:
    """Per code cell: what kind of output, its MIME types, its picture. Plain text beside HTML is left out, as in a report."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [_outputs(cell["outputs"]) for cell in cells if cell["cell_type"] == "code"]


def _outputs(outputs: list[dict]) -> list[tuple[str, ...]]:
    found = []
    for output in outputs:
        if output["output_type"] == "stream":
            item = ("stream", output["name"])
            # The pieces that a stream arrives in depend on the moment.
            found += [] if found and found[-1] == item else [item]
            continue
        data = output["data"]
        kinds = sorted(kind for kind in data if not (kind == "text/plain" and "text/html" in data))
        found.append((output["output_type"], *kinds, "".join(data.get("image/png", "")).replace("\n", "")))
    return found


@pytest.fixture(scope="module")
def three_ways(tmp_path_factory):
    """Folders of the same notebooks run by warm kernels, by cold ones, and by papermill alone."""
    place = tmp_path_factory.mktemp("shown")
    for name, (_, *cells) in NOTEBOOKS.items():
        making.notebook(place / "n", *cells, slug=name)
    for way, cold in (("warm", False), ("cold", True)):
        outcomes = making.render(place / "n", place / way, cold=cold)
        assert [outcome.error for outcome in outcomes.values() if outcome.error] == []
    (place / "papermill").mkdir()
    command = [sys.executable, "-c", PAPERMILL, place / "n", place / "papermill"]
    subprocess.run(command, check=True, capture_output=True)
    return place


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_warm_cold_and_papermill_show_the_same(three_ways, name):
    found = {way: shown(three_ways / way / f"{name}.ipynb") for way in ("warm", "cold", "papermill")}
    assert found["warm"] == found["papermill"]
    assert found["cold"] == found["papermill"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_figure_is_a_picture_of_the_page(three_ways, name):
    for way in ("warm", "cold"):
        page = (three_ways / way / f"{name}.html").read_text(encoding="utf-8")
        assert page.count('src="data:image/png;base64,') == NOTEBOOKS[name][0]


def test_the_bytes_of_plain_figures_do_not_depend_on_the_kernel(three_ways):
    assert making.tree(three_ways / "warm") == making.tree(three_ways / "cold")
