"""The matcher by itself: a market in, the best matching out; it knows neither database nor web."""

import numpy as np

# scipy.sparse takes every name of numpy, of which these load a reader of Fortran and a test runner: a fifth of the
# start of a search. They are nothing to it meanwhile, and afterwards load as ever.
_OTHERS = [name for name in ("f2py", "testing") if name not in vars(np)]
for _name in _OTHERS:
    setattr(np, _name, None)

import scipy.sparse  # noqa: E402, F401

for _name in _OTHERS:
    if vars(np)[_name] is None:
        delattr(np, _name)
