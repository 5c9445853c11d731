"""First module of the forkserver: no garbage is looked for while it imports and warms, until `preload.settle`."""

import gc

gc.disable()
