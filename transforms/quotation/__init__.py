"""The parts of quotation finding: marks, cues, clauses, attribution, people, and rules without a parse."""
