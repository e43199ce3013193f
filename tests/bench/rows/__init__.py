"""What is measured: each module here is a group of figures, `measure(plan)` returns them.

A module that is put here is measured and has its table, without being named anywhere else: its name
is what `--only` takes, the first line of its docstring heads its table.
"""
