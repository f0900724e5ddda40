"""Gazetteer and boundary files on their way into the register.

The way of a run: `api` receives a file onto disk and answers at once → `jobs` carries one run at a time for each council,
in the background → `gazetteer` (or `placing`) turns the file into commands → `runs` keeps how it goes, for whoever asks.
A supply may be looked at before: `previews_api` keeps its file (`kept_files`), `preview` tells what it would change, and
`undo` takes an import back with what `before` remembers. `working_copy` is what change-only updates apply to; `boundaries`
keeps the polygons in use.

Nothing is half-done: a file that is refused is refused before its first event; a run that is killed is finished by sending
the same file again, and does nothing twice.
"""
