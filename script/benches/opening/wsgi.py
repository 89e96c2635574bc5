"""`wsgi`: seconds to import the application in a fresh interpreter.

The limit is the import of the packages that it loads and that are not the product's, in the same order.
"""

import resource
import subprocess
import sys
from functools import partial
from time import perf_counter

from script.benches.support.figures import Sample, alternate, report
from script.benches.support.servers import ROOT
from script.supervisor.errors import Stop

REPEATS = 5
_FOREIGN = """
import sys, wsgi
names = dict.fromkeys(name.partition(".")[0] for name, module in list(sys.modules.items())
                      if "site-packages" in (getattr(module, "__file__", None) or ""))
print(", ".join(names))
"""


def run(arguments: list[str]) -> None:
    """Measure and print."""
    foreign = _python(_FOREIGN).strip()
    imported, limit = alternate(
        partial(_seconds, "import wsgi"), partial(_seconds, f"import {foreign}"), repeats=REPEATS
    )
    report("wsgi", imported, limit, unit="s")


def _seconds(code: str) -> Sample:
    started, spent = perf_counter(), _cpu_seconds()
    _python(code)
    return Sample(perf_counter() - started, (_cpu_seconds() - spent) * 1e6)


def _cpu_seconds() -> float:
    """What ended children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Stop(f"the import failed: {done.stderr.strip()[-500:]}")
    return done.stdout
