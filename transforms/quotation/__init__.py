"""The parts of quotation finding: marks, cues, clauses, attribution, people, and rules without a parse.

With a dependency parse: ``parse``, ``reporting`` (cues and speakers), ``clauses``, ``stances``, ``attribution``,
``signatures``, ``people``, ``firstnames``.
Without one: ``plain`` and ``names``.
"""
