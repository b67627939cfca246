"""The contract: records, columns, units and reasons. Imports nothing of the project."""
