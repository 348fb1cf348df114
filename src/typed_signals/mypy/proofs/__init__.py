"""
What is proven of decorators from their source, which is parsed by ``ast`` and never run.

mypy only gives a plugin the types of other modules, and most decorators return a function of which
their types say nothing. What cannot be proven is not checked.

- :mod:`.candidates`: a fast test whether a module may have such decorators
- :mod:`.modules`: the functions of a module whose decorators matter, with the proofs
- :mod:`.passing_on`: does a decorator pass everything on to the function under it?
- :mod:`.connected_signal`: does a decorator connect that function, and to which of its arguments?
- :mod:`.evaluation`: what both ask: what an expression may be, and what a call may return. Parts of
  it are :mod:`.names`, :mod:`.classes`, :mod:`.conditions` and :mod:`.libraries`
- :mod:`.values`: the values of expressions, and scopes; :mod:`.assignments` and :mod:`.syntax` read
  the syntax tree
- :mod:`.stored`: keeps proofs for the next run
- :mod:`.lookup`: for hooks: the proofs of the decorators of a receiver
"""
