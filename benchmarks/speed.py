"""Speed on one core: `python -m benchmarks.speed [SHARED]`.

Characters per second from text to facts (processor time, dictionaries loaded), wall time from start to the first record of a
one-page file, and of `import gongbao` (medians of five).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from pipeline.run import extract_text

ROOT = Path(__file__).parents[1]


def texts(shared: Path) -> list[str]:
    """The texts of the gold bulletins at hand."""
    files = [shared / "gold" / "dev.jsonl", ROOT / "corpus" / "gold" / "dev.jsonl"]
    return [json.loads(line)["text"] for file in files if file.is_file() for line in file.read_text(encoding="utf-8").splitlines()]


def characters_per_second(bulletins: list[str], rounds: int = 5) -> float:
    """The best of some rounds."""
    extract_text(bulletins[0])
    best = 0.0
    for _ in range(rounds):
        start = time.process_time()
        for text in bulletins:
            extract_text(text)
        best = max(best, sum(map(len, bulletins)) / (time.process_time() - start))
    return best


def seconds(*command: str) -> float:
    """Median wall time of a command."""
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    bulletins = texts(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
    bare = seconds("-c", "pass")
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"text to facts      {characters_per_second(bulletins):10,.0f} characters/s on one core ({len(bulletins)} bulletins)")
    print(f"start to record    {seconds('-m', 'gongbao', 'extract', 'corpus/samples/pingqiao.txt', '-o', '-'):10.2f} s")
    print(f"import gongbao     {seconds('-c', 'import gongbao') - bare:10.3f} s (over a bare interpreter, {bare:.3f} s)")


if __name__ == "__main__":
    main()
