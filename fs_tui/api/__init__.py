"""The HTTP side: the only folder that imports httpx."""

import sys

# httpx takes its command line along where click and rich are there, and does without it where they
# are not: a twelfth of the time from the connection to the first faces. None says it is not there.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # the stubs know modules only
