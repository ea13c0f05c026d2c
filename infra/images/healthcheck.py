"""Exit code 0 when the address in the first argument answers 2xx; slim images have no curl."""

import sys
import urllib.error
import urllib.request

try:
    with urllib.request.urlopen(sys.argv[1], timeout=3):
        sys.exit(0)
except (OSError, urllib.error.URLError) as error:
    sys.exit(str(error))
