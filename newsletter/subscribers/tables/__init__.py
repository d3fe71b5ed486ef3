"""Files of people -> tables: CSV in any encoding and separator, workbooks, and the zips that other systems export.

    with open_table(path) as table:
        columns = columns_of(table.headings, attributes, sample=table.sample, name=table.name)
        for batch in table.batches():
            ...

Importing this package loads nothing heavy.
"""

from __future__ import annotations

from newsletter.subscribers.tables.opening import open_table, open_tables
from newsletter.subscribers.tables.table import Batch, Described, Fault, Table

__all__ = ["Batch", "Described", "Fault", "Table", "open_table", "open_tables"]
